"""What is posted for a meeting of a reading group."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from bot.delivery.club_posts import announcement, ballot, reminder, talk, vote
from bot.delivery.payload import freeze, thaw
from bot.domain.clubs import Club, Meeting, MeetingState, meeting_of
from bot.domain.messages import plain, plain_text
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.domain.people import Place

PAPERS = Place("slack", "T1", "C1", "#papers")
CLUB = Club(place=PAPERS, weekday=3, at=time(16), timezone="Europe/Berlin", first=date(2026, 1, 29))
LOOMS = Paper(
    id=PaperId("2601.00001"),
    title="Kumquat looms weave algebra",
    abstract="Existing looms fail on rings. We propose a loom of kumquats. It outperforms others by 3%.",
)
RINGS = Paper(id=PaperId("2601.00002"), title="Rings without looms")


def meeting(**changes: object) -> Meeting:
    found = meeting_of(CLUB, CLUB.first)
    assert found
    return replace(found, **changes)  # type: ignore[arg-type]


def test_a_vote_shows_the_papers_and_under_them_the_ballot() -> None:
    papers, asked = vote(meeting(), [LOOMS, RINGS])
    assert [(card.rank, card.title) for card in papers.cards] == [(1, LOOMS.title), (2, RINGS.title)]
    assert "closes Mon 26 Jan 2026, 16:00 Europe/Berlin" in plain(papers.body[0])
    assert asked.poll
    assert asked.poll.question == "Which paper do we read on Thursday, 29 Jan 2026?"
    assert asked.poll.closes_at == datetime(2026, 1, 26, 15, tzinfo=UTC)
    assert [button.command for button in asked.buttons] == ["club vote 1", "club vote 2"]


def test_a_ballot_tells_how_many_votes_each_paper_has() -> None:
    told = plain_text(ballot(meeting(), [LOOMS, RINGS], [0, 2]))
    assert f"1. {LOOMS.title}\n" in told
    assert f"2. {RINGS.title} · 2 votes" in told


def test_with_less_than_two_papers_people_are_asked_for_others() -> None:
    [none], [one] = vote(meeting(), []), vote(meeting(), [LOOMS])
    assert "Nothing is nominated" in plain_text(none)
    assert "One paper is nominated" in plain_text(one)
    assert LOOMS.title in plain_text(one)
    for message in (none, one):
        assert "/papers club propose PAPER" in plain_text(message)
        assert message.poll is None


def test_a_paper_is_announced_with_how_it_was_chosen() -> None:
    voted = meeting(state=MeetingState.CHOSEN, candidates=(LOOMS.id, RINGS.id), votes=2, cast=3)
    told, _ = announcement(voted, LOOMS)
    assert "2 of 3 votes. We meet Thu 29 Jan 2026, 16:00 Europe/Berlin." in plain_text(told)
    assert told.thread
    assert told.event
    assert told.event.begins_at == voted.meets_at
    tie = plain_text(announcement(replace(voted, votes=1, cast=2, tied=True), LOOMS)[0])
    assert "1 of 2 votes, as many as another: this one was saved more here, or else nominated first." in tie
    assert "Nobody voted" in plain_text(announcement(replace(voted, votes=0, cast=0), LOOMS)[0])
    assert "nothing to vote on" in plain_text(announcement(replace(voted, candidates=(LOOMS.id,)), LOOMS)[0])


def test_in_its_thread_stand_the_abstract_and_questions_about_its_own_sentences() -> None:
    told = talk(LOOMS)
    assert told.inside
    words = plain_text(told)
    assert LOOMS.abstract in words
    assert "What is new in this, and what was known before? “We propose a loom of kumquats.”" in words
    assert [button.label for button in told.buttons] == ["PDF"]


def test_of_a_paper_without_abstract_nothing_is_asked() -> None:
    assert "Its abstract is not known here." in plain_text(talk(RINGS))
    assert "To talk about" not in plain_text(talk(RINGS))
    assert "Woven. (AI summary)" in plain_text(talk(replace(RINGS, summary="Woven.")))


def test_a_reminder_says_when_and_what() -> None:
    told = plain_text(reminder(meeting(), LOOMS))
    assert "Thu 29 Jan 2026, 16:00 Europe/Berlin" in told
    assert LOOMS.title in told


def test_a_post_of_a_club_is_frozen_with_its_poll_and_event() -> None:
    for post in (vote(meeting(), [LOOMS, RINGS]), announcement(meeting(), LOOMS)):
        assert thaw(freeze(post)) == post
