"""Libraries of Zotero: connecting one, and keeping each in step with what its owner saved."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bot.domain.people import Place, person_key
from bot.domain.zotero import HOME, PLATFORM, ZoteroCollection, ZoteroLibrary, new_key, zotero_account
from bot.errors import AskedToWaitError, IndexUnusableError, KeyRefusedError, SourceError, StoreError, UserError
from bot.library.citations import KEY
from bot.library.ingest import update_index_in_turn
from bot.library.zotero_sync import LEASE, CollectionGoneError, DisconnectedError, TooLargeError, ZoteroTurn
from bot.ports import Clock, PaperIndex, Store
from bot.ports.zotero import ZoteroAccess, ZoteroService, ZoteroSession
from bot.runtime.backoff import backoff
from bot.runtime.cancellation import to_its_end
from bot.runtime.lazy_log import log

EVERY = timedelta(minutes=10)
"""The time between two turns of a library."""

MOST_ITEMS = 20_000
"""Items of a library that is kept in step, at most, unless a setting says otherwise."""

_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(hours=6)
"""How long a library that had trouble is left alone."""

_AT_ONCE = 20
"""Libraries that are worked on in one tick."""

_GROUP = re.compile(r"(?:.*groups/)?(\d{1,12})(?:/.*)?")
_NEW_KEY = "Make one at zotero.org/settings/keys/new that may read and write the library."


class Zotero:
    """Keeps libraries in step. The service is loaded when it is first needed: HTTP clients are slow to import."""

    def __init__(
        self,
        store: Store,
        index: PaperIndex,
        clock: Clock,
        service: Callable[[], ZoteroService],
        *,
        citation_key: str = KEY,
        most_items: int = MOST_ITEMS,
    ) -> None:
        self._store = store
        self._index = index
        self._clock = clock
        self._load = service
        self._loaded: ZoteroService | None = None
        self._citation_key = citation_key
        self._most_items = most_items

    @property
    def _service(self) -> ZoteroService:
        if self._loaded is None:
            self._loaded = self._load()
        return self._loaded

    async def connect(
        self, person: int, key: str, *, place: Place | None = None, library: str = "", collection: str = ""
    ) -> ZoteroLibrary:
        """Connect a library to what a person saved, or with a `place` to its library; its turn is at once.

        `library` is a group by its number or address; empty for the person's own library, and for a place the one group
        that the key may write to. With a `collection`, by its name, that one alone is read and written to. Raises
        UserError when the key does not allow it or Zotero does not answer.
        """
        try:
            async with self._service.session(key.strip()) as session:
                access = await session.access()
                path = _path(access, library.strip(), group=place is not None)
                name = access.name if path.startswith("users/") else await session.group_name(path)
                home = await _collection(session, path, collection.strip() or HOME)
        except KeyRefusedError:
            raise UserError(f"Zotero does not accept this API key for that library. {_NEW_KEY}") from None
        except SourceError as error:
            raise UserError(f"{error}. Nothing was connected; try again later.") from None
        owner = place.key if place else person_key(person)
        whole = not collection.strip()
        connected = ZoteroLibrary(owner, person, key.strip(), path, name, home, whole, next_at=self._clock.now())
        await self._store.connect_zotero(connected)
        return connected

    async def library(self, owner: str) -> ZoteroLibrary | None:
        """The library of an owner; None where there is none, or its key cannot be read any more."""
        try:
            return await self._store.zotero_library(owner)
        except StoreError as error:
            log().error("a library of Zotero cannot be opened", reason=str(error))
            return None

    async def count(self, owner: str) -> int:
        """How many papers are in an owner's library and saved here."""
        linked = await self._store.linked_items(owner)
        return len({each.paper_id for each in linked if each.saved and each.there})

    async def sync_due(self) -> None:
        """Give libraries their turn that is due.

        Each is claimed when its turn comes: one that waited for a long one before it would be somebody else's by then.
        """
        for _ in range(_AT_ONCE):
            now = self._clock.now()
            owners = await self._store.claim_zotero(now=now, until=now + LEASE)
            if not owners:
                return
            await self._sync(owners[0])

    async def sync(self, owner: str) -> ZoteroLibrary | None:
        """Bring the library of an owner in step now; how that went, or None where there is none, or it is under way.

        What fails is recorded, and tried again later.
        """
        now = self._clock.now()
        claimed = await self._store.claim_zotero(now=now, until=now + LEASE, owner=owner)
        return await self._sync(owner) if claimed else None

    async def _sync(self, owner: str) -> ZoteroLibrary | None:
        """Give a library that was claimed its turn."""
        library = await self.library(owner)
        if library is None:
            return None
        try:
            ended = await self._in_step(library)
        except DisconnectedError:
            return None
        await to_its_end(self._store.end_zotero(library, ended))
        # What its owner has to mend is no trouble of the service.
        trouble = ended.error if ended.next_at else ""
        await to_its_end(self._store.record_request(PLATFORM, now=self._clock.now(), error=trouble))
        await self._index_what_came()
        return ended

    async def _in_step(self, library: ZoteroLibrary) -> ZoteroLibrary:
        """The library after its turn."""
        saver = library.person
        if library.owner != person_key(library.person):
            saver = await self._store.person(zotero_account(library.owner))
        try:
            async with self._service.session(library.key) as session:
                version = await ZoteroTurn(
                    self._store,
                    self._clock,
                    session,
                    library,
                    saver,
                    citation_key=self._citation_key,
                    most_items=self._most_items,
                ).run()
        except SourceError as error:
            log().warning("a library of Zotero is not in step", owner=library.owner, reason=str(error))
            return self._failed(library, error)
        now = self._clock.now()
        return replace(library, version=version, synced_at=now, next_at=now + EVERY, error="", attempts=0)

    def _failed(self, library: ZoteroLibrary, error: SourceError) -> ZoteroLibrary:
        """The library after a turn that failed; one that its owner has to mend waits to be connected again."""
        asked = timedelta(seconds=error.seconds) if isinstance(error, AskedToWaitError) else timedelta(0)
        wait = max(asked, backoff(library.attempts, _SHORTEST, _LONGEST))
        mended_by_hand = isinstance(error, KeyRefusedError | CollectionGoneError | TooLargeError)
        next_at = None if mended_by_hand else self._clock.now() + wait
        return replace(library, next_at=next_at, error=str(error), attempts=library.attempts + 1)

    async def _index_what_came(self) -> None:
        try:
            await update_index_in_turn(self._store, self._index, asyncio.sleep)
        except IndexUnusableError as error:
            log().warning("papers from Zotero are not indexed yet; the next sync adds them", reason=str(error))


