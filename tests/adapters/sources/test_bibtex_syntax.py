"""BibTeX as a language: what its entries and values say, however their writers bend its rules."""

import pytest

from adapters.sources.bibtex_syntax import BibtexEntry, BibtexError, parse


def only(source: str) -> BibtexEntry:
    """The one entry of a bibliography, which must be readable."""
    [entry] = parse(source)
    assert isinstance(entry, BibtexEntry), entry
    return entry


def test_an_entry_has_its_line_type_key_and_fields() -> None:
    entry = only('\n\n@Article{ada1, Title = {On {Loops}}, year = 1843, note = "said"}')
    assert (entry.line, entry.kind, entry.key) == (3, "article", "ada1")
    assert entry.fields == {"title": "On {Loops}", "year": "1843", "note": "said"}


def test_pieces_joined_by_a_hash_are_one_value_with_abbreviations_written_out() -> None:
    entry = only('@string{lab = "Loop Lab"}\n@misc{k, publisher = lab # ", " # {Turin}, month = 3 # "~" # MAR}')
    assert entry.fields == {"publisher": "Loop Lab, Turin", "month": "3~mar"}


@pytest.mark.parametrize(
    ("fields", "read"),
    [
        ('title = "Say "no" twice", year = 1', {"title": 'Say "no" twice', "year": "1"}),
        (r"title = {A \} brace}, year = 1", {"title": r"A \} brace", "year": "1"}),
        ("title = {Mail\n@lab{or} us}, year = 1", {"title": "Mail\n@lab{or} us", "year": "1"}),
        ("title = {T},, year = 1", {"title": "T", "year": "1"}),
        ("title = two words, year = 1", {"title": "two words", "year": "1"}),
    ],
)
def test_a_value_ends_where_its_writer_meant_it_to(fields: str, read: dict[str, str]) -> None:
    assert only(f"@misc{{k, {fields}}}").fields == read


def test_of_a_field_that_stands_twice_the_first_counts_and_is_named() -> None:
    entry = only("@misc{k, title = {First}, Title = {Second}, title = {Third}, year = 1}")
    assert (entry.fields["title"], entry.repeated) == ("First", ("title",))


@pytest.mark.parametrize(
    ("source", "key"),
    [("@misc{, title={T}}", ""), ("@misc{title={T}}", ""), ("@misc{two words, title={T}}", "two words"),
     ("@misc(k, title={T})", "k")],
)  # fmt: skip
def test_an_entry_without_a_proper_key_is_read_all_the_same(source: str, key: str) -> None:
    entry = only(source)
    assert (entry.key, entry.fields) == (key, {"title": "T"})


def test_a_bad_entry_is_named_and_costs_no_other() -> None:
    read = list(parse("@misc{a}\n@misc{b, title={Open\n@misc{c, title={Whole}}\n"))
    assert read == [
        BibtexError(1, "no fields in @misc"),
        BibtexError(2, "the entry does not end"),
        BibtexEntry(3, "misc", "c", {"title": "Whole"}),
    ]


def test_an_address_or_a_line_commented_out_begins_no_entry() -> None:
    source = "write to ada@lab{x}\n% @misc{old, title={Old}}\n@comment{@misc{no, title={No}}}\n@misc{k, title={T}}"
    assert only(source).line == 4
