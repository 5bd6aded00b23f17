"""The engine, the store and the index, put together as an App."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.bootstrap.papers import read_upload
from bot.config import Settings
from bot.domain.counts import counted
from bot.domain.messages import printable
from bot.errors import IndexDamagedError, IndexUnusableError, UserError
from bot.library.app import App, PapersApp
from bot.library.ingest import in_thread, require_same_papers, write_index
from bot.library.library import Library
from bot.library.lookup import Lookup
from bot.library.second_reading import SecondReader
from bot.ports import Clock, Encoder, PaperIndex, Services
from bot.runtime.clocks import SystemClock
from bot.runtime.cores import cores
from bot.runtime.private_files import keep_private

if TYPE_CHECKING:
    from bot.engine.encoder import StaticEncoder
    from bot.library.zotero import Zotero
    from bot.ports import LibraryStore, Store
    from bot.ports.zotero import ZoteroService
    from storage.sql.store import SqlStore


MINILM = "minilm"
"""What PAPERBOY_ENCODER says for the transformer that reads papers beside the bundled encoder."""

_MOST_READERS = 2
"""Processes that read papers for a rebuild: for more of them the one that writes is not fast enough."""

_PRIVATE = ("paperboy.db", "paperboy.db-wal", "paperboy.db-shm", "chat_history", "index")
"""Of a data directory, what tells of people."""


def load_encoder(settings: Settings | None = None) -> Encoder:
    """The encoder of the index: fastembed's that the settings name, else the bundled one. Raises UserError."""
    if not settings or settings.encoder in {"", MINILM}:
        return _bundled_encoder()
    from adapters.transformer import TransformerEncoder

    return TransformerEncoder.load(settings.encoder, settings.data_dir / "models")


def load_second_encoder(settings: Settings) -> Encoder | None:
    """The transformer that reads papers beside the encoder of the index, where the settings name it.

    Raises UserError when it is not installed.
    """
    if settings.encoder != MINILM:
        return None
    from adapters.minilm import MiniLM
    from adapters.transformer import TransformerEncoder

    return TransformerEncoder(*MiniLM.load(), _bundled_encoder())


@cache
def _bundled_encoder() -> "StaticEncoder":
    """Loaded once in a process."""
    from bot.engine.encoder import StaticEncoder

    return StaticEncoder.load()


def open_index(path: Path, settings: Settings | None = None) -> PaperIndex:
    """The index in a folder, with the encoder of the settings; an empty one where there is none."""
    from storage.index.disk_index import DiskIndex

    return DiskIndex.open(path, load_encoder(settings))


async def sound_index(
    settings: Settings, store: "LibraryStore", tell: Callable[[str], None], *, thorough: bool = False
) -> PaperIndex:
    """The index, made anew from the store where its files are not as they were written, which `tell` is told in a line.

    `thorough`: every byte is looked at. Raises IndexUnusableError when it cannot be used or made anew.
    """
    try:
        index = open_index(settings.index_dir, settings)
        if thorough:
            await asyncio.to_thread(index.check)
    except IndexDamagedError as error:
        tell(f"The index {error.reason}; it is rebuilt from the papers that are stored.")
        try:
            await rebuild_index(settings, store, tell=tell)
        except OSError as failure:
            raise error from failure
        return open_index(settings.index_dir, settings)
    return index


def _tell(line: str) -> None:
    """A line on standard error."""
    sys.stderr.write(f"{printable(line)}\n")


async def rebuild_index(
    settings: Settings,
    store: "LibraryStore",
    indexed: Callable[[int], None] = lambda count: None,
    tell: Callable[[str], None] = lambda line: None,
) -> int:
    """Rebuild the index from the store; the old one answers until the new one is complete. Returns how many papers.

    One that was interrupted is gone on with, which `tell` is told in a line. `indexed` is called with the number of
    papers done so far. Raises IndexBusyError when another process is writing the index.
    """
    from storage.index.disk_index import DiskIndex

    encoder, expected = load_encoder(settings), await store.count_papers()
    after = await _rebuilt_before(settings, store)
    readers = min(cores() - 1, _MOST_READERS)
    async with in_thread(DiskIndex.rebuild(settings.index_dir, encoder, after=after, readers=readers)) as writer:
        if done := writer.papers:
            tell(f"Going on with the rebuild that was interrupted: {done:,} of {counted(expected, 'paper')} are done.")
            indexed(done)
        await write_index(store, writer, expected=expected, done=done, indexed=indexed)
        return writer.papers


async def _rebuilt_before(settings: Settings, store: "LibraryStore") -> int:
    """The watermark of a rebuild from this store that was interrupted; 0 without one that can be gone on with."""
    begun = await asyncio.to_thread(interrupted_rebuild, settings)
    if begun is None:
        return 0
    try:
        await require_same_papers(store, begun)
    except IndexUnusableError:
        return 0
    return begun.watermark


