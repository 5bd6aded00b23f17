"""Registering commands, and the invite."""

from collections.abc import Iterator
from typing import Any

import discord

from adapters.discord.registration import command_payloads, invite_link
from bot.commands import registry
from tests.support.discord.limits import check_commands


def test_the_invite_asks_for_what_is_needed_and_no_more() -> None:
    link, _, permissions = invite_link(7).rpartition("&permissions=")
    assert link == "https://discord.com/oauth2/authorize?client_id=7&scope=bot+applications.commands"
    assert {name for name, granted in discord.Permissions(int(permissions)) if granted} == {
        "read_messages",
        "send_messages",
        "send_messages_in_threads",
        "create_public_threads",
        "attach_files",
        "read_message_history",
        "send_polls",
        "create_events",
    }


async def test_discord_takes_all_commands() -> None:
    payloads = command_payloads(registry)
    assert [command["name"] for command in payloads] == [
        "papers",
        "papers-admin",
        "Show paper",
        "Save paper",
        "Similar papers",
    ]
    check_commands(payloads)


async def test_members_see_no_command_that_is_for_admins() -> None:
    papers, admin = command_payloads(registry)[:2]
    assert papers["default_member_permissions"] is None
    assert admin["default_member_permissions"] == discord.Permissions(manage_guild=True).value
    for payload, hidden in ((papers, False), (admin, True)):
        assert {registry[name].admin for name in leaves(payload)} == {hidden}


def leaves(command: dict[str, Any]) -> Iterator[str]:
    """The names of the subcommands, as the registry has them."""
    for option in command["options"]:
        inside = [each for each in option.get("options", []) if each["type"] == 1]
        yield from [f"{option['name']} {each['name']}" for each in inside] or [option["name"]]


async def test_everything_is_for_servers_and_people_everywhere() -> None:
    for command in command_payloads(registry):
        assert command["integration_types"] == [0, 1]
        assert command["contexts"] == [0, 1, 2]
