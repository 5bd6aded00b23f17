"""Semantic Scholar, asked who cites a paper.

The pages here are in the shape that it documents; the recorded ones are read where they are at hand.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from adapters.lookup.citing import CitingPapers
from bot.domain.paper_ids import PaperId
from bot.errors import SourceError
from bot.ports import Batch
from storage.sql.store import SqlStore
from tests.support.lookup.bodies import SHA, TITLE, lookup_settings, semanticscholar
from tests.support.sources.world import FakeClock, ReplayServer, Reply

PAPER = "/semanticscholar_api/graph/v1/paper"
MISSING = Reply('{"error":"Paper with id ARXIV:2601.00001 not found"}', status=404)
SINCE = date(2025, 1, 1)


def page(*papers: dict[str, Any], offset: int = 0, following: int | None = None) -> Reply:
    body = {"offset": offset, "data": [{"citingPaper": paper} for paper in papers]}
    return Reply(json.dumps(body if following is None else body | {"next": following}))


def another(number: str) -> dict[str, Any]:
    return semanticscholar(paperId=number * 40, title=f"{TITLE} {number}", externalIds={}, url="")


async def ask(server: ReplayServer, clock: FakeClock, store: SqlStore, *ids: str) -> list[Batch]:
    service = CitingPapers(lookup_settings(server), clock, clock.sleep, store)
    return [batch async for batch in service.citing([PaperId(one) for one in ids], since=SINCE)]


@pytest.mark.parametrize(
    ("paper_id", "path"),
    [
        ("2601.00001", "ARXIV:2601.00001"),
        ("doi:10.1145/3292500", "DOI:10.1145/3292500"),
        ("pmid:31452104", "PMID:31452104"),
        ("pmc:PMC7012345", "PMCID:7012345"),
        ("acl:2020.acl-main.447", "ACL:2020.acl-main.447"),
        ("s2:1234", "CorpusId:1234"),
        (f"s2:{SHA}", SHA),
    ],
)
async def test_a_paper_is_asked_for_by_its_id(
    server: ReplayServer, clock: FakeClock, store: SqlStore, paper_id: str, path: str
) -> None:
    server.script(f"{PAPER}/{path}/citations", page(semanticscholar()))
    [batch] = await ask(server, clock, store, paper_id)
    [paper] = batch.papers
    assert (paper.id, paper.title) == ("2601.90001", TITLE)
    assert (paper.id, f"s2:{SHA}") in batch.aliases


async def test_pages_are_read_to_the_end(server: ReplayServer, clock: FakeClock, store: SqlStore) -> None:
    server.script(
        f"{PAPER}/ARXIV:2601.00001/citations", page(another("c"), following=500), page(another("d"), offset=500)
    )
    batches = await ask(server, clock, store, "2601.00001")
    assert [paper.title for batch in batches for paper in batch.papers] == [f"{TITLE} c", f"{TITLE} d"]
    asked = [request.query for request in server.asked]
    assert [each["offset"] for each in asked] == ["0", "500"]
    assert {each["publicationDateOrYear"] for each in asked} == {"2025-01-01:"}


async def test_the_end_of_what_the_service_lists_is_the_end(
    server: ReplayServer, clock: FakeClock, store: SqlStore
) -> None:
    server.script(f"{PAPER}/ARXIV:2601.00001/citations", page(another("c"), following=9_500))
    assert len(await ask(server, clock, store, "2601.00001")) == 1


async def test_an_id_that_is_not_known_there_is_followed_by_the_next(
    server: ReplayServer, clock: FakeClock, store: SqlStore
) -> None:
    server.script(f"{PAPER}/ARXIV:2601.00001/citations", MISSING)
    server.script(f"{PAPER}/DOI:10.1/x/citations", page(semanticscholar()))
    [batch] = await ask(server, clock, store, "2601.00001", "local:x", "doi:10.1/x")
    assert len(batch.papers) == 1


async def test_nobody_cites_a_paper_that_is_not_known_there(
    server: ReplayServer, clock: FakeClock, store: SqlStore
) -> None:
    server.script(f"{PAPER}/ARXIV:2601.00001/citations", MISSING)
    assert await ask(server, clock, store, "2601.00001", "local:x") == []


async def test_a_line_of_a_bibliography_that_is_no_paper_is_left_out(
    server: ReplayServer, clock: FakeClock, store: SqlStore
) -> None:
    server.script(f"{PAPER}/ARXIV:2601.00001/citations", page({"paperId": None, "title": "A thesis"}, another("c")))
    [batch] = await ask(server, clock, store, "2601.00001")
    assert [paper.title for paper in batch.papers] == [f"{TITLE} c"]


@pytest.mark.parametrize(
    "reply",
    [
        Reply('{"message":"Forbidden"}'),
        Reply('{"offset":0,"next":0,"data":[]}'),
        Reply('{"offset":0,"next":"x","data":[]}'),
    ],
)
async def test_what_is_no_list_is_no_answer(
    server: ReplayServer, clock: FakeClock, store: SqlStore, reply: Reply
) -> None:
    server.script(f"{PAPER}/ARXIV:2601.00001/citations", reply)
    with pytest.raises(SourceError, match=r"a next page|an answer without a list"):
        await ask(server, clock, store, "2601.00001")


async def test_the_pace_is_that_of_lookups(server: ReplayServer, clock: FakeClock, store: SqlStore) -> None:
    server.script(
        f"{PAPER}/ARXIV:2601.00001/citations", page(another("c"), following=500), page(another("d"), offset=500)
    )
    begun = clock.now()
    await ask(server, clock, store, "2601.00001")
    assert (clock.now() - begun).total_seconds() >= 1


async def test_recorded_pages_are_read(server: ReplayServer, clock: FakeClock, store: SqlStore, shared: Path) -> None:
    body = json.loads((shared / "api" / "s2" / "citations__three_2026.json").read_text())
    first, last = dict(body), {"offset": body["next"], "data": body["data"][:1]}
    server.script(f"{PAPER}/ARXIV:2601.00001/citations", Reply(json.dumps(first)), Reply(json.dumps(last)))
    batches = await ask(server, clock, store, "2601.00001")
    assert [[paper.id for paper in batch.papers] for batch in batches] == [
        ["2607.22410", "2607.22154", "doi:10.1039/d6nr00839a"],
        ["2607.22410"],
    ]
    assert all(paper.abstract and paper.published == date(2026, 7, 24) for paper in batches[0].papers[:2])
