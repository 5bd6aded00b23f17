"""arXiv: announcements by RSS, what they left out by the API, and long stretches of time by OAI-PMH."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from pydantic import ValidationError

from adapters.sources.arxiv_api import sweep
from adapters.sources.arxiv_oai import harvest, oai_sets
from adapters.sources.arxiv_rss import read_announcement
from adapters.sources.arxiv_state import Harvest, Progress, Step, Sweep
from adapters.sources.client import Client, Session
from bot.config import Settings
from bot.domain.categories import archives, spelled_out
from bot.errors import SourceError
from bot.ports import Batch, Clock, ServiceStore, Sleep

INTERVAL = 3.0
"""Seconds between two requests, over API, RSS and OAI together."""

_FIRST_DAYS = 7
"""How far back the first sync goes."""

_OVERLAP = timedelta(days=7)
"""A paper can be looked up once it is announced, which over holidays is days after it was submitted."""

_FAR_BACK = timedelta(days=30)
"""From here on OAI-PMH is the way to read."""


class ArxivSource:
    """A PaperSource for some of arXiv's categories.

    A sync reads the current announcement (RSS), which says when papers were first seen, then asks the API for
    everything submitted since the last sync, which covers days without a sync. Where that would be more than 30 days
    they are harvested by OAI-PMH first.
    """

    name = "arxiv"

    def __init__(self, client: Client, clock: Clock, settings: Settings) -> None:
        self._client = client
        self._clock = clock
        self._settings = settings
        self._categories = spelled_out(settings.arxiv_categories)

    def share_pace(self, services: ServiceStore) -> None:
        """Keep arXiv's pace together with everything else that asks arXiv."""
        self._client.share_pace(services, self.name)

    async def batches(self, *, since: date | None, cursor: str) -> AsyncIterator[Batch]:
        """Batches of a page each, with the cursor to go on from. Raises SourceError.

        An announcement that cannot be read does not keep the API from being asked; the error comes last then.
        """
        known = _parse(cursor)
        first = since or self._today() - timedelta(days=_FIRST_DAYS)
        progress = known if known and not since else Progress(since=first)
        # Days between the cursor and a later start are still to be read.
        kept = cursor if known and since and since > _start(known) else ""
        failure: SourceError | None = None
        async with self._client.session() as session:
            async for step in self._harvest(session, progress):
                progress = step.progress
                yield _batch(step, kept)
            try:
                announced = await read_announcement(
                    session, progress, self._settings.arxiv_rss_url, archives(self._categories), self._clock
                )
            except SourceError as error:
                failure = error
            else:
                progress = announced.progress
                yield _batch(announced, kept)
            async for step in self._sweep(session, progress):
                yield _batch(step, kept)
        if failure:
            raise failure

    def _today(self) -> date:
        return self._clock.now().astimezone(UTC).date()

    async def _harvest(self, session: Session, progress: Progress) -> AsyncIterator[Step]:
        start = _start(progress)
        if progress.harvest is None:
            if progress.sweep or self._today() - start <= _FAR_BACK:
                return
            sets = oai_sets(self._categories)
            begun = Harvest(sets=sets, since=start, datestamp=start, begun=self._today())
            progress = progress.model_copy(update={"harvest": begun})
        async for step in harvest(session, progress, self._settings.arxiv_oai_url, self._categories, self._clock):
            yield step

    async def _sweep(self, session: Session, progress: Progress) -> AsyncIterator[Step]:
        if progress.sweep is None:
            if progress.read == self._today() and not progress.due:
                return
            now = self._clock.now().astimezone(UTC).replace(second=0, microsecond=0)
            start = min(datetime.combine(_start(progress), time(), tzinfo=UTC), now)
            progress = progress.model_copy(update={"sweep": Sweep(start=start, end=now, until=now)})
        async for step in sweep(session, progress, self._settings.arxiv_api_url, self._categories, self._clock):
            yield step


def from_settings(settings: Settings, clock: Clock, sleep: Sleep) -> ArxivSource:
    """The source with its own polite client: one for the three services, since they share one limit."""
    client = Client(
        origins=frozenset({settings.arxiv_api_url, settings.arxiv_rss_url, settings.arxiv_oai_url}),
        clock=clock,
        sleep=sleep,
        interval=INTERVAL,
        contact=settings.contact,
    )
    return ArxivSource(client, clock, settings)


def _start(progress: Progress) -> date:
    """The day from which a sync goes on."""
    return max(progress.since, progress.read - _OVERLAP) if progress.read else progress.since


def _parse(cursor: str) -> Progress | None:
    """A cursor; None where there is none or a version that wrote another kind left it."""
    try:
        return Progress.model_validate_json(cursor)
    except ValidationError:
        return None


def _batch(step: Step, kept: str) -> Batch:
    return replace(step.batch, cursor=kept or step.progress.model_dump_json())
