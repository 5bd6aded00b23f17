"""What every PaperIndex does."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zlib import crc32

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.papers import Paper, PaperId
from bot.errors import IndexUnusableError
from bot.ports import Filters, Hits, IndexWriter, PaperIndex, Rows, StoredPaper, Vectors
from storage.index.disk_index import DiskIndex


class HashingEncoder:
    """Gives every word a random direction; texts with words in common are near each other."""

    name = "hashing"
    costly = False
    lexicon = None
    dim = 96

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One vector a text, of unit length, zero for a text without words."""
        sums = np.array([self._sum(text) for text in texts], np.float32).reshape(len(texts), self.dim)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        vectors: Vectors = (sums / np.where(lengths > 0, lengths, 1)).astype(np.float32)
        return vectors

    def encode_papers(self, titles: Sequence[str], abstracts: Sequence[str]) -> Vectors:
        """Vectors of the whole texts."""
        return self.encode([f"{title}. {abstract}" for title, abstract in zip(titles, abstracts, strict=True)])

    def _sum(self, text: str) -> Vectors:
        words = text.lower().replace(".", " ").split()
        seeds = [crc32(word.encode()) for word in words]
        vectors = [np.random.default_rng(seed).standard_normal(self.dim) for seed in seeds]
        return np.sum(vectors, axis=0, dtype=np.float32) if vectors else np.zeros(self.dim, np.float32)


