"""Feedback: what people say about papers."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from bot.domain.paper_ids import PaperId
from bot.domain.people import Feedback, FeedbackAct, FeedbackKind, PlaceSave


class CoSave(NamedTuple):
    """Two papers (rows) that `together` people saved both; `savers` saved the first, `other_savers` the other."""

    row: int
    other: int
    together: int
    savers: int
    other_savers: int


class FeedbackStore(Protocol):
    """Feedback that people give on papers. All moments are UTC with time zone."""

    async def give_feedback(self, feedback: FeedbackAct) -> bool:
        """Store one act; returns whether the feedback that counts changed. Unknown papers change nothing.

        Acts of one origin may arrive late, twice and in any order: the latest counts, and of two at the same moment
        the one that takes back.
        """

    async def save_all(self, person: int, ids: Sequence[PaperId], *, origin: str, at: datetime) -> int:
        """Save those of many papers that somebody has not saved, under one origin; returns how many.

        They were saved nowhere in particular. Unknown papers change nothing.
        """

    async def take_back(self, person: int, origin: str) -> int:
        """Make it as if somebody had given nothing under one origin; returns for how many papers it was given."""

    async def withdraw(self, person: int, paper_id: PaperId, kind: FeedbackKind, *, at: datetime) -> bool:
        """Take back feedback of a kind, of all origins; returns whether there was any."""

    async def reacted(self, person: int, origin: str) -> tuple[PaperId, FeedbackKind] | None:
        """The paper and kind of the feedback that an origin gave and has not taken back; None without.

        An origin is, for example, one reaction.
        """

    async def feedback_of(self, person: int) -> list[Feedback]:
        """The feedback of a person that counts, newest first; one entry for each paper."""

    async def feedback_at(self, place: str) -> list[Feedback]:
        """The feedback given in a place that counts, newest first; one entry for each person and paper."""

    async def saves_at(self, place: str) -> list[PlaceSave]:
        """The saves in a place that count, newest first; one for each person and paper."""

    async def count_saves(self, ids: Sequence[PaperId], *, until: datetime) -> dict[PaperId, int]:
        """How many people saved each paper by a moment; every id given has a count."""

    async def saved_together(self, rows: Sequence[int]) -> list[CoSave]:
        """Papers that people saved together with one of `rows`, the most often first, a thousand pairs at most.

        Only the hundred people who saved most of `rows` are counted, and only pairs that at least two of them saved.
        """
