r"""Arguments as they stand in TeX: `[optional]` and `{in {braces}}`."""

from bot.domain.tex.scanner import Scanner


def test_an_argument_ends_where_its_own_brace_is_closed() -> None:
    scanner = Scanner(" {a{b}c} d")
    assert scanner.raw_argument() == "a{b}c"
    assert scanner.text[scanner.at :] == " d"


def test_an_optional_argument_stands_in_square_brackets() -> None:
    scanner = Scanner("[3]{n}")
    assert (scanner.optional(), scanner.optional(), scanner.raw_argument()) == ("3", "", "n")


def test_an_argument_that_is_never_closed_is_none_and_is_not_looked_for_again() -> None:
    scanner = Scanner("{a{b}")
    assert scanner.raw_argument() == ""
    assert scanner.at == 0
    assert not scanner.may_close(1)


def test_a_brace_has_another_half_where_braces_are_counted_without_escaped_ones() -> None:
    scanner = Scanner(r"{a} \{ {{b\}}")
    assert [place for place in range(15) if scanner.has_other_half(place)] == [1, 9]


def test_after_much_was_read_in_vain_no_brace_opens_an_argument() -> None:
    scanner = Scanner("{" * 100 + "{a}" + " " * 10_000)
    for place in range(100):
        scanner.at = place
        assert scanner.raw_argument() == ""
    scanner.at = 100
    assert scanner.raw_argument() == ""
