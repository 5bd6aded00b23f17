"""arXiv's OAI-PMH: what is long ago."""

from datetime import date

import pytest

from adapters.sources.arxiv import from_settings
from bot.config import Settings
from bot.ports import Batch, PaperSource
from tests.support.sources.world import Asked, Bodies, Collect, FakeClock, ReplayServer, Reply

API, RSS, OAI = "/api/query", "/rss/cs.LG+stat.ML", "/oai"


@pytest.fixture
def source(settings: Settings, clock: FakeClock) -> PaperSource:
    return from_settings(settings, clock, clock.sleep)


@pytest.fixture(autouse=True)
def quiet(server: ReplayServer, bodies: type[Bodies]) -> None:
    """Nothing recent, and nothing long ago unless a test says otherwise."""
    server.script(RSS, server.Reply(bodies.rss()))
    server.script(API, server.Reply(bodies.atom()))
    server.script(OAI, server.Reply(bodies.oai_error("noRecordsMatch")))


def ids(batches: list[Batch]) -> list[str]:
    return [paper.id for batch in batches for paper in batch.papers]


def notes(batches: list[Batch]) -> list[str]:
    return [note for batch in batches for note in batch.notes]


def asked(server: ReplayServer, path: str) -> list[Asked]:
    return [request for request in server.asked if request.path == path]


LONG_AGO = date(2025, 11, 1)


