"""Buttons and selects that run commands."""

from datetime import timedelta
from typing import Any

import pytest

from bot.runtime.clocks import StandingClock
from tests.support.discord.limits import BUTTON, walk
from tests.support.discord.world import World, answered, labels, new_client, newest, texts

QUERY = "vision-language-action robot manipulation"


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("show", {"paper": "2601.03236"}),
        ("save", {"paper": "2601.03236"}),
        ("unsave", {"paper": "2601.03236"}),
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


async def test_more_turns_the_page_of_ones_own_answer(world: World) -> None:
    result = await world.ben.slash(world.papers, "papers search", query=QUERY)
    assert result.response
    await world.ben.click(result.response, label="More")
    assert newest(world.papers).id == result.response.id
    assert "page 2" in texts(world.papers.last_message)


async def test_back_turns_it_again(world: World) -> None:
    result = await world.ben.slash(world.papers, "papers search", query=QUERY)
    assert result.response
    before = texts(result.response)
    await world.ben.click(result.response, label="More")
    await world.ben.click(newest(world.papers), label="Back")
    assert texts(world.papers.last_message) == before


async def test_the_saved_list_offers_to_remove(world: World) -> None:
    await world.ben.slash(world.papers, "papers save", paper="2601.03236")
    listed = await world.ben.slash(world.papers, "papers saved")
    assert labels(listed.response) == ["Remove", "Abstract", "Similar", "PDF", "Export as BibTeX"]
    removed = await world.ben.click(answered(listed), label="Remove")
    assert "Removed from your list" in texts(removed.response)
    assert await world.feedback_of(world.ben) == []
    await world.ben.click(answered(removed), label="Undo")
    assert await world.feedback_of(world.ben) == [("2601.03236", "save")]


async def test_somebody_else_gets_the_next_page_alone(world: World) -> None:
    result = await world.ben.slash(world.papers, "papers search", query=QUERY)
    assert result.response
    pressed = await world.ana.click(result.response, label="More")
    assert pressed.ephemeral
    assert "page 2" in texts(pressed.response)
    assert "page 2" not in texts(world.papers.last_message)


async def test_a_long_search_can_be_paged_too(world: World) -> None:
    query = "how do robots learn manipulation from vision and language with action models that generalise to new tasks?"
    result = await world.ben.slash(world.papers, "papers search", query=query)
    assert result.response
    await world.ben.click(result.response, label="More")
    assert "page 2" in texts(world.papers.last_message)


LONG = "robot manipulation with vision and language " + " ".join(
    f"{n * 7919:x}q{n * n * 104729:x}" for n in range(17, 35)
)
"""A search of which no custom id can hold the half."""


async def test_a_search_of_any_length_can_be_paged_after_a_restart(world: World) -> None:
    assert 250 < len(LONG) <= 300
    result = await world.ben.slash(world.papers, "papers search", query=LONG)
    assert result.response
    await world.env.restart_bot(new_client(world.app))
    await world.ben.click(result.response, label="More")
    assert "page 2" in texts(world.papers.last_message)
    assert LONG[:40] in texts(world.papers.last_message)
    await world.ben.click(newest(world.papers), label="Back")
    assert texts(world.papers.last_message) == texts(result.response)
    pressed = await world.ana.click(newest(world.papers), label="More")
    assert "page 2" in texts(pressed.response)


async def test_a_long_search_that_is_no_longer_known_is_told(world: World) -> None:
    result = await world.ben.slash(world.papers, "papers search", query=LONG)
    assert result.response
    world.app.clock = StandingClock(world.app.clock.now() + timedelta(days=31))
    pressed = await world.ben.click(result.response, label="More")
    assert "Please run it again" in "".join(map(texts, pressed.followups))
    pressed = await world.ana.click(result.response, label="More")
    assert "Please run it again" in texts(pressed.response)


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
