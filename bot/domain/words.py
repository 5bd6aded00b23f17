"""Words as they are compared: without case and accents, letters of other alphabets as they are typed."""

import re
import unicodedata
from collections.abc import Callable
from itertools import groupby, islice
from typing import Literal, TypeVar

_PLAIN = {
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "ħ": "h",
    "ı": "i",
    "ŧ": "t",
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ŋ": "n",
}
"""Letters that are no letter and an accent."""

_AS_TYPED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue",
                           "Ø": "Oe", "Å": "Aa"})  # fmt: skip


_LONGEST_PIECE = 40
"""Characters of a piece that is kept."""

_MOST_MARKS = 30
"""Combining marks in a row, as many as Unicode's stream-safe format has (UAX #15)."""

_MANY_MARKS = re.compile(rf"[^\w\x00-\u02ff]{{{_MOST_MARKS + 1},}}")
"""Holds every run of more marks than that: no mark is a letter, a digit or Latin."""

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


def normalized(form: Literal["NFC", "NFKC", "NFKD"], text: str) -> str:
    """A text in one of Unicode's normal forms; of combining marks in a row the first thirty stay.

    Sorting marks takes the square of their number: a hundred thousand in a row stopped the bot for 45 seconds.
    """
    return text if text.isascii() else unicodedata.normalize(form, _MANY_MARKS.sub(_first_marks, text))


def _first_marks(run: re.Match[str]) -> str:
    return "".join(
        char
        for is_mark, chars in groupby(run[0], lambda char: unicodedata.combining(char) > 0)
        for char in islice(chars, _MOST_MARKS if is_mark else None)
    )


_Found = TypeVar("_Found")


class PerPiece(dict[str, _Found]):
    """What pieces of texts come to, each worked out when it is first asked for.

    Most pieces are common words, so that a text costs little more than to split it. Long pieces and, once there are
    `most`, rare ones are not kept.
    """

    def __init__(self, work_out: Callable[[str], _Found], most: int) -> None:
        super().__init__()
        self._work_out = work_out
        self._most = most

    def __missing__(self, piece: str) -> _Found:
        found = self._work_out(piece)
        if len(piece) <= _LONGEST_PIECE and len(self) < self._most:
            self[piece] = found
        return found


def plain_letters(text: str) -> str:
    """A text in lower case and without accents: `Ødegård` is `odegard`, `Gauß` is `gauss`."""
    if text.isascii():
        return text.lower()
    # Signs that stand for capitals, such as `𝑨`, are capitals only once they are decomposed.
    decomposed = normalized("NFKD", text.casefold()).casefold()
    return _NOT_ASCII.sub(lambda char: _plain_letter(char[0]), decomposed)


def _plain_letter(letter: str) -> str:
    return "" if unicodedata.combining(letter) else _PLAIN.get(letter, letter)


def as_typed(name: str) -> str:
    """A name as it is written where umlauts cannot be: `Müller` is `Mueller`."""
    return normalized("NFC", name).translate(_AS_TYPED)


def plain_words(text: str) -> list[str]:
    """The words of a text, as `plain_letters`."""
    return re.findall(r"[^\W_]+", plain_letters(text))
