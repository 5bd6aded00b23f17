"""What is posted for a meeting of a reading group: the vote, the paper that was chosen, and a reminder."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.delivery.post import Post
from bot.domain.clubs import Meeting, MeetingState
from bot.domain.counts import counted
from bot.domain.dates import full_date, shown_moment
from bot.domain.deliveries import Delivery
from bot.domain.destinations import Kind
from bot.domain.messages import Button, Event, Message, Poll, Span, code, quiet, strong, text
from bot.domain.papers import Paper
from bot.engine.questions import questions
from bot.library.cards import card
from bot.ports import Store

_PROPOSE = code("/papers club propose PAPER")


async def club_posts(store: Store, deliveries: Sequence[Delivery], now: datetime) -> Mapping[int, Post]:
    """The post of each delivery (by its number); an empty one where its meeting is past it, or was called off."""
    return {delivery.number: await _post(store, delivery, now) for delivery in deliveries}


async def _post(store: Store, delivery: Delivery, now: datetime) -> Post:
    place = delivery.destination.place
    meeting = await store.meeting(place.key, delivery.day)
    if meeting is None or not _is_timely(delivery.kind, meeting, now):
        return ()
    if delivery.kind is Kind.VOTE:
        return vote(meeting, [stored.paper for stored in await store.papers(meeting.candidates)])
    read = await store.paper(meeting.winner) if meeting.winner else None
    if read is None:
        return (_nothing(meeting),) if delivery.kind is Kind.MEETING else ()
    return announcement(meeting, read.paper) if delivery.kind is Kind.MEETING else (reminder(meeting, read.paper),)


def _is_timely(kind: Kind, meeting: Meeting, now: datetime) -> bool:
    if kind is Kind.VOTE:
        return meeting.state is MeetingState.VOTING and now < meeting.closes_at
    return meeting.state in {MeetingState.CHOSEN, MeetingState.SKIPPED} and now < meeting.meets_at


def vote(meeting: Meeting, papers: Sequence[Paper]) -> Post:
    """The papers that are nominated, and under them the vote; where there is no choice, a call for nominations."""
    closes = text("It closes ", shown_moment(meeting.closes_at, meeting.timezone), ".")
    if len(papers) < 2:
        return (_call_for_nominations(meeting, papers),)
    listed = tuple(card(paper, rank=rank) for rank, paper in enumerate(papers, start=1))
    lead = text(f"{counted(len(papers), 'paper')} are nominated for ", _when(meeting), ". Vote below. ", *closes)
    how = text(quiet("Reactions to this message save papers; the vote is below."))
    shown = Message(title=_title(meeting), body=(lead,), cards=listed, footer=how, dense=True)
    return (shown, ballot(meeting, papers, [0] * len(papers)))


def _call_for_nominations(meeting: Meeting, papers: Sequence[Paper]) -> Message:
    until = shown_moment(meeting.closes_at, meeting.timezone)
    if papers:
        body = text("One paper is nominated for ", _when(meeting), ". Unless another is proposed with ", _PROPOSE)
        body = text(*body, " by ", until, ", we read it.")
    else:
        body = text(
            "Nothing is nominated for ", _when(meeting), " yet. Propose a paper with ", _PROPOSE, " or save one"
        )
        body = text(*body, " here by ", until, ".")
    return Message(title=_title(meeting), body=(body,), cards=tuple(card(paper) for paper in papers))


def ballot(meeting: Meeting, papers: Sequence[Paper], votes: Sequence[int]) -> Message:
    """What people vote with, and how many votes each paper has by now."""
    choices = tuple(paper.name for paper in papers)
    question = f"Which paper do we read on {full_date(meeting.day)}?"
    rows = [
        text(strong(f"{number}. "), name, *((" · ", strong(counted(count, "vote"))) if count else ()))
        for number, (name, count) in enumerate(zip(choices, votes, strict=True), start=1)
    ]
    return Message(
        title=question,
        body=tuple(rows),
        footer=text("Closes ", shown_moment(meeting.closes_at, meeting.timezone), ". You can change your vote."),
        buttons=tuple(Button(f"Vote {number}", command=f"club vote {number}") for number in range(1, len(papers) + 1)),
        poll=Poll(question, choices, meeting.closes_at),
    )


def announcement(meeting: Meeting, paper: Paper) -> Post:
    """The paper that was chosen, and in a thread under it what there is to talk about."""
    chosen = Message(
        title=f"Chosen for {full_date(meeting.day)}",
        body=(text(_how(meeting), " We meet ", _when(meeting), "."),),
        cards=(card(paper),),
        thread=True,
        event=Event(f"Reading group: {paper.name}", f"{paper.name}\n{paper.url}", meeting.meets_at),
    )
    return (chosen, talk(paper))


def talk(paper: Paper) -> Message:
    """A paper's abstract, and questions about its own sentences."""
    asked = questions(paper.abstract)
    lead = text(strong("To talk about:")) if asked else ()
    listed = (text(strong(f"{number}. {each.asks} "), f"“{each.quote}”") for number, each in enumerate(asked, start=1))
    return Message(
        title=paper.name,
        body=tuple(part for part in (text(_about(paper)), lead, *listed) if part),
        buttons=(Button("PDF", url=paper.pdf),) if paper.pdf else (),
        inside=True,
    )


def _about(paper: Paper) -> str:
    summary = f"{paper.summary} (AI summary)" if paper.summary else "Its abstract is not known here."
    return paper.abstract or summary


def _how(meeting: Meeting) -> str:
    if len(meeting.candidates) < 2:
        return "It was nominated, and there was nothing to vote on."
    if not meeting.cast:
        return "Nobody voted, so it is what was saved most here, or else nominated first."
    votes = f"{meeting.votes} of {counted(meeting.cast, 'vote')}"
    if meeting.tied:
        return f"{votes}, as many as another: this one was saved more here, or else nominated first."
    return f"{votes}."


def _nothing(meeting: Meeting) -> Message:
    line = text("Nobody nominated a paper, so there is none for ", _when(meeting), ". For the next meeting, ", _PROPOSE)
    return Message(title=_title(meeting), body=(text(*line, " or save papers here."),))


def reminder(meeting: Meeting, paper: Paper) -> Message:
    """That there is a meeting tomorrow, and what it is about."""
    body = text("We meet ", _when(meeting), " and talk about this paper.")
    return Message(title=f"Reminder: {_title(meeting)}", body=(body,), cards=(card(paper),))


def _title(meeting: Meeting) -> str:
    return f"Reading group of {full_date(meeting.day)}"


def _when(meeting: Meeting) -> Span:
    return shown_moment(meeting.meets_at, meeting.timezone)
