"""Requests are answered, whatever was asked, by whomever, wherever."""

import io
from typing import Annotated

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from adapters.console.chat import Chat
from bot.chat.call import Call
from bot.chat.completion import complete
from bot.chat.dispatch import Dispatcher, Outcome, Request
from bot.chat.reactions import Reactions
from bot.chat.registry import Command, OptionHelp, Registry
from bot.cli.reference import markdown
from bot.commands import registry
from bot.domain.messages import Message, plain_text, text
from bot.domain.paper_ids import PaperId
from bot.domain.people import Account
from bot.library.app import App
from bot.runtime.limits import Limits
from tests.support.commands import ANA, PAPERS, ask, saved
from tests.support.lookup.services import FakeService, fetched_paper, with_services

MAGMA = PaperId("2601.03236")

PRIVATE = {"foryou", "save", "unsave", "like", "dislike", "saved", "export", "topics", "link", "forget-me"}


def test_a_command_added_in_one_place_is_everywhere() -> None:
    added = Registry()

    @added.command()
    async def shout(call: Call, word: Annotated[str, OptionHelp("What to shout.", rest=True)]) -> Message:
        """Shout a word."""
        return Message(title=word.upper())

    assert "## shout" in markdown(added)
    assert "`/papers shout WORD`" in markdown(added)
    command, rest = added.find("shout hello")
    assert (command.name, command.parse(rest)) == ("shout", {"word": "hello"})


async def test_a_command_added_in_one_place_answers_and_is_completed(app: App) -> None:
    added = Registry()

    @added.command(private=True)
    async def shout(call: Call, word: Annotated[str, OptionHelp("What to shout.", rest=True)]) -> Message:
        """Shout a word."""
        return Message(body=(text(word.upper()),))

    answer = await Dispatcher(added, app).answer(Request(ANA, PAPERS, "shout hello"))
    assert (plain_text(answer), answer.private) == ("HELLO", True)
    assert [choice.value for choice in await complete(added, app, "commands", "sh")] == ["shout"]


def test_what_concerns_one_person_is_answered_in_private() -> None:
    assert {command.name for command in registry if command.private} >= PRIVATE


@pytest.mark.parametrize("command", [c for c in registry if c.admin], ids=lambda command: command.name)
async def test_what_is_for_admins_is_refused_to_others_and_changes_nothing(
    dispatcher: Dispatcher, command: Command
) -> None:
    answer = await ask(dispatcher, f"{command.name} 1")
    assert "for admins of this workspace" in plain_text(answer)
    assert answer.private
    assert await dispatcher.app.store.destination(PAPERS.key) is None


async def test_a_mistake_of_ours_is_told_without_its_inside(app: App) -> None:
    broken = Registry()

    @broken.command()
    async def fail(call: Call) -> Message:
        """Fail."""
        raise RuntimeError("secret")

    with capture_logs(processors=[merge_contextvars]) as logged:
        answer = await Dispatcher(broken, app).answer(Request(ANA, PAPERS, "fail"))
    failed, answered = logged
    assert plain_text(answer).endswith(f"nothing was lost. Tell an admin: error {failed['trace']}.")
    assert "secret" not in plain_text(answer)
    assert answer.private
    assert (failed["event"], failed["exc_info"]) == ("command failed", True)
    assert (answered["event"], answered["outcome"], answered["trace"]) == (
        "command answered",
        "failed",
        failed["trace"],
    )


async def test_a_line_of_the_log_tells_of_a_command_and_not_what_was_asked(app: App) -> None:
    with capture_logs(processors=[merge_contextvars]) as logged:
        for _ in range(2):
            await Dispatcher(registry, app).answer(Request(ANA, PAPERS, "search private thoughts"))
    assert len({line["trace"] for line in logged}) == 2, "each has an id of its own"
    assert {(line["event"], line["command"], line["work"]) for line in logged} == {
        ("command answered", "search", "command")
    }
    assert "private" not in str(logged)


