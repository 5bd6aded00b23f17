"""What a channel is told of a paper that it knows."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from bot.domain.clubs import Club, MeetingState, meeting_of
from bot.domain.destinations import Destination
from bot.domain.messages import plain
from bot.domain.paper_ids import PaperId
from bot.domain.people import Account, FeedbackAct, FeedbackKind, Place, person_key, private_talk
from bot.library.app import App
from bot.library.reminders import RESTS, reminder

PAPERS, OTHER = Place("slack", "T1", "C1", "#papers"), Place("slack", "T1", "C2", "#other")
MAGMA = PaperId("2601.03236")
ANA = Account("slack", "T1/U1", "ana")


@pytest.fixture
async def known(app: App) -> datetime:
    """A moment three weeks after ana shared a paper in a channel where four have saved it since."""
    now = app.clock.now()
    for place in (PAPERS, OTHER):
        await app.store.watch(place.key, on=True)
    await app.store.note_share(PAPERS.key, "m1", [MAGMA], await app.store.person(ANA), at=now)
    for number in range(4):
        person = await app.store.person(Account("slack", f"T1/U{number}"))
        act = FeedbackAct(person=person, paper_id=MAGMA, kind=FeedbackKind.SAVE, present=True, at=now, place=PAPERS.key)
        await app.store.give_feedback(act)
    return now + timedelta(weeks=3)


async def told(app: App, now: datetime, place: Place = PAPERS, reader: str = "") -> str:
    return plain(await reminder(app.store, place, MAGMA, now=now, reader=reader))


async def test_a_channel_is_told_who_shared_a_paper_once(app: App, known: datetime) -> None:
    assert await told(app, known) == "Shared here 3 weeks ago by ana, 4 saves."
    assert await told(app, known + RESTS - timedelta(minutes=1)) == ""
    assert await told(app, known + RESTS) == "Shared here 5 weeks ago by ana, 4 saves."


async def test_each_reader_of_a_private_answer_is_told_once(app: App, known: datetime) -> None:
    assert await told(app, known, reader="person:1")
    assert await told(app, known, reader="person:1") == ""
    assert await told(app, known, reader="person:2")


async def test_what_happened_in_another_channel_is_not_told(app: App, known: datetime) -> None:
    assert await told(app, known, OTHER) == ""
    assert await told(app, known, private_talk(ANA)) == ""


async def test_nothing_is_told_where_links_are_not_watched(app: App, known: datetime) -> None:
    await app.store.watch(PAPERS.key, on=False)
    assert await told(app, known) == ""


async def test_what_the_club_read_is_told_as_that(app: App, known: datetime) -> None:
    day = (known - timedelta(weeks=2)).date()
    await app.store.save_destination(Destination(place=PAPERS, enabled=False), now=known)
    club = Club(place=PAPERS, weekday=day.weekday(), at=time(16), timezone="UTC", first=day)
    await app.store.save_club(club, now=known)
    meeting = meeting_of(club, day)
    assert meeting
    await app.store.open_meeting(replace(meeting, candidates=(MAGMA,)), club, next_at=known, now=meeting.opens_at)
    opened = await app.store.meeting(PAPERS.key, day)
    assert opened
    now = opened.closes_at
    await app.store.close_vote(opened, MeetingState.CHOSEN, MAGMA, votes=0, cast=0, now=now)
    assert (await told(app, now, reader="person:1")).startswith("Shared here "), "it is still to be read"
    assert await told(app, known, reader="person:2") == "Read here in the reading group 2 weeks ago, 4 saves."


async def test_what_came_up_today_is_not_told(app: App, known: datetime) -> None:
    assert await told(app, known - timedelta(weeks=3) + timedelta(hours=20)) == ""


async def test_whoever_asked_to_be_forgotten_is_somebody(app: App, known: datetime) -> None:
    person = await app.store.person(ANA)
    assert await told(app, known, reader=person_key(person))
    await app.store.forget_person(person)
    assert await told(app, known) == "Shared here 3 weeks ago by somebody, 3 saves."


async def test_a_paper_that_was_only_saved_is_told_by_number(app: App, known: datetime) -> None:
    await app.store.forget_message(PAPERS.key, "m1")
    assert await told(app, known) == "Saved here 3 weeks ago, 4 saves."
