"""What references are made of: citation keys, tags, and names in parts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from bot.domain.paper_ids import PaperId
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


KEY = "{author}{year}{word}"
"""How a citation key is made unless a setting says otherwise: `ho2020denoising`."""


@dataclass(frozen=True, slots=True)
class References:
    """How papers are written as references: what their citation keys are made of, and the tags of each.

    `among` is the list that the papers are part of, the newest first, which decides who has which key.
    """

    key: str = KEY
    tags: Mapping[PaperId, Sequence[str]] = field(default_factory=dict)
    among: Sequence[Paper] = ()

    def keys(self, papers: Sequence[Paper], kept: Mapping[PaperId, str] = MappingProxyType({})) -> list[str]:
        """A key for each paper of a list, the newest first unless they are `among` others; no two are alike.

        Of several that would be, the one that came onto the list first has the plain one: what is cited keeps its key
        when the list grows, and in a part of it. Where there is no such list, a paper has the key that is `kept` for
        it, and no other has one of those.
        """
        known = {paper.id: key for paper, key in zip(self.among, self._unlike(self.among), strict=True)}
        return [known[paper.id] for paper in papers] if known else self._unlike(papers, kept)

    def _unlike(self, papers: Sequence[Paper], kept: Mapping[PaperId, str] = MappingProxyType({})) -> list[str]:
        """Keys of papers, the newest first, of which no two are alike."""
        used = set(kept.values())
        return [kept.get(paper.id) or _unique(_citation_key(paper, self.key), used) for paper in reversed(papers)][::-1]

    def tags_of(self, paper: Paper) -> Sequence[str]:
        """The tags of a paper."""
        return self.tags.get(paper.id, ())


PLAIN = References()


def _citation_key(paper: Paper, pattern: str) -> str:
    """Family name, year and first telling word; a paper's id stands for what has no letters of the alphabet."""
    words = [word for word in re.findall(r"[^\W_]+", paper.title.lower()) if word not in _DULL]
    year = str(paper.published.year) if paper.published else ""
    surname, word = _ascii(_family(paper)), _ascii(words[0] if words else "")
    own = _ascii(paper.id) or "paper"
    if not surname and not word:
        return own
    return pattern.format(author=surname or "anonymous" * (not paper.authors), year=year, word=word, id=own) or own


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
