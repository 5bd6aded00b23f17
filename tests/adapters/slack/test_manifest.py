"""The manifest: made from the registry, and good for both transports."""

import json
from typing import Annotated, Any

import pytest
from cryptography.fernet import Fernet

from adapters.slack.app import Listeners
from adapters.slack.manifest import EVENTS, SCOPES, manifest, usage_hint
from bot.cli import run
from bot.commands import registry
from bot.messages import Message
from bot.registry import Registry, Says


def test_socket_mode_needs_no_address() -> None:
    made = manifest(registry)
    assert made["settings"]["socket_mode_enabled"]
    assert "url" not in made["features"]["slash_commands"][0]
    assert "redirect_urls" not in made["oauth_config"]
    assert "http" not in str(made)


def test_http_names_its_address_everywhere() -> None:
    made = manifest(registry, public_url="https://papers.example.org/")
    url = "https://papers.example.org/slack/events"
    assert made["features"]["slash_commands"][0]["url"] == url
    assert made["settings"]["event_subscriptions"]["request_url"] == url
    assert made["settings"]["interactivity"]["request_url"] == url
    assert made["settings"]["interactivity"]["message_menu_options_url"] == url
    assert made["oauth_config"]["redirect_urls"] == ["https://papers.example.org/slack/oauth_redirect"]
    assert made["settings"]["token_rotation_enabled"]


def test_a_new_command_is_in_the_manifest() -> None:
    own = Registry()

    @own.command()
    async def count(call: Any, word: Annotated[str, Says("A word.")]) -> Message:
        """Count."""
        return Message()

    assert manifest(own)["features"]["slash_commands"][0]["usage_hint"] == "count WORD"


def test_every_command_is_hinted_at_and_a_hint_has_an_end() -> None:
    assert all(command.usage in usage_hint(registry) for command in registry)
    assert len(usage_hint(registry, limit=40)) <= 40


def test_every_event_and_scope_has_its_use() -> None:
    events = []

    class App:
        def event(self, name: str) -> Any:
            events.append(name)
            return lambda listener: listener

        def __getattr__(self, _: str) -> Any:
            return lambda *_: lambda listener: listener

    class Anything:
        def __getattr__(self, _: str) -> Any:
            return None

    Listeners(*[Anything()] * 7).listen(App())  # type: ignore[arg-type]
    assert sorted(events) == sorted({name.partition(".")[0] for name in EVENTS})
    assert all(SCOPES.values())


def test_the_command_line_prints_it_and_makes_keys(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["slack-manifest", "--url", "https://papers.example.org"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made == manifest(registry, public_url="https://papers.example.org")
    assert run(["make-key"]) == 0
    assert Fernet(capsys.readouterr().out.strip())
