"""Words as they are compared: without case and accents, letters of other alphabets as they are typed."""

import re
import unicodedata

_PLAIN = str.maketrans(
    {
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
)
"""Letters that are no letter and an accent."""

_AS_TYPED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue",
                           "Ø": "Oe", "Å": "Aa"})  # fmt: skip


def plain_letters(text: str) -> str:
    """A text in lower case and without accents: `Ødegård` is `odegard`, `Gauß` is `gauss`."""
    if text.isascii():
        return text.lower()
    # Signs that stand for capitals, such as `𝑨`, are capitals only once they are decomposed.
    decomposed = unicodedata.normalize("NFKD", text.casefold()).casefold()
    return "".join(char for char in decomposed if not unicodedata.combining(char)).translate(_PLAIN)


def as_typed(name: str) -> str:
    """A name as it is written where umlauts cannot be: `Müller` is `Mueller`."""
    return name if name.isascii() else unicodedata.normalize("NFC", name).translate(_AS_TYPED)


def plain_words(text: str) -> list[str]:
    """The words of a text, as `plain_letters`."""
    return re.findall(r"[^\W_]+", plain_letters(text))
