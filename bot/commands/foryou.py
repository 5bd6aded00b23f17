"""Recommendations: foryou."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated, Literal

from bot.chat.call import PAGE, Call
from bot.chat.registry import OptionHelp
from bot.commands.common import listing, registry
from bot.domain.messages import Message
from bot.domain.papers import find_paper_ids
from bot.domain.people import WEIGHTS, Topic
from bot.engine.profile import Rating
from bot.errors import UserError
from bot.library.library import Result, ratings

_CANDIDATES = 2 * PAGE
"""Papers asked for, because some may be about blocked topics."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """Whom papers are recommended to: a person or a channel, what they judged and what they follow."""

    ratings: Sequence[Rating]
    topics: Sequence[Topic]

    @property
    def wanted(self) -> list[str]:
        """Topics to see more of."""
        return [topic.text for topic in self.topics if topic.wanted]

    @property
    def blocked(self) -> list[str]:
        """Topics to see nothing of."""
        return [topic.text for topic in self.topics if not topic.wanted]


@registry.command(private=True)
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
    store = call.library.store
    seen = await store.shown(call.owner) | await store.shown(call.place.key)
    reader = await (_channel(call) if whose == "channel" else _person(call))
    if papers:
        reader = replace(reader, ratings=await _pasted(call, papers))
    found, intro = await _recommended(call, reader, seen)
    results = (await call.library.without(found, reader.blocked))[: PAGE + 1]
    await store.mark_shown(
        call.owner, [result.stored.paper.id for result in results[:PAGE]], at=call.library.clock.now()
    )
    title = f"For {call.place.name or 'this channel'}" if whose == "channel" else "For you"
    return await listing(call, title, results, intro=intro, nothing="Nothing new for you today.", steady=False)


async def _person(call: Call) -> _Reader:
    store = call.library.store
    judged = await ratings(call.library, await store.feedback_of(call.person))
    return _Reader(judged, await store.topics(call.owner))


async def _channel(call: Call) -> _Reader:
    """What was judged in a place by anybody: of a paper that several judged, their weights add up."""
    store = call.library.store
    judged = await store.feedback_at(call.place.key)
    weight: dict[str, float] = defaultdict(float)
    for entry in judged:
        weight[entry.paper_id] += WEIGHTS[entry.attitude]
    agreed = [entry for entry in judged if WEIGHTS[entry.attitude] * weight[entry.paper_id] >= 0]
    each = await ratings(call.library, agreed)
    together = [rating._replace(weight=weight[rating.paper.id], by="people here") for rating in each]
    return _Reader(together, await store.topics(call.place.key))


async def _pasted(call: Call, text: str) -> list[Rating]:
    """FeedbackRecords that want the papers named in a text. Raises UserError when none of them is here."""
    ids = find_paper_ids(text)
    stored = await call.library.store.papers(ids) if ids else [await call.library.find(text)]
    if not stored:
        raise UserError(f"None of these papers is here: {', '.join(ids)}. Check the ids, or search for their titles.")
    return [Rating(paper.row, paper.paper, 1.0, verb="named") for paper in stored]


async def _recommended(call: Call, reader: _Reader, seen: frozenset[int]) -> tuple[list[Result], str]:
    """Recommendations from the best that is known of somebody, and what to say about where they come from."""
    library = call.library
    if any(rating.weight > 0 for rating in reader.ratings):
        results = await library.recommend(
            reader.ratings, _CANDIDATES, exclude=seen, follows=reader.wanted, explore=True
        )
        return results, ""
    hidden = seen | {rating.row for rating in reader.ratings}
    if reader.wanted:
        results = await _about(call, reader.wanted)
        told = f"From what you follow ({', '.join(reader.wanted)}). Save papers and it learns more."
    else:
        results = await library.trending("week", _CANDIDATES + len(hidden))
        told = "Save papers to teach it what you like; until then, here is what is trending."
    return [result for result in results if result.stored.row not in hidden], told


async def _about(call: Call, topics: Sequence[str]) -> list[Result]:
    """Papers of the last year about any of some topics, the best first."""
    since = (call.library.clock.now() - timedelta(days=365)).date()
    best: dict[int, Result] = {}
    for topic in topics:
        for result in await call.library.search(topic, 4 * PAGE, since=since):
            known = best.get(result.stored.row)
            if known is None or known.score < result.score:
                best[result.stored.row] = result
    return sorted(best.values(), key=lambda result: -result.score)
