"""XML of strangers, read within bounds: no entities, and no more elements, depth and text than papers can need.

defusedxml refuses what expands; these bounds are for what is large as it stands.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol
from xml.etree.ElementTree import TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_ELEMENTS = 1_000_000
"""Elements of a document that is read as a whole."""

MOST_IN_RECORD = 20_000
"""Elements of one record: an author may have five, and a paper three thousand authors."""

LONGEST_RECORD = 1_000_000
"""Characters of one record."""

DEEPEST = 100
_AT_ONCE = 1 << 16
_LONGEST_TOKEN = 1 << 21
"""Bytes that may hold no beginning, no end and no text of an element."""


class Readable(Protocol):
    """What can be read piece by piece."""

    def read(self, size: int, /) -> bytes:
        """The next bytes, at most so many; none at the end."""


class BoundsError(ValueError):
    """A document larger than what is read of one; its text says which bound it breaks."""


XML_ERRORS = (ParseError, DefusedXmlException, BoundsError, LookupError, ValueError)
"""What reading raises. An encoding that Python does not know is a LookupError, or a ValueError."""


class _Builder(TreeBuilder):
    """Builds an element of at most so many others and characters."""

    def __init__(self, elements: int, characters: int) -> None:
        super().__init__()
        self._elements = elements
        self._characters = characters
        self.depth = 0

    def start(self, tag: str, attrs: dict[str, str]) -> "Element":
        self._elements -= 1
        self.depth += 1
        self._count(sum(map(len, attrs.values())))
        if self._elements < 0:
            raise BoundsError("too many elements")
        if self.depth > DEEPEST:
            raise BoundsError(f"more than {DEEPEST} elements within each other")
        return super().start(tag, attrs)

    def end(self, tag: str) -> "Element":
        self.depth -= 1
        return super().end(tag)

    def data(self, text: str) -> None:
        self._count(len(text))
        super().data(text)

    def _count(self, characters: int) -> None:
        self._characters -= characters
        if self._characters < 0:
            raise BoundsError("a record that is too long")


class _Records:
    """Builds the elements of some names, each apart, and passes over everything else."""

    def __init__(self, tags: frozenset[str]) -> None:
        self._tags = tags
        self._depth = 0
        self._builder: _Builder | None = None
        self._whole: list[Element] = []
        self.events = 0

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        self.events += 1
        self._depth += 1
        if self._depth > DEEPEST:
            raise BoundsError(f"more than {DEEPEST} elements within each other")
        if self._builder is None and tag in self._tags:
            self._builder = _Builder(MOST_IN_RECORD, LONGEST_RECORD)
        if self._builder is not None:
            self._builder.start(tag, attrs)

    def end(self, tag: str) -> None:
        self.events += 1
        self._depth -= 1
        if self._builder is not None:
            self._builder.end(tag)
            if not self._builder.depth:
                self._whole.append(self._builder.close())
                self._builder = None

    def data(self, text: str) -> None:
        self.events += 1
        if self._builder is not None:
            self._builder.data(text)

    def close(self) -> None:
        """The parser asks for a result; there is none besides the records."""

    def take(self) -> "list[Element]":
        """The records that are whole, each once."""
        whole, self._whole = self._whole, []
        return whole


def document(body: bytes) -> "Element":
    """The root of a document that is read as a whole. Raises one of XML_ERRORS."""
    parser = DefusedXMLParser(target=_Builder(MOST_ELEMENTS, len(body)))
    parser.feed(body)
    root: Element = parser.close()
    return root


def records(stream: Readable, *tags: str) -> "Iterator[Element]":
    """The elements of some names in a document of any length, a few in memory at a time.

    Raises one of XML_ERRORS where the document breaks off or breaks a bound; what came before stands.
    """
    found = _Records(frozenset(tags))
    parser = DefusedXMLParser(target=found)
    silent, before = 0, 0
    while chunk := stream.read(_AT_ONCE):
        parser.feed(chunk)
        yield from found.take()
        silent, before = (silent + len(chunk) if found.events == before else 0), found.events
        if silent > _LONGEST_TOKEN:
            raise BoundsError("a tag that is too long")
    parser.close()
    yield from found.take()
