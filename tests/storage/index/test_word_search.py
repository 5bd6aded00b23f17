"""What words, phrases, names and filters find."""

from datetime import date, timedelta

import numpy as np
from hypothesis import strategies as st

from bot.ports import Filters, PaperIndex
from tests.support.index import fill, filtered, meaning, stored, words


def test_a_word_counts_in_the_fields_it_is_asked_for(index: PaperIndex) -> None:
    fill(index, [stored(1, "On things", "A protein is a protein."), stored(2, "On protein", "A study of things.")])
    assert words(index, "protein") == [1, 2]
    assert words(index, "protein", fields={"title": 1.0}) == [2]
    assert words(index, "protein", fields={"title": 1.0, "text": 0.1}) == [2, 1]


def test_a_phrase_does_not_reach_from_the_title_to_the_abstract(index: PaperIndex) -> None:
    fill(index, [stored(1, "On protein", "Folding of sheets."), stored(2, "Protein folding"), stored(3, "A", "Of A.")])
    assert words(index, "protein", filters=Filters(phrases=("protein folding",))) == [2]
    assert words(index, "protein", filters=Filters(phrases=("protein of folding",))) == []


def test_frequencies_are_those_of_a_field(index: PaperIndex) -> None:
    fill(index, [stored(1, "On things", "A protein.", authors=("Ann Protein",)), stored(2, "On protein", "A protein.")])
    terms = index.analyze("protein")
    counted = [index.document_frequency(terms, field)[terms[0]] for field in ("text", "title", "authors")]
    assert counted == [2, 1, 1]


def test_heavier_terms_count_more(index: PaperIndex) -> None:
    fill(index, [stored(1, "Protein"), stored(2, "Quantum")])
    assert index.match_words({"protein": 2.0, "quantum": 1.0}, 5).rows.tolist() == [1, 2]
    assert index.match_words({"protein": 1.0, "quantum": 2.0}, 5).rows.tolist() == [2, 1]


def test_scores_fall_and_filters_leave_them_as_they_are(index: PaperIndex) -> None:
    papers = [stored(row, "graph " * row, categories=("cs.LG",), published=date(2024, 1, row)) for row in range(1, 9)]
    fill(index, papers)
    hits = index.match_words({"graph": 1.0}, 20)
    same = index.match_words({"graph": 1.0}, 20, filters=Filters(categories=("cs",), after=date(2024, 1, 1)))
    assert (np.diff(hits.scores) <= 0).all()
    assert hits.scores.dtype == np.float32
    assert dict(zip(hits.rows.tolist(), hits.scores.tolist(), strict=True)) == dict(
        zip(same.rows.tolist(), same.scores.tolist(), strict=True)
    )


def test_authors_are_searched_when_asked_for(index: PaperIndex) -> None:
    fill(index, [stored(1, "One", authors=("Edward Hughes",)), stored(2, "Two", authors=("Will An",))])
    assert words(index, "hughes") == []
    assert words(index, "hughes", fields={"title": 1.0, "authors": 1.0}) == [1]


def test_frequencies_count_papers(index: PaperIndex) -> None:
    fill(index, [stored(1, "graph", "graph graph"), stored(2, "x", "graph"), stored(3, "protein")])
    assert index.document_frequency(["graph", "protein", "quantum"]) == {"graph": 2, "protein": 1, "quantum": 0}


def test_titles_are_found_whatever_their_punctuation(index: PaperIndex) -> None:
    fill(
        index, [stored(1, "Attention Is All You Need!"), stored(2, "Attention"), stored(3, "attention is all you NEED")]
    )
    assert sorted(index.find_title("attention: is all-you need").tolist()) == [1, 3]
    assert index.find_title("?!").tolist() == []


def test_half_typed_titles_are_found_whatever_form_the_word_takes(index: PaperIndex) -> None:
    titles = ["Robot learning from images", "Learning to teach a robot", "Robots that learn", "Attention for the few"]
    fill(index, [stored(row, title) for row, title in enumerate(titles, start=1)])
    assert set(index.titles_begun("robot learni", 10).tolist()) == {1, 2, 3}
    assert index.titles_begun("robot learni", 10).tolist()[0] == 1
    assert set(index.titles_begun("rob", 10).tolist()) == {1, 2, 3}
    assert index.titles_begun("Attention for the", 10).tolist() == [4]
    assert len(index.titles_begun("rob", 2)) == 2
    assert index.titles_begun("?!", 10).tolist() == []


def test_half_typed_names_lead_to_papers_whole_ones_first(index: PaperIndex) -> None:
    authors = [("Hong Li",), ("Ada Lovelace", "Jonathan Ho"), ("Lin, Jonas",), ()]
    fill(index, [stored(row, "A title", authors=names) for row, names in enumerate(authors, start=1)])
    assert index.authors_begun("ho", 10).tolist() == [2, 1]
    assert index.authors_begun("jonathan h", 10).tolist() == [2]
    assert index.authors_begun("Lin, J", 10).tolist() == [3]
    assert index.authors_begun(" ", 10).tolist() == []


