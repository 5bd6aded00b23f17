"""What a reading group may read: papers that were proposed, and those that its channel saved since the last meeting."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.clubs import Club, Meeting, MeetingState, Nomination, nominations
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.ports import Store


async def nominated(store: Store, club: Club, now: datetime) -> list[Nomination]:
    """The papers to vote on for the next meeting, in order; saves count where they were made here."""
    saves = await store.saves_at(club.place.key)
    people = Counter(save.paper_id for save in saves)
    since = now - timedelta(weeks=club.every)
    recent: dict[PaperId, datetime] = {}
    for save in saves:
        if save.at >= since:
            recent[save.paper_id] = min(save.at, recent.get(save.paper_id, save.at))
    proposed = [replace(each, saves=people[each.paper_id]) for each in await store.proposals(club.place.key)]
    saved = [Nomination(paper_id, at, saves=people[paper_id]) for paper_id, at in recent.items()]
    return nominations(proposed, saved, {each.winner for each in await read_at(store, club.place.key) if each.winner})


async def candidates(store: Store, meeting: Meeting) -> list[Nomination]:
    """What was voted on for a meeting, in order, with the saves by now."""
    people = Counter(save.paper_id for save in await store.saves_at(meeting.place.key))
    return [Nomination(paper_id, meeting.opens_at, saves=people[paper_id]) for paper_id in meeting.candidates]


async def read_at(store: Store, place: str) -> list[Meeting]:
    """The meetings of a place (its key) for which a paper was chosen, the newest first."""
    return [each for each in await store.meetings(place) if each.winner and each.state is MeetingState.CHOSEN]


async def read_papers(store: Store, place: str) -> list[Paper]:
    """The papers that were read in a place (its key), the last read first."""
    read = [each.winner for each in await read_at(store, place) if each.winner]
    return [stored.paper for stored in await store.papers(read)]
