"""Who may read what is kept."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.runtime.private_files import keep_private, private_files, readable_by_others


@pytest.fixture(autouse=True)
def _files_others_may_read() -> Iterator[None]:
    """Without which it would not be seen what is taken away from them."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_new_files_are_their_owners_alone_for_a_while(tmp_path: Path) -> None:
    with private_files():
        (tmp_path / "folder").mkdir()
        (tmp_path / "file").touch()
    assert (mode(tmp_path / "folder"), mode(tmp_path / "file")) == (0o700, 0o600)
    (tmp_path / "later").touch()
    assert mode(tmp_path / "later") & 0o044


def test_what_others_could_read_is_taken_away_from_them(tmp_path: Path) -> None:
    open_file, own = tmp_path / "open", tmp_path / "own"
    for path, bits in ((open_file, 0o644), (own, 0o600)):
        path.touch()
        path.chmod(bits)
    paths = [open_file, own, tmp_path / "nowhere"]
    assert readable_by_others(paths) == [open_file]
    keep_private(paths)
    assert readable_by_others(paths) == []
    assert mode(open_file) == 0o600
