"""The things a text names: noun phrases, names and acronyms."""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cached_property
from typing import NamedTuple

import numpy as np

from bot.domain.papers import Paper
from bot.engine.noun_phrases import chunks, is_common, is_name, is_vague, may_name
from bot.engine.topics import folded
from bot.ports import PaperIndex

_TELLING_ALONE, _TELLING_TOGETHER = 0.45, 0.38
"""How rare a word or the words of a phrase are together: log(N / df) as a share of log N, added up."""

_SUBJECT, _UNKNOWN = 0.25, 15
"""A common noun stands alone where this share of the papers that have it have it in their title, beside so many papers
that do not: papers are about `grippers`, and only mention `prefixes`."""

_MENTIONED = 0.04
"""No phrase ends in a word that is in fewer of the titles of the papers that have it: `abilities`, `scarcity`."""

_SHORTEST_NAME = 3
"""Letters and digits of an acronym that is known without its long form."""

_LONGEST = 4
"""Words of a phrase."""


class Thing(NamedTuple):
    """What a paper names, as it is written there."""

    name: str
    paper: Paper


class Phrases:
    """Reads the telling things of papers with the words of one index."""

    def __init__(self, index: PaperIndex) -> None:
        self._index = index
        self._terms: dict[str, tuple[str, ...]] = {}
        self._rarity: dict[str, float] = {}

    def terms(self, words: Sequence[str]) -> tuple[str, ...]:
        """The terms of some words, in order."""
        for word in words:
            if word not in self._terms:
                self._terms[word] = tuple(self._index.analyze(word))
        return tuple(term for word in words for term in self._terms[word])

    def rarity(self, terms: Sequence[str]) -> float:
        """How rare terms are together: log(N / df) as a share of log N, added up; 0 for one that stands nowhere."""
        new = [term for term in terms if term not in self._rarity]
        size = len(self._index)
        for term, df in self._index.document_frequency(new).items():
            self._rarity[term] = float(np.log((size + 1) / (df + 0.5)) / np.log(size + 2)) if df else 0.0
        return sum(self._rarity[term] for term in set(terms))

    def things(self, paper: Paper) -> dict[tuple[str, ...], Thing]:
        """What a paper names that tells it from others, by its terms; what its title names first."""
        found: dict[tuple[str, ...], Thing] = {}
        ranked: dict[tuple[str, ...], float] = {}
        for bonus, text in ((1.0, paper.title), (0.0, paper.abstract)):
            for words in _phrases_in(text):
                terms = self.terms(words)
                if not self._is_telling(words, terms):
                    continue
                ranked.setdefault(terms, bonus + min(self.rarity(terms), 1.0))
                if terms not in found or " ".join(words).islower():
                    found[terms] = Thing(" ".join(words), paper)
        return {terms: found[terms] for terms in sorted(found, key=lambda terms: -ranked[terms])}

    def _is_telling(self, words: Sequence[str], terms: Sequence[str]) -> bool:
        """Whether a phrase tells a paper from others, and is no word that papers merely mention."""
        head = words[-1]
        if len(words) > 1:
            if self.rarity(terms) < _TELLING_TOGETHER:
                return False
            in_titles, in_texts = self._frequency(terms[-1])
            return is_name(head) or (in_titles + 1) / (in_texts + 1) >= _MENTIONED
        if self.rarity(terms) < _TELLING_ALONE:
            return False
        if is_name(head):
            return sum(map(str.isalnum, head.removesuffix("s"))) >= _SHORTEST_NAME
        return not is_common(head) and self.is_subject(terms)

    def is_subject(self, terms: Sequence[str]) -> bool:
        """Whether papers are about a word, given by its terms, rather than mention it; unknown of a compound."""
        if len(terms) != 1:
            return False
        in_titles, in_texts = self._frequency(terms[0])
        return in_titles / (in_texts + _UNKNOWN) >= _SUBJECT

    def _frequency(self, term: str) -> tuple[int, int]:
        """In how many papers' titles and texts a term stands."""
        return self._index.document_frequency([term], "title")[term], self._index.document_frequency([term])[term]

    def shared(self, things: Mapping[tuple[str, ...], Thing], paper: Paper, limit: int) -> list[str]:
        """The names of the first few of some things that a paper names too, none within another."""
        held = [tuple(self._index.analyze(text)) for text in (paper.title, paper.abstract)]
        written = _written(paper)
        heads = _Heads(paper)
        shown: list[str] = []
        taken: set[str] = set()
        for terms, thing in things.items():
            if len(shown) == limit:
                break
            if not any(is_within(terms, each) for each in held) or not _is_named(thing, paper, written, heads):
                continue
            if taken.isdisjoint(terms) and not any(_repeats(thing.name, each) for each in shown):
                shown.append(_whole(thing, paper))
            taken.update(terms)
        return shown


