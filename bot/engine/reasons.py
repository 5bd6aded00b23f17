"""Why a paper is in an answer, in a few words."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set

import numpy as np

from bot.engine.hints import Hint
from bot.engine.profile import Opinion, paper_text
from bot.engine.query import Query
from bot.engine.recommend import closest_opinion
from bot.engine.search import Ranking, tf_idf
from bot.papers import Paper, title_key
from bot.ports import PaperIndex, Rows, Vectors

Explainer = Callable[[Ranking, Sequence[Paper]], list[tuple[str, ...]]]
"""(ranking, its papers in order) -> the reasons of each, the most telling first."""

_WORD = re.compile(r"[^\W_]+(?:[-'’+.][^\W_]+|\+)*")
TELLING = 0.3
"""A hint worth less is not told."""

_SHOWN_WORDS = 4
_SHARED_TERMS = 12


def for_search(index: PaperIndex, query: Query, *, respelled: bool = False) -> Explainer:
    """`matches diffusion, images`, `similar in meaning`, or the filters it meets; what was meant, if respelled."""
    typed = {term: (index.term_number(term), word) for term, word in _typed_words(index, query.text).items()}
    meant = (f"for {query.text}",) if respelled else ()
    title = title_key(query.text)

    def explain(paper: Paper, held: Set[int]) -> tuple[str, ...]:
        if query.text and title_key(paper.title) == title:
            return ("this is its title",)
        matched = [word for number, word in typed.values() if number in held]
        missing = {term for term, (number, _) in typed.items() if number not in held}
        found = (f"matches {_listed(matched)}",) if matched else ()
        asked = query.filters.authors or _named(index, paper.authors, missing)[:2]
        authors = tuple(f"by {name}" for name in asked)
        return meant + (found + authors or (("similar in meaning",) if query.text else ("matches your filters",)))

    numbers = [number for number, _ in typed.values()]
    return lambda ranking, papers: list(map(explain, papers, _held(index, ranking.rows, numbers)))


def for_similar(index: PaperIndex, seeds: Sequence[Paper], community: Mapping[int, Hint]) -> Explainer:
    """Authors in common, people who saved both, and the telling words shared, else `similar in meaning`."""
    shared = _words_for_terms(index, seeds)
    authors = {author.casefold() for seed in seeds for author in seed.authors}

    def explain(row: int, paper: Paper, held: Set[int]) -> tuple[str, ...]:
        common = [author for author in paper.authors if author.casefold() in authors]
        also = (f"also by {_listed(common[:2])}",) if common else ()
        together = _told(community.get(row))
        return also + together + _shares(shared, held) or ("similar in meaning",)

    def explained(ranking: Ranking, papers: Sequence[Paper]) -> list[tuple[str, ...]]:
        return list(map(explain, ranking.rows.tolist(), papers, _held(index, ranking.rows, shared)))

    return explained


def for_profile(index: PaperIndex, opinions: Sequence[Opinion], hints: Mapping[int, Hint]) -> Explainer:
    """`because you saved …` with the saved paper it resembles most, the words shared, and what else speaks for it."""
    vectors = index.vectors(np.array([opinion.row for opinion in opinions], np.int64))
    wanted = [opinion.paper for opinion in opinions if opinion.weight > 0]
    shared = _words_for_terms(index, wanted)

    def explain(row: int, vector: Vectors, held: Set[int]) -> tuple[str, ...]:
        closest = closest_opinion(vector, vectors, opinions)
        because: tuple[str, ...] = (f"because {closest.by} {closest.verb} “{closest.paper.title}”",) if closest else ()
        return because + _told(hints.get(row)) + _shares(shared, held) or ("close to what you like",)

    def explained(ranking: Ranking, _papers: Sequence[Paper]) -> list[tuple[str, ...]]:
        rows = ranking.rows
        return list(map(explain, rows.tolist(), index.vectors(rows), _held(index, rows, shared)))

    return explained


def _told(hint: Hint | None) -> tuple[str, ...]:
    return (hint.reason,) if hint and hint.worth >= TELLING else ()


def _held(index: PaperIndex, rows: Rows, numbers: Collection[int]) -> Sequence[Set[int]]:
    """Which of some terms' numbers each paper holds."""
    papers = index.terms(rows)
    found = np.flatnonzero(np.isin(papers.numbers, list(numbers)))
    held: list[set[int]] = [set() for _ in rows]
    owners = np.searchsorted(papers.bounds, found, side="right") - 1
    for owner, number in zip(owners.tolist(), papers.numbers[found].tolist(), strict=True):
        held[owner].add(number)
    return held


def _typed_words(index: PaperIndex, text: str) -> dict[str, str]:
    """Term -> the word it was written as: in lower case if it ever was, else as it came first."""
    words: dict[str, str] = {}
    for word in dict.fromkeys(_WORD.findall(text)):
        for term in index.analyze(word):
            if term not in words or (word.islower() and not words[term].islower()):
                words[term] = word
    return words


def _named(index: PaperIndex, authors: Sequence[str], terms: Set[str]) -> list[str]:
    """The authors whose names hold one of some terms."""
    if not terms or terms.isdisjoint(index.analyze(" ".join(authors))):
        return []
    return [name for name in authors if not terms.isdisjoint(index.analyze(name))]


def _words_for_terms(index: PaperIndex, papers: Iterable[Paper]) -> dict[int, str]:
    """The numbers of papers' most telling terms -> how they are written, the most telling first."""
    texts = [paper_text(paper) for paper in papers]
    written = _typed_words(index, " ".join(texts))
    terms = tf_idf(index, dict.fromkeys(texts, 1.0), _SHARED_TERMS)
    return {index.term_number(term): written[term] for term in terms if term in written and len(term) > 1}


def _shares(words: Mapping[int, str], held: Set[int]) -> tuple[str, ...]:
    shared = [word for number, word in words.items() if number in held]
    return (f"shares {_listed(shared)}",) if shared else ()


def _listed(words: Sequence[str]) -> str:
    """The first few words, each once: several terms may come from one written word."""
    return ", ".join(list(dict.fromkeys(words))[:_SHOWN_WORDS])
