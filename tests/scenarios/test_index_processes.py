"""The index among processes: one that writes is killed, others read meanwhile.

Run as a program, this file is such a process.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from random import Random
from zlib import crc32

import numpy as np
import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.errors import IndexBusyError, IndexUnusableError
from bot.ports import IndexWriter, StoredPaper, Vectors
from storage.index import manifest, words
from storage.index.arrays import ArraysWriter
from storage.index.disk_index import DiskIndex
from storage.index.manifest import FORMAT

ROOT = Path(__file__).parents[2]
NEW, CHANGED, AT_ONCE = 400, 150, 50


class RandomDirections:
    """Every text has a random direction of its own."""

    name = "numbers"
    costly = False
    lexicon = None
    dim = 64

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, [len(texts), 64]."""
        seeds = [crc32(text.rstrip(". ").encode()) for text in texts]
        vectors = np.array([np.random.default_rng(seed).standard_normal(self.dim) for seed in seeds])
        unit: Vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
        return unit

    def encode_papers(self, titles: Sequence[str], abstracts: Sequence[str]) -> Vectors:
        """Vectors of the whole texts."""
        return self.encode([f"{title}. {abstract}" for title, abstract in zip(titles, abstracts, strict=True)])


def paper(row: int, revision: int) -> StoredPaper:
    known = Paper(id=PaperId(f"test:{row}"), title=f"number{row} version{revision}", categories=(f"c{row % 7}.x",))
    return StoredPaper(row, revision, known)


def history() -> list[StoredPaper]:
    """What comes from the store in time: 400 new papers, then 150 of them again because they changed."""
    rows = Random(1).sample(range(1, NEW + 1), NEW)
    return [paper(row, revision) for revision, row in enumerate(rows + rows[:CHANGED], start=1)]


HISTORY = history()
CURRENT = {stored.row: stored for stored in HISTORY}


def catch_up(index: DiskIndex, say: bool = False) -> None:
    with index.writer(bulk=index.watermark == 0) as writer:
        write(writer, say)


def rebuild(path: Path, papers: Sequence[StoredPaper] = HISTORY, *, say: bool = False) -> int:
    """Rebuild the index, going on where another was interrupted; how many papers that one had."""
    begun = DiskIndex.interrupted(path, RandomDirections())
    with DiskIndex.rebuild(path, RandomDirections(), after=begun.watermark if begun else 0) as writer:
        before = writer.papers
        write(writer, say, papers)
    return before


def write(writer: IndexWriter, say: bool, papers: Sequence[StoredPaper] = HISTORY) -> None:
    papers = papers[writer.watermark :]
    for start in range(0, len(papers), AT_ONCE):
        if say:
            print("adding", flush=True)  # noqa: T201
        writer.add(papers[start : start + AT_ONCE])
        if say:
            print("committing", flush=True)  # noqa: T201
        writer.commit()


def rows_with_word(index: DiskIndex, word: str) -> list[int]:
    return list(map(int, index.match_words({word: 1.0}, 10).rows))


def check_is_whole(index: DiskIndex) -> None:
    """What is committed is there and nothing else, though a paper may be newer than the watermark says."""
    rows = sorted({stored.row for stored in HISTORY[: index.watermark]})
    assert len(index) == len(rows)
    assert sorted(index.match_words({}, 2 * NEW).rows.tolist()) == rows
    everything = index.nearest(np.ones(64, np.float32), 2 * NEW)
    assert sorted(everything.rows.tolist()) == rows
    for row in rows[::50]:
        assert rows_with_word(index, f"number{row}") == [row]
        assert index.find_ids([PaperId(f"test:{row}")]) == {PaperId(f"test:{row}"): row}


def check_is_exact(index: DiskIndex) -> None:
    """Every paper is there once, as it is now."""
    check_is_whole(index)
    assert index.watermark == HISTORY[-1].revision
    vectors = index.encoder.encode([stored.paper.title for stored in CURRENT.values()])
    assert np.abs(index.vectors(np.array(list(CURRENT))) - vectors).max() < 0.003
    for stored in HISTORY:
        is_current = CURRENT[stored.row] == stored
        assert rows_with_word(index, f"version{stored.revision}") == ([stored.row] if is_current else [])


def opened(path: Path) -> DiskIndex:
    return DiskIndex.open(path, RandomDirections())


@contextmanager
def process(*arguments: object) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, __file__, *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True, env=environment) as child:
        try:
            yield child
        finally:
            child.kill()


def kill_after(lines: int, child: subprocess.Popen[str]) -> None:
    """Kill a process when it has printed so many lines, or all it prints."""
    assert child.stdout
    for _line, _ in zip(range(lines), child.stdout, strict=False):
        pass
    child.kill()


