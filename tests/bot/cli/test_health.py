"""status and doctor."""

import asyncio
import json
import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.cli import main
from bot.domain.deliveries import Status
from bot.domain.destinations import Destination
from bot.domain.paper_ids import PaperId
from bot.domain.people import Account, Place
from bot.domain.zotero import ZoteroLibrary
from bot.ports import Batch
from storage.sql.store import SqlStore
from tests.support.command_line import in_store
from tests.support.databases import KEY


def test_what_a_server_said_is_shown_as_it_is_but_cannot_take_the_terminal_over(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = datetime(2026, 1, 19, tzinfo=UTC)

    async def fail(store: SqlStore) -> None:
        await store.begin_attempt("arxiv", now=at)
        await store.record_attempt("arxiv", now=at, error="said [/b] [red]no\x1b]0;owned\x07\nagain", note="")

    in_store(folder, fail)
    assert main(["status", "--data-dir", str(folder)]) == 0
    told = capsys.readouterr().out
    assert "failed: said [/b] [red]no]0;owned again" in told
    assert "\x1b" not in told


def test_status_lists_what_is_posted_next_and_how_the_last_post_went(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def subscribe(store: SqlStore) -> None:
        for number in range(12):
            place = Place("slack", "T1", f"C{number}", f"#group-{number}")
            await store.save_destination(Destination(place=place), now=datetime(2026, 1, 19, 10, tzinfo=UTC))
        now = datetime(2026, 1, 20, 9, tzinfo=UTC)
        await store.claim_due(now=now, limit=1)
        until = now + timedelta(minutes=1)
        [delivery] = await store.lease("here", now=now, until=until, limit=1, reaches=lambda _: True)
        await store.end(delivery, "here", Status.FAILED, now=now, error="channel_not_found")

    in_store(folder, subscribe)
    assert main(["status", "--data-dir", str(folder)]) == 0
    told = capsys.readouterr().out
    assert "#group-5" in told
    assert "2026-01-20 failed: channel_not_found" in told
    assert "and 1 more" in told, "ten that are due next, and the one with trouble"


def test_status_says_what_is_not_indexed_yet(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def sync(store: SqlStore) -> None:
        [known] = await store.papers_after(0, 1)
        new = replace(known.paper, id=PaperId("2601.99999"), title="A title that nobody had before")
        batch = Batch(papers=[new])
        await store.save_batch("list", batch, now=datetime(2026, 1, 20, tzinfo=UTC))

    in_store(folder, sync)
    assert main(["status", "--data-dir", str(folder)]) == 0
    told = capsys.readouterr().out
    assert "1 change not indexed yet (`paperboy index`)" in told
    assert "No source has been synced yet; run `paperboy sync`." in told


def test_doctor_tells_of_migrations(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--data-dir", str(folder)]) == 0
    told = capsys.readouterr().out
    assert "✓ migrations: version " in told
    assert "✓ index: " in told


def test_doctor_tells_programs_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json", "--data-dir", str(folder)]) == 0
    rows = json.loads(capsys.readouterr().out)["results"]
    assert {row["name"]: row["ok"] for row in rows}["index"] is True
    assert main(["doctor", "--json", "--data-dir", str(folder / "nowhere")]) == 1
    rows = json.loads(capsys.readouterr().out)["results"]
    assert [row["name"] for row in rows if not row["ok"]] == ["database", "migrations", "index"]


def test_a_source_that_failed_is_told_by_doctor_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = datetime(2026, 1, 19, tzinfo=UTC)

    async def fail(store: SqlStore) -> None:
        await store.record_attempt("arxiv", now=at, error="arxiv.org cannot be reached")

    in_store(folder, fail)
    assert main(["doctor", "--data-dir", str(folder)]) == 0
    assert "! sources: huggingface, arxiv (failed: arxiv.org cannot be reached)" in capsys.readouterr().out
    assert main(["doctor", "--json", "--data-dir", str(folder)]) == 0
    rows = json.loads(capsys.readouterr().out)["results"]
    assert {row["name"]: row["concern"] for row in rows}["sources"] is True


def test_doctor_fails_when_nothing_is_there_or_nothing_is_indexed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--data-dir", str(folder / "nowhere")]) == 1
    assert "✗ migrations: there are no tables yet" in capsys.readouterr().out
    assert not (folder / "nowhere").exists()
    shutil.rmtree(folder / "index")
    assert main(["doctor", "--data-dir", str(folder)]) == 1
    assert "✗ index: it is empty, so nothing can be found; run `paperboy index`" in capsys.readouterr().out


def test_doctor_goes_on_where_the_system_refuses(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.cli import health

    async def refused(_settings: object) -> str:
        raise PermissionError(13, "Permission denied", "/some/file")

    monkeypatch.setattr(health, "_clock", refused)
    assert main(["doctor", "--data-dir", str(folder)]) == 1
    told = capsys.readouterr().out
    assert "✗ clock: /some/file: Permission denied" in told
    assert "sources: " in told


def test_doctor_finds_an_altered_byte_of_the_index_and_has_it_rebuilt(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vectors = next(folder.glob("index/generation-*/vectors.i8"))
    content = vectors.read_bytes()
    vectors.write_bytes(content[:300] + bytes([content[300] ^ 64]) + content[301:])
    assert main(["doctor", "--data-dir", str(folder)]) == 0
    told = capsys.readouterr().out
    assert "✓ index: The index is damaged (the paper in row 1 is not as it was written); it is rebuilt" in told
    assert main(["doctor", "--data-dir", str(folder)]) == 0
    assert "damaged" not in capsys.readouterr().out


PAGE = 4096


@pytest.mark.parametrize("seed", range(6))
def test_a_damaged_database_is_a_sentence_everywhere(
    folder: Path, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    file, random = folder / "paperboy.db", Random(seed)
    content = bytearray(file.read_bytes())
    for _ in range(len(content) // PAGE // 3):
        start = random.randrange(1, len(content) // PAGE) * PAGE
        content[start : start + PAGE] = random.randbytes(PAGE)
    file.write_bytes(content)
    for command in (["doctor"], ["status"], ["search", "robot"], ["trending"], ["index", "--rebuild"]):
        status = main([*command, "--data-dir", str(folder)])
        told = capsys.readouterr()
        assert (status == 0) is not ("is damaged" in told.out + told.err)
    assert main(["doctor", "--data-dir", str(folder)]) == 1
    assert f"✗ database: The database {file} is damaged" in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"", b"no database " * 1000, b"SQLite format 3\0"])
def test_a_file_that_is_no_database_is_a_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    (folder / "paperboy.db").write_bytes(content)
    for command in ("doctor", "status"):
        assert main([command, "--data-dir", str(folder)]) == 1
        told = capsys.readouterr()
        assert "paperboy.db" in told.out + told.err


def test_services_that_are_asked_for_papers_are_told_with_what_failed(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERBOY_LOOKUP", "crossref,arxiv")
    monkeypatch.setenv("PAPERBOY_SEARCH_SERVICES", "off")
    at = datetime(2026, 1, 19, tzinfo=UTC)

    async def ask(store: SqlStore) -> None:
        await store.record_request("arxiv", now=at)
        await store.record_request("crossref", now=at, error="503 Service Unavailable")

    in_store(folder, ask)
    assert main(["doctor", "--data-dir", str(folder)]) == 0
    told = "! services: asked for papers: arxiv, crossref (failed: 503 Service Unavailable); searched: none"
    assert told in capsys.readouterr().out
    assert main(["status", "--data-dir", str(folder)]) == 0
    rows = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert any(re.fullmatch(r"arxiv [\d,]+ days ago ok", row) for row in rows)
    assert "crossref never failed: 503 Service Unavailable" in rows
    assert main(["status", "--json", "--data-dir", str(folder)]) == 0
    services = json.loads(capsys.readouterr().out)["services"]
    assert [service["error"] for service in services] == [None, "503 Service Unavailable"]


def test_a_service_nobody_knows_is_a_mistake(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERBOY_LOOKUP", "google")
    assert main(["doctor", "--data-dir", str(folder)]) == 1
    assert "✗ services: No service is called 'google'." in capsys.readouterr().out


def test_doctor_names_what_others_on_the_machine_may_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / "paperboy.db"
    others = f"! files: others on this machine may read {file}"
    for bits, told in ((0o644, others), (0o600, "✓ files: their owner's alone")):
        file.chmod(bits)
        (folder / "index").chmod(0o700)
        assert main(["doctor", "--data-dir", str(folder)]) == 0
        assert told in capsys.readouterr().out


def test_doctor_tells_which_libraries_of_zotero_are_not_in_step(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> str:
        main(["doctor", "--data-dir", str(folder)])
        return next(line for line in capsys.readouterr().out.splitlines() if " zotero: " in line)

    assert "PAPERBOY_TOKEN_KEYS" in told()
    monkeypatch.setenv("PAPERBOY_TOKEN_KEYS", KEY)
    assert told() == "✓ zotero: 0 libraries"

    async def connect() -> None:
        async with await SqlStore.open(f"sqlite:///{folder / 'paperboy.db'}", keys=[KEY]) as store:
            person = await store.person(Account("console", "you"))
            library = ZoteroLibrary(
                "person:1", person, "key-hidden-here", "users/1", "you", "HOME2345", True, error="Zotero: 500"
            )
            await store.connect_zotero(library)

    asyncio.run(connect())
    assert told() == "! zotero: 1 library, 1 not in step: Zotero: 500"
    monkeypatch.setenv("PAPERBOY_ZOTERO", "false")
    assert told() == "✓ zotero: off"
