"""A channel that takes no posts: its post is switched off in the end, and the server's owner is told why, once."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot.delivery.deliverer import Deliverer
from bot.domain.destinations import Destination
from bot.library.app import App
from bot.runtime.clocks import StandingClock
from tests.support.delivery_world import FakeComposer
from tests.support.discord.fake_discord import OWNER, FakeDiscord
from tests.support.discord.wire import HERE, PAPERS, connected
from tests.support.discord.world import texts_of

NINE = datetime(2026, 1, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize(("status", "why"), [(403, "not allowed to post in #papers"), (404, "#papers is gone")])
async def test_after_five_refusals_the_post_is_off_and_the_owner_was_told_once(
    fake: FakeDiscord, app: App, status: int, why: str
) -> None:
    await app.store.save_destination(Destination(place=HERE, at=time(9)), now=NINE - timedelta(hours=1))
    fake.fail("POST", f"/channels/{PAPERS}/messages", *[status] * 5)
    async with connected(fake, app) as platform:
        for day in range(5):
            assert await _is_on(app)
            await _tick(app, platform, NINE + timedelta(days=day))
        assert not await _is_on(app)
        await _tick(app, platform, NINE + timedelta(days=6))
    [told] = (texts_of(message) for message in fake.messages[f"9{OWNER}"])
    assert why in told
    assert "After 5 refusals in a row the daily post is switched off" in told
    assert fake.shown(PAPERS) == []


async def _tick(app: App, platform: Any, at: datetime) -> None:
    await Deliverer(app.store, FakeComposer(2), [platform], StandingClock(at)).tick()


async def _is_on(app: App) -> bool:
    known = await app.store.destination(HERE.key)
    return known is not None and known.enabled
