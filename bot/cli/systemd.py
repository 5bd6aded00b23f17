"""`paperboy systemd`: a unit by which systemd runs the bot."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.app import BOT, app
from bot.errors import UserError

_UNIT = """\
# Made by `paperboy systemd`, for /etc/systemd/system/{name}.service; README.md says what else to do.
[Unit]
Description=Paperboy{part}, research papers in the group's chat
Wants=network-online.target
After=network-online.target postgresql.service
StartLimitIntervalSec=0

[Service]
Type=notify
User={user}
# Settings are read from .env there; the database and the index are in its folder data.
WorkingDirectory=/var/lib/paperboy
StateDirectory=paperboy
StateDirectoryMode=0700
# Secrets that the service's user should not be able to change can stand here; they take precedence over .env.
EnvironmentFile=-/etc/paperboy/env
ExecStartPre={program} migrate
ExecStart={program} run{only}
# The event loop says three times a minute that it is alive. Asked to stop, it ends within ten seconds.
WatchdogSec=60
TimeoutStopSec=20
KillMode=mixed
Restart=on-failure
RestartSec=10

UMask=0077
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
PrivateDevices=yes
PrivateTmp=yes
PrivateUsers=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHome=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProcSubset=pid
ProtectSystem=strict
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
"""


@app.command(rich_help_panel=BOT)
def systemd(
    user: Annotated[str, typer.Option(metavar="NAME", help="The user that the service runs as.")] = "paperboy",
    only: Annotated[
        str | None, typer.Option(metavar="PART", help="Run only this part, as `paperboy run --only` does.")
    ] = None,
) -> None:
    """Print a unit for systemd, by which the bot runs as a service, locked in.

    It runs this installation with the settings of /var/lib/paperboy/.env and keeps its data there. systemd hears when
    the bot is ready, and starts it again when it fails or its event loop is held up for a minute.
    """
    sys.stdout.write(unit(program(), user=user, only=only))


def unit(program: Path, *, user: str, only: str | None) -> str:
    """The unit that runs a program, perhaps only a part of it, as a user."""
    return _UNIT.format(
        program=program,
        user=user,
        name=f"paperboy-{only}" if only else "paperboy",
        part=f" ({only})" if only else "",
        only=f" --only {only}" if only else "",
    )


def program() -> Path:
    """Where this `paperboy` is. Raises UserError where a service could not run it."""
    path = Path(sys.executable).parent / "paperboy"
    if not path.exists():
        raise UserError(f"There is no {path}; install Paperboy with pip: README.md says how.")
    if path.is_relative_to("/home") or path.is_relative_to("/root"):
        raise UserError(
            f"{path} is in a home folder, where a service does not reach it. Install Paperboy elsewhere: "
            "`python3 -m venv /opt/paperboy` and `/opt/paperboy/bin/pip install 'paperboy-bot[discord,slack,email]'`."
        )
    return path
