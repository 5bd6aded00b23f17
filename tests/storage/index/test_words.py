"""How texts and names become terms."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pieces import Pieces
from bot.ports import Filters, PaperIndex
from storage.index.words import ANALYZERS, Links, cut_texts, open_index, spell_out
from tests.support.index import fill, filtered, meaning, stored, words


def test_words_match_in_every_form_case_and_spelling(index: PaperIndex) -> None:
    fill(index, [stored(1, "Generalizing naïve policies"), stored(2, "Cutting-edge GPT-4 agents")])
    assert words(index, "GENERALIZATION of a naive policy") == [1]
    assert words(index, "cutting edge") == words(index, "gpt-4") == words(index, "the agent") == [2]


def test_stop_words_are_no_terms(index: PaperIndex) -> None:
    assert index.analyze("The state of the art") == ["state", "art"]
    assert index.analyze("is this the") == []


@given(st.text() | st.text("aT -+#C'é慢波综述⒈½ßẞ\u0301xthe" + "x" * 20, max_size=90))
def test_a_text_is_cut_into_the_terms_that_a_search_has_where_a_search_has_them(text: str) -> None:
    [cut] = cut_texts(Pieces.of([text])).joined()
    assert {place: term for place, term in enumerate(cut.split()) if term != "."} == {
        token.position: token.text for token in ANALYZERS["text"].pre_tokenize(spell_out(text)).tokens
    }


def test_no_sign_is_indexed_as_what_stands_for_a_word_left_out() -> None:
    signs = "".join(map(chr, {*range(sys.maxunicode + 1)} - {*range(0xD800, 0xE000)}))
    assert "." not in ANALYZERS["name"].analyze(" ".join(signs))


def test_a_phrase_matches_across_words_that_are_left_out_but_not_across_the_end_of_the_title(index: PaperIndex) -> None:
    fill(index, [stored(1, "The state of the art", "Trees of moons."), stored(2, "State art", "trees moons")])
    assert [filtered(index, phrases=(phrase,)) for phrase in ("state of the art", "state art")] == [[1], [2]]
    assert [filtered(index, phrases=(phrase,)) for phrase in ("trees of moons", "art trees")] == [[1], []]


def test_programming_languages_that_differ_by_a_sign_are_told_apart(index: PaperIndex) -> None:
    fill(index, [stored(1, "Parsing C++ fast"), stored(2, "Parsing C fast"), stored(3, "Parsing C# fast")])
    assert [words(index, name) for name in ("c++", "C", "C#")] == [[1], [2], [3]]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("hinton", [1, 2]),
        ("Geoffrey Hinton", [1]),
        ("Hinton, Geoffrey", [1]),
        ("geoffrey e. hinton", [1]),
        ("G. Hinton", [1, 2]),
        ("G.E. Hinton", [1]),
        ("E. Hinton", [1]),
        ("F. Hinton", []),
        ("hinton geoffrey", [1]),
        ("van den oord", [3]),
        ("a. van den oord", [3]),
        ("Oord", [3]),
        ("muller", [4]),
        ("Schmidt Müller", []),
    ],
)
def test_authors_are_found_as_people_write_them(index: PaperIndex, typed: str, found: list[int]) -> None:
    authors = {
        1: ("Geoffrey E. Hinton",),
        2: ("Hinton, G.", "Alan Turing"),
        3: ("Aäron van den Oord",),
        4: ("Anna Schmidt", "Jürgen Müller"),
    }
    fill(index, [stored(row, "red", authors=names) for row, names in authors.items()])
    assert sorted(filtered(index, authors=(typed,))) == found
    assert sorted(meaning(index, "red", filters=Filters(authors=(typed,)))) == found


NAMES = ("Jonathan Ho", "J. Ho", "Mary Ann Lee", "Lee Mary", "Ann Ho")

names = st.sampled_from((*NAMES, "ho", "Lee", "mary ann", "m. lee", "M.A. Lee", "Ho, Jonathan", "mary lee", "nobody"))


def test_links_to_an_index_can_be_read_in_its_place_and_are_gone_afterwards(index: PaperIndex, tmp_path: Path) -> None:
    fill(index, [stored(1, "red green"), stored(2, "blue")])
    directory = next(tmp_path.glob("index/generation-*/tantivy"))
    assert Links.if_needed(directory) is None
    links = Links(directory)
    assert open_index(links.path).searcher().num_docs == 2
    path = links.path
    del links
    assert not path.exists()
    assert (directory / "meta.json").exists()
