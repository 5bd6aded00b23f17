import json
from collections.abc import Sequence
from datetime import timedelta

import pytest
from pydantic import SecretStr

from adapters.sources.citations import from_settings
from bot.config import Settings
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper, Signal, SignalKind
from bot.ports import Batch, StoredPaper
from tests.support.sources.world import Collect, FakeClock, ReplayServer, Reply

PATH = "/openalex/works"


def library(*ids: str) -> dict[int, StoredPaper]:
    papers = [Paper(id=PaperId(paper_id), title=f"Invented {paper_id}") for paper_id in ids]
    return {row: StoredPaper(row, row, paper) for row, paper in enumerate(papers, 1)}


def works(counts: dict[str, int]) -> Reply:
    found = [{"doi": f"https://doi.org/{doi}", "cited_by_count": count} for doi, count in counts.items()]
    return Reply(json.dumps({"meta": {"count": len(found)}, "results": found}))


async def read(settings: Settings, clock: FakeClock, papers: dict[int, StoredPaper], cursor: str = "") -> list[Batch]:
    async def pages(rows: Sequence[int]) -> list[StoredPaper]:
        return [papers[row] for row in rows if row in papers]

    source = from_settings(settings, clock, clock.sleep)
    source.ask_of(pages)
    return [batch async for batch in source.batches(since=None, cursor=cursor)]


async def test_papers_are_asked_for_by_their_dois_and_get_a_count(
    server: ReplayServer, settings: Settings, clock: FakeClock
) -> None:
    server.script(PATH, works({"10.1145/1": 1234, "10.48550/arxiv.2601.00001": 7}))
    [batch] = await read(settings, clock, library("2601.00001", "doi:10.1145/1", "doi:10.1145/2", "openreview:x"))
    assert list(batch.signals) == [
        Signal(PaperId("2601.00001"), SignalKind.CITATIONS, clock.now(), 7),
        Signal(PaperId("doi:10.1145/1"), SignalKind.CITATIONS, clock.now(), 1234),
    ]
    assert server.asked[0].query["filter"] == "doi:10.48550/arxiv.2601.00001|10.1145/1|10.1145/2"


async def test_of_a_preprint_and_its_article_the_more_cited_counts(
    server: ReplayServer, settings: Settings, clock: FakeClock
) -> None:
    stored = StoredPaper(1, 1, Paper(id=PaperId("2601.00001"), title="T", doi="10.1145/1"))
    server.script(PATH, works({"10.1145/1": 9, "10.48550/arxiv.2601.00001": 7}))
    [batch] = await read(settings, clock, {1: stored})
    assert [signal.value for signal in batch.signals] == [9]


async def test_all_papers_are_gone_through_some_at_each_sync(
    server: ReplayServer, settings: Settings, clock: FakeClock
) -> None:
    papers = library(*(f"2601.{number:05}" for number in range(1, 121)))
    server.script(PATH, works({}))
    few = settings.model_copy(update={"citations_per_sync": 50})
    cursor, asked = "", []
    for _ in range(4):
        batches = await read(few, clock, papers, cursor)
        cursor = batches[-1].cursor if batches else cursor
        asked.append(sum(request.query["filter"].count("arxiv") for request in server.asked))
        server.asked.clear()
    assert asked == [50, 50, 20, 0]


async def test_after_a_month_the_papers_are_counted_anew(
    server: ReplayServer, settings: Settings, clock: FakeClock
) -> None:
    server.script(PATH, works({}))
    cursor = (await read(settings, clock, library("2601.00001")))[-1].cursor
    clock.moment += timedelta(days=29)
    assert await read(settings, clock, library("2601.00001"), cursor) == []
    clock.moment += timedelta(days=1)
    assert len(await read(settings, clock, library("2601.00001"), cursor)) == 1


async def test_papers_without_a_doi_are_passed_by_without_a_request(
    server: ReplayServer, settings: Settings, clock: FakeClock
) -> None:
    [batch] = await read(settings, clock, library("openreview:x", "doi:10.1/a|b"))
    assert (list(batch.signals), server.asked) == ([], [])


async def test_the_key_is_told(server: ReplayServer, settings: Settings, clock: FakeClock) -> None:
    server.script(PATH, works({}))
    await read(settings.model_copy(update={"openalex_key": SecretStr("key-hidden")}), clock, library("2601.00001"))
    assert server.asked[0].query["api_key"] == "key-hidden"


@pytest.mark.parametrize("body", ["<html>", "{}", '{"results": [{"doi": "x"}]}'])
async def test_an_answer_of_another_shape_is_asked_for_again(
    server: ReplayServer, settings: Settings, clock: FakeClock, body: str
) -> None:
    server.script(PATH, Reply(body), works({"10.48550/arxiv.2601.00001": 7}))
    [batch] = await read(settings, clock, library("2601.00001"))
    assert len(batch.signals) == 1


@pytest.mark.parametrize("count", ["1" + "0" * 30, "-1", "Infinity", "null", '"many"'])
async def test_what_is_no_count_is_passed_over_and_the_papers_beside_it_are_counted(
    server: ReplayServer, settings: Settings, clock: FakeClock, count: str
) -> None:
    told = [("10.48550/arxiv.2601.00001", count), ("10.48550/arxiv.2601.00002", "7")]
    results = ",".join(f'{{"doi": "https://doi.org/{doi}", "cited_by_count": {each}}}' for doi, each in told)
    server.script(PATH, Reply(f'{{"results": [{results}]}}'))
    [batch] = await read(settings, clock, library("2601.00001", "2601.00002"))
    assert [(signal.paper_id, signal.value) for signal in batch.signals] == [("2601.00002", 7)]


async def test_without_papers_nothing_is_asked(
    server: ReplayServer, settings: Settings, clock: FakeClock, collect: Collect
) -> None:
    assert await collect(from_settings(settings, clock, clock.sleep)) == ([], "")
    assert await read(settings, clock, {}) == []
    assert server.asked == []
