"""Following: every paper by an author, of a lab, about a query or that cites a paper, and new versions of a paper."""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Literal

from bot.chat.call import Call
from bot.chat.registry import OptionHelp
from bot.commands.common import paragraphs, registry
from bot.domain.counts import counted
from bot.domain.destinations import Destination
from bot.domain.follows import OF_A_PAPER, Follow, FollowKind
from bot.domain.messages import Button, Choice, Message, Select, Text, code, strong, text
from bot.domain.paper_ids import PaperId
from bot.domain.people import Place, private_talk
from bot.domain.references import parse_paper_id
from bot.engine.summary import shorten
from bot.errors import UserError
from bot.library.follows import MOST_OTHERS, Asked, Namesake, key, namesakes, read_follow, resolved
from bot.library.slips import slips
from bot.ports import Filters, StoredPaper

Where = Annotated[Literal["me", "channel"], OptionHelp("For you, as private messages, or for this channel.")]

_LOOKED_AT = 200
"""Papers by a name from which it is told who that may be."""

_RECENT, _SAMPLE = timedelta(days=30), 2_000
"""Papers that a query is tried on: those of so many days, so many at most."""

_PEOPLE, _NAMES, _TITLE = 5, 3, 60
"""People of one name, their co-authors and characters of a title that are shown."""

_WHO_CITES = "Semantic Scholar is asked twice a day who cites it; a citation may take it some weeks to notice."

_NOT_THIS_ONE = re.compile(r"(?P<author>(?:author|by):.+)\s(?P<paper>\S+)", re.IGNORECASE)
_NOW_LAST = re.compile(r"(?P<what>.+\S)\s+now", re.IGNORECASE | re.DOTALL)
_ROLE = re.compile(r"<@&(?P<discord>\d{1,20})>|<!subteam\^(?P<slack>\w{1,30})(?:\|[^<>]*)?>")


@registry.command(private=True)
async def follow(
    call: Call,
    where: Where = "me",
    when: Annotated[Literal["post", "now"], OptionHelp("With the next daily post, or each paper at once.")] = "post",
    what: Annotated[
        str,
        OptionHelp(
            'author:"Ada Lovelace", lab:deepmind, cited-by:2310.06825, a paper, or a query.',
            complete="follows",
            rest=True,
        ),
    ] = "",
) -> Message:
    """Follow an author, a lab, a query or a paper, and get every new paper that matches, once.

    `follow author:"Ada Lovelace"` brings papers by her, `follow lab:deepmind` those of a lab that Hugging Face names,
    `follow diffusion cat:cs.CV` those about a query (exactly these words: `follow "state space models"`), `follow
    cited-by:PAPER` those that cite a paper, and `follow PAPER` tells you of its new versions. They come under their own
    heading in your next daily post, whatever is trending; with `now`, or without a daily post, each comes at once as a
    private message. `follow channel` does the same for this channel. Papers count from now on, also those that a source
    tells of late.
    """
    place = _place(call, where)
    if not what.strip():
        return await _listing(call, where, place)
    if last := _NOW_LAST.fullmatch(what.strip()):
        what, when = last["what"], "now"
    asked = read_follow(what)
    about = await _Known.of(call, asked)
    await _keep_destination(call, where, place)
    wanted = Follow(
        owner=_owner(call, where),
        place=place.key,
        kind=asked.kind,
        value=about.value,
        at_once=when == "now",
        since=about.since,
    )
    kept, new = await call.store.add_follow(wanted)
    line = text("Following " if new else "Already followed: ", strong(kept.name), ". ", await _how(call, kept, place))
    undo = Button("Undo" if new else "Unfollow", command=f"unfollow {_whose(where)}{kept.name}")
    other = ("With the daily post", "post") if kept.at_once else ("At once", "now")
    change = Button(other[0], command=f"follow {_whose(where)}{other[1]} {kept.name}")
    return Message(
        body=paragraphs(line, *about.lines),
        selects=_not_this_one(kept, about.people, where),
        # Without a daily post there is nothing to choose between.
        buttons=(undo, change) if await _has_post(call, place) else (undo,),
    )


