"""`paperboy sync` from a Friday to a Monday, with every recorded body it would ask for and every trap of their README.

trap                                                      where
signals are nested under `paper`; 0 upvotes is a value    the counts
a day fills up gradually                                  Friday morning, Friday evening
weekends are thin                                         Saturday
429 carries `RateLimit` headers                           the first answer of Hugging Face
HF's trending is not computed from upvotes                the order of what is trending
one request per 3 s over API, RSS and OAI together        the moments of arXiv's requests
slices of at most 2,000                                   the same requests
at most 30,000 results in all                             the API's first answer, on which the week is halved
empty pages and 429/503 below the limit                   between the pages of its first half
a User-Agent                                              every request
RSS repeats a batch under a fresh build date              Friday evening
RSS is empty at weekends                                  Saturday
new / cross / replace                                     Monday
OAI resumption tokens                                     the sync with --since; none are recorded
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot import bootstrap
from bot.cli import main
from bot.cli.papers import fetch
from bot.config import Settings
from bot.domain.paper_ids import PaperId
from bot.domain.papers import SignalKind
from tests.support.sources.recorded_services import ArxivApi, HuggingFace, atom_titles, daily_titles, rss_titles
from tests.support.sources.world import Bodies, FakeClock, ReplayServer

FRIDAY = datetime(2026, 6, 12, 10, tzinfo=UTC)
"""On the day of the recorded daily papers."""

IN_THE_MORNING = 12
"""How many of them are there by then."""


Paperboy = Callable[..., Awaitable[Any]]
"""Runs a reading command."""


class Days:
    """The recorded services, and Paperboy syncing with them at moments that a test chooses."""

    def __init__(self, recorded: Path, server: ReplayServer, clock: FakeClock, settings: Settings) -> None:
        self.huggingface = HuggingFace(server, recorded / "hf", f"{FRIDAY:%Y-%m-%d}")
        self.api = ArxivApi(server, recorded / "arxiv")
        [self.announced] = (path.read_text() for path in (recorded / "arxiv").glob("rss__jmamath*.xml"))
        self.settings = settings
        self.server = server
        self._clock = clock

    async def sync(self, at: datetime, announced: str, *, listed: int = 30) -> tuple[bool, str]:
        """Sync; gives whether all went well and what was told."""
        self._clock.moment = at
        self.huggingface.listed = listed
        self.server.script("/rss/cs.AI", self.server.Reply(status=301, headers={"Location": "/rss/moved"}))
        self.server.script("/rss/moved", self.server.Reply(announced))
        output = StringIO()
        console = Console(file=output)
        names = self.settings.sources
        went_well = await fetch(self.settings, names, console, clock=self._clock, sleep=self._clock.sleep)
        return went_well, output.getvalue()

    async def first_sync(self) -> str:
        """The one of Friday morning, in which arXiv refuses one page; gives what was told."""
        went_well, told = await self.sync(FRIDAY, self.announced, listed=IN_THE_MORNING)
        assert not went_well
        return told

    async def next_sync(self, announced: str, **later: int) -> str:
        """One some time after Friday morning, in which all goes well; gives what was told."""
        went_well, told = await self.sync(FRIDAY + timedelta(**later), announced)
        assert went_well, told
        return told


@pytest.fixture
def settings(tmp_path: Path, server: ReplayServer) -> Settings:
    return Settings(
        _env_file=None,
        data_dir=tmp_path,
        huggingface_url=server.url,
        arxiv_api_url=f"{server.url}/api/query",
        arxiv_rss_url=f"{server.url}/rss",
        arxiv_oai_url=f"{server.url}/oai",
        arxiv_categories=("cs.AI",),
    )


@pytest.fixture
def days(shared: Path, server: ReplayServer, clock: FakeClock, settings: Settings) -> Days:
    return Days(shared / "api", server, clock, settings)


@pytest.fixture
def paperboy(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Paperboy:
    """Run a reading command; gives its JSON."""

    async def ask(*arguments: str) -> Any:
        capsys.readouterr()
        folder = str(settings.data_dir)
        assert await asyncio.to_thread(main, ["--data-dir", folder, *arguments, "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return ask


async def test_days_are_synced_in_spite_of_every_trap(days: Days, settings: Settings, paperboy: Paperboy) -> None:
    daily = daily_titles(days.huggingface.entries)
    announced = rss_titles(days.announced)
    found = atom_titles(days.api.first + days.api.second)
    early = (
        daily_titles(days.huggingface.entries[:IN_THE_MORNING])
        | announced
        | atom_titles(days.api.first + days.api.second[:-1])
    )
    assert (len(daily), len(announced)) == (30, 3)

    told = await days.first_sync()
    assert "no papers for 2026-06-11 (Thursday)" in told
    assert "(Sunday)" not in told
    assert "arXiv says: incorrect id format for abc" in told
    facts = await paperboy("status")
    assert (facts["papers"], facts["indexed"], facts["pending"]) == (len(early), len(early), 0)
    arxiv, huggingface = facts["sources"]
    assert (arxiv["succeeded"], huggingface["error"]) == (None, None)
    assert "incorrect id format" in arxiv["error"]

    fresh = days.announced.replace("Mon, 27 Apr 2026 04", "Fri, 12 Jun 2026 04")
    told = await days.next_sync(fresh, hours=10)
    assert "stale RSS, built Fri, 12 Jun 2026 04:00:00 +0000 but with the same 3 papers" in told
    arxiv = (await paperboy("status"))["sources"][0]
    assert (arxiv["error"], arxiv["succeeded"][:10]) == (None, "2026-06-12")

    told = await days.next_sync(re.sub("<item>.*</item>", "", days.announced, flags=re.DOTALL), days=1)
    assert "Saturday" not in told
    assert "RSS" not in told
    assert "the API has no papers submitted from 2026-06-05" in told

    replaced = re.sub(r"Announce Type: new|>new<", lambda new: new[0].replace("new", "replace"), days.announced)
    await days.next_sync(replaced.replace("v1", "v2").replace("27 Apr", "15 Jun"), days=3)

    async with bootstrap.open_store(settings) as store:
        papers = {stored.paper.id: stored.paper for stored in await store.papers_after(0, 10_000)}
    assert {paper.id: paper.title_tex or paper.title for paper in papers.values()} == daily | announced | found
    for paper in (papers[PaperId(number)] for number in announced):
        assert paper.first_seen
        assert (paper.first_seen.date(), paper.updated) == (date(2026, 4, 27), date(2026, 6, 15))
    facts = await paperboy("status")
    assert (facts["papers"], facts["indexed"], facts["pending"]) == (len(papers), len(papers), 0)
    assert [(source["error"], source["succeeded"][:10]) for source in facts["sources"]] == [(None, "2026-06-15")] * 2


async def test_every_count_is_kept_with_its_moment_and_decides_what_is_trending(
    days: Days, settings: Settings, paperboy: Paperboy
) -> None:
    await days.first_sync()
    await days.next_sync(days.announced, hours=10)
    entries = days.huggingface.entries
    moments = [asked.at for asked in days.server.asked if asked.query.get("sort") == "trending"]
    async with bootstrap.open_store(settings) as store:
        kept = await store.signals([entry["paper"]["id"] for entry in entries], until=moments[-1])
    for place, entry in enumerate(entries):
        paper = entry["paper"]
        counts = {SignalKind.UPVOTES: paper["upvotes"], SignalKind.COMMENTS: entry["numComments"]}
        if paper.get("githubRepo"):
            counts[SignalKind.STARS] = paper["githubStars"]
        since = moments if place < IN_THE_MORNING else moments[1:]
        expected = {(kind, at, value) for at in since for kind, value in counts.items()}
        assert {(signal.kind, signal.at, signal.value) for signal in kept[paper["id"]]} == expected
        assert len(kept[paper["id"]]) == len(expected)
    unvoted = next(entry["paper"]["id"] for entry in entries if entry["paper"]["upvotes"] == 0)
    assert (await paperboy("show", unvoted))["upvotes"] == 0
    found = await paperboy("trending", "-n", "3", "--window", "day", "--as-of", "2026-06-12T21:00")
    most = sorted(entries, key=lambda entry: -entry["paper"]["upvotes"])[:3]
    assert {row["id"] for row in found["results"]} == {entry["paper"]["id"] for entry in most}


async def test_the_services_are_asked_politely_and_not_twice_for_the_same(days: Days) -> None:
    await days.first_sync()
    before = len(days.server.asked)
    await days.next_sync(days.announced, hours=10)
    asked = days.server.asked
    assert all(request.headers["User-Agent"].startswith("paperboy-bot/") for request in asked)
    refused, again, *_ = (request.at for request in asked if request.path == "/api/daily_papers")
    assert again - refused >= timedelta(seconds=55)
    arxiv = [request for request in asked if request.path != "/api/daily_papers"]
    assert all(later.at - earlier.at >= timedelta(seconds=3) for earlier, later in pairwise(arxiv))
    searches = [request for request in arxiv if request.path == "/api/query"]
    assert all(int(request.query["max_results"]) <= 2_000 for request in searches)
    told_to_wait = [later.at - earlier.at for earlier, later in pairwise(searches) if earlier.query == later.query]
    assert sum(waited >= timedelta(seconds=40) for waited in told_to_wait) >= 1
    resumed = next(request for request in asked[before:] if request.path == "/api/query")
    assert int(resumed.query["start"]) == sum(body.count("<entry>") for body in days.api.second[:-1])
    friday = [request for request in asked if request.query.get("date") == "2026-06-12"]
    assert "If-None-Match" not in friday[0].headers
    assert friday[-1].headers["If-None-Match"] == f'"{IN_THE_MORNING}"'


async def test_a_long_time_is_harvested_page_by_page(
    server: ReplayServer, bodies: type[Bodies], clock: FakeClock, settings: Settings
) -> None:
    clock.moment = FRIDAY
    first = bodies.oai(("2501.90001", "2025-01-06"), token="next", categories="cs.AI")
    second = bodies.oai(("2501.90002", "2025-01-07"), categories="cs.AI")
    server.script("/oai", server.Reply(first), server.Reply(second))
    server.script("/rss/cs.AI", server.Reply(bodies.rss()))
    server.script("/api/query", server.Reply(bodies.atom()))
    output = StringIO()
    console = Console(file=output)
    since = date(2025, 1, 1)
    assert await fetch(settings, ["arxiv"], console, since=since, clock=clock, sleep=clock.sleep)
    assert "arxiv: 2 new" in output.getvalue()
    assert [asked.query.get("resumptionToken") for asked in server.asked if asked.path == "/oai"] == [None, "next"]
    moments = [asked.at for asked in server.asked]
    assert all(later - earlier >= timedelta(seconds=3) for earlier, later in pairwise(moments))
