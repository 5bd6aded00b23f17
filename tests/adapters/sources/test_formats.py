import json
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sources.formats import (
    LONGEST_LINE,
    FileFormat,
    Located,
    read_json,
    read_json_lines,
    read_trending_page,
    recognize,
)
from adapters.sources.records import RecordError
from bot.errors import SourceError
from tests.support.sources.world import Bodies, flat

ABSTRACT = "We invent a long abstract. " * 20


def told(records: Located) -> list[tuple[str, str]]:
    """Places with titles, or with reasons in angle brackets."""
    return [
        (where, f"<{entry}>" if isinstance(entry, RecordError) else flat(entry)["title"]) for where, entry in records
    ]


def lines(body: bytes) -> list[tuple[str, str]]:
    return told(read_json_lines(BytesIO(body)))


# Which format


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("p.jsonl", b"{broken", FileFormat.JSON_LINES),
        ("p.ndjson", b"", FileFormat.JSON_LINES),
        ("p.json", b'{"title": "x"}\n{"title": "y"}', FileFormat.JSON_LINES),
        ("p.json", b'{\n  "title": "x"\n}', FileFormat.JSON),
        ("p.json", b'\xef\xbb\xbf [{"paper": {}}]', FileFormat.JSON),
        ("query", b"<?xml version='1.0'?>\n<feed xmlns='x'>", FileFormat.ATOM),
        ("p.bib", b"% comment", FileFormat.BIBTEX),
        ("p.txt", b"% mine\n@article{a,", FileFormat.BIBTEX),
        ("p.txt", b"Get trending papers in your email inbox!\r\n", FileFormat.TRENDING_PAGE),
        ("p.txt", b"\n\nSubscribeA first title\n", FileFormat.TRENDING_PAGE),
    ],
)
def test_a_format_is_recognized(name: str, head: bytes, expected: FileFormat) -> None:
    assert recognize(name, BytesIO(head)) is expected


@pytest.mark.parametrize("head", [b"Dear diary", b"\x28\xb5\x2f\xfd zstd", b"%PDF-1.7", b"<html>", b"\x00" * 100])
def test_an_unknown_format_is_refused_with_those_there_are(head: bytes) -> None:
    with pytest.raises(SourceError, match=r"p\.txt: none of the formats that can be imported \(JSON Lines, JSON, "):
        recognize("p.txt", BytesIO(head))


def test_an_empty_file_is_called_empty() -> None:
    with pytest.raises(SourceError, match=r"p\.txt: empty file"):
        recognize("p.txt", BytesIO(b" \n"))


# JSON Lines


def test_every_line_is_a_record_and_blank_ones_are_passed_over() -> None:
    assert lines(b'{"title": "One"}\r\n\n{"title": "Two"}') == [("1", "One"), ("3", "Two")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"title" "x"}', "not JSON: Expecting ':' at column 10"),
        (b'{"id": "2601.00001", "title": "One" "abstract": ""}', "not JSON: Expecting ',' at column 37"),
        (b'{"title": "x"', "not JSON: Expecting ',' at column 14"),
        (b'{"title": "x', "not JSON: Unterminated string starting at column 11"),
        (b"banana", "not JSON: Expecting value at column 1"),
        (b"[1, 2]", "not a JSON object"),
        (b"17", "not a JSON object"),
        (b'{"title": "\xff"}', "not UTF-8: byte 0xff at column 12"),
        (b"[" * 100_000, "not JSON: maximum recursion depth exceeded"),
    ],
)
def test_a_line_that_is_no_record_says_why_and_where(line: bytes, reason: str) -> None:
    [good, (where, bad)] = lines(b'{"title": "Good"}\n' + line)
    assert good == ("1", "Good")
    assert where == "2"
    assert bad.startswith(f"<{reason}")


def test_control_characters_inside_strings_are_forgiven() -> None:
    assert lines(b'{"title": "A\ttab and\x00NUL"}') == [("1", "A\ttab and\x00NUL")]


def test_a_byte_order_mark_is_passed_over() -> None:
    assert lines(b'\xef\xbb\xbf{"title": "One"}') == [("1", "One")]


def test_a_huge_line_is_skipped_without_being_held() -> None:
    huge = b'{"title": "' + b"x" * (3 * LONGEST_LINE) + b'"}'
    assert lines(huge + b'\n{"title": "Next"}\n' + huge) == [
        ("1", "<longer than 1,000,000 bytes>"),
        ("2", "Next"),
        ("3", "<longer than 1,000,000 bytes>"),
    ]


