"""The one small file that says which files make up the index."""

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from bot.errors import IndexDamagedError, IndexUnusableError
from storage.index.manifest import (
    BEGUN,
    FORMAT,
    NAME,
    Manifest,
    publish,
    publish_begun,
    read,
    stamp,
    undisturbed,
    writing,
)

IMPOSSIBLE = '{"format": 6, "encoder": "x", "dim": 1, "rows": 2, "papers": 3}'

KNOWN = Manifest("static-1", 256, generation="g1", commit=3, watermark=40, rows=12, papers=11)


def test_a_manifest_comes_back_as_it_was_published(tmp_path: Path) -> None:
    publish(tmp_path, KNOWN)
    assert read(tmp_path)[1] == KNOWN


def test_nothing_was_committed_where_there_is_no_manifest(tmp_path: Path) -> None:
    assert read(tmp_path / "nowhere") == (stamp(tmp_path / "nowhere" / NAME), None)


def test_every_publication_has_a_stamp_of_its_own(tmp_path: Path) -> None:
    stamps = [stamp(tmp_path / NAME)]
    for commit in range(3):
        publish(tmp_path, replace(KNOWN, commit=commit))
        assert read(tmp_path)[0] == stamp(tmp_path / NAME)
        stamps.append(stamp(tmp_path / NAME))
    assert all(before != after for before, after in pairwise(stamps))


def test_a_rebuild_has_a_manifest_of_its_own_that_becomes_the_indexes(tmp_path: Path) -> None:
    publish(tmp_path, KNOWN)
    publish(tmp_path, replace(KNOWN, generation="g2"), BEGUN)
    assert read(tmp_path)[1] == KNOWN
    assert read(tmp_path, BEGUN)[1] == replace(KNOWN, generation="g2")
    before = stamp(tmp_path / NAME)
    publish_begun(tmp_path)
    assert read(tmp_path)[1] == replace(KNOWN, generation="g2")
    assert read(tmp_path, BEGUN)[1] is None
    assert stamp(tmp_path / NAME) != before


def test_a_draft_that_was_left_lying_about_is_no_manifest(tmp_path: Path) -> None:
    publish(tmp_path, KNOWN)
    (tmp_path / f"{NAME}.new").write_text('{"format": 3, "enc')
    assert read(tmp_path)[1] == KNOWN


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"format": 6}', '{"format": 6, "encoder": "x", "dim": 1, "more": 2}', "\x00", IMPOSSIBLE],
)
def test_a_damaged_manifest_is_refused_with_what_to_do(tmp_path: Path, content: str) -> None:
    (tmp_path / NAME).write_text(content)
    with pytest.raises(IndexUnusableError, match=r"damaged.*index --rebuild"):
        read(tmp_path)


def test_the_manifest_of_another_version_is_refused_as_such(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(json.dumps({"format": 1, "encoder": "old"}))
    with pytest.raises(IndexDamagedError, match="another version"):
        read(tmp_path)


def test_the_manifest_of_a_newer_version_is_not_for_this_one_to_replace(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text(json.dumps({"format": FORMAT + 1, "encoder": "new"}))
    with pytest.raises(IndexUnusableError, match="newer version") as refused:
        read(tmp_path)
    assert not isinstance(refused.value, IndexDamagedError)


def test_writers_are_kept_away_and_told_apart(tmp_path: Path) -> None:
    with undisturbed(tmp_path) as alone:
        assert alone
        with pytest.raises(IndexUnusableError, match="Another process"), writing(tmp_path):
            pytest.fail("a writer that should have been kept away")
    with writing(tmp_path), undisturbed(tmp_path) as alone:
        assert not alone
    with undisturbed(tmp_path / "nowhere") as alone:
        assert alone


def test_a_directory_has_one_writer_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "index"
    with writing(path), pytest.raises(IndexUnusableError, match="Another process"), writing(path):
        pytest.fail("two writers")
    with writing(path):
        assert path.is_dir()
