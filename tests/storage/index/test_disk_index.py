"""What every PaperIndex does."""

import json
from asyncio import CancelledError
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.errors import IndexBusyError
from bot.ports import Encoder, Filters, Hits, IndexWriter, PaperIndex, StoredPaper
from storage.index.disk_index import DiskIndex
from storage.index.manifest import FORMAT
from storage.index.sums import UNCHECKED
from storage.index.words import WordsWriter
from tests.support.index import HashingEncoder, fill, filtered, meaning, opened_again, stored, words


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


def test_a_paper_is_nearest_to_its_own_words(index: PaperIndex) -> None:
    fill(index, [stored(1, "red green", "blue"), stored(2, "green", "grass"), stored(3, "quantum", "gravity")])
    assert meaning(index, "red green. blue", 2) == [1, 2]


def test_an_unchanging_index_answers_as_of_when_it_was_asked_for(index: PaperIndex) -> None:
    fill(index, [stored(1, "red")])
    before = index.unchanging()
    fill(index, [stored(2, "red green")])
    assert (words(before, "red"), len(before), before.watermark) == ([1], 1, 1)
    assert words(before.unchanging(), "green") == []
    assert words(index.unchanging(), "green") == [2]


def test_a_text_that_says_nothing_is_near_nothing(index: PaperIndex) -> None:
    fill(index, [stored(1, "red"), stored(2, "")])
    assert meaning(index, "") == []
    assert meaning(index, "red") == [1, 2]


def test_vectors_are_those_of_the_encoder(index: PaperIndex) -> None:
    fill(index, [stored(2, "red green", "blue"), stored(5, "quantum", "gravity")])
    found = index.vectors(np.array([5, 3, 2, -1, 999]))
    exact = index.encoder.encode(["quantum. gravity", "", "red green. blue", "", ""])
    assert np.abs(found - exact).max() < 0.002


def test_ids_lead_to_rows(index: PaperIndex) -> None:
    fill(index, [stored(1, "One"), stored(7, "Seven")])
    asked = [PaperId("test:7"), PaperId("test:8"), PaperId("test:1")]
    assert index.find_ids(asked) == {PaperId("test:7"): 7, PaperId("test:1"): 1}


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


def rebuilding(index: PaperIndex, tmp_path: Path, after: int = 0) -> AbstractContextManager[IndexWriter]:
    return DiskIndex.rebuild(tmp_path / "index", index.encoder, after=after)


def begun(index: PaperIndex, tmp_path: Path) -> PaperIndex | None:
    return DiskIndex.interrupted(tmp_path / "index", index.encoder)


def generations(tmp_path: Path) -> list[str]:
    return sorted(directory.name for directory in tmp_path.glob("index/generation-*"))


def test_the_old_index_serves_until_the_new_one_is_done(index: PaperIndex, tmp_path: Path) -> None:
    fill(index, [stored(1, "red"), stored(2, "green")])
    with rebuilding(index, tmp_path) as writer:
        writer.add([stored(2, "blue", revision=5)])
        writer.commit()
        assert words(index, "red") == words(opened_again(index, tmp_path), "red") == [1]
    assert (len(index), index.watermark) == (1, 5)
    assert words(index, "red green blue") == meaning(index, "blue") == [2]
    assert begun(index, tmp_path) is None
    fill(index, [stored(3, "red")])
    assert words(index, "red") == [3]


def interrupt(
    index: PaperIndex, tmp_path: Path, error: type[BaseException] = KeyboardInterrupt, encoder: Encoder | None = None
) -> None:
    """Rebuild the index until an error comes, with two papers committed and one that is not."""

    def rebuild() -> None:
        with DiskIndex.rebuild(tmp_path / "index", encoder or index.encoder) as writer:
            writer.add([stored(1, "blue"), stored(2, "green")])
            writer.commit()
            writer.add([stored(3, "yellow")])
            raise error

    with pytest.raises(error):
        rebuild()


