"""Texts of papers, read here and by processes of their own.

Run as a program, this file is a process that has readers.
"""

import json
import multiprocessing
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from multiprocessing import spawn
from multiprocessing.resource_tracker import ensure_running
from pathlib import Path

import numpy as np
import pytest

from bot.engine.encoder import StaticEncoder
from bot.ports import TermCounts
from storage.index.reading import Read, Readers, read

ROOT = Path(__file__).parents[3]
LEXICON = StaticEncoder.load()


def sample() -> list[str]:
    """Title and abstract of each of 200 papers."""
    with (ROOT / "bot" / "sample" / "papers.jsonl").open() as file:
        papers = [json.loads(line) for line in file]
    return [text for paper in papers for text in (paper["title"], paper["summary"])]


TEXTS = sample()
BATCHES = [TEXTS[:100], TEXTS[100:102], TEXTS[102:300], TEXTS[300:340], TEXTS[340:]]


def same(one: TermCounts | None, other: TermCounts | None) -> bool:
    assert one is not None
    assert other is not None
    parts = ((one.bounds, other.bounds), (one.numbers, other.numbers), (one.counts, other.counts))
    return all(np.array_equal(first, second) for first, second in parts)


def check(found: list[Read], batches: list[list[str]]) -> None:
    """Each batch came to what comes of it here, in this order."""
    for each, texts in zip(found, batches, strict=True):
        wanted = read(texts, LEXICON)
        assert each.texts == wanted.texts
        assert same(each.terms, wanted.terms)
        assert same(each.tokens, wanted.tokens)
        assert each.vectors is not None
        assert wanted.vectors is not None
        assert np.array_equal(each.vectors, wanted.vectors)


@pytest.fixture
def before() -> Iterator[set[multiprocessing.process.BaseProcess]]:
    """The processes that this one had begun before a test; after it there are no others."""
    known = set(multiprocessing.active_children())
    yield known
    assert set(multiprocessing.active_children()) == known


def test_without_a_lexicon_there_are_terms_alone() -> None:
    found = read(["The graph of C++", "Graphs."], None)
    assert found.texts == [". graph . cplusplus", "graph"]
    assert found.terms.counts.tolist() == [2, 1]
    assert found.tokens is None
    assert found.vectors is None


@pytest.mark.parametrize("most", [1, 2, 3])
def test_readers_find_what_is_found_here_and_in_order(
    most: int, before: set[multiprocessing.process.BaseProcess]
) -> None:
    with closing(Readers(LEXICON, most, alone=0)) as readers:
        found = [each for texts in BATCHES for each in readers.hand_in(texts)]
        assert len(found) == len(BATCHES) - most
        assert len(set(multiprocessing.active_children()) - before) == most
        found += readers.rest()
        check(found, BATCHES)
        again = readers.hand_in(TEXTS[:2]) + readers.rest()
        check(again, [TEXTS[:2]])


@pytest.mark.parametrize(("most", "alone"), [(0, 0), (2, 200)])
def test_few_papers_are_read_here(most: int, alone: int, before: set[multiprocessing.process.BaseProcess]) -> None:
    with closing(Readers(LEXICON, most, alone=alone)) as readers:
        found = [each for texts in BATCHES for each in readers.hand_in(texts)]
        assert set(multiprocessing.active_children()) == before
        assert readers.rest() == []
    check(found, BATCHES)


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_readers_that_are_told_to_stop_are_done_without(
    sent: signal.Signals, before: set[multiprocessing.process.BaseProcess]
) -> None:
    with closing(Readers(LEXICON, 2, alone=0)) as readers:
        found = [each for texts in BATCHES[:2] for each in readers.hand_in(texts)] + readers.rest()
        for process in set(multiprocessing.active_children()) - before:
            os.kill(process.pid or 0, sent)
            if sent != signal.SIGINT:  # Ctrl-C is for the process that has the readers.
                process.join()
        for texts in BATCHES[2:]:
            found += readers.hand_in(texts)
        check(found + readers.rest(), BATCHES)
        assert len(set(multiprocessing.active_children()) - before) == (2 if sent == signal.SIGINT else 0)


@pytest.mark.parametrize(
    ("ends", "alive"),
    [("exit 1", 0), ("kill -INT $$", 1)],
    ids=["killed", "interrupted"],
)
def test_a_reader_may_be_told_to_stop_while_it_starts(
    ends: str, alive: int, before: set[multiprocessing.process.BaseProcess], tmp_path: Path
) -> None:
    ensure_running()
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\n{ends}\nexec {shlex.quote(sys.executable)} "$@"\n')
    program.chmod(0o700)
    python = spawn.get_executable()
    spawn.set_executable(str(program))
    try:
        with closing(Readers(LEXICON, 1, alone=0)) as readers:
            check(readers.hand_in(TEXTS) + readers.rest(), [TEXTS])
            assert len(set(multiprocessing.active_children()) - before) == alive
    finally:
        spawn.set_executable(python)


def test_readers_end_with_the_process_that_has_them() -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout
        assert process.stdout.readline() == "reading\n"
        process.kill()
        # The readers have the other end of the pipe, too.
        assert process.stdout.read() == ""


def main() -> None:
    readers = Readers(LEXICON, 2, alone=0)
    for texts in BATCHES:
        readers.hand_in(texts)
    print("reading", flush=True)  # noqa: T201
    signal.pause()


if __name__ == "__main__":
    main()
