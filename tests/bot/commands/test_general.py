"""help and status."""

import re
import shutil
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot.chat.dispatch import Dispatcher, Request
from bot.chat.registry import Command
from bot.commands import registry
from bot.domain.deliveries import Status
from bot.domain.destinations import Destination
from bot.domain.messages import Message, Style, plain_text
from bot.domain.paper_ids import PaperId
from bot.domain.people import private_talk
from bot.library.app import App
from bot.runtime.space import note_backup
from tests.support.commands import ANA, PAPERS, ask
from tests.support.zotero import beside

MAGMA = PaperId("2601.03236")


@pytest.mark.parametrize("command", list(registry), ids=lambda command: command.name)
async def test_every_command_explains_itself_and_keeps_to_whom_it_answers(
    dispatcher: Dispatcher, command: Command
) -> None:
    explained = await ask(dispatcher, f"help {command.name}")
    assert explained.title == command.usage
    assert command.summary in plain_text(explained)
    given: dict[str, Any] = {
        "query": "memory",
        "paper": str(MAGMA),
        "at": "9:00",
        "days": "daily",
        "timezone": "UTC",
    }
    options: dict[str, Any] = {option.name: given[option.name] for option in command.options if option.name in given}
    options |= {option.name: option.choices[0] for option in command.options if option.choices}
    options |= {option.name: option.help.minimum for option in command.options if option.kind is int}
    answer = await ask(dispatcher, command.name, admin=True, **options)
    assert "went wrong" not in plain_text(answer)
    assert answer.private or not command.private


async def test_help_of_a_command_names_those_that_begin_with_it(dispatcher: Dispatcher) -> None:
    shown = plain_text(await ask(dispatcher, "help zotero"))
    assert "/papers zotero off  Disconnect a Zotero library" in shown
    assert shown.index("zotero [me|channel]") < shown.index("zotero sync")


async def test_help_is_a_line_for_each_section_and_names_what_can_be_pressed(dispatcher: Dispatcher) -> None:
    message = await ask(dispatcher, "help")
    lines = [plain_text(Message(body=(line,))) for line in message.body]
    assert len(lines) <= 8
    assert lines[0] == "For example /papers search diffusion models; /papers help search says more."
    assert lines[1] == "Find papers: search, arxiv, similar, show, trending, foryou"
    assert "digest me" in "".join(lines)
    assert "digest time" not in "".join(lines)
    pressed = [span.text for line in message.body for span in line if span.style is Style.COMMAND]
    assert {"search", "digest me"} < set(pressed) <= {each.name for each in registry}


async def test_help_names_zotero_beside_import_where_it_is_on(dispatcher: Dispatcher, app: App) -> None:
    async with beside(app):
        assert ", Zotero: /papers help zotero" in plain_text(await ask(dispatcher, "help"))
    app.zotero = None
    assert "Zotero" not in plain_text(await ask(dispatcher, "help"))


async def test_help_of_admins_names_the_form_and_folds_single_settings(dispatcher: Dispatcher) -> None:
    shown = plain_text(await ask(dispatcher, "help", admin=True))
    assert "digest setup" in shown
    assert "all: /papers help digest" in shown
    assert "digest quiet" not in shown
    assert "digest quiet  Set what happens" in plain_text(await ask(dispatcher, "help digest", admin=True))


async def test_help_in_a_private_talk_leaves_out_what_is_refused_there(dispatcher: Dispatcher) -> None:
    shown = plain_text(await dispatcher.answer(Request(ANA, private_talk(ANA), "help", admin=True)))
    assert "watch" in shown
    assert "reactions" not in shown
    assert ", admins" not in shown


async def test_help_has_a_line_for_scope_named_topics_follows_and_several_posts(dispatcher: Dispatcher) -> None:
    for asked, said in (
        ("help digest", "digest scope"),
        ("help digest", "digest add"),
        ("help topics", "under a name"),
        ("help follow", "every new paper that matches"),
    ):
        assert said in plain_text(await ask(dispatcher, asked, admin=True))


async def test_help_names_every_command_or_where_it_stands(dispatcher: Dispatcher) -> None:
    asked = [await ask(dispatcher, line, admin=True) for line in ("help", "help digest", "help club")]
    body = [line for message in asked for line in message.body]
    named = {span.text.removeprefix("/papers ") for line in body for span in line}
    assert [each.name for each in registry if each.name not in named and not each.undoes] == []


