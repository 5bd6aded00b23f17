"""Reading groups in the store: what is posted for a meeting is claimed once, and a person leaves nothing of theirs."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.clubs import Club, Meeting, MeetingState, meeting_of
from bot.domain.deliveries import Delivery, Status
from bot.domain.destinations import Destination, Kind
from storage.sql.store import SqlStore
from tests.support.stored_people import ANA, BEN, NOW, ONE, PAPERS, TWO

THURSDAY = date(2026, 1, 29)
CLUB = Club(place=PAPERS, weekday=3, at=time(16), timezone="Europe/Berlin", first=THURSDAY)
OPENS, CLOSES, REMINDS, MEETS = (datetime(2026, 1, day, 15, tzinfo=UTC) for day in (24, 26, 28, 29))

pytestmark = pytest.mark.usefixtures("two_papers")


@pytest.fixture
async def club(store: SqlStore) -> Club:
    """A channel whose reading group was set up on the 19th, and which gets no daily post."""
    await store.save_destination(Destination(place=PAPERS, enabled=False), now=NOW)
    await store.save_club(CLUB, now=NOW)
    return CLUB


async def opened(store: SqlStore, *, at: datetime = OPENS) -> Meeting:
    """The meeting of Thursday, its vote just opened."""
    meeting = meeting_of(CLUB, THURSDAY)
    assert meeting
    meeting = replace(meeting, candidates=(ONE, TWO))
    await store.open_meeting(meeting, CLUB, next_at=OPENS + timedelta(weeks=1), now=at)
    found = await store.meeting(PAPERS.key, THURSDAY)
    assert found
    return found


async def chosen(store: SqlStore, meeting: Meeting) -> bool:
    return await store.close_vote(meeting, MeetingState.CHOSEN, TWO, votes=1, cast=1, now=CLOSES)


async def test_a_channel_knows_what_its_club_read(store: SqlStore, club: Club) -> None:
    meeting = await opened(store)
    assert (await store.paper_history(PAPERS.key, TWO)).read_at is None
    await store.close_vote(meeting, MeetingState.CHOSEN, TWO, votes=1, cast=2, tied=True, now=CLOSES)
    closed = await store.meeting(PAPERS.key, THURSDAY)
    assert closed
    assert closed.tied
    assert (await store.paper_history(PAPERS.key, TWO)).read_at == MEETS
    assert (await store.paper_history(PAPERS.key, ONE)).read_at is None
    assert (await store.paper_history("slack:T1:C2", TWO)).read_at is None


async def posted(store: SqlStore) -> dict[Kind, Delivery]:
    """What was claimed for the channel, by its kind."""
    [told] = await store.upcoming([PAPERS.key], deliveries=99)
    assert len({each.kind for each in told.deliveries}) == len(told.deliveries)
    return {each.kind: each for each in told.deliveries}


async def test_a_club_is_due_when_its_vote_opens(store: SqlStore, club: Club) -> None:
    assert await store.club(PAPERS.key) == club
    assert await store.due_clubs(now=OPENS - timedelta(seconds=1)) == []
    assert await store.due_clubs(now=OPENS) == [club]
    await opened(store)
    assert await store.due_clubs(now=OPENS) == []
    assert await store.due_clubs(now=OPENS + timedelta(weeks=1)) == [club]


async def test_a_meeting_is_opened_once_however_often_it_is_asked_for(store: SqlStore, club: Club) -> None:
    first = await opened(store)
    assert (first.state, first.candidates, first.meets_at) == (MeetingState.VOTING, (ONE, TWO), MEETS)
    await store.open_meeting(replace(first, candidates=(TWO,)), club, next_at=OPENS, now=OPENS)
    assert await store.meetings(PAPERS.key) == [first]
    assert list(await posted(store)) == [Kind.VOTE]


async def test_a_club_that_was_changed_meanwhile_opens_no_meeting(store: SqlStore, club: Club) -> None:
    await store.save_club(replace(club, at=time(17)), now=NOW)
    meeting = meeting_of(club, THURSDAY)
    await store.open_meeting(meeting, club, next_at=OPENS, now=OPENS)
    assert await store.meetings(PAPERS.key) == []


async def test_a_vote_is_counted_once(store: SqlStore, club: Club) -> None:
    meeting = await opened(store)
    assert await store.due_votes(now=CLOSES - timedelta(seconds=1)) == []
    assert await store.due_votes(now=CLOSES) == [meeting]
    assert await chosen(store, meeting)
    assert not await store.close_vote(meeting, MeetingState.CHOSEN, ONE, votes=9, cast=9, now=CLOSES)
    [kept] = await store.meetings(PAPERS.key)
    assert (kept.state, kept.winner, kept.votes, kept.cast) == (MeetingState.CHOSEN, TWO, 1, 1)
    assert await store.due_votes(now=MEETS) == []
    assert set(await posted(store)) == {Kind.VOTE, Kind.MEETING}


async def test_a_vote_that_never_went_out_does_not_go_out_after_the_result(store: SqlStore, club: Club) -> None:
    meeting = await opened(store)
    leased = await store.lease("w", now=OPENS, until=OPENS + timedelta(minutes=1), limit=9, reaches=lambda place: True)
    assert [each.kind for each in leased] == [Kind.VOTE]
    await chosen(store, meeting)
    assert (await posted(store))[Kind.VOTE].status is Status.SKIPPED
    assert not await store.begin_message(leased[0].number, "w", now=CLOSES, until=CLOSES)


async def test_what_was_sent_of_a_vote_is_known_when_it_is_counted(store: SqlStore, club: Club) -> None:
    await opened(store)
    [vote] = await store.lease("w", now=OPENS, until=OPENS + timedelta(minutes=1), limit=9, reaches=lambda place: True)
    await store.freeze("w", {vote.number: "[]"}, as_of=OPENS)
    await store.begin_message(vote.number, "w", now=OPENS, until=OPENS)
    await store.message_sent(vote, "w", "17", [ONE], now=OPENS)
    assert [each.sent for each in await store.due_votes(now=CLOSES)] == [("17",)]


async def test_a_reminder_is_due_once_before_its_meeting(store: SqlStore, club: Club) -> None:
    await chosen(store, await opened(store))
    await store.claim_reminders(now=REMINDS - timedelta(seconds=1))
    assert Kind.REMINDER not in await posted(store)
    for _ in range(2):
        await store.claim_reminders(now=REMINDS)
    assert Kind.REMINDER in await posted(store)


async def test_nobody_is_reminded_of_a_meeting_that_is_over(store: SqlStore, club: Club) -> None:
    await chosen(store, await opened(store))
    await store.claim_reminders(now=MEETS)
    assert Kind.REMINDER not in await posted(store)


async def test_switching_off_calls_off_what_was_not_posted_and_on_again_goes_on(store: SqlStore, club: Club) -> None:
    await opened(store)
    await store.save_club(replace(club, enabled=False), now=OPENS)
    assert [each.state for each in await store.meetings(PAPERS.key)] == [MeetingState.STOPPED]
    assert (await posted(store))[Kind.VOTE].status is Status.SKIPPED
    assert await store.due_clubs(now=MEETS) == []
    assert await store.due_votes(now=MEETS) == []
    await store.save_club(club, now=OPENS, resumes=THURSDAY)
    assert [each.state for each in await store.meetings(PAPERS.key)] == [MeetingState.VOTING]
    assert (await posted(store))[Kind.VOTE].status is Status.CLAIMED
    assert await store.due_clubs(now=MEETS - timedelta(days=4)) == []


async def test_a_paper_that_was_chosen_stays_chosen_when_the_club_goes_on(store: SqlStore, club: Club) -> None:
    await chosen(store, await opened(store))
    await store.save_club(replace(club, enabled=False), now=CLOSES)
    await store.claim_reminders(now=REMINDS)
    await store.save_club(club, now=CLOSES, resumes=THURSDAY)
    [kept] = await store.meetings(PAPERS.key)
    assert (kept.state, kept.winner) == (MeetingState.CHOSEN, TWO)
    await store.claim_reminders(now=REMINDS)
    assert Kind.REMINDER in await posted(store)


async def test_a_day_that_was_stopped_can_be_begun_again_with_what_is_voted_on(store: SqlStore, club: Club) -> None:
    stopped = await opened(store)
    await store.save_club(replace(club, enabled=False), now=OPENS)
    later = replace(club, at=time(17))
    await store.save_club(later, now=OPENS)
    meeting = meeting_of(later, THURSDAY)
    assert meeting
    await store.open_meeting(meeting, later, next_at=MEETS, now=OPENS)
    [again] = await store.meetings(PAPERS.key)
    assert (again.state, again.candidates) == (MeetingState.VOTING, stopped.candidates)
    assert again.meets_at == MEETS + timedelta(hours=1)


async def test_of_a_persons_votes_the_last_counts(store: SqlStore, club: Club) -> None:
    meeting = await opened(store)
    ana, ben = await store.person(ANA), await store.person(BEN)
    for person, choice in ((ana, 1), (ben, 1), (ana, 2)):
        assert await store.vote(meeting.number, person, choice, at=OPENS)
    assert sorted(await store.votes(meeting.number)) == [1, 2]
    assert not await store.vote(meeting.number, ben, 2, at=CLOSES)


async def test_a_proposal_stands_until_it_is_withdrawn_or_read(store: SqlStore, club: Club) -> None:
    ana = await store.person(ANA)
    assert await store.nominate(PAPERS.key, ana, ONE, at=NOW)
    assert not await store.nominate(PAPERS.key, ana, ONE, at=NOW)
    assert await store.nominate(PAPERS.key, ana, TWO, at=NOW + timedelta(minutes=1))
    assert [(each.paper_id, each.person) for each in await store.proposals(PAPERS.key)] == [(ONE, ana), (TWO, ana)]
    assert await store.withdraw_nomination(PAPERS.key, ONE)
    assert not await store.withdraw_nomination(PAPERS.key, ONE)
    await chosen(store, await opened(store))
    assert await store.proposals(PAPERS.key) == []


async def test_whoever_is_forgotten_leaves_proposals_and_votes_that_are_nobodys(store: SqlStore, club: Club) -> None:
    meeting, ana = await opened(store), await store.person(ANA)
    await store.nominate(PAPERS.key, ana, ONE, at=NOW)
    await store.vote(meeting.number, ana, 2, at=OPENS)
    await store.forget_person(ana)
    assert [(each.paper_id, each.person) for each in await store.proposals(PAPERS.key)] == [(ONE, None)]
    assert list(await store.votes(meeting.number)) == [2]


async def test_of_two_accounts_that_are_one_person_one_vote_counts(store: SqlStore, club: Club) -> None:
    meeting = await opened(store)
    ana, ben = await store.person(ANA), await store.person(BEN)
    await store.vote(meeting.number, ana, 1, at=OPENS)
    await store.vote(meeting.number, ben, 2, at=OPENS)
    await store.nominate(PAPERS.key, ben, TWO, at=NOW)
    await store.join_people(ana, ben)
    assert list(await store.votes(meeting.number)) == [1]
    assert [each.person for each in await store.proposals(PAPERS.key)] == [ana]


async def test_of_a_workspace_that_is_gone_nothing_is_left(store: SqlStore, club: Club) -> None:
    meeting = await opened(store)
    await store.vote(meeting.number, await store.person(ANA), 1, at=OPENS)
    await store.forget_workspace("slack", "T1")
    assert await store.club(PAPERS.key) is None
    assert await store.meetings(PAPERS.key) == []
    assert list(await store.votes(meeting.number)) == []


async def test_a_channel_that_refuses_again_and_again_has_no_club_any_more(store: SqlStore, club: Club) -> None:
    await opened(store)
    [vote] = await store.lease("w", now=OPENS, until=OPENS + timedelta(minutes=1), limit=9, reaches=lambda place: True)
    refusal = await store.refuse(vote, "w", now=OPENS, error="archived", disable_after=1)
    assert refusal
    assert refusal.disabled
    known = await store.club(PAPERS.key)
    assert known
    assert not known.enabled
    await store.save_club(club, now=OPENS)
    [told] = await store.upcoming([PAPERS.key])
    assert told.refusals == 0
