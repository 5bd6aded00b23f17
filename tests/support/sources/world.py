"""A clock that tests move, a server that replays what services send, and bodies in the shapes they have."""

import asyncio
import json
import os
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from aiohttp import web

from adapters.sources.records import Entry, RecordError
from bot.config import Settings
from bot.errors import SourceError
from bot.ports import Batch, PaperSource

REPOSITORY = Path(__file__).parents[3]


class FakeClock:
    """Stands still but for the sleeps it is asked for, which take no time."""

    def __init__(self, now: datetime) -> None:
        self.moment = now
        self.sleeps: list[float] = []

    def now(self) -> datetime:
        return self.moment

    async def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.moment += timedelta(seconds=seconds)
        await asyncio.sleep(0)


@dataclass
class Reply:
    """One answer of the server.

    `fault` is `drop` (the connection breaks off), `hang` (the body never ends) or `late` (it waits for the gate).
    """

    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    fault: str = ""


Script = Reply | Callable[[dict[str, str]], Reply]
"""An answer, or what makes one of the query it is asked for."""


@dataclass
class Asked:
    """One request the server got, and when by the fake clock."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    at: datetime
    raw_path: str = ""


class ReplayServer:
    """A real HTTP server whose answers are scripted per path: each is given once, the last one for ever."""

    Reply = Reply

    def __init__(self, clock: FakeClock) -> None:
        self.asked: list[Asked] = []
        self.gate = asyncio.Event()
        """Late answers come when it is open."""
        self._clock = clock
        self._scripts: dict[str, deque[Script]] = {}
        self._closing = asyncio.Event()
        self._runner: web.AppRunner
        self.url = ""

    def script(self, path: str, *replies: Script) -> None:
        self._scripts[path] = deque(replies)

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, shutdown_timeout=0.01)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = "http://{}:{}".format(*self._runner.addresses[0])

    async def stop(self) -> None:
        self._closing.set()
        await self._runner.cleanup()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        query = dict(request.query)
        self.asked.append(Asked(request.path, query, dict(request.headers), self._clock.now(), request.raw_path))
        script = self._scripts.get(request.path)
        if not script:
            return web.Response(status=418, text=f"nothing is scripted for {request.path}")
        following = script.popleft() if len(script) > 1 else script[0]
        reply = following(query) if callable(following) else following
        if reply.fault == "late":
            await self.gate.wait()
        return await _send(request, reply, self._closing)


async def _send(request: web.Request, reply: Reply, closing: asyncio.Event) -> web.StreamResponse:
    body = reply.body.encode() if isinstance(reply.body, str) else reply.body
    if reply.fault == "drop":
        assert request.transport
        request.transport.abort()
    if reply.fault == "hang":
        response = web.StreamResponse()
        await response.prepare(request)
        await closing.wait()
        return response
    return web.Response(body=body, status=reply.status, headers=reply.headers)


class Bodies:
    """Bodies as the services send them, about papers that do not exist."""

    @staticmethod
    def daily(*entries: object) -> str:
        return json.dumps(list(entries))

    @staticmethod
    def daily_paper(
        number: str = "2601.90001", *, entry: dict[str, object] | None = None, **paper: object
    ) -> dict[str, object]:
        title = f"Invented paper {number}"
        told = {
            "id": number,
            "title": title,
            "summary": f"We invent {number}.",
            "authors": [{"_id": "a1", "name": "Ada Example", "hidden": False}, {"name": "Bob Example", "hidden": True}],
            "publishedAt": "2026-01-05T00:00:00.000Z",
            "submittedOnDailyAt": "2026-01-06T00:00:00.000Z",
            "upvotes": 3,
            "ai_summary": "An invention.",
            "ai_keywords": ["invention", "testing"],
        }
        told |= paper
        return {
            "paper": {key: value for key, value in told.items() if value is not ...},
            "publishedAt": "2026-01-05T19:00:00.000Z",
            "title": title,
            "summary": "",
            "thumbnail": f"https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/{told['id']}.png",
            "numComments": 2,
            "submittedBy": {"name": "ada", "fullname": "Ada Example"},
            "organization": {"name": "invented", "fullname": "Institute of Invention"},
        } | (entry or {})

    @staticmethod
    def atom(*ids: str, total: int | None = None) -> str:
        entries = "".join(
            f"""<entry><id>http://arxiv.org/abs/{number}</id><title>Invented\n  paper {number}</title>
            <updated>2026-01-04T10:00:00Z</updated><published>2026-01-02T10:00:00Z</published>
            <summary>  We invent {number}. </summary><category term="cs.LG"/><category term="stat.ML"/>
            <author><name>Ada Example</name></author><author><name>Bob Example</name></author></entry>"""
            for number in ids
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" '
            'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"><title>arXiv Query</title>'
            f"<opensearch:totalResults>{len(ids) if total is None else total}</opensearch:totalResults>{entries}</feed>"
        )

    @staticmethod
    def atom_error(message: str) -> str:
        return (
            '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>https://arxiv.org/api/errors#bad</id>'
            f"<title>Error</title><summary>{message}</summary></entry></feed>"
        )

    @staticmethod
    def rss(*items: tuple[str, str], built: str = "Tue, 06 Jan 2026 00:00:00 -0500") -> str:
        listed = "".join(
            f"""<item><title>Invented paper {number}</title><link>https://arxiv.org/abs/{number.partition("v")[0]}</link>
            <description>arXiv:{number} Announce Type: {kind} \nAbstract: We invent {number}.</description>
            <guid isPermaLink="false">oai:arXiv.org:{number}</guid><category>cs.LG</category><pubDate>{built}</pubDate>
            <arxiv:announce_type>{kind}</arxiv:announce_type>
            <dc:creator>Ada Example, Bob Example</dc:creator></item>"""
            for number, kind in items
        )
        return (
            '<rss version="2.0" '
            'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<channel><title>cs.LG updates</title><lastBuildDate>{built}</lastBuildDate>{listed}</channel></rss>"
        )

    @staticmethod
    def oai(*records: tuple[str, str], token: str = "", categories: str = "cs.LG stat.ML") -> str:
        listed = "".join(
            f"""<record><header><identifier>oai:arXiv.org:{number}</identifier><datestamp>{stamp}</datestamp>
            <setSpec>cs</setSpec></header><metadata><arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>{number}</id>
            <created>{stamp}</created><authors><author><keyname>Example</keyname><forenames>Ada</forenames>
            <suffix>Jr</suffix></author></authors><title>Invented paper {number}</title>
            <categories>{categories}</categories><abstract>  We invent {number}.</abstract>
            </arXiv></metadata></record>"""
            for number, stamp in records
        )
        return Bodies.oai_raw(
            f'<ListRecords>{listed}<resumptionToken cursor="0">{escape(token)}</resumptionToken></ListRecords>'
        )

    @staticmethod
    def oai_error(code: str, message: str = "") -> str:
        return Bodies.oai_raw(f'<error code="{code}">{message}</error>')

    @staticmethod
    def oai_raw(content: str) -> str:
        return f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{content}</OAI-PMH>'


def flat(entry: Entry) -> Mapping[str, Any]:
    """A record that could be read."""
    assert not isinstance(entry, RecordError), entry
    return entry


@pytest.fixture
def bodies() -> type[Bodies]:
    return Bodies


@pytest.fixture
def clock() -> FakeClock:
    """Stands at noon UTC of a Wednesday."""
    return FakeClock(datetime(2026, 1, 7, 12, tzinfo=UTC))


@pytest.fixture
async def server(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ReplayServer]:
    for proxy in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(proxy, raising=False)
        monkeypatch.delenv(proxy.upper(), raising=False)
    server = ReplayServer(clock)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def settings(server: ReplayServer) -> Settings:
    """Settings under which every source talks to the server."""
    return Settings(
        _env_file=None,
        contact="https://example.org/bot",
        huggingface_url=server.url,
        arxiv_categories=("cs.LG", "stat.ML"),
        arxiv_api_url=f"{server.url}/api/query",
        arxiv_rss_url=f"{server.url}/rss",
        arxiv_oai_url=f"{server.url}/oai",
        biorxiv_api_url=server.url,
        pubmed_api_url=f"{server.url}/eutils",
        europepmc_api_url=f"{server.url}/europepmc",
        crossref_api_url=f"{server.url}/crossref",
        openreview_api_url=f"{server.url}/openreview",
        openalex_api_url=f"{server.url}/openalex",
    )


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recorded responses and real papers, which is no part of the repository."""
    folder = Path(os.environ.get("PAPERBOY_SHARED", REPOSITORY.parent / "shared"))
    if not (folder / "data" / "api").is_dir():
        pytest.skip(f"no recorded responses at {folder} (PAPERBOY_SHARED names the folder)")
    return folder / "data"


async def collect_batches(
    source: PaperSource, *, since: date | None = None, cursor: str = ""
) -> tuple[list[Batch], str]:
    """All batches of a source, and the text of the SourceError that ended them, if one did."""
    batches: list[Batch] = []
    try:
        async for batch in source.batches(since=since, cursor=cursor):
            batches.append(batch)  # noqa: PERF401 - an error must leave what came before
    except SourceError as error:
        return batches, str(error)
    return batches, ""


Collect = Callable[..., Awaitable[tuple[list[Batch], str]]]
"""How `collect_batches` is called."""


@pytest.fixture
def collect() -> Collect:
    return collect_batches