async def test_what_is_long_ago_is_harvested_set_by_set(
    collect: Collect, server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    def page(query: dict[str, str]) -> Reply:
        return server.Reply(bodies.oai((f"2511.9000{len(query['set'])}", "2025-11-03")))

    server.script(OAI, page)
    assert ids((await collect(source, since=LONG_AGO))[0]) == ["2511.90002", "2511.90004"]
    first, second = (request.query for request in asked(server, OAI))
    assert first == {"verb": "ListRecords", "metadataPrefix": "arXiv", "set": "cs", "from": "2025-11-01"}
    assert second["set"] == "stat"


async def test_what_is_recent_is_not_harvested(collect: Collect, server: ReplayServer, source: PaperSource) -> None:
    await collect(source, since=date(2025, 12, 20))
    assert asked(server, OAI) == []


async def test_after_a_harvest_the_api_adds_the_last_days(
    collect: Collect, server: ReplayServer, source: PaperSource
) -> None:
    await collect(source, since=LONG_AGO)
    assert "[202512310000 TO 202601071200]" in asked(server, API)[0].query["search_query"]


async def test_pages_follow_their_tokens(
    collect: Collect, server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    server.script(
        OAI,
        server.Reply(bodies.oai(("2511.90001", "2025-11-03"), token="a|b&c")),
        server.Reply(bodies.oai(("2511.90002", "2025-11-04"))),
        server.Reply(bodies.oai_error("noRecordsMatch")),
    )
    assert ids((await collect(source, since=LONG_AGO))[0]) == ["2511.90001", "2511.90002"]
    assert asked(server, OAI)[1].query == {"verb": "ListRecords", "resumptionToken": "a|b&c"}


async def test_a_page_says_how_far_the_list_has_been_read(
    collect: Collect, server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    page = bodies.oai(("2511.90001", "2025-11-03"), ("2511.90002", "2025-11-03"), token="next")
    known = page.replace('cursor="0"', 'cursor="1000" completeListSize="2345"')
    odd = page.replace('cursor="0"', 'cursor="?" completeListSize="many"').replace("next", "")
    server.script(OAI, server.Reply(known), server.Reply(odd), server.Reply(bodies.oai_error("noRecordsMatch")))
    batches, _ = await collect(source, since=LONG_AGO)
    assert [(batch.read, batch.total) for batch in batches if batch.papers] == [(1002, 2345), (0, 0)]


@pytest.mark.parametrize("status", [200, 400])
async def test_an_expired_token_costs_one_page(
    collect: Collect, server: ReplayServer, source: PaperSource, bodies: type[Bodies], status: int
) -> None:
    server.script(
        OAI,
        server.Reply(bodies.oai(("2511.90001", "2025-11-03"), token="old")),
        server.Reply(bodies.oai_error("badResumptionToken", "expired"), status=status),
        server.Reply(bodies.oai(("2511.90001", "2025-11-03"), ("2511.90002", "2025-11-04"))),
        server.Reply(bodies.oai_error("noRecordsMatch")),
    )
    batches, _ = await collect(source, since=LONG_AGO)
    assert set(ids(batches)) == {"2511.90001", "2511.90002"}
    assert asked(server, OAI)[2].query["from"] == "2025-11-03"
    assert "resumption token expired, harvesting again from 2025-11-03" in notes(batches)


async def test_tokens_that_expire_at_once_do_not_go_on_for_ever(
    collect: Collect, server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    def page(query: dict[str, str]) -> Reply:
        if "resumptionToken" in query:
            return server.Reply(bodies.oai_error("badResumptionToken"))
        return server.Reply(bodies.oai(("2511.90001", "2025-11-03"), token="t"))

    server.script(OAI, page)
    _, error = await collect(source, since=LONG_AGO)
    assert "resumption tokens expire before 2025-11-03 can be passed" in error


async def test_a_harvest_that_was_killed_goes_on_with_its_token(
    collect: Collect, server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    server.script(OAI, server.Reply(bodies.oai(("2511.90001", "2025-11-03"), token="next")), server.Reply(status=503))
    batches, _ = await collect(source, since=LONG_AGO)
    server.asked.clear()
    server.script(OAI, server.Reply(bodies.oai(("2511.90002", "2025-11-04"))))
    assert "2511.90002" in ids((await collect(source, cursor=batches[-1].cursor))[0])
    assert asked(server, OAI)[0].query["resumptionToken"] == "next"


async def test_records_of_other_categories_and_old_ones_with_new_metadata_are_passed_over(
    collect: Collect, server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    server.script(
        OAI,
        server.Reply(bodies.oai(("2511.90001", "2025-11-03"), ("2511.90002", "2025-10-03"), token="t")),
        server.Reply(bodies.oai(("2511.90003", "2025-11-03"), categories="cs.DB")),
        server.Reply(bodies.oai_error("noRecordsMatch")),
    )
    assert ids((await collect(source, since=LONG_AGO))[0]) == ["2511.90001"]


async def test_a_protocol_error_says_which(
    collect: Collect, server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    server.script(OAI, server.Reply(bodies.oai_error("badArgument", "no such set")))
    _, error = await collect(source, since=LONG_AGO)
    assert error.endswith("OAI-PMH error badArgument: no such set")


async def test_a_token_that_comes_again_ends_the_harvest_with_a_note(
    collect: Collect, server: ReplayServer, source: PaperSource, bodies: type[Bodies]
) -> None:
    def page(query: dict[str, str]) -> Reply:
        if query.get("set") == "stat":
            return server.Reply(bodies.oai_error("noRecordsMatch"))
        return server.Reply(bodies.oai(("2511.90001", "2025-11-03"), token="same"))

    server.script(OAI, page)
    batches, error = await collect(source, since=LONG_AGO)
    assert not error
    assert len(asked(server, OAI)) == 3
    assert "cs: resumption token same came again, harvest of the set ended" in notes(batches)


async def test_a_harvest_of_everything_asks_from_the_oldest_datestamp_on(
    server: ReplayServer, source: PaperSource, collect: Collect, bodies: type[Bodies]
) -> None:
    server.script(OAI, server.Reply(bodies.oai(("hep-th/9108001", "1991-08-01"))))
    batches, _ = await collect(source, since=date(1991, 1, 1))
    assert asked(server, OAI)[0].query["from"] == "2005-09-16"
    assert batches[0].bad == []
