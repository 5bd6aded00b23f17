import json
from datetime import date

import pytest

from adapters.sources.biorxiv import biorxiv, medrxiv
from bot.config import Settings
from bot.ports import Batch, PaperSource
from tests.support.sources.world import Collect, FakeClock, ReplayServer, Reply

TODAY = date(2026, 1, 7)


def version(number: int = 1, **told: object) -> dict[str, object]:
    return {
        "title": f"Invented cells {number}",
        "authors": "Example, A. B.; Sample, C.",
        "doi": f"10.64898/2026.01.05.{number:06}",
        "date": "2026-01-06",
        "version": "1",
        "type": "new results",
        "category": "cell biology",
        "abstract": "We invent cells.",
        "funder": "NA",
        "published": "NA",
        "server": "bioRxiv",
    } | told


def details(*versions: object, total: object = None, cursor: object = 0) -> Reply:
    told = {
        "status": "ok",
        "cursor": cursor,
        "count": len(versions),
        "count_new_papers": str(len(versions)),
        "total": str(len(versions)) if total is None else total,
    }
    return Reply(json.dumps({"messages": [told], "collection": list(versions)}))


NOTHING = Reply(json.dumps({"messages": [{"status": "no posts found"}], "collection": []}))


@pytest.fixture
def source(settings: Settings, clock: FakeClock) -> PaperSource:
    return biorxiv(settings, clock, clock.sleep)


async def read(source: PaperSource, *, since: date | None = TODAY, cursor: str = "") -> list[Batch]:
    return [batch async for batch in source.batches(since=since, cursor=cursor)]


def day(first: str, last: str = "", at: int = 0) -> str:
    return f"/details/biorxiv/{first}/{last or first}/{at}/json"


async def test_a_preprint_is_read_with_all_it_says(server: ReplayServer, source: PaperSource) -> None:
    server.script(day("2026-01-07"), details(version()))
    [batch] = await read(source)
    [paper] = batch.papers
    assert (paper.id, paper.title) == ("doi:10.64898/2026.01.05.000001", "Invented cells 1")
    assert (paper.authors, paper.categories) == (("A. B. Example", "C. Sample"), ("cell biology",))
    assert (paper.kind, paper.venue, paper.doi) == ("preprint", "bioRxiv", "10.64898/2026.01.05.000001")
    assert (paper.published, paper.source) == (date(2026, 1, 6), "biorxiv")


async def test_a_preprint_published_in_a_journal_keeps_both_ids(server: ReplayServer, source: PaperSource) -> None:
    server.script(day("2026-01-07"), details(version(published="10.1038/s00000-1")))
    [batch] = await read(source)
    assert {batch.papers[0].id, batch.aliases[0][1]} == {"doi:10.64898/2026.01.05.000001", "doi:10.1038/s00000-1"}


@pytest.mark.parametrize("total", ["3", 3])
async def test_pages_are_as_long_as_the_service_likes(server: ReplayServer, source: PaperSource, total: object) -> None:
    server.script(day("2026-01-07"), details(version(1), version(2), total=total))
    server.script(day("2026-01-07", at=2), details(version(3), total=total, cursor="2"))
    batches = await read(source)
    assert [len(batch.papers) for batch in batches] == [2, 1]
    assert batches[0].cursor != batches[1].cursor, "the days are read only with their last page"


async def test_categories_are_asked_for_one_by_one_and_others_left_out(
    server: ReplayServer, settings: Settings, clock: FakeClock
) -> None:
    followed = settings.model_copy(update={"medrxiv_categories": ("Cell Biology", "oncology")})
    path = day("2026-01-07").replace("biorxiv", "medrxiv")
    server.script(path, details(version(1), version(2, category="oncology")))
    batches = await read(medrxiv(followed, clock, clock.sleep))
    assert [asked.query["category"] for asked in server.asked] == ["cell_biology", "oncology"]
    assert [[paper.categories for paper in batch.papers] for batch in batches] == [[("cell biology",)], [("oncology",)]]


async def test_a_wrong_interval_is_an_error_in_the_services_words(
    server: ReplayServer, source: PaperSource, collect: Collect
) -> None:
    server.script(day("2026-01-07"), Reply(json.dumps({"messages": [{"status": "date is wrong"}]})))
    batches, error = await collect(source, since=TODAY)
    assert (batches, error.endswith("the service says: date is wrong")) == ([], True)


@pytest.mark.parametrize("body", ["<html>", "{}", '{"messages": []}', '{"messages": [{"status": "ok", "total": "x"}]}'])
async def test_an_answer_of_another_shape_is_asked_for_again(
    server: ReplayServer, source: PaperSource, body: str
) -> None:
    server.script(day("2026-01-07"), Reply(body), details(version()))
    [batch] = await read(source)
    assert len(batch.papers) == 1


async def test_an_empty_page_before_the_end_is_asked_for_again(server: ReplayServer, source: PaperSource) -> None:
    server.script(day("2026-01-07"), details(total="2"), details(version(1), version(2)))
    assert len((await read(source))[0].papers) == 2


async def test_requests_are_a_second_apart(server: ReplayServer, source: PaperSource) -> None:
    server.script(day("2026-01-06", "2026-01-07"), details(version(1), total=2))
    server.script(day("2026-01-06", "2026-01-07", at=1), details(version(2), total=2))
    await read(source, since=date(2026, 1, 6))
    assert (server.asked[1].at - server.asked[0].at).total_seconds() >= 1
