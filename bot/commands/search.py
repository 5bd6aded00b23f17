"""Finding papers: search, similar, show, trending."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from bot.chat.call import PAGE, Call
from bot.chat.registry import OptionHelp
from bot.commands.common import PaperName, listing, paragraphs, registry, remembered
from bot.domain.messages import Button, Message, Span, Text, code, link, quiet, strong, text
from bot.engine.query import filters_typed, parse_query
from bot.engine.summary import shorten
from bot.library.cards import trending_title, whole_card
from bot.library.elsewhere import finds_little, search_elsewhere
from bot.library.library import Result, Window
from bot.library.shelves import written_on
from bot.library.slips import slips
from bot.library.windows import window_in
from bot.ports import StoredPaper

_FILTERS = 5
"""Filters of a search that are named where it finds nothing."""
_ADDRESS = 60
"""Characters of an address that is shown."""

Typed = Annotated[
    str,
    OptionHelp(
        'Words, "phrases", author:ho, cat:cs.LG, after:2024, -word; or an id or link.', complete="queries", rest=True
    ),
]


@registry.command()
async def search(call: Call, query: Typed) -> Message:
    """Find papers by words and by meaning.

    Narrow it down with author:ho, cat:cs.LG, source:biorxiv, journal:nature, after:2024-05 and before:2025; "words in
    quotes" must appear together, -word excludes papers with it, sort:new, sort:top and sort:cited change the order. An
    id or a link finds that paper.
    """
    results = await call.library.search(query, PAGE + 1, call.offset, fetch=True)
    nothing = _nothing_found(query) if len(call.app.index) else text(_EMPTY)
    found = await listing(call, f"Search: {query}", results, nothing=nothing)
    if found.cards and call.app.public_url:
        found = replace(found, buttons=(*found.buttons, Button("Feed", command=f"export search feed {query}")))
    if call.page > 1:
        return found
    read_otherwise = await asyncio.to_thread(slips, call.app.index, query)
    found = replace(found, body=(*found.body, *read_otherwise, *await _known_here(call, results)))
    if not call.library.lookup.searches:
        return found
    if not await asyncio.to_thread(finds_little, call.app.index, query, results, PAGE):
        return found
    little = text("Little in this library is about that.") if results else ()
    button = Button("Search arXiv", command=f"arxiv {query}")
    return replace(found, body=(*found.body, *filter(None, (little,))), buttons=(*found.buttons, button))


async def _known_here(call: Call, results: Sequence[Result]) -> tuple[Text, ...]:
    """When the best of what was found came up in the channel before; nothing where that need not be said."""
    known = await remembered(call, results[0].stored.paper.id) if results else ()
    return (text(strong(results[0].stored.paper.name), ": ", *known),) if known else ()


_EMPTY = "There are no papers here yet. They come with the next sync; a paper that is named is fetched at once."


def _nothing_found(query: str) -> Text:
    """What to try where a search finds nothing."""
    if filters := filters_typed(query):
        *others, last = map(code, filters[:_FILTERS])
        if len(filters) == 1:
            alone = not parse_query(query).text
            return text("Nothing here meets ", last, ".") if alone else text("Nothing found. Leave out ", last, ".")
        named = [part for each in others for part in (each, ", ")][:-1]
        return text("Nothing meets all of that. Leave out ", *named, " or ", last, ".")
    return text("Nothing found. Try fewer or other words, e.g. ", code("/papers search retrieval augmentation"), ".")


@registry.command(costly=True)
async def arxiv(
    call: Call, query: Annotated[str, OptionHelp("Words to search for.", complete="queries", rest=True)]
) -> Message:
    """Search arXiv and OpenAlex for papers that are not here.

    What is found is not in the library until somebody saves it.
    """
    wanted = call.offset + PAGE + 1
    found = await search_elsewhere(call.library, call.store, call.app.clock, query, wanted)
    nothing = f"{' and '.join(found.by)} found nothing. Try fewer or other words."
    return await listing(call, f"{' and '.join(found.by)}: {query}", found.results[call.offset :], nothing=nothing)


@registry.command()
async def similar(call: Call, paper: PaperName) -> Message:
    """Find papers like one.

    Compares words, meaning and authors.
    """
    seed = (await call.library.find(paper)).paper
    results = await call.library.similar([seed.id], PAGE + 1, call.offset)
    return await listing(call, f"Similar to {seed.name}", results, nothing="Nothing like it here yet.")


@registry.command()
async def show(call: Call, paper: PaperName) -> Message:
    """Show one paper, with its abstract and links."""
    stored = await call.library.find(paper)
    now = call.now()
    readings = await call.library.readings([stored.paper.id], now)
    found = whole_card(stored.paper, readings[stored.paper.id], saved=stored.paper.id in await call.saved())
    links = [_link(name, url) for name, url in (("Code", stored.paper.code), ("Project", stored.paper.project)) if url]
    spaced = [part for each in links for part in (each, "  ")]
    return Message(
        cards=(found,),
        body=paragraphs(
            stored.paper.abstract,
            text(*spaced[:-1]),
            await _written(call, stored),
            await remembered(call, stored.paper.id),
        ),
    )


async def _written(call: Call, stored: StoredPaper) -> Text:
    """The tags and notes that the channel has on a paper, or the person where they alone see the answer."""
    if call.ephemeral:
        own = await written_on(call.app, stored, call.owner, shared=False)
        return text(quiet(f"Yours: {'; '.join(own)}")) if own else ()
    here = await written_on(call.app, stored, call.place.key, shared=True)
    return text(quiet(f"Here: {'; '.join(here)}")) if here else ()


def _further(window: Window, topic: str) -> Text:
    """What to try where nothing new is in a window."""
    if window == "month":
        line = f"/papers search {topic}" if topic else "/papers search WORDS"
        return text(code(line), " looks for older ones, too.")
    return text("Try a longer window: ", code(f"/papers trending month {topic}".strip()), ".")


def _link(name: str, url: str) -> Span:
    """A link that names its address, which stays to be read where a platform does not link to it."""
    return link(f"{name}: {shorten(url.partition('://')[2].rstrip('/') or url, _ADDRESS)}", url)


@registry.command()
async def trending(
    call: Call,
    window: Annotated[Window, OptionHelp("How far back to look.")] = "day",
    topic: Annotated[str, OptionHelp("Only papers about this.", complete="topics", rest=True)] = "",
) -> Message:
    """Show the papers expected to matter most.

    Ranked by the interest each paper is expected to reach, judging by its upvotes, their pace and its authors.
    """
    window, topic = window_in(window, topic)
    results = await call.library.trending(window, PAGE + 1, call.offset, topic=topic)
    about = f" about {topic}" if topic else ""
    nothing = text(f"No new papers{about} in that time. ", *_further(window, topic))
    found = await listing(call, trending_title(window, topic), results, nothing=nothing)
    return replace(found, body=(*found.body, *await asyncio.to_thread(slips, call.app.index, topic)))
