"""`paperboy zotero`: a library connected from the terminal."""

import asyncio
import io
from pathlib import Path
from threading import Thread

import pytest

from bot.cli import main
from storage.sql.store import SqlStore
from tests.support.command_line import in_store
from tests.support.databases import KEY
from tests.support.zotero import API_KEY, FakeZotero


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> "Beside":
    monkeypatch.setenv("PAPERBOY_TOKEN_KEYS", KEY)
    return Beside(monkeypatch)


class Beside:
    """A Zotero in a thread, since a command of the shell has an event loop of its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.fake = FakeZotero()
        self._monkeypatch = monkeypatch

    def run(self, *arguments: str) -> int:
        """The exit status of a command, while Zotero answers."""
        loop, ready = asyncio.new_event_loop(), asyncio.Event()
        stop = asyncio.Event()

        async def serve() -> None:
            async with self.fake.serving():
                self._monkeypatch.setenv("PAPERBOY_ZOTERO_API_URL", self.fake.url)
                ready.set()
                await stop.wait()

        serving = loop.create_task(serve())
        loop.run_until_complete(ready.wait())
        thread = Thread(target=loop.run_until_complete, args=(serving,))
        thread.start()
        try:
            return main([*arguments])
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join()
            loop.close()


def test_a_library_is_connected_with_a_key_that_is_not_shown(
    folder: Path, fake: Beside, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{API_KEY}\n"))
    assert fake.run("zotero", "connect", "--collection", "Reading", "--data-dir", str(folder)) == 0
    assert "Connected with ana." in capsys.readouterr().out
    fake.fake.add("ITEM2345", "A paper from Zotero that counts stars", collections=[fake.fake.collection("Reading")])
    assert fake.run("zotero", "sync", "--data-dir", str(folder)) == 0
    assert "1 paper" in capsys.readouterr().out

    async def check(store: SqlStore) -> None:
        assert (await store.count_zotero()).libraries == 1

    in_store(folder, check)


def test_the_key_may_stand_in_the_environment_and_a_group_be_named(
    folder: Path, fake: Beside, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", API_KEY)
    assert fake.run("zotero", "connect", "--group", "169947", "--data-dir", str(folder)) == 0
    assert "Connected with Lab of eight." in capsys.readouterr().out


def test_without_keys_to_encrypt_with_it_says_what_to_set(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZOTERO_API_KEY", API_KEY)
    main(["zotero", "connect", "--data-dir", str(folder)])
    assert "PAPERBOY_TOKEN_KEYS" in capsys.readouterr().out
