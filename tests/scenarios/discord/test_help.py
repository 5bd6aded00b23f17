"""Help on Discord: what it names can be pressed, and members are shown nothing of admins'."""

import re
from collections.abc import Iterator

import pytest
from simcord.actors import MemberActor

from adapters.discord.command_names import ADMIN, ROOT
from tests.support.discord.world import World, answered, texts

_MENTION = re.compile(r"</([^:>]+):(\d+)>")


async def registered(world: World) -> dict[str, int]:
    """Every command that can be pressed, as Discord has it: its whole name and the id it is called by."""
    commands = await world.client.tree.fetch_commands()
    return {name: command.id for command in commands for name in _names(dict(command.to_dict()), command.name)}


def _names(command: dict[str, object], name: str) -> Iterator[str]:
    options = command.get("options")
    below = [each for each in options if each["type"] <= 2] if isinstance(options, list) else []
    if not below:
        yield name
    for each in below:
        yield from _names(each, f"{name} {each['name']}")


async def helped(world: World, member: MemberActor, command: str = "") -> list[tuple[str, int]]:
    """The commands that help names so that they can be pressed, each with its id."""
    options = {"command": command} if command else {}
    shown = texts(answered(await member.slash(world.papers, "papers help", **options)))
    return [(name, int(number)) for name, number in _MENTION.findall(shown)]


@pytest.fixture
async def synced(world: World) -> World:
    """Commands were registered after the bot had started, and one was used since."""
    await world.ana.slash(world.papers, "papers status")
    return world


@pytest.mark.parametrize("command", ["", "digest"])
async def test_every_command_that_help_names_is_registered_under_that_id(synced: World, command: str) -> None:
    known = await registered(synced)
    for member in (synced.ana, synced.ben):
        named = await helped(synced, member, command)
        assert named
        assert [each for each in named if known.get(each[0]) != each[1]] == []


async def test_what_anybody_may_use_and_what_admins_may_is_all_named(synced: World) -> None:
    named = [each for what in ("", "digest", "club") for each in await helped(synced, synced.ana, what)]
    assert set(await registered(synced)) - {"Show paper", "Save paper", "Similar papers"} == {name for name, _ in named}


@pytest.mark.parametrize("command", ["", "digest"])
async def test_help_of_members_names_no_command_of_admins(synced: World, command: str) -> None:
    roots = {name.split()[0] for name, _ in await helped(synced, synced.ben, command)}
    assert roots == {ROOT}
    assert {name.split()[0] for name, _ in await helped(synced, synced.ana, command)} == {ROOT, ADMIN}
