"""The `paperboy` application: its groups, the options all commands share, and how errors are told."""

import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache, wraps
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, ParamSpec

import typer
from pydantic import ValidationError
from rich.console import Console
from typer.main import get_command, get_command_name

from bot.cli.command_group import CommandGroup
from bot.cli.output import print_line
from bot.config import Settings
from bot.errors import IndexUnusableError, SourceError, StoreError, UserError
from bot.runtime.private_files import private_files
from bot.runtime.time_zones import use_newer

P = ParamSpec("P")

app = typer.Typer(
    name="paperboy",
    cls=CommandGroup,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)

READING = "Find and read"
PAPERS = "Get papers"
BOT = "Run the bot"
MEASURING = "Check and measure"
"""Under which the help lists commands, in the order in which their modules are imported."""

_MODULES = (
    "search",
    "plot",
    "zotero",
    "papers",
    "demo",
    "init",
    "run",
    "systemd",
    "backup",
    "discord",
    "slack",
    "email",
    "mcp",
    "health",
    "evaluate",
)

DataDir = Annotated[
    Path | None,
    typer.Option(
        "--data-dir",
        metavar="DIR",
        help="Where the database and index live (default ./data, or PAPERBOY_DATA_DIR).",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
Limit = Annotated[int, typer.Option("-n", "--limit", metavar="N", min=1, max=1000, help="How many papers.")]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="ISO", help="Answer as of this moment (ISO 8601; UTC unless a zone is given)."),
]


_EXTRAS = {
    "discord,slack,email": {"aiohttp", "jinja2", "prometheus_client"},
    "email": {"email_validator"},
    "eval": {"scipy", "sklearn"},
}
"""Extras -> the modules that come with them; those of one platform alone are told by the platform."""

_YEARS = range(1900, 2200)
"""Years a moment may be in: every window before it and every time zone fits into the calendar."""

_data_dir: ContextVar[Path | None] = ContextVar("data_dir", default=None)


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"paperboy {version('paperboy-bot')}")  # noqa: T201
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
]


@app.callback()
def options(data_dir: DataDir = None, _version: Version = False) -> None:
    """Research papers, delivered to the chat a group already lives in."""
    use_newer()
    _data_dir.set(data_dir)


def named_data_dir(data_dir: Path | None) -> Path | None:
    """The data directory that was named, after the command or before it; None where none was."""
    return data_dir or _data_dir.get()


def settings(data_dir: Path | None) -> Settings:
    """The settings; a data directory named before or after the command takes precedence. Raises UserError."""
    chosen = named_data_dir(data_dir)
    try:
        return Settings(data_dir=chosen) if chosen else Settings()
    except UnicodeDecodeError as error:
        raise UserError(f".env is not written in UTF-8: byte {error.start + 1} cannot be read.") from None


def logging_settings(data_dir: Path | None) -> Settings:
    """The settings, for a command that logs: lines are written from now on as they say."""
    from bot.runtime.logs import configure_logging

    loaded = settings(data_dir)
    configure_logging(loaded)
    return loaded


def moment(as_of: str | None) -> datetime | None:
    """The moment an `--as-of` names, in UTC; None when it was not given. Raises UserError when it is not one."""
    if as_of is None:
        return None
    try:
        parsed = datetime.fromisoformat(as_of)
    except ValueError:
        raise UserError(f"`{as_of}` is not a date or time; write 2026-01-31 or 2026-01-31T15:00:00+01:00.") from None
    require_plausible(parsed.year, as_of)
    return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def require_plausible(year: int, typed: str) -> None:
    """Raises UserError for a year in which there can be no papers."""
    if year not in _YEARS:
        raise UserError(f"`{typed}` is out of range; use a year from {_YEARS[0]} to {_YEARS[-1]}.")


def waits(command: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Let a coroutine function be a command."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(command(*args, **kwargs))

    return wrapped


def main(arguments: list[str] | None = None) -> int:
    """Run a command line; returns the exit status. Mistakes are told on standard error, without a traceback."""
    import_commands(sys.argv[1:] if arguments is None else arguments)
    try:
        with private_files():
            _built(frozenset(_registered()))(arguments, prog_name="paperboy")
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 1
    except ValidationError as error:
        return _fail(
            *(f"{_setting(each['loc'])}: {each['msg'].removeprefix('Value error, ')}" for each in error.errors())
        )
    except (UserError, SourceError, StoreError, IndexUnusableError) as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(os_reason(error))
    except ModuleNotFoundError as error:
        return _fail(missing_extra(error))
    return 0


def import_commands(arguments: Sequence[str]) -> None:
    """Import modules, which register their commands, until one brings what is asked for; else all, as for the help."""
    asked = _asked_for(arguments)
    for module in _MODULES:
        import_module(f"bot.cli.{module}")
        if asked in _registered():
            return


def _registered() -> set[str]:
    """The names of the commands and groups there are so far."""
    commands = [(each.name, each.callback) for each in app.registered_commands]
    names = [name or get_command_name(function.__name__) for name, function in commands if function]
    return {*names, *(group.name for group in app.registered_groups if group.name)}


@cache
def _built(_names: frozenset[str]) -> Callable[..., None]:
    """What typer makes of the commands of these names, which are all that are registered so far."""
    return get_command(app)


def _asked_for(arguments: Iterable[str]) -> str | None:
    """The command among arguments: the first that is no option of the application's."""
    left = iter(arguments)
    for argument in left:
        if argument == "--data-dir":
            next(left, None)
        elif not argument.startswith("-"):
            return argument
    return None


def missing_extra(error: ModuleNotFoundError) -> str:
    """What to install for a module that is not here. Raises the error again when no extra brings it."""
    module = (error.name or "").partition(".")[0]
    extras = next((names for names, modules in _EXTRAS.items() if module in modules), None)
    if extras is None:
        raise error
    return f"This needs {module}: pip install 'paperboy-bot[{extras}]'."


def _setting(location: tuple[int | str, ...]) -> str:
    """The variable that a setting is read from."""
    name = str(location[0])
    field = Settings.model_fields.get(name)
    # One with a name of its own is told by it already.
    return f"PAPERBOY_{name.upper()}" if field and not field.validation_alias else name


def os_reason(error: OSError) -> str:
    """`path: reason`, as far as the system tells them."""
    return ": ".join(str(part) for part in (error.filename, error.strerror or error) if part is not None)


def _fail(*reasons: str) -> int:
    for reason in reasons:
        print_line(reason, Console(stderr=True), "red")
    return 1
