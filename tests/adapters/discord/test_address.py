"""Another address for Discord."""

import pytest
from discord.http import Route

from adapters.discord.address import API_URL, speak_to
from bot.config import Settings


def test_a_stand_in_is_asked_where_one_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Route, "BASE", API_URL)
    speak_to(Settings(_env_file=None).discord_api_url)
    assert Route("GET", "/users/@me").url == "https://discord.com/api/v10/users/@me"
    speak_to("http://127.0.0.1:8099/api/v10/")
    assert Route("GET", "/users/@me").url == "http://127.0.0.1:8099/api/v10/users/@me"
