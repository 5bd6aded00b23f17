"""Posting to channels of every kind, and what comes of refusals."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.discord.platform import from_settings, parse_shards
from bot.chat.dispatch import Dispatcher
from bot.chat.reactions import Reactions
from bot.cli.app import main
from bot.commands import registry
from bot.config import Settings
from bot.domain.messages import Message, text
from bot.domain.people import Account, Place, private_talk
from bot.errors import RefusedError, UserError
from bot.library.app import App
from tests.support.discord.posts import place
from tests.support.discord.world import World, newest, texts

HEADER = Message(title="Trending papers · Monday, 19 Jan 2026")

PAPER = Message(title="A paper")


async def test_a_message_is_posted_and_its_id_returned(world: World) -> None:
    sent = await world.platform.send(place(world, world.papers), HEADER, nonce="1")
    assert newest(world.papers).id == int(sent)
    assert texts(world.papers.last_message) == "## Trending papers · Monday, 19 Jan 2026"


async def test_messages_of_a_channel_are_spaced_and_another_channel_does_not_wait_for_them(world: World) -> None:
    here, there = place(world, world.papers), place(world, world.guild.create_text_channel("reading-group"))
    for channel, waited in ((here, 0), (there, 0), (here, 1), (here, 2)):
        await world.platform.send(channel, HEADER, nonce=f"{channel.key}/{waited}")
        assert 1.0 * waited <= world.waits.seconds() < 1.1 * waited + 0.1


async def test_admins_are_told_in_a_direct_message(world: World) -> None:
    told = Message(body=(text("The daily post is off."),))
    await world.platform.tell_admins(place(world, world.papers), told)
    assert texts(world.guild.owner.dm_channel.history()[-1]) == "The daily post is off."


async def test_a_message_reaches_somebody_in_their_private_talk(world: World) -> None:
    talk = private_talk(Account("discord", str(world.ben.id), "ben"))
    await world.platform.send(talk, HEADER, nonce="1")
    await world.platform.tell_admins(talk, PAPER)
    assert [texts(message) for message in world.ben.user.dm_channel.history()] == [
        "## Trending papers · Monday, 19 Jan 2026",
        "## A paper",
    ]


async def test_when_nobody_can_be_told_that_is_an_error(world: World) -> None:
    world.env.inject_error("POST", "/channels/*/messages", status=403)
    with pytest.raises(RefusedError):
        await world.platform.tell_admins(place(world, world.papers), HEADER)


async def test_it_reaches_the_servers_of_its_shards(world: World) -> None:
    here = place(world, world.papers)
    assert world.platform.reaches(here)
    assert world.platform.reaches(private_talk(Account("discord", "1")))
    assert not world.platform.reaches(replace(here, platform="slack"))


def test_shards_are_read_from_the_settings() -> None:
    assert parse_shards("") == (None, None)
    assert parse_shards("1/4") == ([1], 4)
    assert parse_shards("0-2/8") == ([0, 1, 2], 8)
    for wrong in ("4/4", "2-1/4", "x", "1"):
        with pytest.raises(UserError, match="not a range of shards"):
            parse_shards(wrong)


async def test_the_settings_make_a_platform(app: App) -> None:
    settings = Settings(_env_file=None, discord_shards="0/2")
    platform = from_settings(settings, app, Dispatcher(registry, app), Reactions(app.store))
    assert (platform.name, platform.repeatable) == ("discord", True)
    assert not platform.reaches(Place("discord", "1", "2"))
    assert not platform.client.intents.message_content


def test_shards_that_make_no_sense_are_refused(
    sample_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a.token.here")
    data = shutil.copytree(sample_folder, tmp_path / "data")
    assert main(["run", "--shards", "9/2", "--data-dir", str(data)]) == 1
    assert "“9/2” is not a range of shards" in capsys.readouterr().err
