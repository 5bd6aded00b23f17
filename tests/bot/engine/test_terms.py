"""Whole texts compared word by word."""

import numpy as np
import pytest

from bot.engine.terms import WHOLE, profile, scores, term_background, tf_idf_values
from bot.ports import TermCounts


def counts(*papers: dict[int, int]) -> TermCounts:
    bounds = np.cumsum([0, *map(len, papers)])
    numbers = np.array([number for paper in papers for number in paper], np.uint32)
    return TermCounts(bounds, numbers, np.array([n for paper in papers for n in paper.values()], np.uint32))


CORPUS = counts({1: 1, 2: 1}, {1: 1, 3: 2}, {1: 1, 4: 1}, {1: 3, 2: 1, 5: 1}, {})


def test_a_paper_known_whole_has_a_vector_of_unit_length_and_a_bare_title_a_shorter_one() -> None:
    papers = counts(dict.fromkeys(range(5), 1), dict.fromkeys(range(WHOLE), 2), dict.fromkeys(range(3 * WHOLE), 1))
    values = tf_idf_values(papers, term_background(papers).rarity)
    lengths = np.sqrt(np.add.reduceat(values**2, papers.bounds[:-1]))
    assert lengths == pytest.approx([(5 / WHOLE) ** 0.5, 1, 1], abs=1e-5)


def test_words_weigh_the_same_however_many_papers_are_bare_titles() -> None:
    whole = [dict.fromkeys(range(start, start + WHOLE), 1) for start in range(0, 2000, WHOLE)]
    titles = [dict.fromkeys(range(start, start + 5), 1) for start in range(0, 2000, 5)]
    asked, weights = counts(whole[0]), np.ones(1, np.float32)
    known, known_with_titles = term_background(counts(*whole)), term_background(counts(*whole, *titles))
    alone = scores(asked, profile(asked, weights, known), known)
    beside_titles = scores(asked, profile(asked, weights, known_with_titles), known_with_titles)
    assert beside_titles == pytest.approx(alone, rel=0.1)


def test_a_word_of_every_paper_says_less_than_a_rare_one() -> None:
    rarity = term_background(CORPUS).rarity
    assert rarity[1] < rarity[2] < rarity[3] < rarity[999]


def test_a_profile_wants_papers_with_its_rare_words_and_not_those_it_dislikes() -> None:
    known = term_background(CORPUS)
    wanted = profile(counts({1: 1, 2: 1}, {1: 1, 4: 1}), np.array([1, -1], np.float32), known)
    found = scores(CORPUS, wanted, known)
    assert found[0] > found[3] > found[1] > found[2]


def test_scores_are_the_dot_products_of_centred_vectors_scaled() -> None:
    known = term_background(CORPUS)
    dense = np.zeros((5, 6))
    values = tf_idf_values(CORPUS, known.rarity)
    for paper in range(5):
        for entry in range(CORPUS.bounds[paper], CORPUS.bounds[paper + 1]):
            dense[paper, CORPUS.numbers[entry]] = values[entry]
    centred = dense - dense.mean(axis=0)
    wanted = centred[1] + 0.5 * centred[3]
    length = (dense**2).sum(axis=1).mean()
    by_hand = centred @ wanted / np.sqrt(wanted**2 @ dense.var(axis=0) / length)
    saved = counts({1: 1, 3: 2}, {1: 3, 2: 1, 5: 1})
    found = scores(CORPUS, profile(saved, np.array([1, 0.5], np.float32), known), known)
    assert found == pytest.approx(by_hand, abs=1e-4)