@pytest.mark.parametrize("seed", range(2))
def test_a_writer_killed_at_any_moment_loses_nothing(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    for _ in range(3):
        with process("write", tmp_path) as writer:
            kill_after(random.randint(1, 12), writer)
        check_is_whole(opened(tmp_path))
    index = opened(tmp_path)
    catch_up(index)
    check_is_exact(index)


STEPS = {
    "before the arrays are durable": (ArraysWriter, "flush"),
    "before tantivy commits": (words.WordsWriter, "commit"),
    "before the manifest is replaced": (manifest, "publish"),
    "before merges are done": (words.WordsWriter, "close"),
    "while arrays are overwritten": (ArraysWriter, "seal"),
    "while terms are overwritten": (ArraysWriter, "write"),
}

COUNTED_BEFORE = {"before the manifest is replaced"}
"""Steps that a rebuild also comes to when it begins."""


@pytest.mark.parametrize("step", [step for step in STEPS if step.startswith("before")])
@pytest.mark.parametrize("committed", [0, 10])
def test_a_writer_killed_in_the_middle_of_a_commit_loses_nothing(tmp_path: Path, step: str, committed: int) -> None:
    reader = opened(tmp_path)
    with process("write", tmp_path, step, committed) as writer:
        writer.wait()
        assert writer.returncode == -signal.SIGKILL
    check_is_whole(reader)
    check_is_whole(opened(tmp_path))
    catch_up(reader)
    check_is_exact(reader)
    check_is_exact(opened(tmp_path))


def test_readers_in_other_processes_always_see_a_whole_state(tmp_path: Path) -> None:
    index = opened(tmp_path)
    with process("read", tmp_path) as reader:
        assert reader.stdout
        assert reader.stdout.readline() == "looking\n"
        catch_up(index)
        assert reader.stdout.read() == "seen all\n"
        assert reader.wait() == 0


def test_a_reader_follows_a_rebuild_of_another_process(tmp_path: Path) -> None:
    reader = opened(tmp_path)
    catch_up(reader)
    with process("rebuild", tmp_path) as rebuilder:
        assert rebuilder.stdout
        rebuilder.stdout.read()
        assert rebuilder.wait() == 0
    assert len(list(tmp_path.glob("generation-*"))) == 1
    check_is_exact(reader)


def test_only_one_process_writes(tmp_path: Path) -> None:
    index = opened(tmp_path)
    with process("hold", tmp_path) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "holding\n"
        with pytest.raises(IndexUnusableError, match="Another process is writing"):
            catch_up(index)
    catch_up(index)
    check_is_exact(index)


def generations(path: Path) -> list[str]:
    return sorted(directory.name for directory in path.glob("generation-*"))


def segments(path: Path) -> list[int]:
    """How many papers are in each part of the index."""
    (meta,) = path.glob("generation-*/tantivy/meta.json")
    return [segment["max_doc"] for segment in json.loads(meta.read_bytes())["segments"]]


def test_a_rebuild_killed_before_its_first_commit_leaves_nothing(tmp_path: Path) -> None:
    index = opened(tmp_path)
    catch_up(index)
    with process("rebuild", tmp_path, "before the manifest is replaced", 1) as rebuilder:
        assert rebuilder.wait() == -signal.SIGKILL
    assert generations(tmp_path) == ["generation-1", "generation-2"]
    check_is_exact(index)
    catch_up(index)
    assert generations(tmp_path) == ["generation-1"]
    assert rebuild(tmp_path) == 0
    check_is_exact(opened(tmp_path))
    assert len(generations(tmp_path)) == 1


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("after", [2, 9])
def test_a_rebuild_killed_in_the_middle_of_a_commit_is_gone_on_with(tmp_path: Path, step: str, after: int) -> None:
    reader = opened(tmp_path)
    catch_up(reader)
    with process("rebuild", tmp_path, step, after) as rebuilder:
        assert rebuilder.wait() == -signal.SIGKILL
    check_is_exact(reader)
    catch_up(reader)
    committed = len(HISTORY) // AT_ONCE if step == "before merges are done" else after - (step in COUNTED_BEFORE)
    assert rebuild(tmp_path) == min(committed * AT_ONCE, NEW)
    check_is_exact(reader)
    check_is_exact(opened(tmp_path))
    assert reader.check()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["generation-2", "index.json", "lock"]


def test_what_a_killed_writer_did_not_merge_is_merged_by_the_next_rebuild(tmp_path: Path) -> None:
    with process("rebuild new ones", tmp_path) as rebuilder:
        assert rebuilder.wait() == -signal.SIGKILL
    assert rebuild(tmp_path, HISTORY[:NEW]) == NEW
    assert segments(tmp_path) == [NEW]


@pytest.mark.parametrize("seed", range(2))
def test_a_rebuild_killed_again_and_again_comes_to_the_same(tmp_path: Path, seed: int) -> None:
    random, before = Random(seed), 0
    for _ in range(4):
        with process("rebuild", tmp_path) as rebuilder:
            kill_after(random.randint(1, 6), rebuilder)
        assert len(opened(tmp_path)) == 0
        begun = DiskIndex.interrupted(tmp_path, RandomDirections())
        assert before <= (len(begun) if begun else 0)
        before = len(begun) if begun else 0
    assert before > 0
    assert rebuild(tmp_path) == before
    check_is_exact(opened(tmp_path))
    with DiskIndex.rebuild(tmp_path / "at once", RandomDirections()) as writer:
        write(writer, say=False)
    rows = np.array(list(CURRENT))
    gone_on_with, at_once = opened(tmp_path), opened(tmp_path / "at once")
    assert np.array_equal(gone_on_with.vectors(rows), at_once.vectors(rows))
    terms, as_well = gone_on_with.terms(rows), at_once.terms(rows)
    assert np.array_equal(terms.bounds, as_well.bounds)
    assert np.array_equal(terms.numbers, as_well.numbers)
    assert np.array_equal(terms.counts, as_well.counts)


def test_two_rebuilds_at_once_are_one(tmp_path: Path) -> None:
    with process("rebuild", tmp_path) as rebuilder:
        assert rebuilder.stdout
        assert rebuilder.stdout.readline() == "adding\n"
        with pytest.raises(IndexBusyError), DiskIndex.rebuild(tmp_path, RandomDirections()):
            pytest.fail("two writers")
        rebuilder.stdout.read()
        assert rebuilder.wait() == 0
    check_is_exact(opened(tmp_path))


def test_many_small_commits_leave_few_segments(tmp_path: Path) -> None:
    index = opened(tmp_path)
    for row in range(1, 41):
        with index.writer() as writer:
            writer.add([paper(row, row)])
            writer.commit()
    assert len(segments(tmp_path)) < 16
    assert sorted(index.match_words({}, 100).rows.tolist()) == list(range(1, 41))


def test_an_index_of_another_encoder_is_refused(tmp_path: Path) -> None:
    index = opened(tmp_path)
    catch_up(index)
    other = RandomDirections()
    other.name = "other numbers"
    with pytest.raises(IndexUnusableError, match=r"encoder numbers .*not with other numbers.*paperboy index --rebuild"):
        DiskIndex.open(tmp_path, other)
    with DiskIndex.rebuild(tmp_path, other) as writer:
        writer.add(HISTORY)
        writer.commit()
    check_is_exact(DiskIndex.open(tmp_path, other))
    with pytest.raises(IndexUnusableError, match="paperboy index --rebuild"):
        len(index)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        *((text, "is damaged") for text in ("", "{", "[]", "{}")),
        (f'{{"format": {FORMAT}}}', "is damaged"),
        (f'{{"format": {FORMAT}, "encoder": "numbers", "dim": 2, "new": 1}}', "is damaged"),
        (f'{{"format": {FORMAT - 1}, "encoder": "numbers", "dim": 2}}', "another version of Paperboy"),
    ],
)
def test_a_manifest_that_cannot_be_understood_is_refused(tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "index.json").write_text(content)
    with pytest.raises(IndexUnusableError, match=f"{reason}.*paperboy index --rebuild"):
        opened(tmp_path)


