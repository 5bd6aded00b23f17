"""What tests of delivery share."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.support.delivery_world import DISCORD, DUE, SLACK, World


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A post of six messages is due in both channels."""
    world = World(DUE - timedelta(hours=12), length=6)
    for destination in (DISCORD, SLACK):
        await world.put(destination)
    world.pass_time(timedelta(hours=12))
    yield world
    await world.check()