def _path(access: ZoteroAccess, library: str, *, group: bool) -> str:
    """The library that is meant. Raises UserError where the key may not write to it, or nobody knows which is meant."""
    if library:
        found = _GROUP.fullmatch(library)
        if not found:
            raise UserError("A group is named by its number or its address, such as zotero.org/groups/12345.")
        number = int(found[1])
        if not (access.all_groups or number in access.groups):
            raise UserError(f"This API key may not write to the group {number}. {_NEW_KEY}")
        return f"groups/{number}"
    if group:
        if not (access.groups or access.all_groups):
            raise UserError(f"This API key may write to no group. {_NEW_KEY}")
        if len(access.groups) != 1:
            raise UserError("Which group's library? Give its number or its address, such as zotero.org/groups/12345.")
        return f"groups/{min(access.groups)}"
    if not access.library:
        raise UserError(f"This API key may not write to your library. {_NEW_KEY}")
    return f"users/{access.user}"


async def _collection(session: ZoteroSession, path: str, name: str) -> str:
    """The key of a collection by its name, which is made at the top of the library where there is none."""
    known = [each for each in await session.collections(path) if each.name.casefold() == name.casefold()]
    if known:
        return min(known, key=lambda each: (bool(each.parent), each.key)).key
    made = ZoteroCollection(new_key(), name)
    await session.make_collection(path, made)
    return made.key
