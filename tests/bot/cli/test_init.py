"""`paperboy init` in scripts, and at a terminal."""

import os
import pty
import re
import select
import signal
import stat
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.databases import Postgres

REPOSITORY = Path(__file__).parents[3]
PATIENCE = 60
COLOURS = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def test_a_script_sets_up_the_papers_and_keeps_what_stands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    env = tmp_path / ".env"
    env.write_text("# mine\nUNKNOWN=1\nPAPERBOY_SOURCES=arxiv,feeds\n")
    arguments = ["init", "--yes", "--no-sync", "--field", "robotics", "--set", "PAPERBOY_CONTACT=me@example.org"]
    assert main(["--data-dir", "papers", *arguments]) == 0
    written = env.read_text()
    assert written == (
        "# mine\nUNKNOWN=1\nPAPERBOY_SOURCES=huggingface,arxiv,feeds\nPAPERBOY_DATA_DIR=papers\n"
        "PAPERBOY_CONTACT=me@example.org\nPAPERBOY_ARXIV_CATEGORIES=cs.RO\n"
    )
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    assert (tmp_path / "papers" / "paperboy.db").exists()
    assert "✓ migrations: version" in capsys.readouterr().out
    assert main(["init", "--yes", "--no-sync"]) == 0
    assert env.read_text() == written
    assert "✓ .env stays as it is." in capsys.readouterr().out


def test_where_the_database_is_on_a_server_the_folder_is_not_called_its_place(
    postgres: Postgres, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", "--yes", "--no-sync", "--set", f"PAPERBOY_DATABASE_URL={postgres.empty()}"]) == 0
    assert "The database is ready on its server." in capsys.readouterr().out
    assert not (tmp_path / "data" / "paperboy.db").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["--platform", "discord"], 2, "--discord-token"),
        (["--platform", "slack", "--slack-bot-token", "xapp-1"], 1, "SLACK_BOT_TOKEN begins with xoxb-"),
        (["--platform", "irc"], 1, "There is no platform irc"),
        (["--field", "knitting"], 1, "There is no field “knitting”"),
        (["--set", "PAPERBOY_COLOR=red"], 1, "There is no setting PAPERBOY_COLOR"),
        (["--set", "red"], 1, "--set takes NAME=VALUE"),
        (["--smtp-security", "ssl"], 1, "PAPERBOY_SMTP_SECURITY"),
    ],
)
def test_a_script_is_told_in_a_sentence_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], status: int, told: str
) -> None:
    assert main(["init", "--yes", "--no-sync", *arguments]) == status
    printed = capsys.readouterr()
    assert told in printed.out + printed.err
    assert "Traceback" not in printed.err
    assert not (tmp_path / ".env").exists()


def test_nobody_at_the_keyboard_is_not_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert main(["init"]) == 2
    assert "with --yes" in capsys.readouterr().err


WITHOUT_LIBRARIES = """
import sys
from pathlib import Path

for name in ("slack_sdk", "slack_bolt", "discord", "aiosmtplib", "aiohttp", "jinja2"):
    sys.modules[name] = None

from rich.console import Console

from bot.cli.first_setup.terminal import Terminal
from bot.cli.init import FirstSetup, Given

typed = ["slack", "none", "", ""]
assert FirstSetup(Terminal(Console(), lambda _: typed.pop(0)), Path(".env"), {}, Given(sync=False)).run()
"""


def test_without_the_libraries_of_a_platform_it_says_what_to_install_and_goes_on(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), "COLUMNS": "200", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_LIBRARIES],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "1 Discord     2 Slack     3 E-mail" in done.stdout
    assert "✗ This needs slack_sdk: pip install 'paperboy-bot[slack]'." in done.stdout
    assert "`paperboy chat` talks to it in the terminal." in done.stdout


class Keyboard:
    """Somebody at a real terminal of the process."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self.screen = ""
        self._ahead = ""

    def until(self, words: str) -> None:
        """Read on until the words are on the screen, after those that were waited for before."""
        while words not in self._ahead:
            assert self._reads(within=PATIENCE), self.screen
        self._ahead = self._ahead.partition(words)[2]

    def interrupt(self, words: str) -> None:
        """Press Ctrl-C until the words are on the screen.

        A signal that comes just before Python begins to read is noticed at the next key, so somebody presses again.
        """
        for _ in range(PATIENCE):
            self.type("\x03")
            while self._reads(within=1):
                if words in self._ahead:
                    return
        raise AssertionError(self.screen)

    def _reads(self, *, within: float) -> bool:
        """Whether something came on the screen within so many seconds."""
        ready, _, _ = select.select([self._terminal], [], [], within)
        if ready:
            read = os.read(self._terminal, 4096).decode(errors="replace")
            self.screen += read
            self._ahead = COLOURS.sub("", self._ahead + read)
        return bool(ready)

    def type(self, words: str) -> None:
        os.write(self._terminal, words.encode())


@contextmanager
def at_a_terminal(folder: Path) -> Iterator[tuple[Keyboard, subprocess.Popen[bytes]]]:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (50, 100))
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), "TERM": "xterm", "LANG": "C.UTF-8"}
    process = subprocess.Popen(
        # Whatever runs the tests in the background may have told its children not to heed Ctrl-C.
        ["setsid", "--ctty", "env", "--default-signal=INT", sys.executable, "-m", "bot", "init"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=folder,
        env=environment,
    )
    os.close(theirs)
    try:
        yield Keyboard(ours), process
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def test_what_is_typed_as_a_token_is_not_shown_and_an_interruption_leaves_the_file_whole(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# mine\nPAPERBOY_LOG_LEVEL=info\n")
    with at_a_terminal(tmp_path) as (somebody, process):
        somebody.until("Platforms, by number or name")
        somebody.type("slack\n")
        somebody.until("Client ID")
        somebody.type("\n")
        somebody.until("Bot token")
        somebody.until("hidden] › ")
        somebody.type("s3cret-of-ours\n")
        somebody.until("begins with xoxb-")
        somebody.until("unchecked] › ")
        somebody.interrupt("Stopped.")
        assert process.wait(PATIENCE) == 128 + signal.SIGINT
    assert "s3cret" not in somebody.screen
    assert "Where are your people?" in somebody.screen
    assert (tmp_path / ".env").read_text() == "# mine\nPAPERBOY_LOG_LEVEL=info\n"
    assert [path.name for path in tmp_path.iterdir()] == [".env"]
