"""Texts are cut at their blanks, and each piece is worked out once."""

from itertools import chain, pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pieces import Pieces, as_numbers
from bot.domain.words import PerPiece


def lengths(piece: str) -> list[int]:
    """A piece `abc` comes to 3, 2, 1; one with a `+` to nothing."""
    return [] if "+" in piece else list(range(len(piece), 0, -1))


def known(most: int = 9) -> PerPiece[bytes]:
    return PerPiece(lambda piece: as_numbers(lengths(piece)), most)


def test_each_text_has_the_numbers_of_its_pieces_in_order() -> None:
    cut = Pieces.of(["bb a bb", "", "x+", "a\nccc"])
    assert cut.distinct == ("bb", "a", "x+", "ccc")
    bounds, numbers = cut.numbers(known())
    assert bounds.tolist() == [0, 5, 5, 5, 9]
    assert numbers.tolist() == [2, 1, 1, 2, 1, 1, 3, 2, 1]


def test_no_texts_have_no_numbers() -> None:
    bounds, numbers = Pieces.of([]).numbers(known())
    assert bounds.tolist() == [0]
    assert len(numbers) == 0


def test_case_and_the_signs_around_a_piece_do_not_tell_it_from_another() -> None:
    assert Pieces.of(["Graphs, (graphs) “graphs” C++. Élan"]).distinct == ("graphs", "“graphs”", "c++", "Élan")
    assert Pieces.of(["a -- b"]).joined() == ["a  b"]


@given(st.lists(st.text("ab+ \n\u2003")))
def test_texts_come_to_the_same_together_as_one_by_one(texts: list[str]) -> None:
    bounds, numbers = Pieces.of(texts).numbers(known(most=3))
    found = [numbers[start:end].tolist() for start, end in pairwise(bounds)]
    assert found == [list(chain.from_iterable(map(lengths, text.split()))) for text in texts]


def test_texts_are_joined_anew_of_what_their_pieces_come_to() -> None:
    loud = PerPiece(str.upper, most=1)
    assert Pieces.of(["a bb  a", "", "ccc\n"]).each(loud).joined() == ["A BB A", "", "CCC"]
    assert Pieces.of([]).each(loud).joined() == []
