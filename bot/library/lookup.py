"""Papers that are not here: looked up at the services that know them, stored and indexed."""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.paper_ids import PaperId
from bot.errors import BeingFetchedError, IndexUnusableError, LimitedError, LookupFailedError, SourceError
from bot.library.ingest import update_index_in_turn
from bot.ports import Batch, Claim, Clock, PaperIndex, PaperService, Services, Sleep, StoredPaper
from bot.runtime.cancellation import to_its_end
from bot.runtime.lazy_log import log
from bot.runtime.limits import spend

if TYPE_CHECKING:
    from bot.ports import LibraryStore

PATIENCE = 6.0
"""Seconds that somebody waits for a paper before they are told that it is being fetched."""

_LONGEST = 60.0
"""Seconds after which a lookup is given up."""

_CLAIMED = timedelta(seconds=90)
_MISSING = timedelta(days=1)
"""How long it is remembered that there is no such paper."""

_FAILED = timedelta(seconds=30)
"""How long a failure stands, so that asking again at once asks nobody."""

_LOOK_AGAIN = 0.3
"""Seconds between two looks at what another process is looking up."""

_MOST_PENDING = 2_000
"""With more papers waiting to be indexed, as during an import, a lookup does not index them."""

_ADDRESS = re.compile(r"^GET \S+: ")
"""What people need not see of an error of a source; it may also hold a key."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a lookup came to: the paper, or in words why there is none."""

    stored: StoredPaper | None = None
    said: str = ""


