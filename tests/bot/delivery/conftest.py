"""What tests of delivery share."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.support.delivery_checks import check
from tests.support.delivery_world import DISCORD, DUE, SLACK, World
from tests.support.virtual_time import loop_factories, virtual_time

__all__ = ["pytest_asyncio_loop_factories", "virtual_time"]

pytest_asyncio_loop_factories = loop_factories


@pytest.fixture
async def world(virtual_time: None) -> AsyncIterator[World]:
    """A post of six messages is due in both channels."""
    world = World(DUE - timedelta(hours=12), length=6)
    for destination in (DISCORD, SLACK):
        await world.put(destination)
    world.pass_time(timedelta(hours=12))
    yield world
    await check(world)
