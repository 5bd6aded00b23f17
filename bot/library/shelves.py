"""What somebody saved, and what was saved in a channel, with the tags and notes on it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np

from bot.domain.dates import long_date
from bot.domain.notes import Note, Shelf, read_shelf_query
from bot.domain.paper_ids import PaperId
from bot.domain.people import FeedbackKind, PlaceSave, person_key
from bot.domain.words import plain_letters
from bot.engine.query import Query
from bot.engine.search import search
from bot.engine.summary import shorten
from bot.library.app import App
from bot.ports import PaperIndex, StoredPaper

_NOTE_SHOWN, _NAMED = 160, 2
"""Characters of a note in a list; people who are named as having saved a paper."""

_NEAR_THE_BEST, _CLOSE = 0.6, 0.35
"""Of a list, what lacks a word is found from this share of the best score and this cosine on: a list is short, and
most of it is no answer."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A saved paper: when it was last saved (UTC), by how many, by whom of them in sight of others; tags and notes."""

    stored: StoredPaper
    at: datetime
    people: int = 1
    names: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()

    def told(self, *, shared: bool) -> tuple[str, ...]:
        """What is to be told of it beside the paper: who saved it, where a list is `shared`, its tags and notes."""
        tags = " ".join(f"#{tag}" for tag in self.tags)
        notes = [f"{f'{note.author}: ' if shared else ''}“{shorten(note.text, _NOTE_SHOWN)}”" for note in self.notes]
        return tuple(filter(None, [self._savers() if shared and self.people else "", tags, *notes]))

    def _savers(self) -> str:
        """`saved by ana, ben and 2 more, last on 19 Jun 2020`."""
        named = list(self.names[:_NAMED])
        others = self.people - len(named)
        if not named:
            who = "1 person" if others == 1 else f"{others:,} people"
        else:
            listed = [*named, f"{others} more"] if others else named
            who = " and ".join(filter(None, [", ".join(listed[:-1]), listed[-1]]))
        return f"saved by {who}, last on {long_date(self.at.date())}"


async def saved_papers(app: App, person: int, typed: str = "") -> list[Kept]:
    """What a person saved, newest first; or what of it meets a query, the best first."""
    feedback = await app.store.feedback_of(person)
    since = {entry.paper_id: entry.at for entry in feedback if entry.kind is FeedbackKind.SAVE}
    found = await app.store.papers(list(since))
    shelf = await app.store.shelf(person_key(person))
    return await asked(app, [_kept(stored, since[stored.paper.id], shelf) for stored in found], typed)


async def place_papers(app: App, place: str, typed: str = "") -> list[Kept]:
    """What was saved in a place, by its key, the last saved first; or what of it meets a query, the best first."""
    saves = await app.store.saves_at(place)
    shelf = await app.store.shelf(place)
    by_paper: dict[PaperId, list[PlaceSave]] = {}
    for save in saves:
        by_paper.setdefault(save.paper_id, []).append(save)
    found = await app.store.papers(list(by_paper))
    return await asked(app, [_saved_by(stored, by_paper[stored.paper.id], shelf) for stored in found], typed)


def _kept(stored: StoredPaper, at: datetime, shelf: Shelf) -> Kept:
    paper_id = stored.paper.id
    return Kept(stored, at, tags=tuple(shelf.tags.get(paper_id, ())), notes=tuple(shelf.notes.get(paper_id, ())))


def _saved_by(stored: StoredPaper, saves: Sequence[PlaceSave], shelf: Shelf) -> Kept:
    """A paper with its saves in a place, newest first."""
    names = tuple(save.name for save in reversed(saves) if save.seen and save.name)
    return replace(_kept(stored, saves[0].at, shelf), people=len(saves), names=names)


async def written_on(app: App, stored: StoredPaper, owner: str, *, shared: bool) -> tuple[str, ...]:
    """What is to be told of the tags and notes that an owner, a person or a place, has on a paper."""
    kept = replace(_kept(stored, app.clock.now(), await app.store.shelf(owner)), people=0)
    return kept.told(shared=shared)


async def asked(app: App, kept: list[Kept], typed: str) -> list[Kept]:
    """Those that a query asks for, as it sorts them; else the best first, or in their order where it has no words.

    Raises UserError.
    """
    query = read_shelf_query(typed)
    admitted = [each for each in kept if query.admits(each.tags)]
    found = await _about(app, admitted, query.words) if query.words and admitted else admitted
    return sorted(found, key=_ORDERS[query.sort]) if query.sort else found


async def _about(app: App, kept: list[Kept], words: str) -> list[Kept]:
    """Those that have the words or are about what they mean, the best first."""
    by_row = {each.stored.row: each for each in kept}
    near = await asyncio.to_thread(_nearest, app.index, words, list(by_row))
    letters = plain_letters(words).split()
    exact = {each.stored.row: None for each in kept if all(word in _letters(each) for word in letters)}
    best = [row for row in near if row in exact]
    return [by_row[row] for row in dict.fromkeys([*best, *exact, *near])]


_ORDERS: Mapping[str, Callable[[Kept], Any]] = {
    "new": lambda kept: -(kept.stored.paper.published or date.min).toordinal(),
    "saves": lambda kept: -kept.people,
    "title": lambda kept: plain_letters(kept.stored.paper.name),
}
"""What is sorted by; of equals those that came first stay first."""


def _nearest(index: PaperIndex, words: str, rows: Sequence[int]) -> list[int]:
    """The rows that are about what the words mean, the best first; for a thread."""
    ranking = search(index, Query(text=words), len(rows), among=np.array(sorted(rows), np.int64))
    about = (ranking.scores >= _NEAR_THE_BEST) & (ranking.meaning >= _CLOSE)
    return [int(row) for row in ranking.rows[about]]


def _letters(kept: Kept) -> str:
    """Everything about a paper that words are looked for in."""
    paper = kept.stored.paper
    notes = [note.text for note in kept.notes]
    return plain_letters(
        " ".join([paper.id, paper.title, paper.abstract, *paper.authors, *paper.categories, *kept.tags, *notes])
    )
