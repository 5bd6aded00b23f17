"""Texts are cut at their blanks, and each piece is worked out once."""

from itertools import chain, pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pieces import Pieces
from bot.domain.words import PerPiece


def lengths(piece: str) -> tuple[int, ...]:
    """A piece `abc` comes to 3, 2, 1; one in capitals to nothing."""
    return () if piece.isupper() else tuple(range(len(piece), 0, -1))


def test_each_text_has_the_numbers_of_its_pieces_in_order() -> None:
    cut = Pieces.of(["bb a bb", "", "XX", "a\nccc"])
    assert cut.distinct == ("bb", "a", "XX", "ccc")
    bounds, numbers = cut.numbers(PerPiece(lengths, most=9))
    assert bounds.tolist() == [0, 5, 5, 5, 9]
    assert numbers.tolist() == [2, 1, 1, 2, 1, 1, 3, 2, 1]


def test_no_texts_have_no_numbers() -> None:
    bounds, numbers = Pieces.of([]).numbers(PerPiece(lengths, most=9))
    assert bounds.tolist() == [0]
    assert len(numbers) == 0


@given(st.lists(st.text("aB \n\u2003")))
def test_texts_come_to_the_same_together_as_one_by_one(texts: list[str]) -> None:
    known = PerPiece(lengths, most=3)
    bounds, numbers = Pieces.of(texts).numbers(known)
    found = [numbers[start:end].tolist() for start, end in pairwise(bounds)]
    assert found == [list(chain.from_iterable(known.of(text))) for text in texts]


def test_texts_are_joined_anew_of_what_their_pieces_come_to() -> None:
    known = PerPiece(str.upper, most=1)
    assert Pieces.of(["a bb  a", "", "ccc\n"]).joined(known) == ["A BB A", "", "CCC"]
    assert Pieces.of([]).joined(known) == []
