"""Typos: unknown words are replaced by common words one letter away."""

import re
from collections.abc import Iterator
from dataclasses import replace
from string import ascii_lowercase

from bot.engine.encoder import fold
from bot.engine.query import Query
from bot.ports import Lexicon, PaperIndex

_WORD = re.compile(r"(?<!:)(?<!\w)[^\W\d_]{4,}(?!\w)(?!:\S)")
"""A word that may be a slip; the name of a field that there is not (`autor:mueller`) is told apart from the search."""
_RARE = 25_000
"""A word counts as unknown if no title and less than one paper in so many has it: abstracts have typos too."""

_COMMON = 10_000
"""A word can replace it if at least one paper in so many has it."""


def respelled(index: PaperIndex, query: Query) -> Query:
    """The query as it was probably meant: unknown words one typo away from common ones are replaced by them.

    A typo is a letter too many, missing, wrong, or swapped with the next. Quoted words, words with capitals inside,
    names of authors and whole titles stay as they are.
    """
    lexicon = index.encoder.lexicon
    quoted = {word for phrase in query.filters.phrases for word in _WORD.findall(phrase)}
    slips = [word for word in dict.fromkeys(_WORD.findall(query.text)) if word[1:].islower() and word not in quoted]
    unknown = [word for word in slips if lexicon and not lexicon.knows(fold(word)) and _is_rare(index, word)]
    meant = {word: instead for word in unknown if lexicon and (instead := _meant(index, lexicon, fold(word)))}
    if not meant or len(index.find_title(query.text)):
        return query
    return replace(query, text=_WORD.sub(lambda match: meant.get(match[0], match[0]), query.text))


def _is_rare(index: PaperIndex, word: str) -> bool:
    """Whether no title and no author has a word, and hardly any abstract."""
    terms = index.analyze(word)
    most = {"title": 0, "authors": 0, "text": len(index) // _RARE}
    return bool(terms) and all(
        frequency <= limit
        for field, limit in most.items()
        for frequency in index.document_frequency(terms, field).values()
    )


def _meant(index: PaperIndex, lexicon: Lexicon, word: str) -> str | None:
    """The commonest word one typo away, if it is common enough; of two forms of a word, the one of the same length."""
    frequency = {other: _frequency(index, other) for other in set(_one_slip_away(word)) if lexicon.knows(other)}
    best = max(sorted(frequency), key=lambda other: (frequency[other], len(other) == len(word)), default=None)
    return best if best and frequency[best] > len(index) / _COMMON else None


def _frequency(index: PaperIndex, word: str) -> int:
    return min(index.document_frequency(index.analyze(word)).values(), default=0)


def _one_slip_away(word: str) -> Iterator[str]:
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        yield before + after[1:]
        yield before + after[1:2] + after[:1] + after[2:]
        for letter in ascii_lowercase:
            yield before + letter + after
            yield before + letter + after[1:]