@registry.command(private=True)
async def unfollow(
    call: Call,
    where: Where = "me",
    what: Annotated[
        str,
        OptionHelp(
            "What you follow, as `follow` lists it; after an author, a paper of another.",
            complete="followed",
            rest=True,
        ),
    ] = "",
) -> Message:
    """Stop following something.

    `unfollow author:"Wei Wang" PAPER` goes on, but without the Wei Wang who wrote that paper: papers by the people who
    wrote with that one are left out. `unfollow channel` is about what this channel follows.
    """
    place = _place(call, where)
    if not what.strip():
        return await _listing(call, where, place)
    named = _NOT_THIS_ONE.fullmatch(what.strip())
    if named and parse_paper_id(named["paper"]):
        return await _leave_out(call, where, await _followed(call, where, named["author"]), named["paper"])
    gone = await _followed(call, where, what)
    await call.store.remove_follow(gone.number)
    again = f"follow {_whose(where)}{'now ' if gone.at_once else ''}{gone.name}"
    return Message(
        body=paragraphs(text("No longer followed: ", strong(gone.name), ".")), buttons=(Button("Undo", command=again),)
    )


@registry.command(admin=True, workspace=True, private=True)
async def notify(
    call: Call,
    who: Annotated[str, OptionHelp("A role or user group, as a mention: @readers; off for nobody.")],
    what: Annotated[
        str, OptionHelp("What this channel follows, as `follow channel` lists it.", complete="followed here", rest=True)
    ],
) -> Message:
    """Mention a role or user group whenever a paper comes that matches what this channel follows.

    It is the only mention Paperboy makes, and of that role or group alone. `notify off` ends it. On Discord the role
    must be one that anyone may mention, or Paperboy needs the permission to mention all roles.
    """
    follow = await _followed(call, "channel", what)
    mention = "" if who.lower() in {"off", "none", "nobody"} else _role(call, who)
    await call.store.change_follow(replace(follow, mention=mention))
    name = strong(follow.name)
    if not mention:
        return Message(body=paragraphs(text("Nobody is mentioned for ", name, ".")))
    line = text("That role or group is mentioned with every paper that matches ", name, ".")
    off = Button("Undo", command=f"notify off {follow.name}")
    return Message(body=paragraphs(line), buttons=(off,))


async def followed_lines(call: Call) -> list[Text]:
    """What this person and this channel follow, a line each; none where that is nothing."""
    lines = []
    for name, where in (("You follow: ", "me"), ("This channel follows: ", "channel")):
        if where == "me" or not call.place.private:
            listed = await _follows(call, where)
            waiting = await call.store.waiting(_owner(call, where), _somewhere(call, where).key)
            if listed:
                told = f" · {counted(waiting.papers, 'paper')} waiting" if waiting.papers else ""
                unclear = f" · {counted(waiting.unclear, 'paper')} may not have arrived" if waiting.unclear else ""
                lines.append(text(strong(name), ", ".join(each.name for each in listed), told, unclear))
    return lines


# --- whose, where


def _somewhere(call: Call, where: str) -> Place:
    """Where papers go that come at once."""
    if where == "channel" or call.place.private:
        return call.place
    return private_talk(call.account)


def _place(call: Call, where: str) -> Place:
    """As `_somewhere`. Raises UserError for a channel that somebody does not manage."""
    if where == "channel" and not call.admin:
        raise UserError(
            "Only admins and people they named may change what this channel follows. Without `channel` you follow it "
            "yourself."
        )
    return _somewhere(call, where)


def _owner(call: Call, where: str) -> str:
    return call.place.key if where == "channel" and not call.place.private else call.owner


def _whose(where: str) -> str:
    return "channel " if where == "channel" else ""


async def _follows(call: Call, where: str) -> list[Follow]:
    return await call.store.follows(_owner(call, where), _somewhere(call, where).key)


async def _keep_destination(call: Call, where: str, place: Place) -> None:
    """Make sure that there is a destination to send to; one that is new has no daily post."""
    if await call.store.destination(place.key) is None:
        here = await call.store.destination(call.place.key)
        person = call.person if place.private else None
        own = Destination(place=place, person=person, enabled=False, timezone=here.timezone if here else "UTC")
        await call.store.save_destination(own, now=call.now())


# --- what


