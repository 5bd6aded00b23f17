"""XML of strangers: what is too much of it is refused before it is held."""

import tracemalloc
from collections.abc import Iterator
from io import BytesIO

import pytest

from adapters.sources.bounded_xml import DEEPEST, MOST_IN_RECORD, XML_ERRORS, BoundsError, document, records

MEGABYTE = 1_000_000
AT_ONCE = 16_000
"""Bytes: a tag that comes in shorter parts is read again and again by the parser."""


class Endless:
    """A beginning, then the same again and again, as far as it is read."""

    def __init__(self, begin: bytes, piece: bytes, most: int) -> None:
        self._parts = self._all(begin, piece, most)

    @staticmethod
    def _all(begin: bytes, piece: bytes, most: int) -> Iterator[bytes]:
        yield begin
        pieces = max(1, AT_ONCE // len(piece))
        for _ in range(most // (len(piece) * pieces)):
            yield piece * pieces

    def read(self, _size: int = -1) -> bytes:
        return next(self._parts, b"")


def test_records_are_built_and_the_rest_is_passed_over() -> None:
    body = b"<all><x><r><a>1</a></r></x><y/><r><a>2</a><r>inner</r></r></all>"
    assert ["".join(found.itertext()) for found in records(BytesIO(body), "r")] == ["1", "2inner"]
    assert [found.tag for found in document(body)] == ["x", "y", "r"]


def test_what_came_before_a_break_stands() -> None:
    found = records(BytesIO(b"<all><r>1</r><r>2</r>" + b" " * 100_000 + b"</wrong>"), "r")
    assert [next(found).text, next(found).text] == ["1", "2"]
    with pytest.raises(XML_ERRORS):
        next(found)


@pytest.mark.parametrize("body", [b"", b"<a>", b'<?xml version="1.0" encoding="x-none"?><a/>', b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'])  # fmt: skip  # noqa: E501
def test_what_is_no_xml_raises_what_is_known(body: bytes) -> None:
    with pytest.raises(XML_ERRORS):
        document(body)
    with pytest.raises(XML_ERRORS):
        list(records(BytesIO(body), "a"))


@pytest.mark.parametrize(
    ("begin", "piece"),
    [
        (b"<all>", b"<x><y/></x>"),
        (b"<all>", b"text "),
        (b"<all>", b"<r><a>1</a></r>"),
    ],
)
def test_a_long_document_is_read_in_little_memory(begin: bytes, piece: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(XML_ERRORS):
            # Half as long again as what may be held, and no longer: under tracemalloc a megabyte takes seconds.
            for _ in records(Endless(begin, piece, 600_000), "r"):
                pass
        assert tracemalloc.get_traced_memory()[1] < 400_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("begin", "piece", "reason"),
    [
        (b"<all><r>", b"<y/>", "too many elements"),
        (b"<all><r>", b"text ", "a record that is too long"),
        (b"<all>", b"<x>", f"more than {DEEPEST} elements within each other"),
        (b"<all><x ", b"a", "a tag that is too long"),
        (b"<all><r>", b"<y a='" + b"b" * 1_000 + b"'/>", "a record that is too long"),
    ],
)
def test_what_breaks_a_bound_is_refused(begin: bytes, piece: bytes, reason: str) -> None:
    stream = Endless(begin, piece, 30 * MEGABYTE)
    with pytest.raises(BoundsError, match=reason):
        list(records(stream, "r"))
    assert stream.read(), "all of it was read"


def test_a_whole_document_has_bounds_too() -> None:
    with pytest.raises(BoundsError, match="within each other"):
        document(b"<x>" * (DEEPEST + 1))
    with pytest.raises(BoundsError, match="too many elements"):
        document(b"<all>" + b"<y/>" * 1_000_001 + b"</all>")


def test_a_paper_of_three_thousand_authors_is_within_bounds() -> None:
    record = b"<r>" + b"<author><name>Ann Bee</name><of>Lab</of></author>" * 3_000 + b"</r>"
    [found] = records(BytesIO(b"<all>" + record + b"</all>"), "r")
    assert len(found) == 3_000 < MOST_IN_RECORD
