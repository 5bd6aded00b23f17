"""The `paperboy` application: its groups, the options all commands share, and how errors are told."""

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, ParamSpec

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.text import Text

from bot.bootstrap import configure_logging
from bot.config import Settings
from bot.errors import IndexUnusableError, SourceError, StoreError, UserError

P = ParamSpec("P")

app = typer.Typer(
    name="paperboy",
    no_args_is_help=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="DIR",
        help="Where database and index live (default ./data, or PAPERBOY_DATA_DIR).",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Limit = Annotated[int, typer.Option("-n", "--limit", min=1, max=1000, help="How many papers.")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="ISO", help="Answer as of this moment (ISO 8601; UTC where no zone is named)."),
]


_data_dir: ContextVar[Path | None] = ContextVar("data_dir", default=None)


@app.callback()
def options(data_dir: DataDir = None) -> None:
    """Research papers, delivered to the chat a group already lives in."""
    _data_dir.set(data_dir)


def settings(data_dir: Path | None) -> Settings:
    """The settings; a data directory named before or after the command takes precedence."""
    chosen = data_dir or _data_dir.get()
    loaded = Settings(data_dir=chosen) if chosen else Settings()
    configure_logging(loaded)
    return loaded


def moment(as_of: str | None) -> datetime | None:
    """The moment an `--as-of` names, in UTC; None when it was not given. Raises UserError when it is not one."""
    if as_of is None:
        return None
    try:
        parsed = datetime.fromisoformat(as_of)
    except ValueError:
        raise UserError(f"`{as_of}` is not a moment; write 2026-01-31 or 2026-01-31T15:00:00+01:00.") from None
    return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def waits(command: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Let a coroutine function be a command."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(command(*args, **kwargs))

    return wrapped


def run(arguments: list[str] | None = None) -> int:
    """Run a command line; returns the exit status. Mistakes are told on standard error, without a traceback."""
    from bot.cli import demo, evaluate, health, papers, reading  # noqa: F401  (importing registers their commands)

    try:
        app(arguments, prog_name="paperboy")
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 1
    except ValidationError as error:
        return _fail("\n".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()))
    except (UserError, SourceError, StoreError, IndexUnusableError) as error:
        return _fail(str(error))
    return 0


def _fail(reason: str) -> int:
    Console(stderr=True).print(Text(reason, style="red"), soft_wrap=True)
    return 1