class GivenVectors:
    """Gives the vectors it was made with, one after the other, whatever the texts are."""

    name = "given"
    costly = False
    lexicon = None

    def __init__(self, vectors: Vectors) -> None:
        self.dim = vectors.shape[1]
        self._vectors = iter(vectors)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The next vectors."""
        return np.array([next(self._vectors) for _ in texts], np.float32)

    def encode_papers(self, titles: Sequence[str], abstracts: Sequence[str]) -> Vectors:
        """The next vectors."""
        return self.encode(titles)


def stored(row: int, title: str, abstract: str = "", *, revision: int = 0, **known: object) -> StoredPaper:
    paper = Paper(id=PaperId(f"test:{row}"), title=title, abstract=abstract, **known)  # type: ignore[arg-type]
    return StoredPaper(row, revision or row, paper)


def fill(index: PaperIndex, papers: Sequence[StoredPaper], *, bulk: bool = False) -> None:
    with index.writer(bulk=bulk) as writer:
        writer.add(papers)
        writer.commit()


def words(index: PaperIndex, text: str, limit: int = 10, **options: Any) -> list[int]:
    """Rows that words of a text find."""
    terms = dict.fromkeys(index.analyze(text), 1.0)
    return list(map(int, index.match_words(terms, limit, **options).rows))


def meaning(index: PaperIndex, text: str, limit: int = 10, **options: Any) -> list[int]:
    """Rows near the meaning of a text."""
    vector = index.encoder.encode([text])[0]
    return list(map(int, index.nearest(vector, limit, **options).rows))


def filtered(index: PaperIndex, limit: int = 1000, **filters: Any) -> list[int]:
    """Rows that meet filters, newest first."""
    return list(map(int, index.match_words({}, limit, filters=Filters(**filters)).rows))


@pytest.fixture
def index(tmp_path: Path) -> PaperIndex:
    return DiskIndex.open(tmp_path / "index", HashingEncoder())


def opened_again(index: PaperIndex, tmp_path: Path) -> PaperIndex:
    return DiskIndex.open(tmp_path / "index", index.encoder)


def test_an_empty_index_answers_with_nothing(index: PaperIndex) -> None:
    assert (len(index), index.watermark) == (0, 0)
    assert words(index, "diffusion") == meaning(index, "diffusion") == filtered(index, categories=("cs",)) == []
    assert index.find_title("Diffusion").tolist() == []
    assert index.find_ids([PaperId("test:1")]) == {}
    assert index.document_frequency(["diffus"]) == {"diffus": 0}
    assert index.vectors(np.array([0, 7])).tolist() == np.zeros((2, 96)).tolist()


def test_a_paper_is_found_by_the_words_of_its_title_and_abstract(index: PaperIndex) -> None:
    fill(
        index, [stored(1, "Diffusion models", "We draw images."), stored(2, "Graph networks", "They learn molecules.")]
    )
    assert words(index, "diffusion") == [1]
    assert words(index, "molecules") == [2]
    assert words(index, "images graph") == [2, 1]


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


def test_a_paper_is_nearest_to_its_own_words(index: PaperIndex) -> None:
    fill(index, [stored(1, "red green", "blue"), stored(2, "green", "grass"), stored(3, "quantum", "gravity")])
    assert meaning(index, "red green. blue", 2) == [1, 2]


def test_a_text_that_says_nothing_is_near_nothing(index: PaperIndex) -> None:
    fill(index, [stored(1, "red"), stored(2, "")])
    assert meaning(index, "") == []
    assert meaning(index, "red") == [1, 2]


def test_vectors_are_those_of_the_encoder(index: PaperIndex) -> None:
    fill(index, [stored(2, "red green", "blue"), stored(5, "quantum", "gravity")])
    found = index.vectors(np.array([5, 3, 2, -1, 999]))
    exact = index.encoder.encode(["quantum. gravity", "", "red green. blue", "", ""])
    assert np.abs(found - exact).max() < 0.002


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
    assert index.categories() == {"cs": 3, "cs.lg": 2, "cs.cv": 1, "stat": 1, "stat.ml": 1}
    assert next(iter(index.categories())) == "cs"


def test_ids_lead_to_rows(index: PaperIndex) -> None:
    fill(index, [stored(1, "One"), stored(7, "Seven")])
    asked = [PaperId("test:7"), PaperId("test:8"), PaperId("test:1")]
    assert index.find_ids(asked) == {PaperId("test:7"): 7, PaperId("test:1"): 1}


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
        ("hinton geoffrey", []),
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


def test_a_phrase_may_hold_stop_words(index: PaperIndex) -> None:
    fill(index, [stored(1, "The state of the art"), stored(2, "Art of the state"), stored(3, "x", "state-of-the-art")])
    assert sorted(filtered(index, phrases=("state of the art",))) == [1, 3]


def test_a_phrase_of_stop_words_is_no_condition(index: PaperIndex) -> None:
    fill(index, [stored(1, "red")])
    assert words(index, "red", filters=Filters(phrases=("of the",), excluded=("the",), authors=("?",))) == [1]
    assert meaning(index, "red", filters=Filters(phrases=("of the",), excluded=("the",), authors=("?",))) == [1]


def test_an_answer_is_restricted_to_some_rows(index: PaperIndex) -> None:
    fill(index, [stored(row, "red paper") for row in range(1, 3000)])
    for among in (np.array([3, 2500, 9999]), np.arange(100, 2900), np.empty(0, np.int64)):
        allowed = {int(row) for row in among if row < 3000}
        assert set(words(index, "red", 5000, among=among)) == allowed
        assert set(meaning(index, "red", 5000, among=among)) == allowed
        assert set(index.match_words({}, 5000, among=among).rows.tolist()) == allowed


def test_more_rows_may_be_allowed_than_there_are(index: PaperIndex) -> None:
    fill(index, [stored(1, "red"), stored(2, "red")])
    assert len(words(index, "red", 1, among=np.arange(100_000))) == 1
    assert sorted(words(index, "red", 9, among=np.arange(100_000))) == [1, 2]


def test_limits_hold(index: PaperIndex) -> None:
    fill(index, [stored(row, "red paper") for row in range(1, 50)])
    for limit in (0, 1, 7, 49, 1000):
        assert len(words(index, "red", limit)) == len(meaning(index, "red", limit)) == min(limit, 49)
        assert len(words(index, "red", limit, among=np.arange(30))) == min(limit, 29)


def test_a_paper_that_changed_replaces_what_was_known_of_it(index: PaperIndex) -> None:
    fill(index, [stored(1, "red", categories=("cs.LG",)), stored(2, "blue")])
    changed = stored(1, "green", revision=3, categories=("math.AG",), published=date(2024, 1, 1), authors=("Ann Bee",))
    fill(index, [changed])
    assert (len(index), index.watermark) == (2, 3)
    assert words(index, "red") == []
    assert words(index, "green") == filtered(index, authors=("bee",)) == filtered(index, categories=("math",)) == [1]
    assert meaning(index, "green", 1, filters=Filters(after=date(2023, 1, 1), categories=("math",))) == [1]
    assert meaning(index, "green", filters=Filters(categories=("cs",))) == []


def test_a_paper_added_twice_before_a_commit_is_there_once(index: PaperIndex) -> None:
    with index.writer(bulk=True) as writer:
        writer.add([stored(1, "red"), stored(1, "green", revision=2)])
        writer.add([stored(1, "blue", revision=3)])
        writer.commit()
    assert len(index) == 1
    assert words(index, "red green blue") == words(index, "blue") == [1]


def test_what_was_not_committed_is_dropped(index: PaperIndex, tmp_path: Path) -> None:
    fill(index, [stored(1, "red")])
    with index.writer() as writer:
        writer.add([stored(2, "green"), stored(90_000, "far")])
    for state in (index, opened_again(index, tmp_path)):
        assert (len(state), state.watermark) == (1, 1)
        assert words(state, "red green far") == meaning(state, "green") == [1]
    fill(index, [stored(3, "green")])
    assert sorted(meaning(index, "green")) == [1, 3]


def test_a_commit_is_seen_by_whoever_has_the_index_open(index: PaperIndex, tmp_path: Path) -> None:
    reader = opened_again(index, tmp_path)
    for row in range(1, 6):
        fill(index, [stored(row, "red", categories=(f"new.{row}",))])
        assert len(reader) == reader.watermark == row
        assert len(words(reader, "red")) == len(meaning(reader, "red")) == row
        assert filtered(reader, categories=(f"new.{row}",)) == [row]
        assert meaning(reader, "red", filters=Filters(categories=(f"new.{row}",))) == [row]


def test_nothing_is_seen_before_its_commit(index: PaperIndex, tmp_path: Path) -> None:
    fill(index, [stored(9, "red")])
    reader = opened_again(index, tmp_path)
    with index.writer() as writer:
        writer.add([stored(3, "red")])
        assert meaning(reader, "red") == meaning(opened_again(index, tmp_path), "red") == words(reader, "red") == [9]
        writer.commit()
        assert sorted(meaning(reader, "red")) == [3, 9]


def test_there_is_one_writer_at_a_time(index: PaperIndex, tmp_path: Path) -> None:
    with (
        index.writer(),
        pytest.raises(IndexUnusableError, match="Another process is writing"),
        opened_again(index, tmp_path).writer(),
    ):
        pass
    fill(index, [stored(1, "red")])
    assert len(index) == 1


def test_a_failed_writer_leaves_the_index_free(index: PaperIndex) -> None:
    def fail() -> None:
        with index.writer() as writer:
            writer.add([stored(1, "red")])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    fill(index, [stored(2, "green")])
    assert words(index, "red green") == [2]


def rebuilding(index: PaperIndex, tmp_path: Path) -> AbstractContextManager[IndexWriter]:
    return DiskIndex.rebuild(tmp_path / "index", index.encoder)


def test_the_old_index_serves_until_the_new_one_is_done(index: PaperIndex, tmp_path: Path) -> None:
    fill(index, [stored(1, "red"), stored(2, "green")])
    with rebuilding(index, tmp_path) as writer:
        writer.add([stored(2, "blue", revision=5)])
        writer.commit()
        assert words(index, "red") == words(opened_again(index, tmp_path), "red") == [1]
    assert (len(index), index.watermark) == (1, 5)
    assert words(index, "red green blue") == meaning(index, "blue") == [2]
    fill(index, [stored(3, "red")])
    assert words(index, "red") == [3]


def test_a_failed_rebuild_changes_nothing(index: PaperIndex, tmp_path: Path) -> None:
    fill(index, [stored(1, "red")])

    def fail() -> None:
        with rebuilding(index, tmp_path) as writer:
            writer.add([stored(2, "blue")])
            writer.commit()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert words(index, "red blue") == words(opened_again(index, tmp_path), "red blue") == [1]


def test_a_rebuild_from_nothing_empties_the_index(index: PaperIndex, tmp_path: Path) -> None:
    fill(index, [stored(1, "red")])
    with rebuilding(index, tmp_path):
        pass
    assert (len(index), words(index, "red")) == (0, [])
    fill(index, [stored(1, "red")])
    assert words(index, "red") == [1]


WORDS = ("graph", "neural", "protein", "quantum", "robot")
NAMES = ("Jonathan Ho", "J. Ho", "Mary Ann Lee", "Lee Mary", "Ann Ho")
CATEGORIES = ("cs.LG", "cs.CL", "math.AG", "math-ph")
FIRST_DAY = date(2024, 1, 1)


def corpus() -> dict[int, Paper]:
    random = Random(5)

    def some(things: Sequence[str], most: int) -> tuple[str, ...]:
        return tuple(random.sample(things, random.randint(0, most)))

    return {
        row: stored(
            row,
            " ".join(random.choices(WORDS, k=3)),
            " ".join(random.choices(WORDS, k=random.randint(0, 6))),
            authors=some(NAMES, 3),
            categories=some(CATEGORIES, 2),
            published=FIRST_DAY + timedelta(days=random.randrange(30)) if random.random() < 0.9 else None,
        ).paper
        for row in random.sample(range(1, 1200), 400)
    }


PAPERS = corpus()


@pytest.fixture(scope="module")
def corpus_index(tmp_path_factory: pytest.TempPathFactory) -> PaperIndex:
    index = DiskIndex.open(tmp_path_factory.mktemp("corpus"), HashingEncoder())
    papers = [StoredPaper(row, row, paper) for row, paper in PAPERS.items()]
    for start in range(0, len(papers), 90):
        fill(index, papers[start : start + 90])
    return index


phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
names = st.sampled_from((*NAMES, "ho", "Lee", "mary ann", "m. lee", "M.A. Lee", "Ho, Jonathan", "mary lee", "nobody"))
categories = st.sampled_from((*CATEGORIES, "cs", "MATH", "cs.lg", "stat"))
days = st.none() | st.integers(-1, 31).map(lambda days: FIRST_DAY + timedelta(days=days))


def up_to(parts: st.SearchStrategy[str], most: int) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(parts, max_size=most, unique=True).map(tuple)


some_filters = st.builds(
    Filters,
    phrases=up_to(phrases, 1),
    excluded=up_to(phrases, 2),
    authors=up_to(names, 2),
    categories=up_to(categories, 2),
    not_authors=up_to(names, 1),
    not_categories=up_to(categories, 1),
    after=days,
    before=days,
)


def stands_in(part: list[str], whole: list[str]) -> bool:
    return any(whole[start : start + len(part)] == part for start in range(len(whole)))


def holds_phrase(paper: Paper, phrase: str) -> bool:
    return any(stands_in(phrase.split(), text.split()) for text in (paper.title, paper.abstract))


def is_by(paper: Paper, typed: str) -> bool:
    """Every way of writing the names above that the index should understand, spelled out."""
    also = {
        "Jonathan Ho": ["J Ho"],
        "Mary Ann Lee": ["Mary Lee", "M Lee", "M Ann Lee", "M A Lee"],
        "Lee Mary": ["L Mary"],
        "Ann Ho": ["A Ho"],
    }
    parts = (" ".join(reversed(typed.split(", ")))).lower().replace(".", " ").split()
    forms = [form for name in paper.authors for form in (name, *also.get(name, []))]
    return any(stands_in(parts, form.lower().replace(".", " ").split()) for form in forms)


def is_in(paper: Paper, category: str) -> bool:
    return any(category.lower() in (own.lower(), own.lower().split(".", maxsplit=1)[0]) for own in paper.categories)


def meets(paper: Paper, filters: Filters) -> bool:
    return (
        all(holds_phrase(paper, phrase) for phrase in filters.phrases)
        and not any(holds_phrase(paper, phrase) for phrase in filters.excluded)
        and all(is_by(paper, name) for name in filters.authors)
        and not any(is_by(paper, name) for name in filters.not_authors)
        and (not filters.categories or any(is_in(paper, category) for category in filters.categories))
        and not any(is_in(paper, category) for category in filters.not_categories)
        and (not filters.after or (paper.published is not None and paper.published >= filters.after))
        and (not filters.before or (paper.published is not None and paper.published < filters.before))
    )


@settings(deadline=None, max_examples=150)
@given(some_filters, st.none() | st.sets(st.integers(0, 1300), max_size=200))
@example(Filters(excluded=("graph",), not_authors=("ho",)), None)
def test_results_are_exactly_those_that_meet_the_filters(
    corpus_index: PaperIndex, filters: Filters, rows: set[int] | None
) -> None:
    among = None if rows is None else np.array(sorted(rows), np.int64)
    allowed = {row for row, paper in PAPERS.items() if meets(paper, filters) and (rows is None or row in rows)}
    with_word = {row for row in allowed if holds_phrase(PAPERS[row], "graph")}
    vector = corpus_index.encoder.encode(["graph robot"])[0]

    def exactly(hits: Hits) -> set[int]:
        assert len(set(hits.rows.tolist())) == len(hits.rows) == len(hits.scores)
        return set(hits.rows.tolist())

    assert exactly(corpus_index.match_words({}, 1000, filters=filters, among=among)) == allowed
    assert exactly(corpus_index.match_words({"graph": 1.0}, 1000, filters=filters, among=among)) == with_word
    assert exactly(corpus_index.nearest(vector, 1000, filters=filters, among=among)) == allowed


def clustered(count: int, dim: int) -> Vectors:
    """Unit vectors in overlapping clusters, and with axes of very different spread: no easy case for sign bits."""
    random = np.random.default_rng(3)
    spread = np.geomspace(1, 0.1, dim)
    centres = random.standard_normal((200, dim))
    vectors = (centres[random.integers(0, 200, count)] + random.standard_normal((count, dim))) * spread
    unit: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return unit


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    return clustered(40_000, 128)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory, vectors: Vectors) -> PaperIndex:
    index = DiskIndex.open(tmp_path_factory.mktemp("large"), GivenVectors(vectors))
    rare = {17: ("Ada Rare",), 20_017: ("Ada Rare",), 39_017: ("Ada Rare",)}
    fill(index, [stored(row, "x", authors=rare.get(row, ())) for row in range(40_000)], bulk=True)
    return index


def recall(index: PaperIndex, vectors: Vectors, query: Vectors, among: Rows | None = None) -> float:
    exact = vectors @ query
    if among is not None:
        exact[np.setdiff1d(np.arange(len(vectors)), among)] = -np.inf
    best = np.argsort(-exact)[:50]
    return len(np.intersect1d(best, index.nearest(query, 50, among=among).rows)) / 50


def test_the_scan_finds_nearly_all_of_the_nearest(large: PaperIndex, vectors: Vectors) -> None:
    queries = vectors[::2000]
    assert np.mean([recall(large, vectors, query) for query in queries]) > 0.95
    assert np.mean([recall(large, vectors, query, np.arange(5_000, 35_000)) for query in queries]) > 0.95


def test_directions_that_are_no_papers_have_nearest_ones_too(large: PaperIndex, vectors: Vectors) -> None:
    random = np.random.default_rng(4)
    centred = vectors - vectors.mean(axis=0)
    ridge = np.linalg.inv(centred.T @ centred / len(vectors) + 0.002 * np.eye(128))
    models = [ridge @ centred[random.choice(len(vectors), 5)].sum(axis=0) for _ in range(20)]
    assert np.mean([recall(large, vectors, model.astype(np.float32)) for model in models]) > 0.9


def test_scores_are_dot_products(large: PaperIndex, vectors: Vectors) -> None:
    hits = large.nearest(3 * vectors[5], 20)
    assert hits.rows[0] == 5
    assert np.abs(hits.scores - 3 * vectors[hits.rows] @ vectors[5]).max() < 0.02


def test_a_rare_author_is_not_lost_among_many_papers(large: PaperIndex, vectors: Vectors) -> None:
    hits = large.nearest(vectors[5], 10, filters=Filters(authors=("Ada Rare",)))
    assert sorted(hits.rows.tolist()) == [17, 20_017, 39_017]


def told(index: PaperIndex, row: int) -> dict[int, int]:
    """What the index says of a paper's terms."""
    terms = index.terms(np.array([row]))
    return dict(zip(terms.numbers.tolist(), terms.counts.tolist(), strict=True))


def numbered(index: PaperIndex, **counts: int) -> dict[int, int]:
    return {index.term_number(term): count for term, count in counts.items()}


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


def test_a_sample_is_spread_over_the_papers_there_are(index: PaperIndex) -> None:
    fill(index, [stored(row, f"Paper {row}") for row in range(1, 101, 2)])
    assert set(index.sample(1000).tolist()) == set(range(1, 101, 2))
    assert 0 < len(index.sample(10)) <= 10