@pytest.mark.parametrize("status", [None, Status.SENT, Status.FAILED, Status.UNKNOWN, Status.SKIPPED])
async def test_how_a_post_went_is_told_in_words(dispatcher: Dispatcher, app: App, status: Status | None) -> None:
    now = app.clock.now()
    await app.store.save_destination(Destination(place=PAPERS), now=now)
    due = now + timedelta(days=1)
    await app.store.claim_due(now=due, limit=1)
    if status:
        until = due + timedelta(minutes=1)
        [delivery] = await app.store.lease("here", now=due, until=until, limit=1, reaches=lambda _: True)
        await app.store.end(delivery, "here", status, now=due)
    words = {
        None: "is being prepared",
        Status.SENT: "was sent",
        Status.FAILED: "failed",
        Status.UNKNOWN: "may not have arrived; /papers digest resend continues it",
        Status.SKIPPED: "was left out",
    }
    assert f"post of 20 Jan 2026 {words[status]}\n" in plain_text(await ask(dispatcher, "status", admin=True))
    assert "/papers digest resend" not in plain_text(await ask(dispatcher, "status"))


async def test_posts_that_were_refused_too_often_are_off_and_whoever_may_is_told_what_starts_them(
    dispatcher: Dispatcher, app: App
) -> None:
    person = await app.store.person(ANA)
    for place, whose in ((PAPERS, None), (private_talk(ANA), person)):
        await app.store.save_destination(Destination(place=place, person=whose), now=app.clock.now())
    due = app.clock.now() + timedelta(days=1)
    await app.store.claim_due(now=due, limit=2)
    for delivery in await app.store.lease("here", now=due, until=due + timedelta(minutes=1), limit=2, reaches=bool):
        await app.store.refuse(delivery, "here", now=due, error="direct messages to ana are closed", disable_after=1)
    told = plain_text(await ask(dispatcher, "status"))
    assert "Your own posts: off after 1 refusal in a row; /papers digest me starts them again once they can" in told
    assert "post of 20 Jan 2026 failed: direct messages to ana are closed" in told
    assert "Posts here: off after 1 refusal in a row\n" in told
    to_admins = plain_text(await ask(dispatcher, "status", admin=True))
    assert "Posts here: off after 1 refusal in a row; /papers digest on starts them again\n" in to_admins


async def test_help_for_more_than_a_name_explains_the_command_it_begins_with(dispatcher: Dispatcher) -> None:
    assert (await ask(dispatcher, "help topics add robots")).title == registry["topics"].usage
    assert "There is no command serach. Did you mean search?" in plain_text(await ask(dispatcher, "help serach"))


async def test_status_tells_how_fresh_the_sources_are_and_what_waits(
    dispatcher: Dispatcher, app: App, tmp_path: Path
) -> None:
    app.data_dir = tmp_path / "data"
    now = app.clock.now()
    await app.store.record_attempt("arxiv", now=now - timedelta(hours=3))
    await app.store.record_attempt("huggingface", now=now, error="503 come again")
    await app.store.record_request("crossref", now=now, error="it hangs")
    told = plain_text(await ask(dispatcher, "status"))
    assert "arxiv: read 3 hours ago\n" in told
    assert "huggingface: never read; failing: 503 come again; the next sync tries again" in told
    assert "crossref, asked for single papers, failed last: it hangs" in told
    assert "Waiting" not in told
    assert "Space" not in told, "that is for admins"
    await app.store.claim_lookup(PaperId("2601.1"), now=now, until=now + timedelta(hours=1))
    await app.store.save_destination(Destination(place=PAPERS), now=now - timedelta(days=1))
    told = plain_text(await ask(dispatcher, "status", admin=True))
    assert "Waiting: 1 post to be sent, 1 paper being looked up" in told
    assert re.search(r"Space: database [\d.]+ [kM]B", told)


async def test_admins_are_told_that_space_is_short(
    dispatcher: Dispatcher, app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.data_dir = tmp_path / "data"
    note_backup(app.data_dir, tmp_path / "b.tar.gz", app.clock.now() - timedelta(days=3))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=5_000_000))
    told = plain_text(await ask(dispatcher, "status", admin=True))
    assert "5.0 MB free; that is little, whoever runs Paperboy should make room; last backup 3 days ago" in told