@pytest.mark.parametrize("error", [KeyboardInterrupt, CancelledError, RuntimeError])
def test_an_interrupted_rebuild_changes_nothing_and_is_gone_on_with(
    index: PaperIndex, tmp_path: Path, error: type[BaseException]
) -> None:
    fill(index, [stored(1, "red")])
    interrupt(index, tmp_path, error)
    assert words(index, "red blue") == words(opened_again(index, tmp_path), "red blue") == [1]
    half = begun(index, tmp_path)
    assert half
    assert (len(half), half.watermark) == (2, 2)
    # Since then a paper was changed and another one added.
    with rebuilding(index, tmp_path, after=half.watermark) as writer:
        assert (writer.papers, writer.watermark) == (2, 2)
        writer.add([stored(3, "yellow"), stored(1, "pink", revision=4), stored(5, "black")])
        writer.commit()
        assert words(index, "red blue pink") == [1]
    assert generations(tmp_path) == ["generation-2"]
    assert begun(index, tmp_path) is None
    assert (len(index), index.watermark) == (4, 5)
    found = {text: words(index, text) for text in ("red", "blue", "pink", "green", "yellow", "black")}
    assert found == {"red": [], "blue": [], "pink": [1], "green": [2], "yellow": [3], "black": [5]}
    assert meaning(index, "pink", 1) == [1]
    assert index.check()


@pytest.mark.parametrize("error", [OSError, ValueError])
def test_a_rebuild_whose_files_cannot_be_written_leaves_the_space_to_others(
    index: PaperIndex, tmp_path: Path, error: type[Exception]
) -> None:
    fill(index, [stored(1, "red")])
    interrupt(index, tmp_path, error)
    assert generations(tmp_path) == ["generation-1"]
    assert begun(index, tmp_path) is None
    assert words(opened_again(index, tmp_path), "red blue") == [1]


@pytest.mark.parametrize("rebuilds", [True, False])
def test_why_nothing_can_be_written_is_told_also_when_the_writer_cannot_be_closed(
    index: PaperIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rebuilds: bool
) -> None:
    def failed(_: WordsWriter) -> None:
        raise ValueError("An error occurred in a thread")

    def write() -> None:
        with DiskIndex.rebuild(tmp_path / "index", index.encoder) if rebuilds else index.writer() as writer:
            writer.add([stored(1, "red")])
            raise OSError("No space left on device")

    monkeypatch.setattr(WordsWriter, "close", failed)
    with pytest.raises(OSError, match="No space"):
        write()
    assert not list(tmp_path.rglob("generation-2"))


def test_an_interrupted_rebuild_stays_while_the_old_index_is_written(index: PaperIndex, tmp_path: Path) -> None:
    fill(index, [stored(1, "red")])
    interrupt(index, tmp_path)
    fill(index, [stored(4, "red")])
    assert generations(tmp_path) == ["generation-1", "generation-2"]
    assert sorted(words(index, "red")) == [1, 4]
    with rebuilding(index, tmp_path, after=2) as writer:
        assert writer.papers == 2


def test_a_rebuild_of_what_has_no_index_stays_while_one_is_begun(tmp_path: Path) -> None:
    index = DiskIndex.open(tmp_path / "index", HashingEncoder())
    interrupt(index, tmp_path)
    assert len(index) == 0
    fill(index, [stored(4, "red")])
    assert generations(tmp_path) == ["generation-1", "generation-2"]
    with rebuilding(index, tmp_path, after=2) as writer:
        assert writer.papers == 2
    assert generations(tmp_path) == ["generation-1"]


def test_a_rebuild_that_is_not_wanted_any_more_makes_room_at_once(index: PaperIndex, tmp_path: Path) -> None:
    fill(index, [stored(1, "red")])
    interrupt(index, tmp_path)
    with rebuilding(index, tmp_path) as writer:
        assert writer.papers == writer.watermark == 0
        assert generations(tmp_path) == ["generation-1", "generation-2"]
    assert len(index) == 0
    assert generations(tmp_path) == ["generation-2"]


def test_a_rebuild_with_another_encoder_is_not_gone_on_with(index: PaperIndex, tmp_path: Path) -> None:
    other = HashingEncoder()
    other.name = "another"
    fill(index, [stored(1, "red")])
    interrupt(index, tmp_path, encoder=other)
    assert DiskIndex.interrupted(tmp_path / "index", other)
    assert begun(index, tmp_path) is None
    # Whoever still uses the old encoder leaves it alone.
    fill(index, [stored(2, "green")])
    assert DiskIndex.interrupted(tmp_path / "index", other)
    with rebuilding(index, tmp_path, after=2) as writer:
        assert writer.papers == 0


