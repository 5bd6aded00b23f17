"""The unit that `paperboy systemd` prints is one that systemd takes, and it locks the bot in."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import main
from bot.cli.systemd import unit
from bot.runtime.service_manager import ServiceManager
from tests.support.command_line import failure

WORST_EXPOSURE = 2.0
"""What `systemd-analyze security` may say at most, of ten; it calls 2.0 OK, and 9.6 is a service without any lock."""


@pytest.fixture
def analyze() -> str:
    found = shutil.which("systemd-analyze")
    if not found:
        pytest.skip("systemd-analyze is not here (apt-get install systemd)")
    return found


@pytest.fixture(params=[None, "worker"])
def written(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A unit as a file, of a program that is there."""
    program = tmp_path / "paperboy"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    file = tmp_path / "paperboy.service"
    file.write_text(unit(program, user="root", only=request.param), encoding="utf-8")
    return file


def test_systemd_finds_nothing_to_say_about_the_unit(analyze: str, written: Path) -> None:
    done = subprocess.run([analyze, "verify", "--man=no", str(written)], capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if str(written.parent) in line]
    assert (done.returncode, ours) == (0, [])


def test_the_service_is_locked_in(analyze: str, written: Path) -> None:
    options = ["security", "--offline=yes", "--json=short", "--no-pager", f"--threshold={int(WORST_EXPOSURE * 10)}"]
    done = subprocess.run([analyze, *options, str(written)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert {each["name"] for each in json.loads(done.stdout)} > {"ProtectSystem=", "NoNewPrivileges="}


def test_it_runs_this_installation_and_tells_where_its_settings_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "paperboy").touch()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert main(["systemd", "--user", "ana", "--only", "discord"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {
        f"ExecStart={tmp_path}/paperboy run --only discord",
        f"ExecStartPre={tmp_path}/paperboy migrate",
        "User=ana",
        "Type=notify",
        "WorkingDirectory=/var/lib/paperboy",
        "StateDirectory=paperboy",
    } <= set(lines)


def test_signs_of_life_come_in_time_for_the_watchdog_of_the_unit() -> None:
    [seconds] = [
        line.removeprefix("WatchdogSec=")
        for line in unit(Path("/p"), user="u", only=None).splitlines()
        if line.startswith("WatchdogSec=")
    ]
    manager = ServiceManager.of({"WATCHDOG_USEC": f"{seconds}000000"})
    assert manager.beat.total_seconds() == 20


def test_a_program_that_a_service_cannot_reach_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert "There is no" in failure(capsys, "systemd")
    monkeypatch.setattr(sys, "executable", "/home/ana/python")
    monkeypatch.setattr(Path, "exists", lambda _self: True)
    assert "/opt/paperboy/bin/pip install" in failure(capsys, "systemd")
