"""What a reading group may read."""

from datetime import date, time, timedelta

from bot.domain.clubs import Club, Meeting, MeetingState, meeting_of
from bot.domain.destinations import Destination
from bot.domain.people import Account, FeedbackAct, FeedbackKind, Place
from bot.library.app import App
from bot.library.clubs import candidates, nominated, read_at, read_papers
from tests.conftest import SAMPLE_ENDS

PAPERS = Place("console", "terminal", "#papers")
CLUB = Club(place=PAPERS, weekday=3, at=time(16), timezone="UTC", first=date(2026, 1, 29))


async def save(app: App, name: str, *ids: str, days_ago: int = 0, place: Place = PAPERS) -> None:
    person = await app.store.person(Account("console", name, name))
    for stored in await app.store.papers([*ids]):  # type: ignore[list-item]
        act = FeedbackAct(
            person=person,
            paper_id=stored.paper.id,
            kind=FeedbackKind.SAVE,
            present=True,
            at=SAMPLE_ENDS - timedelta(days=days_ago),
            place=place.key,
        )
        await app.store.give_feedback(act)


async def three(app: App) -> list[str]:
    return [found.stored.paper.id for found in await app.library.search("diffusion", 3)]


async def set_up(app: App) -> None:
    await app.store.save_destination(Destination(place=PAPERS, enabled=False), now=SAMPLE_ENDS)
    await app.store.save_club(CLUB, now=SAMPLE_ENDS)


async def test_what_the_channel_saved_this_week_nominates_itself(app: App) -> None:
    await set_up(app)
    one, two, old = await three(app)
    await save(app, "ana", one, two)
    await save(app, "ben", two)
    await save(app, "ben", old, days_ago=8)
    await save(app, "ben", old, place=Place("console", "terminal", "#other"))
    found = await nominated(app.store, CLUB, SAMPLE_ENDS)
    assert [(each.paper_id, each.saves, each.proposed) for each in found] == [(two, 2, False), (one, 1, False)]


async def test_a_proposal_counts_its_saves_whenever_they_were_made(app: App) -> None:
    await set_up(app)
    one, *_ = await three(app)
    await save(app, "ana", one, days_ago=80)
    person = await app.store.person(Account("console", "ana", "ana"))
    [stored] = await app.store.papers([one])  # type: ignore[list-item]
    await app.store.nominate(PAPERS.key, person, stored.paper.id, at=SAMPLE_ENDS)
    [found] = await nominated(app.store, CLUB, SAMPLE_ENDS)
    assert (found.saves, found.proposed) == (1, True)


async def test_what_was_read_is_remembered_and_not_nominated(app: App) -> None:
    await set_up(app)
    one, two, _ = await three(app)
    await save(app, "ana", one, two)
    meeting = await voted_on(app, one, two)
    assert [(each.paper_id, each.saves) for each in await candidates(app.store, meeting)] == [(one, 1), (two, 1)]
    await app.store.close_vote(
        meeting, MeetingState.CHOSEN, meeting.candidates[0], votes=0, cast=0, now=meeting.closes_at
    )
    assert [each.paper_id for each in await nominated(app.store, CLUB, SAMPLE_ENDS)] == [two]
    assert [each.day for each in await read_at(app.store, PAPERS.key)] == [CLUB.first]
    assert [paper.id for paper in await read_papers(app.store, PAPERS.key)] == [one]


async def voted_on(app: App, *ids: str) -> Meeting:
    begun = meeting_of(CLUB, CLUB.first)
    assert begun
    stored = await app.store.papers([*ids])  # type: ignore[list-item]
    begun = Meeting(
        place=PAPERS,
        day=begun.day,
        timezone=begun.timezone,
        opens_at=begun.opens_at,
        closes_at=begun.closes_at,
        reminds_at=begun.reminds_at,
        meets_at=begun.meets_at,
        candidates=tuple(each.paper.id for each in stored),
    )
    await app.store.open_meeting(begun, CLUB, next_at=begun.meets_at, now=begun.opens_at)
    [kept] = await app.store.meetings(PAPERS.key)
    return kept
