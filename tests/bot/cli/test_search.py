"""Commands that answer from what is there."""

import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli import main
from bot.cli.search import _options_and_words
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.ports import Batch
from storage.sql.store import SqlStore
from tests.support.command_line import failure, found, in_store
from tests.support.lookup.address import answering
from tests.support.lookup.bodies import TITLE, atom, openalex

PAPER = "2601.08521"


def test_a_search_for_words_that_say_nothing_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "the", "of", "--data-dir", str(folder)]) == 0
    assert "these words are too common" in capsys.readouterr().out


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
    assert "from the last day." in capsys.readouterr().out


def test_trending_takes_a_window_and_a_topic_as_in_chat(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = ["--data-dir", str(folder), "--as-of", "2026-01-19T23:00:00"]
    assert main(["trending", "week", *at]) == 0
    assert capsys.readouterr().out.startswith("Trending this week\n")
    assert main(["trending", "robot", "learning", "this", "month", *at]) == 0
    assert capsys.readouterr().out.startswith("Trending this month about robot learning\n")
    assert main(["trending", "kumquats", *at]) == 0
    assert "No paper about kumquats is from the last day." in capsys.readouterr().out


def test_an_empty_library_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "none.jsonl").write_text("")
    main(["import", str(tmp_path / "none.jsonl"), "--data-dir", str(tmp_path / "empty")])
    capsys.readouterr()
    assert main(["search", "robot", "--data-dir", str(tmp_path / "empty")]) == 0
    assert "There are no papers here yet; `paperboy sync` fetches today's." in capsys.readouterr().out


def test_similar_names_what_it_was_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def titled(store: SqlStore) -> None:
        paper = Paper(id=PaperId("2601.99999"), title="Kumquats", abstract="Kumquats.")
        await store.save_batch("test", Batch(papers=(paper,)), now=datetime(2026, 1, 19, tzinfo=UTC))

    in_store(folder, titled)
    assert main(["similar", PAPER, "2601.99999", "--data-dir", str(folder)]) == 0
    assert capsys.readouterr().out.startswith("Similar to Your Group-Relative Advantage Is Biased, Kumquats\n")


