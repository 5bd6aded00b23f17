"""A whole sync: from what the services send, through the store, to what is found."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from adapters.sources import build_sources
from bot.cli.papers import fetch
from bot.config import Settings
from bot.delivery.freshness import why_nothing
from bot.engine.encoder import StaticEncoder
from bot.library.app import App
from bot.library.ingest import IngestReport, read_sources, update_index
from storage.index.disk_index import DiskIndex
from storage.sql.store import SqlStore
from tests.support.sources.world import Bodies, FakeClock, ReplayServer


@pytest.fixture
async def app(tmp_path: Path, clock: FakeClock) -> AsyncIterator[App]:
    async with await SqlStore.open(f"sqlite:///{tmp_path / 'paperboy.db'}", migrate=True) as store:
        yield App.over(store, DiskIndex.open(tmp_path / "index", StaticEncoder.load()), clock)


def script_services(server: ReplayServer, bodies: type[Bodies]) -> None:
    """Hugging Face lists one paper; arXiv announces two, one of them the same."""
    server.script(
        "/api/daily_papers", server.Reply(bodies.daily(bodies.daily_paper("2601.90001", numComments=4, upvotes=41)))
    )
    server.script("/rss/cs.LG+stat.ML", server.Reply(bodies.rss(("2601.90001v1", "new"), ("2601.90002v1", "new"))))
    server.script("/api/query", server.Reply(bodies.atom("2601.90001v1", "2601.90002v1")))


async def run(app: App, settings: Settings, *names: str, since: date | None = None) -> list[IngestReport]:
    assert isinstance(app.clock, FakeClock)
    reports = await read_sources(
        build_sources(settings, app.clock, names, app.clock.sleep), app.store, app.clock, since=since
    )
    await update_index(app.store, app.index)
    return reports


async def test_papers_of_all_sources_are_stored_once_and_found(
    app: App, settings: Settings, server: ReplayServer, bodies: type[Bodies]
) -> None:
    script_services(server, bodies)
    reports = await run(app, settings, "huggingface", "arxiv")
    assert [report.error for report in reports] == ["", ""]
    assert await app.store.count_papers() == 2
    both = (await app.library.find("2601.90001")).paper
    assert both.summary == "An invention."
    assert both.categories == ("cs.LG", "stat.ML")
    assert {result.stored.paper.id for result in await app.library.search("invented paper")} == {
        "2601.90001",
        "2601.90002",
    }
    trending = await app.library.trending("week")
    assert trending[0].stored.paper.id == "2601.90001"
    assert trending[0].reasons[0].startswith("▲ 41 upvotes")


async def test_a_second_sync_goes_on_where_the_first_left_off_and_changes_nothing(
    app: App, settings: Settings, server: ReplayServer, bodies: type[Bodies]
) -> None:
    script_services(server, bodies)
    await run(app, settings, "huggingface", "arxiv")
    revision = await app.store.last_revision()
    states = {state.name: state.cursor for state in await app.store.source_states()}
    assert all(states.values())
    reports = await run(app, settings, "huggingface", "arxiv")
    assert [(report.saved.new, report.saved.changed) for report in reports] == [(0, 0), (0, 0)]
    assert await app.store.last_revision() == revision


async def test_a_source_that_fails_is_recorded_and_the_other_goes_on(
    app: App, settings: Settings, server: ReplayServer, bodies: type[Bodies]
) -> None:
    script_services(server, bodies)
    server.script("/api/daily_papers", server.Reply("out of order", status=503))
    failed, went_on = await run(app, settings, "huggingface", "arxiv")
    assert "503" in failed.error
    assert went_on.saved.new == 2
    states = {state.name: state for state in await app.store.source_states()}
    assert "503" in states["huggingface"].error
    assert states["huggingface"].succeeded_at is None
    assert states["arxiv"].succeeded_at is not None
    script_services(server, bodies)
    await run(app, settings, "huggingface")
    states = {state.name: state for state in await app.store.source_states()}
    assert states["huggingface"].error == ""


async def test_a_failed_source_asked_to_start_earlier_does_so(
    app: App, settings: Settings, server: ReplayServer, bodies: type[Bodies]
) -> None:
    script_services(server, bodies)
    await run(app, settings, "huggingface")
    server.asked.clear()
    await run(app, settings, "huggingface", since=date(2026, 1, 1))
    assert "2026-01-01" in [asked.query.get("date") for asked in server.asked]


def days_asked(server: ReplayServer) -> list[str]:
    return [asked.query["date"] for asked in server.asked if "date" in asked.query]


async def test_days_that_since_leaves_out_are_read_by_the_next_sync(
    app: App, settings: Settings, server: ReplayServer, bodies: type[Bodies], clock: FakeClock
) -> None:
    script_services(server, bodies)
    clock.moment = datetime(2026, 1, 1, 12, tzinfo=UTC)
    await run(app, settings, "huggingface", "arxiv")
    clock.moment = datetime(2026, 1, 20, 12, tzinfo=UTC)
    server.asked.clear()
    await run(app, settings, "huggingface", "arxiv", since=date(2026, 1, 19))
    assert days_asked(server) == ["2026-01-19", "2026-01-20"]
    assert "[202601190000 TO 202601201200]" in server.asked[-1].query["search_query"]
    server.asked.clear()
    await run(app, settings, "huggingface", "arxiv")
    assert {f"2026-01-{day:02}" for day in range(2, 21)} <= set(days_asked(server))
    assert "[202512250000 TO 202601201200]" in server.asked[-1].query["search_query"]


async def test_a_sync_that_goes_back_by_since_is_resumed_after_a_failure(
    app: App, settings: Settings, server: ReplayServer, bodies: type[Bodies]
) -> None:
    script_services(server, bodies)
    await run(app, settings, "huggingface")
    listing = server.Reply(bodies.daily(bodies.daily_paper()))
    server.script(
        "/api/daily_papers",
        lambda query: server.Reply(status=404) if query.get("date") == "2025-12-10" else listing,
    )
    await run(app, settings, "huggingface", since=date(2025, 12, 1))
    script_services(server, bodies)
    server.asked.clear()
    await run(app, settings, "huggingface")
    assert "2025-12-10" in days_asked(server)


async def test_why_there_is_nothing_names_the_source_once(
    app: App, settings: Settings, server: ReplayServer, bodies: type[Bodies], clock: FakeClock
) -> None:
    server.script("/rss/cs.LG+stat.ML", server.Reply(bodies.rss()))
    server.script("/api/query", server.Reply(bodies.atom()))
    await run(app, settings, "arxiv")
    assert why_nothing(await app.store.source_states(), clock.now(), timedelta(hours=1)) == (
        "No new papers. arXiv: the RSS lists nothing on Wednesday, 2026-01-07 (a holiday?); "
        "the API has no papers submitted from 2025-12-31 00:00 to 2026-01-07 12:00."
    )


async def test_many_bad_records_are_counted_and_no_option_is_named_that_sync_lacks(
    tmp_path: Path, server: ReplayServer, bodies: type[Bodies], clock: FakeClock
) -> None:
    script_services(server, bodies)
    server.script("/api/daily_papers", server.Reply(bodies.daily(*({"paper": None} for _ in range(24)))))
    loaded = Settings(_env_file=None, data_dir=tmp_path, huggingface_url=server.url)
    output = StringIO()
    console = Console(file=output)
    await fetch(loaded, ["huggingface"], console, since=clock.now().date(), clock=clock, sleep=clock.sleep)
    told = output.getvalue()
    assert told.count("paper: not a JSON object") == 20
    assert "… and 28 more bad records\n" in told


async def paperboy(*arguments: str, data_dir: Path, **environment: str) -> tuple[int, str, str]:
    """Run the command line in a process of its own: its exit status and what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PAPERBOY_DATA_DIR": str(data_dir), **environment},
    )
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def test_the_command_line_syncs_and_tells_how_it_went(
    tmp_path: Path, server: ReplayServer, bodies: type[Bodies]
) -> None:
    script_services(server, bodies)
    status, _, told = await paperboy(
        "sync", "--source", "huggingface", data_dir=tmp_path, PAPERBOY_HUGGINGFACE_URL=server.url
    )
    assert (status, "1 new" in told) == (0, True), told
    _, out, _ = await paperboy("status", "--json", data_dir=tmp_path)
    facts = json.loads(out)
    assert (facts["papers"], facts["indexed"], facts["pending"]) == (1, 1, 0)
    assert facts["sources"][0]["error"] is None


