"""Discord is told that an answer will come, before there is one."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.support.discord.world import World, answered, labels, texts

ANSWER_LATER, CHANGE_LATER = 5, 6
EPHEMERAL = 1 << 6
CALLBACK = "/interactions/"


def acknowledgements(world: World) -> list[dict[str, Any]]:
    """How the bot acknowledged what was asked of it."""
    return [asked.json or {} for asked in world.env.http_requests if asked.path.startswith(CALLBACK)]


@pytest.mark.parametrize(
    ("command", "options", "private"), [("search", {"query": "robot"}, False), ("saved", {}, True)]
)
async def test_who_will_see_an_answer_is_told_before_it_is_there(
    world: World, command: str, options: dict[str, Any], private: bool
) -> None:
    await world.ben.slash(world.papers, f"papers {command}", **options)
    [told] = acknowledgements(world)
    assert told["type"] == ANSWER_LATER
    assert bool((told.get("data") or {}).get("flags", 0) & EPHEMERAL) is private


async def test_a_page_that_takes_the_place_of_another_opens_no_message(world: World) -> None:
    found = answered(await world.ben.slash(world.papers, "papers search", query="robot"))
    assert "More" in labels(found)
    await world.ben.click(found, label="More")
    assert [told["type"] for told in acknowledgements(world)] == [ANSWER_LATER, CHANGE_LATER]


async def test_what_discord_no_longer_waits_for_is_not_done(world: World) -> None:
    world.env.inject_error("POST", "/interactions/*/*/callback", status=404)
    with capture_logs() as logged:
        await world.ben.slash(world.papers, "papers save", paper="2601.03236")
    assert "an interaction was acknowledged too late" in {entry["event"] for entry in logged}
    assert await world.feedback_of(world.ben) == []
    assert not world.env.errors


async def test_the_place_of_a_public_answer_is_emptied_once_a_private_one_is_there(world: World) -> None:
    result = await world.ben.slash(world.papers, "papers similar", paper="2501.99999")
    sent = [(asked.method, asked.path.endswith("@original")) for asked in world.env.http_requests]
    assert sent[-3:] == [("PATCH", True), ("POST", False), ("DELETE", True)]
    assert [told.ephemeral for told in result.followups] == [True]
    assert world.papers.history(viewer=world.ana) == []
    assert "No paper 2501.99999" in texts(result.followups[0])
