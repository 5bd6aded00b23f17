"""The reading group of this channel: when it meets, what is nominated, the vote, and what was read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from bot.chat.call import Call
from bot.chat.registry import OptionHelp
from bot.commands.common import PaperName, paragraphs, registry
from bot.delivery.club_posts import ballot
from bot.domain.clubs import (
    OPENS,
    Club,
    Meeting,
    MeetingState,
    Nomination,
    Rhythm,
    first_day,
    meeting_of,
    next_meeting,
    read_rhythm,
)
from bot.domain.counts import counted
from bot.domain.dates import WEEKDAYS, full_date, long_date, shown_moment
from bot.domain.destinations import Destination
from bot.domain.messages import Button, Message, Text, full_stop, quiet, strong, text
from bot.domain.paper_ids import PaperId
from bot.domain.zones import zone_name
from bot.errors import UserError
from bot.library.clubs import nominated, read_at, read_papers

_FIRST = "Say when the club meets, e.g. `/papers club on thursday 16:00` or `/papers club on fri noon every 2 weeks`."
_STANDING = frozenset({MeetingState.VOTING, MeetingState.CHOSEN})
_HISTORY = 20
"""Meetings that `club history` lists; the export has all."""


@registry.command("club on", admin=True)
async def on(
    call: Call,
    when: Annotated[str, OptionHelp("Weekday and time, e.g. thursday 16:00 Berlin every 2 weeks.", rest=True)] = "",
) -> Message:
    """Let this channel read a paper together: nominations, a vote, the paper and a reminder come by themselves.

    Papers are nominated with `club propose`, and by being saved in this channel. `club on` alone starts it again as it
    was set. A meeting whose vote has begun stays on its day.
    """
    _require_channel(call)
    said, known, now = read_rhythm(when), await call.store.club(call.place.key), call.now()
    standing = await _standing(call, now)
    club = await _set(call, said, known, standing, now)
    resumes = await _stopped(call, club, now) if known and not known.enabled else None
    await _keep_destination(call, club)
    await call.store.save_club(club, now=now, resumes=resumes.day if resumes else None)
    return await _plan(call, club)


async def _set(call: Call, said: Rhythm, known: Club | None, standing: Meeting | None, now: datetime) -> Club:
    """The club as it was set, with what was said changed. Raises UserError where nobody ever said when it meets."""
    if known is None and (said.weekday is None or said.at is None):
        raise UserError(_FIRST)
    here = await call.store.destination(call.place.key)
    if known is None or said != Rhythm():
        before = known or Club(
            place=call.place,
            weekday=said.weekday or 0,
            at=said.at or now.time(),
            timezone=here.timezone if here else "UTC",
            first=now.date(),
        )
        changes = {name: getattr(said, name) for name in ("weekday", "at", "timezone", "every")}
        club = replace(before, **{name: value for name, value in changes.items() if value is not None})
        if known is None or club != known:
            after = standing.day if standing else None
            first = first_day(club.weekday, club.at, club.timezone, club.closes, now, after)
            return replace(club, first=first, enabled=True)
        known = club
    return replace(known, enabled=True)


async def _stopped(call: Call, club: Club, now: datetime) -> Meeting | None:
    """The meeting that `club off` stopped and that is at a time of the club; None where there is none."""
    stopped = [each for each in await call.store.meetings(call.place.key) if each.state is MeetingState.STOPPED]
    for each in stopped[:1]:
        again = meeting_of(club, each.day)
        if each.meets_at > now and again and again.meets_at == each.meets_at:
            return each
    return None


async def _keep_destination(call: Call, club: Club) -> None:
    """Make sure that there is a destination to post to; one that is new has no daily post."""
    if await call.store.destination(call.place.key) is None:
        here = Destination(place=call.place, enabled=False, timezone=club.timezone)
        await call.store.save_destination(here, now=call.now())


@registry.command("club off", admin=True)
async def off(call: Call) -> Message:
    """Stop the reading group of this channel; its settings, nominations and history are kept."""
    club = await _club(call)
    standing = await _standing(call, call.now())
    await call.store.save_club(replace(club, enabled=False), now=call.now())
    stopped = f"The meeting of {full_date(standing.day)} is called off. " if standing else ""
    return Message(body=paragraphs(f"No more meetings here. {stopped}`/papers club on` starts them again."))


@registry.command("club days", admin=True)
async def days(
    call: Call,
    opens: Annotated[int, OptionHelp("Days before the meeting.", minimum=OPENS[0], maximum=OPENS[-1])],
    closes: Annotated[int, OptionHelp("Days before the meeting.", minimum=2, maximum=OPENS[-1] - 1)],
) -> Message:
    """Set how many days before a meeting its vote opens and closes; it is 5 and 3 where nobody set it."""
    club = await _club(call)
    if closes >= opens:
        raise UserError("The vote closes after it opens: `/papers club days 5 3` opens it 5 days before, closes it 3.")
    changed = replace(club, opens=opens, closes=closes)
    await call.store.save_club(changed, now=call.now())
    return await _plan(call, changed)


@registry.command("club show")
async def show(call: Call) -> Message:
    """Show what is planned: the next meeting, what is nominated, and the vote."""
    return await _plan(call, await _club(call))


async def _plan(call: Call, club: Club) -> Message:
    now = call.now()
    standing = await _standing(call, now)
    body: list[Text | str] = [_describe(club)]
    if standing:
        body += await _about(call, standing)
    elif club.enabled:
        upcoming = next_meeting(club, now)
        opens = shown_moment(upcoming.opens_at, club.timezone)
        body.append(
            text("Next meeting: ", shown_moment(upcoming.meets_at, club.timezone), ". Its vote opens ", opens, ".")
        )
    if club.enabled and (standing is None or standing.state is MeetingState.CHOSEN):
        body += await _nominated(call, await nominated(call.store, club, now))
    return Message(
        title="Reading group", body=paragraphs(*body), buttons=(Button("What we read", command="club history"),)
    )


def _describe(club: Club) -> str:
    weeks = "every week" if club.every == 1 else f"every {club.every} weeks"
    when = f"{WEEKDAYS[club.weekday]}, {club.at:%H:%M} {zone_name(club.timezone)}, {weeks}"
    if not club.enabled:
        return f"It is off; `/papers club on` starts it again: {when}."
    return f"{when}. The vote opens {club.opens} days before and closes {club.closes} days before."


async def _about(call: Call, meeting: Meeting) -> list[Text]:
    """The meeting that has begun: what is voted on, or what was chosen."""
    lines = [text("Next meeting: ", shown_moment(meeting.meets_at, meeting.timezone), ".")]
    if meeting.winner:
        names = await _names(call, [meeting.winner])
        return [*lines, text("We read ", strong(names[0]), full_stop(names[0]))]
    closes = shown_moment(meeting.closes_at, meeting.timezone)
    if len(meeting.candidates) < 2:
        return [*lines, text("Papers can be nominated until ", closes, ".")]
    names = await _names(call, meeting.candidates)
    lines.append(text("The vote is open until ", closes, ":"))
    return [*lines, *(text(f"{number}. ", name) for number, name in enumerate(names, start=1))]


async def _nominated(call: Call, papers: Sequence[Nomination]) -> list[Text | str]:
    if not papers:
        return ["Nothing is nominated yet. `/papers club propose PAPER` nominates a paper; so does saving one here."]
    names = await _names(call, [each.paper_id for each in papers])
    listed = [text("• ", name, quiet(f" ({_why(each)})")) for name, each in zip(names, papers, strict=True)]
    return [text(strong("Nominated so far:")), *listed]


def _why(nomination: Nomination) -> str:
    saves = f"{counted(nomination.saves, 'save')} here" if nomination.saves else ""
    return ", ".join(filter(None, ("proposed" if nomination.proposed else "", saves)))


async def _names(call: Call, ids: Sequence[PaperId]) -> list[str]:
    return [stored.paper.name for stored in await call.store.papers(ids)]


@registry.command("club propose")
async def propose(call: Call, paper: PaperName) -> Message:
    """Nominate a paper for the next meeting of this channel's reading group.

    It stays nominated until it is read or withdrawn.
    """
    club = await _club(call)
    stored = await call.library.find(paper)
    if any(each.winner == stored.paper.id for each in await read_at(call.store, call.place.key)):
        raise UserError(f"“{stored.paper.name}” was read here already; `/papers club history` lists what was.")
    new = await call.store.nominate(club.place.key, call.person, stored.paper.id, at=call.now())
    name = stored.paper.name
    line = text("Nominated: " if new else "Already nominated: ", strong(name), full_stop(name), await _late(call))
    undo = (Button("Undo", command=f"club withdraw {stored.paper.id}"),) if new else ()
    return Message(body=paragraphs(line), buttons=undo)


async def _late(call: Call) -> str:
    """What to say where a vote without the paper has begun."""
    standing = await _standing(call, call.now())
    is_late = standing and standing.state is MeetingState.VOTING and len(standing.candidates) > 1
    return " A vote has begun without it, so it is for the meeting after." if is_late else ""


@registry.command("club withdraw")
async def withdraw(call: Call, paper: PaperName) -> Message:
    """Take back a nomination of yours; admins can take back any."""
    club = await _club(call)
    stored = await call.library.find(paper)
    mine = [each for each in await call.store.proposals(club.place.key) if each.paper_id == stored.paper.id]
    if not mine:
        raise UserError(f"“{stored.paper.name}” was not proposed here. What is saved here is nominated by itself.")
    if mine[0].person != call.person and not call.admin:
        raise UserError("Somebody else proposed it; they and admins can take it back.")
    await call.store.withdraw_nomination(club.place.key, stored.paper.id)
    again = Button("Undo", command=f"club propose {stored.paper.id}")
    line = text("No longer nominated: ", strong(stored.paper.name), full_stop(stored.paper.name))
    return Message(body=paragraphs(line), buttons=(again,))


@registry.command("club vote", private=True, undoes=True)
async def vote(
    call: Call, number: Annotated[int, OptionHelp("The number of the paper.", minimum=1, maximum=99)]
) -> Message:
    """Vote for the paper with a number; a later vote takes the place of an earlier one."""
    standing = await _standing(call, call.now())
    if standing is None or standing.state is not MeetingState.VOTING or not standing.candidates:
        raise UserError("There is no vote here now; `/papers club show` says what is planned.")
    if len(standing.candidates) == 1:
        raise UserError("One paper is nominated, so there is no vote; `/papers club propose PAPER` nominates another.")
    if number > len(standing.candidates):
        raise UserError(f"There are {counted(len(standing.candidates), 'paper')} to vote for, no {number}.")
    if not await call.store.vote(standing.number, call.person, number, at=call.now()):
        raise UserError("This vote is closed; its result is on its way.")
    papers = [stored.paper for stored in await call.store.papers(standing.candidates)]
    counts = Counter(await call.store.votes(standing.number))
    votes = [counts[choice] for choice in range(1, len(papers) + 1)]
    name = papers[number - 1].name
    line = text("You voted for ", strong(name), full_stop(name), " Vote again to change it.")
    return Message(body=paragraphs(line), renewed=ballot(standing, papers, votes))


@registry.command("club history")
async def history(call: Call) -> Message:
    """List what this channel's reading group has read, the newest first, with dates and votes."""
    await _club(call)
    meetings = await read_at(call.store, call.place.key)
    if not meetings:
        return Message(title="What we read", body=paragraphs("Nothing yet. The paper of each meeting is kept here."))
    papers = await read_papers(call.store, call.place.key)
    listed = [
        text(f"{long_date(each.day)}: ", strong(paper.name), quiet(_tally(each)))
        for each, paper in zip(meetings[:_HISTORY], papers, strict=False)
    ]
    more = f"… and {counted(len(meetings) - _HISTORY, 'meeting')} before." if len(meetings) > _HISTORY else ""
    export = Button("Export as BibTeX", command="export club bibtex")
    return Message(title="What we read", body=paragraphs(*listed, more), buttons=(export,))


def _tally(meeting: Meeting) -> str:
    return f" ({meeting.votes} of {counted(meeting.cast, 'vote')})" if meeting.cast else ""


async def _club(call: Call) -> Club:
    """The club here. Raises UserError where there is none."""
    _require_channel(call)
    if club := await call.store.club(call.place.key):
        return club
    who = "" if call.admin else " An admin can start one."
    raise UserError(f"This channel has no reading group yet.{who} `/papers club on thursday 16:00` starts one.")


async def _standing(call: Call, now: datetime) -> Meeting | None:
    """The meeting that has begun, with a vote or a paper, and is not over; None where there is none."""
    meetings = await call.store.meetings(call.place.key)
    return next((each for each in meetings if each.state in _STANDING and each.meets_at > now), None)


def _require_channel(call: Call) -> None:
    if call.place.private:
        raise UserError("A reading group is a channel's; use this in a channel.")