class _Known:
    """What is known of something to follow: its value, since when it is new, lines about it, and people of its name."""

    def __init__(self, value: str, since: date, lines: Sequence[str | Text], people: Sequence[Namesake] = ()) -> None:
        self.value, self.since, self.lines, self.people = value, since, lines, people

    @classmethod
    async def of(cls, call: Call, asked: Asked) -> "_Known":
        """Look it up here. Raises UserError, and what `Library.find` raises."""
        value, today, paper = await resolved(asked, call.library, call.app.following, call.now().date())
        if paper:
            title = f"It is “{shorten(paper.name, _TITLE)}”"
            what = f". {_WHO_CITES}" if asked.kind is FollowKind.CITED_BY else ", with new versions from now on."
            return cls(value, today, [title + what])
        if asked.kind is FollowKind.AUTHOR:
            people = await _people(call, asked.value)
            return cls(asked.value, today, _described(asked.value, people), people)
        if asked.kind is FollowKind.LAB:
            return cls(asked.value, today, ["The lab of a paper is known where Hugging Face names it."])
        return cls(asked.value, today, await _tried(call, asked.value))


async def _people(call: Call, name: str) -> list[Namesake]:
    """The people of a name whose papers are here."""
    filters = Filters(authors=(name,))
    hits = await asyncio.to_thread(call.app.index.match_words, {}, _LOOKED_AT, filters=filters)
    stored = await call.store.papers_by_row(hits.rows.tolist())
    return namesakes(name, [each.paper for each in stored])


def _described(name: str, people: Sequence[Namesake]) -> list[str]:
    """Who somebody of a name may be, in lines."""
    if not people:
        return [f"No paper by {name} is here yet; every new one is compared with the name."]
    if len(people) == 1:
        return [f"Here: {_person(people[0])}."]
    more = f" and {len(people) - _PEOPLE} more" if len(people) > _PEOPLE else ""
    return [
        f"By the people they write with, papers here are by {len(people)} people of this name, or fewer:",
        *(f"{number}. {_person(each)}" for number, each in enumerate(people[:_PEOPLE], start=1)),
        f"Choose who is not meant{more}.",
    ]


def _person(known: Namesake) -> str:
    """`3 papers with A, B (DeepMind), e.g. “Title”`."""
    others = ", ".join(known.coauthors[:_NAMES])
    lab = f" ({known.labs[0]})" if known.labs else ""
    count = counted(len(known.papers), "paper")
    return f"{count} {f'with {others}' if others else 'alone'}{lab}, e.g. “{shorten(known.papers[0].name, _TITLE)}”"


async def _tried(call: Call, query: str) -> list[str | Text]:
    """How many of the last papers a query would have brought, what is not read here, and what means nothing in it."""
    now = call.now()
    recent: list[StoredPaper] = (await call.store.papers_seen(now - _RECENT, now))[:_SAMPLE]
    found = (await call.library.about(recent, [query]))[query]
    unread = await call.app.following.tell(call.store, [query]) if call.app.following else ""
    matching = f"{len(found)} of the last {counted(len(recent), 'paper')} match." if recent else ""
    return [matching, unread, *slips(call.app.index, query)]


def _not_this_one(follow: Follow, people: Sequence[Namesake], where: str) -> tuple[Select, ...]:
    """A list of the people of a name, to choose who is not meant."""
    if len(people) < 2:
        return ()
    choices = tuple(Choice(f"Not {_person(each)}", each.papers[0].id) for each in people[:_PEOPLE])
    return (Select("Not this one …", f"unfollow {_whose(where)}{follow.name} {{value}}", choices),)


async def _how(call: Call, follow: Follow, place: Place) -> str:
    """How papers come."""
    to = "as a private message" if place.private else "here"
    new = "version" if follow.kind is FollowKind.VERSION else "paper"
    if follow.at_once:
        return f"Each new {new} comes at once, {to}."
    if await _has_post(call, place):
        return f"New {new}s come with the next daily post, under their own heading."
    return f"There is no daily post yet, so each new {new} comes at once, {to}."


async def _has_post(call: Call, place: Place) -> bool:
    mailboxes = await call.store.mailboxes_of(call.person) if place.private and call.app.subscriptions else []
    known = [await call.store.destination(place.key), *mailboxes]
    return any(each is not None and each.enabled and each.days for each in known)


# --- what is followed


