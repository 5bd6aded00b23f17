"""Reading groups: when they meet, what is nominated, and how people vote."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from bot.domain.clubs import Club, Meeting, MeetingState, Nomination
from bot.domain.paper_ids import PaperId


class ClubStore(Protocol):
    """Clubs and their meetings. A `place` is the key of a channel. All moments are UTC.

    What is posted for a meeting is a delivery, claimed in the same transaction as what it tells of. So each is posted
    once.
    """

    async def club(self, place: str) -> Club | None:
        """The reading group of a place, also one that is switched off; None where there never was one."""

    async def save_club(self, club: Club, *, now: datetime, resumes: date | None = None) -> None:
        """Keep how a club is set, and when its next vote opens.

        Switched off, its meeting stops, and what was not yet posted for it is not posted. The meeting of the day that
        it `resumes` goes on from where it stopped.
        """

    async def due_clubs(self, *, now: datetime) -> list[Club]:
        """The clubs whose next vote is to be opened."""

    async def open_meeting(self, meeting: Meeting | None, club: Club, *, next_at: datetime, now: datetime) -> None:
        """Begin a meeting with its vote, each day of a place once, and note when that after it is to be opened."""

    async def meetings(self, place: str) -> list[Meeting]:
        """The meetings of a place, the newest first."""

    async def meeting(self, place: str, day: date) -> Meeting | None:
        """The meeting of a place on a day."""

    async def due_votes(self, *, now: datetime) -> list[Meeting]:
        """The meetings whose vote is over and not counted yet."""

    async def put_off_vote(self, number: int, *, until: datetime) -> None:
        """Count a vote later."""

    async def close_vote(
        self,
        meeting: Meeting,
        state: MeetingState,
        winner: PaperId | None,
        *,
        votes: int,
        cast: int,
        now: datetime,
        tied: bool = False,
    ) -> bool:
        """Note what a vote came to, once, and that it is to be announced; returns whether nobody had done so."""

    async def claim_reminders(self, *, now: datetime) -> None:
        """Make a delivery of every reminder that is due."""

    async def nominate(self, place: str, person: int, paper_id: PaperId, *, at: datetime) -> bool:
        """Propose a paper; returns whether that is new. Unknown papers change nothing."""

    async def withdraw_nomination(self, place: str, paper_id: PaperId) -> bool:
        """Take back a proposal; returns whether there was one."""

    async def proposals(self, place: str) -> list[Nomination]:
        """The papers proposed in a place and not read since, the oldest first; their saves are not counted."""

    async def vote(self, number: int, person: int, choice: int, *, at: datetime) -> bool:
        """Vote for a candidate (from 1) of a meeting, in place of an earlier vote; returns whether the vote is open."""

    async def votes(self, number: int) -> Sequence[int]:
        """The candidates (from 1) that people voted for in a meeting, one for each person."""
