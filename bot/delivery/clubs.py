"""The clockwork of reading groups: votes are opened and counted when it is time; what they come to is then posted.

It claims deliveries, which the deliverer posts: each exactly once, as any post.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.domain.clubs import Club, Meeting, MeetingState, Nomination, elected, next_meeting
from bot.domain.paper_ids import PaperId
from bot.errors import DeliveryError, RefusedError
from bot.library.clubs import candidates, nominated
from bot.ports import Clock, Platform, ServerClock, Store

log = structlog.get_logger()

_PATIENCE = timedelta(seconds=30)
_LOOK_AGAIN = timedelta(minutes=2)
_GIVE_UP = timedelta(hours=12)
"""How long a platform is asked for the votes before the paper is chosen without them."""


class ClubKeeper:
    """Opens and counts the votes of reading groups; any number of them may share a store.

    `platforms` are those whose polls this process can count. Where the store has a `server_clock`, that tells the time.
    """

    def __init__(
        self, store: Store, platforms: Sequence[Platform], clock: Clock, server_clock: ServerClock | None = None
    ) -> None:
        self._store = store
        self._platforms = {platform.name: platform for platform in platforms}
        self._clock = clock
        self._server_clock = server_clock

    async def tick(self) -> None:
        """Do what is due; what fails for one club is tried again at the next tick, and holds up no other."""
        now = await self._now()
        for club in await self._store.due_clubs(now=now):
            try:
                await self._open(club, now)
            except Exception:
                log.exception("a vote could not be opened", place=club.place.key)
        for meeting in await self._store.due_votes(now=now):
            try:
                await self._close(meeting, now)
            except Exception:
                log.exception("a vote could not be counted", place=meeting.place.key)
        await self._store.claim_reminders(now=now)

    async def _now(self) -> datetime:
        return await self._server_clock.now() if self._server_clock else self._clock.now()

    async def _open(self, club: Club, now: datetime) -> None:
        """Begin the meeting that is due; one whose vote could not be held any more is left out."""
        meeting = next_meeting(club, now)
        if meeting.opens_at > now:
            await self._store.open_meeting(None, club, next_at=meeting.opens_at, now=now)
            return
        papers = tuple(each.paper_id for each in await nominated(self._store, club, now))
        following = next_meeting(club, now, after=meeting.day)
        meeting = replace(meeting, candidates=papers)
        await self._store.open_meeting(meeting, club, next_at=following.opens_at, now=now)
        log.info("a vote was opened", place=club.place.key, day=meeting.day.isoformat(), papers=len(papers))

    async def _close(self, meeting: Meeting, now: datetime) -> None:
        platform = self._platforms.get(meeting.place.platform)
        if platform is None or not platform.reaches(meeting.place):
            return
        if now >= meeting.meets_at:
            await self._store.close_vote(meeting, MeetingState.MISSED, None, votes=0, cast=0, now=now)
            return
        votes = await self._votes(meeting, platform, now)
        if votes is not None:
            await self._choose(meeting, votes, now)

    async def _votes(self, meeting: Meeting, platform: Platform, now: datetime) -> Counter[PaperId] | None:
        """The votes for each paper; None while the platform cannot tell."""
        counted: Mapping[int, int] | None = None
        try:
            async with asyncio.timeout(_PATIENCE.total_seconds()):
                counted = await platform.end_poll(meeting.place, meeting.sent)
        except RefusedError as error:
            log.warning("a poll is gone, so its votes do not count", place=meeting.place.key, reason=str(error))
        except (DeliveryError, TimeoutError) as error:
            if now - meeting.closes_at < _GIVE_UP:
                await self._store.put_off_vote(meeting.number, until=now + _LOOK_AGAIN)
                return None
            log.warning("a poll could not be counted", place=meeting.place.key, reason=str(error))
        if counted is None:
            counted = Counter(await self._store.votes(meeting.number))
        return Counter({paper: counted.get(number, 0) for number, paper in enumerate(meeting.candidates, start=1)})

    async def _choose(self, meeting: Meeting, votes: Counter[PaperId], now: datetime) -> None:
        nominations = await self._standing(meeting, now)
        chosen = elected(nominations, votes)
        state = MeetingState.CHOSEN if chosen else MeetingState.SKIPPED
        winner = chosen.paper_id if chosen else None
        won, cast = votes[winner] if winner else 0, votes.total()
        tied = won > 0 and sum(votes[each.paper_id] == won for each in nominations) > 1
        if await self._store.close_vote(meeting, state, winner, votes=won, cast=cast, tied=tied, now=now):
            log.info("a vote was counted", place=meeting.place.key, paper=winner, votes=won, cast=cast)

    async def _standing(self, meeting: Meeting, now: datetime) -> list[Nomination]:
        """What there is to choose from: what was voted on, or what is nominated by now where there was no choice."""
        if len(meeting.candidates) > 1:
            return await candidates(self._store, meeting)
        club = await self._store.club(meeting.place.key)
        return await nominated(self._store, club, now) if club else []
