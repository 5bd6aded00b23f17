"""The paper that everybody means by a name: a search for `Mamba` asks for the paper that introduced it first of all."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import cached_property

import numpy as np

from bot.domain.papers import Paper
from bot.engine.profile import unit
from bot.engine.query import Query
from bot.engine.search import NEAR_TIE, Ranking, term_weights, titled
from bot.ports import Filters, PaperIndex, Rows, StoredPaper, Vectors

Read = Callable[[Sequence[int]], Iterable[StoredPaper]]
"""Rows -> the papers in them."""

MOST_WORDS = 3
"""A name has at most so many words."""

IN_USE = 5
"""What more papers than this had written before was no new name."""

BEGINS, WITHIN, INTRODUCED = 0.1, 0.2, 0.3
"""How much less it says, in cosines, that a title begins with the name without a colon after it, has it elsewhere, or
that the abstract alone introduces it."""

YEAR = 0.02
"""What a paper a year younger counts less, in cosines."""

_TITLES = 400
"""How many papers with the words in the title are asked for."""

_READ = 20
"""How many of those whose title begins with a name, and how many of the best of a search, are read."""

_CENTRE = 50
"""The first so many hits say what is meant by a name."""

_DASHES = r"\-\u2010-\u2015"
_CAPITAL_WITHIN = re.compile(r"[^\W\d_][A-Z]")
_WORD = rf"[\w{_DASHES}+.]*"
# One run of a word is not parted in all ways (`*+`): titles may be one long word.
_OTHER_NAME = re.compile(rf"(?={_WORD}(?:[^\W\d_][A-Z]|\d)){_WORD}+(?:\s+v?\d[\d.]*)?\s*:")
"""A title that another name heads (`CondenseNet: An Efficient DenseNet`) introduces that one."""


def introducing(index: PaperIndex, query: Query, found: Ranking, read: Read) -> int | None:
    """The row of the paper that introduced what a query names; None where it is no name, or no such paper is here.

    The name heads a title (`Mamba: Linear-Time …`), or one with a capital within stands in a title or is introduced in
    an abstract, and hardly any paper wrote it before. Names are given again to other things: of several papers the one
    that is nearest to what the search found, and early.
    """
    terms = list(dict.fromkeys(index.analyze(query.text)))
    may_be = terms and len(query.text.split()) <= MOST_WORDS and not query.filters and len(found)
    if not may_be or len(titled(index, query.text)):
        return None
    centre = unit(index.vectors(found.rows[:_CENTRE]).mean(axis=0))
    titled_so = _titled(index, query.text, terms, centre)
    rows = np.array(sorted({*titled_so.tolist(), *found.rows[:_READ].tolist()}), np.int64)
    closeness = dict(zip(rows.tolist(), (index.vectors(rows) @ centre).tolist(), strict=True))
    name = _Name(query.text)
    worth: dict[int, float] = {}
    papers: dict[int, Paper] = {}
    for stored in read(rows.tolist()):
        less = name.missing_in(stored.paper)
        if less is not None:
            published = stored.paper.published or date.max
            papers[stored.row] = stored.paper
            worth[stored.row] = closeness[stored.row] - less - YEAR * published.year
    best_first = sorted(papers, key=lambda row: (-worth[row], row))
    return next((row for row in best_first if _is_new(index, query.text, papers[row])), None)


def raised(found: Ranking, row: int) -> Ranking:
    """A ranking with one paper before all others, whether it was in it or not."""
    its, rest = (found.take(np.flatnonzero(is_it)) for is_it in (found.rows == row, found.rows != row))
    score = found.scores[:1] - np.float32(2 * NEAR_TIE)
    words, meaning = (its.words, its.meaning) if len(its) else (np.zeros(1, np.float32),) * 2
    return Ranking(
        np.append(row, rest.rows),
        np.append(score, rest.scores),
        np.append(words, rest.words),
        np.append(meaning, rest.meaning),
    )


def _titled(index: PaperIndex, text: str, terms: Sequence[str], centre: Vectors) -> Rows:
    """Papers whose title begins with some terms, those nearest to a centre [dim]."""
    rows = index.match_words(term_weights(index, text), _TITLES, fields={"title": 1.0}).rows
    papers = index.terms(rows)
    wanted = np.array(index.term_numbers(terms), np.uint32)
    # A paper's terms come in the order in which they first stand in it, and the title is first.
    long_enough = np.flatnonzero(np.diff(papers.bounds) >= len(wanted))
    begins = papers.numbers[papers.bounds[long_enough][:, None] + np.arange(len(wanted))]
    begun: Rows = rows[long_enough[(begins == wanted).all(axis=1)]]
    return begun[np.argsort(-(index.vectors(begun) @ centre), kind="stable")[:_READ]]


def _is_new(index: PaperIndex, name: str, paper: Paper) -> bool:
    """Whether hardly any paper had written a name before this one; of one word, in its title."""
    if not paper.published:
        return True
    terms = term_weights(index, name)
    if len(terms) == 1:
        # Abstracts have the words that names are made of: `informer`, `raft`.
        earlier = index.match_words(terms, IN_USE + 1, fields={"title": 1.0}, filters=Filters(before=paper.published))
    else:
        earlier = index.match_words({}, IN_USE + 1, filters=Filters(phrases=(name,), before=paper.published))
    return len(earlier.rows) <= IN_USE


class _Name:
    """A name as papers write it, whatever its case, hyphens and plural."""

    def __init__(self, text: str) -> None:
        spelled = rf"[\s{_DASHES}]*".join(map(re.escape, re.split(rf"[\s{_DASHES}]+", text.strip())))
        self._is_one_word = len(text.split()) == 1
        self._whole = rf"(?<![\w{_DASHES}])(?P<name>{spelled})s?(?![\w{_DASHES}])"
        self._headed = re.compile(rf"{spelled}s?\s*(?:$|:|--|[{_DASHES}]\s)", re.IGNORECASE)
        self._succeeds = re.compile(rf"{spelled}[\s{_DASHES}]*(?:\+|v?\d)", re.IGNORECASE)

    @cached_property
    def _begun(self) -> re.Pattern[str]:
        return re.compile(rf"(?:the\s+)?{self._whole}", re.IGNORECASE)

    @cached_property
    def _within(self) -> re.Pattern[str]:
        return re.compile(self._whole, re.IGNORECASE)

    @cached_property
    def _introduced(self) -> re.Pattern[str]:
        # What was `recently proposed` others have introduced.
        active = r"(?:introduc|propos|describ)(?:e|es|ing)|(?:present|develop)(?:s|ing)?"
        introducing = (
            rf"\b(?:{active}|we (?:have )?(?:introduced|proposed|presented|described|developed))\b[^.;]{{0,80}}?"
        )
        naming = r"\b(?:called|named|dubbed|termed),?\s+[\"“'`]*"
        return re.compile(rf"(?:{introducing}|{naming}){self._whole}", re.IGNORECASE)

    def missing_in(self, paper: Paper) -> float | None:
        """What a paper says less than a title that is headed by the name, 0 or more; None where it does not say it.

        What may be a topic as well (`few-shot learning`) is taken for a name only where it heads a title.
        """
        if self._headed.match(paper.title):
            return 0.0
        if not self._is_one_word or self._succeeds.match(paper.title) or _OTHER_NAME.match(paper.title):
            return None
        places = ((self._begun.match, paper.title, BEGINS), (self._within.search, paper.title, WITHIN))
        for look, text, less in (*places, (self._introduced.search, paper.abstract, INTRODUCED)):
            if (match := look(text)) and _CAPITAL_WITHIN.search(match["name"]):
                return less
        return None
