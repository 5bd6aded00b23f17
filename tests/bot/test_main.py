"""What a command loads to start."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import main

COMMAND = """
import sys
from bot.cli import main
code = main(sys.argv[1:])
print(*sorted(sys.modules), file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("search diffusion", "1. "),
        ("similar 2601.03236", "1. "),
        ("trending week --as-of 2026-01-10", "1. "),
        ("recommend --saved 2601.03236", "1. "),
        ("show 2601.03236", "2601.03236"),
    ],
)
def test_finding_papers_loads_nothing_of_what_only_the_running_bot_needs(folder: Path, command: str, told: str) -> None:
    arguments = [sys.executable, "-c", COMMAND, "--data-dir", str(folder), *command.split()]
    done = subprocess.run(arguments, check=True, capture_output=True, text=True)
    assert told in done.stdout
    loaded = set(done.stderr.split())
    assert {"bot.cli.search", "sqlalchemy"} <= loaded
    assert not loaded & {
        "structlog",
        "tenacity",
        "bot.chat.dispatch",
        "bot.chat.reactions",
        "bot.delivery.deliverer",
        "bot.cli.run",
        "bot.domain.charts",
        "bot.domain.clubs",
        "bot.domain.deliveries",
        "bot.domain.destinations",
        "bot.domain.zotero",
        "bot.engine.personalize",
        "bot.library.following",
        "bot.library.readers",
        "bot.library.subscriptions",
        "bot.library.zotero",
        "bot.ports.store",
        "storage.sql.store",
        "storage.sql.tables.every",
        "sqlalchemy.orm",
    }
    assert not command.startswith("search") or "numpy.ma" not in loaded


def test_what_only_reads_the_database_loads_no_orm(folder: Path) -> None:
    arguments = [sys.executable, "-c", COMMAND, "--data-dir", str(folder), "status"]
    done = subprocess.run(arguments, check=True, capture_output=True, text=True)
    assert "papers" in done.stdout
    assert "sqlalchemy.orm" not in done.stderr.split()


def test_a_folder_called_like_a_command_is_no_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data-dir", str(folder.rename(folder.with_name("search"))), "status", "--json"]) == 0
    assert '"papers"' in capsys.readouterr().out


def test_the_help_tells_of_every_command_and_a_slip_of_the_right_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    told = capsys.readouterr().out
    assert all(f" {command} " in told for command in ("search", "digest", "sync", "run", "email", "doctor", "eval"))
    assert main(["serch"]) == 2
    assert "Did you mean 'search'?" in capsys.readouterr().err


def test_the_program_sets_what_must_be_set_before_libraries_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    code = "import os, sys; sys.argv[1:] = ['--version']\nimport bot.__main__ as run\n"
    code += "try: run.main()\nfinally: print(os.environ)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert "'OPENBLAS_NUM_THREADS': '1'" in done.stdout
    assert "'PYDANTIC_DISABLE_PLUGINS': '__all__'" in done.stdout