async def test_an_observer_is_told_of_every_answer_once(app: App) -> None:
    observed: list[tuple[str, Outcome]] = []
    took: list[float] = []

    def observe(command: str, outcome: Outcome, seconds: float) -> None:
        observed.append((command, outcome))
        took.append(seconds)

    made = Registry()

    @made.command()
    async def work(call: Call, how: Annotated[str, OptionHelp("How.")]) -> Message:
        """Work."""
        if how == "badly":
            raise RuntimeError("ours")
        return Message()

    dispatcher = Dispatcher(made, app, observe)
    for line in ("WORK well", "work badly", "work", "rest"):
        await dispatcher.answer(Request(ANA, PAPERS, line))
    assert observed == [
        ("work", Outcome.ANSWERED),
        ("work", Outcome.FAILED),
        ("work", Outcome.REFUSED),
        ("", Outcome.REFUSED),
    ]
    assert all(seconds > 0 for seconds in took)


async def test_costly_commands_are_limited_in_private_and_the_others_go_on(app: App) -> None:
    outcomes: list[tuple[str, Outcome]] = []
    limits = Limits(per_person=2)
    dispatcher = Dispatcher(registry, app, lambda command, outcome, _took: outcomes.append((command, outcome)), limits)
    for line in ("foryou", "export", "foryou", "search memory", "saved"):
        answer = await ask(dispatcher, line)
        if outcomes[-1][1] is Outcome.LIMITED:
            assert answer.private
            assert "works again in" in plain_text(answer)
    assert [(command, outcome.value) for command, outcome in outcomes] == [
        ("foryou", "answered"),
        ("export", "answered"),
        ("foryou", "limited"),
        ("search", "answered"),
        ("saved", "answered"),
    ]
    assert not (await ask(dispatcher, "export", account=Account("console", "ben"))).title.startswith("You have asked")


async def test_papers_that_are_looked_up_count_and_those_that_are_here_do_not(app: App) -> None:
    service = FakeService({number: fetched_paper(number) for number in ("2602.00001", "2602.00002")})
    dispatcher = Dispatcher(registry, with_services(app, service), limits=Limits(per_person=1))
    for line in (f"show {MAGMA}", "show 2602.00001", "show 2602.00001", f"similar {MAGMA}"):
        assert "asked for a lot" not in plain_text(await ask(dispatcher, line))
    assert "asked for a lot" in plain_text(await ask(dispatcher, "similar 2602.00002"))


def test_a_line_made_from_options_is_read_as_the_same_options() -> None:
    trending = registry["trending"]
    values = {"window": "day", "topic": "week of agents"}
    assert trending.parse(trending.line(values).removeprefix("trending")) == values


lines = st.text(max_size=60) | st.builds(
    lambda name, rest: f"{name} {rest}",
    st.sampled_from([command.name for command in registry]),
    st.text(st.sampled_from("ab 12-:\"'`*_<@!>\n\\/") | st.characters(), max_size=40),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=lines, admin=st.booleans())
async def test_no_line_breaks_the_bot_or_loses_what_was_saved(dispatcher: Dispatcher, line: str, admin: bool) -> None:
    keeper = Account("console", "keeper")
    await ask(dispatcher, f"save {MAGMA}", account=keeper)
    answer = await ask(dispatcher, line, admin=admin)
    shown = plain_text(answer)
    assert shown
    assert "went wrong" not in shown
    assert "Traceback" not in shown
    assert await saved(dispatcher, keeper) == [MAGMA]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.lists(st.text(max_size=30) | st.sampled_from([":bookmark: 1", "more", "/as x", "/join y"]), max_size=5))
async def test_nothing_typed_into_the_chat_breaks_it(app: App, typed: list[str]) -> None:
    from rich.console import Console

    chat = Chat(app, Dispatcher(registry, app), Reactions(app.store), Console(file=io.StringIO()))
    for line in typed:
        await chat.take(line)


async def test_several_papers_are_saved_at_once_and_unknown_ones_told(dispatcher: Dispatcher) -> None:
    known = [card.paper_id for card in (await ask(dispatcher, "search memory")).cards[:2]]
    answer = plain_text(await ask(dispatcher, f"save {known[0]}, {known[1]} 1234.56789"))
    assert set(await saved(dispatcher)) == set(known)
    assert "No paper" not in answer  # 1234.56789 has no month and is no id
    assert "No paper 2301.99999 here." in plain_text(await ask(dispatcher, f"save {known[0]} 2301.99999"))


