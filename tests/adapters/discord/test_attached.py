"""A file that comes with `/papers import`."""

from types import SimpleNamespace
from typing import Any

import discord
import pytest

from adapters.discord.attached import attached
from bot.errors import UserError
from tests.support.discord.world import World, labels, texts

BIBTEX = b"@article{shannon, title={A Mathematical Theory of Communication}, author={Shannon, Claude}, year={1948}}"


async def test_an_attached_file_becomes_saves_and_is_taken_back(world: World) -> None:
    result = await world.ben.slash(world.papers, "papers import", file=("refs.bib", BIBTEX))
    assert result.response
    assert result.ephemeral
    assert "**1 paper saved** from refs.bib." in texts(result.response)
    assert labels(result.response) == ["Saved papers", "Take this one back"]
    assert len(await world.feedback_of(world.ben)) == 1
    undone = await world.ben.click(result.response, label="Take this one back")
    assert undone.response
    assert "1 paper is off your list again." in texts(undone.response)
    assert await world.feedback_of(world.ben) == []


async def test_a_file_that_is_too_large_is_not_fetched(world: World) -> None:
    result = await world.ben.slash(world.papers, "papers import", file=("refs.bib", b" " * 10_000_001))
    assert result.response
    assert "refs.bib is larger than 10 MB" in texts(result.response)


async def test_a_file_that_discord_does_not_hand_over_is_told() -> None:
    async def lost(*_: Any) -> bytes:
        raise discord.DiscordException

    about: Any = {"id": 1, "filename": "refs.bib", "size": 9, "url": "u", "proxy_url": "p"}
    state: Any = SimpleNamespace(http=SimpleNamespace(get_from_cdn=lost))
    file = discord.Attachment(data=about, state=state)
    with pytest.raises(UserError, match="did not hand over"):
        await attached({"file": file})
    assert await attached({"query": "words"}) is None
