"""Files of references that people bring: their papers are stored, and become saves."""

import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.messages import Attachment
from bot.domain.notes import list_name
from bot.domain.paper_ids import PaperId
from bot.domain.people import person_key
from bot.errors import IndexUnusableError, SourceError, UserError
from bot.library.app import App
from bot.library.ingest import as_told, in_thread, read_source, update_index_in_turn
from bot.ports import BadRecord, Batch, PaperSource
from bot.runtime.lazy_log import log

LARGEST_FILE = 10_000_000
"""Bytes of a file that is brought."""

MOST_RECORDS = 5_000
"""Records of a file that are read; the source gives a thousand at a time."""

_ORIGIN = "import:"


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file: how many papers were in it, and how many of them are new on the list.

    `bad` names its bad records by their places; `cut` says that it has more than are read at once, `error` why it could
    not be read to its end. `key` is what takes the saves back.
    """

    papers: int
    saved: int
    bad: Sequence[BadRecord] = ()
    cut: bool = False
    error: str = ""
    key: str = ""


def require_size(name: str, size: int) -> None:
    """Raises UserError for a file of more bytes than are read."""
    if size > LARGEST_FILE:
        raise UserError(
            f"{name} is larger than {LARGEST_FILE // 1_000_000} MB, which is more than I read at once. "
            "Bring it in parts, without the files that are attached to its papers."
        )


async def import_papers(app: App, person: int, file: Attachment) -> Imported:
    """Save all papers of a file for somebody; the bad records are told and the rest is saved.

    The groups of a reference manager become tags where the file has them.
    Papers that are here already stay as they are: what somebody's file tells of them changes nothing for others.
    Raises UserError for a file that cannot be read at all.
    """
    require_size(file.name, len(file.content))
    if app.read_file is None:
        raise UserError("Files of papers are not read here.")
    try:
        async with in_thread(app.read_file(file.name, file.content)) as source:
            brought = _Brought(source)
            report = await read_source(brought, app.store, app.clock)
    except SourceError as error:
        raise UserError(f"I could not read {file.name}: {_plain(str(error))}.") from error
    if report.error and not brought.ids and not report.bad:
        raise UserError(f"I could not read {file.name}: {_plain(report.error)}.")
    key = secrets.token_hex(6)
    saved = await app.store.save_all(person, brought.ids, origin=f"{_ORIGIN}{key}", at=app.clock.now())
    await app.store.tag_all(person_key(person), brought.lists, at=app.clock.now())
    await _index(app)
    found = {stored.row for stored in await app.store.papers(brought.ids)}
    bad = [replace(each, where=_place(each.where)) for each in report.bad]
    return Imported(len(found), saved, bad, brought.cut, _plain(report.error), key)


async def take_back(app: App, person: int, key: str) -> int:
    """Take the saves of an import off somebody's list again; returns how many there were."""
    return await app.store.take_back(person, f"{_ORIGIN}{key}")


class _Brought:
    """A file as a source whose papers are anybody's word: of papers that are here nothing is changed by it."""

    def __init__(self, source: PaperSource) -> None:
        self.name = source.name
        self._source = source
        self.ids: list[PaperId] = []
        self.lists: list[tuple[PaperId, str]] = []
        self.cut = False

    async def batches(self, *, since: date | None, cursor: str) -> AsyncIterator[Batch]:
        """The papers, until there are more than are read at once."""
        read = 0
        async for batch in self._source.batches(since=since, cursor=cursor):
            if read >= MOST_RECORDS:
                self.cut = True
                return
            read += len(batch.papers) + len(batch.bad)
            papers = [as_told(paper) for paper in batch.papers]
            self.ids += [paper.id for paper in papers]
            own = dict(zip((paper.id for paper in batch.papers), (paper.id for paper in papers), strict=True))
            named = [(own[paper_id], list_name(name)) for paper_id, name in batch.lists]
            self.lists += [(paper_id, name) for paper_id, name in named if name]
            yield Batch(papers=papers, aliases=batch.aliases, bad=batch.bad, only_new=True)


async def _index(app: App) -> None:
    try:
        await update_index_in_turn(app.store, app.index)
    except IndexUnusableError as error:
        log().warning("imported papers are not indexed yet; the next sync adds them", reason=str(error))


def _place(where: str) -> str:
    """`line 17` or `entry 3`, from `file.bib:17`."""
    place = where.partition(":")[2]
    return f"line {place}" if place.isdecimal() else place


def _plain(error: str) -> str:
    """What is said of a file, without its name."""
    return error.partition(": ")[2] or error
