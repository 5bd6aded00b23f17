"""What is going on: papers, sources, services, posts, what waits, and space. `status` and the status page tell it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.deliveries import Counts, Upcoming
from bot.library.app import App
from bot.ports import ServiceState, SourceState
from bot.runtime.space import NotedBackup, folder_size, free_space, last_backup

RECENT = timedelta(days=1)
LITTLE = 1_000_000_000
"""Bytes free below which somebody should look: a database is rewritten and an index rebuilt beside the old one."""


@dataclass(frozen=True, slots=True)
class Space:
    """Bytes on the disk. `free` and `backup` are those of the machine that tells; None where they are not known."""

    database: int
    index: int
    free: int | None = None
    backup: NotedBackup | None = None

    @property
    def is_short(self) -> bool:
        """Whether somebody should make room."""
        return self.free is not None and self.free < LITTLE


@dataclass(frozen=True, slots=True)
class Overview:
    """The facts of one moment (UTC).

    `reader` is what reads papers a second time, with a transformer, and `read` how many it has read, "" and 0 where
    there is none. `pending` are changes that are not in the index yet, `lookups` papers that are being looked up;
    `counts` has the posts of the last day (`RECENT`).
    """

    now: datetime
    papers: int
    indexed: int
    pending: int
    encoder: str
    reader: str
    read: int
    sources: Sequence[SourceState]
    services: Sequence[ServiceState]
    posts: Sequence[Upcoming]
    counts: Counts
    lookups: int
    space: Space


async def overview(app: App, *, deliveries: int = 1) -> Overview:
    """What is going on now, with the newest `deliveries` of each destination."""
    store, now = app.store, app.clock.now()
    return Overview(
        now=now,
        papers=await store.count_papers(),
        indexed=len(app.index),
        pending=max(0, await store.last_revision() - app.index.watermark),
        encoder=app.index.encoder.name,
        reader=app.library.reader.name if app.library.reader else "",
        read=await app.library.reader.count() if app.library.reader else 0,
        sources=await store.source_states(),
        services=await store.service_states(),
        posts=await store.upcoming(deliveries=deliveries),
        counts=await store.count_deliveries(now=now, since=now - RECENT),
        lookups=await store.count_lookups(now=now),
        space=await space_of(app),
    )


async def space_of(app: App) -> Space:
    """Space that is taken and left."""
    database = await app.store.size()
    if app.data_dir is None:
        return Space(database, 0)
    return await asyncio.to_thread(_measured, database, app.data_dir)


def _measured(database: int, folder: Path) -> Space:
    try:
        free: int | None = free_space(folder)
    except OSError:
        free = None
    return Space(database, folder_size(folder / "index"), free, last_backup(folder))