def test_the_bodies_of_a_listing_may_stand_one_a_line(bodies: type[Bodies]) -> None:
    body = json.dumps(bodies.daily_paper()).encode()
    assert lines(body) == [("1", "Invented paper 2601.90001")]


@given(st.binary(max_size=200))
def test_any_bytes_are_lines_with_records_or_reasons(body: bytes) -> None:
    for where, entry in read_json_lines(BytesIO(body)):
        assert where.isdecimal()
        assert isinstance(entry, dict) or str(entry)


# JSON


def test_a_listings_body_is_read_entry_by_entry(bodies: type[Bodies]) -> None:
    body = bodies.daily(bodies.daily_paper(), bodies.daily_paper("2601.90002")).encode()
    assert told(read_json("f", body)) == [
        ("entry 1", "Invented paper 2601.90001"),
        ("entry 2", "Invented paper 2601.90002"),
    ]


def test_the_body_of_a_single_paper_is_one_record(bodies: type[Bodies]) -> None:
    [(_, entry)] = read_json("f", json.dumps(bodies.daily_paper()["paper"]).encode())
    assert (flat(entry)["abstract"], flat(entry)["summary"]) == ("We invent 2601.90001.", "An invention.")


def test_plain_records_may_stand_in_an_array() -> None:
    assert told(read_json("f", b'[{"title": "One"}, 2]')) == [("entry 1", "One"), ("entry 2", "<not a JSON object>")]


def test_broken_json_is_refused_as_a_whole() -> None:
    with pytest.raises(SourceError, match=r"^f: not JSON: Expecting ',' at column 18$"):
        read_json("f", b'[{"title": "One"}')


# The trending page


HEADER = "Get trending papers in your email inbox once a day!\nGet trending papers in your email inbox!\n"


def test_a_copied_page_is_titles_and_abstracts() -> None:
    page = f"{HEADER}SubscribeFirst title\nFirst abstract.\nSecond title\nSecond abstract.\n"
    assert list(read_trending_page(page)) == [
        ("3", {"title": "First title", "abstract": "First abstract."}),
        ("5", {"title": "Second title", "abstract": "Second abstract."}),
    ]


@pytest.mark.parametrize("glue", ["Subscribe", "Subscribe\n", "Subscribe \r\n\r\n", ""])
def test_the_button_is_no_part_of_the_first_title(glue: str) -> None:
    assert told(read_trending_page(f"{HEADER}{glue}First title\nAbstract."))[0][1] == "First title"


def test_only_the_first_title_can_have_the_button_glued_to_it() -> None:
    page = f"{HEADER}SubscribeFirst\nAbstract.\nSubscribers leave early\nAbstract."
    assert told(read_trending_page(page))[1][1] == "Subscribers leave early"


def test_blank_lines_and_windows_line_ends_change_nothing() -> None:
    page = f"{HEADER}SubscribeFirst\n{ABSTRACT}\nSecond\n{ABSTRACT}\n"
    plain = [entry for _, entry in read_trending_page(page)]
    assert [entry for _, entry in read_trending_page(page.replace("\n", "\r\n\r\n"))] == plain


def test_halves_of_papers_are_named_and_do_not_upset_the_rest() -> None:
    page = "\n".join(("One", "Two", ABSTRACT, ABSTRACT, "Three", ABSTRACT, "Four"))
    assert told(read_trending_page(page)) == [
        ("1", "<a title without its abstract>"),
        ("2", "Two"),
        ("4", "<an abstract without its title>"),
        ("5", "Three"),
        ("7", "<a title without its abstract>"),
    ]


LINE = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=80).map(str.strip)
LINE = LINE.filter(lambda line: line and not line.startswith(("Subscribe", "Get trending papers")))


@given(st.lists(st.tuples(LINE, LINE), min_size=1, max_size=6))
def test_any_page_gives_back_its_titles_and_abstracts(papers: list[tuple[str, str]]) -> None:
    page = HEADER + "Subscribe" + "\n".join(f"{title}\n{abstract}" for title, abstract in papers)
    read = [(flat(entry)["title"], flat(entry)["abstract"]) for _, entry in read_trending_page(page)]
    assert read == papers


@given(st.text(max_size=400))
def test_any_text_taken_for_a_page_gives_records_or_reasons(page: str) -> None:
    for where, entry in read_trending_page(page):
        assert where.isdecimal()
        assert isinstance(entry, RecordError) or entry["title"]
