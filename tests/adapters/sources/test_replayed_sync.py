"""`paperboy sync` in a process of its own, against the recorded bodies and every trap that their README names.

trap                                                      where
signals are nested under `paper`; 0 upvotes is a value    the recorded daily papers, below
a day fills up, weekends are thin                         empty days, below; test_huggingface.py
429 carries `RateLimit` headers                           the first answer of Hugging Face, below; test_limits.py
HF's trending is not computed from upvotes                the listing comes last and adds no order; test_huggingface.py
one request per 3 s over API, RSS and OAI together        the moments of arXiv's requests, below
empty pages and 429/503 below the limit                   the first two answers of the API, below
at most 30,000 results in all                             test_arxiv.py (a window with more is halved)
a User-Agent                                              every request, below
RSS repeats a batch under a fresh build date              the second sync, below
RSS is empty at weekends                                  test_arxiv.py
new / cross / replace                                     test_arxiv_xml.py
OAI resumption tokens                                     the sync with --since, below; test_arxiv_oai.py
"""

import asyncio
import json
import os
import re
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from bot.clocks import SystemClock

INTERVAL = 2.9
"""Seconds; a little less than arXiv's three, for the way from one process to the other."""


@pytest.fixture
def clock() -> SystemClock:
    """What the server notes moments by: those of the other process are real."""
    return SystemClock()


@pytest.fixture
def sync(tmp_path: Path, server):
    """Run `paperboy sync` with arguments; gives what it told."""
    settings = {
        "PAPERBOY_DATA_DIR": str(tmp_path),
        "PAPERBOY_HUGGINGFACE_URL": server.url,
        "PAPERBOY_ARXIV_API_URL": f"{server.url}/api/query",
        "PAPERBOY_ARXIV_RSS_URL": f"{server.url}/rss",
        "PAPERBOY_ARXIV_OAI_URL": f"{server.url}/oai",
        "PAPERBOY_ARXIV_CATEGORIES": "cs.AI",
    }

    async def run(*arguments: str, command: str = "sync") -> tuple[str, str]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot", command, *arguments),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=os.environ | settings,
            cwd=tmp_path,
        )
        out, err = await process.communicate()
        assert process.returncode == 0, err.decode()
        return out.decode(), err.decode()

    return run


def ended(feed: str) -> str:
    """A recorded page of a search as if it were all of it."""
    return re.sub(r"(totalResults[^>]*>)\d+", rf"\g<1>{feed.count('<entry>')}", feed)


async def test_the_recorded_services_are_synced_in_spite_of_every_trap(shared, server, bodies, sync) -> None:
    api = shared / "api"
    [daily] = (api / "hf").glob("*.json")
    [rss] = (api / "arxiv").glob("rss__*.xml")
    search = json.loads(next((api / "arxiv").glob("arxivpy__q_testing_s0_m100_*.json")).read_bytes())["body"]
    announced = rss.read_text()

    def listing(query: dict[str, str]):
        today = query.get("date") == f"{SystemClock().now():%Y-%m-%d}"
        return server.Reply(daily.read_bytes() if today else "[]")

    server.script("/api/daily_papers", server.Reply(status=429, headers={"RateLimit": '"api";r=0;t=1'}), *[listing] * 2)
    server.script(
        "/api/query",
        server.Reply(status=503),
        server.Reply(bodies.atom(total=7)),
        server.Reply(ended(search)),
        server.Reply(bodies.atom()),
    )
    server.script("/rss/cs.AI", server.Reply(announced), server.Reply(announced.replace("Mon, 27 Apr", "Tue, 28 Apr")))

    _, told = await sync()
    daily_ids = {entry["paper"]["id"] for entry in json.loads(daily.read_bytes())}
    arxiv_ids = {"2604.21935", "2604.21936", "2604.21937"}
    found_ids = set(re.findall(r"<id>https?://arxiv.org/abs/([\w./-]+?)v\d+</id>", search))
    assert found_ids
    papers = len(daily_ids | arxiv_ids | found_ids)
    status, _ = await sync("--json", command="status")
    facts = json.loads(status)
    assert (facts["papers"], facts["indexed"], facts["pending"]) == (papers, papers, 0), told
    assert [source["error"] for source in facts["sources"]] == [None, None]
    assert "huggingface: no papers for" in told
    assert all(asked.headers["User-Agent"].startswith("paperboy-bot/") for asked in server.asked)

    unvoted = next(e["paper"]["id"] for e in json.loads(daily.read_bytes()) if e["paper"]["upvotes"] == 0)
    shown, _ = await sync(unvoted, "--json", command="show")
    assert json.loads(shown)["upvotes"] == 0

    _, told = await sync("--source", "arxiv")
    assert "stale RSS" in told
    moments = [asked.at for asked in server.asked if asked.path != "/api/daily_papers"]
    assert min((later - earlier).total_seconds() for earlier, later in pairwise(moments[:4])) > INTERVAL


async def test_a_long_time_is_harvested_page_by_page(server, bodies, sync) -> None:
    first = bodies.oai(("2501.90001", "2025-01-06"), token="next", categories="cs.AI")
    server.script(
        "/oai", server.Reply(first), server.Reply(bodies.oai(("2501.90002", "2025-01-07"), categories="cs.AI"))
    )
    server.script("/rss/cs.AI", server.Reply(bodies.rss()))
    server.script("/api/query", server.Reply(bodies.atom()))
    _, told = await sync("--source", "arxiv", "--since", "2025-01-01")
    assert "arxiv: 2 new" in told
    assert [asked.query.get("resumptionToken") for asked in server.asked if asked.path == "/oai"] == [None, "next"]
