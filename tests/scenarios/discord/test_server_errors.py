"""Discord's edge answers 5xx although the message was accepted: discord.py does not repeat these, and nobody knows."""

from datetime import UTC, datetime, time, timedelta

import pytest

from adapters.discord.platform import DiscordPlatform
from bot.delivery.deliverer import Deliverer
from bot.domain.deliveries import Delivery, Status
from bot.domain.destinations import Destination
from bot.library.app import App
from bot.runtime.clocks import StandingClock
from tests.support.delivery_world import FakeComposer
from tests.support.discord.fake_discord import FakeDiscord
from tests.support.discord.wire import HERE, PAPERS, connected

SIX = datetime(2026, 1, 19, 18, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
async def app(app: App) -> App:
    """A post of two messages is due at six."""
    await app.store.save_destination(Destination(place=HERE, at=time(18)), now=SIX - timedelta(hours=1))
    return app


async def tick(app: App, platform: DiscordPlatform, at: datetime) -> Delivery:
    """The delivery, after what is to be done at a moment was done."""
    await Deliverer(app.store, FakeComposer(2), [platform], StandingClock(at)).tick()
    [upcoming] = await app.store.upcoming([HERE.key])
    return upcoming.deliveries[0]


async def test_a_message_that_was_accepted_with_an_error_is_sent_again_by_its_nonce_and_shows_once(
    fake: FakeDiscord, app: App
) -> None:
    fake.fail("POST", f"/channels/{PAPERS}/messages", "fail late")
    async with connected(fake, app) as platform:
        assert (await tick(app, platform, SIX)).started_at == SIX, "nobody knows whether it is there"
        ended = await tick(app, platform, SIX + 20 * SECOND)
    assert (ended.status, len(fake.shown(PAPERS))) == (Status.SENT, 2)


@pytest.mark.parametrize("status", [503, 520, 522])
async def test_what_was_not_accepted_is_sent_when_it_was_looked_for_in_vain(
    fake: FakeDiscord, app: App, status: int
) -> None:
    fake.fail("POST", f"/channels/{PAPERS}/messages", status)
    async with connected(fake, app) as platform:
        await tick(app, platform, SIX)
        ended = await tick(app, platform, SIX + 6 * MINUTE)
    assert (ended.status, len(fake.shown(PAPERS))) == (Status.SENT, 2)


async def test_while_discord_shows_no_channel_one_looks_again_later(fake: FakeDiscord, app: App) -> None:
    fake.fail("POST", f"/channels/{PAPERS}/messages", "fail late")
    fake.fail("GET", f"/channels/{PAPERS}/messages", 503)
    async with connected(fake, app) as platform:
        await tick(app, platform, SIX)
        fake.forget_nonces()
        waiting = await tick(app, platform, SIX + 6 * MINUTE)
        assert (waiting.status, len(fake.shown(PAPERS))) == (Status.SENDING, 1)
        ended = await tick(app, platform, SIX + 20 * MINUTE)
    assert (ended.status, len(fake.shown(PAPERS))) == (Status.SENT, 2)
