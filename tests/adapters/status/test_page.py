"""The status page, as a browser gets it."""

import base64
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from adapters.http import application
from adapters.status.page import StatusPage
from bot.domain.deliveries import Status
from bot.domain.destinations import Destination
from bot.domain.mailboxes import mailbox_place
from bot.domain.people import Account, Place, private_talk
from bot.library.app import App
from bot.runtime.space import note_backup
from tests.conftest import TickingClock

SECRET = "s3cret"
HERE = Place("slack", "T1", "C1", "#<papers>")


def login(password: str) -> str:
    return "Basic " + base64.b64encode(f"anybody:{password}".encode()).decode()


@pytest.fixture
async def browser(app: App) -> AsyncIterator[ClientSession]:
    async with (
        TestServer(application([StatusPage(app, SECRET).route()])) as server,
        ClientSession(server.make_url("/")) as session,
    ):
        yield session


async def page(browser: ClientSession) -> str:
    async with browser.get("/status", headers={"Authorization": f"Bearer {SECRET}"}) as answer:
        assert answer.status == 200
        return await answer.text()


@pytest.mark.parametrize(
    "given", ["", SECRET, "Bearer", "Bearer s3cre", login(""), login("wrong"), "Basic %%%", f"Basic {SECRET}"]
)
async def test_without_the_secret_nothing_is_told(browser: ClientSession, given: str) -> None:
    async with browser.get("/status", headers={"Authorization": given}) as answer:
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic ")
        assert "Paperboy ·" not in await answer.text()


async def test_a_browser_brings_the_secret_as_the_password_of_a_login(browser: ClientSession) -> None:
    async with browser.get("/status", headers={"Authorization": login(SECRET)}) as answer:
        assert answer.status == 200
        assert answer.content_type == "text/html"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert SECRET not in await answer.text()


async def test_a_quiet_day_is_well(browser: ClientSession) -> None:
    told = await page(browser)
    assert "All is well" in told
    assert "<dd>200</dd>" in told
    assert "none was made here" in told


async def test_trouble_is_told_with_what_to_do(browser: ClientSession, app: App) -> None:
    clock = app.clock
    assert isinstance(clock, TickingClock)
    await app.store.record_attempt("arxiv", now=clock.now(), error="503 <busy> ` told")
    await app.store.record_request("crossref", now=clock.now(), error="it hangs")
    await app.store.save_destination(Destination(place=HERE, timezone="Asia/Tokyo"), now=clock.now())
    clock.moment += timedelta(hours=2)
    now = clock.now()
    await app.store.claim_due(now=now, limit=9)
    [delivery] = await app.store.lease("w", now=now, until=now + timedelta(minutes=1), limit=9, reaches=lambda _: True)
    await app.store.end(delivery, "w", Status.UNKNOWN, now=now, error="it broke")
    told = await page(browser)
    assert "Something needs a look" in told
    assert "Failing: arxiv." in told
    assert "1 post that may not have arrived" in told
    assert "#&lt;papers&gt; on Slack" in told
    assert "09:00 Asia/Tokyo" in told
    assert "it broke; <code>/papers digest resend</code> there continues it" in told
    assert "failed: 503 &lt;busy&gt; ` told" in told
    assert "failed: it hangs" in told


async def test_nobody_is_named(browser: ClientSession, app: App, tmp_path: Path) -> None:
    now = app.clock.now()
    ana = Account("slack", "T1/U1", "ana")
    app.data_dir = tmp_path / "data"
    note_backup(app.data_dir, tmp_path / "ana.tar.gz", now)
    person = await app.store.person(ana)
    await app.store.save_destination(Destination(place=private_talk(ana), person=person), now=now)
    await app.store.save_destination(Destination(place=mailbox_place("ana@example.org"), person=person), now=now)
    told = await page(browser)
    assert "ana" not in told
    assert "U1" not in told
    assert '<span class="name" dir="auto">private talks</span> <span class="state">1</span>' in told
    assert '<span class="name" dir="auto">mailboxes</span> <span class="state">1</span>' in told
    assert "the file is no longer there" in told


async def test_many_channels_are_counted(browser: ClientSession, app: App) -> None:
    for number in range(23):
        place = Place("slack", "T1", f"C{number}", f"#group-{number}")
        await app.store.save_destination(Destination(place=place), now=app.clock.now())
    assert "and 3 more channels" in await page(browser)
