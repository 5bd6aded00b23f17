"""slack-manifest and make-key."""

import json

import pytest
from cryptography.fernet import Fernet

from adapters.slack.manifest import manifest
from bot.cli import main
from bot.commands import registry
from tests.support.command_line import failure


def test_the_command_line_prints_it_and_makes_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slack-manifest", "--url", "https://papers.example.org"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made == manifest(registry, public_url="https://papers.example.org")
    assert main(["slack-manifest", "--no-links"]) == 0
    assert json.loads(capsys.readouterr().out) == manifest(registry, links=False)
    assert main(["make-key"]) == 0
    assert Fernet(capsys.readouterr().out.strip())


def test_an_address_that_slack_would_not_take_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    for address in ("papers", "http://papers.example.org"):
        assert "Slack takes an https address alone" in failure(capsys, "slack-manifest", "--url", address)
