from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from threading import current_thread
from typing import Any

import pytest

from adapters.sources import SOURCES, build_sources, records, share_pace
from adapters.sources.citations import CitationSource
from bot.config import Settings
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.errors import SourceError, UserError
from bot.ports import Batch
from storage.sql.store import SqlStore
from tests.support.databases import Sqlite
from tests.support.lookup.bodies import lookup_settings
from tests.support.sources.world import Bodies, Collect, FakeClock, ReplayServer


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_is_built_by_its_name(name: str, settings: Settings, clock: FakeClock) -> None:
    [source] = build_sources(settings, clock, [name], clock.sleep)
    assert source.name == name


def test_sources_come_in_the_order_of_the_settings(settings: Settings, clock: FakeClock) -> None:
    sources = build_sources(settings, clock, ["arxiv", "huggingface"], clock.sleep)
    assert [source.name for source in sources] == ["arxiv", "huggingface"]


async def test_records_are_read_beside_the_loop(
    settings: Settings,
    clock: FakeClock,
    server: ReplayServer,
    bodies: type[Bodies],
    collect: Collect,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server.script("/api/daily_papers", server.Reply(bodies.daily(bodies.daily_paper())))
    server.script("/oai", server.Reply(bodies.oai(("2512.90001", "2025-12-03"))))
    server.script("/rss/cs.LG+stat.ML", server.Reply(bodies.rss(("2601.90001v1", "new"))))
    server.script("/api/query", server.Reply(bodies.atom("2601.90001v1")))
    read, threads = records.read, []

    def noted(entry: Mapping[str, object], **how: Any) -> records.ReadRecord:
        threads.append(current_thread())
        return read(entry, **how)

    monkeypatch.setattr(records, "read", noted)
    for source in build_sources(settings, clock, ("huggingface", "arxiv"), clock.sleep):
        batches, error = await collect(source, since=date(2025, 12, 1))
        assert (all(batch.papers for batch in batches), error) == (True, "")
    assert len(threads) > 4
    assert current_thread() not in threads


def test_an_unknown_source_is_a_mistake_that_names_those_there_are(settings: Settings, clock: FakeClock) -> None:
    with pytest.raises(UserError, match="No source is called 'x'"):
        build_sources(settings, clock, ["x"], clock.sleep)


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("arxiv", "arxiv"),
        ("biorxiv", "biorxiv"),
        ("medrxiv", "biorxiv"),
        ("europepmc", "europepmc"),
        ("journals", "crossref"),
        ("openreview", "openreview"),
        ("citations", "openalex"),
    ],
)
async def test_a_source_keeps_the_pace_of_its_service_together_with_lookups(
    server: ReplayServer, clock: FakeClock, sqlite: Sqlite, name: str, service: str
) -> None:
    settings = lookup_settings(
        server, pubmed_queries=("x",), europepmc_queries=("x",), journals=("1234-5678",), openreview_venues=("V",)
    )
    begun = clock.now()
    async with await SqlStore.open(sqlite.migrated()) as store:
        await store.save_batch("test", Batch(papers=[Paper(id=PaperId("2601.90001"), title="A paper")]), now=begun)
        await store.hold_service(service, until=begun + timedelta(minutes=10))
        [source] = build_sources(settings, clock, [name], clock.sleep)
        if isinstance(source, CitationSource):
            source.ask_of(store.papers_by_row)
        share_pace([source], store)
        with suppress(SourceError):
            _ = [batch async for batch in source.batches(since=None, cursor="")]
    assert server.asked[0].at >= begun + timedelta(minutes=10)
