"""Registering commands, and the invite."""

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
    }


async def test_discord_takes_all_commands() -> None:
    payloads = command_payloads(registry)
    assert [command["name"] for command in payloads] == ["papers", "Save paper", "Similar papers"]
    check_commands(payloads)


async def test_everything_is_for_servers_and_people_everywhere() -> None:
    for command in command_payloads(registry):
        assert command["integration_types"] == [0, 1]
        assert command["contexts"] == [0, 1, 2]
