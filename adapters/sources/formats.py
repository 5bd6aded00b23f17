"""The formats of paper files: which one a file has, and its records with the places where they stand."""

import io
import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from itertools import islice
from pathlib import PurePath
from typing import IO

from pydantic_core import from_json

from adapters.sources import endnote_xml, tables, tagged
from adapters.sources.arxiv_xml import XmlError, iterate_atom, parse_oai, parse_rss
from adapters.sources.bibtex import read_bibtex
from adapters.sources.dblp_xml import read_dblp
from adapters.sources.pubmed_xml import PubmedError, read_articles
from adapters.sources.records import Entry, RecordError
from adapters.sources.services import flatten, records_in
from bot.domain.references import parse_paper_id
from bot.errors import SourceError

Located = Iterator[tuple[str, Entry]]
"""Records and where in the file each stands: `17` (a line) or `entry 3`."""

_Lines = deque[tuple[int, str]]

LONGEST_LINE = 1_000_000
"""Bytes; a longer line is no paper."""

_LARGEST_DOCUMENT = 64_000_000
"""Bytes of a file that has to be read as a whole."""

_MOST_CONTAINERS, _MOST_VALUES = 1_000_000, 4_000_000
"""Lists and objects, and values, of a JSON document."""

_MOST_LINES = 500_000
"""Lines of a copied page."""

_BOM = b"\xef\xbb\xbf"
_BIBTEX = re.compile(rb"^\s*@\w+\s*[{(]", re.MULTILINE)


class FileFormat(StrEnum):
    """What a file of papers can be."""

    JSON_LINES = "JSON Lines"
    JSON = "JSON"
    ATOM = "arXiv Atom"
    OAI = "arXiv OAI-PMH"
    RSS = "arXiv RSS"
    BIBTEX = "BibTeX"
    DBLP = "DBLP"
    RIS = "RIS"
    PUBMED = "PubMed"
    PUBMED_XML = "PubMed XML"
    ENDNOTE = "EndNote"
    ENDNOTE_XML = "EndNote XML"
    WEB_OF_SCIENCE = "Web of Science"
    TABLE = "CSV"
    TRENDING_PAGE = "text of a trending-papers page"


_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_XML_MARKS = (
    (b"<feed", FileFormat.ATOM),
    (b"<OAI-PMH", FileFormat.OAI),
    (b"<rss", FileFormat.RSS),
    (b"<records", FileFormat.ENDNOTE_XML),
    (b"<xml", FileFormat.ENDNOTE_XML),
    (b"<PubmedArticle", FileFormat.PUBMED_XML),
    (b"<PubmedBookArticle", FileFormat.PUBMED_XML),
    (b"<dblp", FileFormat.DBLP),
)
_TEXT_MARKS = (
    (_BIBTEX, FileFormat.BIBTEX),
    (re.compile(rb"^\s*(?:TY|ER)  ?-", re.MULTILINE), FileFormat.RIS),
    (re.compile(rb"^(?:PMID|OWN ) *- ", re.MULTILINE), FileFormat.PUBMED),
    (re.compile(rb"^%[0AT] \S", re.MULTILINE), FileFormat.ENDNOTE),
    (re.compile(rb"^(?:FN |PT [A-Z]\s*$)", re.MULTILINE), FileFormat.WEB_OF_SCIENCE),
)
_DECLARED = re.compile(rb"^%\s*encoding\s*[:=]\s*([\w-]+)", re.IGNORECASE | re.MULTILINE)
"""What JabRef writes at the beginning."""

_PAGE_HEADER = "Get trending papers"
_PAGE_BUTTON = "Subscribe"
_LONGEST_TITLE = 300
_SHORT_FOR_AN_ABSTRACT = 200


