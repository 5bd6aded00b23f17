"""Why a paper is in an answer, in a few words."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from typing import NamedTuple

import numpy as np

from bot.domain.papers import Paper, title_key
from bot.domain.words import plain_letters
from bot.engine.boosts import Boost
from bot.engine.noun_phrases import is_common, is_function_word, is_link, is_name, is_vague, is_verb, may_name
from bot.engine.phrases import Phrases, Thing, name_ends
from bot.engine.profile import Rating
from bot.engine.query import Query
from bot.engine.recommend import closest_rating
from bot.engine.search import FAINT, Ranking, titled
from bot.ports import PaperIndex, Rows, Vectors

Explainer = Callable[[Ranking, Sequence[Paper]], list[tuple[str, ...]]]
"""(ranking, its papers in order) -> the reasons of each, the most informative first."""

_WORD = re.compile(r"[^\W_]+(?:[-'’+.][^\W_]+|\+)*")
_LETTER, _TO_NEXT_WORD = re.compile(r"\w"), re.compile(r"\w*[\s–—-]{1,2}")
TELLING = 0.3
"""A boost worth less gives no reason."""

_SHOWN_WORDS, _SHOWN_THINGS = 4, 3

_SHORT, _RARE = 3, 0.25
"""A word alone says something from this rarity on (see `Phrases.rarity`); in a query of more words, papers must be
about it too."""

_ASKING = frozenset(
    {"research", "researcher", "researchers", "publications", "references", "literature", "field", "topic", "topics"}
)


class _Typed(NamedTuple):
    """A word of a query, its terms, and what is known of it before any paper is read.

    `ends` says of the last word of a noun phrase whether one may end so (see `name_ends`), `names` whether something
    named by several words may end in it; `links` and `asks` are of words that name nothing themselves.
    """

    word: str
    terms: tuple[str, ...]
    ends: bool | None
    names: bool
    links: bool
    asks: bool


def for_search(index: PaperIndex, query: Query, *, respelled: bool = False) -> Explainer:
    """`matches image diffusion`, `similar in meaning`, or the filters it meets; with the corrected query, if any.

    A paper that only has common words of the query, and is not near it in meaning, has no reason.
    """
    phrases = Phrases(index)
    typed = _typed_words(phrases, query.text)
    content = sum(1 for each in typed if each.terms and not is_function_word(each.word.casefold()))
    telling = {each for each in dict.fromkeys(typed) if _tells(phrases, each, content, len(typed))}
    terms = _terms(typed)
    numbers = dict(zip(terms, index.term_numbers(terms), strict=True))
    meant = (f"for {query.text}",) if respelled else ()
    typed_title = title_key(query.text)

    @cache
    def meant_titles() -> Set[int]:
        return set(titled(index, query.text).tolist())

    def explain(row: int, paper: Paper, held: Set[int], meaning: float) -> tuple[str, ...]:
        title = title_key(paper.title)
        if query.text and title == typed_title:
            return ("this is its title",)
        is_close = abs(len(title) - len(typed_title)) <= 1 and row in meant_titles()
        if is_close and index.analyze(paper.title) != index.analyze(query.text):
            return ("did you mean this title?",)
        missing = {term for term, number in numbers.items() if number not in held}
        matched = _matched(typed, telling, missing, plain_letters(paper.text))
        found = (f"matches {_listed(matched)}",) if matched else ()
        asked = query.filters.authors or _named(index, paper.authors, missing)[:2]
        authors = tuple(f"by {name}" for name in asked)
        if found or authors or not query.text:
            return meant + (found + authors or ("matches your filters",))
        return meant + (("similar in meaning",) if meaning >= FAINT else ())

    def explain_all(ranking: Ranking, papers: Sequence[Paper]) -> list[tuple[str, ...]]:
        rows = ranking.rows
        held = _held(index, rows, numbers.values())
        return list(map(explain, rows.tolist(), papers, held, ranking.meaning.tolist()))

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
    for owner, number in zip(papers.owners(found).tolist(), papers.numbers[found].tolist(), strict=True):
        held[owner].add(number)
    return held


def _typed_words(phrases: Phrases, text: str) -> list[_Typed]:
    """The words of a query as they were typed, each with its terms: a compound (`ResNet-50`) has several, `of` none."""
    ends = name_ends(text)
    return [
        _Typed(
            word,
            phrases.terms([word]),
            ends.get(at),
            _names(word, ends.get(at)),
            is_link(word.casefold()),
            _asks(word),
        )
        for at, word in enumerate(_WORD.findall(text))
    ]


def _matched(typed: Sequence[_Typed], telling: Set[_Typed], missing: Set[str], written: str) -> list[str]:
    """What of a query a paper holds: words typed side by side together where they stand so in the paper.

    A word alone is left out if it is none of the `telling` ones. `written` is the paper in `plain_letters`.
    """
    runs = map(_trimmed, _runs(typed, missing, written))
    shown = [run for run in runs if (run[-1].names if len(run) > 1 else run and run[0] in telling)]
    shown = [run for run in shown if not any(_is_part(run, other) for other in shown)]
    return list({_terms(run): " ".join(each.word for each in run) for run in reversed(shown)}.values())[::-1]


def _runs(typed: Sequence[_Typed], missing: Set[str], written: str) -> Iterator[Sequence[_Typed]]:
    """The longest runs of a query's words that a paper holds side by side."""
    run: list[_Typed] = []
    for each in typed:
        is_held = bool(each.terms) and missing.isdisjoint(each.terms) and _stand_together([each], written)
        if is_held and (not run or _stand_together([*run, each], written)):
            run.append(each)
            continue
        yield run
        run = [each] if is_held else []
    yield run


