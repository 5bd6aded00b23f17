"""How texts and names become terms."""

from pathlib import Path

import pytest
from hypothesis import strategies as st

from bot.ports import Filters, PaperIndex
from storage.index.words import Links, open_index
from tests.support.index import fill, filtered, meaning, stored, words


def test_words_match_in_every_form_case_and_spelling(index: PaperIndex) -> None:
    fill(index, [stored(1, "Generalizing naïve policies"), stored(2, "Cutting-edge GPT-4 agents")])
    assert words(index, "GENERALIZATION of a naive policy") == [1]
    assert words(index, "cutting edge") == words(index, "gpt-4") == words(index, "the agent") == [2]


def test_stop_words_are_no_terms(index: PaperIndex) -> None:
    assert index.analyze("The state of the art") == ["state", "art"]
    assert index.analyze("is this the") == []


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