async def _followed(call: Call, where: str, what: str) -> Follow:
    """The follow that was named as it is listed, or by what it is about. Raises UserError."""
    typed = " ".join(what.split())
    follows = await _follows(call, where)
    if named := [each for each in follows if typed.casefold() in {each.name.casefold(), each.value.casefold()}]:
        # Of what shares a value, a name given in full says which; a paper alone was followed for its versions.
        return min(named, key=lambda each: (each.name.casefold() != typed.casefold(), each.kind is FollowKind.CITED_BY))
    asked = read_follow(typed)
    value = (await call.library.find(asked.value)).paper.id if asked.kind in OF_A_PAPER else asked.value
    for each in follows:
        if (each.kind, each.value.casefold()) == (asked.kind, value.casefold()):
            return each
    raise UserError(f"“{typed}” is not followed. `/papers follow{' channel' * (where == 'channel')}` lists what is.")


async def _listing(call: Call, where: str, place: Place) -> Message:
    """What is followed, with how it comes, and a list to end it."""
    listed = await _follows(call, where)
    title = "What this channel follows" if _whose(where) else "What you follow"
    if not listed:
        example = code(f'/papers follow {_whose(where)}author:"Ada Lovelace"')
        return Message(title=title, body=(text("Nothing yet. ", example, " brings every new paper by her."),))
    has_post = await _has_post(call, place)
    titles = await _titles(call, listed)
    lines = [text(strong(each.name), f"{titles.get(each, '')}: {_set(each, has_post=has_post)}") for each in listed]
    choices = tuple(Choice(shorten(each.name, _TITLE), each.name) for each in listed)
    end = Select("Unfollow …", f"unfollow {_whose(where)}{{value}}", choices)
    return Message(title=title, body=tuple(lines), selects=(end,))


async def _titles(call: Call, listed: Sequence[Follow]) -> dict[Follow, str]:
    """What the papers are called that are followed by their ids."""
    found = {each: await call.store.paper(PaperId(each.value)) for each in listed if each.kind in OF_A_PAPER}
    return {each: f" (“{shorten(stored.paper.name, _TITLE)}”)" for each, stored in found.items() if stored}


def _set(follow: Follow, *, has_post: bool) -> str:
    """How a follow is set, in words."""
    waits = "with the daily post" if has_post else "at once, as long as there is no daily post"
    parts = ["at once" if follow.at_once else waits]
    parts += [f"without papers by {counted(len(follow.others), 'other author')}"] if follow.others else []
    parts += ["with a mention"] if follow.mention else []
    return ", ".join(parts)


async def _leave_out(call: Call, where: str, follow: Follow, paper: str) -> Message:
    """Leave out the person of a followed name who wrote a paper."""
    stored = await call.library.find(paper)
    people = await _people(call, follow.value)
    group = next((each for each in people if stored.paper.id in {one.id for one in each.papers}), None)
    meant = group or next(iter(namesakes(follow.value, [stored.paper])), None)
    if meant is None:
        raise UserError(f"“{stored.paper.name}” is not by a {follow.value}.")
    undo = Button("Undo", command=f"follow {_whose(where)}{'now ' if follow.at_once else ''}{follow.name}")
    name = strong(follow.name)
    if not meant.coauthors:
        await call.store.drop_matches(follow.number, [stored.row], now=call.now())
        alone = text("That paper is left out. Nobody else wrote it, so other papers that match ", name, " still come.")
        return Message(body=paragraphs(alone))
    others = tuple(dict.fromkeys([*follow.others, *meant.coauthors]))[:MOST_OTHERS]
    await call.store.change_follow(replace(follow, others=others))
    await _drop(call, follow, others)
    with_ = ", ".join(meant.coauthors[:_NAMES])
    return Message(
        body=paragraphs(text("Still following ", name, f", but not who writes with {with_}.")), buttons=(undo,)
    )


async def _drop(call: Call, follow: Follow, others: Sequence[str]) -> None:
    """Let the papers that wait and are by some people not come."""
    barred = set(map(key, others))
    pending = await call.store.papers_by_row(await call.store.pending(follow.number))
    theirs = [each.row for each in pending if not barred.isdisjoint(map(key, each.paper.authors))]
    await call.store.drop_matches(follow.number, theirs)


def _role(call: Call, typed: str) -> str:
    """The id of a role or a user group that was mentioned. Raises UserError."""
    found = _ROLE.fullmatch(typed.strip())
    named = (found["discord"] if call.place.platform == "discord" else found["slack"]) if found else None
    if not named or named == call.place.workspace:
        raise UserError(
            f"“{typed}” is no role or user group that can be mentioned here; type @ and choose one of those offered."
        )
    return named
