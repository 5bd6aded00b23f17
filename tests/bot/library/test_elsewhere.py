"""Papers that are not here, searched for where they are."""

import pytest

from bot.domain.paper_ids import PaperId
from bot.errors import LookupFailedError, QueryError, UserError
from bot.library.app import App
from bot.library.elsewhere import NOT_HERE, FoundElsewhere, finds_little, search_elsewhere
from tests.support.lookup.services import FakeSearch, fetched_paper, with_searches

ONE, TWO = fetched_paper("2601.90001", "One invention"), fetched_paper("2601.90002", "Two inventions")
OTHER = fetched_paper("doi:10.5555/1", "Another invention")


async def found(app: App, typed: str = "inventions", limit: int = 5) -> FoundElsewhere:
    return await search_elsewhere(app.library, app.store, app.clock, typed, limit)


def ids(found: FoundElsewhere) -> list[PaperId]:
    return [result.stored.paper.id for result in found.results]


async def test_services_take_turns_and_each_paper_comes_once(app: App) -> None:
    again = fetched_paper("doi:10.5555/2", "ONE invention.")
    arxiv, openalex = FakeSearch(ONE, TWO), FakeSearch(OTHER, again, name="openalex")
    told = await found(with_searches(app, arxiv, openalex))
    assert told.by == ("arXiv", "OpenAlex")
    assert ids(told) == [ONE.id, OTHER.id, TWO.id]
    assert arxiv.asked == openalex.asked == [("inventions", 5)]


async def test_what_is_not_in_the_library_is_marked(app: App) -> None:
    [known] = await app.library.search("2601.03236")
    told = await found(with_searches(app, FakeSearch(known.stored.paper, ONE)))
    assert [result.reasons for result in told.results] == [(), (NOT_HERE,)]
    assert told.results[0].stored == known.stored
    assert await app.store.paper(ONE.id) is None


async def test_a_service_that_fails_leaves_the_others_and_is_recorded_without_its_key(app: App) -> None:
    told = await found(with_searches(app, FakeSearch(ONE), FakeSearch(name="openalex", error="401 Unauthorized")))
    assert (told.by, ids(told)) == (("arXiv",), [ONE.id])
    states = {state.name: state.error for state in await app.store.service_states()}
    assert states == {"arxiv": "", "openalex": "401 Unauthorized"}


async def test_where_nobody_answers_that_is_told(app: App) -> None:
    searches = FakeSearch(error="503"), FakeSearch(name="openalex", error="401")
    with pytest.raises(LookupFailedError, match=r"^Nobody could be searched \(arXiv: 503; OpenAlex: 401\)\. Try again"):
        await found(with_searches(app, *searches))


async def test_filters_are_words_and_a_search_without_any_is_a_mistake(app: App) -> None:
    arxiv = FakeSearch(ONE)
    await found(with_searches(app, arxiv), 'graphs author:"Ada Example" cat:cs.LG -video')
    assert arxiv.asked == [("graphs Ada Example", 5)]
    with pytest.raises(QueryError, match="in words"):
        await found(with_searches(app, arxiv), "after:2024")


async def test_where_no_service_is_searched_that_is_told(app: App) -> None:
    with pytest.raises(UserError, match="is switched off"):
        await found(app)


@pytest.mark.parametrize(
    ("typed", "little"),
    [
        ("memory agents", False),
        ("agents", False),
        ("2601.03236", False),
        ("sort:new after:2026-01", False),
        ("protein structure prediction", True),
        ("zebrafish larvae optogenetics", True),
    ],
)
async def test_a_search_whose_words_few_papers_hold_found_little(app: App, typed: str, little: bool) -> None:
    assert finds_little(app.index, typed, await app.library.search(typed, 6), 5) is little