def interrupted_rebuild(settings: Settings) -> PaperIndex | None:
    """What a rebuild of the index has come to that is not complete; None without one that can be gone on with."""
    from storage.index.disk_index import DiskIndex

    return DiskIndex.interrupted(settings.index_dir, load_encoder(settings))


@asynccontextmanager
async def open_store(settings: Settings, *, create: bool = False) -> AsyncIterator["SqlStore"]:
    """The store; `create` makes the database of a new data directory, otherwise its absence is an error."""
    from storage.sql.store import SqlStore

    if not create:
        require_database(settings)
    elif not settings.database_url.get_secret_value():
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        keep_private(settings.data_dir / name for name in _PRIVATE)
    keys = [key.get_secret_value() for key in settings.token_keys]
    async with await SqlStore.open(settings.database, migrate=create, keys=keys) as store:
        yield store


def require_database(settings: Settings) -> None:
    """Raises UserError where there is none; asking SQLite would make the file."""
    if not settings.database_url.get_secret_value() and not (settings.data_dir / "paperboy.db").exists():
        raise UserError(
            f"No papers in {settings.data_dir} yet. Fetch today's with `paperboy sync`, "
            "or bring your own with `paperboy import FILE`."
        )


@asynccontextmanager
async def open_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    create: bool = False,
    thorough: bool = False,
    tell: Callable[[str], None] = _tell,
) -> AsyncIterator[App]:
    """Store, index and clock, together, and subscriptions where there is e-mail.

    An index that is damaged is made anew first, which `tell` is told; `thorough` looks at all of it.
    Raises UserError, StoreError and IndexUnusableError, which say what to do.
    """
    from bot.library.following import Following

    clock = clock or SystemClock()
    async with open_store(settings, create=create) as store:
        index = await _index_of(settings, store, tell, thorough=thorough)
        async with _lookup(settings, store, index) as lookup:
            yield App.over(
                store,
                index,
                clock,
                email=bool(settings.mail_from),
                lookup=lookup,
                reader=_second_reader(settings, store),
                following=Following(settings),
                data_dir=settings.data_dir,
                read_file=read_upload,
                citation_key=settings.citation_key,
                public_url=settings.public_url.rstrip("/"),
                zotero=_zotero(settings, store, index, clock),
            )


@asynccontextmanager
async def open_library(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[PapersApp]:
    """What papers are found with, for a command that needs no more: the rest takes as long to load as to search.

    An index that is damaged is made anew first, which is told on standard error.
    Raises UserError, StoreError and IndexUnusableError, which say what to do.
    """
    from storage.sql.library_store import SqlLibraryStore

    require_database(settings)
    clock = clock or SystemClock()
    async with await SqlLibraryStore.open(settings.database) as store:
        index = await _index_of(settings, store, _tell)
        async with _lookup(settings, store, index) as lookup:
            library = Library(store, index, clock, lookup)
            library.reader = _second_reader(settings, store)
            yield PapersApp(store, index, clock, library)


async def _index_of(
    settings: Settings, store: "LibraryStore", tell: Callable[[str], None], *, thorough: bool = False
) -> PaperIndex:
    """The sound index of the papers of a store."""
    index = await sound_index(settings, store, tell, thorough=thorough)
    await require_same_papers(store, index)
    return index


def _second_reader(settings: Settings, store: "LibraryStore") -> SecondReader | None:
    second = load_second_encoder(settings)
    return SecondReader(store, second) if second else None


def _zotero(settings: Settings, store: "Store", index: PaperIndex, clock: Clock) -> "Zotero | None":
    """What keeps libraries of Zotero in step; None where it is off, or nothing to encrypt their keys with."""
    if not (settings.zotero and settings.token_keys):
        return None
    from bot.library.zotero import Zotero

    def service() -> "ZoteroService":
        from adapters.zotero.service import ZoteroWeb

        return ZoteroWeb(settings.zotero_api_url, SystemClock(), store, contact=settings.contact)

    return Zotero(
        store,
        index,
        clock,
        service,
        citation_key=settings.citation_key,
        most_items=settings.zotero_most_items,
    )


@asynccontextmanager
async def _lookup(settings: Settings, store: "LibraryStore", index: PaperIndex) -> AsyncIterator[Lookup]:
    """What asks the services of the settings, by the machine's own clock: `--as-of` is about papers, not about them."""

    clock = SystemClock()

    def services() -> Services:
        from adapters.lookup import build_services

        return build_services(settings, clock, asyncio.sleep, store)

    searches = bool(settings.search_services)
    lookup = Lookup(store, index, clock, services, patience=settings.lookup_seconds, searches=searches)
    try:
        yield lookup
    finally:
        await lookup.close()
