"""A polite HTTP client: one connection, an interval between requests, retries, and no host but those it knows."""

import asyncio
import logging
import re
import ssl
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.metadata import version
from typing import Protocol, TypeVar

import httpx
import structlog
from pydantic import BaseModel, ConfigDict
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type
from tenacity.wait import wait_exponential, wait_random

from adapters.sources import fields
from adapters.sources.limits import wait_asked
from adapters.sources.pace import SharedInterval
from bot.errors import SourceError
from bot.ports import Clock, ServiceStore, Sleep

log = structlog.get_logger()
# It would log the address of each request, which may hold a key.
logging.getLogger("httpx").setLevel(logging.WARNING)

_ATTEMPTS_TO_CONNECT = 2
"""Without a network nothing is gained by waiting: the next sync is the better attempt."""

_ERRNO = re.compile(r"^\[Errno -?\d+\] ")
"""The number of an error of the system, of which people are told the words."""

_MOST_REDIRECTS = 3


@cache
def trusted() -> ssl.SSLContext:
    """Whom to trust, for every client of the process: httpx would read all certificates for each, in 20 ms."""
    return httpx.create_ssl_context()


@cache
def own_version() -> str:
    """Paperboy's version, which services are told."""
    return version("paperboy-bot")


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a request is tried, and how long (in seconds) is waited between the attempts.

    The wait is `backoff` at first, doubled with each attempt, and as much again at random at most; a service that wants
    to be left alone for longer than `longest` is not asked again.
    """

    attempts: int = 5
    backoff: float = 2.0
    longest: float = 900.0


SYNCING = Patience()
WAITED_FOR = Patience(attempts=4, backoff=0.5, longest=45.0)
"""Somebody waits for the answer."""


class Transient(Exception):  # noqa: N818 - no error yet: it becomes a SourceError when it persists
    """An answer that another attempt may better; raised by a `parse`, never seen by callers of `Session.get`."""

    def __init__(self, reason: str, *, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


class _Unreachable(Transient):
    """Nobody was there to answer."""


class Validators(BaseModel):
    """What a later request says to be told only of changes."""

    model_config = ConfigDict(frozen=True)

    etag: str = ""
    last_modified: str = ""

    def headers(self) -> dict[str, str]:
        """The conditional request's headers."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}


_NO_VALIDATORS = Validators()


@dataclass(frozen=True, slots=True)
class Answer:
    """A body and the validators to ask for its next version with; `unchanged` when there is no newer one."""

    body: bytes
    validators: Validators
    unchanged: bool = False
    status: int = 200


_Parsed = TypeVar("_Parsed")


class Pace(Protocol):
    """When requests may begin; whatever shares a service's limit shares its pace."""

    def turn(self) -> AbstractAsyncContextManager[None]:
        """Wait for this request's turn. Raises SourceError where it would come too late."""

    async def hold(self, seconds: float) -> None:
        """Let nothing through for some time, because the service asks for it."""


class RequestInterval:
    """A Pace within one process: an interval between the starts of requests, and one request at a time."""

    def __init__(self, clock: Clock, sleep: Sleep, *, interval: float) -> None:
        self._clock = clock
        self._sleep = sleep
        self._interval = interval
        self._next: datetime | None = None
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for this request's turn."""
        async with self._turn:
            if (seconds := self._seconds_left()) > 0:
                await self._sleep(seconds)
            self._next = self._clock.now() + timedelta(seconds=self._interval)
            yield

    async def hold(self, seconds: float) -> None:
        """Let nothing through for some time, because the service asks for it."""
        self._next = max(self._next or self._clock.now(), self._clock.now() + timedelta(seconds=seconds))

    def _seconds_left(self) -> float:
        # A clock set back must not stop the requests for long.
        left = (self._next - self._clock.now()).total_seconds() if self._next else 0.0
        return min(left, max(self._interval, SYNCING.longest))


