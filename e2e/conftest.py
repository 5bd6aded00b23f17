"""Paperboy on the bundled sample, connected to a Slack emulator in both ways."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from slack_sdk.oauth.installation_store import Bot

from adapters.http import application, serve
from adapters.slack.wiring import Slack
from adapters.slack.workspaces import write_bot
from bot import bootstrap
from bot.config import Settings
from bot.ingest import read_source, update_index
from bot.library import Library
from bot.ports import Installation
from e2e.emulator import APP_TOKEN, BOT, BOT_TOKEN, EVENTS_PORT, SIGNING_SECRET, TEAM, URL, Emulator, emulator
from storage.database import connect
from storage.tokens import Tokens

SAMPLE_ENDS = "2026-01-19T23:00:00+00:00"


@pytest.fixture(params=["socket", "events"])
def mode(request: pytest.FixtureRequest) -> str:
    """Socket Mode, or signed HTTP."""
    return str(request.param)


@pytest.fixture
async def people(mode: str, tmp_path: Path) -> AsyncIterator[Emulator]:
    assert os.environ.get("LOCAL_SLACK"), "run it with `make e2e`"
    async with emulator(mode, tmp_path) as running:
        yield running


@pytest.fixture
def settings(mode: str, tmp_path: Path) -> Settings:
    api = {"slack_api_url": f"{URL}/api/", "data_dir": tmp_path / "data"}
    if mode == "socket":
        return Settings(_env_file=None, SLACK_BOT_TOKEN=BOT_TOKEN, SLACK_APP_TOKEN=APP_TOKEN, **api)
    return Settings(
        _env_file=None,
        SLACK_SIGNING_SECRET=SIGNING_SECRET,
        SLACK_CLIENT_ID="client",
        SLACK_CLIENT_SECRET="client-hidden",
        token_keys=(Fernet.generate_key().decode(),),
        **api,
    )


@pytest.fixture
async def library(settings: Settings) -> AsyncIterator[Library]:
    clock = bootstrap.RunningClock(datetime.fromisoformat(SAMPLE_ENDS))
    async with bootstrap.open_library(settings, clock=clock, create=True) as opened:
        with bootstrap.sample() as papers:
            await read_source(bootstrap.file_source(papers), opened.store, opened.clock)
        await update_index(opened.store, opened.index)
        yield opened


@pytest.fixture
async def paperboy(mode: str, people: Emulator, settings: Settings, library: Library) -> AsyncIterator[Slack]:
    """Paperboy, connected."""
    if mode == "events":
        await _installed(settings)
    async with bootstrap.open_slack(settings, library) as slack:
        assert slack
        running = [asyncio.create_task(slack.platform.run())]
        if slack.routes:
            running.append(asyncio.create_task(serve(application(slack.routes), "127.0.0.1", EVENTS_PORT)))
        await eventually(lambda: _connected(people))
        await people.reset()
        yield slack
        for task in running:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def eventually(happened: Callable[[], Awaitable[Any]]) -> Any:
    """The first true value of something that another process brings about."""
    async with asyncio.timeout(20):
        while not (value := await happened()):
            await asyncio.sleep(0.05)
        return value


async def _connected(people: Emulator) -> bool:
    """Whether the emulator reaches Paperboy: it answers a command."""
    await people.command("status")
    await asyncio.sleep(0.2)
    return bool(await people.messages())


async def _installed(settings: Settings) -> None:
    """Leave to act in the emulated workspace; the emulator has no OAuth of its own."""
    bot = Bot(team_id=TEAM, bot_token=BOT_TOKEN, bot_id="B0PAPERBOY", bot_user_id=BOT, installed_at=0.0)
    keys = [key.get_secret_value() for key in settings.token_keys]
    async with Tokens(connect(settings.database), keys) as tokens:
        await tokens.save_installation(Installation("slack", TEAM, write_bot(bot)))
