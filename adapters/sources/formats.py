"""The formats of paper files: which one a file has, and its records with the places where they stand."""

import json
import re
from collections import deque
from collections.abc import Iterator
from enum import StrEnum
from pathlib import PurePath
from typing import IO

from pydantic_core import from_json

from adapters.sources.arxiv_xml import XmlError, iterate_atom
from adapters.sources.bibtex import read_bibtex
from adapters.sources.daily_papers import flatten
from adapters.sources.records import Entry, RecordError
from bot.errors import SourceError

Located = Iterator[tuple[str, Entry]]
"""Records and where in the file each stands: `17` (a line) or `entry 3`."""

_Lines = deque[tuple[int, str]]

LONGEST_LINE = 1_000_000
"""Bytes; a longer line is no paper."""

_LARGEST_DOCUMENT = 64_000_000
"""Bytes of a file that has to be read as a whole."""

_BOM = b"\xef\xbb\xbf"
_BIBTEX = re.compile(rb"^\s*@\w+\s*[{(]", re.MULTILINE)
_PAGE_HEADER = "Get trending papers"
_PAGE_BUTTON = "Subscribe"
_LONGEST_TITLE = 300
_SHORT_FOR_AN_ABSTRACT = 200


class Format(StrEnum):
    """What a file of papers can be."""

    JSON_LINES = "JSON Lines"
    JSON = "JSON"
    ATOM = "arXiv Atom"
    BIBTEX = "BibTeX"
    TRENDING_PAGE = "text of a trending-papers page"


def recognize(name: str, stream: IO[bytes]) -> Format:
    """The format of a file from its name (without .gz or .xz) and what it begins with. Raises SourceError."""
    suffix = PurePath(name).suffix.lower()
    head = stream.readline(LONGEST_LINE).removeprefix(_BOM)
    if suffix in {".jsonl", ".ndjson"}:
        return Format.JSON_LINES
    if suffix == ".bib":
        return Format.BIBTEX
    head = (head + stream.read(4096)).lstrip()
    if found := _by_content(head):
        return found
    if not head:
        raise SourceError(f"{name}: empty file")
    raise SourceError(f"{name}: none of the formats that can be imported ({', '.join(Format)})")


def _by_content(head: bytes) -> Format | None:
    if head.startswith(b"{"):
        return Format.JSON_LINES if isinstance(_parse_json(head.partition(b"\n")[0]), dict) else Format.JSON
    if head.startswith(b"["):
        return Format.JSON
    if head.startswith(b"<") and b"<feed" in head:
        return Format.ATOM
    if head.startswith((_PAGE_HEADER.encode(), _PAGE_BUTTON.encode())):
        return Format.TRENDING_PAGE
    return Format.BIBTEX if _BIBTEX.search(head) else None


def read_records(kind: Format, name: str, stream: IO[bytes]) -> Located:
    """The records of a file, read as they are asked for.

    Raises SourceError where the file cannot be read any further; what came before stands.
    """
    match kind:
        case Format.JSON_LINES:
            return read_json_lines(stream)
        case Format.JSON:
            return read_json(name, _whole(name, stream))
        case Format.ATOM:
            return _read_atom(name, stream)
        case Format.BIBTEX:
            return _read_bibtex(name, _decode(name, _whole(name, stream)))
        case Format.TRENDING_PAGE:
            return read_trending_page(_decode(name, _whole(name, stream)))


def read_json_lines(stream: IO[bytes]) -> Located:
    """One JSON object a line; blank lines are passed over."""
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            _skip_line(stream)
            yield str(number), RecordError(f"longer than {LONGEST_LINE:,} bytes")
            continue
        if number == 1:
            line = line.removeprefix(_BOM)
        if not line.isspace():
            yield str(number), _json_object(line)


def _skip_line(stream: IO[bytes]) -> None:
    while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass


def _json_object(line: bytes) -> Entry:
    parsed = _parse_json(line)
    if isinstance(parsed, RecordError):
        return parsed
    return flatten(parsed)


def _parse_json(line: bytes) -> object:
    """The value of a line, or the RecordError that says why it has none.

    Python's own parser is slower but forgives control characters inside strings and says more about an error.
    """
    try:
        return from_json(line)
    except ValueError:
        pass
    try:
        return json.loads(line.strip(), strict=False)
    except json.JSONDecodeError as error:
        return RecordError(
            f"not JSON: {error.msg.removesuffix(' delimiter').removesuffix(' at')} at column {error.colno}"
        )
    except UnicodeDecodeError as error:
        return RecordError(f"not UTF-8: byte 0x{error.object[error.start]:02x} at column {error.start + 1}")
    except (ValueError, RecursionError) as error:
        return RecordError(f"not JSON: {error}")


def read_json(name: str, body: bytes) -> Located:
    """A JSON array of records, such as a body of Hugging Face's API, or a single record."""
    parsed = _parse_json(body.removeprefix(_BOM))
    if isinstance(parsed, RecordError):
        raise SourceError(f"{name}: {parsed}")
    items = parsed if isinstance(parsed, list) else [parsed]
    return ((f"entry {number}", flatten(item)) for number, item in enumerate(items, 1))


def _read_atom(name: str, stream: IO[bytes]) -> Located:
    try:
        for number, entry in enumerate(iterate_atom(stream), 1):
            yield f"entry {number}", entry
    except XmlError as error:
        raise SourceError(f"{name}: {error}") from None


def _read_bibtex(name: str, bibliography: str) -> Located:
    try:
        yield from read_bibtex(bibliography)
    except RecordError as error:
        raise SourceError(f"{name}: {error}") from None


def read_trending_page(page: str) -> Located:
    """A trending-papers page as a person copies it: header lines, then title and abstract on alternating lines.

    The page's `Subscribe` button may be glued to the first title. A title or an abstract that has lost its other half
    is reported, and the lines after it are paired anew.
    """
    lines = _page_lines(page)
    while lines:
        number, title = lines.popleft()
        if len(title) > _LONGEST_TITLE:
            yield str(number), RecordError("an abstract without its title")
        elif not lines or _is_title(lines):
            yield str(number), RecordError("a title without its abstract")
        else:
            yield str(number), {"title": title, "abstract": lines.popleft()[1]}


def _page_lines(page: str) -> _Lines:
    numbered = [(number, line.strip()) for number, line in enumerate(page.split("\n"), 1)]
    lines = deque((number, line) for number, line in numbered if line and not line.startswith(_PAGE_HEADER))
    if lines and lines[0][1].startswith(_PAGE_BUTTON):
        number, line = lines.popleft()
        if title := line.removeprefix(_PAGE_BUTTON).strip():
            lines.appendleft((number, title))
    return lines


def _is_title(lines: _Lines) -> bool:
    """Whether the first line is another title: it is short and what follows it can only be an abstract."""
    return len(lines) > 1 and len(lines[0][1]) < _SHORT_FOR_AN_ABSTRACT and len(lines[1][1]) > _LONGEST_TITLE


def _whole(name: str, stream: IO[bytes]) -> bytes:
    body = stream.read(_LARGEST_DOCUMENT + 1)
    if len(body) > _LARGEST_DOCUMENT:
        raise SourceError(f"{name}: larger than {_LARGEST_DOCUMENT // 1_000_000} MB; use JSON Lines for so many papers")
    return body


def _decode(name: str, body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise SourceError(f"{name}: not UTF-8: byte 0x{body[error.start]:02x} on line {line}") from None
