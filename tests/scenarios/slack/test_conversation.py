"""What people type and press in Slack, and what they see, with both transports."""

import json

import pytest

from adapters.slack.manifest import SCOPES
from bot.domain.people import Account, FeedbackKind
from bot.library.app import App
from tests.support.slack.fake_slack import Channel, Fault
from tests.support.slack.harness import Workspace, button, choice, shown

PAPER = "2006.11239"


async def saved(app: App, user: str = "U1", team: str = "T1") -> list[str]:
    person = await app.store.person(Account("slack", f"{team}/{user}"))
    return [entry.paper_id for entry in await app.store.feedback_of(person) if entry.kind is FeedbackKind.SAVE]


@pytest.mark.parametrize("typed", ["search diffusion", "trending month", "status"])
async def test_an_answer_in_a_channel_is_for_the_one_who_asked(workspace: Workspace, typed: str) -> None:
    answer = await workspace.command(typed)
    assert answer["response_type"] == "ephemeral"
    assert not workspace.fake.channels["T1", "C1"].messages


async def test_a_confirmation_of_settings_is_for_the_one_who_made_them(workspace: Workspace) -> None:
    answer = await workspace.command("digest time 08:30", user="UADMIN")
    assert answer["response_type"] == "ephemeral"
    assert not workspace.fake.channels["T1", "C1"].messages


async def test_in_a_direct_talk_an_answer_stays_and_can_be_reacted_to(workspace: Workspace, app: App) -> None:
    workspace.fake.add(Channel("DU1"))
    answer = await workspace.command("search diffusion", channel="DU1")
    assert answer["channel"] == "DU1"
    assert answer["blocks"][0]["text"]["text"] == "Search: diffusion"
    assert answer["text"].startswith("Search: diffusion")
    [ts] = workspace.fake.channels["T1", "DU1"].messages
    assert len(await app.store.posted("slack:T1:@U1", ts)) == 5


async def test_where_the_bot_is_no_member_what_is_shared_goes_with_the_press(workspace: Workspace) -> None:
    first = await workspace.command("search diffusion")
    workspace.fake.channels["T1", "C1"].is_member = False
    shared = await workspace.press(button(first, "Share to channel"))
    assert shared["response_type"] == "in_channel"


async def test_what_is_shared_and_may_be_there_is_not_shown_again(workspace: Workspace) -> None:
    first = await workspace.command("search diffusion")
    workspace.fake.fail("chat.postMessage", Fault(drop=True, accepted=True))
    before = len(workspace.fake.responses)
    await workspace.press(button(first, "Share to channel"))
    assert len(workspace.fake.channels["T1", "C1"].messages) == 1
    assert len(workspace.fake.responses) == before


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "What Paperboy can do"),
        ("serch diffusion", "Did you mean"),
        ("show 2501.99999", "No paper 2501.99999"),
        ("digest", "needs one more word"),
        ("export pdf", "format must be one of"),
    ],
)
async def test_mistakes_are_explained_to_the_one_who_made_them(workspace: Workspace, typed: str, told: str) -> None:
    answer = await workspace.command(typed)
    assert answer["response_type"] == "ephemeral"
    assert told in shown(answer)


async def test_quotes_and_entities_are_read_as_typed(workspace: Workspace) -> None:
    answer = await workspace.command('search "diffusion" &amp; &lt;noise&gt;')
    assert answer["blocks"][0]["text"]["text"] == 'Search: "diffusion" & <noise>'


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


async def test_in_a_direct_talk_reactions_follow_the_page(workspace: Workspace, app: App) -> None:
    workspace.fake.add(Channel("DU1"))
    first = await workspace.command("trending month", channel="DU1")
    [ts] = workspace.fake.channels["T1", "DU1"].messages
    before = await app.store.posted("slack:T1:@U1", ts)
    await workspace.press(button(first, "More"), message=ts, channel="DU1")
    after = await app.store.posted("slack:T1:@U1", ts)
    assert after
    assert not set(after) & set(before)


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


@pytest.mark.parametrize("typed", ["digest me", "digest me on", "digest on 09:00"])
async def test_a_first_post_comes_in_the_time_zone_slack_knows(workspace: Workspace, typed: str) -> None:
    assert "09:00 Europe/Berlin" in shown(await workspace.command(typed, user="UADMIN"))


