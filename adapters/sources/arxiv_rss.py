"""arXiv's RSS: what was announced last."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from hashlib import blake2b
from zoneinfo import ZoneInfo

from adapters.sources.arxiv_state import Announcement, Progress, Step
from adapters.sources.arxiv_xml import RssFeed, XmlError, parse_rss
from adapters.sources.client import Answer, Session, Transient, Validators
from adapters.sources.records import gather
from bot.ports import Batch, Clock

_EASTERN = ZoneInfo("America/New_York")


async def read_announcement(
    session: Session, progress: Progress, url: str, categories: Iterable[str], clock: Clock
) -> Step:
    """The papers of the current announcement, if it is another than the one read last.

    The feed has been seen to repeat a batch under a fresh build date, so it is known by what it lists, not by its
    dates. Raises SourceError.
    """
    last = progress.announcement
    feed, validators = await session.get(
        f"{url}/{'+'.join(categories)}", _parse, validators=last.validators if last else Validators()
    )
    if feed is None:
        return Step(progress, Batch())
    if not feed.items:
        return Step(progress, Batch(notes=_note_empty(clock.now().astimezone(_EASTERN))))
    digest = _digest(feed)
    if last and digest == last.digest:
        return _repeated(progress, last, feed, validators)
    located = ((f"arxiv RSS item {number}", item.entry) for number, item in enumerate(feed.items, 1))
    announcement = Announcement(digest=digest, built=feed.built, validators=validators)
    batch = await asyncio.to_thread(gather, located, source="arxiv", at=clock.now())
    return Step(progress.model_copy(update={"announcement": announcement, "due": True}), batch)


def _parse(answer: Answer) -> tuple[RssFeed | None, Validators]:
    if answer.unchanged:
        return None, answer.validators
    try:
        return parse_rss(answer.body), answer.validators
    except XmlError as error:
        raise Transient(str(error)) from None


def _digest(feed: RssFeed) -> str:
    listed = "\n".join(sorted(item.key for item in feed.items))
    return blake2b(listed.encode(), digest_size=16).hexdigest()


def _repeated(progress: Progress, last: Announcement, feed: RssFeed, validators: Validators) -> Step:
    if feed.built == last.built:
        current = last.model_copy(update={"validators": validators})
        return Step(progress.model_copy(update={"announcement": current}), Batch())
    note = f"stale RSS, built {feed.built} but with the same {len(feed.items)} papers as {last.built}"
    return Step(progress, Batch(notes=(note,)))


def _note_empty(now: datetime) -> tuple[str, ...]:
    """Nothing is announced on Friday and Saturday evenings, so Saturday's and Sunday's feeds are empty by rule."""
    if now.weekday() >= 5:
        return ()
    return (f"the RSS lists nothing on {now:%A}, {now:%Y-%m-%d} (a holiday?)",)