def test_categories_are_counted_with_their_archives(index: PaperIndex) -> None:
    sets = [("cs.LG", "stat.ML"), ("cs.LG",), ("cs.CV",), ()]
    fill(index, [stored(row, "A title", categories=each) for row, each in enumerate(sets, start=1)])
    assert index.values("category") == {"cs": 3, "cs.lg": 2, "cs.cv": 1, "stat": 1, "stat.ml": 1}
    assert next(iter(index.values("category"))) == "cs"


def test_sources_and_journals_are_counted_apart(index: PaperIndex) -> None:
    article = stored(1, "A title", source="feeds", kind="article", venue="Nature Medicine")
    fill(index, [article, stored(2, "A title", source="feeds", kind="conference", venue="ICLR 2025")])
    assert index.values("source") == {"feeds": 2}
    assert index.values("journal") == {"nature medicine": 1, "iclr": 1, "iclr 2025": 1}


def test_filters_alone_give_the_newest_first(index: PaperIndex) -> None:
    days = {1: date(2020, 1, 1), 2: None, 3: date(2024, 6, 1), 4: date(1991, 8, 14)}
    fill(index, [stored(row, "x", published=day, categories=("cs.LG",)) for row, day in days.items()])
    assert filtered(index, categories=("cs",)) == [3, 1, 4, 2]
    assert filtered(index, 2, categories=("cs",)) == [3, 1]


def test_a_paper_without_a_date_is_neither_before_nor_after(index: PaperIndex) -> None:
    fill(index, [stored(1, "red"), stored(2, "red", published=date(2024, 1, 1))])
    for dates in (Filters(after=date(1, 1, 1)), Filters(before=date(9999, 1, 1))):
        assert index.match_words({}, 1000, filters=dates).rows.tolist() == [2]
        assert words(index, "red", filters=dates) == meaning(index, "red", filters=dates) == [2]


def test_a_phrase_may_hold_stop_words(index: PaperIndex) -> None:
    fill(index, [stored(1, "The state of the art"), stored(2, "Art of the state"), stored(3, "x", "state-of-the-art")])
    assert sorted(filtered(index, phrases=("state of the art",))) == [1, 3]


def test_a_phrase_of_stop_words_is_no_condition(index: PaperIndex) -> None:
    fill(index, [stored(1, "red")])
    assert words(index, "red", filters=Filters(phrases=("of the",), excluded=("the",), authors=("?",))) == [1]
    assert meaning(index, "red", filters=Filters(phrases=("of the",), excluded=("the",), authors=("?",))) == [1]


NAMES = ("Jonathan Ho", "J. Ho", "Mary Ann Lee", "Lee Mary", "Ann Ho")

FIRST_DAY = date(2024, 1, 1)

names = st.sampled_from((*NAMES, "ho", "Lee", "mary ann", "m. lee", "M.A. Lee", "Ho, Jonathan", "mary lee", "nobody"))

days = st.none() | st.integers(-1, 31).map(lambda days: FIRST_DAY + timedelta(days=days))


def test_papers_are_found_by_source_and_by_where_they_were_published(index: PaperIndex) -> None:
    preprint = stored(1, "Cells", source="europepmc", kind="preprint", venue="bioRxiv", categories=("cell biology",))
    article = stored(2, "Cells", source="journals", kind="article", venue="Nature Medicine")
    accepted = stored(3, "Nets", source="openreview", kind="conference", venue="ICLR 2025 Poster")
    fill(index, [preprint, article, accepted])
    assert filtered(index, sources=("bioRxiv",)) == filtered(index, sources=("europepmc",)) == [1]
    assert sorted(filtered(index, sources=("journals", "openreview"))) == [2, 3]
    assert filtered(index, journals=("nature medicine",)) == [2]
    assert filtered(index, journals=("nature",)) == [], "that is another journal"
    assert filtered(index, journals=("ICLR",)) == filtered(index, journals=("iclr 2025",)) == [3]
    assert filtered(index, sources=("journals",), journals=("iclr",)) == [], "both must match"
    assert filtered(index, not_sources=("journals",), not_journals=("iclr",)) == [1]
    assert meaning(index, "cells", filters=Filters(sources=("journals",))) == [2]
    assert sorted(meaning(index, "cells", filters=Filters(not_journals=("nature medicine",)))) == [1, 3]


def test_a_category_of_words_may_be_written_with_dashes(index: PaperIndex) -> None:
    fill(index, [stored(1, "Cells", categories=("cell biology",)), stored(2, "Strings", categories=("hep-th",))])
    for written in ("cell biology", "cell-biology", "Cell_Biology"):
        assert filtered(index, categories=(written,)) == meaning(index, "cells", filters=Filters(categories=(written,)))
        assert filtered(index, categories=(written,)) == [1]
    assert filtered(index, categories=("hep-th",)) == [2]
    assert set(index.values("category")) == {"cell biology", "hep-th"}


def test_a_near_title_is_found_again_and_not_in_what_was_written_before(index: PaperIndex) -> None:
    typed = [f"A title of its own numbr {number}" for number in range(70)]
    fill(index, [stored(row, title.replace("numbr", "number")) for row, title in enumerate(typed[1:], 2)])
    for _ in range(2):
        assert [index.find_close_title(title).tolist() for title in typed] == [[], *([row] for row in range(2, 71))]
    fill(index, [stored(1, "A title of its own number 0")])
    assert index.find_close_title(typed[0]).tolist() == [1]
