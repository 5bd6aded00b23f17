"""What people type, press and send, and what is done with it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from adapters.slack.commands import Commands
from adapters.slack.interactions import as_typed
from bot.domain.messages import Message
from bot.library.app import App
from tests.support.slack.fake_slack import Fault
from tests.support.slack.harness import SETUP, Workspace, button, choice, shown
from tests.support.zotero import API_KEY, beside


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("similar <https://arxiv.org/abs/2310.06825>", "similar https://arxiv.org/abs/2310.06825"),
        ("similar <http://arxiv.org/abs/1|arxiv.org/abs/1>", "similar arxiv.org/abs/1"),
        ("save <https://arxiv.org/abs/1|a paper of ours>", "save https://arxiv.org/abs/1"),
        ("email <mailto:ana@example.org|ana@example.org>", "email ana@example.org"),
        ("search <#C1|papers> &lt;noise&gt; &amp;amp;", "search #papers <noise> &amp;"),
        ("search <#C1|>", "search #"),
        ("admins add <@U1|ana>", "admins add <@U1|ana>"),
        ("search <!channel> &lt;!here&gt;", "search <!channel> <!here>"),
        ("search a < b", "search a < b"),
    ],
)
def test_a_line_is_read_as_it_was_typed(sent: str, typed: str) -> None:
    assert as_typed(sent) == typed


@given(st.text() | st.text("<>&|#@!:/ab"))
def test_any_text_without_marks_is_read_as_it_was_typed(text: str) -> None:
    sent = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert as_typed(sent) == text


@given(st.text("<>&|#@!:/aB1 "))
def test_no_line_is_too_odd_to_be_read(text: str) -> None:
    assert len(as_typed(text)) <= len(text)


async def test_more_replaces_the_page_of_the_one_who_asked(workspace: Workspace) -> None:
    first = await workspace.command("trending month")
    second = await workspace.press(button(first, "More"))
    assert second["replace_original"] is True
    assert "page 2" in shown(second)


async def test_more_under_a_message_of_everybody_turns_no_page_for_the_others(workspace: Workspace) -> None:
    """Such as a list that was posted before lists were for the one who asked."""
    first = await workspace.command("trending month")
    second = await workspace.press(button(first, "More"), message="5.5", user="U2")
    assert (second["response_type"], second["replace_original"]) == ("ephemeral", False)


async def test_a_press_in_a_modal_keeps_the_list_and_marks_the_paper(workspace: Workspace, app: App) -> None:
    await workspace.shortcut("search_papers")
    await workspace.submit("V1", {"query": {"query": {"value": "diffusion"}}})
    view = workspace.fake.views["V1"]
    view = {**view, "id": "V1", "blocks": [{"block_id": f"b{n}", **b} for n, b in enumerate(view["blocks"])]}
    pressed = next(block for block in view["blocks"] if "accessory" in block)
    await workspace.press_in_view({**pressed["accessory"], "block_id": pressed["block_id"]}, view)
    after = workspace.fake.views["V1"]
    titles = [block for block in after["blocks"] if block["type"] == "rich_text"]
    assert titles == [block for block in view["blocks"] if block["type"] == "rich_text"]
    at = next(n for n, block in enumerate(after["blocks"]) if block.get("block_id") == pressed["block_id"])
    assert after["blocks"][at]["accessory"]["value"] == "un" + pressed["accessory"]["value"]
    assert "Saved" in shown({"blocks": [after["blocks"][at + 1]]})
    similar = choice(view, "Similar")
    await workspace.press_in_view(similar, {**after, "id": "V1"})
    assert "Similar to" in shown(workspace.fake.views["V2"])  # on top of the list, which stays
    assert workspace.fake.views["V1"] == after


async def test_whoever_asks_when_something_fails_here_is_told_what_finds_it_in_the_log(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = await workspace.command("trending month")
    await workspace.shortcut("search_papers")

    async def fail(*_arguments: object, **_options: object) -> Message:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(Commands, "run", fail)
    with capture_logs(processors=[merge_contextvars]) as logged:
        told = [shown(await workspace.press(button(found, "More")))]
        await workspace.submit("V1", {"query": {"query": {"value": "diffusion"}}})
    told.append(shown(workspace.fake.views["V1"]))
    failures = [line for line in logged if line["log_level"] == "error"]
    assert [line["work"] for line in failures] == ["block_actions", "view_submission"]
    for answer, failure in zip(told, failures, strict=True):
        assert "Tell an admin: error" in answer
        assert failure["trace"] in answer
        assert "a fault of ours" not in answer


async def test_a_link_button_does_nothing_here(workspace: Workspace) -> None:
    answer = await workspace.press({"action_id": "open:3", "url": "https://arxiv.org/abs/1"})
    assert answer == {}


async def test_a_choice_runs_its_command(workspace: Workspace) -> None:
    action = {"action_id": "choose:0:trending {value}", "selected_option": {"value": "month"}, "type": "static_select"}
    answer = await workspace.press(action)
    assert "Trending this month" in shown(answer)


async def test_the_daily_post_is_set_up_in_a_modal(workspace: Workspace, app: App) -> None:
    await workspace.command("digest on", user="UADMIN")
    view = workspace.fake.views["V1"]
    assert view["callback_id"] == "setup"
    assert "Europe/Berlin" in shown(view)  # where the admin lives
    await workspace.submit("V1", SETUP, user="UADMIN")
    destination = await app.store.destination("slack:T1:C1")
    assert destination
    assert (f"{destination.at:%H:%M}", destination.timezone, destination.count) == ("08:15", "Asia/Tokyo", 3)
    assert (destination.days, destination.layout, destination.enabled) == (frozenset({0, 4}), "compact", True)
    assert [topic.text for topic in await app.store.topics("slack:T1:C1")] == ["protein folding"]
    assert await app.store.is_watched("slack:T1:C1")
    assert "Daily post" in shown(workspace.fake.views["V1"])
    await workspace.command("digest", user="UADMIN")
    assert "Asia/Tokyo" in json.dumps(workspace.fake.views["V2"])
    none = {"type": "checkboxes", "selected_options": []}
    await workspace.submit("V2", {**SETUP, "watch": {"watch": none}}, user="UADMIN")
    assert not await app.store.is_watched("slack:T1:C1")


@pytest.mark.parametrize("typed", ["digest", "digest setup", "digest on"])
async def test_the_settings_that_are_kept_are_changed_in_the_same_modal(workspace: Workspace, typed: str) -> None:
    await workspace.command("digest on 06:45", user="UADMIN")
    await workspace.command(typed, user="UADMIN")
    view = workspace.fake.views["V1"]
    assert (view["callback_id"], view["submit"]["text"]) == ("setup", "Save")
    assert "06:45" in json.dumps(view)


async def test_a_modal_without_a_day_says_so(workspace: Workspace) -> None:
    await workspace.command("digest on", user="UADMIN")
    empty = {**SETUP, "days": {"days": {"type": "checkboxes", "selected_options": []}}}
    ack = await workspace.submit("V1", empty, user="UADMIN")
    assert ack == {"response_action": "errors", "errors": {"days": "Pick at least one day."}}


async def test_a_modal_sent_by_somebody_who_may_not_changes_nothing(workspace: Workspace, app: App) -> None:
    await workspace.command("digest on", user="UADMIN")
    await workspace.submit("V1", SETUP, user="U1")
    assert "for admins of this workspace" in shown(workspace.fake.views["V1"])
    assert await app.store.destination("slack:T1:C1") is None
    assert not await app.store.topics("slack:T1:C1")


async def test_where_no_modal_opens_the_command_answers(workspace: Workspace) -> None:
    workspace.fake.fail("views.open", Fault(error="expired_trigger_id"))
    answer = await workspace.command("topics")
    assert "Topics" in shown(answer)
    refused = await workspace.command("digest on")
    assert "for admins of this workspace" in shown(refused)


async def test_topics_are_changed_in_a_modal(workspace: Workspace, app: App) -> None:
    await workspace.command("topics", user="UADMIN")
    state = {
        "topic": {"topic": {"type": "plain_text_input", "value": "cat:cs.CL"}},
        "action": {"action": {"type": "radio_buttons", "selected_option": {"value": "block"}}},
        "whose": {"whose": {"type": "radio_buttons", "selected_option": {"value": "here"}}},
    }
    await workspace.submit("V1", state, user="UADMIN")
    [topic] = await app.store.topics("slack:T1:C1")
    assert (topic.text, topic.wanted) == ("cat:cs.CL", False)
    await workspace.command("topics")
    assert "For whom" not in shown(workspace.fake.views["V2"])
    assert "not cat:cs.CL" in shown(workspace.fake.views["V2"])


async def opened_with_two_posts(workspace: Workspace) -> dict[str, Any]:
    """The setup of a channel with a post that has a name."""
    await workspace.command("digest on 06:45", user="UADMIN")
    await workspace.command('digest add "graph nets" 07:15 mon', user="UADMIN")
    await workspace.command("digest", user="UADMIN")
    return {**workspace.fake.views["V1"], "id": "V1", "state": {"values": {}}}


def which(name: str) -> dict[str, Any]:
    return {"action_id": "post", "type": "static_select", "selected_option": {"value": name}}


async def test_where_there_are_several_posts_one_is_chosen_and_all_is_about_that(
    workspace: Workspace, app: App
) -> None:
    view = await opened_with_two_posts(workspace)
    assert "The daily post without a name" in json.dumps(view)
    await workspace.press_in_view(which("graph nets"), view, user="UADMIN")
    chosen = workspace.fake.views["V1"]
    assert "The post “graph nets” for" in shown(chosen)
    assert '/papers digest off post "graph nets" stops it' in shown(chosen)
    assert "07:15" in json.dumps(chosen)
    # Slack keeps what a field of the same id holds.
    fields = {block["block_id"] for block in chosen["blocks"] if block["type"] == "input"}
    assert fields.isdisjoint(block["block_id"] for block in view["blocks"] if block["type"] == "input")
    await workspace.submit("V1", SETUP, user="UADMIN")
    first, named = await app.store.posts_of("slack:T1:C1")
    assert (first.count, f"{first.at:%H:%M}") == (5, "06:45")
    assert (named.count, f"{named.at:%H:%M}", named.days) == (3, "08:15", frozenset({0, 4}))
    assert [topic.text for topic in await app.store.topics(named.key)] == ["protein folding"]
    assert await app.store.topics("slack:T1:C1") == []


async def test_a_post_without_a_day_says_so_at_its_own_field(workspace: Workspace) -> None:
    view = await opened_with_two_posts(workspace)
    await workspace.press_in_view(which("graph nets"), view, user="UADMIN")
    empty = {**SETUP, "days": {"days": {"type": "checkboxes", "selected_options": []}}}
    ack = await workspace.submit("V1", empty, user="UADMIN")
    assert ack["errors"] == {"days:graph nets": "Pick at least one day."}


async def test_who_may_not_change_posts_is_shown_no_other(workspace: Workspace) -> None:
    view = await opened_with_two_posts(workspace)
    await workspace.press_in_view(which("graph nets"), view, user="U1")
    assert "The post “graph nets” for" not in shown(workspace.fake.views["V1"])


async def test_a_post_that_is_gone_leads_to_the_first(workspace: Workspace) -> None:
    view = await opened_with_two_posts(workspace)
    await workspace.command("digest remove graph nets", user="UADMIN")
    await workspace.press_in_view(which("graph nets"), view, user="UADMIN")
    assert "06:45" in json.dumps(workspace.fake.views["V1"])


async def test_a_modal_that_says_a_channel_is_a_private_talk_makes_nobody_its_admin(
    workspace: Workspace, app: App
) -> None:
    await workspace.command("digest on", user="UADMIN")
    forged = json.dumps({"channel": "C1", "name": "#papers", "private": True})
    workspace.fake.views["V1"]["private_metadata"] = forged
    await workspace.submit("V1", SETUP, user="U1")
    assert await app.store.destination("slack:T1:C1") is None
    assert not await app.store.topics("slack:T1:C1")


async def test_a_note_is_written_in_a_form_that_holds_what_is_there(workspace: Workspace, app: App) -> None:
    found = await workspace.command("trending month")
    chosen = choice(found, "Note")
    paper = chosen["selected_option"]["value"].split()[1]
    await workspace.press(chosen)
    fields = workspace.fake.views["V1"]["blocks"][1:]
    assert [block["label"]["text"] for block in fields] == ["For you alone", "For everybody in #papers"]
    await workspace.submit("V1", _noted("compare --page 2", "ana presents this"))
    told = shown(workspace.fake.views["V1"])
    assert "for you alone" in told
    assert "for everybody here" in told
    assert [note.text for note in (await app.store.shelf("slack:T1:C1")).notes[paper]] == ["ana presents this"]
    await workspace.press(chosen)
    assert [block["element"].get("initial_value") for block in workspace.fake.views["V2"]["blocks"][1:]] == [
        "compare --page 2",
        "ana presents this",
    ]
    await workspace.submit("V2", _noted("compare --page 2", "ana presents this"))
    assert "as they were" in shown(workspace.fake.views["V2"])


def _noted(mine: str, here: str) -> dict[str, Any]:
    return {
        name: {name: {"type": "plain_text_input", "value": value}} for name, value in (("me", mine), ("channel", here))
    }


async def test_a_note_can_be_written_on_a_paper_of_a_list_in_a_modal(workspace: Workspace) -> None:
    await workspace.event({"type": "app_home_opened", "user": "U1", "tab": "home"})
    home = {"id": "VHOME", **workspace.fake.homes["U1"]}
    await workspace.press_in_view({"action_id": "run:0", "value": "trending month"}, home)
    listed = {"id": "V1", **workspace.fake.views["V1"]}
    await workspace.press_in_view(choice(listed, "Note"), listed)
    assert workspace.fake.views["V2"]["callback_id"] == "note"


def _connecting(key: str) -> dict[str, Any]:
    filled = {"key": key, "library": "", "collection": ""}
    return {name: {name: {"type": "plain_text_input", "value": value}} for name, value in filled.items()}


async def test_zotero_is_connected_from_home_in_a_form_that_nobody_else_sees(workspace: Workspace, app: App) -> None:
    async with beside(app):
        await workspace.event({"type": "app_home_opened", "user": "U1", "tab": "home"})
        home = {"id": "VHOME", **workspace.fake.homes["U1"]}
        await workspace.press_in_view(button(home, "Zotero"), home)
        state = {"id": "V1", **workspace.fake.views["V1"]}
        await workspace.press_in_view(button(state, "Connect"), state)
        assert workspace.fake.views["V2"]["callback_id"] == "zotero"
        await workspace.submit("V2", _connecting(API_KEY))
        assert "Connected with *ana*." in shown(workspace.fake.views["V2"])
        assert (await app.store.count_zotero()).libraries == 1


async def test_a_typed_line_opens_the_form_of_a_channel_which_its_admins_may_send(
    workspace: Workspace, app: App
) -> None:
    async with beside(app):
        for number, (user, told) in enumerate(
            (("U1", "for its admins"), ("UADMIN", "Connected with *Lab of eight*")), start=1
        ):
            await workspace.command("zotero connect channel", user=user)
            await workspace.submit(f"V{number}", _connecting(API_KEY), user=user)
            assert told in shown(workspace.fake.views[f"V{number}"])
        assert await app.store.zotero_library("slack:T1:C1")
