"""A group in biology syncs three sources from recorded answers; what it brings is found, followed, saved, exported."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pybtex.database
import pytest
from rich.console import Console

from bot.chat.dispatch import Dispatcher
from bot.cli.papers import fetch
from bot.commands import registry
from bot.config import Settings
from bot.domain.messages import Message, plain_text
from bot.engine.encoder import StaticEncoder
from bot.library.app import App
from bot.library.following import Following
from storage.index.disk_index import DiskIndex
from storage.sql.store import SqlStore
from tests.support.commands import ask
from tests.support.sources.world import FakeClock, ReplayServer, Reply

NEWEST = "10.64898/2026.07.13.738145"


@pytest.fixture
def clock() -> FakeClock:
    """Stands on the day after the preprints were posted."""
    return FakeClock(datetime(2026, 7, 16, 12, tzinfo=UTC))


@pytest.fixture
def biology(settings: Settings, tmp_path: Path) -> Settings:
    chosen = {
        "data_dir": tmp_path,
        "sources": ("biorxiv", "pubmed", "journals"),
        "biorxiv_categories": ("neuroscience",),
        "pubmed_queries": ("attention mechanism",),
        "journals": ("1424-8220",),
    }
    return settings.model_copy(update=chosen)


def replay(server: ReplayServer, folder: Path) -> None:
    """Every answer as it was recorded, but for counters: pages were cut, and days without posts have none."""
    posts = (folder / "biorxiv" / "details__biorxiv_20260715_new_prefix.json").read_bytes()
    nothing = Reply(json.dumps({"messages": [{"status": "no posts found"}], "collection": []}))
    for first, last in (("09", "10"), ("11", "12"), ("13", "14")):
        server.script(f"/details/biorxiv/2026-07-{first}/2026-07-{last}/0/json", nothing)
    server.script("/details/biorxiv/2026-07-15/2026-07-16/0/json", Reply(posts))
    found = json.loads((folder / "pubmed" / "esearch__attention_mechanism.json").read_bytes())
    found["esearchresult"]["count"] = str(len(found["esearchresult"]["idlist"]))
    server.script("/eutils/esearch.fcgi", Reply(json.dumps(found)))
    server.script("/eutils/efetch.fcgi", Reply((folder / "pubmed" / "efetch__three_articles_2026.xml").read_bytes()))
    works = (folder / "crossref" / "works__search_2025_8.json").read_bytes()
    server.script("/crossref/journals/1424-8220/works", Reply(works))


async def sync(settings: Settings, clock: FakeClock) -> str:
    told = StringIO()
    assert await fetch(settings, None, Console(file=told, width=200), clock=clock, sleep=clock.sleep), told.getvalue()
    return told.getvalue()


@pytest.fixture
async def app(
    biology: Settings, clock: FakeClock, server: ReplayServer, shared: Path, tmp_path: Path
) -> AsyncIterator[App]:
    replay(server, shared / "api")
    await sync(biology, clock)
    async with await SqlStore.open(f"sqlite:///{tmp_path / 'paperboy.db'}") as store:
        index = DiskIndex.open(tmp_path / "index", StaticEncoder.load())
        yield App.over(store, index, clock, following=Following(biology))


async def said(app: App, line: str) -> Message:
    return await ask(Dispatcher(registry, app), line)


async def test_every_source_brings_its_papers(app: App) -> None:
    states = {state.name: state for state in await app.store.source_states()}
    assert {name: state.error for name, state in states.items()} == {"biorxiv": "", "pubmed": "", "journals": ""}
    assert await app.store.count_papers() == 8, "two preprints of neuroscience, three articles, three works"


async def test_its_papers_are_found_by_words_category_source_and_journal(app: App) -> None:
    for query in ("subcortical structures brain dynamics", "cat:neuroscience laterality", "source:biorxiv laterality"):
        assert "Laterality of subcortical structures" in plain_text(await said(app, f"search {query}"))
    assert "Probabilistic Attention Map" in plain_text(await said(app, "search journal:sensors"))


async def test_what_it_follows_beside_them_is_read_from_the_next_sync_on(
    app: App, biology: Settings, clock: FakeClock, server: ReplayServer
) -> None:
    assert plain_text(await said(app, "topics follow cat:neuroscience")).endswith("Following cat:neuroscience.")
    told = plain_text(await said(app, "topics follow cat:microbiology"))
    assert told.endswith("Following cat:microbiology. microbiology is read from the next sync on.")
    await sync(biology, clock)
    assert {asked.query.get("category") for asked in server.asked if "/details/" in asked.path} == {
        "neuroscience",
        "microbiology",
    }
    assert "Host infection selects for sRNA" in plain_text(await said(app, "search cat:microbiology"))


async def test_its_papers_are_saved_and_exported_with_where_they_were_published(app: App) -> None:
    for reference in (NEWEST, "10.3390/s24248187", "10.1162/imag.a.1176"):
        assert "Saved" in plain_text(await said(app, f"save {reference}"))
    [file] = (await said(app, "export bibtex")).attachments
    entries = pybtex.database.parse_string(file.content.decode(), "bibtex").entries.values()
    told = {entry.fields["doi"]: (entry.type, {**entry.fields}) for entry in entries}
    assert {doi: kind for doi, (kind, _) in told.items()} == {
        NEWEST: "misc",
        "10.3390/s24248187": "article",
        "10.1162/imag.a.1176": "article",
    }
    fields = told["10.3390/s24248187"][1]
    assert (fields["journal"], fields["volume"], fields["number"], fields["pages"]) == ("Sensors", "24", "24", "8187")
    assert told[NEWEST][1]["howpublished"] == "bioRxiv"
