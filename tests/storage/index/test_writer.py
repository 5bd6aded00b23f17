"""The one writer."""

import multiprocessing
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from bot.engine.encoder import StaticEncoder
from bot.errors import IndexUnusableError
from bot.ports import Encoder, Filters, PaperIndex
from storage.index.disk_index import DiskIndex
from storage.index.reading import Readers
from tests.support.index import HashingEncoder, fill, filtered, meaning, opened_again, stored, words


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


@pytest.mark.parametrize("encoder", [StaticEncoder.load(), HashingEncoder()])
def test_readers_write_the_same_files(tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    papers = [stored(row, f"Paper {row} of graph{row % 7}", f"Robots {row}.", authors=("Ann",)) for row in range(1, 90)]
    papers += [stored(5, "Changed", revision=90), stored(6, "Changed, too", revision=91)]
    monkeypatch.setattr("storage.index.writer.Readers", partial(Readers, alone=20))
    for readers in (0, 2):
        with DiskIndex.rebuild(tmp_path / str(readers), encoder, readers=readers) as writer:
            for start in range(0, len(papers), 10):
                writer.add(papers[start : start + 10])
                if start in {30, 60}:
                    writer.commit()
            writer.commit()
            assert bool(multiprocessing.active_children()) == (readers > 0)
    assert files(tmp_path / "0") == files(tmp_path / "2")
    assert not multiprocessing.active_children()


def files(path: Path) -> list[bytes]:
    """What is in the files of an index; tantivy names its own as chance has it, and keeps their names."""
    named = {"meta.json", ".managed.json"}
    return sorted(file.read_bytes() for file in path.rglob("*") if file.is_file() and file.name not in named)


def test_a_failed_writer_leaves_the_index_free(index: PaperIndex) -> None:
    def fail() -> None:
        with index.writer() as writer:
            writer.add([stored(1, "red")])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    fill(index, [stored(2, "green")])
    assert words(index, "red green") == [2]
