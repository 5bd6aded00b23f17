"""What a batch of papers changes: finds the paper of every record, by id or by title. Pure; no SQL."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from itertools import chain
from types import MappingProxyType
from typing import Any

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.ports import StoredPaper
from storage.sql.identity import may_be_one, same_work, telling_title_id
from storage.sql.text import is_storable, storable_text


@dataclass(slots=True, eq=False)
class Entry:
    """A paper of a batch: what is stored, what it becomes, and the other ids that were found for it."""

    stored: StoredPaper | None
    paper: Paper
    aliases: list[PaperId] = field(default_factory=list)

    @property
    def new(self) -> bool:
        """Whether it is not stored yet."""
        return self.stored is None

    @property
    def changed(self) -> bool:
        """Whether it is stored and must be stored differently."""
        return self.stored is not None and self.stored.paper != self.paper


def gather(
    papers: Iterable[Paper],
    known: Mapping[PaperId, StoredPaper],
    same_title: Iterable[StoredPaper],
    aliases: Mapping[PaperId, Collection[PaperId]] = MappingProxyType({}),
    *,
    only_new: bool = False,
) -> list[Entry]:
    """One entry for each paper of a batch, merged with what is stored.

    `known` are the stored papers by each id (also a former one) that the batch uses; `same_title` are stored papers
    that share a title with one of the others. `aliases` are other ids, by the id of the paper they belong to. A paper
    whose id is new is the one with another of its ids, else one of the same title that is the `same_work`. With
    `only_new`, of what is stored nothing is changed, and what is new gets the ids that no other paper has.
    """
    gathering = _Gathering(known, same_title, only_new=only_new)
    for paper in papers:
        gathering.add(paper, aliases.get(paper.id, ()))
    return list(gathering.entries)


def seen_at(paper: Paper) -> datetime | None:
    """When a paper was first seen, else midnight (UTC) of the day it was published."""
    if paper.first_seen or not paper.published:
        return paper.first_seen
    return datetime.combine(paper.published, time(), UTC)


def storable(paper: Paper) -> Paper:
    """The paper with texts that every database can hold."""
    texts = {name: getattr(paper, name) for name in _TEXTS}
    lists = {name: getattr(paper, name) for name in _LISTS}
    if is_storable("".join(chain(texts.values(), *lists.values()))):
        return paper
    cleaned: dict[str, Any] = {name: storable_text(text) for name, text in texts.items()}
    cleaned |= {name: tuple(map(storable_text, names)) for name, names in lists.items()}
    return replace(paper, **cleaned)


_TEXTS = (
    "id",
    "title",
    "abstract",
    "summary",
    "organization",
    "submitted_by",
    "code",
    "project",
    "link",
    "source",
    "title_tex",
    "kind",
    "venue",
    "volume",
    "issue",
    "pages",
    "doi",
    "thumbnail",
)
_LISTS = ("authors", "categories", "keywords")


class _Gathering:
    """The entries so far, record by record, and how to find them."""

    def __init__(
        self, known: Mapping[PaperId, StoredPaper], same_title: Iterable[StoredPaper], *, only_new: bool
    ) -> None:
        self._only_new = only_new
        self.entries: dict[Entry, None] = {}
        self._known = known
        self._by_id: dict[PaperId, Entry] = {}
        self._by_title: dict[PaperId, list[Entry]] = {}
        by_row = {stored.row: Entry(stored, stored.paper) for stored in (*known.values(), *same_title)}
        for paper_id, stored in known.items():
            self._by_id[paper_id] = by_row[stored.row]
        for entry in by_row.values():
            self._index_title(entry)

    def add(self, paper: Paper, aliases: Collection[PaperId]) -> None:
        entry = self._by_id.get(paper.id) or self._find_by_alias(paper, aliases) or self._find_by_title(paper)
        if entry is None:
            entry = Entry(None, paper)
            self._index_title(entry)
        elif entry.paper != paper:
            self._merge(entry, paper)
        self._by_id[paper.id] = entry
        self.entries[entry] = None
        for alias in aliases:
            # An id that already belongs to another paper stays with it.
            if self._by_id.setdefault(alias, entry) is entry and not self._is_named(entry, alias):
                entry.aliases.append(alias)

    def _is_named(self, entry: Entry, paper_id: PaperId) -> bool:
        return paper_id in self._known or paper_id == entry.paper.id or paper_id in entry.aliases

    def _merge(self, entry: Entry, paper: Paper) -> None:
        before = entry.paper.id
        if entry.new or not self._only_new:
            entry.paper = entry.paper.merge(paper)
        if before != entry.paper.id:
            entry.aliases.append(before)
        if paper.id != entry.paper.id and paper.id not in self._by_id:
            entry.aliases.append(paper.id)

    def _find_by_alias(self, paper: Paper, aliases: Collection[PaperId]) -> Entry | None:
        found = (self._by_id[alias] for alias in aliases if alias in self._by_id)
        return next((entry for entry in found if may_be_one(entry.paper.id, paper.id)), None)

    def _find_by_title(self, paper: Paper) -> Entry | None:
        """The entry with the same title that is the same work."""
        key = telling_title_id(paper.title)
        same = self._by_title.get(key, ()) if key else ()
        return next((entry for entry in same if same_work(entry.paper, paper)), None)

    def _index_title(self, entry: Entry) -> None:
        if key := telling_title_id(entry.paper.title):
            self._by_title.setdefault(key, []).append(entry)
