"""Hugging Face Daily Papers: what people submitted day by day, and the upvotes it has."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import from_json

from adapters.sources.client import Answer, Client, Session, Transient, Validators
from adapters.sources.daily_papers import flatten
from adapters.sources.records import gather
from bot.config import Settings
from bot.ports import Batch, Clock, Sleep

Listing = Literal["date", "week", "month"]

_PAGE = 50
"""Papers asked for at a time."""

_FIRST_DAYS = 14
"""How far back the first sync goes."""

_REREAD_DAYS = 3
"""A day fills up gradually and most votes come within three days, so these last days are read again."""


class _Cursor(BaseModel):
    """The last day read, and the validators of days that will be read again."""

    model_config = ConfigDict(frozen=True)

    day: date
    validators: dict[date, Validators] = {}


@dataclass(frozen=True, slots=True)
class Period:
    """A day, week or month as the API names it (`date=2026-01-06`, `week=2026-W02`, `month=2026-01`)."""

    listing: Listing
    name: str
    first: date
    last: date


class _Page(NamedTuple):
    entries: list[object]
    answer: Answer


class _Read(NamedTuple):
    """What a period came to; `repeats` where a page of it came twice."""

    batch: Batch
    done: _Cursor
    repeats: bool


class HuggingFaceSource:
    """A PaperSource that reads Daily Papers by day (or week or month) and, at the end, the trending listing.

    Every reading dates upvotes, comments and stars to the moment it is made.
    """

    name = "huggingface"

    def __init__(
        self,
        client: Client,
        clock: Clock,
        *,
        url: str,
        listing: Listing = "date",
        trending: bool = True,
    ) -> None:
        self._client = client
        self._clock = clock
        self._url = f"{url}/api/daily_papers"
        self._listing = listing
        self._trending = trending

    async def batches(self, *, since: date | None, cursor: str) -> AsyncIterator[Batch]:
        """One batch a day up to today (UTC), each with the cursor to go on from. Raises SourceError.

        A page that comes twice ends the sync with a note: the service would be asked for ever.
        """
        today = self._clock.now().astimezone(UTC).date()
        known = _parse(cursor)
        next_day = known.day - timedelta(days=_REREAD_DAYS) if known else today - timedelta(days=_FIRST_DAYS)
        read_until = known.day if known else None
        first = min(since or next_day, today)
        done = known if known and not since else _Cursor(day=first)
        # Days between the cursor and a later start are still to be read.
        kept = cursor if known and since and since > next_day else ""
        async with self._client.session() as session:
            for period in periods(self._listing, first, today):
                batch, done, repeats = await self._read_period(session, period, done, today, read_until)
                yield replace(batch, cursor=kept or done.model_dump_json())
                if repeats:
                    return
            if self._trending:
                entries = (await self._read_page(session, {"sort": "trending"}, Validators())).entries
                yield replace(
                    await self._gather("trending", entries, read_until), cursor=kept or done.model_dump_json()
                )

    async def _read_period(
        self, session: Session, period: Period, done: _Cursor, today: date, read_until: date | None
    ) -> _Read:
        params = {period.listing: period.name, "sort": "publishedAt"}
        known = done.validators.get(period.first, Validators())
        page = await self._read_page(session, params, known)
        validators = known if page.answer.unchanged else page.answer.validators
        entries, repeats = page.entries, False
        while len(page.entries) == _PAGE and not repeats:
            # The first page's validators say nothing about the others.
            validators, before = Validators(), page.entries
            page = await self._read_page(session, params | {"p": str(len(entries) // _PAGE)}, validators)
            repeats = page.entries == before
            entries = entries if repeats else entries + page.entries
        batch = await self._gather(period.name, entries, read_until)
        if repeats:
            note = f"{period.name}: the same page came twice, the sync ended there"
            batch = replace(batch, notes=(*batch.notes, note))
        if not entries and not page.answer.unchanged:
            batch = replace(batch, notes=_note_empty(period, today))
        return _Read(batch, _advance(done, period, validators), repeats)

    async def _read_page(self, session: Session, params: Mapping[str, str], validators: Validators) -> _Page:
        return await session.get(self._url, _parse_page, params={**params, "limit": str(_PAGE)}, validators=validators)

    async def _gather(self, label: str, entries: list[object], read_until: date | None) -> Batch:
        located = ((f"{self.name} {label} entry {number}", flatten(entry)) for number, entry in enumerate(entries, 1))
        return await asyncio.to_thread(gather, located, source=self.name, at=self._clock.now(), read_until=read_until)


def from_settings(settings: Settings, clock: Clock, sleep: Sleep) -> HuggingFaceSource:
    """The source with its own polite client."""
    client = Client(
        origins=frozenset({settings.huggingface_url}),
        clock=clock,
        sleep=sleep,
        contact=settings.contact,
        token=settings.hf_token.get_secret_value(),
    )
    return HuggingFaceSource(client, clock, url=settings.huggingface_url)


def periods(listing: Listing, first: date, last: date) -> Iterator[Period]:
    """The days, ISO weeks or months from the one with `first` to the one with `last`."""
    day = first
    while day <= last:
        period = _period(listing, day)
        yield period
        day = period.last + timedelta(days=1)


def _period(listing: Listing, day: date) -> Period:
    if listing == "week":
        monday = day - timedelta(days=day.weekday())
        return Period(listing, f"{day:%G-W%V}", monday, monday + timedelta(days=6))
    if listing == "month":
        first = day.replace(day=1)
        next_month = (first + timedelta(days=31)).replace(day=1)
        return Period(listing, f"{day:%Y-%m}", first, next_month - timedelta(days=1))
    return Period(listing, day.isoformat(), day, day)


def _parse(cursor: str) -> _Cursor | None:
    """A cursor; None where there is none or a version that wrote another kind left it."""
    try:
        return _Cursor.model_validate_json(cursor)
    except ValidationError:
        return None


def _parse_page(answer: Answer) -> _Page:
    if answer.unchanged:
        return _Page([], answer)
    try:
        entries = from_json(answer.body)
    except ValueError as error:
        raise Transient(f"not JSON: {error}") from None
    if not isinstance(entries, list):
        raise Transient("not a JSON array")
    return _Page(entries, answer)


def _advance(done: _Cursor, period: Period, validators: Validators) -> _Cursor:
    """The cursor after a period, with the validators of those that the next sync reads again."""
    known = {**done.validators, period.first: validators}
    horizon = max(done.day, period.last) - timedelta(days=_REREAD_DAYS)
    return _Cursor(
        day=max(done.day, period.last),
        validators={day: known[day] for day in known if day >= horizon and known[day].headers()},
    )


def _note_empty(period: Period, today: date) -> tuple[str, ...]:
    """Few papers are submitted at weekends and none may be; on any other day that is worth knowing."""
    if period.listing == "date" and period.first.weekday() >= 5:
        return ()
    day = f" ({period.first:%A})" if period.listing == "date" else ""
    yet = " yet" if period.last >= today else ""
    return (f"no papers for {period.name}{day}{yet}",)
