"""The home tab: what is trending, for you, saved, and your own post, as it is now."""

from typing import Any

from bot.domain.people import Account
from bot.library.app import App
from bot.library.readers import person_reader
from tests.support.slack.harness import Workspace, button, shown


async def opened(workspace: Workspace, user: str = "U1") -> dict[str, Any]:
    await workspace.event({"type": "app_home_opened", "user": user, "tab": "home"})
    return workspace.fake.homes[user]


async def test_the_tab_shows_every_part(workspace: Workspace) -> None:
    told = shown(await opened(workspace))
    for part in ("Trending today", "For you", "Save papers", "Saved papers", "Nothing saved yet", "Notifications"):
        assert part in told


async def test_opening_the_messages_tab_shows_nothing(workspace: Workspace) -> None:
    await workspace.event({"type": "app_home_opened", "user": "U1", "tab": "messages"})
    assert not workspace.fake.homes


async def test_saving_in_the_tab_shows_the_paper_among_the_saved_and_recommends(workspace: Workspace) -> None:
    view = await opened(workspace)
    save = button(view, "Save")
    await workspace.press_in_view(save, {"id": "VHOME", **view})
    assert not workspace.fake.views  # no modal stands in the way
    told = shown(workspace.fake.homes["U1"])
    assert "Saved" in told.partition("Notifications")[0]
    assert "Nothing saved yet" not in told
    assert "More for you" in told


async def test_the_tab_stays_the_same_until_something_changes(workspace: Workspace, app: App) -> None:
    paper = (await app.library.trending("month", 1))[0].stored.paper.id
    await workspace.command(f"save {paper}")
    assert await opened(workspace) == await opened(workspace)


async def test_saved_papers_are_searched_in_place(workspace: Workspace, app: App) -> None:
    papers = [result.stored.paper for result in await app.library.trending("month", 2)]
    for paper in papers:
        await workspace.command(f"save {paper.id}")
    view = await opened(workspace)
    action = {"action_id": "saved_query", "type": "plain_text_input", "value": papers[0].title}
    await workspace.press_in_view(action, {"id": "VHOME", **view})
    found = workspace.fake.homes["U1"]
    fields = [block for block in found["blocks"] if block.get("block_id") == "saved_query"]
    assert fields[0]["element"]["initial_value"] == papers[0].title
    part = shown(found).partition("Saved papers")[2]
    assert papers[1].title not in part
    await workspace.press_in_view({**action, "value": "zebra"}, {"id": "VHOME", **view})
    assert "No saved paper has these words" in shown(workspace.fake.homes["U1"])


async def test_a_post_of_ones_own_is_set_up_and_switched_off_in_the_tab(workspace: Workspace, app: App) -> None:
    view = await opened(workspace)
    assert "You get no daily post of your own" in shown(view)
    await workspace.press_in_view(button(view, "Send me a daily post"), {"id": "VHOME", **view})
    view = workspace.fake.homes["U1"]
    assert "You get 5 papers at 09:00 Europe/Berlin" in shown(view)  # the zone is the one Slack knows
    destination = await app.store.destination("slack:T1:@U1")
    assert destination
    assert destination.person is not None
    await workspace.press_in_view(button(view, "Change"), {"id": "VHOME", **view})
    assert workspace.fake.views["V1"]["callback_id"] == "setup"
    state = {
        "time": {"time": {"selected_time": "07:30"}},
        "timezone": {"timezone": {"selected_option": {"value": "Europe/Berlin"}}},
        "days": {"days": {"selected_options": [{"value": "monday"}]}},
        "count": {"count": {"selected_option": {"value": "3"}}},
        "layout": {"layout": {"selected_option": {"value": "cards"}}},
        "topic": {"topic": {"value": None}},
    }
    await workspace.submit("V1", state)
    view = workspace.fake.homes["U1"]
    assert "You get 3 papers at 07:30 Europe/Berlin, Mon" in shown(view)
    await workspace.press_in_view(button(view, "Switch off"), {"id": "VHOME", **view})
    assert "You get no daily post of your own" in shown(workspace.fake.homes["U1"])
    destination = await app.store.destination("slack:T1:@U1")
    assert destination
    assert not destination.enabled


async def test_forms_open_from_the_tab(workspace: Workspace) -> None:
    view = await opened(workspace)
    await workspace.press_in_view(button(view, "Search papers"), {"id": "VHOME", **view})
    await workspace.press_in_view(button(view, "Topics"), {"id": "VHOME", **view})
    await workspace.press_in_view(button(view, "Help"), {"id": "VHOME", **view})
    assert [workspace.fake.views[name]["callback_id"] for name in ("V1", "V2", "V3")] == ["search", "topics", "result"]
    assert "What Paperboy can do" in shown(workspace.fake.views["V3"])


