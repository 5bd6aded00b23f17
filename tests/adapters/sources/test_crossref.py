import json
from datetime import UTC, date, datetime

import pytest

from adapters.sources.crossref import from_settings
from bot.config import Settings
from bot.ports import Batch, PaperSource
from tests.support.sources.world import FakeClock, ReplayServer, Reply

TODAY = date(2026, 1, 7)

PATH = "/crossref/journals/0028-0836/works"


def works(*numbers: int, cursor: str = "c") -> Reply:
    items = [
        {
            "DOI": f"10.1038/s{number}",
            "type": "journal-article",
            "title": [f"Invented article {number}"],
            "container-title": ["Nature"],
            "volume": "7",
            "abstract": "<jats:title>Abstract</jats:title><jats:p>We invent.</jats:p>",
            "issued": {"date-parts": [[2026, 1]]},
            "created": {"date-time": "2026-01-06T10:00:00Z"},
        }
        for number in numbers
    ]
    return Reply(json.dumps({"status": "ok", "message": {"items": items, "next-cursor": cursor, "total-results": 9}}))


@pytest.fixture
def source(settings: Settings, clock: FakeClock) -> PaperSource:
    followed = {"journals": ("0028-0836",), "contact": "lab@example.org"}
    return from_settings(settings.model_copy(update=followed), clock, clock.sleep)


async def read(source: PaperSource, *, since: date | None = TODAY) -> list[Batch]:
    return [batch async for batch in source.batches(since=since, cursor="")]


async def test_what_a_journal_registered_is_read(server: ReplayServer, source: PaperSource) -> None:
    server.script(PATH, works(1))
    [batch] = await read(source)
    [paper] = batch.papers
    assert (paper.id, paper.title, paper.abstract) == ("doi:10.1038/s1", "Invented article 1", "We invent.")
    assert (paper.kind, paper.venue, paper.volume) == ("article", "Nature", "7")
    assert (paper.published, paper.first_seen) == (date(2026, 1, 1), datetime(2026, 1, 6, 10, tzinfo=UTC))
    asked = server.asked[0].query
    assert asked["filter"] == "from-created-date:2026-01-07,until-created-date:2026-01-07,type:journal-article"
    assert (asked["cursor"], asked["mailto"]) == ("*", "lab@example.org")


async def test_full_pages_follow_one_cursor_until_one_is_not_full(server: ReplayServer, source: PaperSource) -> None:
    server.script(PATH, works(*range(200)), works(*range(200, 400)), works())
    assert [len(batch.papers) for batch in await read(source)] == [200, 200, 0]
    assert [asked.query["cursor"] for asked in server.asked] == ["*", "c", "c"]


async def test_a_journal_crossref_does_not_know_is_noted(server: ReplayServer, source: PaperSource) -> None:
    server.script(PATH, Reply("Resource not found.", status=404))
    [batch] = await read(source)
    assert batch.notes == ("Crossref knows no journal with the ISSN 0028-0836",)


async def test_a_journal_may_be_called_by_its_title(server: ReplayServer, settings: Settings, clock: FakeClock) -> None:
    journals = [{"title": "Nature Medicine", "ISSN": ["1078-8956"]}, {"title": "Nature", "ISSN": ["0028-0836"]}, 7]
    server.script("/crossref/journals", Reply(json.dumps({"message": {"items": journals}})))
    server.script(PATH, works(*range(200)), works())
    source = from_settings(settings.model_copy(update={"journals": ("nature", "natur")}), clock, clock.sleep)
    batches = await read(source)
    assert [len(batch.papers) for batch in batches] == [200, 0, 0]
    assert batches[-1].notes == ("Crossref knows no journal called natur",)
    assert server.paths().count("/crossref/journals") == 2, "each is looked up once"


@pytest.mark.parametrize("body", ["<html>", "{}", '{"message": {"items": 7}}', '{"message": "validation"}'])
async def test_an_answer_of_another_shape_is_asked_for_again(
    server: ReplayServer, source: PaperSource, body: str
) -> None:
    server.script(PATH, Reply(body), works(1))
    assert len((await read(source))[0].papers) == 1


async def test_works_that_are_none_are_named_and_the_rest_goes_in(server: ReplayServer, source: PaperSource) -> None:
    found = json.loads(works(1).body)
    found["message"]["items"] += [7, {"DOI": "10.1/x", "title": []}]
    server.script(PATH, Reply(json.dumps(found)))
    [batch] = await read(source)
    assert len(batch.papers) == 1
    assert [bad.reason for bad in batch.bad] == ["not a JSON object", "no title"]
