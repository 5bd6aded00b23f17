"""Finding papers: search, similar, show, trending, foryou."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated

from bot.cards import trending_title, whole_card
from bot.commands.call import PAGE, Call, PaperName, listing, opinions, paragraphs, registry
from bot.engine.profile import Opinion
from bot.library import Result, Window
from bot.messages import Message, code, link, text
from bot.people import Topic
from bot.registry import Says

Typed = Annotated[
    str,
    Says('Words, "phrases", author:ho, cat:cs.LG, after:2024, -word; or an id or link.', complete="queries", rest=True),
]


@registry.command()
async def search(call: Call, query: Typed) -> Message:
    """Find papers by words and by meaning.

    Narrow it down with author:ho, cat:cs.LG, after:2024-05 and before:2025; "in quotes" words must stand together,
    -word leaves papers out, sort:new and sort:top change the order. An id or a link finds that paper.
    """
    results = await call.library.search(query, PAGE + 1, call.offset)
    nothing = text(
        "Nothing found. Fewer or other words may help, e.g. ", code("/papers search retrieval augmentation"), "."
    )
    return await listing(call, f"Search: {query}", results, nothing=nothing)


@registry.command()
async def similar(call: Call, paper: PaperName) -> Message:
    """Find papers like one.

    By shared words, meaning and authors.
    """
    seed = (await call.library.find(paper)).paper
    results = await call.library.similar([seed.id], PAGE + 1, call.offset)
    return await listing(call, f"Similar to {seed.title}", results, nothing="Nothing like it here yet.")


@registry.command()
async def show(call: Call, paper: PaperName) -> Message:
    """Show one paper, with its abstract and links."""
    stored = await call.library.find(paper)
    now = call.library.clock.now()
    readings = await call.library.readings([stored.paper.id], now)
    found = whole_card(stored.paper, readings[stored.paper.id], saved=stored.paper.id in await call.saved())
    links = [link(name, url) for name, url in (("Code", stored.paper.code), ("Project", stored.paper.project)) if url]
    spaced = [part for each in links for part in (each, "  ")]
    return Message(cards=(found,), body=paragraphs(stored.paper.abstract, text(*spaced[:-1])))


@registry.command()
async def trending(
    call: Call,
    window: Annotated[Window, Says("How far back papers may have appeared.")] = "day",
    topic: Annotated[str, Says("Only papers about this.", complete="topics", rest=True)] = "",
) -> Message:
    """Show the papers expected to matter most.

    Ranked by the interest each is expected to end with, from upvotes, their pace, and who wrote it.
    """
    results = await call.library.trending(window, PAGE + 1, call.offset, topic=topic)
    about = f" about {topic}" if topic else ""
    nothing = f"No new papers{about} in that time. Try a longer one: `/papers trending month`."
    return await listing(call, trending_title(window, topic), results, nothing=nothing)


@registry.command(private=True)
async def foryou(call: Call) -> Message:
    """Recommend papers because of what you saved, liked and disliked.

    Each time others: what was shown here once is not shown again. Without any saves it goes by your topics, and
    without topics by what is trending.
    """
    library = call.library
    seen = await library.store.shown(call.owner) | await library.store.shown(call.place.key)
    judged = await opinions(library, await library.store.judged(call.person))
    followed = await library.store.topics(call.owner)
    found, intro = await _recommended(call, judged, seen, followed)
    results = (await library.without(found, [topic.text for topic in followed if not topic.wanted]))[: PAGE + 1]
    await library.store.mark_shown(
        call.owner, [result.stored.paper.id for result in results[:PAGE]], at=library.clock.now()
    )
    return await listing(call, "For you", results, intro=intro, nothing="Nothing new for you today.", steady=False)


async def _recommended(
    call: Call, judged: list[Opinion], seen: frozenset[int], followed: Sequence[Topic]
) -> tuple[list[Result], str]:
    """Recommendations from the best that is known of somebody, and what to say about where they come from."""
    library = call.library
    if any(opinion.weight > 0 for opinion in judged):
        return await library.recommend(judged, 2 * PAGE, exclude=seen), ""
    hidden = seen | {opinion.row for opinion in judged}
    wanted = [topic.text for topic in followed if topic.wanted]
    if wanted:
        results = await _about(call, wanted)
        told = f"From what you follow ({', '.join(wanted)}). Save papers and it learns more."
    else:
        results = await library.trending("week", 2 * PAGE + len(hidden))
        told = "Save a paper and this learns what you like; until then, what is trending."
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