async def test_an_export_from_a_modal_arrives(workspace: Workspace) -> None:
    view = await opened(workspace)
    await workspace.press_in_view(button(view, "Save"), {"id": "VHOME", **view})
    await workspace.press_in_view({"action_id": "run:0", "value": "help"}, {"id": "VHOME", **view})
    shown_now = workspace.fake.views["V1"]
    await workspace.press_in_view({"action_id": "run:0", "value": "export bibtex"}, {"id": "V1", **shown_now})
    assert len(workspace.fake.files) == 1


async def test_a_saved_paper_can_be_removed_once_and_not_saved_again(workspace: Workspace, app: App) -> None:
    paper = (await app.library.trending("month", 1))[0].stored.paper.id
    await workspace.command(f"save {paper}")
    view = await opened(workspace)
    beside = [block["accessory"]["value"] for block in view["blocks"] if "accessory" in block]
    saved = beside[-1:]
    assert saved == [f"unsave {paper}"]
    assert f"save {paper}" not in beside


async def test_all_saved_papers_are_listed_a_page_at_a_time_in_place(workspace: Workspace, app: App) -> None:
    papers = [result.stored.paper for result in await app.library.trending("month", 8)]
    for paper in papers:
        await workspace.command(f"save {paper.id}")
    view = await opened(workspace)
    first = shown(view).rpartition("Saved papers")[2]
    more = [
        e for b in view["blocks"] if b["type"] == "actions" for e in b["elements"] if e.get("value", "")[:5] == "saved"
    ]
    await workspace.press_in_view(more[-1], {"id": "VHOME", **view})
    second = shown(workspace.fake.homes["U1"]).rpartition("Saved papers")[2]
    assert [(paper.title in first) + (paper.title in second) for paper in papers] == [1] * 8
    assert not workspace.fake.views


async def test_the_tab_greets_by_name(workspace: Workspace) -> None:
    workspace.fake.users["U1"] = {"profile": {"display_name": "Ana *B*"}}
    assert "Hello Ana" in shown(await opened(workspace))


async def test_for_you_in_the_tab_leaves_out_blocked_topics_as_the_command_does(workspace: Workspace, app: App) -> None:
    seed = (await app.library.trending("month", 1))[0].stored.paper
    await workspace.command(f"save {seed.id}")
    before = shown(await opened(workspace)).partition("For you")[2].partition("Saved papers")[0]
    person = await app.store.person(Account("slack", "T1/U1"))
    found, _ = await app.library.for_reader(await person_reader(app.store, person), 1)
    title = found[0].stored.paper.title
    assert title in before
    await workspace.command(f"topics block {title}")
    after = shown(await opened(workspace)).partition("For you")[2].partition("Saved papers")[0]
    assert title not in after


async def test_the_tab_tells_of_every_post_of_ones_own(workspace: Workspace) -> None:
    await workspace.command("digest me on 08:00", channel="D1")
    await workspace.command("digest add robotics 09:30 fri", channel="D1")
    tab = shown(await opened(workspace))
    assert "You get 5 papers at 08:00" in tab
    assert "robotics: 5 papers at 09:30" in tab
    await workspace.command("digest me off", channel="D1")
    tab = shown(await opened(workspace))
    assert "robotics: 5 papers at 09:30" in tab
    assert "You get no daily post" not in tab
    assert "Send me a daily post" in tab


async def test_lists_and_notes_stand_in_the_tab(workspace: Workspace, app: App) -> None:
    one, other = [result.stored.paper for result in await app.library.trending("month", 2)]
    await workspace.command(f"tag {one.id} club")
    await workspace.command(f"save {other.id}")
    await workspace.command(f"note {other.id} compare with ours")
    view = await opened(workspace)
    assert "Your notes" in shown(view)
    assert "compare with ours" in shown(view).partition("Your notes")[2]
    await workspace.press_in_view(button(view, "#club (1)"), {"id": "VHOME", **view})
    view = workspace.fake.homes["U1"]
    listed = shown(view).partition("Saved papers")[2].partition("Your notes")[0]
    assert one.name in listed
    assert other.name not in listed
    await workspace.press_in_view(button(view, "All saved papers"), {"id": "VHOME", **view})
    listed = shown(workspace.fake.homes["U1"]).partition("Saved papers")[2].partition("Your notes")[0]
    assert other.name in listed


async def test_a_note_is_changed_from_the_tab(workspace: Workspace, app: App) -> None:
    paper = (await app.library.trending("month", 1))[0].stored.paper
    await workspace.command(f"note {paper.id} compare with ours")
    view = await opened(workspace)
    await workspace.press_in_view(button(view, "Change"), {"id": "VHOME", **view})
    asked = workspace.fake.views["V1"]
    assert asked["callback_id"] == "note"
    assert [block["element"].get("initial_value") for block in asked["blocks"][1:]] == ["compare with ours"]
    await workspace.submit("V1", {"me": {"me": {"type": "plain_text_input", "value": "as good as ours"}}})
    assert "as good as ours" in shown(workspace.fake.homes["U1"])