class Lookup:
    """Looks papers up: one lookup at a time for each, however many ask, in however many processes.

    `services` are loaded when the first lookup needs them, because HTTP clients are slow to import; `searches` says
    whether some of them can be searched. `patience` is in seconds.
    """

    def __init__(
        self,
        store: "LibraryStore",
        index: PaperIndex,
        clock: Clock,
        services: Callable[[], Services] = Services,
        *,
        patience: float = PATIENCE,
        searches: bool = False,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._store = store
        self._index = index
        self._clock = clock
        self._load = services
        self._loaded: Services | None = None
        self._patience = patience
        self.searches = searches
        self._sleep = sleep
        self._running: dict[PaperId, asyncio.Task[Answer]] = {}
        self._failed: dict[PaperId, tuple[datetime, str]] = {}
        self._closed = False

    @property
    def services(self) -> Services:
        """The services that are switched on."""
        if self._loaded is None:
            self._loaded = self._load()
        return self._loaded

    async def fetch(self, paper_id: PaperId) -> Answer:
        """The paper with an id, from whoever knows it; an answer without words where nobody can be asked.

        Raises BeingFetchedError when that takes longer than somebody waits, LookupFailedError, and LimitedError for
        who has had many looked up.
        """
        asked = [service for service in self.services.papers if service.has(paper_id)]
        if not asked:
            return Answer()
        self._require_no_failure(paper_id)
        if self._closed:
            raise LookupFailedError(f"{paper_id} is not here, and Paperboy is being stopped; ask again in a minute.")
        task = self._running.get(paper_id) or self._begin(paper_id, asked)
        await asyncio.wait({task}, timeout=self._patience)
        if not task.done():
            raise BeingFetchedError(f"{paper_id} is not here yet; it is being fetched from {_titles(asked)}.", task)
        return task.result()

    async def settle(self, paper_id: PaperId) -> None:
        """Look a paper up, however long that takes; whether it can be had shows in the store."""
        try:
            await self.fetch(paper_id)
        except BeingFetchedError as waiting:
            await asyncio.wait({asyncio.ensure_future(waiting.done)})
        except (LookupFailedError, LimitedError) as error:
            log().info("a paper was not fetched", paper=paper_id, reason=str(error))

    async def close(self) -> None:
        """Break off what is under way, and begin nothing any more."""
        self._closed = True
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(*self._running.values(), return_exceptions=True)

    def _require_no_failure(self, paper_id: PaperId) -> None:
        now = self._clock.now()
        self._failed = {key: failure for key, failure in self._failed.items() if failure[0] > now}
        if paper_id in self._failed:
            raise LookupFailedError(self._failed[paper_id][1])

    def _begin(self, paper_id: PaperId, asked: Sequence[PaperService]) -> asyncio.Task[Answer]:
        spend()
        task = asyncio.create_task(self._look_up(paper_id, asked))
        self._running[paper_id] = task
        task.add_done_callback(lambda done: self._end(paper_id, done))
        return task

    def _end(self, paper_id: PaperId, done: asyncio.Task[Answer]) -> None:
        """Forget a lookup that has ended, but for its failure: whoever asks again is told."""
        self._running.pop(paper_id, None)
        failure = None if done.cancelled() else done.exception()
        if isinstance(failure, LookupFailedError):
            self._failed[paper_id] = (self._clock.now() + _FAILED, str(failure))
        elif failure:
            log().error("a lookup failed", paper=paper_id, exc_info=failure)

    async def _look_up(self, paper_id: PaperId, asked: Sequence[PaperService]) -> Answer:
        try:
            async with asyncio.timeout(_LONGEST):
                return await self._claimed(paper_id, asked)
        except TimeoutError:
            text = f"{_titles(asked)} did not tell within {_LONGEST:.0f} seconds whether there is a paper {paper_id}."
            raise LookupFailedError(f"{text} Try again later.") from None

    async def _claimed(self, paper_id: PaperId, asked: Sequence[PaperService]) -> Answer:
        """Look a paper up, once nobody else does."""
        while True:
            now = self._clock.now()
            match await self._claim(paper_id, now):
                case Claim.OURS:
                    return await self._answered(paper_id, asked)
                case Claim.MISSING:
                    return _none(paper_id, asked)
                case Claim.TAKEN:
                    await self._sleep(_LOOK_AGAIN)
            if stored := await self._store.paper(paper_id):
                return Answer(stored)

    async def _claim(self, paper_id: PaperId, now: datetime) -> Claim:
        """Ask for the claim, and give it back where this lookup is broken off meanwhile."""
        claiming = asyncio.ensure_future(self._store.claim_lookup(paper_id, now=now, until=now + _CLAIMED))
        try:
            return await to_its_end(claiming)
        except asyncio.CancelledError:
            if not claiming.exception() and claiming.result() is Claim.OURS:
                await self._store.end_lookup(paper_id, missing_until=None)
            raise

    async def _answered(self, paper_id: PaperId, asked: Sequence[PaperService]) -> Answer:
        missing_until = None
        try:
            # Somebody may have stored it between our look into the store and the claim.
            if stored := await self._store.paper(paper_id):
                return Answer(stored)
            service, batch = await self._ask(paper_id, asked)
            if batch.papers:
                return Answer(await self._keep(paper_id, service, batch))
            missing_until = self._clock.now() + _MISSING
            return _none(paper_id, asked)
        finally:
            await self._store.end_lookup(paper_id, missing_until=missing_until)

    async def _ask(self, paper_id: PaperId, asked: Sequence[PaperService]) -> tuple[PaperService, Batch]:
        """The first service that has the paper, and what it tells; there is none only if every service says so."""
        failures = []
        for service in asked:
            error = ""
            try:
                batch = await service.fetch(paper_id)
            except SourceError as failure:
                error = plain_reason(failure)
                failures.append(f"{service.title} could not be asked for {paper_id}: {error}.")
            await to_its_end(self._store.record_request(service.name, now=self._clock.now(), error=error))
            if not error and batch.papers:
                return service, batch
        if failures:
            raise LookupFailedError(f"{failures[0]} Try again later.")
        return service, batch

    async def _keep(self, paper_id: PaperId, service: PaperService, batch: Batch) -> StoredPaper:
        await to_its_end(self._store.save_batch(service.name, batch, now=self._clock.now()))
        stored = await self._store.paper(paper_id)
        if stored is None:
            raise LookupFailedError(f"What {service.title} told of {paper_id} belongs to another paper here.")
        try:
            if await self._store.last_revision() - self._index.watermark <= _MOST_PENDING:
                await update_index_in_turn(self._store, self._index, self._sleep)
        except IndexUnusableError as error:
            log().warning(
                "a fetched paper is not indexed yet; the next sync adds it", paper=paper_id, reason=str(error)
            )
        return stored


def plain_reason(error: SourceError) -> str:
    """Why a service did not answer, without its address, which may hold a key."""
    return _ADDRESS.sub("", str(error))


def _none(paper_id: PaperId, asked: Sequence[PaperService]) -> Answer:
    names = list(dict.fromkeys(service.title for service in asked))
    if len(names) == 1:
        return Answer(said=f"{re.sub('^the ', 'The ', names[0])} has no paper {paper_id}.")
    return Answer(said=f"None of {', '.join(names)} has a paper {paper_id}.")


def _titles(asked: Sequence[PaperService]) -> str:
    """`Crossref or DataCite`."""
    return " or ".join(dict.fromkeys(service.title for service in asked))