def recognize(name: str, stream: IO[bytes]) -> FileFormat:
    """The format of a file from its name (without .gz or .xz) and what it begins with. Raises SourceError."""
    suffix = PurePath(name).suffix.lower()
    head = stream.readline(LONGEST_LINE).removeprefix(_BOM)
    if suffix in {".jsonl", ".ndjson"}:
        return FileFormat.JSON_LINES
    if suffix in {".bib", ".bibtex", ".biblatex"}:
        return FileFormat.BIBTEX
    head = (head + stream.read(4096)).lstrip()
    if head.startswith(_UTF16):
        head = head[: len(head) // 2 * 2].decode("utf-16", "ignore").encode()
    if found := _by_content(head):
        return found
    if not head:
        raise SourceError(f"{name}: empty file")
    if _is_list_of_ids(head):
        raise SourceError(f"{name}: ids alone; a file needs the papers' titles too (`paperboy sync` brings arXiv's)")
    raise SourceError(f"{name}: none of the formats that can be imported ({', '.join(FileFormat)})")


def _by_content(head: bytes) -> FileFormat | None:
    if head.startswith(b"{"):
        return FileFormat.JSON_LINES if isinstance(_parse_json(head.partition(b"\n")[0]), dict) else FileFormat.JSON
    if head.startswith(b"["):
        return FileFormat.JSON
    if head.startswith(b"<"):
        return next((kind for mark, kind in _XML_MARKS if mark in head), None)
    if head.startswith((_PAGE_HEADER.encode(), _PAGE_BUTTON.encode())):
        return FileFormat.TRENDING_PAGE
    marked = (kind for mark, kind in _TEXT_MARKS if mark.search(head))
    start = head.decode("utf-8", "replace")
    return next(marked, None) or (FileFormat.TABLE if tables.is_table(start) else None)


def _is_list_of_ids(head: bytes) -> bool:
    lines = head.decode("utf-8", "replace").split("\n")[:-1] or [head.decode("utf-8", "replace")]
    return all(parse_paper_id(line) for line in lines if line.strip())


def read_records(kind: FileFormat, name: str, stream: IO[bytes]) -> Located:
    """The records of a file, read as they are asked for.

    Raises SourceError where the file cannot be read any further; what came before stands.
    """
    if kind in _STREAMED:
        return _STREAMED[kind](name, stream)
    match kind:
        case FileFormat.JSON_LINES:
            return read_json_lines(stream)
        case FileFormat.JSON:
            return read_json(name, _whole(name, stream))
        case FileFormat.OAI | FileFormat.RSS:
            return _read_xml(kind, name, _whole(name, stream))
        case _:
            return _TEXTS[kind](_decode(_whole(name, stream)))


def read_json_lines(stream: IO[bytes]) -> Located:
    """One JSON object a line; blank lines are passed over."""
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            _skip_line(stream)
            yield str(number), RecordError(f"longer than {LONGEST_LINE:,} bytes")
            continue
        if number == 1 and line.startswith(_UTF16):
            yield from read_json_lines(io.BytesIO(_in_utf8(line + stream.read())))
            return
        if number == 1:
            line = line.removeprefix(_BOM)
        if not line.isspace():
            yield from ((str(number), entry) for entry in _json_records(line))


def _skip_line(stream: IO[bytes]) -> None:
    while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
        pass


def _json_records(line: bytes) -> Iterable[Entry]:
    """The record of a line, or those in it: some programs write a whole answer of a service on one."""
    parsed = _parse_json(line)
    return (
        [parsed]
        if isinstance(parsed, RecordError)
        else records_in(parsed)
        if isinstance(parsed, dict)
        else [flatten(parsed)]
    )


def _in_utf8(body: bytes) -> bytes:
    return _decode(body).encode() if body.startswith(_UTF16) else body.removeprefix(_BOM)


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
    """A JSON array of records, such as a body of Hugging Face's API, an answer with one inside, or a single record."""
    parsed = _parse_json(_require_few_values(name, _in_utf8(body)))
    if isinstance(parsed, RecordError):
        raise SourceError(f"{name}: {parsed}")
    return ((f"entry {number}", entry) for number, entry in enumerate(records_in(parsed), 1))


def _require_few_values(name: str, body: bytes) -> bytes:
    """A JSON document, if its values take no more than some 200 MB: one of two bytes takes a hundred in memory."""
    if body.count(b"[") + body.count(b"{") > _MOST_CONTAINERS or body.count(b",") > _MOST_VALUES:
        raise SourceError(f"{name}: too many values for one JSON document; use JSON Lines for so many papers")
    return body


def _read_atom(name: str, stream: IO[bytes]) -> Located:
    try:
        for number, entry in enumerate(iterate_atom(stream), 1):
            yield f"entry {number}", entry
    except XmlError as error:
        raise SourceError(f"{name}: {error}") from None


def _read_xml(kind: FileFormat, name: str, body: bytes) -> Located:
    try:
        entries = parse_oai(body).entries if kind is FileFormat.OAI else [item.entry for item in parse_rss(body).items]
    except XmlError as error:
        raise SourceError(f"{name}: {error}") from None
    return ((f"entry {number}", entry) for number, entry in enumerate(entries, 1))


def _read_pubmed_xml(name: str, stream: IO[bytes]) -> Located:
    try:
        for number, entry in enumerate(read_articles(stream), 1):
            yield f"entry {number}", entry
    except PubmedError as error:
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
    numbered = ((number, line.strip()) for number, line in enumerate(io.StringIO(page), 1))
    texts = ((number, line) for number, line in numbered if line and not line.startswith(_PAGE_HEADER))
    lines = deque(islice(texts, _MOST_LINES))
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


def _decode(body: bytes) -> str:
    """A text in the encoding that it begins with, declares, or can be in: UTF-8, else that of old Windows programs."""
    if body.startswith(_UTF16):
        return body.decode("utf-16", "replace").lstrip("\ufeff")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    declared = _DECLARED.search(body[:2_000])
    name = declared[1].decode().lower().replace("iso8859_", "iso8859-") if declared else ""
    if name in {"", "ascii", "utf8", "utf-8", "iso8859-1", "iso-8859-1", "latin1", "latin-1"}:
        name = "cp1252"  # All of Latin-1's letters and the quotes and dashes that programs write all the same.
    try:
        return body.decode(name)
    except (UnicodeError, LookupError):
        return body.decode("latin-1")


_TEXTS: Mapping[FileFormat, Callable[[str], Located]] = {
    FileFormat.BIBTEX: read_bibtex,
    FileFormat.RIS: tagged.read_ris,
    FileFormat.PUBMED: tagged.read_pubmed,
    FileFormat.ENDNOTE: tagged.read_endnote,
    FileFormat.WEB_OF_SCIENCE: tagged.read_web_of_science,
    FileFormat.TABLE: tables.read_table,
    FileFormat.TRENDING_PAGE: read_trending_page,
}

_STREAMED: Mapping[FileFormat, Callable[[str, IO[bytes]], Located]] = {
    FileFormat.ATOM: _read_atom,
    FileFormat.ENDNOTE_XML: endnote_xml.read_endnote_xml,
    FileFormat.DBLP: read_dblp,
    FileFormat.PUBMED_XML: _read_pubmed_xml,
}
"""XML that is read record by record, however long it is."""
