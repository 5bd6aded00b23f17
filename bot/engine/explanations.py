"""Why a paper is in an answer, in a few words."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from itertools import chain

import numpy as np

from bot.domain.papers import Paper, title_key
from bot.engine.boosts import Boost
from bot.engine.profile import Rating
from bot.engine.query import Query
from bot.engine.recommend import closest_rating
from bot.engine.search import Ranking, tf_idf
from bot.ports import PaperIndex, Rows, Vectors

Explainer = Callable[[Ranking, Sequence[Paper]], list[tuple[str, ...]]]
"""(ranking, its papers in order) -> the reasons of each, the most informative first."""

_WORD = re.compile(r"[^\W_]+(?:[-'’+.][^\W_]+|\+)*")
TELLING = 0.3
"""A boost worth less gives no reason."""

_SHOWN_WORDS = 4
_SHARED_TERMS = 12


def for_search(index: PaperIndex, query: Query, *, respelled: bool = False) -> Explainer:
    """`matches diffusion, images`, `similar in meaning`, or the filters it meets; with the corrected query, if any."""
    typed = _written_words(index, query.text)
    numbers = {term: index.term_number(term) for terms in typed for term in terms}
    meant = (f"for {query.text}",) if respelled else ()
    title = title_key(query.text)

    def explain(paper: Paper, held: Set[int]) -> tuple[str, ...]:
        if query.text and title_key(paper.title) == title:
            return ("this is its title",)
        missing = {term for term, number in numbers.items() if number not in held}
        matched = [word for terms, word in typed.items() if missing.isdisjoint(terms)]
        found = (f"matches {_listed(matched)}",) if matched else ()
        asked = query.filters.authors or _named(index, paper.authors, missing)[:2]
        authors = tuple(f"by {name}" for name in asked)
        return meant + (found + authors or (("similar in meaning",) if query.text else ("matches your filters",)))

    return lambda ranking, papers: list(map(explain, papers, _held(index, ranking.rows, numbers.values())))


def for_similar(index: PaperIndex, seeds: Sequence[Paper], community: Mapping[int, Boost]) -> Explainer:
    """Authors in common, people who saved both, and the distinctive words shared, else `similar in meaning`."""
    shared = _telling_words(index, seeds)
    authors = {author.casefold() for seed in seeds for author in seed.authors}

    def explain(row: int, paper: Paper, held: Set[int]) -> tuple[str, ...]:
        common = [author for author in paper.authors if author.casefold() in authors]
        also = (f"also by {_listed(common[:2])}",) if common else ()
        together = _told(community.get(row))
        return also + together + _shares(shared, held) or ("similar in meaning",)

    def explained(ranking: Ranking, papers: Sequence[Paper]) -> list[tuple[str, ...]]:
        return list(map(explain, ranking.rows.tolist(), papers, _held(index, ranking.rows, chain(*shared))))

    return explained


def for_profile(index: PaperIndex, ratings: Sequence[Rating], boosts: Mapping[int, Boost]) -> Explainer:
    """`because you saved …` with the saved paper it resembles most, the words shared, and its boost."""
    vectors = index.vectors(np.array([rating.row for rating in ratings], np.int64))
    wanted = [rating.paper for rating in ratings if rating.weight > 0]
    shared = _telling_words(index, wanted)

    def explain(row: int, vector: Vectors, held: Set[int]) -> tuple[str, ...]:
        closest = closest_rating(vector, vectors, ratings)
        because: tuple[str, ...] = (f"because {closest.by} {closest.verb} “{closest.paper.title}”",) if closest else ()
        return because + _told(boosts.get(row)) + _shares(shared, held) or ("close to what you like",)

    def explained(ranking: Ranking, _papers: Sequence[Paper]) -> list[tuple[str, ...]]:
        rows = ranking.rows
        return list(map(explain, rows.tolist(), index.vectors(rows), _held(index, rows, chain(*shared))))

    return explained


def _told(boost: Boost | None) -> tuple[str, ...]:
    return (boost.reason,) if boost and boost.worth >= TELLING else ()


def _held(index: PaperIndex, rows: Rows, numbers: Iterable[int]) -> Sequence[Set[int]]:
    """Which of some terms' numbers each paper holds."""
    papers = index.terms(rows)
    found = np.flatnonzero(np.isin(papers.numbers, list(numbers)))
    held: list[set[int]] = [set() for _ in rows]
    owners = np.searchsorted(papers.bounds, found, side="right") - 1
    for owner, number in zip(owners.tolist(), papers.numbers[found].tolist(), strict=True):
        held[owner].add(number)
    return held


def _written_words(index: PaperIndex, text: str) -> dict[tuple[str, ...], str]:
    """The terms of each word -> how it was written: in lower case if that occurs, else as it is written first.

    A compound (`vision-language`, `ResNet-50`) has several terms; a paper has it if it has all of them.
    """
    words: dict[tuple[str, ...], str] = {}
    for word in dict.fromkeys(_WORD.findall(text)):
        terms = tuple(index.analyze(word))
        if terms and (terms not in words or (word.islower() and not words[terms].islower())):
            words[terms] = word
    return words


def _named(index: PaperIndex, authors: Sequence[str], terms: Set[str]) -> list[str]:
    """The authors whose names hold one of some terms."""
    if not terms or terms.isdisjoint(index.analyze(" ".join(authors))):
        return []
    return [name for name in authors if not terms.isdisjoint(index.analyze(name))]


def _telling_words(index: PaperIndex, papers: Iterable[Paper]) -> dict[tuple[int, ...], str]:
    """How papers' most distinctive terms are written, the best first, by the numbers of all terms of the word."""
    texts = [paper.text for paper in papers]
    written: dict[str, tuple[tuple[str, ...], str]] = {}
    for terms, word in _written_words(index, " ".join(texts)).items():
        for term in terms:
            if term not in written or (word.islower() and not written[term][1].islower()):
                written[term] = terms, word
    telling = tf_idf(index, dict.fromkeys(texts, 1.0), _SHARED_TERMS)
    found = [written[term] for term in telling if term in written and len(term) > 1]
    return {tuple(map(index.term_number, terms)): word for terms, word in found}


def _shares(words: Mapping[tuple[int, ...], str], held: Set[int]) -> tuple[str, ...]:
    shared = [word for numbers, word in words.items() if held >= set(numbers)]
    return (f"shares {_listed(shared)}",) if shared else ()


def _listed(words: Sequence[str]) -> str:
    """The first few words, each once: several terms may come from one written word."""
    return ", ".join(list(dict.fromkeys(words))[:_SHOWN_WORDS])