@pytest.mark.parametrize("lost", ["vectors.i8", "rotation.npy", "tantivy/meta.json"])
def test_an_index_with_a_lost_file_is_refused_and_can_be_rebuilt(tmp_path: Path, lost: str) -> None:
    catch_up(opened(tmp_path))
    next(tmp_path.glob(f"generation-*/{lost}")).unlink()
    with pytest.raises(IndexUnusableError, match="paperboy index --rebuild"):
        opened(tmp_path)
    with DiskIndex.rebuild(tmp_path, RandomDirections()) as writer:
        writer.add(HISTORY)
        writer.commit()
    check_is_exact(opened(tmp_path))


@pytest.mark.parametrize("step", ["arrays", "terms"])
def test_a_writer_killed_while_it_overwrites_a_paper_costs_no_rebuild(tmp_path: Path, step: str) -> None:
    with process("write", tmp_path, f"while {step} are overwritten", 9) as writer:
        assert writer.wait() == -signal.SIGKILL
    index = opened(tmp_path)
    check_is_whole(index)
    catch_up(index)
    check_is_exact(opened(tmp_path))
    assert index.check()


def die_at(step: str, after: int) -> None:
    """Make this process die when it comes to a step for the time after `after`."""
    owner, name = STEPS[step]
    real = getattr(owner, name)
    calls = count()

    def dying(*arguments: object) -> object:
        if next(calls) == after or name == "close":
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments)

    setattr(owner, name, dying)


def main(task: str, directory: str, step: str = "", after: str = "0") -> None:
    if step:
        die_at(step, int(after))
    index = opened(Path(directory))
    match task:
        case "write":
            catch_up(index, say=True)
        case "rebuild":
            rebuild(Path(directory), say=True)
        case "rebuild new ones":
            with DiskIndex.rebuild(Path(directory), RandomDirections()) as writer:
                write(writer, False, HISTORY[:NEW])
                os.kill(os.getpid(), signal.SIGKILL)
        case "hold":
            with index.writer():
                print("holding", flush=True)  # noqa: T201
                sys.stdin.read()
        case "read":
            print("looking", flush=True)  # noqa: T201
            while index.watermark < HISTORY[-1].revision:
                seen = index.watermark
                hits = index.nearest(np.ones(64, np.float32), 2 * NEW)
                found = index.match_words({}, 2 * NEW)
                assert len(hits.rows) >= len({stored.row for stored in HISTORY[:seen]})
                assert len(set(found.rows.tolist())) == len(found.rows) <= NEW
            check_is_exact(index)
            print("seen all", flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