async def test_topics_are_apart_by_commas(dispatcher: Dispatcher) -> None:
    assert "Blocked crypto, chess." in plain_text(await ask(dispatcher, "topics block crypto, chess"))
    assert "Removed chess." in plain_text(await ask(dispatcher, "topics remove chess"))


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("weekly", "Trending this week"),
        ("this month", "Trending this month"),
        ("today", "Trending today"),
        ("robots this week", "Trending this week about robots"),
        ("weekly robots", "Trending this week about robots"),
        ("week week robots", "Trending this week about robots"),
    ],
)
async def test_words_of_a_window_are_no_topic(dispatcher: Dispatcher, typed: str, title: str) -> None:
    answer = await ask(dispatcher, f"trending {typed}")
    assert (answer.title or title) == title
    assert "about weekly" not in plain_text(answer)


async def test_saved_papers_are_found_without_their_accents(dispatcher: Dispatcher) -> None:
    await ask(dispatcher, f"save {MAGMA}")
    assert (await ask(dispatcher, "saved mèmory")).cards


class Waiting:
    """Somebody who asks for a paper that takes long to fetch: what they are shown meanwhile, and in the end."""

    def __init__(self, app: App, service: FakeService) -> None:
        self.shown: list[Message] = []
        self._service = service
        asking = with_services(app, service, patience=0.01)
        self.lookup = asking.library.lookup
        self._dispatcher = Dispatcher(registry, asking)
        service.open.clear()

    async def ask(self, line: str) -> Message:
        return await self._dispatcher.answer(Request(ANA, PAPERS, line, meanwhile=self._show))

    async def ask_where_nothing_can_be_shown_meanwhile(self, line: str) -> Message:
        return await self._dispatcher.answer(Request(ANA, PAPERS, line))

    async def _show(self, message: Message) -> None:
        self.shown.append(message)
        self._service.open.set()


@pytest.mark.parametrize(("line", "private"), [("save 2601.90001", True), ("show 2601.90001", False)])
async def test_who_waits_for_a_paper_is_told_so_and_then_answered(app: App, line: str, private: bool) -> None:
    waiting = Waiting(app, FakeService({"2601.90001": fetched_paper("2601.90001")}))
    answer = await waiting.ask(line)
    said = "2601.90001 is not here yet; it is being fetched from arXiv. The answer follows here."
    assert [(plain_text(shown), shown.private) for shown in waiting.shown] == [(said, private)]
    assert "Invented cells count invented stars" in plain_text(answer)
    assert answer.private is private


async def test_who_waits_for_several_papers_is_told_once(app: App) -> None:
    papers = {number: fetched_paper(number, f"Title of {number}") for number in ("2601.90001", "2601.90002")}
    waiting = Waiting(app, FakeService(papers))
    answer = plain_text(await waiting.ask(f"save {' '.join(papers)}"))
    assert len(waiting.shown) == 1
    assert all(f"Saved Title of {number}" in answer for number in papers)


async def test_who_waits_in_vain_is_told_why(app: App) -> None:
    waiting = Waiting(app, FakeService(trouble=["503 Service Unavailable (4 attempts)"]))
    answer = await waiting.ask("similar 2601.90001")
    assert len(waiting.shown) == 1
    reason = "arXiv could not be asked for 2601.90001: 503 Service Unavailable (4 attempts)"
    assert (plain_text(answer), answer.private) == (f"{reason}. Try again later.", True)


async def test_where_nothing_can_be_shown_meanwhile_the_wait_is_the_answer(app: App) -> None:
    waiting = Waiting(app, FakeService())
    answer = await waiting.ask_where_nothing_can_be_shown_meanwhile("show 2601.90001")
    assert plain_text(answer).endswith("it is being fetched from arXiv. Ask again in a minute.")
    assert waiting.shown == []
    await waiting.lookup.close()
