"""Recommendations: foryou."""

from dataclasses import replace
from typing import Annotated, Literal

from bot.chat.call import PAGE, Call
from bot.chat.registry import OptionHelp
from bot.commands.common import listing, registry
from bot.domain.messages import Message
from bot.domain.references import find_paper_ids
from bot.engine.profile import Rating
from bot.errors import UserError
from bot.library.finding import being_fetched
from bot.library.library import Basis
from bot.library.readers import Reader, channel_reader, person_reader


@registry.command(private=True, costly=True)
async def foryou(
    call: Call,
    whose: Annotated[
        Literal["me", "channel"], OptionHelp("Based on what you saved, or on what was saved in this channel.")
    ] = "me",
    papers: Annotated[str, OptionHelp("Links or ids of papers to start from instead.", rest=True)] = "",
) -> Message:
    """Recommend papers based on what you saved, liked and disliked.

    Every call brings new papers; none is shown twice. Authors and topics you follow count too, and so do people who
    saved the same papers. Without saves it goes by your topics, and without topics by what is trending; paste links to
    a few papers to start from those instead. `channel` goes by what was saved in this channel.
    """
    store = call.store
    seen = await store.shown(call.owner) | await store.shown(call.place.key)
    channel = whose == "channel"
    reader = await (channel_reader(store, call.place) if channel else person_reader(store, call.person))
    missing = ""
    if papers:
        ratings, missing = await _pasted(call, papers)
        reader = replace(reader, ratings=ratings)
    results, basis = await call.library.for_reader(reader, PAGE + 1, exclude=seen, explore=True)
    await store.mark_shown(call.owner, [result.stored.paper.id for result in results[:PAGE]], at=call.now())
    title = f"For {call.place.name or 'this channel'}" if channel else "For you"
    intro = _intro(basis, reader, channel=channel) or missing
    return await listing(call, title, results, intro=intro, nothing="Nothing new for you today.", steady=False)


async def _pasted(call: Call, text: str) -> tuple[list[Rating], str]:
    """Ratings that want the papers named in a text, and what is to say of those that cannot be had.

    Raises UserError when none of them can.
    """
    ids = find_paper_ids(text)
    stored, problems = await call.library.find_all(ids) if ids else ([await call.library.find(text)], [])
    if waiting := being_fetched(problems):
        raise waiting
    missing = " ".join(map(str, problems))
    if not stored:
        raise UserError(missing)
    return [Rating(paper.row, paper.paper, 1.0, verb="named") for paper in stored], missing


def _intro(basis: Basis, reader: Reader, *, channel: bool) -> str:
    """Where the recommendations come from, as long as nothing was saved."""
    match basis:
        case Basis.RATINGS:
            return ""
        case Basis.TOPICS:
            whose = "this channel follows" if channel else "you follow"
            named = ", ".join(topic.called for topic in reader.wanted)
            return f"From what {whose} ({named}). Save papers and it learns more."
        case Basis.TRENDING if channel:
            return "Nobody has saved a paper here yet; until then, here is what is trending."
        case Basis.TRENDING:
            return "Save papers to teach it what you like; until then, here is what is trending."
