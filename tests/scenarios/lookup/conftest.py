"""Paperboy on the bundled sample, and a server that stands for every service that is asked about papers."""

from collections.abc import AsyncIterator

import pytest

from adapters.lookup import build_services
from bot.library.app import App
from bot.library.lookup import Lookup
from tests.support.discord.world import fake as discord
from tests.support.discord.world import pytest_itemcollected, simcord_bot, world
from tests.support.lookup.bodies import lookup_settings
from tests.support.slack.world import browser, fake, over_http, over_socket, tokens, waits, workspace
from tests.support.sources.world import FakeClock, ReplayServer, clock, server, shared

SOON, LATE = 20.0, 0.05
"""Seconds within which an answer is there, and after which nobody waits for a late one."""


@pytest.fixture
def patience() -> float:
    """Seconds that somebody waits for a paper before they are told that it is being fetched."""
    return SOON


@pytest.fixture
async def app(app: App, server: ReplayServer, clock: FakeClock, patience: float) -> AsyncIterator[App]:
    """The sample, where papers that are not in it are asked for; waiting takes no time."""
    settings = lookup_settings(server)
    services = build_services(settings, clock, clock.sleep, app.store)
    lookup = Lookup(app.store, app.index, clock, lambda: services, patience=patience, sleep=clock.sleep)
    yield App.over(app.store, app.index, app.clock, lookup=lookup)
    await lookup.close()


__all__ = [
    "browser",
    "clock",
    "discord",
    "fake",
    "over_http",
    "over_socket",
    "pytest_itemcollected",
    "server",
    "shared",
    "simcord_bot",
    "tokens",
    "waits",
    "workspace",
    "world",
]
