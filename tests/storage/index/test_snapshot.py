"""One committed state, read from its files."""

from pathlib import Path

import pytest

from bot.ports import PaperIndex
from storage.index import manifest
from storage.index.manifest import Manifest, Stamp
from storage.index.snapshot import Snapshot
from tests.support.index import fill, stored


def test_before_the_first_commit_there_is_an_empty_state(tmp_path: Path) -> None:
    empty = Snapshot.read(tmp_path, Stamp(), Manifest("hashing", 96), None)
    assert len(empty.words) == len(empty.arrays.rows()) == 0


def test_a_state_with_fewer_papers_than_were_written_is_refused(index: PaperIndex, tmp_path: Path) -> None:
    path = tmp_path / "index"
    fill(index, [stored(1, "red"), stored(2, "green")])
    segments = next(path.glob("generation-*/tantivy/meta.json"))
    before = segments.read_bytes()
    fill(index, [stored(3, "blue")])
    stamp, written = manifest.read(path)
    assert written
    assert len(Snapshot.read(path, stamp, written, None).words) == 3
    segments.write_bytes(before)
    with pytest.raises(ValueError, match="fewer papers"):
        Snapshot.read(path, stamp, written, None)
