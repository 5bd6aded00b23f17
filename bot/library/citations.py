"""What references are made of: citation keys, and names in parts."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.domain.papers import Paper
from bot.domain.words import plain_letters

_DULL = {"a", "an", "the", "on", "of", "for", "in", "to", "and", "with", "towards", "is", "are"}
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV)\.?")
_NOT_ONE_PERSON = re.compile(
    r"\band\b|&|\b(?:collaborations?|consortium|group|team|institute|university|committee|laboratory|labs?|society"
    r"|association|organi[sz]ation|department|foundation|project|network|initiative|center|centre|council|agency)\b",
    re.IGNORECASE,
)


class Name(NamedTuple):
    """A person's name in parts: `Laurens`, `van der Maaten`, and `Jr.` or nothing."""

    given: str
    family: str
    suffix: str = ""


def spoken_name(name: str) -> Name | None:
    """The parts of a name as it is spoken; None for a group, and for what cannot be one person's name.

    Words in lower case before the last one belong to the family name: `van der Maaten`.
    """
    spoken, comma, suffix = (part.strip() for part in name.rpartition(","))
    if comma and not (_SUFFIX.fullmatch(suffix) and " " in spoken):
        return None
    words = (spoken if comma else name).split()
    if _NOT_ONE_PERSON.search(name) or not words:
        return None
    first = len(words) - 1
    while first > 1 and words[first - 1].islower():
        first -= 1
    return Name(" ".join(words[:first]), " ".join(words[first:]), suffix if comma else "")


def citation_keys(papers: Sequence[Paper]) -> list[str]:
    """A key for each paper, such as `ho2020denoising`, no two alike."""
    used: set[str] = set()
    return [_unique(_citation_key(paper), used) for paper in papers]


def _citation_key(paper: Paper) -> str:
    """Family name, year and first telling word; a paper's id stands for what has no letters of the alphabet."""
    words = [word for word in re.findall(r"[^\W_]+", paper.title.lower()) if word not in _DULL]
    year = str(paper.published.year) if paper.published else ""
    surname, word = _ascii(_family(paper)), _ascii(words[0] if words else "")
    if not surname and not word:
        return f"{_ascii(paper.id)}" or "paper"
    return (surname or "anonymous" * (not paper.authors)) + year + word


def _family(paper: Paper) -> str:
    """The first author's family name."""
    name, comma, suffix = paper.authors[0].rpartition(",") if paper.authors else ("", "", "")
    spoken = name if comma and _SUFFIX.fullmatch(suffix.strip()) else f"{name}{comma}{suffix}"
    return spoken.split()[-1] if spoken.split() else ""


def _ascii(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", plain_letters(text))


def _unique(key: str, used: set[str]) -> str:
    """The key, or the key with the first number that makes it new."""
    candidate, number = key, 1
    while candidate in used:
        number += 1
        candidate = f"{key}-{number}"
    used.add(candidate)
    return candidate
