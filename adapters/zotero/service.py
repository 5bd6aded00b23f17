"""Zotero's Web API, version 3: https://www.zotero.org/support/dev/web_api/v3/start."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any, NamedTuple, TypeVar

import httpx
from pydantic import BaseModel, BeforeValidator, TypeAdapter
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential, wait_random

from adapters.sources.client import Transient, own_version, trusted
from adapters.sources.limits import wait_asked
from adapters.sources.pace import SharedInterval
from adapters.zotero.items import read_item, written
from bot.domain.zotero import ZoteroCollection, ZoteroItem
from bot.errors import AskedToWaitError, KeyRefusedError, SourceError
from bot.ports import Clock, ServiceStore, Sleep
from bot.ports.zotero import Changed, Deleted, Made, NewItem, ZoteroAccess

# It would log the address of each request, which names whose library it is.
logging.getLogger("httpx").setLevel(logging.WARNING)

NAME = "zotero"
_INTERVAL = 0.2
_TIMEOUT = 60.0
_LARGEST = 32_000_000
"""Bytes of an answer: the versions of a million items are less."""

_ATTEMPTS, _FIRST_WAIT, _LONGEST_WAIT = 5, 1.0, 60.0
"""How often a request is tried, and in seconds the first wait and the longest that Zotero may ask for meanwhile."""

_PAGE = 100
_CONFLICT, _MISSING, _UNCHANGED, _REFUSED = 412, 404, 304, 403
_FOR_GOOD = frozenset({400, 413})
"""What is said of an item that Zotero will never take: it has a field there is not, or one that is too long."""

_Read = TypeVar("_Read")


class _Answer(NamedTuple):
    status: int
    body: bytes
    headers: httpx.Headers

    @property
    def version(self) -> int:
        """The version of the library, or of the one thing that was asked for."""
        told = self.headers.get("Last-Modified-Version", "")
        if not told.isdecimal():
            raise SourceError("Zotero answered without a version")
        return int(told)


class ZoteroWeb:
    """The ZoteroService at an address, and nowhere else; `contact` goes into the User-Agent."""

    def __init__(
        self, url: str, clock: Clock, services: ServiceStore, *, sleep: Sleep = asyncio.sleep, contact: str = ""
    ) -> None:
        self.url = url.rstrip("/")
        self.clock = clock
        self.sleep = sleep
        self.pace = SharedInterval(services, NAME, clock, sleep, interval=_INTERVAL, patience=_LONGEST_WAIT)
        reachable = f" (+{contact})" if contact else ""
        self.agent = f"paperboy-bot/{own_version()}{reachable}"

    @asynccontextmanager
    async def session(self, key: str) -> AsyncIterator["Session"]:
        """A connection that acts with a key. Raises KeyRefusedError for what can be no key."""
        if not re.fullmatch(r"[\w-]{8,100}", key, re.ASCII):
            raise KeyRefusedError("This is no API key of Zotero: it has letters and digits alone.")
        headers = {"Zotero-API-Version": "3", "Zotero-API-Key": key, "User-Agent": self.agent}
        limits = httpx.Limits(max_connections=1)
        async with httpx.AsyncClient(headers=headers, timeout=_TIMEOUT, limits=limits, verify=trusted()) as http:
            yield Session(self, http)


class Session:
    """The ZoteroSession of a key."""

    def __init__(self, web: ZoteroWeb, http: httpx.AsyncClient) -> None:
        self._web = web
        self._http = http

    async def access(self) -> ZoteroAccess:
        """What the key may do."""
        told = _read(_Key, (await self._ask("GET", "keys/current")).body)
        groups = {name: right for name, right in told.access.groups.items() if right.write}
        return ZoteroAccess(
            user=told.userID,
            name=told.username or str(told.userID),
            library=told.access.user.library and told.access.user.write,
            groups=frozenset(int(name) for name in groups if name.isdecimal()),
            all_groups="all" in groups,
        )

    async def group_name(self, path: str) -> str:
        """What a group is called."""
        told: _Group = _read(_Group, (await self._ask("GET", path)).body)
        return told.data.name

    async def changed(self, path: str, *, since: int, collection: str = "") -> Changed:
        """The items at the top of a library, or of one of its collections, that changed; those in the trash, too."""
        where = f"{path}/collections/{collection}" if collection else path
        params = {"format": "versions", "since": str(since), "includeTrashed": "1"}
        known = {"If-Modified-Since-Version": str(since)} if since else {}
        answer = await self._ask("GET", f"{where}/items/top", params, headers=known, accept={_UNCHANGED})
        if answer.status == _UNCHANGED:
            return Changed({}, since)
        return Changed(_read(_Versions, answer.body), answer.version)

    async def items(self, path: str, keys: Sequence[str]) -> list[ZoteroItem]:
        """Those of fifty items that are there."""
        params = {"itemKey": ",".join(keys), "includeTrashed": "1", "format": "json"}
        told = _read(list[dict[str, Any]], (await self._ask("GET", f"{path}/items", params)).body)
        return _understood(lambda: [read_item(raw, self._web.clock.now()) for raw in told])

    async def deleted(self, path: str, *, since: int) -> Deleted:
        """What was deleted for good."""
        answer = await self._ask("GET", f"{path}/deleted", {"since": str(since)})
        told = _read(_Gone, answer.body)
        return Deleted(frozenset(told.items), frozenset(told.collections))

    async def collections(self, path: str) -> list[ZoteroCollection]:
        """All collections of a library."""
        for _ in range(_ATTEMPTS):
            found, versions = await self._pages(f"{path}/collections")
            if len(versions) == 1:
                return [ZoteroCollection(each.key, each.data.name, each.parent) for each in found if not each.trashed]
        raise SourceError("Zotero's collections changed each time they were read")

    async def _pages(self, path: str) -> tuple[list["_Collection"], set[int]]:
        """What stands on all pages of a list, and the versions of the library in which they were read."""
        found: list[_Collection] = []
        versions: set[int] = set()
        while True:
            answer = await self._ask("GET", path, {"limit": str(_PAGE), "start": str(len(found))})
            page = _read(list[_Collection], answer.body)
            found += page
            versions.add(answer.version)
            if not page or len(found) >= int(answer.headers.get("Total-Results", "0")):
                return found, versions

    async def make_collection(self, path: str, collection: ZoteroCollection) -> None:
        """Make a collection; nothing happens where there is one of this key."""
        new = {"key": collection.key, "version": 0, "name": collection.name}
        new["parentCollection"] = collection.parent or False
        told = _read(_Written, (await self._ask("POST", f"{path}/collections", body=[new])).body)
        for failure in told.failed.values():
            if failure.code != _CONFLICT:
                raise SourceError(f"Zotero did not make the collection: {failure.message}")

    async def make_items(self, path: str, items: Sequence[NewItem]) -> Made:
        """Make up to fifty items; one whose key is taken is not made again."""
        answer = await self._ask("POST", f"{path}/items", body=[written(each) for each in items])
        told = _read(_Written, answer.body)
        keys = dict(enumerate(each.key for each in items))
        failed = {keys[number]: failure for number, failure in told.failed.items() if number in keys}
        return Made(
            version=answer.version,
            done=frozenset(keys[number] for number in (*told.success, *told.unchanged) if number in keys),
            known=frozenset(key for key, failure in failed.items() if failure.code == _CONFLICT),
            refused={key: failure.message for key, failure in failed.items() if failure.code in _FOR_GOOD},
        )

    async def change(self, path: str, item: ZoteroItem, fields: Mapping[str, Any]) -> int | None:
        """Change some fields of an item that was read; the new version, None where somebody changed it meanwhile."""
        unmodified = {"If-Unmodified-Since-Version": str(item.version)}
        answer = await self._ask(
            "PATCH", f"{path}/items/{item.key}", headers=unmodified, body=fields, accept={_CONFLICT, _MISSING}
        )
        return answer.version if answer.status < _REFUSED else None

    async def _ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        body: object = None,
        accept: Collection[int] = (),
    ) -> _Answer:
        """The answer to a request, after as many polite attempts as it takes; each may be sent twice.

        What is made has a key of its own, and what is changed a version, so that nothing happens twice.
        """
        request = self._http.build_request(method, f"{self._web.url}/{path}", params=params, headers=headers, json=body)
        retrying = AsyncRetrying(
            sleep=self._web.sleep,
            stop=stop_after_attempt(_ATTEMPTS),
            wait=_wait,
            retry=retry_if_exception_type(Transient),
            reraise=True,
        )
        try:
            async for attempt in retrying:
                with attempt:
                    async with self._web.pace.turn():
                        answer = await self._exchange(request)
        except Transient as error:
            raise SourceError(f"Zotero: {error} ({_ATTEMPTS} attempts)") from None
        if answer.status == _REFUSED:
            raise KeyRefusedError("Zotero does not let this API key do that.")
        if not (200 <= answer.status < 300 or answer.status in accept):
            raise SourceError(f"Zotero answered {_named(answer.status)}")
        return answer

    async def _exchange(self, request: httpx.Request) -> _Answer:
        """One attempt."""
        try:
            async with asyncio.timeout(_TIMEOUT):
                response = await self._http.send(request, stream=True)
                try:
                    body = bytearray()
                    async for chunk in response.aiter_bytes():
                        body += chunk
                        if len(body) > _LARGEST:
                            raise SourceError(f"Zotero answered more than {_LARGEST:,} bytes")
                finally:
                    await response.aclose()
        except TimeoutError:
            raise Transient(f"no complete answer within {_TIMEOUT:g} s") from None
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise Transient(f"{type(error).__name__}: {error}".rstrip(": ")) from None
        await self._obey(response)
        return _Answer(response.status_code, bytes(body), response.headers)

    async def _obey(self, response: httpx.Response) -> None:
        """Keep still as long as Zotero asks for: `Backoff` may come with any answer, `Retry-After` with a refusal."""
        now, backoff = self._web.clock.now(), {"Retry-After": response.headers.get("Backoff", "")}
        wait = max(wait_asked(backoff, now), wait_asked(response.headers, now))
        if wait:
            await self._web.pace.hold(wait)
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS or response.is_server_error:
            if wait > _LONGEST_WAIT:
                raise AskedToWaitError(f"Zotero asks to be left alone for {wait:.0f} s", wait)
            raise Transient(_named(response.status_code), wait=wait)


def _wait(state: RetryCallState) -> float:
    """Exponential backoff with jitter; what Zotero asked for is kept by the pace."""
    return (wait_exponential(multiplier=_FIRST_WAIT, max=_LONGEST_WAIT) + wait_random(0, _FIRST_WAIT))(state)


def _named(status: int) -> str:
    return f"{status} {httpx.codes.get_reason_phrase(status)}".strip()


def _read(shape: "type[_Read] | Any", body: bytes) -> Any:
    """A body of a known shape. Raises SourceError for any other."""
    return _understood(lambda: TypeAdapter(shape).validate_json(body))


def _understood(read: Callable[[], _Read]) -> _Read:
    try:
        return read()
    except ValueError as error:
        raise SourceError(f"Zotero answered something of no known shape ({type(error).__name__})") from None


def _no_list(value: object) -> object:
    """PHP writes an empty object as an empty list."""
    return {} if value == [] else value


_Versions = Annotated[dict[str, int], BeforeValidator(_no_list)]


class _Right(BaseModel):
    library: bool = False
    write: bool = False


class _Rights(BaseModel):
    user: Annotated[_Right, BeforeValidator(_no_list)] = _Right()
    groups: Annotated[dict[str, _Right], BeforeValidator(_no_list)] = {}


class _Key(BaseModel):
    userID: int  # noqa: N815  (Zotero's name)
    username: str = ""
    access: Annotated[_Rights, BeforeValidator(_no_list)] = _Rights()


class _Named(BaseModel):
    name: str
    parentCollection: str | bool = False  # noqa: N815
    deleted: bool = False


class _Group(BaseModel):
    data: _Named


class _Collection(BaseModel):
    key: str
    data: _Named

    @property
    def parent(self) -> str:
        """The key of the collection that it is in; empty at the top."""
        return self.data.parentCollection if isinstance(self.data.parentCollection, str) else ""

    @property
    def trashed(self) -> bool:
        """Whether it is in the trash."""
        return self.data.deleted


class _Gone(BaseModel):
    items: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()


class _Failure(BaseModel):
    code: int
    message: str = ""


class _Written(BaseModel):
    success: Annotated[dict[int, Any], BeforeValidator(_no_list)] = {}
    unchanged: Annotated[dict[int, Any], BeforeValidator(_no_list)] = {}
    failed: Annotated[dict[int, _Failure], BeforeValidator(_no_list)] = {}
