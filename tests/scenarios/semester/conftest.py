"""A lab of eight on Discord and Slack."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import simcord

from adapters.discord.client import Client
from bot.engine.encoder import StaticEncoder
from bot.library.app import App
from tests.conftest import TickingClock
from tests.support.discord.world import pytest_itemcollected
from tests.support.semester.lab import Lab, new_client
from tests.support.slack.fake_slack import FakeSlack

__all__ = ["pytest_itemcollected"]

LIBRARIES = Path(__file__).parent / "libraries"
BEGINS = datetime(2026, 2, 2, tzinfo=UTC)


@pytest.fixture
def simcord_bot(app: App) -> Client:
    return new_client(app)


@pytest.fixture
async def lab(
    simcord_env: simcord.env.Env,
    simcord_bot: Client,
    sample_folder: Path,
    encoder: StaticEncoder,
    tmp_path: Path,
) -> AsyncIterator[Lab]:
    await simcord_bot.tree.sync()
    folder = shutil.copytree(sample_folder, tmp_path / "lab")
    async with FakeSlack() as fake:
        made = Lab(simcord_env, fake, folder, encoder, LIBRARIES, TickingClock(BEGINS))
        await made.start()
        yield made
        await made.stop()
