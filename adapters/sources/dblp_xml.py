"""The XML of DBLP's dump -> flat records."""

import re
from collections.abc import Iterator
from html.entities import name2codepoint
from typing import TYPE_CHECKING

from adapters.sources import fields
from adapters.sources.bounded_xml import XML_ERRORS, Readable, records
from adapters.sources.csl import arxiv_of_link
from adapters.sources.records import Entry
from bot.domain.papers import PaperKind
from bot.errors import SourceError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_KINDS = {"article": PaperKind.ARTICLE, "inproceedings": PaperKind.CONFERENCE, "incollection": None}
"""The elements that are papers, and how they were published."""

_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,30});")
_LONGEST_ENTITY = 32
_OF_XML = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})
_HOMONYM = re.compile(r"\s\d{4}$")
"""What tells people of one name apart: `Xiaopeng Zhang 0009`."""

_REPOSITORY = "CoRR"
"""What it calls arXiv."""


def read_dblp(name: str, stream: Readable) -> Iterator[tuple[str, Entry]]:
    """The papers of a file called `name`, a few in memory at a time. Raises SourceError where it breaks off."""
    try:
        for number, element in enumerate(records(_WithoutEntities(stream), *_KINDS), 1):
            yield f"entry {number}", _entry(element)
    except XML_ERRORS as error:
        raise SourceError(f"{name}: not XML: {error}") from None


class _WithoutEntities:
    """A stream whose letters by name (`&ouml;`), which DBLP's DTD declares, are numbers that every parser knows."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._rest = b""

    def read(self, size: int, /) -> bytes:
        chunk = self._rest + self._stream.read(size)
        # An entity may go on with the next piece.
        cut = chunk.rfind(b"&", max(0, len(chunk) - _LONGEST_ENTITY))
        whole = len(chunk) if cut < 0 or b";" in chunk[cut:] or len(chunk) == len(self._rest) else cut
        self._rest = chunk[whole:]
        return _ENTITY.sub(_numbered, chunk[:whole]) or (self.read(size) if self._rest else b"")


def _numbered(match: re.Match[bytes]) -> bytes:
    code = None if match[1] in _OF_XML else name2codepoint.get(match[1].decode())
    return match[0] if code is None else f"&#{code};".encode()


def _entry(element: "Element") -> Entry:
    links = [_text(each) for each in element.findall("ee")]
    is_preprint = _find(element, "journal") == _REPOSITORY
    record: dict[str, object] = {
        "id": next(filter(None, map(arxiv_of_link, links)), None),
        "link": next(iter(links), None),
        "title": _find(element, "title").removesuffix("."),
        "authors": [_HOMONYM.sub("", _text(each)) for each in element.findall("author")],
        "published": _find(element, "year"),
        "kind": PaperKind.PREPRINT if is_preprint else _KINDS[element.tag],
    }
    if not is_preprint:
        record["venue"] = _find(element, "journal") or _find(element, "booktitle")
        record |= {"volume": _find(element, "volume"), "issue": _find(element, "number")}
        record["pages"] = _find(element, "pages")
    return {key: value for key, value in record.items() if value not in (None, "", [])}


def _text(element: "Element") -> str:
    """All text of an element: titles have `<i>` and `<sub>` inside."""
    return fields.text("".join(element.itertext()))


def _find(element: "Element", path: str) -> str:
    found = element.find(path)
    return _text(found) if found is not None else ""
