"""Papers in: import, index, migrate."""

import json
import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from bot.cli import main
from bot.engine.encoder import StaticEncoder
from storage.index.disk_index import DiskIndex
from storage.sql.store import SqlStore
from tests.support import minilm
from tests.support.command_line import failure, found, in_store


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


def test_a_file_in_an_encoding_nobody_knows_does_not_keep_the_others_out(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd, good = tmp_path / "odd.xml", tmp_path / "good.jsonl"
    odd.write_text('<?xml version="1.0" encoding="utf-99"?><feed xmlns="http://www.w3.org/2005/Atom"/>')
    good.write_text(record(4, "Kumquats decoded"))
    assert main(["import", str(odd), str(good), "--data-dir", str(folder)]) == 1
    told = capsys.readouterr().err
    assert "failed: odd.xml: not XML: " in told
    assert "good.jsonl: 1 new" in told
    assert "indexed 1 paper\n" in told


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


def test_an_interrupted_rebuild_is_gone_on_with(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--data-dir", str(folder)]

    async def interrupt(store: SqlStore) -> None:
        with suppress(KeyboardInterrupt), DiskIndex.rebuild(folder / "index", StaticEncoder.load()) as writer:
            writer.add(await store.papers_after(0, 50))
            writer.commit()
            raise KeyboardInterrupt

    in_store(folder, interrupt)
    before = found(capsys, "robot", "--json", *where)
    assert main(["doctor", *where]) == 0
    assert (
        "✓ index: 200 papers, up to date; a rebuild has come to 50 papers: `paperboy index --rebuild` goes on with it"
        in capsys.readouterr().out
    )
    assert main(["index", "--rebuild", *where]) == 0
    told = capsys.readouterr().err
    assert "Going on with the rebuild that was interrupted: 50 of 200 papers are done." in told
    assert "indexed 200 papers" in told
    assert found(capsys, "robot", "--json", *where) == before
    assert main(["doctor", *where]) == 0
    assert "✓ index: 200 papers, up to date\n" in capsys.readouterr().out


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


def test_a_transformer_reads_all_papers_and_goes_on_where_it_was(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for needed in ("onnx", "onnxruntime", "tokenizers"):
        pytest.importorskip(needed, reason="the extra `minilm` is not installed")
    minilm.install(tmp_path, monkeypatch)
    monkeypatch.setenv("PAPERBOY_ENCODER", "minilm")
    where = ["--data-dir", str(folder)]
    assert main(["status", *where]) == 0
    assert "0 of them read by minilm-0.0.1" in capsys.readouterr().out
    assert main(["index", *where]) == 0
    assert "200 papers read by minilm-0.0.1\n" in capsys.readouterr().err
    (tmp_path / "new.jsonl").write_text(record(5, "Kumquats read again"))
    assert main(["import", str(tmp_path / "new.jsonl"), *where]) == 0
    assert main(["index", *where]) == 0
    assert "201 papers read by minilm-0.0.1\n" in capsys.readouterr().err
    assert main(["status", *where]) == 0
    assert "201 of them read by minilm-0.0.1" in capsys.readouterr().out
    assert "Kumquats read again" in found(capsys, "kumquats", "--json", *where)