async def test_a_sync_beside_another_writer_tells_of_its_sources_and_keeps_its_papers(
    tmp_path: Path, server: ReplayServer, bodies: type[Bodies]
) -> None:
    script_services(server, bodies)
    server.script("/rss/cs.LG", server.Reply("no such feed", status=404))
    environment = {
        "PAPERBOY_HUGGINGFACE_URL": server.url,
        "PAPERBOY_ARXIV_CATEGORIES": "cs.LG",
        "PAPERBOY_ARXIV_RSS_URL": f"{server.url}/rss",
        "PAPERBOY_ARXIV_API_URL": f"{server.url}/api/query",
    }
    with DiskIndex.open(tmp_path / "index", StaticEncoder.load()).writer():
        status, _, told = await paperboy("sync", data_dir=tmp_path, **environment)
    assert status == 1
    assert "huggingface: 1 new" in told
    assert f"failed: GET {server.url}/rss/cs.LG: 404 Not Found: no such feed" in told
    assert "Another process is writing the index" in told
    assert "The papers are stored; `paperboy index` will add them." in told
    _, out, _ = await paperboy("status", "--json", data_dir=tmp_path)
    facts = json.loads(out)
    assert (facts["papers"], facts["indexed"]) == (2, 0)


async def test_the_command_line_says_what_is_wrong_and_fails(tmp_path: Path, server: ReplayServer) -> None:
    status, _, told = await paperboy("sync", "--source", "nature", data_dir=tmp_path)
    assert (status, "There are: huggingface, arxiv" in told) == (1, True), told
    status, _, told = await paperboy("sync", "--since", "soon", data_dir=tmp_path)
    assert (status, "is not a date" in told) == (1, True), told
    server.script("/api/daily_papers", server.Reply("<html>", status=404))
    status, _, told = await paperboy(
        "sync", "--source", "huggingface", data_dir=tmp_path, PAPERBOY_HUGGINGFACE_URL=server.url
    )
    assert (status, "failed:" in told) == (1, True), told
