"""The command line in-process: what it prints, and how ordinary mistakes are told."""

import sqlite3
import sys
from pathlib import Path

import pytest

from bot.cli import main
from bot.cli.app import missing_extra
from tests.support.command_line import failure


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


def test_a_data_folder_that_is_none_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    taken = tmp_path / "taken"
    taken.write_text("x")
    assert failure(capsys, "migrate", "--data-dir", str(taken)) == f"{taken}: File exists\n"
    assert "No papers in" in failure(capsys, "status", "--data-dir", str(taken))
    assert "/proc/nope" in failure(capsys, "migrate", "--data-dir", "/proc/nope")


def test_a_wrong_setting_is_told_by_its_variable(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERBOY_LOG_LEVEL", "loud")
    assert failure(capsys, "status").startswith("PAPERBOY_LOG_LEVEL: ")


def test_settings_in_no_utf_8_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".env").write_bytes(b"PAPERBOY_CONTACT=caf\xe9\n")
    monkeypatch.chdir(tmp_path)
    assert ".env is not written in UTF-8: byte 21" in failure(capsys, "status")


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    name, number = capsys.readouterr().out.split()
    assert name == "paperboy"
    assert number[0].isdigit()


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
