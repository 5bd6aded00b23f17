"""tantivy's files: whether they are all there and as they were written.

Each file of a segment is written once and ends in a footer, which holds a CRC-32 of what is before it. tantivy itself
looks at the footers of some files, at the sums of none, and aborts on some of what it does not expect.
"""

import json
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from zlib import crc32

_META = "meta.json"
_PARTS = ("idx", "pos", "term", "store", "fast", "fieldnorm")
_MAGIC = 1337
_LONGEST_FOOTER = 4_096
_AT_ONCE = 1 << 20
_ATTEMPTS = 20


def require_whole(directory: Path) -> None:
    """Raises OSError or ValueError when a file that tantivy needs is gone or has been cut."""
    _for_each(directory, lambda file: _footer(file) and None)


def require_unaltered(directory: Path) -> None:
    """Raises OSError or ValueError when a file that tantivy needs is not as it was written; reads them all."""
    _for_each(directory, _require_sum)


def _for_each(directory: Path, check: Callable[[Path], None]) -> None:
    """Check each file of the segments there are; a writer may merge them meanwhile, and remove those it merged."""
    for left in reversed(range(_ATTEMPTS)):
        meta = (directory / _META).read_bytes()
        try:
            for file in _files(directory, meta):
                check(file)
        except FileNotFoundError:
            if not left or (directory / _META).read_bytes() == meta:
                raise
        else:
            return


def _files(directory: Path, meta: bytes) -> Iterator[Path]:
    try:
        segments = json.loads(meta)["segments"]
        for segment in segments:
            name = segment["segment_id"].replace("-", "")
            yield from (directory / f"{name}.{part}" for part in _PARTS)
            if segment["deletes"]:
                yield directory / f"{name}.{segment['deletes']['opstamp']}.del"
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"{_META} of tantivy is not as it was written") from error


def _footer(file: Path) -> tuple[int, int]:
    """How many bytes of a file are before its footer, and their CRC-32 as it stands there."""
    size = file.stat().st_size
    with file.open("rb") as opened:
        opened.seek(max(0, size - 8))
        end = opened.read()
        length, magic = struct.unpack("<II", end) if len(end) == 8 else (0, 0)
        if magic != _MAGIC or length > min(size - 8, _LONGEST_FOOTER):
            raise ValueError(f"{file.name} of tantivy is cut short")
        opened.seek(size - 8 - length)
        try:
            return size - 8 - length, int(json.loads(opened.read(length))["crc"])
        except (LookupError, TypeError) as error:
            raise ValueError(f"{file.name} of tantivy is not as it was written") from error


def _require_sum(file: Path) -> None:
    left, wanted = _footer(file)
    found = 0
    with file.open("rb") as opened:
        while left > 0 and (part := opened.read(min(left, _AT_ONCE))):
            found, left = crc32(part, found), left - len(part)
    if found != wanted:
        raise ValueError(f"{file.name} of tantivy is not as it was written")
