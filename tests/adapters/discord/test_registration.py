"""Registering commands, and the invite."""

import json

import discord
import pytest

from adapters.discord.registration import command_payloads, invite_link
from bot.cli.app import main
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


def test_a_dry_run_prints_what_would_be_registered(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sync-commands", "--dry-run"]) == 0
    check_commands(json.loads(capsys.readouterr().out))


def test_without_a_token_nothing_is_registered(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "")
    assert main(["sync-commands"]) == 1
    assert "DISCORD_TOKEN is empty" in capsys.readouterr().err
