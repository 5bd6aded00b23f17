"""What tests of ticks and signs of life share: time that nobody waits for."""

from tests.support.virtual_time import loop_factories, virtual_time

__all__ = ["pytest_asyncio_loop_factories", "virtual_time"]

pytest_asyncio_loop_factories = loop_factories
