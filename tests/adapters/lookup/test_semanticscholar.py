"""Semantic Scholar by its own ids, and by the title in an address."""

import json

import pytest

from bot.errors import SourceError
from tests.adapters.lookup.conftest import LookUp
from tests.support.lookup.bodies import SHA, TITLE, semanticscholar
from tests.support.sources.world import ReplayServer, Reply

PAPER = "/semanticscholar_api/graph/v1/paper"
SLUG = "slug:invented-cells-count-invented-stars"


@pytest.mark.parametrize(("asked", "path"), [(f"s2:{SHA}", SHA), ("s2:1234", "CorpusId:1234")])
async def test_a_paper_has_the_id_of_arxiv_that_it_is_told_with(
    server: ReplayServer, look_up: LookUp, asked: str, path: str
) -> None:
    server.script(f"{PAPER}/{path}", Reply(json.dumps(semanticscholar())))
    batch = await look_up("semanticscholar", asked)
    assert (batch.papers[0].id, batch.papers[0].title) == ("2601.90001", TITLE)
    assert {("2601.90001", asked), ("2601.90001", f"s2:{SHA}")} <= set(batch.aliases)


@pytest.mark.parametrize("slug", [SLUG, f"{SLUG}-1"])
async def test_a_title_in_an_address_is_matched_whole(server: ReplayServer, look_up: LookUp, slug: str) -> None:
    server.script(f"{PAPER}/search/match", Reply(json.dumps({"data": [semanticscholar()]})))
    [paper] = (await look_up("semanticscholar", slug)).papers
    assert paper.id == "2601.90001"


@pytest.mark.parametrize(
    "reply",
    [
        Reply('{"error":"Title match not found"}', status=404),
        Reply('{"data":[]}'),
        Reply(json.dumps({"data": [semanticscholar(title="Invented cells count invented starlings")]})),
    ],
)
async def test_a_title_that_is_not_the_same_is_none(server: ReplayServer, look_up: LookUp, reply: Reply) -> None:
    server.script(f"{PAPER}/search/match", reply)
    assert (await look_up("semanticscholar", SLUG)).papers == ()


async def test_there_is_none_where_it_says_so(server: ReplayServer, look_up: LookUp) -> None:
    server.script(f"{PAPER}/{SHA}", Reply('{"error":"Paper not found"}', status=404))
    assert (await look_up("semanticscholar", f"s2:{SHA}")).papers == ()


@pytest.mark.parametrize(("asked", "path"), [(f"s2:{SHA}", SHA), (SLUG, "search/match")])
async def test_what_is_no_paper_is_no_answer(server: ReplayServer, look_up: LookUp, asked: str, path: str) -> None:
    server.script(f"{PAPER}/{path}", Reply('{"message":"Forbidden"}'))
    with pytest.raises(SourceError, match="an answer without a"):
        await look_up("semanticscholar", asked)


@pytest.mark.parametrize(("asked", "path"), [(f"s2:{SHA}", SHA), ("s2:4321", "CorpusId:4321")])
async def test_a_paper_that_was_merged_into_another_is_that_one_under_both_ids(
    server: ReplayServer, look_up: LookUp, asked: str, path: str
) -> None:
    kept = "c" * 40
    told = semanticscholar(paperId=kept, url=f"https://www.semanticscholar.org/paper/{kept}", externalIds={})
    server.script(f"{PAPER}/{path}", Reply(json.dumps(told)))
    batch = await look_up("semanticscholar", asked)
    assert batch.papers[0].id == f"s2:{kept}"
    assert batch.aliases == ((f"s2:{kept}", asked),)


async def test_an_answer_whose_id_is_none_is_no_answer(server: ReplayServer, look_up: LookUp) -> None:
    server.script(f"{PAPER}/{SHA}", Reply(json.dumps(semanticscholar(paperId=None))))
    with pytest.raises(SourceError, match="an answer without a paper"):
        await look_up("semanticscholar", f"s2:{SHA}")
