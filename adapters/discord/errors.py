"""What went wrong with a request to Discord, in the words of the core."""

import math
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import SimpleNamespace

import aiohttp
import discord

from bot.errors import DeliveryError, PostponedError, RefusedError, UnclearError
from bot.ports import Clock

_LATER = 300.0
_CLOSED = 50007
"""Discord's code for a direct message to somebody who takes none from the bot."""


@contextmanager
def translated(where: str, *, looking: bool = False) -> Iterator[None]:
    """Raise DeliveryErrors in place of discord.py's and the network's.

    A request that got no answer may have shown its message, which raises UnclearError; where it was only `looking`,
    it can be made again later, which is PostponedError.
    """
    try:
        yield
    except DeliveryError:
        raise
    except discord.RateLimited as error:
        raise PostponedError(f"Discord is limiting the rate in {where}", retry_after=error.retry_after) from error
    except discord.HTTPException as error:
        raise _from_status(where, error, looking=looking) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise _unanswered(f"The connection to Discord broke in {where}: {error}", looking=looking) from error


def _unanswered(reason: str, *, looking: bool) -> DeliveryError:
    return PostponedError(reason, retry_after=_LATER) if looking else UnclearError(reason)


def _from_status(where: str, error: discord.HTTPException, *, looking: bool) -> DeliveryError:
    if error.status == 404:
        return RefusedError(f"{where} is gone, or Paperboy was removed from it")
    if error.status == 403:
        return RefusedError(_forbidden(where, error))
    if error.status == 429:
        # discord.py leaves those to us that come from the network in front of Discord, which sets no `Via`.
        return PostponedError(f"Discord is limiting the rate in {where}", retry_after=_retry_after(error))
    if error.status == 401:
        return PostponedError("Discord does not accept the token", retry_after=_LATER)
    if error.status >= 500:
        # It may have taken the message before it failed.
        return _unanswered(f"Discord is failing ({error.status}) in {where}", looking=looking)
    return RefusedError(f"Discord rejected the message for {where}: {error.text}")


def _forbidden(where: str, error: discord.HTTPException) -> str:
    if error.code == _CLOSED:
        return f"direct messages to {where} are closed"
    return f"Paperboy is not allowed to post in {where}: {error.text or 'no permission'}"


def _retry_after(error: discord.HTTPException) -> float:
    """Seconds to wait, as the answer says or else as usual; it may give a date in their place."""
    try:
        seconds = float(error.response.headers.get("Retry-After", ""))
    except ValueError:
        return _LATER
    return seconds if 0 <= seconds < math.inf else _LATER


class InvalidRequests:
    """Counts answers 401, 403 and 429: Discord bans an address for an hour at 10,000 of them in ten minutes.

    `limit` is how many there may be before nothing more is sent.
    """

    WINDOW = timedelta(minutes=10)

    def __init__(self, clock: Clock, limit: int = 2000) -> None:
        self._clock = clock
        self._limit = limit
        self._moments: deque[datetime] = deque(maxlen=limit)

    @property
    def trace(self) -> aiohttp.TraceConfig:
        """What lets aiohttp tell of every answer."""
        config = aiohttp.TraceConfig()
        config.on_request_end.append(self._took)
        return config

    async def _took(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, ended: aiohttp.TraceRequestEndParams
    ) -> None:
        self.note(ended.response.status, ended.response.headers.get("X-RateLimit-Scope", ""))

    def note(self, status: int, scope: str = "") -> None:
        """Count an answer; limits shared with others (`scope`) do not count."""
        if status in {401, 403} or (status == 429 and scope != "shared"):
            self._moments.append(self._clock.now())

    def check(self) -> None:
        """Raise PostponedError while there were too many: well before Discord bans."""
        oldest = self._moments[0] if len(self._moments) == self._limit else None
        if oldest is not None and self._clock.now() - oldest < self.WINDOW:
            wait = (oldest + self.WINDOW - self._clock.now()).total_seconds()
            raise PostponedError("Discord refused too many requests; waiting before the next", retry_after=wait)
