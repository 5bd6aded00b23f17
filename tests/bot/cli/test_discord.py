"""sync-commands."""

import json

import pytest

from bot.cli.app import main
from tests.support.discord.limits import check_commands


def test_a_dry_run_prints_what_would_be_registered(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sync-commands", "--dry-run"]) == 0
    check_commands(json.loads(capsys.readouterr().out))


def test_without_a_token_nothing_is_registered(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "")
    assert main(["sync-commands"]) == 1
    assert "DISCORD_TOKEN is empty" in capsys.readouterr().err
