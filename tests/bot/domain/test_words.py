"""Words are compared without case and accents."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.words import PerPiece, as_typed, normalized, plain_letters, plain_words


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Deep Learning", "deep learning"),
        ("Ødegård", "odegard"),
        ("Gauß", "gauss"),
        ("Łukasz Đặng", "lukasz dang"),
        ("Gödel", "godel"),
        ("Go\u0308del", "godel"),
        ("Æsop", "aesop"),
        ("ﬁne", "fine"),
        ("Yıldız", "yildiz"),
        ("\U0001d468\U0001d469c ℕ \u2121", "abc n tel"),
    ],
)
def test_case_and_accents_make_no_difference(written: str, plain: str) -> None:
    assert plain_letters(written) == plain


@pytest.mark.parametrize("name", ["陈丹琦", "ванка", "αλφα"])
def test_letters_of_other_alphabets_stay(name: str) -> None:
    assert plain_letters(name) == name


@given(st.text(st.characters(max_codepoint=0x17F)))
def test_latin_letters_that_are_plain_already_stay_as_they_are(text: str) -> None:
    plain = plain_letters(text)
    assert plain_letters(plain) == plain == plain.lower()


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Müller", "Mueller"),
        ("Mu\u0308ller", "Mueller"),
        ("Ørsted", "Oersted"),
        ("Åström", "Aastroem"),
        ("José", "José"),
        ("Smith", "Smith"),
    ],
)
def test_a_name_can_be_typed_where_umlauts_cannot_be(name: str, typed: str) -> None:
    assert as_typed(name) == typed


def test_words_end_at_whatever_is_no_letter_or_digit() -> None:
    assert plain_words("Vision-Language_Action: GPT-4's “Élan”…") == [
        "vision",
        "language",
        "action",
        "gpt",
        "4",
        "s",
        "elan",
    ]
    assert plain_words(" — … ") == []


@given(st.text())
def test_a_text_is_normalized_as_unicode_says(text: str) -> None:
    assert normalized("NFC", text) == unicodedata.normalize("NFC", text)


@given(st.lists(st.characters(categories=["Mn", "Mc", "Me"]).filter(unicodedata.combining), min_size=31, max_size=99))
def test_of_many_marks_in_a_row_thirty_stay(marks: list[str]) -> None:
    written = f"a{''.join(marks)}b{''.join(marks[:30])}"
    first = "".join(marks[:30])
    assert normalized("NFKD", written) == unicodedata.normalize("NFKD", f"a{first}b{first}")


def test_a_hundred_thousand_marks_do_not_take_the_square_of_their_time() -> None:
    assert plain_letters("O" + "\u0301\u0323" * 500_000) == "o"


def test_a_piece_of_a_text_is_worked_out_once_as_long_as_it_can_be_kept() -> None:
    asked: list[str] = []

    def length(piece: str) -> int:
        asked.append(piece)
        return len(piece)

    known = PerPiece(length, most=2)
    long = "x" * 50
    assert [known[piece] for piece in ("a", "bb", "a", "ccc", long, long)] == [1, 2, 1, 3, 50, 50]
    assert [known[piece] for piece in ("a", "bb", "ccc")] == [1, 2, 3]
    assert asked == ["a", "bb", "ccc", long, long, "ccc"]
