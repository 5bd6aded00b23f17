"""The command line in-process: what it prints, and how ordinary mistakes are told."""

import asyncio
import io
import json
import logging
import lzma
import shutil
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog

from bot.cli import main
from bot.cli.app import missing_extra
from bot.cli.search import _options_and_words
from bot.config import Settings
from bot.domain.papers import Paper, PaperId
from bot.engine.encoder import StaticEncoder
from bot.ports import Batch
from bot.runtime.logs import configure_logging
from storage.index.disk_index import DiskIndex
from storage.sql.store import SqlStore

PAPER = "2601.08521"


def in_store(folder: Path, action: Callable[[SqlStore], Awaitable[object]]) -> None:
    async def act() -> None:
        async with await SqlStore.open(f"sqlite:///{folder / 'paperboy.db'}") as store:
            await action(store)

    asyncio.run(act())


def failure(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command that must fail tells."""
    assert main([*arguments]) == 1
    told = capsys.readouterr().err
    assert "Traceback" not in told
    return told


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
    assert "✓ sources: huggingface, arxiv (failed: arxiv.org cannot be reached)" in capsys.readouterr().out


def test_a_search_for_words_that_say_nothing_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "the", "of", "--data-dir", str(folder)]) == 0
    assert "these words are too common" in capsys.readouterr().out


def test_commands_are_listed_by_what_they_are_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    assert all(f"─ {name} ─" in told for name in ("Find and read", "Get papers", "Run the bot", "Check and measure"))


def test_a_database_is_named_by_its_path_with_what_to_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sqlite3.connect(tmp_path / "paperboy.db").execute("CREATE TABLE x (y)").connection.close()
    told = failure(capsys, "status", "--data-dir", str(tmp_path))
    assert "sqlite" not in told
    assert f"{tmp_path}/paperboy.db is not up to date" in told
    assert f"paperboy --data-dir {tmp_path} migrate" in told


def test_doctor_fails_when_nothing_is_there_or_nothing_is_indexed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "--data-dir", str(folder / "nowhere")]) == 1
    assert "✗ migrations: the tables are version none" in capsys.readouterr().out
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


def record(number: int, title: str) -> str:
    return json.dumps({"id": f"2601.9{number:04}", "title": title, "abstract": "About kumquats."}) + "\n"


def test_names_of_files_are_printed_as_they_are(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = tmp_path / ("long-" * 40 + "a[red]b\x1b[31m.jsonl")
    odd.write_text(record(1, "Kumquats and their kin") + "{}\n")
    assert main(["import", str(odd), "--data-dir", str(folder)]) == 0
    told = capsys.readouterr().err
    assert "-a[red]b[31m.jsonl: 1 new" in told
    assert "-a[red]b[31m.jsonl:2: " in told
    assert "\x1b" not in told


def test_a_file_that_is_not_there_does_not_keep_the_others_out(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = tmp_path / "good.jsonl"
    good.write_text(record(2, "Kumquats reconsidered"))
    assert main(["import", str(tmp_path / "missing.jsonl"), str(tmp_path), str(good), "--data-dir", str(folder)]) == 1
    told = capsys.readouterr().err
    assert "failed: missing.jsonl: No such file or directory" in told
    assert "good.jsonl: 1 new" in told
    assert "indexed 1 paper\n" in told
    assert main(["search", "kumquats", "--json", "--data-dir", str(folder)]) == 0
    assert "Kumquats reconsidered" in capsys.readouterr().out


def test_an_import_beside_another_writer_keeps_its_papers_for_later(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = tmp_path / "good.jsonl"
    good.write_text(record(3, "Kumquats once more"))
    where = ["--data-dir", str(folder)]
    with DiskIndex.open(folder / "index", StaticEncoder.load()).writer():
        told = failure(capsys, "import", str(good), *where)
    assert "good.jsonl: 1 new" in told
    assert "Another process is writing the index" in told
    assert "`paperboy index` will add them" in told
    assert main(["index", *where]) == 0
    assert found(capsys, "kumquats", "--json", *where) == ["Kumquats once more"]


@pytest.mark.parametrize("moment", ["0001-01-01", "9999-12-31T23:59:59-12:00"])
def test_moments_out_of_reach_are_refused(folder: Path, capsys: pytest.CaptureFixture[str], moment: str) -> None:
    for command in (["trending"], ["digest", "preview"]):
        told = failure(capsys, *command, "--as-of", moment, "--data-dir", str(folder))
        assert "use a year from 1900 to 2199" in told
    assert "out of range" in failure(capsys, "sync", "--since", "0001-01-01", "--data-dir", str(folder))


def test_the_preview_is_what_the_editor_would_post(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = ["digest", "preview", "--as-of", "2026-01-19T23:00", "--count", "3", "--data-dir", str(folder)]
    assert main([*told, "--json"]) == 0
    preview = json.loads(capsys.readouterr().out)
    assert preview["date"] == "2026-01-19"
    assert len(preview["results"]) == 3
    assert all(paper["reasons"] for paper in preview["results"])
    assert main(told) == 0
    shown = capsys.readouterr().out
    assert "Trending papers · Monday, 19 Jan 2026" in shown
    assert all(paper["title"] in shown for paper in preview["results"])
    assert main(["digest", "preview", "--as-of", "2026-03-01", "--data-dir", str(folder)]) == 0
    assert "No new papers" in capsys.readouterr().out


def test_a_data_folder_that_is_none_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    taken = tmp_path / "taken"
    taken.write_text("x")
    assert failure(capsys, "migrate", "--data-dir", str(taken)) == f"{taken}: File exists\n"
    assert "No papers in" in failure(capsys, "status", "--data-dir", str(taken))
    assert "/proc/nope" in failure(capsys, "migrate", "--data-dir", "/proc/nope")


@pytest.fixture
def judged(tmp_path: Path) -> Path:
    """A small set with known answers."""
    there = tmp_path / "set"
    (there / "qrels").mkdir(parents=True)
    (there / "qrels" / "test.tsv").write_text("query\tdocument\tscore\nq1\td1\t1\n")
    (there / "queries.jsonl").write_text('{"_id": "q1", "text": "kumquats"}\n')
    with lzma.open(there / "corpus.jsonl.xz", "wt") as corpus:
        corpus.write('{"_id": "d1", "title": "Kumquats", "text": "All about kumquats."}\n')
    return there


def test_a_set_is_measured(judged: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ranking = tmp_path / "ranking.trec"
    assert main(["eval", "search", str(judged), "--run", str(ranking)]) == 0
    assert json.loads(capsys.readouterr().out)["ndcg@10"] == 1.0
    assert ranking.read_text().startswith("q1 Q0 d1 1 ")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("queries.jsonl", b'{"_id": "q1", \n', "queries.jsonl:1: not JSON"),
        ("queries.jsonl", b'{"_id": "q1"}\n', "queries.jsonl:1: no text."),
        ("queries.jsonl", b"[]\n", "queries.jsonl:1: no object."),
        ("queries.jsonl", b"\xff\xfe\n", "queries.jsonl is damaged"),
        ("corpus.jsonl.xz", b"not xz", "corpus.jsonl.xz is damaged"),
        ("qrels/test.tsv", b"query\tdocument\tscore\nq1 d1 1\n", "test.tsv:2: not query, document and score"),
    ],
)
def test_a_broken_set_is_told_with_its_place(
    judged: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, told: str
) -> None:
    (judged / name).write_bytes(content)
    assert told in failure(capsys, "eval", "search", str(judged))


def test_what_a_set_asks_for_in_vain_is_counted_and_told(judged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (judged / "qrels" / "test.tsv").write_text("query\tdocument\tscore\nq1\td1\t1\nq1\tnone\t1\nq2\td1\t1\n")
    (judged / "queries.jsonl").write_text('{"_id": "q1", "text": "kumquats"}\n{"_id": "q2", "text": "???"}\n')
    assert main(["eval", "search", str(judged)]) == 0
    told = capsys.readouterr()
    measured = json.loads(told.out)
    assert (measured["queries"], measured["absent"]) == (2, 1)
    assert measured["recall@20"] == 0.25
    assert "Feedback papers not in the corpus, counted as not found: 1." in told.err
    assert "Queries that found nothing: 1." in told.err


def test_a_set_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert failure(capsys, "eval", "search", str(tmp_path / "no")) == f"There is no folder {tmp_path / 'no'}.\n"


def test_where_the_ranking_goes_is_checked_before_it_is_computed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # There is no set either: that would be told if it were read first.
    for kind in ("search", "similar", "recommend", "trending"):
        told = failure(capsys, "eval", kind, str(tmp_path / "no"), "--run", str(tmp_path / "nowhere" / "file"))
        assert "to write file to" in told
    assert "is a folder" in failure(capsys, "eval", "search", str(tmp_path / "no"), "--run", str(tmp_path))


def test_a_wrong_setting_is_told_by_its_variable(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERBOY_LOG_LEVEL", "loud")
    assert failure(capsys, "status").startswith("PAPERBOY_LOG_LEVEL: ")


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    name, number = capsys.readouterr().out.split()
    assert name == "paperboy"
    assert number[0].isdigit()


@pytest.mark.parametrize(
    ("typed", "options", "words"),
    [
        ("graph -survey", "", "graph -survey"),
        ("-networks graph", "", "-networks graph"),
        ("graph -n 3 -survey --json", "-n 3 --json", "graph -survey"),
        ("-n3 --data-dir x graph", "-n3 --data-dir x", "graph"),
        ("--limit=3 -hidden graph", "--limit=3", "-hidden graph"),
        ("graph -- -h --json", "", "graph -h --json"),
        ("graph --limt 3", "--limt", "graph 3"),
        ("graph -n", "-n", "graph"),
    ],
)
def test_dashed_words_are_told_from_options(typed: str, options: str, words: str) -> None:
    takes_value = {"-n": True, "--limit": True, "--data-dir": True, "--json": False, "-h": False, "--help": False}
    assert _options_and_words(typed.split(), takes_value) == (options.split(), words.split())


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main(["search", *arguments]) == 0
    return [each["title"] for each in json.loads(capsys.readouterr().out)["results"]]


def test_a_dashed_word_reaches_the_query(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--data-dir", str(folder), "--json"]
    every = found(capsys, "agents", "-n", "100", *where)
    without = found(capsys, *where, "-n", "100", "agents", "-memory")
    assert without
    assert any("memory" in title.lower() for title in every)
    assert not any("memory" in title.lower() for title in without)
    assert len(found(capsys, "-n", "3", "agents", "-networks", *where)) == 3
    assert main(["search", "agents", "--limt", "3"]) == 2


def test_an_unknown_platform_fails_with_json_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for more in ([], ["--json"]):
        told = failure(capsys, "digest", "preview", "--platform", "nope", *more, "--data-dir", str(folder))
        assert "There is no platform nope" in told


def test_a_paper_is_shown_from_its_title_on(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", PAPER, "--json", "--data-dir", str(folder)]) == 0
    paper = json.loads(capsys.readouterr().out)
    assert main(["show", PAPER, "--data-dir", str(folder)]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(paper["title"])
    assert paper["url"] in shown
    assert shown.index(paper["authors"][0]) < shown.index(paper["abstract"][:40])


def test_windows_are_told_in_words(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for window, told in {"day": "Trending today", "week": "Trending this week", "month": "Trending this month"}.items():
        assert main(["trending", "--window", window, "--data-dir", str(folder), "--as-of", "2026-01-19T23:00:00"]) == 0
        assert capsys.readouterr().out.startswith(f"{told}\n")
    assert main(["trending", "--data-dir", str(folder), "--as-of", "2020-01-01"]) == 0
    assert "in the last day." in capsys.readouterr().out


def test_similar_names_what_it_was_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def titled(store: SqlStore) -> None:
        paper = Paper(id=PaperId("2601.99999"), title="Kumquats", abstract="Kumquats.")
        await store.save_batch("test", Batch(papers=(paper,)), now=datetime(2026, 1, 19, tzinfo=UTC))

    in_store(folder, titled)
    assert main(["similar", PAPER, "2601.99999", "--data-dir", str(folder)]) == 0
    assert capsys.readouterr().out.startswith("Similar to Your Group-Relative Advantage Is Biased, Kumquats\n")


@pytest.mark.parametrize("terminal", [True, False])
def test_log_lines_have_colours_in_a_terminal_alone(terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: terminal)
    monkeypatch.setattr(sys, "stderr", screen)
    configure_logging(Settings())
    structlog.get_logger().warning("source failed", error="said \x9b31mno")
    assert "source failed" in screen.getvalue()
    assert ("\x1b" in screen.getvalue()) is terminal
    assert "\x9b" not in screen.getvalue()


@pytest.mark.parametrize("form", ["console", "json"])
def test_what_libraries_log_is_written_like_our_own_lines(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    for _ in range(2):
        configure_logging(Settings(log_format=form, log_level="info"))
    logging.getLogger("discord.gateway").warning("Shard ID %s said %s", 3, "\x1bno")
    logging.getLogger("aiosqlite").debug("executing")
    [line] = screen.getvalue().splitlines()
    assert "\x1b" not in line
    if form == "json":
        told = json.loads(line)
        assert (told["event"], told["level"]) == ("Shard ID 3 said \x1bno", "warning")
        assert told["timestamp"].endswith("Z")


def test_an_index_of_another_database_is_not_used(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "paperboy.db").unlink()
    other = tmp_path / "other.jsonl"
    other.write_text('{"id": "2601.00001", "title": "A paper that the index has never heard of"}\n')
    assert main(["--data-dir", str(folder), "import", str(other)]) == 1
    assert "paperboy index --rebuild" in capsys.readouterr().err
    assert main(["--data-dir", str(folder), "index", "--rebuild"]) == 0
    assert main(["--data-dir", str(folder), "import", str(other)]) == 0
    assert main(["--data-dir", str(folder), "search", "never heard of", "--json"]) == 0
    assert [row["id"] for row in json.loads(capsys.readouterr().out)["results"]] == ["2601.00001"]


@pytest.mark.parametrize("arguments", [("search", "agents"), ("similar", PAPER), ("recommend", "--saved", PAPER)])
def test_papers_that_nobody_indexed_are_no_empty_answer(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    shutil.rmtree(folder / "index")
    assert "run `paperboy index`" in failure(capsys, "--data-dir", str(folder), *arguments)
    assert main(["--data-dir", str(folder), "index"]) == 0
    assert main(["--data-dir", str(folder), *arguments]) == 0


def test_the_index_of_a_database_before_it_was_restored_is_not_used(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backup = shutil.copy(folder / "paperboy.db", tmp_path)
    for name in ("first", "second"):
        more = tmp_path / f"{name}.jsonl"
        lines = [json.dumps({"id": f"{name}:{n}", "title": f"Paper {n} of the {name} file"}) for n in range(20)]
        more.write_text("\n".join(lines))
        assert main(["--data-dir", str(folder), "import", str(more)]) == (0 if name == "first" else 1)
        for path in folder.glob("paperboy.db*"):
            path.unlink()
        shutil.copy(backup, folder / "paperboy.db")
    assert main(["--data-dir", str(folder), "search", "papers"]) == 1
    assert "paperboy index --rebuild" in capsys.readouterr().err


def test_what_an_extra_brings_is_named_when_it_is_missing(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "discord", None)
    for module in [name for name in sys.modules if name.startswith("adapters.discord")]:
        monkeypatch.delitem(sys.modules, module)
    assert main(["--data-dir", str(folder), "doctor"]) == 0
    assert main(["sync-commands", "--dry-run"]) == 1
    assert "pip install 'paperboy-bot[discord]'" in capsys.readouterr().err


def test_what_several_extras_bring_is_got_by_any_of_them() -> None:
    error = ModuleNotFoundError("No module named 'aiohttp'", name="aiohttp")
    assert missing_extra(error) == "This needs aiohttp: pip install 'paperboy-bot[discord,slack,email]'."


def test_the_demo_leaves_the_database_of_the_settings_alone(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (folder / "paperboy.db").read_bytes()
    monkeypatch.setenv("PAPERBOY_DATABASE_URL", f"sqlite:///{folder / 'paperboy.db'}")
    monkeypatch.setenv("PAPERBOY_ENCODER", "one/to-download")
    assert main(["demo"]) == 0
    assert "Saved papers" in capsys.readouterr().out
    assert (folder / "paperboy.db").read_bytes() == before


def test_a_slip_in_a_files_name_makes_no_database(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data-dir", str(tmp_path / "new"), "import", str(tmp_path / "nosuch.jsonl")]) == 1
    assert "No such file" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_every_bad_record_is_named_where_no_person_watches(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text("nonsense\n" * 30)
    main(["--data-dir", str(folder), "import", str(bad)])
    told = capsys.readouterr().err
    assert all(f"bad.jsonl:{number}:" in told for number in range(1, 31))


def test_in_a_terminal_some_are_named_and_how_to_see_all(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    bad = tmp_path / "bad.jsonl"
    bad.write_text("nonsense\n" * 30)
    main(["--data-dir", str(folder), "import", str(bad)])
    told = capsys.readouterr().err
    assert "bad.jsonl:20:" in told
    assert "bad.jsonl:21:" not in told
    assert "… and 10 more bad records (--all-bad names them)" in told


@pytest.mark.parametrize("platform", ["discord", "slack"])
def test_the_post_is_previewed_as_a_platform_is_sent_it(
    folder: Path, capsys: pytest.CaptureFixture[str], platform: str
) -> None:
    as_of = "2026-01-19T23:00Z"
    assert main(["--data-dir", str(folder), "digest", "preview", "--as-of", as_of, "--platform", platform]) == 0
    sent = json.dumps(json.loads(capsys.readouterr().out))
    assert PAPER in sent
    assert "Trending papers" in sent
