"""What a command loads to start."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import main

SEARCH = """
import sys
from bot.cli import main
code = main(["search", "--data-dir", sys.argv[1], "diffusion"])
print(*sorted(sys.modules), file=sys.stderr)
sys.exit(code)
"""


def test_a_search_loads_nothing_of_what_only_the_running_bot_needs(folder: Path) -> None:
    done = subprocess.run([sys.executable, "-c", SEARCH, str(folder)], check=True, capture_output=True, text=True)
    assert "1. " in done.stdout
    loaded = set(done.stderr.split())
    assert {"bot.cli.search", "sqlalchemy"} <= loaded
    assert not loaded & {
        "sqlalchemy.orm",
        "structlog",
        "bot.chat.dispatch",
        "bot.delivery.deliverer",
        "bot.cli.run",
        "numpy.ma",
    }


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
