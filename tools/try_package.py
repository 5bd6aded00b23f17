"""Install the wheel and the sdist in empty environments, and use Paperboy there from another folder.

    python -m tools.try_package dist

The sdist has every extra, and runs until it is ready against a small Slack. The wheel is installed without extras,
which must be told in a sentence when they are needed, and then with each of them alone.
"""

import argparse
import asyncio
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from tests.support.databases import running_postgres
from tests.support.service import Service
from tests.support.slack.fake_slack import FakeSlack

NEEDED = {
    "bot/engine/weights/vectors.npy",
    "bot/sample/papers.jsonl",
    "bot/py.typed",
    "adapters/email/templates/mail.html",
    "storage/sql/migrations/versions/0001_papers.py",
    "storage/sql/migrations/script.py.mako",
}
"""Files besides the code that must be in the wheel, one of each kind."""
PACKAGES = {"bot", "adapters", "storage"}

SLACK = {"SLACK_BOT_TOKEN": "xoxb-T1", "SLACK_APP_TOKEN": "xapp-1"}
EXTRAS: Mapping[str, Mapping[str, str]] = {
    "discord": {"DISCORD_TOKEN": "invented"},
    "slack": SLACK,
    "email": {
        "PAPERBOY_MAIL_FROM": "Paperboy <papers@example.org>",
        "PAPERBOY_SMTP_HOST": "127.0.0.1",
        "PAPERBOY_PUBLIC_URL": "https://papers.example.org",
        "PAPERBOY_TOKEN_KEYS": "cGFwZXJib3kgdGVzdHMgaGF2ZSBhIGtleSBhcyB3ZWw=",
    },
    "postgres": {"PAPERBOY_DATABASE_URL": "postgresql://127.0.0.1:1/nowhere"},
}
"""Extras, and settings that need them."""
QUIET = {"PAPERBOY_SOURCES": ",", "PAPERBOY_LOOKUP": "off", "PAPERBOY_SEARCH_SERVICES": "off", "COLUMNS": "200"}
"""Settings with which nobody is asked for papers."""


class Installed:
    """An environment of its own with Paperboy, used from an empty folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "venv" / "bin"
        (folder / "elsewhere").mkdir(parents=True)

    def install(self, file: Path, extras: str = "") -> None:
        """Make the environment, with a file and its extras."""
        subprocess.run([sys.executable, "-m", "venv", str(self.folder / "venv")], check=True)
        wanted = f"{file.resolve()}[{extras}]" if extras else str(file.resolve())
        command = [str(self.bin / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wanted]
        inherited = {name: value for name, value in os.environ.items() if not _of_paperboy(name)}
        subprocess.run(command, check=True, cwd=self.folder, env=inherited, stderr=subprocess.DEVNULL)

    def paperboy(self, *arguments: str, fails: bool = False, **more: str) -> str:
        """What a command says; `fails` when it must fail. Raises AssertionError when it ends otherwise."""
        inherited = {name: value for name, value in os.environ.items() if not _of_paperboy(name)}
        done = subprocess.run(
            [self.bin / "paperboy", *arguments],
            cwd=self.folder / "elsewhere",
            env={**inherited, **QUIET, **more},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        said = done.stdout + done.stderr
        assert done.returncode == (1 if fails else 0), f"paperboy {' '.join(arguments)}: {said}"
        assert "Traceback" not in said, said
        return said


def _of_paperboy(name: str) -> bool:
    return name.startswith(("PAPERBOY_", "PYTHONPATH", "SLACK_", "DISCORD_"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dist", type=Path)
    dist: Path = parser.parse_args().dist
    [wheel], [sdist] = dist.glob("*.whl"), dist.glob("*.tar.gz")
    look_into(wheel)
    with tempfile.TemporaryDirectory(prefix="paperboy-") as temporary:
        folder = Path(temporary)
        try_all(Installed(folder / "sdist"), sdist)
        bare = Installed(folder / "bare")
        try_bare(bare, wheel)
        for extra in EXTRAS:
            try_extra(Installed(folder / extra), wheel, extra)


def look_into(wheel: Path) -> None:
    """Raises AssertionError unless the wheel has all it needs and nothing of the tests."""
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
    assert names >= NEEDED, NEEDED - names
    strangers = {name for name in names if name.partition("/")[0] not in PACKAGES and ".dist-info/" not in name}
    assert not strangers, strangers
    print(f"{wheel.name}: {len(names)} files, {wheel.stat().st_size / 1e6:.1f} MB")


def try_all(installed: Installed, sdist: Path) -> None:
    """The sdist with every extra: what a newcomer does first, and the bot itself until it is ready, and stopped."""
    installed.install(sdist, ",".join(EXTRAS))
    version = installed.paperboy("--version").strip()
    assert re.fullmatch(r"paperboy \d+\.\d+\.\d+\S*", version), version
    assert f"-{version.removeprefix('paperboy ')}." in sdist.name
    assert "vision-language-action" in installed.paperboy("demo")
    installed.paperboy("migrate")
    assert "✓" in installed.paperboy("doctor")
    unit = installed.paperboy("systemd")
    assert f"ExecStart={installed.bin}/paperboy run\n" in unit
    seconds = asyncio.run(_run(installed, SLACK))
    print(f"{sdist.name}: {version}, demo, doctor, run until ready, stopped within {seconds:.1f} s")


def try_bare(installed: Installed, wheel: Path) -> None:
    """The wheel without extras: it searches, and says what to install for more."""
    installed.install(wheel)
    assert "vision-language-action" in installed.paperboy("demo")
    installed.paperboy("migrate")
    for extra, needing in EXTRAS.items():
        said = installed.paperboy("run", fails=True, **needing).strip()
        assert re.fullmatch(rf"[A-Z][^.]+ needs? [^.:]+: pip install 'paperboy-bot\[{extra}\]'\.", said), said
        print(f"{wheel.name} without {extra}: {said}")


def try_extra(installed: Installed, wheel: Path, extra: str) -> None:
    """The wheel with one extra alone: what needs it works."""
    installed.install(wheel, extra)
    if extra == "postgres":
        with running_postgres() as server:
            url = server.empty()
            installed.paperboy("migrate", PAPERBOY_DATABASE_URL=url)
            installed.paperboy("status", PAPERBOY_DATABASE_URL=url)
    else:
        installed.paperboy("migrate")
        installed.paperboy("digest", "preview", "--platform", extra)
    if extra in {"slack", "email"}:
        asyncio.run(_run(installed, EXTRAS[extra]))
    print(f"{wheel.name} with {extra} alone works")


async def _run(installed: Installed, settings: Mapping[str, str]) -> float:
    """Run the bot until it is ready; returns how many seconds it then took to stop."""
    async with FakeSlack() as fake:
        environment = {**QUIET, **settings, "PAPERBOY_SLACK_API_URL": fake.url, "PAPERBOY_HTTP_PORT": "0"}
        command = [str(installed.bin / "paperboy"), "run"]
        async with Service(command, environment, installed.folder / "elsewhere") as service:
            await service.says("READY=1")
            return await service.stop()


if __name__ == "__main__":
    main()
