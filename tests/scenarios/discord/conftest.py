"""A simulated Discord server, and a small one on this machine."""

from tests.support.discord.world import fake, pytest_itemcollected, simcord_bot, world

__all__ = [
    "fake",
    "pytest_itemcollected",
    "simcord_bot",
    "world",
]
