"""The benchmark of the vector scan keeps up with the index: it writes arrays of its own."""

from pathlib import Path

import numpy as np

from benchmarks.vectors import write
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.engine.encoder import unit_rows
from storage.index.quantization import BLOCK


def test_more_papers_are_written_than_the_arrays_have_room_for_at_first(tmp_path: Path) -> None:
    papers = [Paper(id=PaperId(f"test:{number}"), title=f"Paper {number}") for number in range(BLOCK + 1)]
    vectors = unit_rows(np.random.default_rng(0).standard_normal((len(papers), 64), np.float32))
    arrays = write(tmp_path, papers, vectors)
    assert len(arrays.rows()) == len(papers)
    nearest, _ = arrays.nearest(vectors[BLOCK], 3, np.ones(len(papers), np.bool_))
    assert nearest[0] == BLOCK
