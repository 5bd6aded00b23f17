"""The registry as Discord's commands."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import pytest
import structlog

from adapters.discord.commands import suggestions
from adapters.discord.components import CHOICE
from adapters.discord.registration import command_payloads
from bot.chat.registry import OptionHelp, Registry
from bot.domain.messages import Choice, Message
from tests.support.discord.limits import check_commands
from tests.support.discord.world import World


@pytest.fixture(autouse=True)
def _logging() -> Iterator[None]:
    """The command line sends log lines to what is standard error while a test runs, and no longer."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def small() -> Registry:
    """A registry with one command that has an option of each kind."""
    made = Registry()

    @made.command("shelf put", admin=True)
    async def put(
        call: Any,
        book: Annotated[str, OptionHelp("Which book. " * 30, complete="papers")],
        size: Annotated[Literal["small", "large"], OptionHelp("How large.")] = "small",
        copies: Annotated[int, OptionHelp("How many.", minimum=1, maximum=9)] = 1,
    ) -> Message:
        """Put a book on the shelf, whatever else there is to be said about it, and there is a great deal of it to say.

        More of it.
        """
        return Message()

    return made


async def test_a_command_appears_with_all_that_its_signature_says(small: Registry) -> None:
    papers = command_payloads(small)[0]
    group = papers["options"][0]
    put = group["options"][0]
    assert (papers["name"], group["name"], put["name"]) == ("papers-admin", "shelf", "put")
    book, size, copies = put["options"]
    assert (book["required"], book["autocomplete"], book["max_length"]) == (True, True, 300)
    assert [choice["value"] for choice in size["choices"]] == ["small", "large"]
    assert (copies["type"], copies["min_value"], copies["max_value"]) == (4, 1, 9)
    check_commands([papers])


async def test_papers_are_completed_by_title(world: World) -> None:
    choices = await world.ben.autocomplete(world.papers, "papers save", "paper", "robot")
    assert choices
    assert all(len(choice["name"]) <= 100 for choice in choices)
    assert await world.ben.autocomplete(world.papers, "papers save", "paper", "") == []


async def test_searches_are_completed_and_the_search_as_typed_comes_first(world: World) -> None:
    choices = await world.ben.autocomplete(world.papers, "papers search", "query", "robots cat:machine")
    assert [choice["value"] for choice in choices] == ["robots cat:machine", "robots cat:cs.LG"]
    assert choices[1]["name"] == "robots cat:cs.LG · Machine Learning"
    named = await world.ben.autocomplete(world.papers, "papers topics", "topic", "author:zh")
    assert len(named) > 1
    assert all(choice["value"].startswith("author:") for choice in named)


async def test_what_is_followed_and_the_names_of_posts_are_completed(world: World) -> None:
    await world.ben.slash(world.papers, "papers follow", what="lab:deepmind")
    await world.ana.slash(world.papers, "papers-admin digest add", name="robotics", when="9:00")
    followed = await world.ben.autocomplete(world.papers, "papers unfollow", "what", "deep")
    assert [choice["value"] for choice in followed] == ["lab:deepmind"]
    assert await world.ana.autocomplete(world.papers, "papers unfollow", "what", "deep") == []
    posts = await world.ana.autocomplete(world.papers, "papers-admin digest remove", "name", "ro")
    assert [choice["value"] for choice in posts] == ["robotics"]


async def test_time_zones_are_completed(world: World) -> None:
    choices = await world.ana.autocomplete(world.papers, "papers-admin digest timezone", "timezone", "berl")
    assert [choice["value"] for choice in choices] == ["Europe/Berlin"]


def test_suggestions_discord_would_refuse_are_left_out() -> None:
    offered = suggestions([Choice("a" * 300, "x"), Choice("b", "y" * 101), Choice("\u200b", "z"), Choice("c", "")])
    assert [(choice.name[:3], choice.value) for choice in offered] == [("aaa", "x"), ("z", "z")]
    assert len(offered[0].name) == CHOICE


def test_a_suggestion_without_a_name_goes_by_its_value_which_is_short_enough_for_both() -> None:
    longest = "𐀀" * (CHOICE // 2)
    assert [choice.name for choice in suggestions([Choice("", longest), Choice("", f"{longest}a")])] == [longest]
