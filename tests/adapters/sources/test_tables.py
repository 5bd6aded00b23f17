"""Tables of papers: their headings, delimiters and rows."""

import pytest

from adapters.sources.records import RecordError
from adapters.sources.tables import is_table, read_table
from tests.support.sources.world import flat


def test_a_table_is_known_by_a_heading_with_a_title() -> None:
    assert is_table("Title,Authors")
    assert is_table("Authors;Document Title")
    assert not is_table("Name,Age")
    assert not is_table("Title")
    assert not is_table(f"Title,{'x' * 1_000_001}")


def test_a_row_is_named_by_the_line_it_ends_on_and_empty_rows_are_passed_over() -> None:
    text = 'Title,Year\n"On\nloops",1843\n , \nOn knots,1850\n'
    read = {where: flat(entry) for where, entry in read_table(text)}
    assert read == {
        "3": {"title": "On\nloops", "published": "1843"},
        "5": {"title": "On knots", "published": "1850"},
    }


def test_of_columns_for_the_same_field_the_best_that_is_filled_in_counts() -> None:
    text = "Title\tYear\tPublication Date\nOn loops\t1843\t1843-09-01\nOn knots\t1850\t\n"
    assert [flat(entry)["published"] for _, entry in read_table(text)] == ["1843-09-01", "1850"]


@pytest.mark.parametrize(
    ("written", "authors"),
    [
        ('Author full names\n"Smith, Jane (57190000000); Doe, John A. (57190000001)"', "Smith, Jane; Doe, John A."),
        ("Authors\nSmith J.; van Doe J.-A.", "Smith, J.; van Doe, J.-A."),
        ('Authors\n"Jumper J, Evans R, Pritzel A."', "Jumper, J; Evans, R; Pritzel, A."),
        ("Authors\nA Vaswani; N Shazeer", "A Vaswani; N Shazeer"),
        ("Authors\nK. He; X. Zhang", "K. He; X. Zhang"),
    ],
)
def test_initials_behind_a_name_and_numbers_are_read_as_such(written: str, authors: str) -> None:
    heading, _, cell = written.partition("\n")
    [(_, entry)] = read_table(f"Title\t{heading}\nOn loops\t{cell}\n")
    assert flat(entry)["authors"] == authors


@pytest.mark.parametrize("before", ["sep=,\n", '"About the data: Exported on Jan 01, 2024."\n'])
def test_what_excel_and_dimensions_write_before_the_headings_is_passed_over(before: str) -> None:
    text = f"{before}Title,Source title,Volume,Issue,Pages\nOn loops,Journal of loops,7,2,1-9\n"
    assert is_table(text)
    [(where, entry)] = read_table(text)
    assert where == "3"
    assert flat(entry) == {
        "title": "On loops",
        "venue": "Journal of loops",
        "volume": "7",
        "issue": "2",
        "pages": "1-9",
    }


def test_columns_of_web_of_science_are_its_tags() -> None:
    text = "PT\tAU\tAF\tTI\tSO\tPY\tDI\nJ\tLund, A\tLund, Ada\tOn loops\tLOOPS\t1843\t10.5555/1\n"
    assert is_table(text)
    [(_, entry)] = read_table(text)
    assert flat(entry) == {
        "title": "On loops", "authors": "Lund, Ada", "venue": "LOOPS", "published": "1843", "doi": "10.5555/1",
    }  # fmt: skip


def test_a_row_shorter_than_the_heading_has_what_it_has() -> None:
    [(_, entry)] = read_table("title|authors|doi\nOn loops|Ada Lund\n")
    assert flat(entry) == {"title": "On loops", "authors": "Ada Lund"}


def test_the_quote_that_keeps_a_spreadsheet_from_running_a_cell_is_taken_off() -> None:
    rows = read_table("title,abstract\n'=loops,'tis plain\n")
    assert [flat(entry) for _, entry in rows] == [{"title": "=loops", "abstract": "'tis plain"}]


def test_where_a_table_cannot_be_read_on_the_rows_before_stay() -> None:
    first, (where, broken) = read_table(f"title,abstract\nOn loops,short\nOn knots,{'x' * 1_000_001}\n")
    assert flat(first[1])["title"] == "On loops"
    assert where == "3"
    assert isinstance(broken, RecordError)
    assert str(broken).startswith("not CSV: field larger than field limit")


def test_a_line_that_is_no_row_of_a_table_is_not_held() -> None:
    [(where, broken)] = read_table("title,abstract\n" + "," * 3_000_000)
    assert where == "1"
    assert str(broken) == "not CSV: a line longer than 2,000,000 characters"
