"""What Prometheus makes of what a running Paperboy tells: the rules and the dashboard of `deploy/`."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from prometheus_client import parser

from adapters.http import application
from adapters.metrics import Metrics
from bot.chat.dispatch import Dispatcher, Request
from bot.commands import registry
from bot.domain.destinations import Destination
from bot.domain.people import Account, Place
from bot.library.app import App
from tests.conftest import TickingClock

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
RULES, DASHBOARD = DEPLOY / "prometheus" / "paperboy.rules.yml", DEPLOY / "grafana" / "paperboy.json"
DOCUMENTED = DEPLOY.parent / "docs" / "operations.md"
HERE, ANA = Place("slack", "T1", "C1", "#papers"), Account("slack", "T1/U1", "ana")
SECRET = "metrics-hidden"

needs_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool of Prometheus is not installed (apt-get install prometheus)"
)

Series = dict[str, float]
"""`name{labels}` -> value."""


@dataclass(slots=True)
class Running:
    """A Paperboy that Prometheus asks."""

    app: App
    metrics: Metrics
    connected: bool = True

    async def scraped(self) -> Series:
        """What Prometheus reads now."""
        route = self.metrics.route({"slack": lambda: self.connected})
        headers = {"Authorization": f"Bearer {SECRET}"}
        async with (
            TestServer(application([route])) as server,
            ClientSession(server.make_url("/")) as browser,
            browser.get("/metrics", headers=headers) as answer,
        ):
            text = await answer.text()
        samples = [sample for family in parser.text_string_to_metric_families(text) for sample in family.samples]
        found = {_series(sample.name, sample.labels): sample.value for sample in samples}
        return {**found, 'up{instance="one",job="paperboy"}': 1}


@pytest.fixture
async def running(app: App, tmp_path: Path) -> Running:
    """One that has read a source, posted to nobody and answered a command."""
    metrics = Metrics(app, SECRET, tmp_path)
    await app.store.record_attempt("arxiv", now=app.clock.now())
    await Dispatcher(registry, app, metrics.answered).answer(Request(ANA, HERE, "search graphs"))
    return Running(app, metrics)


def _series(name: str, labels: Mapping[str, str]) -> str:
    told = {**labels, "instance": "one", "job": "paperboy"}
    return name + "{" + ",".join(f"{key}={json.dumps(value)}" for key, value in sorted(told.items())) + "}"


def assert_alerts(folder: Path, series: Series, expected: set[str], growth: Mapping[str, float] | None = None) -> None:
    """Let promtool take what was read as the values of three hours, each growing by `growth` a minute."""
    told = [
        {"series": name, "values": f"{value:.6f}+{(growth or {}).get(name, 0):.6f}x180"}
        for name, value in series.items()
    ]
    expression = 'count by (alertname) (ALERTS{alertstate="firing"})'
    samples = [{"labels": f'{{alertname="{name}"}}', "value": 1} for name in sorted(expected)]
    checked = {"expr": expression, "eval_time": "3h", "exp_samples": samples}
    test: dict[str, Any] = {"interval": "1m", "input_series": told, "promql_expr_test": [checked]}
    file = folder / "rules_test.json"  # JSON is YAML, too
    file.write_text(json.dumps({"rule_files": [str(RULES)], "evaluation_interval": "1m", "tests": [test]}))
    done = subprocess.run(["promtool", "test", "rules", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@needs_promtool
def test_prometheus_takes_the_rules() -> None:
    done = subprocess.run(["promtool", "check", "rules", str(RULES)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@needs_promtool
async def test_of_a_bot_that_is_well_nothing_is_told(running: Running, tmp_path: Path) -> None:
    assert_alerts(tmp_path, await running.scraped(), set())


@needs_promtool
async def test_what_is_wrong_with_a_bot_is_told(running: Running, tmp_path: Path) -> None:
    store, clock = running.app.store, running.app.clock
    assert isinstance(clock, TickingClock)
    await store.save_destination(Destination(place=HERE), now=clock.now())
    clock.moment += timedelta(days=1)
    await store.record_attempt("arxiv", now=clock.now(), error="503")
    running.connected = False
    expected = {
        "PaperboyPlatformDisconnected",
        "PaperboyPostsLate",
        "PaperboySourceFailing",
        "PaperboySourceStale",
    }
    assert_alerts(tmp_path, await running.scraped(), expected)
    await store.claim_due(now=clock.now(), limit=9)
    await store.doubt_open(now=clock.now(), error="stopped")
    running.connected = True
    await store.record_attempt("arxiv", now=clock.now())
    assert_alerts(tmp_path, await running.scraped(), {"PaperboyPostsUnknown"})


@needs_promtool
@pytest.mark.parametrize(
    ("metric", "value", "growth", "alert"),
    [
        ("up", 0.0, 0.0, "PaperboyDown"),
        ("paperboy_disk_free_bytes", 5e8, 0.0, "PaperboyDiskFull"),
        ("paperboy_papers_indexed", -6000.0, 0.0, "PaperboyIndexBehind"),
        ("paperboy_deliveries_open", 50.0, 1.0, "PaperboyQueueGrowing"),
        ("paperboy_mail_suppressed", 0.0, 1.0, "PaperboyMailsBounce"),
    ],
)
async def test_one_thing_that_is_wrong_is_told_alone(
    running: Running, tmp_path: Path, metric: str, value: float, growth: float, alert: str
) -> None:
    series = await running.scraped()
    [name] = [name for name in series if name.partition("{")[0] == metric]
    assert_alerts(tmp_path, {**series, name: value}, {alert}, {name: growth})


@needs_promtool
async def test_commands_that_fail_or_are_slow_are_told(running: Running, tmp_path: Path) -> None:
    series = await running.scraped()
    answered = [name for name in series if name.startswith("paperboy_command_seconds") and "_created" not in name]
    failed = {name.replace("answered", "failed"): series[name] for name in answered}
    growth = {name: 1.0 for name in (*answered, *failed) if "_count" in name or 'le="+Inf"' in name}
    alerts = {"PaperboyCommandsFailing", "PaperboyCommandsSlow"}
    assert_alerts(tmp_path, {**series, **failed}, alerts, growth)


async def test_the_rules_and_the_dashboard_name_what_is_told_and_all_that_is_told_is_documented(
    running: Running,
) -> None:
    told = {re.sub("_(bucket|count|sum|created)$", "", name.partition("{")[0]) for name in await running.scraped()}
    told.discard("up")
    panels = json.loads(DASHBOARD.read_text())["panels"]
    asked = " ".join(target["expr"] for panel in panels for target in panel["targets"])
    for text in (RULES.read_text(), asked):
        named = {re.sub("_(bucket|count|sum)$", "", name) for name in re.findall(r"\bpaperboy_\w+", text)}
        assert named
        assert named <= told
    assert set(re.findall(r"`(paperboy_\w+)`", DOCUMENTED.read_text())) == told
    alerts = set(re.findall(r"alert: (\w+)", RULES.read_text()))
    assert set(re.findall(r"`(Paperboy\w+)`", DOCUMENTED.read_text())) == alerts
