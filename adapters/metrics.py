"""Figures for Prometheus: how deliveries, sources and commands are doing, read anew whenever it asks."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from shutil import disk_usage

from aiohttp import web
from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.aiohttp import make_aiohttp_handler
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from adapters.http import brings
from bot.chat.dispatch import Outcome
from bot.domain.deliveries import Counts, Status
from bot.library.app import App
from bot.ports import SourceState

Connected = Callable[[], bool | None]

_RECENT = timedelta(days=1)


@dataclass(frozen=True, slots=True, eq=False)
class Figures(Collector):
    """What the store tells of one moment; `platforms` are told of also where there is nothing to count."""

    now: datetime
    platforms: Collection[str]
    deliveries: Counts
    sources: Collection[SourceState]
    stored: int
    indexed: int
    connected: Mapping[str, bool]
    suppressed: int
    free: int

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The figures as gauges."""
        yield from self._deliveries()
        yield from self._sources()
        yield GaugeMetricFamily("paperboy_papers_stored", "Papers in the store.", self.stored)
        yield GaugeMetricFamily("paperboy_papers_indexed", "Papers in this process's index.", self.indexed)
        connected = GaugeMetricFamily(
            "paperboy_platform_connected", "1 while this process is connected to a platform.", labels=["platform"]
        )
        for platform, is_connected in self.connected.items():
            connected.add_metric([platform], is_connected)
        yield connected
        yield GaugeMetricFamily(
            "paperboy_mail_suppressed",
            "Addresses that are not written to: they bounced or complained.",
            self.suppressed,
        )
        yield GaugeMetricFamily("paperboy_disk_free_bytes", "Space left where the data is kept.", self.free)

    def _deliveries(self) -> Iterator[GaugeMetricFamily]:
        counts = self.deliveries
        due = GaugeMetricFamily(
            "paperboy_deliveries_due",
            "Posts and mails that are due and that nobody has claimed yet.",
            labels=["platform"],
        )
        waiting = GaugeMetricFamily(
            "paperboy_deliveries_open", "Posts and mails that were claimed and have not ended.", labels=["platform"]
        )
        recent = GaugeMetricFamily(
            "paperboy_deliveries_last_day",
            "Posts and mails claimed within the last 24 hours, by status.",
            labels=["platform", "status"],
        )
        for platform in sorted({*self.platforms, *counts.due, *counts.open, *(name for name, _ in counts.recent)}):
            due.add_metric([platform], counts.due.get(platform, 0))
            waiting.add_metric([platform], counts.open.get(platform, 0))
            for status in Status:
                recent.add_metric([platform, status.value], counts.recent.get((platform, status), 0))
        yield from (due, waiting, recent)

    def _sources(self) -> Iterator[GaugeMetricFamily]:
        age = GaugeMetricFamily(
            "paperboy_source_since_success_seconds", "Time since a source was last read to its end.", labels=["source"]
        )
        failing = GaugeMetricFamily(
            "paperboy_source_failing", "1 where the last attempt to read a source failed.", labels=["source"]
        )
        for source in self.sources:
            if source.succeeded_at:
                age.add_metric([source.name], (self.now - source.succeeded_at).total_seconds())
            failing.add_metric([source.name], bool(source.error))
        yield from (age, failing)


class Metrics:
    """Answers Prometheus, which must know the secret, and notes how long commands take."""

    def __init__(self, app: App, secret: str, folder: Path) -> None:
        self._app = app
        self._folder = folder
        self._secret = secret
        self._commands = Histogram(
            "paperboy_command_seconds",
            "Time until a command is answered, before its answer is sent, by outcome.",
            labelnames=["command", "outcome"],
            registry=None,
        )

    def answered(self, command: str, outcome: Outcome, seconds: float) -> None:
        """Note that a command was answered."""
        self._commands.labels(command or "unknown", outcome.value).observe(seconds)

    def route(self, platforms: Mapping[str, Connected | None]) -> web.RouteDef:
        """Where Prometheus asks, bringing the secret as a bearer token. 401 without it.

        `platforms` are told of, and whether they are connected where that can be asked.
        """

        async def answer(request: web.Request) -> web.StreamResponse:
            if not brings(request, self._secret):
                return web.Response(
                    status=401, text="The secret is not right.\n", headers={"WWW-Authenticate": "Bearer"}
                )
            registry = CollectorRegistry()  # one for each answer: what the store tells has to be awaited first
            registry.register(await self._read(platforms))
            registry.register(self._commands)
            return await make_aiohttp_handler(registry)(request)

        return web.get("/metrics", answer)

    async def _read(self, platforms: Mapping[str, Connected | None]) -> Figures:
        store, now = self._app.store, self._app.clock.now()
        asked = [(name, ask()) for name, ask in platforms.items() if ask]
        return Figures(
            now=now,
            platforms=platforms,
            deliveries=await store.count_deliveries(now=now, since=now - _RECENT),
            sources=await store.source_states(),
            stored=await store.count_papers(),
            indexed=len(self._app.index),
            connected={name: is_connected for name, is_connected in asked if is_connected is not None},
            suppressed=await store.count_suppressed(),
            free=disk_usage(self._folder).free,
        )
