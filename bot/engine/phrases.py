"""The things a text names: noun phrases, names and acronyms, read without a grammar.

A phrase stands whole between words that may come before one (`of`, `the`) and after one (`for`, `is`), or at the end of
a clause. What follows `to` or `we`, or comes before `the`, may be a verb, and is left out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bot.domain.papers import Paper
from bot.ports import PaperIndex

_TOKEN = re.compile(r"[^\W_]+(?:[-'’+.][^\W_]+|\+)*|[^\w\s]")
_NAME = re.compile(r"[A-Z].*[A-Z0-9]|[a-z]+[A-Z]|.*[A-Z].*\d|.*\d.*[A-Z]")


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_LINKS = _words(
    "of in for with on via by from between across into through over under within without toward towards using as"
    " and or than versus vs plus against among beyond about like including"
)
"""Words that stand before a noun phrase as well as after it."""

_BEFORE = _LINKS | _words(
    "a an the its their our his her this these those any each every all some no both such whose another other"
)
_AFTER = _LINKS | _words(
    "is are was were be been can could may might will would should must has have had do does that which who where"
    " when while if to because but however"
)
_OTHER = _words(
    "we i it they you he she them us not also very too only more most less least how what why then thus here there"
    " so just even still yet well often never always rather quite almost already again further furthermore moreover"
    " hence therefore namely e.g i.e etc either neither nor up down out off now"
)
_GENERAL = _words(
    "new novel same own one two three four five six first second third next last several various different many"
    " much few existing recent previous prior proposed following given certain good better best bad high higher low"
    " lower large larger small smaller long short easy hard fast slow strong weak main key major minor general"
    " simple complex effective efficient important significant single multiple entire whole full real true common"
    " popular current modern"
)
"""Adjectives and numbers that a phrase may begin with, and that say nothing of it."""

_VERBS = _words(
    "achieve address aim allow analyze apply argue assume base become begin bring build call capture carry combine"
    " compare compute conduct consider consist construct contain contribute create decide deliver demonstrate depend"
    " derive describe determine develop draw discover discuss employ enable encounter encourage enhance ensure"
    " establish estimate evaluate examine exhibit exist expand explain explore express extend extract fail find"
    " focus follow formulate generate give go guarantee handle happen hear help hold identify implement improve"
    " include incorporate increase indicate infer integrate introduce investigate keep know lack lead learn leave"
    " let leverage lie limit make maintain match mean meet mitigate move need observe obtain occur offer outperform"
    " overcome perform play possess predict present preserve prevent produce propose prove provide range reach"
    " reduce refer regard rely remain remove report represent require resolve reveal satisfy say see seek select"
    " serve show solve specify start state study suffer suggest support tackle take tell tend test try turn underlie"
    " understand use utilize vary verify want win work yield"
)
_VAGUE = _words(
    "problem method approach framework paper work setting case result performance experiment study example way type"
    " kind number set technique strategy trade-off simulation issue challenge task analysis scheme term role impact"
    " effect ability condition property solution information process procedure application context scenario aspect"
    " level section article author fact rate surge speedup score behavior object mechanism"
)
"""What ends a phrase without saying more."""

_COMMON = _words(
    "user person people human model data system agent image text language feature network dataset benchmark sample"
    " domain question answer tool step research world scale input output space point group time"
)
"""Nouns that say little alone, however rare they are in a small collection."""

_NO_NOUN = re.compile(r".*(?:ive|ous|ful|less|able|ible|ed|ly|ic|al|ary|ant|ent|est|ish|like|type|wise|based|aware)$")

_TELLING_ALONE, _TELLING_TOGETHER = 0.45, 0.38
"""How rare a word or the words of a phrase are together: log(N / df) as a share of log N, added up."""

_LONGEST = 4
"""Words of a phrase."""


class Chunk(NamedTuple):
    """Words that stand together, and whether they are a whole noun phrase."""

    words: tuple[str, ...]
    is_whole: bool


def chunks(text: str) -> Iterator[Chunk]:
    """The runs of words between function words and marks, in order."""
    run: list[str] = []
    before = ""
    for token in [*_TOKEN.findall(text), "."]:
        after = token.casefold()
        if _is_content(token):
            run.append(token)
            continue
        if after in _GENERAL and not run:
            continue
        if run:
            starts = not before or not before[0].isalnum() or before in _BEFORE
            ends = not after[0].isalnum() or after in _AFTER or is_verb(after)
            yield Chunk(tuple(run), starts and ends)
        run, before = [], after


def _is_content(token: str) -> bool:
    low = token.casefold()
    if not token[0].isalnum() or low in _BEFORE or low in _AFTER or low in _OTHER or low in _GENERAL:
        return False
    return _is_name(token) or not is_verb(low)


def is_verb(word: str) -> bool:
    """Whether a word in lower case is a form of a common verb, or an adverb."""
    if word.endswith("ly"):
        return True
    stems = (word, word[:-1], word[:-2], f"{word[:-3]}y", f"{word[:-3]}e", word[:-3], word[:-4])
    return any(stem in _VERBS for stem in (stems if word.endswith(("s", "ed", "ing")) else stems[:1]))


def is_function_word(word: str) -> bool:
    """Whether a word in lower case names nothing by itself: a function word, a verb or an adverb."""
    return word in _BEFORE or word in _AFTER or word in _OTHER or word in _GENERAL or is_verb(word)


def _is_name(word: str) -> bool:
    return bool(_NAME.match(word))


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

    def things(self, paper: Paper) -> dict[tuple[str, ...], str]:
        """What a paper names that tells it from others -> as it is written; what its title names first."""
        found: dict[tuple[str, ...], str] = {}
        ranked: dict[tuple[str, ...], float] = {}
        for bonus, text in ((1.0, paper.title), (0.0, paper.abstract)):
            for words in (part for chunk in chunks(text) if chunk.is_whole for part in _parts(chunk.words)):
                terms = self.terms(words)
                rarity = self.rarity(terms) if _may_be_thing(words, in_title=bool(bonus)) else 0.0
                if rarity < (_TELLING_ALONE if len(words) == 1 else _TELLING_TOGETHER):
                    continue
                ranked.setdefault(terms, bonus + min(rarity, 1.0))
                if terms not in found or " ".join(words).islower():
                    found[terms] = " ".join(words)
        return {terms: found[terms] for terms in sorted(found, key=lambda terms: -ranked[terms])}

    def shared(self, things: Mapping[tuple[str, ...], str], paper: Paper, limit: int) -> list[str]:
        """The first few of some things that a paper names too, none within another."""
        held = [tuple(self._index.analyze(text)) for text in (paper.title, paper.abstract)]
        shown: list[tuple[str, ...]] = []
        for terms in things:
            if len(shown) == limit:
                break
            if any(is_within(terms, each) for each in held) and not any(set(terms) & set(each) for each in shown):
                shown.append(terms)
        return [things[terms] for terms in shown]


def _parts(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """A phrase without the vague words at its end, and what is left of it without the first words."""
    while words and words[-1].casefold().rstrip("s") in _VAGUE:
        words = words[:-1]
    yield from (words[at:] for at in range(max(len(words) - 1, 1)))


def _may_be_thing(words: Sequence[str], *, in_title: bool) -> bool:
    """Whether words between the right neighbours name something: the last must not look like an adjective."""
    if not 0 < len(words) <= _LONGEST or not all(_is_word(word) for word in words):
        return False
    head = words[-1]
    if _is_name(head):
        return True
    if head.endswith(("'s", "’s")) or (len(words) == 1 and head.casefold().rstrip("s") in _COMMON):
        return False
    looks_like_verb = head.endswith("ing") and len(words) == 1 and not in_title
    return len(head) > 3 and head.isascii() and not looks_like_verb and not _NO_NOUN.fullmatch(head.casefold())


def _is_word(word: str) -> bool:
    """Whether it is a word rather than a number or a formula (`N+2α`)."""
    return any(char.isalpha() for char in word) and "+" not in word.rstrip("+")


def is_within(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether terms stand together, in order, among others."""
    wanted = tuple(part)
    starts = (at for at, term in enumerate(whole) if term == wanted[0]) if wanted else iter([0])
    return any(tuple(whole[at : at + len(wanted)]) == wanted for at in starts)