class Client:
    """How one source talks to its service.

    `origins` (`https://export.arxiv.org`) are the only places it ever sends a request to. `contact` is a URL or
    address that goes into the User-Agent. `timeout` (seconds) covers a whole answer, whose body may have `max_bytes`.
    Without a `pace` there is one of its own, with an `interval` in seconds.
    """

    def __init__(
        self,
        *,
        origins: frozenset[str],
        clock: Clock,
        sleep: Sleep = asyncio.sleep,
        interval: float = 0.0,
        pace: Pace | None = None,
        patience: Patience = SYNCING,
        contact: str = "",
        token: str = "",
        timeout: float = 60.0,
        max_bytes: int = 64_000_000,
    ) -> None:
        self.origins = frozenset(_origin(httpx.URL(origin)) for origin in origins)
        self.clock = clock
        self.sleep = sleep
        self.interval = interval
        self.patience = patience
        self.pace: Pace = pace or RequestInterval(clock, sleep, interval=interval)
        reachable = f" (+{contact})" if contact else ""
        agent = f"paperboy-bot/{own_version()}{reachable}"
        self.headers = {"User-Agent": agent, "Accept-Encoding": "gzip"}
        if token:
            self.headers["Authorization"] = f"Bearer {token}"
        self.timeout = timeout
        self.max_bytes = max_bytes

    def share_pace(self, services: ServiceStore, service: str) -> None:
        """Keep a service's pace together with everything else that asks it, in every process."""
        self.pace = SharedInterval(services, service, self.clock, self.sleep, interval=self.interval)

    @asynccontextmanager
    async def session(self) -> AsyncIterator["Session"]:
        """One connection, for the requests of one sync."""
        limits = httpx.Limits(max_connections=1)
        async with httpx.AsyncClient(
            headers=self.headers, timeout=self.timeout, limits=limits, verify=trusted()
        ) as http:
            yield Session(self, http)


