import json
from datetime import timedelta

import pytest

from adapters.sources.openreview import from_settings
from bot.config import Settings
from bot.ports import Batch, PaperSource
from tests.support.sources.world import FakeClock, ReplayServer, Reply

VENUE = "ICLR.cc/2025/Conference"

PATH = "/openreview/notes"


def note(number: int, *, venue: str = VENUE, readers: str = "everyone") -> dict[str, object]:
    content = {"title": f"Invented nets {number}", "venue": "ICLR 2025 Oral", "venueid": venue}
    told = {key: {"value": value} for key, value in content.items()}
    return {"id": f"abcdef{number}", "forum": f"abcdef{number}", "readers": [readers], "content": told}


def notes(*found: object, count: int | None = None) -> Reply:
    return Reply(json.dumps({"notes": found, "count": len(found) if count is None else count}))


@pytest.fixture
def source(settings: Settings, clock: FakeClock) -> PaperSource:
    return from_settings(settings.model_copy(update={"openreview_venues": (VENUE,)}), clock, clock.sleep)


async def read(source: PaperSource, cursor: str = "") -> list[Batch]:
    return [batch async for batch in source.batches(since=None, cursor=cursor)]


async def test_the_accepted_papers_of_a_venue_are_read_and_no_others(server: ReplayServer, source: PaperSource) -> None:
    rejected = note(2, venue=f"{VENUE}/Rejected_Submission")
    server.script(PATH, notes(note(1), rejected, note(3, readers="ICLR.cc/2025/Conference/Program_Chairs"), 7))
    [batch] = await read(source)
    [paper] = batch.papers
    assert (paper.id, paper.venue, paper.kind) == ("openreview:abcdef1", "ICLR 2025 Oral", "conference")
    assert [bad.reason for bad in batch.bad] == ["not a note"]
    assert server.asked[0].query == {"content.venueid": VENUE, "limit": "1000", "offset": "0"}


async def test_a_long_list_is_read_page_by_page(server: ReplayServer, source: PaperSource) -> None:
    server.script(PATH, notes(note(1), note(2), count=3), notes(note(3), count=3))
    assert [len(batch.papers) for batch in await read(source)] == [2, 1]
    assert [asked.query["offset"] for asked in server.asked] == ["0", "2"]


async def test_a_venue_is_read_once_a_day_however_long_ago_it_was_read(
    server: ReplayServer, source: PaperSource, clock: FakeClock
) -> None:
    server.script(PATH, notes(note(1)))
    cursor = (await read(source))[-1].cursor
    assert await read(source, cursor) == []
    clock.moment += timedelta(days=9)
    assert len(await read(source, cursor)) == 1


@pytest.mark.parametrize("body", ["<html>", "[]", '{"name": "RateLimitError"}'])
async def test_an_answer_of_another_shape_is_asked_for_again(
    server: ReplayServer, source: PaperSource, body: str
) -> None:
    server.script(PATH, Reply(body), notes(note(1)))
    assert len((await read(source))[0].papers) == 1
