"""arXiv's OAI-PMH: whole archives, from a day on."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from datetime import date

from adapters.sources.arxiv_state import Harvest, Progress, Step
from adapters.sources.arxiv_xml import OaiPage, XmlError, parse_oai
from adapters.sources.client import Answer, Session, Transient
from adapters.sources.records import Entry, RecordError, gather
from bot.errors import SourceError
from bot.ports import Batch, Clock

_OWN_SETS = frozenset({"cs", "econ", "eess", "math", "q-bio", "q-fin", "stat"})
"""Archives that are sets of their own; all others are subsets of `physics`."""

_EARLIEST = date(2005, 9, 16)
"""The oldest datestamp there is, of papers since 1991; a server may refuse an earlier one."""

_EXPIRED = "badResumptionToken"
_NOTHING = "noRecordsMatch"

_ERROR_STATUSES = frozenset({400, 404, 422})
"""The protocol puts its errors into answers of status 200; some servers say so in the status too."""


def oai_sets(categories: Iterable[str]) -> tuple[str, ...]:
    """The OAI sets that hold some categories: `cs` for cs.LG, `physics:hep-th` for hep-th."""
    archives = dict.fromkeys(category.partition(".")[0] for category in categories)
    return tuple(archive if archive in _OWN_SETS else f"physics:{archive}" for archive in archives)


async def harvest(
    session: Session, progress: Progress, url: str, categories: Iterable[str], clock: Clock
) -> AsyncIterator[Step]:
    """The rest of the harvest that `progress.harvest` stands in, a step per page. Raises SourceError.

    An expired resumption token costs what came since the datestamp of the page before, no more. One that comes again
    would bring the same pages for ever: the harvest of its set ends there, with a note.
    """
    wanted = frozenset(categories)
    current = progress.harvest
    restarted_at: date | None = None
    passed: set[str] = set()
    while current:
        page = await session.get(url, _parse, params=_params(current), accept=_ERROR_STATUSES)
        following: Harvest | None
        if page.error == _EXPIRED:
            if restarted_at == current.datestamp:
                raise SourceError(f"GET {url}: resumption tokens expire before {current.datestamp} can be passed")
            restarted_at = current.datestamp
            following = current.model_copy(update={"token": ""})
            batch = Batch(notes=(f"resumption token expired, harvesting again from {current.datestamp}",))
        else:
            located = _locate(page, current, wanted)
            batch = await asyncio.to_thread(gather, located, source="arxiv", at=clock.now())
            batch = replace(batch, read=page.read, total=page.total)
            passed.add(current.token)
            if page.token and page.token in passed:
                note = f"{current.sets[0]}: resumption token {page.token[:40]} came again, harvest of the set ended"
                batch = replace(batch, notes=(*batch.notes, note))
                page = replace(page, token="")
            following = _next(current, page)
        update: dict[str, object] = {"harvest": following}
        if following is None:
            update |= {"read": current.begun, "due": True}
        progress = progress.model_copy(update=update)
        yield Step(progress, batch)
        current = following


def _locate(page: OaiPage, at: Harvest, wanted: frozenset[str]) -> Iterator[tuple[str, Entry]]:
    entries = (entry for entry in page.entries if _is_wanted(entry, wanted, at.since))
    return ((f"arxiv OAI {at.sets[0]} record {number}", entry) for number, entry in enumerate(entries, 1))


def _params(at: Harvest) -> dict[str, str]:
    if at.token:
        return {"verb": "ListRecords", "resumptionToken": at.token}
    start = max(at.datestamp, _EARLIEST)
    return {"verb": "ListRecords", "metadataPrefix": "arXiv", "set": at.sets[0], "from": start.isoformat()}


def _parse(answer: Answer) -> OaiPage:
    try:
        page = parse_oai(answer.body)
    except XmlError as error:
        raise Transient(str(error)) from None
    if page.error not in {"", _EXPIRED, _NOTHING}:
        raise SourceError(f"OAI-PMH error {page.error}: {page.message}")
    return page


def _is_wanted(entry: Entry, categories: frozenset[str], since: date) -> bool:
    """Whether a paper is in a category asked for and has a version of the time asked for.

    A set is a whole archive, and a record's datestamp changes with any correction of an old paper's metadata.
    """
    if isinstance(entry, RecordError):
        return True
    changed = str(entry["updated"] or entry["published"])
    return changed >= since.isoformat() and not categories.isdisjoint(str(entry["categories"]).split())


def _next(at: Harvest, page: OaiPage) -> Harvest | None:
    """The following page, else the following set, else None."""
    if page.token:
        return at.model_copy(
            update={"token": page.token, "datestamp": max(at.datestamp, page.datestamp or at.datestamp)}
        )
    if remaining := at.sets[1:]:
        return at.model_copy(update={"sets": remaining, "datestamp": at.since, "token": ""})
    return None
