"""Searching arXiv and OpenAlex."""

import json

import pytest

from adapters.lookup import SEARCHES
from adapters.lookup.search import SearchService
from bot.errors import SourceError
from storage.sql.store import SqlStore
from tests.support.lookup.bodies import BAD_ATOM, TITLE, atom, lookup_settings, openalex
from tests.support.sources.world import FakeClock, ReplayServer, Reply


def searching(name: str, server: ReplayServer, clock: FakeClock, store: SqlStore, key: str = "") -> SearchService:
    settings = lookup_settings(server, openalex_key=key)
    return SearchService(SEARCHES[name], settings, clock, clock.sleep, store)


async def test_arxiv_is_asked_for_papers_with_all_the_words(
    server: ReplayServer, clock: FakeClock, store: SqlStore
) -> None:
    server.script("/arxiv_api", Reply(atom("2601.90001")))
    [paper] = await searching("arxiv", server, clock, store).search('cells "AND" stars: x-ray', 5)
    assert (paper.id, paper.title) == ("2601.90001", TITLE)
    asked = server.asked[0].query
    assert asked["search_query"] == "all:cells AND all:AND AND all:stars AND all:x AND all:ray"
    assert asked["max_results"] == "5"


async def test_openalex_is_asked_with_a_key_where_there_is_one(
    server: ReplayServer, clock: FakeClock, store: SqlStore
) -> None:
    server.script("/openalex_api/works", Reply(openalex({}, {"doi": None})))
    [paper] = await searching("openalex", server, clock, store, key="key-hidden").search("cells", 5)
    assert (paper.id, paper.abstract) == ("doi:10.5555/inv.2026.2", "Invented words")
    assert server.asked[0].query == {"search": "cells", "per-page": "5", "api_key": "key-hidden"}
    await searching("openalex", server, clock, store).search("cells", 5)
    assert "api_key" not in server.asked[1].query


@pytest.mark.parametrize(
    ("name", "path", "reply"),
    [
        ("arxiv", "/arxiv_api", Reply(BAD_ATOM)),
        ("arxiv", "/arxiv_api", Reply("Rate exceeded.")),
        ("openalex", "/openalex_api/works", Reply(json.dumps({"error": "no key"}), status=401)),
        ("openalex", "/openalex_api/works", Reply("{}")),
    ],
)
async def test_what_is_no_list_of_papers_is_no_answer(
    server: ReplayServer, clock: FakeClock, store: SqlStore, name: str, path: str, reply: Reply
) -> None:
    server.script(path, reply)
    with pytest.raises(SourceError):
        await searching(name, server, clock, store).search("cells", 5)