async def test_a_time_zone_that_is_named_counts(workspace: Workspace) -> None:
    assert "07:00 Asia/Tokyo" in shown(await workspace.command("digest me on 07:00 Asia/Tokyo"))
    assert "Asia/Tokyo" in shown(await workspace.command("digest me on 08:00"))


async def test_save_is_told_to_the_one_who_pressed_it(workspace: Workspace, app: App) -> None:
    first = await workspace.command("search diffusion")
    save = button(first, "Save")
    answer = await workspace.press(save, user="U2")
    assert (answer["response_type"], answer["replace_original"]) == ("ephemeral", False)
    assert await saved(app, "U2") == [save["value"].removeprefix("save ")]
    similar = await workspace.press(button(answer, "Similar"), user="U2")
    assert "Similar to" in shown(similar)
    assert similar["response_type"] == "ephemeral"


async def test_what_one_person_saw_can_be_shared(workspace: Workspace) -> None:
    first = await workspace.command("search diffusion")
    await workspace.press(button(first, "Save"))
    alone = await workspace.command("saved")
    assert alone["response_type"] == "ephemeral"
    shared = await workspace.press(button(alone, "Share to channel"))
    assert shared["channel"] == "C1"
    assert "Shared by u1" in shown(shared)
    assert first["blocks"][1]["elements"][0]["elements"][1]["text"] in shown(shared)


async def test_a_link_button_does_nothing_here(workspace: Workspace) -> None:
    answer = await workspace.press({"action_id": "open:3", "url": "https://arxiv.org/abs/1"})
    assert answer == {}


async def test_a_choice_runs_its_command(workspace: Workspace) -> None:
    action = {"action_id": "choose:0:trending {value}", "selected_option": {"value": "month"}, "type": "static_select"}
    answer = await workspace.press(action)
    assert "Trending this month" in shown(answer)


async def test_an_export_comes_as_a_file_in_private(workspace: Workspace) -> None:
    first = await workspace.command("search diffusion")
    await workspace.press(button(first, "Save"))
    await workspace.command("export bibtex")
    [upload] = workspace.fake.files
    assert upload["channel_id"] == "DU1"
    assert b"@" in workspace.fake.uploads["F1"]


async def test_a_missing_permission_is_named_with_the_file_that_could_not_be_handed_over(workspace: Workspace) -> None:
    first = await workspace.command("search diffusion")
    await workspace.press(button(first, "Save"))
    workspace.fake.fail("conversations.open", Fault(error="missing_scope", needed="im:write"))
    answer = await workspace.command("export bibtex")
    assert "the app lacks a permission: im:write" in shown(answer)


async def test_in_a_direct_talk_everybody_manages_their_own_post(workspace: Workspace, app: App) -> None:
    workspace.fake.add(Channel("DU1"))
    answer = await workspace.command("digest time 08:30", channel="DU1")
    assert "08:30" in shown(answer)
    destination = await app.store.destination("slack:T1:@U1")
    assert destination
    assert destination.place.private


async def test_a_channel_is_managed_by_admins_alone(workspace: Workspace, app: App) -> None:
    refused = await workspace.command("digest time 08:30")
    assert "for admins of this workspace" in shown(refused)
    assert refused["response_type"] == "ephemeral"
    assert await app.store.destination("slack:T1:C1") is None
    await workspace.command("digest time 08:30", user="UADMIN")
    assert await app.store.destination("slack:T1:C1")


async def test_nobody_manages_a_channel_when_slack_does_not_say_so(workspace: Workspace) -> None:
    workspace.fake.fail("users.info", Fault(error="missing_scope", needed="users:read"))
    refused = await workspace.command("digest off", user="UADMIN")
    assert "for admins of this workspace" in shown(refused)


@pytest.mark.parametrize(
    ("channel", "told"),
    [
        (Channel("C2", is_archived=True), "is archived"),
        (Channel("C2", is_member=False, is_private=True), "private and Paperboy is not in it"),
        (Channel("C2", is_member=False), ""),
    ],
)
async def test_what_stands_in_the_way_of_a_post_is_named_when_it_is_set(
    workspace: Workspace, channel: Channel, told: str
) -> None:
    workspace.fake.add(channel)
    # In an archived or closed channel the answer itself goes with the command.
    answer = await workspace.command("digest on 09:00", user="UADMIN", channel="C2")
    assert told in shown(answer)
    assert channel.is_member or told