def _stand_together(words: Sequence[_Typed], written: str) -> bool:
    """Whether words, each by its terms, follow each other in a text in plain letters, whatever their endings."""
    first, *others = [term.rstrip("ie") or term for term in _terms(words)]
    return not others or any(_follow(others, written, place) for place in _ends(first, written))


def _ends(stem: str, written: str) -> Iterator[int]:
    """Where a stem ends in each word of a text that begins with it."""
    # Compiling a pattern for each two words of a query takes longer than looking for them.
    start = written.find(stem)
    while start >= 0:
        if not start or not _LETTER.match(written, start - 1):
            yield start + len(stem)
        start = written.find(stem, start + 1)


def _follow(stems: Sequence[str], written: str, place: int) -> bool:
    """Whether the words after a place in a text, where a stem ends, begin with some stems."""
    for stem in stems:
        gap = _TO_NEXT_WORD.match(written, place)
        if not gap or not written.startswith(stem, gap.end()):
            return False
        place = gap.end() + len(stem)
    return True


def _terms(words: Sequence[_Typed]) -> tuple[str, ...]:
    return tuple(term for each in words for term in each.terms)


def _is_part(run: Sequence[_Typed], other: Sequence[_Typed]) -> bool:
    """Whether all words of one run are in a longer one."""
    return len(run) < len(other) and set(_terms(run)) <= set(_terms(other))


def _trimmed(run: Sequence[_Typed]) -> Sequence[_Typed]:
    """A run without what names nothing at its ends: `uses`, `from`, `could`; `state space` and `deep learning` stay."""
    while run and (run[0].links or run[0].asks):
        run = run[1:]
    while run and (run[-1].links or (len(run) == 1 and run[-1].asks)):
        run = run[:-1]
    return run


def _names(last: str, ends: bool | None) -> bool:
    """Whether several words name something if this is their last: not the `Quantized` of `a Quantized Autoencoder`."""
    if ends or is_verb(last.casefold()):  # what looks like a verb may be a noun: `tool use`
        return True
    return may_name(last) and not is_vague(last)


def _asks(word: str) -> bool:
    """Whether a word of a query is about the asking rather than what is asked for: `papers`, `research`, `uses`."""
    low = word.casefold()
    return low in _ASKING or is_vague(low) or (is_verb(low) and low.endswith(("s", "ed")) and not low.endswith("ss"))


def _tells(phrases: Phrases, typed: _Typed, content: int, words: int) -> bool:
    """Whether a word of a query says why a paper is there: alone it must be telling, unless little else was typed.

    The query has so many `words`, and of them so many that name something, its `content`.
    """
    if is_function_word(typed.word.casefold()):
        return False
    if is_name(typed.word):
        return True
    if phrases.rarity(typed.terms) < _RARE:
        return False
    if content == 1 or words <= _SHORT:
        return True
    is_noun = may_name(typed.word) and typed.ends is not False and not is_common(typed.word)
    return is_noun and (content <= _SHORT or phrases.is_subject(typed.terms))


def _named(index: PaperIndex, authors: Sequence[str], terms: Set[str]) -> list[str]:
    """The authors whose names hold one of some terms; an initial is no name."""
    terms = {term for term in terms if len(term) > 1}
    if not terms or terms.isdisjoint(index.analyze(" ".join(authors))):
        return []
    return [name for name in dict.fromkeys(authors) if not terms.isdisjoint(index.analyze(name))]


def _shares(phrases: Phrases, things: Mapping[tuple[str, ...], Thing], paper: Paper) -> tuple[str, ...]:
    shared = phrases.shared(things, paper, _SHOWN_THINGS)
    return (f"shares {_listed(shared)}",) if shared else ()


def _listed(words: Sequence[str]) -> str:
    """The first few words, each once: several terms may come from one written word."""
    return ", ".join(list(dict.fromkeys(words))[:_SHOWN_WORDS])
