"""Tables of papers: their headings, delimiters and rows."""

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
