"""Prometheus asks by HTTP, and what it reads is what happened."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer
from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics

from adapters.http import application
from adapters.metrics import Metrics
from bot.chat.dispatch import Dispatcher, Outcome, Request
from bot.commands import registry
from bot.domain.deliveries import Status
from bot.domain.destinations import Destination
from bot.domain.people import Account, Place
from bot.library.app import App
from tests.conftest import TickingClock

SECRET = "s3cret"
RIGHT = {"Authorization": f"Bearer {SECRET}"}
HERE = Place("slack", "T1", "C1", "#papers")
ELSEWHERE = Place("slack", "T1", "C2", "#random")
ANA = Account("slack", "T1/U1", "ana")


@pytest.fixture
def metrics(app: App, tmp_path: Path) -> Metrics:
    return Metrics(app, SECRET, tmp_path)


@pytest.fixture
async def browser(metrics: Metrics) -> AsyncIterator[ClientSession]:
    async with (
        TestServer(
            application([metrics.route({"discord": lambda: False, "slack": lambda: True, "console": None})])
        ) as server,
        ClientSession(server.make_url("/")) as session,
    ):
        yield session


async def read(browser: ClientSession) -> dict[tuple[str, ...], float]:
    """Every sample: its name and the values of its labels, in the order of their names -> its value."""
    async with browser.get("/metrics", headers=RIGHT) as answer:
        assert answer.status == 200
        families = list(parser.text_string_to_metric_families(await answer.text()))
    samples = [each for family in families for each in family.samples]
    return {(each.name, *(value for _, value in sorted(each.labels.items()))): each.value for each in samples}


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        SECRET,
        "Bearer",
        "Bearer ",
        "Bearer s3cre",
        "Bearer s3cret5",
        "Bearer sécret",
        f"Basic {SECRET}",
        "Basic cGFwZXJib3k6czNjcmV0",
    ],
)
async def test_without_the_secret_nothing_is_told(browser: ClientSession, given: str | None) -> None:
    headers = {} if given is None else {"Authorization": given}
    async with browser.get("/metrics", headers=headers) as answer:
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert "paperboy_" not in await answer.text()


async def test_where_no_secret_is_set_there_is_no_such_page() -> None:
    async with TestServer(application()) as server, ClientSession(server.make_url("/")) as browser:
        for headers in ({}, RIGHT, {"Authorization": "Bearer "}):
            async with browser.get("/metrics", headers=headers) as answer:
                assert answer.status == 404
        async with browser.get("/healthz") as answer:
            assert (answer.status, await answer.text()) == (200, "ok\n")


async def test_papers_are_counted(browser: ClientSession) -> None:
    told = await read(browser)
    assert told["paperboy_papers_stored",] == told["paperboy_papers_indexed",] == 200


async def test_deliveries_are_counted_as_they_go_on(browser: ClientSession, app: App) -> None:
    store, clock = app.store, app.clock
    assert isinstance(clock, TickingClock)
    due = "paperboy_deliveries_due", "slack"
    waiting = "paperboy_deliveries_open", "slack"
    for place in (HERE, ELSEWHERE):
        await store.save_destination(Destination(place=place), now=clock.now())
    quiet = await read(browser)
    assert (quiet[due], quiet[waiting]) == (0, 0)
    assert quiet["paperboy_deliveries_due", "discord"] == 0
    assert all(quiet["paperboy_deliveries_last_day", "slack", status.value] == 0 for status in Status)

    clock.moment += timedelta(days=1)
    assert (await read(browser))[due] == 2

    await store.claim_due(now=clock.now(), limit=10)
    taken = await read(browser)
    assert (taken[due], taken[waiting]) == (0, 2)
    assert taken["paperboy_deliveries_last_day", "slack", "claimed"] == 2

    until = clock.now() + timedelta(minutes=1)
    first, second = await store.lease("w", now=clock.now(), until=until, limit=9, reaches=lambda place: True)
    await store.end(first, "w", Status.SENT, now=clock.now())
    await store.put_off(second, "w", until=until, error="busy", failed=True)
    ended = await read(browser)
    assert (ended[due], ended[waiting]) == (0, 1)
    assert ended["paperboy_deliveries_last_day", "slack", "sent"] == 1

    clock.moment += timedelta(hours=25)
    later = await read(browser)
    assert later["paperboy_deliveries_last_day", "slack", "sent"] == 0
    assert (later[due], later[waiting]) == (2, 1)


async def test_a_platform_that_is_no_longer_set_up_is_told_of(browser: ClientSession, app: App) -> None:
    clock = app.clock
    assert isinstance(clock, TickingClock)
    await app.store.save_destination(Destination(place=Place("email", "", "y@example.org", "y")), now=clock.now())
    assert ("paperboy_deliveries_due", "email") not in await read(browser)
    clock.moment += timedelta(days=1)
    assert (await read(browser))["paperboy_deliveries_due", "email"] == 1


async def test_lost_connections_addresses_that_bounced_and_space_are_told(browser: ClientSession, app: App) -> None:
    await app.store.suppress("y@example.org", "no such user", now=app.clock.now())
    told = await read(browser)
    assert told["paperboy_platform_connected", "discord"] == 0
    assert told["paperboy_platform_connected", "slack"] == 1
    assert ("paperboy_platform_connected", "console") not in told
    assert told["paperboy_mail_suppressed",] == 1
    assert told["paperboy_disk_free_bytes",] > 0


async def test_sources_are_told_with_what_is_wrong_with_them(browser: ClientSession, app: App) -> None:
    store, clock = app.store, app.clock
    assert isinstance(clock, TickingClock)
    now = clock.now()
    await store.record_attempt("arxiv", now=now)
    await store.record_attempt("huggingface", now=now, error="503, come again")
    odd = 'files "\\\n'  # what a name holds is escaped
    await store.record_attempt(odd, now=now)
    clock.moment = now + timedelta(seconds=59)
    told = await read(browser)
    assert told["paperboy_source_since_success_seconds", "arxiv"] == 60
    assert ("paperboy_source_since_success_seconds", "huggingface") not in told
    failing = {name: told["paperboy_source_failing", name] for name in ("arxiv", "huggingface", odd)}
    assert failing == {"arxiv": 0, "huggingface": 1, odd: 0}


async def test_commands_are_counted_by_what_became_of_them(browser: ClientSession, metrics: Metrics, app: App) -> None:
    dispatcher = Dispatcher(registry, app, metrics.answered)
    for line in ("search graphs", "search graphs --page 2", "similar 9999.99999", "no such command", "digest on"):
        await dispatcher.answer(Request(ANA, HERE, line))
    told = await read(browser)
    counts = {tuple(labels): n for (name, *labels), n in told.items() if name == "paperboy_command_seconds_count"}
    assert counts == {
        ("search", "answered"): 2,
        ("similar", "refused"): 1,
        ("unknown", "refused"): 1,
        ("digest on", "refused"): 1,
    }
    assert told["paperboy_command_seconds_sum", "search", "answered"] > 0
    assert told["paperboy_command_seconds_bucket", "search", "+Inf", "answered"] == 2


async def test_two_in_one_process_count_apart(app: App, tmp_path: Path) -> None:
    Metrics(app, SECRET, tmp_path).answered("search", Outcome.ANSWERED, 1.0)
    other = Metrics(app, SECRET, tmp_path)
    async with (
        TestServer(application([other.route({})])) as server,
        ClientSession(server.make_url("/")) as browser,
    ):
        assert not any(name == "paperboy_command_seconds_count" for name, *_ in await read(browser))


async def test_it_answers_in_the_format_that_is_asked_for(browser: ClientSession) -> None:
    headers = {**RIGHT, "Accept": "application/openmetrics-text; version=1.0.0", "Accept-Encoding": "gzip"}
    async with browser.get("/metrics", headers=headers) as answer:
        assert answer.content_type == "application/openmetrics-text"
        assert answer.headers["Content-Encoding"] == "gzip"
        families = list(openmetrics.text_string_to_metric_families(await answer.text()))
    assert "paperboy_papers_stored" in {family.name for family in families}
