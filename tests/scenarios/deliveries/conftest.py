"""Deliveries are simulated in virtual time."""

from tests.support.virtual_time import loop_factories, virtual_time

__all__ = ["pytest_asyncio_loop_factories", "virtual_time"]

pytest_asyncio_loop_factories = loop_factories
