"""A server that replays what the services send, and a clock that tests move."""

from tests.support.sources.world import bodies, clock, collect, server, settings, shared

__all__ = [
    "bodies",
    "clock",
    "collect",
    "server",
    "settings",
    "shared",
]
