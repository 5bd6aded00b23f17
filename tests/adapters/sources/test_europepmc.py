import json
from datetime import date

import pytest

from adapters.sources.europepmc import from_settings
from bot.config import Settings
from bot.ports import Batch, PaperSource
from tests.support.sources.world import FakeClock, ReplayServer, Reply

TODAY = date(2026, 1, 7)

PATH = "/europepmc/search"


def results(*numbers: int, following: str | None = None) -> Reply:
    found = [
        {
            "id": f"PPR{number}",
            "source": "PPR",
            "doi": f"10.21203/rs.{number}",
            "title": f"Invented preprint {number}",
            "abstractText": "<h4>Background</h4>We invent.",
            "authorString": "Example A.",
            "bookOrReportDetails": {"publisher": "Research Square"},
        }
        for number in numbers
    ]
    told: dict[str, object] = {"hitCount": len(found), "resultList": {"result": found}}
    return Reply(json.dumps(told if following is None else told | {"nextCursorMark": following}))


@pytest.fixture
def source(settings: Settings, clock: FakeClock) -> PaperSource:
    return from_settings(settings.model_copy(update={"europepmc_queries": ("alphafold",)}), clock, clock.sleep)


async def read(source: PaperSource, *, since: date | None = TODAY) -> list[Batch]:
    return [batch async for batch in source.batches(since=since, cursor="")]


async def test_preprints_that_meet_a_query_are_read(server: ReplayServer, source: PaperSource) -> None:
    server.script(PATH, results(1))
    [batch] = await read(source)
    [paper] = batch.papers
    assert (paper.id, paper.kind, paper.venue) == ("doi:10.21203/rs.1", "preprint", "Research Square")
    assert paper.abstract == "Background We invent."
    assert server.asked[0].query["query"] == "(alphafold) AND SRC:PPR AND FIRST_PDATE:[2026-01-07 TO 2026-01-07]"


@pytest.mark.parametrize("end", ["b", None], ids=["the mark stays", "the mark is missing"])
async def test_pages_follow_their_marks_to_the_end(server: ReplayServer, source: PaperSource, end: str | None) -> None:
    server.script(PATH, results(1, following="a"), results(2, following="b"), results(3, following=end))
    assert [len(batch.papers) for batch in await read(source)] == [1, 1, 1]
    assert [asked.query["cursorMark"] for asked in server.asked] == ["*", "a", "b"]


async def test_no_hit_is_nothing(server: ReplayServer, source: PaperSource) -> None:
    server.script(PATH, results(following="*"))
    [batch] = await read(source)
    assert (list(batch.papers), list(batch.bad)) == ([], [])


@pytest.mark.parametrize("body", ["<html>", "{}", '{"resultList": {"result": 7}}'])
async def test_an_answer_of_another_shape_is_asked_for_again(
    server: ReplayServer, source: PaperSource, body: str
) -> None:
    server.script(PATH, Reply(body), results(1))
    assert len((await read(source))[0].papers) == 1
