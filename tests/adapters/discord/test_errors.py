"""What Discord's answers mean for a delivery."""

from datetime import UTC, datetime, timedelta

import aiohttp
import discord
import pytest

from adapters.discord.errors import InvalidRequests, translated
from bot.domain.messages import Message
from bot.domain.people import Account, Place, private_talk
from bot.errors import DeliveryError, PostponedError, RefusedError, UnclearError
from bot.runtime.clocks import StandingClock
from tests.support.discord.posts import place
from tests.support.discord.world import World

HEADER = Message(title="Trending papers · Monday, 19 Jan 2026")


async def test_a_channel_that_is_gone_refuses(world: World) -> None:
    gone = Place("discord", str(world.guild.id), "123456789012345678", "#gone")
    with pytest.raises(RefusedError, match="#gone is gone"):
        await world.platform.send(gone, HEADER, nonce="1")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (403, RefusedError),
        (404, RefusedError),
        # discord.py 2.7.1 raises a 429 without `Via` at once, and never tries 503 and 520 again.
        (429, PostponedError),
        (500, UnclearError),
        (503, UnclearError),
        (520, UnclearError),
    ],
)
async def test_what_discord_answers_decides_what_happens(
    world: World, status: int, expected: type[DeliveryError]
) -> None:
    world.env.inject_error("POST", "/channels/*/messages", status=status)
    with pytest.raises(expected):
        await world.platform.send(place(world, world.papers), HEADER, nonce="1")


async def test_closed_direct_messages_are_called_that(world: World) -> None:
    talk = private_talk(Account("discord", str(world.ben.id), "ben"))
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50007, message="Cannot send messages")
    with pytest.raises(RefusedError, match=r"^direct messages to ben are closed$"):
        await world.platform.send(talk, HEADER, nonce="1")


@pytest.mark.parametrize("broken", [aiohttp.ServerDisconnectedError(), ConnectionResetError(), TimeoutError()])
def test_a_connection_that_breaks_leaves_it_unclear(broken: Exception) -> None:
    with pytest.raises(UnclearError), translated("#papers"):
        raise broken


@pytest.mark.parametrize("broken", [aiohttp.ServerDisconnectedError(), ConnectionResetError(), TimeoutError()])
def test_a_connection_that_breaks_while_looking_is_tried_again_later(broken: Exception) -> None:
    with pytest.raises(PostponedError), translated("#papers", looking=True):
        raise broken


def test_a_rate_limit_beyond_a_minute_postpones() -> None:
    with pytest.raises(PostponedError) as caught, translated("#papers"):
        raise discord.RateLimited(500.0)
    assert caught.value.retry_after == 500.0


def test_too_many_refused_requests_stop_sending() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    invalid = InvalidRequests(StandingClock(start), limit=100)
    for _ in range(99):
        invalid.note(403)
    invalid.note(200)
    invalid.note(429, "shared")
    invalid.check()
    invalid.note(401)
    with pytest.raises(PostponedError) as caught:
        invalid.check()
    assert timedelta(seconds=caught.value.retry_after) == InvalidRequests.WINDOW
