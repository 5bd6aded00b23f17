"""The terms of papers."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pieces import Pieces
from bot.ports import PaperIndex
from storage.index.terms import count_terms, term_number
from storage.index.word_search import analyze
from storage.index.words import cut_texts
from tests.support.index import fill, stored


def told(index: PaperIndex, row: int) -> dict[int, int]:
    """What the index says of a paper's terms."""
    terms = index.terms(np.array([row]))
    return dict(zip(terms.numbers.tolist(), terms.counts.tolist(), strict=True))


def numbered(index: PaperIndex, **counts: int) -> dict[int, int]:
    return dict(zip(index.term_numbers(counts), counts.values(), strict=True))


def test_the_terms_of_a_paper_are_those_of_title_and_abstract_with_counts(index: PaperIndex) -> None:
    fill(index, [stored(3, "Graphs of graphs", "A cat."), stored(5, "The", "of")])
    assert told(index, 3) == numbered(index, graph=2, cat=1)
    assert told(index, 5) == told(index, 4) == told(index, 99) == told(index, -1) == {}


def test_the_terms_of_a_changed_paper_are_the_new_ones(index: PaperIndex) -> None:
    fill(index, [stored(1, "Cats"), stored(2, "Dogs")])
    fill(index, [stored(1, "Birds", "birds", revision=3)])
    assert told(index, 1) == numbered(index, bird=2)
    assert told(index, 2) == numbered(index, dog=1)
    both = index.terms(np.array([2, 1, 2]))
    assert both.bounds.tolist() == [0, 1, 2, 3]
    assert both.counts.tolist() == [1, 2, 1]


def test_terms_that_were_never_committed_are_not_told(index: PaperIndex) -> None:
    fill(index, [stored(1, "Cats")])
    with index.writer() as writer:
        writer.add([stored(2, "Dogs")])
    assert told(index, 2) == {}
    fill(index, [stored(2, "Birds")])
    assert told(index, 2) == numbered(index, bird=1)


@given(st.text(st.sampled_from("aAbé’.,-+#C \t\n\u00a0\u2003学习ßﬁ2_")) | st.text())
def test_the_terms_of_a_text_are_those_that_the_analyzer_finds_in_all_of_it(abstract: str) -> None:
    paper = stored(1, "Graphs and C++", abstract).paper
    counted = count_terms(cut_texts(Pieces.of([paper.title, paper.abstract])))
    wanted = Counter(map(term_number, analyze(paper.text)))
    # In the order of their first places, too: the files of the index are the same from run to run.
    assert list(zip(counted.numbers.tolist(), counted.counts.tolist(), strict=True)) == list(wanted.items())