def _phrases_in(text: str) -> Iterator[tuple[str, ...]]:
    """The phrases of a text that may name something, by their form."""
    readable = text.lower() if text.isupper() else text
    for chunk in chunks(readable):
        if chunk.is_whole:
            yield from filter(_may_be_thing, _parts(chunk.words))


def _parts(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """A phrase without the vague words at its end, and what is left of it without the first words.

    A single word before a vague one only says which one is meant: `the Fisher information`.
    """
    named = _named_part(words)
    last = len(named) if named == words else len(named) - 1
    yield from (named[at:] for at in range(last))


def _named_part(words: tuple[str, ...]) -> tuple[str, ...]:
    """A phrase without the vague words at its end."""
    while words and is_vague(words[-1]):
        words = words[:-1]
    return words


def _may_be_thing(words: Sequence[str]) -> bool:
    """Whether words between the right neighbours name something: the last must not look like an adjective or a verb."""
    if not 0 < len(words) <= _LONGEST or not all(_is_word(word) for word in words):
        return False
    head = words[-1]
    return may_name(head) and (is_name(head) or len(words) > 1 or not head.endswith("ing"))


def _is_word(word: str) -> bool:
    """Whether it is a word rather than a number, a letter, a formula (`N+2α`) or an address."""
    if len(word) < 2 or re.search(r"\.[^\W\d]{2}", word):
        return False
    return any(char.isalpha() for char in word) and "+" not in word.rstrip("+")


def is_within(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether terms stand together, in order, among others."""
    wanted = tuple(part)
    starts = (at for at, term in enumerate(whole) if term == wanted[0]) if wanted else iter([0])
    return any(tuple(whole[at : at + len(wanted)]) == wanted for at in starts)


def name_ends(text: str) -> Mapping[int, bool]:
    """Places of the last words of a text's noun phrases, with and without vague ones -> whether one may end there.

    `edit the weights`: what stands before `the` may be a verb.
    """
    lasts = ((chunk, len(words)) for chunk in chunks(text) for words in (_named_part(chunk.words), chunk.words))
    return {chunk.start + length - 1: chunk.ends for chunk, length in lasts if length}


class _Heads:
    """The last words of the noun phrases of a paper, read when they are first asked for."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper

    @cached_property
    def words(self) -> Set[str]:
        texts = (self._paper.title, self._paper.abstract)
        last = [chunk.words[-1] for text in texts for chunk in chunks(text) if chunk.is_whole]
        return {" ".join(folded(word)) for word in last}


def _written(paper: Paper) -> str:
    """The words of a paper in lower case and singular, apart by single spaces, with one at each end."""
    return f" {' '.join(folded(paper.title))} | {' '.join(folded(paper.abstract))} "


def _is_named(thing: Thing, paper: Paper, written: str, heads: _Heads) -> bool:
    """Whether a paper, whose terms hold those of a thing, names the thing itself.

    Terms are stems: `genetics` and `genetic` have the same one. A noun alone must not be a part of something else there
    (`plate`, `license plate recognition`), and an acronym must stand for the same.
    """
    name = " ".join(folded(thing.name))
    if f" {name} " not in written:
        return False
    if " " in thing.name:
        return True
    if not is_name(thing.name):
        return name in heads.words
    spelled = re.escape(thing.name.removesuffix("s"))
    if not re.search(rf"(?<![^\W_]){spelled}s?(?![^\W_])", paper.text):
        return False
    return _agrees(thing.name, thing.paper, paper) and _agrees(thing.name, paper, thing.paper)


def _whole(thing: Thing, paper: Paper) -> str:
    """The name of what two papers name, with the vague word that always follows it in both: `math word problems`."""
    after = _followers(thing.name, thing.paper) + _followers(thing.name, paper)
    stems = {word.casefold().removesuffix("s") for word in after}
    is_part = len(stems) == 1 and is_vague(after[0])
    return f"{thing.name} {after[0]}" if is_part else thing.name


def _followers(name: str, paper: Paper) -> list[str]:
    """The word after each place where a paper writes a name; empty where a mark comes after it."""
    written = r"[\s-]+".join(map(re.escape, name.split()))
    return re.findall(rf"(?<!\w){written}s?(?!\w)(?:[\s-]+([^\W_]+))?", paper.text, re.IGNORECASE)


def _agrees(acronym: str, paper: Paper, other: Paper) -> bool:
    """Whether another paper has a word of what an acronym stands for in one that spells it out, if it does."""
    short = acronym.removesuffix("s")
    before = re.search(rf"([^.;:()]*)\({re.escape(short)}s?\)", paper.text)
    spelled = folded(before[1])[-len(short) :] if before else []
    return not spelled or not set(folded(other.text)).isdisjoint(word for word in spelled if len(word) > 2)


def _repeats(name: str, shown: str) -> bool:
    """Whether a name is another one in the plural, or made of its first letters."""
    initials = "".join(word[0] for word in folded(shown))
    return folded(name) == folded(shown) or name.removesuffix("s").casefold() == initials
