"""What people say about papers."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from bot.domain.papers import PaperId
from bot.domain.people import Feedback, FeedbackAct, FeedbackKind


class CoSave(NamedTuple):
    """Two papers, by their rows, that `together` people saved; `savers` saved the one and `other_savers` the other."""

    row: int
    other: int
    together: int
    savers: int
    other_savers: int


class FeedbackStore(Protocol):
    """What people say about papers. All moments are UTC with time zone."""

    async def give_feedback(self, feedback: FeedbackAct) -> bool:
        """Take in one act; says whether the feedback that counts changed. Unknown papers change nothing.

        Acts of one origin may arrive late, twice and in any order: the latest moment counts, and where two have the
        same moment the taking back.
        """

    async def withdraw(self, person: int, paper_id: PaperId, kind: FeedbackKind, *, at: datetime) -> bool:
        """Take feedback of a kind back, whatever its origins; says whether there was one."""

    async def reacted(self, person: int, origin: str) -> tuple[PaperId, FeedbackKind] | None:
        """The paper that an origin stands for, such as a reaction that is still there, and how; None for none."""

    async def feedback_of(self, person: int) -> list[Feedback]:
        """The feedback of a person, the newest first; each pair of paper and kind once."""

    async def feedback_at(self, place: str) -> list[Feedback]:
        """What was judged in a place by anybody, the newest first; one entry for each person who did."""

    async def count_saves(self, ids: Sequence[PaperId], *, until: datetime) -> dict[PaperId, int]:
        """How many people saved each paper by a moment; every id asked has a count."""

    async def saved_together(self, rows: Sequence[int]) -> list[CoSave]:
        """Papers that people saved together with one of `rows`, the most often first, a thousand pairs at most.

        Of the hundred people who saved most of `rows`, at least two saved both.
        """
