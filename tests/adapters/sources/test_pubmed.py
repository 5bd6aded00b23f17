import json
from datetime import date

import pytest
from pydantic import SecretStr

from adapters.sources.pubmed import from_settings
from bot.config import Settings
from bot.errors import SourceError
from bot.ports import Batch, PaperSource
from tests.support.sources.world import Collect, FakeClock, ReplayServer, Reply

TODAY = date(2026, 1, 7)


def search(*ids: int, count: int | None = None) -> Reply:
    result = {
        "count": str(len(ids) if count is None else count),
        "retmax": "200",
        "idlist": [str(each) for each in ids],
    }
    return Reply(json.dumps({"header": {}, "esearchresult": result}))


def articles(query: dict[str, str]) -> Reply:
    found = "".join(
        f"""<PubmedArticle><MedlineCitation><PMID>{number}</PMID><Article><Journal><Title>J</Title></Journal>
        <ArticleTitle>Invented article {number}.</ArticleTitle></Article></MedlineCitation></PubmedArticle>"""
        for number in query["id"].split(",")
    )
    return Reply(f"<PubmedArticleSet>{found}</PubmedArticleSet>")


@pytest.fixture
def source(settings: Settings, clock: FakeClock, server: ReplayServer) -> PaperSource:
    server.script("/eutils/efetch.fcgi", articles)
    queries = ("crispr[tiab] AND cancer",)
    return from_settings(settings.model_copy(update={"pubmed_queries": queries}), clock, clock.sleep)


async def read(source: PaperSource, *, since: date | None = TODAY, cursor: str = "") -> list[Batch]:
    return [batch async for batch in source.batches(since=since, cursor=cursor)]


async def test_what_came_in_that_meets_a_query_is_read(server: ReplayServer, source: PaperSource) -> None:
    server.script("/eutils/esearch.fcgi", search(1, 2))
    [batch] = await read(source)
    assert [paper.id for paper in batch.papers] == ["pmid:1", "pmid:2"]
    asked = server.asked[0].query
    assert (asked["term"], asked["datetype"]) == ("crispr[tiab] AND cancer", "edat")
    assert (asked["mindate"], asked["maxdate"], asked["tool"]) == ("2026/01/07", "2026/01/07", "paperboy")
    assert "email" not in asked, "a web page is no address"


async def test_a_query_without_hits_is_nothing_to_fetch(server: ReplayServer, source: PaperSource) -> None:
    server.script("/eutils/esearch.fcgi", search())
    [batch] = await read(source)
    assert (list(batch.papers), server.paths()) == ([], ["/eutils/esearch.fcgi"])


async def test_many_hits_are_read_page_by_page(server: ReplayServer, source: PaperSource) -> None:
    server.script("/eutils/esearch.fcgi", search(1, count=201), search(2, count=201))
    batches = await read(source)
    assert [asked.query["retstart"] for asked in server.asked if "term" in asked.query] == ["0", "200"]
    assert [paper.id for batch in batches for paper in batch.papers] == ["pmid:1", "pmid:2"]


async def test_more_hits_than_pubmed_lists_are_noted(server: ReplayServer, source: PaperSource) -> None:
    pages = (search(number, count=10_050) for number in range(50))
    server.script("/eutils/esearch.fcgi", *pages)
    batches = await read(source)
    assert len(batches) == 50
    assert batches[-1].notes == ("crispr[tiab] AND cancer 2026-01-07: 50 more than PubMed lists; use a narrower query",)


async def test_an_error_inside_a_good_answer_is_told_in_pubmeds_words(
    server: ReplayServer, source: PaperSource, collect: Collect
) -> None:
    server.script("/eutils/esearch.fcgi", Reply('{"esearchresult": {"ERROR": "Invalid db name"}}'))
    _, error = await collect(source)
    assert error.endswith("PubMed says: Invalid db name")


@pytest.mark.parametrize("body", ["<html>", "[]", '{"esearchresult": {"idlist": []}}'])
async def test_an_answer_of_another_shape_is_asked_for_again(
    server: ReplayServer, source: PaperSource, body: str
) -> None:
    server.script("/eutils/esearch.fcgi", Reply(body), search(1))
    assert len((await read(source))[0].papers) == 1


async def test_too_many_requests_are_answered_with_patience(server: ReplayServer, source: PaperSource) -> None:
    limit = Reply('{"error": "API rate limit exceeded", "count": "4"}', status=429)
    server.script("/eutils/esearch.fcgi", limit, search(1))
    assert len((await read(source))[0].papers) == 1


async def test_a_key_and_an_address_are_told_and_quicken_the_requests(
    server: ReplayServer, settings: Settings, clock: FakeClock
) -> None:
    told = {"pubmed_queries": ("x",), "ncbi_api_key": SecretStr("key-hidden"), "contact": "lab@example.org"}
    server.script("/eutils/esearch.fcgi", search(1))
    server.script("/eutils/efetch.fcgi", articles)
    await read(from_settings(settings.model_copy(update=told), clock, clock.sleep))
    assert (server.asked[0].query["api_key"], server.asked[0].query["email"]) == ("key-hidden", "lab@example.org")
    assert (server.asked[1].at - server.asked[0].at).total_seconds() == pytest.approx(0.1)


async def test_a_key_is_not_told_where_a_request_fails(
    server: ReplayServer, settings: Settings, clock: FakeClock
) -> None:
    told = {"pubmed_queries": ("x",), "ncbi_api_key": SecretStr("key-hidden")}
    server.script("/eutils/esearch.fcgi", Reply("no such key", status=403))
    with pytest.raises(SourceError) as failed:
        await read(from_settings(settings.model_copy(update=told), clock, clock.sleep))
    assert "403" in str(failed.value)
    assert "api_key=hidden" in str(failed.value)
    assert "key-hidden" not in str(failed.value)


async def test_without_queries_the_setting_is_named(settings: Settings, clock: FakeClock) -> None:
    [batch] = await read(from_settings(settings, clock, clock.sleep))
    assert batch.notes == ("nothing to read: PAPERBOY_PUBMED_QUERIES is empty",)
