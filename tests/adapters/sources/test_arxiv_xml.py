from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sources.arxiv_xml import XmlError, iterate_atom, parse_atom, parse_oai, parse_rss
from adapters.sources.records import RecordError
from tests.support.sources.world import Bodies, flat

BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><feed xmlns="http://www.w3.org/2005/Atom">&b;</feed>'


def test_an_atom_entry_is_read_without_its_version(bodies: type[Bodies]) -> None:
    feed = parse_atom(bodies.atom("2601.90001v3", "hep-th/9901001v1", total=40).encode())
    assert feed.total == 40
    assert [flat(entry)["id"] for entry in feed.entries] == ["2601.90001", "hep-th/9901001"]
    assert flat(feed.entries[0])["title"] == "Invented paper 2601.90001v3"
    assert flat(feed.entries[0])["abstract"] == "We invent 2601.90001v3."
    assert flat(feed.entries[0])["authors"] == ["Ada Example", "Bob Example"]
    assert flat(feed.entries[0])["categories"] == ["cs.LG", "stat.ML"]
    assert flat(feed.entries[0])["published"] == "2026-01-02T10:00:00Z"


def test_the_doi_of_the_journal_is_told_with_the_paper(bodies: type[Bodies]) -> None:
    doi = "<arxiv:doi xmlns:arxiv='http://arxiv.org/schemas/atom'>10.1/kumquats</arxiv:doi>"
    [entry] = parse_atom(bodies.atom("2601.90001").replace("</entry>", f"{doi}</entry>").encode()).entries
    assert flat(entry)["doi"] == "10.1/kumquats"
    harvested = bodies.oai(("2601.90001", "2026-01-05")).replace("<categories>", "<doi>10.1/kumquats</doi><categories>")
    [entry] = parse_oai(harvested.encode()).entries
    assert flat(entry)["doi"] == "10.1/kumquats"
    announced = bodies.rss(("2601.90001v1", "new")).replace(
        "<category>", "<arxiv:DOI>10.1/kumquats</arxiv:DOI><category>"
    )
    [item] = parse_rss(announced.encode()).items
    assert flat(item.entry)["doi"] == "10.1/kumquats"


def test_arxivs_own_error_entry_is_no_paper(bodies: type[Bodies]) -> None:
    feed = parse_atom(bodies.atom_error("incorrect id format for abc").encode())
    assert (feed.entries, feed.error) == ([], "incorrect id format for abc")


def test_an_entry_with_a_foreign_id_is_no_paper(bodies: type[Bodies]) -> None:
    body = bodies.atom("2601.90001").replace("http://arxiv.org/abs/2601.90001", "http://evil.example/abs/x").encode()
    [entry] = parse_atom(body).entries
    assert isinstance(entry, RecordError)
    assert str(entry) == "id: 'http://evil.example/abs/x' is not an arXiv id"


def test_a_long_feed_is_read_entry_by_entry(bodies: type[Bodies]) -> None:
    entries = iterate_atom(BytesIO(bodies.atom("2601.90001", "2601.90002").encode()))
    assert [flat(entry)["id"] for entry in entries] == ["2601.90001", "2601.90002"]


def test_a_feed_that_breaks_off_gives_what_came_before(bodies: type[Bodies]) -> None:
    body = bodies.atom("2601.90001", "2601.90002").encode()
    entries = iterate_atom(BytesIO(body[:-200]))
    assert flat(next(entries))["id"] == "2601.90001"
    with pytest.raises(XmlError, match="not XML"):
        next(entries)


@pytest.mark.parametrize("encoding", ["utf-99", "utf-7", "idna", "base64", "rot13", "undefined"])
def test_an_encoding_nobody_can_read_is_an_error_like_any_other(encoding: str) -> None:
    body = f'<?xml version="1.0" encoding="{encoding}"?><feed/>'.encode()
    for parse in (parse_atom, parse_rss, parse_oai):
        with pytest.raises(XmlError):
            parse(body)
    with pytest.raises(XmlError):
        list(iterate_atom(BytesIO(body)))


def test_an_announcement_tells_new_papers_from_replaced_ones(bodies: type[Bodies]) -> None:
    kinds = ("new", "cross", "replace", "replace-cross")
    feed = parse_rss(bodies.rss(*((f"2601.9000{n}v{n + 1}", kind) for n, kind in enumerate(kinds))).encode())
    assert [item.key for item in feed.items] == [f"2601.9000{n}v{n + 1} {kind}" for n, kind in enumerate(kinds)]
    assert [flat(item.entry)["id"] for item in feed.items] == [f"2601.9000{n}" for n in range(4)]
    assert ["first_seen" in flat(item.entry) for item in feed.items] == [True, True, False, False]
    assert flat(feed.items[0].entry)["first_seen"] == feed.built == "Tue, 06 Jan 2026 00:00:00 -0500"
    assert flat(feed.items[0].entry)["abstract"] == "We invent 2601.90000v1."


def test_a_harvested_record_is_read_and_a_deleted_one_passed_over(bodies: type[Bodies]) -> None:
    page = parse_oai(
        bodies.oai(("2601.90001", "2026-01-03"), token="abc|1001")
        .replace(
            "<ListRecords>",
            '<ListRecords><record><header status="deleted"><identifier>oai:arXiv.org:2601.90000</identifier>'
            "<datestamp>2026-01-04</datestamp></header></record>",
        )
        .encode()
    )
    entry = flat(*page.entries)
    assert (entry["id"], entry["authors"], entry["published"]) == ("2601.90001", ["Ada Example Jr"], "2026-01-03")
    assert (page.token, page.datestamp) == ("abc|1001", date(2026, 1, 4))


def test_protocol_errors_are_told_apart(bodies: type[Bodies]) -> None:
    page = parse_oai(bodies.oai_error("badResumptionToken", "expired").encode())
    assert (page.error, page.message, page.entries) == ("badResumptionToken", "expired", [])


@pytest.mark.parametrize("parse", [parse_atom, parse_rss, parse_oai])
@pytest.mark.parametrize(
    "body", [b"", b"Rate exceeded.", b"<html></html>", b"<rss/>", b"<feed", b"\xff\xfe", BOMB, b"<x>\x00</x>"]
)
def test_what_is_not_the_xml_it_should_be_is_refused(parse: Callable[[bytes], object], body: bytes) -> None:
    with pytest.raises(XmlError):
        parse(body)


@given(st.binary())
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    for parse in (parse_atom, parse_rss, parse_oai):
        with pytest.raises(XmlError):
            parse(body)
