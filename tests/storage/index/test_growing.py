"""Making room in files."""

import errno
import os
from pathlib import Path

import pytest

from storage.index.growing import grow


def test_a_file_grows_by_zeros_and_never_shrinks(tmp_path: Path) -> None:
    file = tmp_path / "column"
    grow(file, 3)
    assert file.read_bytes() == bytes(3)
    file.write_bytes(b"abc")
    grow(file, 5)
    grow(file, 4)
    assert file.read_bytes() == b"abc\0\0"


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="needs posix_fallocate")
def test_room_is_there_before_anything_is_written(tmp_path: Path) -> None:
    grow(tmp_path / "column", 1 << 20)
    assert (tmp_path / "column").stat().st_blocks * 512 >= 1 << 20


@pytest.mark.parametrize(("number", "told"), [(errno.ENOSPC, True), (errno.EOPNOTSUPP, False)])
def test_no_room_is_told_but_not_that_a_disk_cannot_make_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, told: bool
) -> None:
    file = tmp_path / "column"
    file.write_bytes(b"abc")

    def refuse(descriptor: int, offset: int, _length: int) -> None:
        os.truncate(descriptor, offset + 1)
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "posix_fallocate", refuse, raising=False)
    if told:
        with pytest.raises(OSError, match=os.strerror(number)):
            grow(file, 8)
    else:
        grow(file, 8)
    assert file.read_bytes() == b"abc" + bytes(0 if told else 5)
