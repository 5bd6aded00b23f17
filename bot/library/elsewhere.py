"""Searching what is not here: services that know more papers, asked live."""

import asyncio
from collections.abc import Sequence
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, NamedTuple

from bot.domain.papers import Paper, title_key
from bot.engine.query import parse_query
from bot.engine.search import understood
from bot.errors import LookupFailedError, QueryError, SourceError, UserError
from bot.library.library import Library, Result
from bot.library.lookup import plain_reason
from bot.ports import Clock, PaperIndex, PaperSearch, StoredPaper

if TYPE_CHECKING:
    from bot.ports import LibraryStore

NOT_HERE = "not in the library until you save it"

_LONGEST = 15.0
"""Seconds that a service has to answer a search."""

_LITTLE = 3
"""With fewer papers that hold most of the words, a search found little."""


class FoundElsewhere(NamedTuple):
    """Papers from services, the best first, each marked where it is not in the library; and who answered."""

    results: list[Result]
    by: tuple[str, ...]


async def search_elsewhere(
    library: Library, store: "LibraryStore", clock: Clock, typed: str, limit: int
) -> FoundElsewhere:
    """Papers for a search as typed, of every service that is switched on for that; its filters are taken as words.

    Raises UserError where none is switched on, QueryError for a search without words and LookupFailedError where no
    service answers.
    """
    searches = library.lookup.services.searches
    if not searches:
        raise UserError(
            "Searching for papers that are not here is switched off. A plain search finds those that are here."
        )
    words = _words(typed)
    answers = await asyncio.gather(*(_asked(each, words, limit) for each in searches))
    for search, answer in zip(searches, answers, strict=True):
        error = answer if isinstance(answer, str) else ""
        await store.record_request(search.name, now=clock.now(), error=error)
    answered = [
        (search.title, answer) for search, answer in zip(searches, answers, strict=True) if not isinstance(answer, str)
    ]
    if not answered:
        failed = "; ".join(f"{each.title}: {answer}" for each, answer in zip(searches, answers, strict=True))
        raise LookupFailedError(f"Nobody could be searched ({failed}). Try again later.")
    papers = _in_turn([papers for _, papers in answered])[:limit]
    return FoundElsewhere(await _marked(store, papers), tuple(title for title, _ in answered))


def finds_little(index: PaperIndex, typed: str, results: Sequence[Result], wanted: int) -> bool:
    """Whether few of the `wanted` papers that a search found hold most of its words: others are about something near.

    A search that names a paper finds all there is. For a thread: it reads papers and the index.
    """
    if results and results[0].reasons[:1] in {("the paper you named",), ("this is its title",)}:
        return False
    words = set(index.analyze(understood(index, typed).text))
    held = (words & set(index.analyze(" ".join([paper.text, *paper.authors]))) for paper in _papers(results))
    return sum(2 * len(some) > len(words) or not words for some in held) < min(_LITTLE, wanted)


def _papers(results: Sequence[Result]) -> list[Paper]:
    return [result.stored.paper for result in results]


def _words(typed: str) -> str:
    query = parse_query(typed)
    words = " ".join([query.text, *query.filters.authors]).strip()
    if not words:
        raise QueryError("Say what to look for in words, e.g. `diffusion models`.")
    return words


async def _asked(search: PaperSearch, words: str, limit: int) -> Sequence[Paper] | str:
    """What a service finds, or why it does not tell."""
    try:
        async with asyncio.timeout(_LONGEST):
            return await search.search(words, limit)
    except SourceError as error:
        return plain_reason(error)
    except TimeoutError:
        return f"no answer within {_LONGEST:.0f} seconds"


def _in_turn(lists: Sequence[Sequence[Paper]]) -> list[Paper]:
    """The papers of several lists, the first of each, then the second of each; each paper once."""
    once: dict[str, Paper] = {}
    for paper in filter(None, chain.from_iterable(zip_longest(*lists))):
        once.setdefault(title_key(paper.title), paper)
    return list(once.values())


async def _marked(store: "LibraryStore", papers: Sequence[Paper]) -> list[Result]:
    known = {paper.id: await store.paper(paper.id) for paper in papers}
    return [
        Result(stored, 0.0, ()) if (stored := known[paper.id]) else Result(StoredPaper(0, 0, paper), 0.0, (NOT_HERE,))
        for paper in papers
    ]