class Session:
    """An open connection of a Client."""

    def __init__(self, client: Client, http: httpx.AsyncClient) -> None:
        self._client = client
        self._http = http

    async def get(
        self,
        url: str,
        parse: Callable[[Answer], _Parsed],
        *,
        params: Mapping[str, str] | None = None,
        validators: Validators = _NO_VALIDATORS,
        accept: frozenset[int] = frozenset(),
    ) -> _Parsed:
        """What `parse` makes of the answer to a GET, after as many polite attempts as it takes.

        `parse` runs in a thread; it may raise Transient, to have the page asked for again, or SourceError. `accept` are
        statuses other than 2xx and 304 that count as answers. Raises SourceError with what was asked and what came.
        """
        target = httpx.URL(url, params=params) if params else httpx.URL(url)
        retrying = AsyncRetrying(
            sleep=self._client.sleep,
            stop=self._stop,
            wait=self._wait,
            retry=retry_if_exception_type(Transient),
            reraise=True,
        )
        try:
            async for attempt in retrying:
                with attempt:
                    answer = await self._follow(target, validators)
                    _insist_on_success(answer, accept)
                    parsed = await asyncio.to_thread(_parsed, parse, answer)
        except _Unreachable as error:
            raise SourceError(f"{target.host} cannot be reached: {error} ({_ATTEMPTS_TO_CONNECT} attempts)") from None
        except Transient as error:
            raise SourceError(f"GET {shown(target)}: {error} ({self._client.patience.attempts} attempts)") from None
        except (SourceError, httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceError(f"GET {shown(target)}: {error}") from None
        return parsed

    async def _follow(self, url: httpx.URL, validators: Validators) -> Answer:
        """One attempt, with its redirects, each of which takes its turn as a request."""
        for _ in range(_MOST_REDIRECTS + 1):
            if _origin(url) not in self._client.origins:
                raise SourceError(f"redirected to {url.scheme}://{url.netloc.decode()}, no host of this source")
            async with self._client.pace.turn():
                answer = await self._exchange(url, validators)
            if isinstance(answer, Answer):
                return answer
            url = answer
        raise SourceError(f"more than {_MOST_REDIRECTS} redirects, the last to {shown(url)}")

    async def _exchange(self, url: httpx.URL, validators: Validators) -> Answer | httpx.URL:
        """One request: its answer, or where it was redirected."""
        try:
            async with (
                asyncio.timeout(self._client.timeout),
                self._http.stream("GET", url, headers=validators.headers()) as response,
            ):
                await self._obey(response)
                if response.next_request is not None:
                    return response.next_request.url
                return await self._read(response)
        except TimeoutError:
            raise Transient(f"no complete answer within {self._client.timeout:g} s") from None
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise _Unreachable(_ERRNO.sub("", str(error)) or "no answer in time") from None
        except zlib.error as error:
            raise Transient(f"a packed answer that is damaged: {error}") from None
        except httpx.TransportError as error:
            raise Transient(f"{type(error).__name__}: {error}".rstrip(": ")) from None

    async def _read(self, response: httpx.Response) -> Answer:
        """The whole of an answer, unpacked here: httpx unpacks as often as is asked, and into memory without an end."""
        body = bytearray()
        is_packed = response.headers.get("Content-Encoding", "").strip().lower() in {"gzip", "x-gzip"}
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16) if is_packed else None
        most = self._client.max_bytes
        async for chunk in response.aiter_raw():
            body += unpacker.decompress(chunk, most + 1 - len(body)) if unpacker else chunk
            if len(body) > most:
                raise SourceError(f"more than {most:,} bytes")
            if unpacker and unpacker.eof:
                break
        if unpacker and not unpacker.eof:
            raise Transient("a packed answer that breaks off")
        validators = Validators(
            etag=response.headers.get("ETag", ""), last_modified=response.headers.get("Last-Modified", "")
        )
        unchanged = response.status_code == httpx.codes.NOT_MODIFIED
        return Answer(bytes(body), validators, unchanged, response.status_code)

    async def _obey(self, response: httpx.Response) -> None:
        """Keep still as long as the service asks for, also after a good answer that used up what it allows."""
        wait, longest = wait_asked(response.headers, self._client.clock.now()), self._client.patience.longest
        busy = response.status_code == httpx.codes.TOO_MANY_REQUESTS or response.is_server_error
        if wait:
            await self._client.pace.hold(min(wait, SYNCING.longest))
        if busy and wait > longest:
            raise SourceError(f"{_status(response.status_code)}, and asks to be left alone for {wait:.0f} s")
        if busy:
            raise Transient(_status(response.status_code), wait=wait)

    def _stop(self, state: RetryCallState) -> bool:
        failure = state.outcome.exception() if state.outcome else None
        most = _ATTEMPTS_TO_CONNECT if isinstance(failure, _Unreachable) else self._client.patience.attempts
        return state.attempt_number >= most

    def _wait(self, state: RetryCallState) -> float:
        """Exponential backoff with jitter, and no less than the service asked for."""
        failure, first = state.outcome.exception() if state.outcome else None, self._client.patience.backoff
        asked = failure.wait if isinstance(failure, Transient) else 0.0
        return asked + (wait_exponential(multiplier=first, max=120) + wait_random(0, first))(state)


def _parsed(parse: Callable[[Answer], _Parsed], answer: Answer) -> _Parsed:
    """What `parse` makes of an answer. Whatever an answer of no known shape does to it is a SourceError."""
    try:
        return parse(answer)
    except (Transient, SourceError):
        raise
    except Exception as error:
        log.warning("an answer could not be read", exc_info=error)
        raise SourceError(f"an answer of no known shape ({type(error).__name__}: {error})") from None


def shown(url: httpx.URL) -> str:
    """An address as people may read it: what lets one in is hidden."""
    for name in url.params:
        if _SECRET.search(name):
            url = url.copy_set_param(name, "hidden")
    return str(url)


_SECRET = re.compile("key|token|secret|password|signature", re.IGNORECASE)


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _insist_on_success(answer: Answer, accept: frozenset[int]) -> None:
    if not (answer.unchanged or 200 <= answer.status < 300 or answer.status in accept):
        raise SourceError(f"{_status(answer.status)}{_excerpt(answer.body)}")


def _status(status: int) -> str:
    return f"{status} {httpx.codes.get_reason_phrase(status)}".strip()


def _excerpt(body: bytes) -> str:
    """The beginning of an answer in plain text, which often says what is wrong; nothing of a web page."""
    text = fields.text(body[:200].decode(errors="replace"))
    return f": {text}" if text and not text.startswith("<") else ""
