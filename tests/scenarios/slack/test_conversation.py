"""What people type and press in Slack, and what they see, with both transports."""

import pytest

from bot.domain.people import Account, FeedbackKind
from bot.library.app import App
from tests.support.slack.harness import Workspace, button, shown


async def saved(app: App, user: str = "U1", team: str = "T1") -> list[str]:
    person = await app.store.person(Account("slack", f"{team}/{user}"))
    return [entry.paper_id for entry in await app.store.feedback_of(person) if entry.kind is FeedbackKind.SAVE]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "What Paperboy can do"),
        ("serch diffusion", "Did you mean"),
        ("show 2501.99999", "No paper 2501.99999"),
        ("digest", "needs one more word"),
        ("export pdf", "A format is bibtex"),
    ],
)
async def test_mistakes_are_explained_to_the_one_who_made_them(workspace: Workspace, typed: str, told: str) -> None:
    answer = await workspace.command(typed)
    assert answer["response_type"] == "ephemeral"
    assert told in shown(answer)


async def test_quotes_and_entities_are_read_as_typed(workspace: Workspace) -> None:
    answer = await workspace.command('search "diffusion" &amp; &lt;noise&gt;')
    assert answer["blocks"][0]["text"]["text"] == 'Search: "diffusion" & <noise>'


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


async def test_an_export_comes_as_a_file_in_private(workspace: Workspace) -> None:
    first = await workspace.command("search diffusion")
    await workspace.press(button(first, "Save"))
    told = await workspace.command("export bibtex")
    assert "📎 papers.bib, in a direct message to you" in shown(told)
    [upload] = workspace.fake.files
    assert upload["channel_id"] == "DU1"
    assert b"@" in workspace.fake.uploads["F1"]


async def test_searching_by_shortcut_happens_in_a_modal(workspace: Workspace) -> None:
    await workspace.shortcut("search_papers")
    assert workspace.fake.views["V1"]["callback_id"] == "search"
    ack = await workspace.submit("V1", {"query": {"query": {"type": "plain_text_input", "value": "diffusion"}}})
    assert ack["response_action"] == "update"
    result = workspace.fake.views["V1"]
    assert "Search: diffusion" in shown(result)
    await workspace.press_in_view(button(result, "Save"), {"id": "V1", **result})
    assert "Saved" in shown(workspace.fake.views["V1"])


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
