"""A new platform is a folder and a line: a toy one is run, previewed and checked like every other."""

import asyncio
import io
import sys
from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path
from textwrap import dedent

import pytest
from rich.console import Console

from adapters import platforms
from adapters.platforms import load_plugin, needing_extra
from bot.bootstrap import check_platform, open_platforms, platform_names, previews
from bot.cli import main
from bot.cli.run import run_parts
from bot.config import Settings
from bot.domain.destinations import Destination
from bot.domain.messages import Message
from bot.domain.people import Place
from bot.errors import UserError
from bot.library.app import App
from bot.runtime.clocks import StandingClock
from tests.conftest import SAMPLE_ENDS

Sent = asyncio.Queue[Message]

PLUGIN = '''
"""A platform that keeps what it is sent in a queue."""

import asyncio
from contextlib import asynccontextmanager

from bot.chat.platforms import OpenPlatform

SENT = asyncio.Queue()


class Toy:
    name = "toy"
    repeatable = True
    daily_messages = None

    async def run(self, ready):
        await asyncio.Event().wait()

    def reaches(self, place):
        return place.platform == "toy"

    async def send(self, place, message, *, nonce, first=""):
        await SENT.put(message)
        return nonce

    async def recall(self, place, nonce, since, *, message, first=""):
        return None

    async def end_poll(self, place, sent):
        return None

    async def tell_admins(self, place, message):
        pass


def is_set_up(settings):
    return True


@asynccontextmanager
async def open_platform(host):
    yield OpenPlatform(Toy())


async def check(settings, registry):
    return f"ready with {len(list(registry))} commands"


def preview(message, console):
    console.print(f"toy: {message.title}")
'''


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sent]:
    """A platform in a package of its own, and one more line in the table; gives what it is sent."""
    package = tmp_path / "toybox"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "plugin.py").write_text(dedent(PLUGIN))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(platforms, "PLATFORMS", {**platforms.PLATFORMS, "toy": "toybox.plugin"})
    sent: Sent = vars(load_plugin("toy"))["SENT"]
    yield sent
    for name in ("toybox", "toybox.plugin"):
        sys.modules.pop(name, None)


async def test_a_platform_of_one_folder_and_one_line_posts(app: App, tmp_path: Path, toy: Sent) -> None:
    place = Place("toy", "T1", "C1", "#papers")
    await app.store.save_destination(Destination(place=place, at=time(6), count=2), now=app.clock.now())
    tomorrow = App.over(app.store, app.index, StandingClock(SAMPLE_ENDS + timedelta(hours=8)))
    stop = asyncio.Event()
    loaded = Settings(_env_file=None, sources=(), data_dir=tmp_path / "data")
    async with open_platforms(loaded, tomorrow) as connected, asyncio.timeout(60):
        running = asyncio.create_task(run_parts(loaded, tomorrow, connected, stop, "toy"))
        header, *papers = [await toy.get() for _ in range(3)]
        stop.set()
        await running
    assert header.title.startswith("Trending papers")
    assert [len(message.cards) for message in papers] == [1, 1]


@pytest.mark.usefixtures("toy")
async def test_it_is_checked_and_previewed() -> None:
    assert "toy" in platform_names()
    assert (await check_platform("toy", Settings(_env_file=None))).startswith("ready with")
    shown = io.StringIO()
    previews()["toy"](Message(title="Hello"), Console(file=shown))
    assert shown.getvalue() == "toy: Hello\n"


def test_doctor_tells_of_it(app: App, tmp_path: Path, toy: Sent, capsys: pytest.CaptureFixture[str]) -> None:
    main(["doctor", "--data-dir", str(tmp_path / "data")])
    assert "✓ toy: ready with" in capsys.readouterr().out


@pytest.mark.parametrize("name", platforms.PLATFORMS)
def test_every_plugin_has_what_the_core_asks_of_it(name: str) -> None:
    plugin = load_plugin(name)
    assert not plugin.is_set_up(Settings(_env_file=None))
    assert all(callable(getattr(plugin, each)) for each in ("open_platform", "check", "preview"))


def test_a_missing_library_is_told_with_the_extra_that_brings_it() -> None:
    with (
        pytest.raises(UserError, match=r"This needs nonesuch: pip install 'paperboy-bot\[slack\]'"),
        needing_extra("slack"),
    ):
        raise ModuleNotFoundError(name="nonesuch.web")


def test_a_fault_of_our_own_is_not_taken_for_a_missing_library() -> None:
    with pytest.raises(ModuleNotFoundError), needing_extra("slack"):
        raise ModuleNotFoundError(name="adapters.nonesuch")
