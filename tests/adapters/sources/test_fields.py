import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sources import fields
from adapters.sources.names import given_name_first

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("  A  title\n over\tlines ", "A title over lines"),
        ("NUL\x00 and bell\x07", "NUL and bell"),
        ("right\u202eto left", "right to left"),
        ("half a \ud83d surrogate", "half a surrogate"),
        ("no\u00a0break", "no break"),
        ("Erdős–Rényi ∑ 图", "Erdős–Rényi ∑ 图"),
        (42, "42"),
    ],
)
def test_text_is_one_clean_line(written: object, read: object) -> None:
    assert fields.text(written) == read


@given(st.text())
def test_clean_text_can_be_stored_and_stays_clean(written: object) -> None:
    clean = fields.text(written)
    assert clean.encode().decode() == clean
    assert fields.text(clean) == clean
    assert not any(char in clean for char in "\x00\n\r\u2028\u202e")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["Ada Lovelace", " Alan  Turing "], ("Ada Lovelace", "Alan Turing")),
        ([{"name": "Ada"}, {"name": "Ghost", "hidden": True}, {}], ("Ada",)),
        ("A. One, B. Two and C. Three", ("A. One", "B. Two", "C. Three")),
        ("A. One, B. Two, and C. Three", ("A. One", "B. Two", "C. Three")),
        ("One, Ann and Two, Ben", ("Ann One", "Ben Two")),
        ("Ann One; Ben Two", ("Ann One", "Ben Two")),
        ("Martin King, Jr., Ann One", ("Martin King, Jr.", "Ann One")),
        ("Ann One et al.", ("Ann One",)),
        ("Ann One, et al.", ("Ann One",)),
        ("Alexander Brandon", ("Alexander Brandon",)),
        ([["Turing", "Alan M.", ""], ["King", "Martin", "Jr."]], ("Alan M. Turing", "Martin King, Jr.")),
        ([["King", "II", ""], ["Plato", "", ""], ["al.", "et", ""]], ("King, II", "Plato")),
        ("", ()),
    ],
)
def test_names_come_in_many_shapes(written: object, read: object) -> None:
    assert fields.names(written) == read


def test_a_family_name_first_is_turned_around() -> None:
    assert given_name_first("Doe, Jane") == "Jane Doe"
    assert given_name_first("Doe, Jr., John") == "John Doe, Jr."
    assert given_name_first("Plato") == "Plato"


@pytest.mark.parametrize(
    "written",
    ["2024-05-03", "2024/5/3", "20240503", "2024-05-03T23:59:59Z", "3 May 2024", "May 3, 2024", 1714694400,
     1714694400000,
     "Fri, 03 May 2024 00:00:00 +0000", "2024-05-03T23:00:00-00:30", date(2024, 5, 3), datetime(2024, 5, 3, 12)],
)  # fmt: skip
def test_a_day_comes_in_many_shapes(written: object) -> None:
    assert fields.day(written) == date(2024, 5, 3)


def test_a_year_or_a_month_stands_for_its_first_day() -> None:
    assert fields.day("2025") == fields.day(2025) == date(2025, 1, 1)
    assert fields.day("2025-03") == fields.day("March 2025") == date(2025, 3, 1)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2013-00-00", date(2013, 1, 1)),
        ("2013-05-00", date(2013, 5, 1)),
        ("2004-03-01/2006-05-30", date(2004, 3, 1)),
        ("1982--1983", date(1982, 1, 1)),
        ("2018a", date(2018, 1, 1)),
        ("c2018", date(2018, 1, 1)),
        ("9-13 Aug. 2015", date(2015, 8, 9)),
        ("1998 Dec-1999 Jan", date(1998, 12, 1)),
        ("2019 Jul 14", date(2019, 7, 14)),
        ("Spring 2019", date(2019, 1, 1)),
    ],
)
def test_of_a_vague_date_what_is_sure_is_kept(written: str, read: object) -> None:
    assert fields.day(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Slow <i>Drosophila</i> &amp; CO<sub>2</sub>", "Slow Drosophila & CO2"),
        ("<jats:p>Found 5 &lt; 6 in <jats:italic>vivo</jats:italic>.</jats:p>", " Found 5 < 6 in vivo. "),
        ("When <think> helps & a < b", "When <think> helps & a < b"),
        ("&lt;i&gt;E. coli&lt;/i&gt;", "E. coli"),
    ],
)
def test_markup_of_services_is_taken_out_and_nothing_else(written: str, read: object) -> None:
    assert fields.markup_free(written) == read


