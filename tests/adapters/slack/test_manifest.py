"""The manifest: made from the registry, and good for both transports."""

from collections.abc import Iterator
from typing import Annotated, Any

import pytest

from adapters.slack.listeners import Listeners
from adapters.slack.manifest import EVENTS, SCOPES, manifest, usage_hint
from bot.chat.registry import OptionHelp, Registry
from bot.commands import registry
from bot.domain.messages import Message


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
    async def count(call: Any, word: Annotated[str, OptionHelp("A word.")]) -> Message:
        """Count."""
        return Message()

    assert manifest(own)["features"]["slash_commands"][0]["usage_hint"] == "count WORD"


def test_every_command_is_hinted_at_and_a_hint_has_an_end() -> None:
    assert all(command.usage in usage_hint(registry, limit=9999) for command in registry)
    assert 40 < len(usage_hint(registry)) < 100
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

    Listeners(*[Anything()] * 13).listen(App())  # type: ignore[arg-type]
    assert sorted(events) == sorted({name.partition(".")[0] for name in EVENTS})
    assert all(SCOPES.values())


LIMITS = {
    "display_information.name": 35,
    "display_information.description": 140,
    "features.bot_user.display_name": 80,
    "features.slash_commands.command": 32,
    "features.slash_commands.description": 2000,
    "features.slash_commands.usage_hint": 99,
    "features.slash_commands.url": 3000,
    "features.unfurl_domains": 255,
    "features.shortcuts.name": 24,
    "features.shortcuts.type": 7,
    "features.shortcuts.callback_id": 255,
    "features.shortcuts.description": 150,
    "oauth_config.redirect_urls": 2500,
    "oauth_config.scopes.bot": 50,
    "settings.event_subscriptions.request_url": 3500,
    "settings.event_subscriptions.bot_events": 50,
    "settings.interactivity.request_url": 3500,
    "settings.interactivity.message_menu_options_url": 3500,
    "display_information.background_color": 7,
}
"""How long Slack lets each text of a manifest be (its published schema, 1.0.0)."""


def _texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    for name, each in value.items() if isinstance(value, dict) else ():
        yield from _texts(each, f"{path}.{name}".lstrip("."))
    for each in value if isinstance(value, list) else ():
        yield from _texts(each, path)


@pytest.mark.parametrize("url", ["", "https://papers.example.org"])
def test_every_text_is_as_long_as_slack_lets_it_be(url: str) -> None:
    texts = list(_texts(manifest(registry, public_url=url)))
    assert {path for path, _ in texts} <= LIMITS.keys()
    assert [path for path, text in texts if not 1 <= len(text) <= LIMITS[path]] == []


def test_slack_takes_five_domains() -> None:
    assert 0 < len(manifest(registry)["features"]["unfurl_domains"]) <= 5


def test_people_can_write_to_it() -> None:
    home = manifest(registry)["features"]["app_home"]
    assert home["messages_tab_read_only_enabled"] is False


def test_where_no_links_are_watched_it_is_sent_no_messages_of_channels() -> None:
    events = manifest(registry, links=False)["settings"]["event_subscriptions"]["bot_events"]
    assert [name for name in events if name.startswith(("message", "link"))] == ["message.im"]
    assert "unfurl_domains" not in manifest(registry, links=False)["features"]
    assert {"reaction_added", "app_home_opened"} <= set(events)