async def test_scopes_that_were_not_granted_are_named_when_a_post_is_set(workspace: Workspace) -> None:
    workspace.fake.scopes = ",".join(sorted(SCOPES.keys() - {"chat:write", "reactions:read"}))
    answer = await workspace.command("digest on 09:00", user="UADMIN")
    assert "The app lacks chat:write, reactions:read" in shown(answer)


async def test_a_missing_scope_is_named_when_a_post_is_set(workspace: Workspace) -> None:
    workspace.fake.fail("conversations.info", Fault(error="missing_scope", needed="channels:read"))
    answer = await workspace.command("digest on 09:00", user="UADMIN")
    assert "lacks a permission: channels:read" in shown(answer)


async def test_a_message_with_one_paper_is_saved_by_its_shortcut(workspace: Workspace, app: App) -> None:
    paper = (await app.library.trending("month", 1))[0].stored.paper
    linked = {"type": "link", "url": f"https://arxiv.org/abs/{paper.id}v2"}
    message = {"ts": "1.1", "text": f'look:\nhttps://arxiv.org/abs/{paper.id}\n"new"', "blocks": [linked]}
    answer = await workspace.shortcut("save_paper", message)
    assert "Saved" in shown(answer)
    assert await saved(app) == [paper.id]
    similar = await workspace.shortcut("similar_papers", message)
    assert "Similar to" in shown(similar)


async def test_a_shortcut_asks_which_paper_and_says_when_there_is_none(workspace: Workspace) -> None:
    answer = await workspace.shortcut("save_paper", {"ts": "1.1", "text": "arXiv:2006.11239 and arXiv:1706.03762"})
    assert [b["value"] for b in answer["blocks"][1]["elements"]] == ["save 2006.11239", "save 1706.03762"]
    none = await workspace.shortcut("similar_papers", {"ts": "1.2", "text": "hello"})
    assert "no link to a paper" in shown(none)


async def test_a_shortcut_on_our_own_message_knows_its_papers(workspace: Workspace, app: App) -> None:
    paper = (await app.library.trending("month", 1))[0].stored.paper
    await app.store.record_post("slack:T1:C1", "5.5", [paper.id])
    await workspace.shortcut("save_paper", {"ts": "5.5", "text": ""})
    assert await saved(app) == [paper.id]


async def test_searching_by_shortcut_happens_in_a_modal(workspace: Workspace) -> None:
    await workspace.shortcut("search_papers")
    assert workspace.fake.views["V1"]["callback_id"] == "search"
    ack = await workspace.submit("V1", {"query": {"query": {"type": "plain_text_input", "value": "diffusion"}}})
    assert ack["response_action"] == "update"
    result = workspace.fake.views["V1"]
    assert "Search: diffusion" in shown(result)
    await workspace.press_in_view(button(result, "Save"), {"id": "V1", **result})
    assert "Saved" in shown(workspace.fake.views["V1"])


SETUP = {
    "time": {"time": {"type": "timepicker", "selected_time": "08:15"}},
    "timezone": {"timezone": {"type": "external_select", "selected_option": {"value": "Asia/Tokyo"}}},
    "days": {"days": {"type": "checkboxes", "selected_options": [{"value": "monday"}, {"value": "friday"}]}},
    "count": {"count": {"type": "static_select", "selected_option": {"value": "3"}}},
    "layout": {"layout": {"type": "radio_buttons", "selected_option": {"value": "compact"}}},
    "topic": {"topic": {"type": "plain_text_input", "value": "protein folding"}},
    "watch": {"watch": {"type": "checkboxes", "selected_options": [{"value": "on"}]}},
}


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


async def test_time_zones_are_completed(workspace: Workspace) -> None:
    payload = {
        "type": "block_suggestion",
        "action_id": "timezone",
        "block_id": "timezone",
        "value": "berl",
        "team": {"id": "T1"},
        "user": {"id": "U1"},
        "view": {"type": "modal", "callback_id": "setup"},
    }
    ack = await workspace.transport.send("interactive", payload)
    assert [option["value"] for option in ack["options"]] == ["Europe/Berlin"]
