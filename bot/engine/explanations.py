"""Why a paper is in an answer, in a few words."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import cache

import numpy as np

from bot.domain.papers import Paper, title_key
from bot.engine.boosts import Boost
from bot.engine.phrases import Phrases, is_function_word
from bot.engine.profile import Rating
from bot.engine.query import Query
from bot.engine.recommend import closest_rating
from bot.engine.search import Ranking, close_titles
from bot.ports import PaperIndex, Rows, Vectors

Explainer = Callable[[Ranking, Sequence[Paper]], list[tuple[str, ...]]]
"""(ranking, its papers in order) -> the reasons of each, the most informative first."""

_WORD = re.compile(r"[^\W_]+(?:[-'’+.][^\W_]+|\+)*")
TELLING = 0.3
"""A boost worth less gives no reason."""

_SHOWN_WORDS, _SHOWN_THINGS = 4, 3

_RARE = 0.25
"""How rare a word typed beside another is (see `Phrases.rarity`) that says something without it."""


def for_search(index: PaperIndex, query: Query, *, respelled: bool = False) -> Explainer:
    """`matches image diffusion`, `similar in meaning`, or the filters it meets; with the corrected query, if any."""
    phrases = Phrases(index)
    typed = _typed_words(phrases, query.text)
    numbers = {term: index.term_number(term) for _, terms in typed for term in terms}
    meant = (f"for {query.text}",) if respelled else ()
    title, close = title_key(query.text), set(close_titles(index, query.text).tolist())

    def explain(row: int, paper: Paper, held: Set[int]) -> tuple[str, ...]:
        if query.text and title_key(paper.title) == title:
            return ("this is its title",)
        if row in close and index.analyze(paper.title) != index.analyze(query.text):
            return ("did you mean this title?",)
        missing = {term for term, number in numbers.items() if number not in held}
        matched = _matched(phrases, typed, missing, paper.text.casefold())
        found = (f"matches {_listed(matched)}",) if matched else ()
        asked = query.filters.authors or _named(index, paper.authors, missing)[:2]
        authors = tuple(f"by {name}" for name in asked)
        return meant + (found + authors or (("similar in meaning",) if query.text else ("matches your filters",)))

    def explain_all(ranking: Ranking, papers: Sequence[Paper]) -> list[tuple[str, ...]]:
        rows = ranking.rows
        return list(map(explain, rows.tolist(), papers, _held(index, rows, numbers.values())))

    return explain_all


def for_similar(index: PaperIndex, seeds: Sequence[Paper], community: Mapping[int, Boost]) -> Explainer:
    """Authors in common, people who saved both, and what both name; nothing where that is not known."""
    phrases = Phrases(index)
    things = {terms: words for seed in reversed(seeds) for terms, words in phrases.things(seed).items()}
    authors = {author.casefold() for seed in seeds for author in seed.authors}

    def explain(row: int, paper: Paper) -> tuple[str, ...]:
        common = [author for author in paper.authors if author.casefold() in authors]
        also = (f"also by {_listed(common[:2])}",) if common else ()
        return also + _boosted(community.get(row)) + _shares(phrases, things, paper)

    return lambda ranking, papers: list(map(explain, ranking.rows.tolist(), papers))


def for_profile(index: PaperIndex, ratings: Sequence[Rating], boosts: Mapping[int, Boost]) -> Explainer:
    """`because you saved …` with the saved paper it resembles most, what both name, and its boost."""
    vectors = index.vectors(np.array([rating.row for rating in ratings], np.int64))
    phrases = Phrases(index)
    things = cache(phrases.things)

    def explain(row: int, vector: Vectors, paper: Paper) -> tuple[str, ...]:
        closest = closest_rating(vector, vectors, ratings)
        boost = _boosted(boosts.get(row))
        if closest is None:
            return boost
        because = f"because {closest.by} {closest.verb} “{closest.paper.title}”"
        return (because, *boost, *_shares(phrases, things(closest.paper), paper))

    def explained(ranking: Ranking, papers: Sequence[Paper]) -> list[tuple[str, ...]]:
        return list(map(explain, ranking.rows.tolist(), index.vectors(ranking.rows), papers))

    return explained


def _boosted(boost: Boost | None) -> tuple[str, ...]:
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


def _typed_words(phrases: Phrases, text: str) -> list[tuple[str, tuple[str, ...]]]:
    """The words of a query as they were typed, each with its terms: a compound (`ResNet-50`) has several, `of` none."""
    return [(word, phrases.terms([word])) for word in _WORD.findall(text)]


def _matched(
    phrases: Phrases, typed: Sequence[tuple[str, tuple[str, ...]]], missing: Set[str], written: str
) -> list[str]:
    """What of a query a paper holds: words typed side by side together where they stand so in the paper.

    A word that names nothing is left out, and so is a common one that was typed as part of something else.
    """
    shown: dict[str, None] = {}
    run: list[tuple[str, tuple[str, ...]]] = []
    for word, terms in [*typed, ("", ())]:
        is_held = bool(terms) and missing.isdisjoint(terms)
        if is_held and (not run or _stand_together([*(each for _, each in run), terms], written)):
            run.append((word, terms))
            continue
        if run and _tells(phrases, run, typed):
            shown[" ".join(each for each, _ in run)] = None
        run = [(word, terms)] if is_held else []
    return list(shown)


def _stand_together(words: Sequence[tuple[str, ...]], written: str) -> bool:
    """Whether words, each by its terms, follow each other in a text in lower case, whatever their endings."""
    stems = [term.rstrip("ie") or term for terms in words for term in terms]
    return bool(re.search(r"\b" + r"\w*[\s-]{1,2}".join(map(re.escape, stems)), written))


def _tells(
    phrases: Phrases, run: Sequence[tuple[str, tuple[str, ...]]], typed: Sequence[tuple[str, tuple[str, ...]]]
) -> bool:
    """Whether words of a query say why a paper is there."""
    if len(run) > 1:
        return True
    word, terms = run[0]
    if is_function_word(word.casefold()):
        return False
    place = typed.index(run[0])
    beside = (*typed[max(place - 1, 0) : place], *typed[place + 1 : place + 2])
    is_part = any(each and not is_function_word(near.casefold()) for near, each in beside)
    return not is_part or phrases.rarity(terms) >= _RARE


def _named(index: PaperIndex, authors: Sequence[str], terms: Set[str]) -> list[str]:
    """The authors whose names hold one of some terms."""
    if not terms or terms.isdisjoint(index.analyze(" ".join(authors))):
        return []
    return [name for name in authors if not terms.isdisjoint(index.analyze(name))]


def _shares(phrases: Phrases, things: Mapping[tuple[str, ...], str], paper: Paper) -> tuple[str, ...]:
    shared = phrases.shared(things, paper, _SHOWN_THINGS)
    return (f"shares {_listed(shared)}",) if shared else ()


def _listed(words: Sequence[str]) -> str:
    """The first few words, each once: several terms may come from one written word."""
    return ", ".join(list(dict.fromkeys(words))[:_SHOWN_WORDS])
