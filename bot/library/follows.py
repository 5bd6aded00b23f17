"""Follows as people type them, and which papers are by whom they name."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from bot.domain.follows import OF_A_PAPER, FollowKind
from bot.domain.papers import Paper
from bot.domain.words import as_typed, plain_words
from bot.engine.query import parse_query
from bot.errors import UserError
from bot.library.following import Following
from bot.library.library import Library
from bot.library.topics import LONGEST_TOPIC

_NAMED = re.compile(r"(?P<field>author|by|lab|version):\s*\"?(?P<value>[^\":]*)\"?", re.IGNORECASE)
_KINDS = {
    "author": FollowKind.AUTHOR,
    "by": FollowKind.AUTHOR,
    "lab": FollowKind.LAB,
    "version": FollowKind.VERSION,
}
_CITED_BY = re.compile(r"(?:cited[ -]?by|cites|citing):\s*(?P<quote>\"?)(?P<paper>.+?)(?P=quote)", re.IGNORECASE)
_CITED_TOO = re.compile(r"(?:^|\s)-?(?:cited[ -]?by|cites|citing):", re.IGNORECASE)
_LAB = re.compile(r"(?:^|\s)-?lab:", re.IGNORECASE)
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』＂", '"'))

_NOT_ASKED = (
    "Who cites a paper is not asked here: whoever runs Paperboy has taken semanticscholar out of PAPERBOY_LOOKUP."
)

MOST_OTHERS = 500
"""People with whom authors of the same name write, kept of one follow."""


class Asked(NamedTuple):
    """What somebody asks to follow; of a paper, `value` is how it was named."""

    kind: FollowKind
    value: str


def read_follow(typed: str) -> Asked:
    """What was typed to be followed: `author:NAME`, `lab:`, `cited-by:PAPER`, a paper, or a query. Raises UserError.

    >>> read_follow('author:"Ada Lovelace"').value
    'Ada Lovelace'
    """
    text = " ".join(typed.translate(_QUOTES).split())
    if not 0 < len(text) <= LONGEST_TOPIC:
        raise UserError(f"What is followed has from 1 to {LONGEST_TOPIC} characters; “{text[:40]}” does not.")
    if cited := _CITED_BY.fullmatch(text):
        return Asked(FollowKind.CITED_BY, cited["paper"])
    if _CITED_TOO.search(text):
        raise UserError("`cited-by:` stands alone, with a paper: `cited-by:2310.06825`; it is no part of searches.")
    if named := _NAMED.fullmatch(text):
        return _of_field(named["field"].lower(), named["value"].strip())
    if _LAB.search(text):
        raise UserError("`lab:` stands alone, e.g. `lab:deepmind`; the lab of a paper is no part of searches.")
    query = parse_query(text)
    is_paper = query.paper_ids and query.text == text
    return Asked(FollowKind.VERSION if is_paper else FollowKind.QUERY, text)


class Resolved(NamedTuple):
    """What is to be followed: its value, the day since when it is new, and the paper it is about, if it is one."""

    value: str
    since: date
    paper: Paper | None = None


async def resolved(asked: Asked, library: Library, following: Following | None, today: date) -> Resolved:
    """What was asked for, a paper looked up. Raises UserError, and what `Library.find` raises."""
    if asked.kind not in OF_A_PAPER:
        return Resolved(asked.value, today)
    if asked.kind is FollowKind.CITED_BY and not (following and following.asks_who_cites):
        raise UserError(_NOT_ASKED)
    paper = (await library.find(asked.value)).paper
    seen = paper.updated or paper.published or today - timedelta(days=1)
    return Resolved(paper.id, today if asked.kind is FollowKind.CITED_BY else seen, paper)


def _of_field(field: str, value: str) -> Asked:
    if _KINDS[field] is not FollowKind.VERSION and not _telling(plain_words(value)):
        raise UserError(f"Write a name after `{field}:`, e.g. `author:hinton` or `lab:deepmind`.")
    return Asked(_KINDS[field], value)


def _telling(words: Sequence[str]) -> str:
    """The word by which papers of a name are looked up, usually the family name; empty where all are initials."""
    return next((word for word in reversed(words) if len(word) > 1), "")


class Names:
    """Finds papers by the names of their authors."""

    def __init__(self, papers: Iterable[tuple[int, Paper]]) -> None:
        self._by_word: dict[str, list[tuple[int, tuple[str, ...], Sequence[str]]]] = {}
        for row, paper in papers:
            for author in paper.authors:
                for words in _spellings(author):
                    for word in set(words):
                        self._by_word.setdefault(word, []).append((row, paper.authors, words))

    def papers_by(self, name: str, *, not_with: Iterable[str] = ()) -> list[int]:
        """Rows of the papers by somebody of this name, in order, but none that somebody of `not_with` wrote too."""
        barred = {key(other) for other in not_with}
        found = {
            row: authors
            for wanted in _spellings(name)
            for row, authors, words in self._by_word.get(_telling(wanted), ())
            if _is_alike(wanted, words)
        }
        return sorted(row for row, authors in found.items() if barred.isdisjoint(map(key, authors)))


def _spellings(name: str) -> set[tuple[str, ...]]:
    """The words of a name, also as it is written where umlauts cannot be."""
    return {tuple(plain_words(name)), tuple(plain_words(as_typed(name)))}


def _is_alike(wanted: Sequence[str], words: Sequence[str]) -> bool:
    """Whether each word wanted is a word of a name; an initial stands for any word but the telling one."""
    return _telling(wanted) in words and all(any(_same(word, other) for other in words) for word in wanted)


def _same(word: str, other: str) -> bool:
    return word == other or (1 in {len(word), len(other)} and word[0] == other[0])


def key(name: str) -> str:
    """What two spellings of a name share that differ in case, accents and punctuation."""
    return " ".join(plain_words(name))


def is_of_lab(paper: Paper, lab: str) -> bool:
    """Whether a paper's organization has all the words of a name, side by side."""
    return f" {key(lab)} " in f" {key(paper.organization)} "


@dataclass(frozen=True, slots=True)
class Namesake:
    """Papers by somebody of a name that share authors: who that is, is seen from them."""

    papers: tuple[Paper, ...]
    coauthors: tuple[str, ...]
    """Everybody else who wrote them, the most frequent first."""
    labs: tuple[str, ...]


def namesakes(name: str, papers: Sequence[Paper]) -> list[Namesake]:
    """The people that the authors of this name may be: papers that share another author are by one; most papers first.

    One person who writes with different people looks like several.
    """
    by_name = Names(enumerate(papers))
    groups: list[list[Paper]] = []
    for paper in [papers[position] for position in by_name.papers_by(name)]:
        near = [group for group in groups if any(_share(paper, other, name) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([*(each for group in near for each in group), paper])
    return sorted((_namesake(name, group) for group in groups), key=lambda each: -len(each.papers))


def _share(paper: Paper, other: Paper, name: str) -> bool:
    return not set(map(key, coauthors(paper, name))).isdisjoint(map(key, coauthors(other, name)))


def coauthors(paper: Paper, name: str) -> list[str]:
    """A paper's authors but for those of a name."""
    wanted = _spellings(name)
    return [each for each in paper.authors if not any(_is_alike(w, n) for w in wanted for n in _spellings(each))]


def _namesake(name: str, papers: Sequence[Paper]) -> Namesake:
    others = Counter(author for paper in papers for author in coauthors(paper, name))
    labs = Counter(paper.organization for paper in papers if paper.organization)
    return Namesake(tuple(papers), *(tuple(each for each, _ in count.most_common()) for count in (others, labs)))