@pytest.mark.parametrize("how", ["damaged", "older"])
def test_a_rebuild_whose_manifest_cannot_be_read_makes_room(index: PaperIndex, tmp_path: Path, how: str) -> None:
    fill(index, [stored(1, "red")])
    interrupt(index, tmp_path)
    manifest = tmp_path / "index" / "rebuild.json"
    known = json.loads(manifest.read_text())
    manifest.write_text("{" if how == "damaged" else json.dumps(known | {"format": FORMAT - 1}))
    assert begun(index, tmp_path) is None
    fill(index, [stored(2, "green")])
    assert generations(tmp_path) == ["generation-1"]
    with rebuilding(index, tmp_path, after=2) as writer:
        assert writer.papers == 0


@pytest.mark.parametrize("file", ["vectors.i8", "terms.u4", "rotation.npy", "tantivy/meta.json"])
@pytest.mark.parametrize("how", ["lost", "cut", "altered"])
def test_a_damaged_rebuild_is_not_gone_on_with(index: PaperIndex, tmp_path: Path, file: str, how: str) -> None:
    fill(index, [stored(1, "red")])
    interrupt(index, tmp_path)
    damaged = tmp_path / "index" / "generation-2" / file
    content = damaged.read_bytes()
    damaged.unlink()
    if how == "cut":
        damaged.write_bytes(content[: len(content) // 3])
    if how == "altered":
        at = index.encoder.dim if file == "vectors.i8" else 0  # The first row holds no paper.
        damaged.write_bytes(content[:at] + bytes([content[at] ^ 64]) + content[at + 1 :])
        # As after the machine went down.
        (damaged.parents[file.count("/")] / UNCHECKED).write_text("another run of the machine")
    assert begun(index, tmp_path) is None
    assert words(opened_again(index, tmp_path), "red") == [1]


def test_two_rebuilds_at_once_are_not_possible(index: PaperIndex, tmp_path: Path) -> None:
    fill(index, [stored(1, "red")])
    with rebuilding(index, tmp_path) as writer:
        writer.add([stored(1, "blue")])
        writer.commit()
        with pytest.raises(IndexBusyError), rebuilding(index, tmp_path, after=1):
            pytest.fail("two writers")
    assert words(index, "blue") == [1]


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
        "Jonathan Ho": ["J Ho", "Ho Jonathan", "Ho J"],
        "Mary Ann Lee": ["Mary Lee", "M Lee", "M Ann Lee", "M A Lee", "Lee Mary Ann", "Lee M", "Ann Lee Mary"],
        "Lee Mary": ["L Mary", "Mary Lee", "Mary L"],
        "Ann Ho": ["A Ho", "Ho Ann", "Ho A"],
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


def test_a_sample_is_spread_over_the_papers_there_are(index: PaperIndex) -> None:
    fill(index, [stored(row, f"Paper {row}") for row in range(1, 101, 2)])
    assert set(index.sample(1000).tolist()) == set(range(1, 101, 2))
    assert 0 < len(index.sample(10)) <= 10


@pytest.mark.parametrize(
    ("typed", "row"),
    [
        ("mueller", 1),
        ("Müller J", 1),
        ("oconnor", 2),
        ("O’Connor", 2),
        ("fei-fei li", 3),
        ("Li Fei-Fei", 3),
        ("gaus", None),
        ("gauss", 4),
    ],
)
def test_authors_are_found_by_what_a_keyboard_can_type_and_in_either_order(
    index: PaperIndex, typed: str, row: int | None
) -> None:
    names = {1: "Jörg Müller", 2: "Miles O'Connor", 3: "Li Fei-Fei", 4: "Carl Gauß"}
    fill(index, [stored(each, "x", authors=(name,)) for each, name in names.items()])
    assert filtered(index, authors=(typed,)) == ([row] if row else [])


@pytest.mark.parametrize(
    ("typed", "rows"), [("慢波", [1]), ("綜述", []), ("機械学習", [2]), ("学", [2]), ("学習入門", [2]), ("그래프", [3])]
)
def test_a_word_is_found_within_a_longer_run_of_signs(index: PaperIndex, typed: str, rows: list[int]) -> None:
    fill(index, [stored(1, "深慢波综述"), stored(2, "日本語の機械学習入門"), stored(3, "새로운 그래프신경망")])
    assert words(index, typed) == filtered(index, phrases=(typed,)) == rows


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("attention is all you ned", [1]),
        ("Atention is all you need", [1]),
        ("attention is all you knead", []),
        ("wav", []),
    ],
)
def test_a_title_is_close_when_one_letter_is_another(index: PaperIndex, typed: str, found: list[int]) -> None:
    fill(index, [stored(1, "Attention Is All You Need"), stored(2, "Wave"), stored(3, "NED-Tree")])
    assert index.find_close_title(typed).tolist() == found