def test_a_moment_is_in_utc_whatever_zone_it_was_written_in() -> None:
    assert fields.moment("Mon, 27 Apr 2026 00:00:00 -0400") == datetime(2026, 4, 27, 4, tzinfo=UTC)
    assert fields.moment("Mon, 7 Apr 2026 19:18:42 GMT") == datetime(2026, 4, 7, 19, 18, 42, tzinfo=UTC)
    assert fields.moment("2026-04-27T04:00:00.000Z") == datetime(2026, 4, 27, 4, tzinfo=UTC)
    assert fields.moment("2026-04-27T04:00:00") == datetime(2026, 4, 27, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    ["banana", "", "2024-13-01", "2024-02-30", "0000", None, True, [], 7, 1e300, float("nan"),
     "0001-01-01T00:00+14", "Mon, 1 Jan 99999999999 00:00:00 GMT", "Mon, 31 Feb 0020 00:00:00 GMT",
     "in press", "10 15", "199u", "-0876"],
)  # fmt: skip
def test_what_is_no_date_says_so(written: object) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        fields.day(written)


@given(ANYTHING)
def test_any_value_is_read_or_refused_with_a_reason(value: object) -> None:
    for read in (fields.text, fields.names, fields.words, fields.phrases, fields.day, fields.moment, fields.readings):
        try:
            read(value)
        except ValueError as error:
            assert 0 < len(str(error)) < 200


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("https://github.com/example/code ", "https://github.com/example/code"),
        ("http://example.org", "http://example.org"),
        ("javascript:alert(1)", ""),
        ("ftp://example.org/x", ""),
        ("https://", ""),
        ("https://good.example@evil.example/", ""),
        ("https://example.org/a b", ""),
        ("https://[broken", ""),
        ("https://example.org/\u202etxt", ""),
        ("https://a" + "\u0301\u0323" * 300_000 + ".org", ""),
        (None, ""),
        (3, ""),
    ],
)
def test_only_plain_web_links_are_kept(written: object, read: object) -> None:
    assert fields.web_link(written) == read


def test_categories_and_keywords_are_split_the_way_they_are_written() -> None:
    assert fields.words("cs.LG stat.ML") == fields.words(["cs.LG", "stat.ML", "cs.LG"]) == ("cs.LG", "stat.ML")
    assert fields.phrases("graph learning; sparse, fast") == ("graph learning", "sparse, fast")
    assert fields.phrases("graph learning, sparsity") == ("graph learning", "sparsity")


def test_counts_are_numbers_or_dated_numbers() -> None:
    moment = datetime(2026, 1, 5, 7, tzinfo=UTC)
    assert fields.readings(0) == ((None, 0),)
    assert fields.readings("12") == fields.readings(12.0) == ((None, 12),)
    assert fields.readings([["2026-01-05T07:00:00Z", 3]]) == ((moment, 3),)
    assert fields.comment_readings("12 pages, 3 figures") == ()


@pytest.mark.parametrize("written", [-1, 1.5, True, "many", 2**40, float("inf"), {"a": 1}, [3], [["2026", 1, 2]]])
def test_what_is_no_count_says_so(written: object) -> None:
    with pytest.raises(ValueError, match="is not a"):
        fields.readings(written)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("a <tex-math>x^2</tex-math> b", "a  b"),
        ("a <jats:tex-math id='1'>x</jats:tex-math> b <mml:annotation>y</annotation>", "a  b "),
        ("<tex-math>x</tex-math><tex-math>y", "y"),
        ("<tex-math>a <tex-math>b</tex-math> c</tex-math>", " c"),
    ],
)
def test_a_formula_is_told_once_without_its_tex(written: str, read: str) -> None:
    assert fields.markup_free(written) == read


@pytest.mark.parametrize("opening", ["<tex-math>", "<jats:tex-math>", "<annotation "])
def test_formulas_that_never_end_take_no_longer_than_their_length(opening: str) -> None:
    # Lines of Python do not tell: a pattern that looks to the end for each of them takes minutes of this.
    begun = time.process_time()
    fields.markup_free("</tex-math>" + opening * 20_000)
    assert time.process_time() - begun < 5
