"""Any RSS or Atom feed of papers."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import blake2b

from pydantic import BaseModel, ConfigDict, ValidationError

from adapters.sources.client import Answer, Client, Session, Transient, Validators
from adapters.sources.feed_xml import FeedError, parse_feed
from adapters.sources.records import Entry, gather
from bot.config import Settings
from bot.errors import SourceError
from bot.ports import Batch, Clock, Sleep

_INTERVAL = 1.0
"""Seconds between two requests."""

_MOST_BYTES = 8_000_000


class _Read(BaseModel):
    """What a feed listed when it was last read, as a digest, and what to ask for its next version with."""

    model_config = ConfigDict(frozen=True)

    digest: str = ""
    validators: Validators = Validators()


class _Cursor(BaseModel):
    """The feeds that were read, by address."""

    model_config = ConfigDict(frozen=True)

    feeds: Mapping[str, _Read] = {}


class FeedSource:
    """A PaperSource for some feeds, which list only what is newest: no sync can go back.

    A feed that cannot be read does not keep the others from being read; what went wrong comes last.
    """

    name = "feeds"

    def __init__(self, client: Client, clock: Clock, feeds: Sequence[str]) -> None:
        self._client = client
        self._clock = clock
        self._feeds = feeds

    async def batches(self, *, since: date | None, cursor: str) -> AsyncIterator[Batch]:
        """A batch a feed, with the cursor to go on from. Raises SourceError."""
        known = _parse_cursor(cursor)
        failures: list[str] = []
        if not self._feeds:
            yield Batch(cursor=cursor, notes=("nothing to read: PAPERBOY_FEEDS is empty",))
        async with self._client.session() as session:
            for feed in self._feeds:
                try:
                    batch, read = await self._read(session, feed, known.feeds.get(feed, _Read()))
                except SourceError as error:
                    failures.append(str(error))
                    continue
                known = _Cursor(feeds={**known.feeds, feed: read})
                yield replace(batch, cursor=known.model_dump_json())
        if failures:
            raise SourceError("; ".join(dict.fromkeys(failures)))

    async def _read(self, session: Session, feed: str, before: _Read) -> tuple[Batch, _Read]:
        entries, answer = await session.get(feed, _parse, validators=before.validators)
        if answer.unchanged:
            return Batch(), before
        digest = blake2b(repr(entries).encode(errors="replace"), digest_size=16).hexdigest()
        read = _Read(digest=digest, validators=answer.validators)
        if digest == before.digest:
            return Batch(), read
        located = ((f"{feed} item {number}", entry) for number, entry in enumerate(entries, 1))
        return await asyncio.to_thread(gather, located, source=self.name, at=self._clock.now()), read


def _parse(answer: Answer) -> tuple[Sequence[Entry], Answer]:
    if answer.unchanged:
        return (), answer
    try:
        return parse_feed(answer.body), answer
    except FeedError as error:
        raise Transient(str(error)) from None


def _parse_cursor(cursor: str) -> _Cursor:
    """A cursor; an empty one where there is none or a version that wrote another kind left it."""
    try:
        return _Cursor.model_validate_json(cursor)
    except ValidationError:
        return _Cursor()


def from_settings(settings: Settings, clock: Clock, sleep: Sleep) -> FeedSource:
    """The source with its own polite client, which speaks to no host but those of the feeds."""
    client = Client(
        origins=frozenset(settings.feeds),
        clock=clock,
        sleep=sleep,
        interval=_INTERVAL,
        contact=settings.contact,
        max_bytes=_MOST_BYTES,
    )
    return FeedSource(client, clock, settings.feeds)
