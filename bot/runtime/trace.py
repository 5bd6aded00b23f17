"""Traces: one id on all log lines of one piece of work, from a command, a reaction or a tick to its answer.

The id stands in structlog's context, which tasks and `asyncio.to_thread` copy when they begin, so what a command starts
has the id of the command.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from secrets import token_hex

_BYTES = 4
"""Of an id: short enough to be read out, and among a million pieces of work one in 4,000 shares its id."""


def begin(work: str, name: str = "") -> str:
    """Give this task's work an id from here on, and return it: eight characters.

    Of the same `name` the same id: a post keeps its own in whichever process it goes on.
    """
    from structlog.contextvars import bind_contextvars

    trace = blake2b(name.encode(), digest_size=_BYTES).hexdigest() if name else token_hex(_BYTES)
    bind_contextvars(trace=trace, work=work)
    return trace


def current() -> str:
    """The id of what is being done; empty where nothing has begun."""
    from structlog.contextvars import get_contextvars

    return str(get_contextvars().get("trace", ""))


@contextmanager
def traced(work: str) -> Iterator[str]:
    """The id of what is being done, for a block; a new one where nothing has begun."""
    from structlog.contextvars import unbind_contextvars

    if known := current():
        yield known
        return
    trace = begin(work)
    try:
        yield trace
    finally:
        unbind_contextvars("trace", "work")