@pytest.mark.parametrize("arguments", [("search", "agents"), ("similar", PAPER), ("recommend", "--saved", PAPER)])
def test_papers_that_nobody_indexed_are_no_empty_answer(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    shutil.rmtree(folder / "index")
    assert "run `paperboy index`" in failure(capsys, "--data-dir", str(folder), *arguments)
    assert main(["--data-dir", str(folder), "index"]) == 0
    assert main(["--data-dir", str(folder), *arguments]) == 0


@pytest.mark.parametrize("platform", ["discord", "slack"])
def test_the_post_is_previewed_as_a_platform_is_sent_it(
    folder: Path, capsys: pytest.CaptureFixture[str], platform: str
) -> None:
    as_of = "2026-01-19T23:00Z"
    assert main(["--data-dir", str(folder), "digest", "preview", "--as-of", as_of, "--platform", platform]) == 0
    sent = json.dumps(json.loads(capsys.readouterr().out))
    assert PAPER in sent
    assert "Trending papers" in sent


@pytest.fixture
def arxiv(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """arXiv has one paper, and is the only service that is asked."""
    for proxy in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(proxy, raising=False)
        monkeypatch.delenv(proxy.upper(), raising=False)
    with answering({"/arxiv": atom("2601.90001")}) as address:
        monkeypatch.setenv("PAPERBOY_LOOKUP", "arxiv")
        monkeypatch.setenv("PAPERBOY_ARXIV_API_URL", f"{address}/arxiv")
        yield


@pytest.mark.usefixtures("arxiv")
@pytest.mark.parametrize("command", ["show", "similar", "search", "recommend --saved"])
def test_a_paper_that_is_not_here_is_fetched(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("PAPERBOY_LOOKUP", "arxiv")
    arguments = [*command.split(), "https://arxiv.org/abs/2601.90001v2", "--data-dir", str(folder)]
    assert main(arguments) == 0
    assert main(["show", "2601.90001", "--json", "--data-dir", str(folder)]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["title"] == TITLE
    assert TITLE in found(capsys, "invented cells", "--json", "--data-dir", str(folder))


@pytest.mark.usefixtures("arxiv")
def test_who_waits_for_a_paper_is_told_so_and_then_answered(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERBOY_LOOKUP", "arxiv")
    monkeypatch.setenv("PAPERBOY_LOOKUP_SECONDS", "0.000001")
    assert main(["show", "2601.90001", "--data-dir", str(folder)]) == 0
    told = capsys.readouterr()
    assert told.err.strip() == "2601.90001 is not here yet; it is being fetched from arXiv."
    assert TITLE in told.out


def test_what_is_not_here_is_searched_where_it_is(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering({"/arxiv": atom("2601.90001"), "/openalex/works": openalex({})}) as address:
        monkeypatch.setenv("PAPERBOY_ARXIV_API_URL", f"{address}/arxiv")
        monkeypatch.setenv("PAPERBOY_OPENALEX_API_URL", f"{address}/openalex")
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert main(["search", "zebrafish larvae optogenetics", "--data-dir", str(folder)]) == 0
        assert "--remote searches arXiv and OpenAlex" in capsys.readouterr().err
        assert main(["search", "--remote", "zebrafish", "--json", "--data-dir", str(folder)]) == 0
        [row] = json.loads(capsys.readouterr().out)["results"]
        assert (row["title"], row["reasons"]) == (TITLE, ["not in the library until you save it"])
    monkeypatch.setenv("PAPERBOY_SEARCH_SERVICES", "off")
    assert "is switched off" in failure(capsys, "search", "--remote", "zebrafish", "--data-dir", str(folder))


_NOBODY = 65_534


@contextmanager
def as_somebody_who_may_only_read(folder: Path) -> Iterator[None]:
    """Nobody may write to a folder; the superuser, who always may, is somebody else for a while."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    is_superuser = os.geteuid() == 0
    if is_superuser:
        os.seteuid(_NOBODY)
    try:
        yield
    finally:
        if is_superuser:
            os.seteuid(0)
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)


def test_a_folder_that_can_only_be_read_can_still_be_searched(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with tempfile.TemporaryDirectory() as elsewhere:  # pytest's own is its owner's alone
        Path(elsewhere).chmod(0o755)
        monkeypatch.chdir(elsewhere)
        copy = shutil.copytree(folder, Path(elsewhere) / "shared data")
        arguments = ["robot manipulation", "--json", "--data-dir", str(copy)]
        expected = found(capsys, *arguments)
        before = sorted(path.name for path in copy.rglob("*"))
        with as_somebody_who_may_only_read(copy):
            assert found(capsys, *arguments) == expected
            assert main(["show", PAPER, "--data-dir", str(copy)]) == 0
            assert main(["trending", "--as-of", "2026-01-19T23:00", "--data-dir", str(copy)]) == 0
            assert "Permission denied" in failure(capsys, "index", "--rebuild", "--data-dir", str(copy))
        assert sorted(path.name for path in copy.rglob("*")) == before
        monkeypatch.chdir(tmp_path)


def test_what_is_kept_is_its_owners_alone(folder: Path, tmp_path: Path) -> None:
    (folder / "paperboy.db").chmod(0o644)
    (tmp_path / "one.jsonl").write_text('{"id": "2601.99990", "title": "One more paper on robots"}\n')
    for data in (folder, tmp_path / "new"):
        assert main(["import", str(tmp_path / "one.jsonl"), "--data-dir", str(data)]) == 0
        assert stat.S_IMODE((data / "paperboy.db").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    for path in (tmp_path / "new").rglob("*"):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_a_search_for_one_paper_that_is_found_is_not_said_to_find_little(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["search", "diffusion", "-n", "1", "--data-dir", str(folder)]) == 0
    assert capsys.readouterr().err == ""
    assert main(["search", "diffusion", "author:nobodyatall", "--data-dir", str(folder)]) == 0
    told = capsys.readouterr()
    assert "leave out a filter" in told.out + told.err
    assert "Little here" not in told.err


def test_only_papers_with_the_words_that_were_typed_are_suggested(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Did you mean" not in failure(capsys, "show", "nosuchpaper", "--data-dir", str(folder))
    assert "Did you mean" in failure(capsys, "show", "optical flow prediction", "--data-dir", str(folder))
