"""Very common words, which score papers and find none."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from bot.ports import Filters, PaperIndex
from storage.index import common_words as common_words_module
from storage.index import snapshot
from storage.index.common_words import WORTHWHILE, bm25, common_words
from storage.index.word_search import WordSearch
from tests.support.index import fill, stored, words

PAPERS = 3 * WORTHWHILE


def left_to_score(limit: int = 10, **shares: float) -> set[str]:
    """The common words of a query whose words these shares of all papers have."""
    return set(common_words(dict.fromkeys(shares, 1.0), lambda word: int(shares[word] * PAPERS), PAPERS, limit))


def test_the_commonest_words_find_nothing_where_the_others_say_more() -> None:
    assert left_to_score(model=0.6, learn=0.4, protein=0.01, fold=0.002) == {"model", "learn"}


def test_a_word_that_says_much_of_a_short_query_finds() -> None:
    assert left_to_score(model=0.5, learn=0.4) == set()
    assert left_to_score(model=0.5, learn=0.4, network=0.3) == {"model"}


def test_a_word_that_few_have_finds() -> None:
    assert left_to_score(graph=0.19, protein=0.01, fold=0.002) == set()


def test_a_word_finds_where_the_others_find_too_little() -> None:
    assert left_to_score(limit=100, model=0.6, fold=501 / PAPERS) == {"model"}
    assert left_to_score(limit=100, model=0.6, fold=499 / PAPERS) == set()


def test_all_words_find_where_none_is_in_many_papers() -> None:
    terms = {"model": 1.0, "protein": 1.0}
    assert common_words(terms, {"model": WORTHWHILE - 1, "protein": 5_000}.__getitem__, WORTHWHILE + 1, 10) == {}
    assert set(common_words(terms, {"model": WORTHWHILE, "protein": 5_000}.__getitem__, WORTHWHILE + 1, 10)) == {
        "model"
    }


def test_a_common_word_has_its_weight_times_its_rarity() -> None:
    frequency = {"model": PAPERS // 2, "fold": 5_000}.__getitem__
    once, twice = (common_words({"model": count, "fold": 1.0}, frequency, PAPERS, 10)["model"] for count in (1.0, 2.0))
    assert twice == 2 * once == pytest.approx(2 * np.log(2), rel=1e-5)


TEXTS = [
    "protein folding",
    "protein models of protein",
    "a model",
    "models of models",
    "folding of a protein by models",
]
"""Short enough for tantivy to keep their lengths exactly."""


def test_scores_are_those_of_tantivy(index: PaperIndex) -> None:
    fill(index, [stored(row, text) for row, text in enumerate(TEXTS, 1)])
    rows = np.arange(1, len(TEXTS) + 1)
    papers = index.terms(rows)
    for word, count in index.document_frequency(["protein", "model", "fold"]).items():
        rarity = np.log1p((len(TEXTS) - count + 0.5) / (count + 0.5))
        hits = index.match_words({word: 2.0}, 10)
        expected = dict(zip(hits.rows.tolist(), hits.scores.tolist(), strict=True))
        scores = bm25(papers, {word: 2.0 * rarity}, papers.counts.sum() / len(TEXTS))
        assert scores.tolist() == pytest.approx([expected.get(row, 0.0) for row in rows.tolist()], rel=1e-5)


def test_papers_without_terms_have_no_score(index: PaperIndex) -> None:
    fill(index, [stored(1, "A model"), stored(2, "The")])
    assert bm25(index.terms(np.array([2, 1])), {"model": 1.0}, 1.0).tolist() == [0.0, 1.0]


@pytest.fixture
def few_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Common words are left out among few papers, too, where the others find three."""
    monkeypatch.setattr(common_words_module, "WORTHWHILE", 0)
    monkeypatch.setattr(snapshot, "FOUND", 3)


@pytest.fixture
def asked_for(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """The words that tantivy is asked for, a set for each time."""
    asked: list[set[str]] = []
    match = WordSearch.match

    def recorded(search: WordSearch, terms: Mapping[str, float], *others: Any) -> Any:
        asked.append(set(terms))
        return match(search, terms, *others)

    monkeypatch.setattr(WordSearch, "match", recorded)
    return asked


WITH_COMMON_WORDS = [stored(row, f"model {row}") for row in range(1, 61)]


@pytest.mark.usefixtures("few_papers")
def test_common_words_order_what_the_others_find(index: PaperIndex, asked_for: list[set[str]]) -> None:
    short = ["folding alpha beta", "folding model beta", "folding model model"]
    rare = [*short, *["folding and nine more words that stand here beside others"] * 20]
    fill(index, [*WITH_COMMON_WORDS, *(stored(row, text) for row, text in enumerate(rare, 61))])
    assert words(index, "model folding", 3) == [63, 62, 61]
    assert words(index, "model folding", 1) == [63]
    assert asked_for == [{"fold"}] * 2


@pytest.mark.usefixtures("few_papers")
def test_all_words_find_where_the_others_find_less_than_is_asked_for(
    index: PaperIndex, asked_for: list[set[str]]
) -> None:
    rare = [stored(row, "folding " * 5) for row in range(61, 81)]
    of_category = [stored(row, "model", categories=("cs.LG",)) for row in range(82, 86)]
    fill(index, [*WITH_COMMON_WORDS, *rare, stored(81, "folding", categories=("cs.LG",)), *of_category])
    assert words(index, "model folding", 3, filters=Filters(categories=("cs.LG",))) == [81, 82, 83]
    assert asked_for == [{"fold"}, {"model", "fold"}]
