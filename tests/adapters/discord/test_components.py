"""Buttons and selects that run commands."""

from typing import Any

import pytest

from tests.support.discord.limits import BUTTON, walk
from tests.support.discord.world import World, answered, labels, new_client, texts

QUERY = "vision-language-action robot manipulation"


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("show", {"paper": "2601.03236"}),
        ("save", {"paper": "2601.03236"}),
        ("saved", {}),
        ("search", {"query": QUERY}),
        ("forget-me", {}),
    ],
)
async def test_every_button_of_an_answer_does_something(world: World, name: str, options: dict[str, Any]) -> None:
    await world.ben.slash(world.papers, "papers save", paper="2601.08521")
    answer = (await world.ben.slash(world.papers, f"papers {name}", **options)).response
    assert answer
    buttons = [part for part in walk(answer.components) if part["type"] == BUTTON and "custom_id" in part]
    assert buttons
    for label in dict.fromkeys(part["label"] for part in buttons):
        custom_id = next(part["custom_id"] for part in buttons if part["label"] == label)
        pressed = await world.ben.click(answer, custom_id=custom_id)
        told = texts(pressed.response) if pressed.response else texts(world.papers.history(viewer=world.ben)[-1])
        assert told
        assert "went wrong" not in told


async def test_the_saved_list_offers_to_remove(world: World) -> None:
    await world.ben.slash(world.papers, "papers save", paper="2601.03236")
    listed = await world.ben.slash(world.papers, "papers saved")
    assert labels(listed.response) == ["Remove", "Abstract", "Similar", "PDF", "Export as BibTeX"]
    removed = await world.ben.click(answered(listed), label="Remove")
    assert "Removed from your list" in texts(removed.response)
    assert await world.feedback_of(world.ben) == []
    await world.ben.click(answered(removed), label="Undo")
    assert await world.feedback_of(world.ben) == [("2601.03236", "save")]


async def test_buttons_work_after_a_restart(world: World) -> None:
    result = await world.ben.slash(world.papers, "papers search", query=QUERY)
    assert result.response
    await world.env.restart_bot(new_client(world.app))
    pressed = await _press_first_save(world, result.response)
    assert "Saved" in texts(pressed.response)
    assert [kind for _, kind in await world.feedback_of(world.ben)] == ["save"]


async def _press_first_save(world: World, message: Any) -> Any:
    """Press the number of a list's first paper, which saves it."""
    ids = [
        part["custom_id"] for part in walk(message.components) if part["type"] == BUTTON and part.get("label") == "1"
    ]
    return await world.ben.click(message, custom_id=ids[0])
