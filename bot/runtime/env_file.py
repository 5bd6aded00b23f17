"""The `.env` file: settings are changed in it one by one, and everything else in it stays as it stands."""

import io
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp

from dotenv import dotenv_values
from dotenv.parser import Binding, parse_stream

from bot.errors import UserError

_PLAIN = re.compile(r"[\w./:@+,=%~-]*", re.ASCII)
"""What a value may consist of to stand without quotes."""

_VALUE = re.compile(
    r"""(?P<before>\s*(?:export[^\S\r\n]+)?[^=\s]+[^\S\r\n]*(?:=[^\S\r\n]*)?)  # the name and its sign
    (?:'(?:\\'|[^'])*'|"(?:\\"|[^"])*"|[^\r\n]*?)                             # the value
    (?P<after>(?:[^\S\r\n]+\#[^\r\n]*)?[^\S\r\n]*)(?P<end>(?:\r\n|\n|\r)?)$   # a comment behind it
    """,
    re.VERBOSE,
)

_HEADER = "# Settings of Paperboy; .env.example in its repository documents each.\n"


def read_env(path: Path) -> dict[str, str]:
    """The settings in a `.env` file by name, none where there is no file. Raises UserError."""
    values = dotenv_values(stream=io.StringIO(_text(path)), interpolate=False)
    return {name: value for name, value in values.items() if value is not None}


def update_env(path: Path, changes: Mapping[str, str]) -> bool:
    """Set some settings in a `.env` file, which only its owner may read from then on; returns whether any changed.

    Comments, unknown lines and the order stay. The file is replaced at once: however this ends, it is the old or the
    new one, whole. Raises UserError when it is not in UTF-8, and OSError.
    """
    target = path.resolve()  # of a link, what it leads to is replaced
    known = read_env(target)
    wanted = {name: value for name, value in changes.items() if known.get(name, "") != value}
    if not wanted:
        with suppress(FileNotFoundError):
            target.chmod(0o600)
        return False
    _replace(target, changed(_text(target), wanted))
    return True


def changed(text: str, changes: Mapping[str, str]) -> str:
    """The text of a `.env` file with some settings set: in their lines where there are any, else at its end."""
    bindings = list(parse_stream(io.StringIO(text, newline="")))
    last = {each.key: number for number, each in enumerate(bindings) if each.key and not each.error}
    rows = {last[name]: value for name, value in changes.items() if name in last}
    made = "".join(
        _with_value(each, rows[number]) if number in rows else each.original.string
        for number, each in enumerate(bindings)
    )
    added = "".join(f"{name}={quoted(value)}\n" for name, value in changes.items() if name not in last)
    if not added:
        return made
    return (made or _HEADER) + ("" if not made or made.endswith("\n") else "\n") + added


def quoted(value: str) -> str:
    """A value as it stands in a `.env` file."""
    if _PLAIN.fullmatch(value):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _with_value(binding: Binding, value: str) -> str:
    match = _VALUE.match(binding.original.string)
    assert match, "every binding has a name"
    before = match["before"] if match["before"].rstrip(" \t").endswith("=") else f"{match['before'].rstrip()}="
    return f"{before}{quoted(value)}{match['after']}{match['end']}"


def _text(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not written in UTF-8: byte {error.start + 1} cannot be read.") from None


def _replace(path: Path, text: str) -> None:
    """Put a file in another's place, once all of it is on the disk."""
    descriptor, name = mkstemp(prefix=f"{path.name}.", dir=path.parent)  # for its owner alone
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
