"""Files of papers: JSON Lines, JSON, arXiv Atom, BibTeX and copied trending pages, plain or as .gz, .xz or .zip."""

import asyncio
import gzip
import lzma
import stat
import zipfile
import zlib
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime
from io import BufferedReader, FileIO
from pathlib import Path
from typing import IO, cast

from adapters.sources.formats import Located, read_records, recognize
from adapters.sources.records import Entry, gather
from bot.errors import SourceError
from bot.ports import Batch

_BATCH = 1_000
"""Records read, and stored, at a time."""

_UNPACKED, _MOST_PACKED = 64_000_000, 100
"""Bytes that a packed file may always become, and how many times its own size."""

_GZIP = b"\x1f\x8b"
_XZ = b"\xfd7zXZ\x00"
_ZIP = b"PK\x03\x04"
_PACKED_SUFFIXES = frozenset({".gz", ".xz", ".zip"})
_DAMAGE = (OSError, EOFError, lzma.LZMAError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)
"""What damaged and encrypted files come to."""


class FileSource:
    """A PaperSource that reads one file, whatever its format.

    `size` and `position` count bytes of the file as it lies on disk: what a progress bar shows. Counts without a
    moment (`"upvotes": 12`) are dated to when the file was last written, so that a second import changes nothing.
    A packed one may become a hundred times its size, but 64 MB at most when it is read `strictly`.
    Raises SourceError when the file cannot be opened or its format is unknown.
    """

    name = "files"

    def __init__(self, path: Path, *, strictly: bool = False) -> None:
        self.path = path
        self._file: FileIO | None = None
        try:
            status = path.stat()
            if not (stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)):
                raise SourceError(f"{path.name}: not a file that can be read twice; save it to disk first")
            with FileIO(path) as file, _unpack(file) as stream:
                self.format = recognize(_plain_name(path), stream)
        except _DAMAGE as error:
            raise SourceError(f"{path.name}: {_explain(error)}") from None
        self.size = status.st_size
        self._most = _UNPACKED if strictly else max(_UNPACKED, self.size * _MOST_PACKED)
        self._written = datetime.fromtimestamp(status.st_mtime, tz=UTC)

    @property
    def position(self) -> int:
        """How many bytes of the file have been read; 0 before reading, `size` after."""
        if self._file is None:
            return 0
        return self.size if self._file.closed else self._file.tell()

    async def batches(self, *, since: date | None = None, cursor: str = "") -> AsyncIterator[Batch]:
        """Everything in the file: reading it again costs little, so there is no cursor, and `since` is of no account.

        Raises SourceError where the file is damaged, after all that could be read before.
        """
        batches = self._batches()
        while (batch := await asyncio.to_thread(next, batches, None)) is not None:
            yield batch

    def _batches(self) -> Iterator[Batch]:
        chunk: list[tuple[str, Entry]] = []
        failure: SourceError | None = None
        empty = True
        records = self._records()
        while failure is None:
            try:
                where, entry = next(records)
            except StopIteration:
                break
            except SourceError as error:
                failure = error
            else:
                empty = False
                chunk.append((f"{self.path.name}:{where}", entry))
                if len(chunk) == _BATCH:
                    yield self._gather(chunk)
                    chunk = []
        if chunk:
            yield self._gather(chunk)
        if failure is None and empty:
            failure = SourceError(f"{self.path.name}: no papers in it")
        if failure:
            raise failure

    def _gather(self, chunk: list[tuple[str, Entry]]) -> Batch:
        return gather(chunk, source=self.name, at=self._written)

    def _records(self) -> Located:
        try:
            with FileIO(self.path) as file, _unpack(file) as stream:
                self._file = file
                whole = cast(IO[bytes], _Bounded(self.path.name, stream, self._most))
                yield from read_records(self.format, self.path.name, whole)
        except _DAMAGE as error:
            raise SourceError(f"{self.path.name}: {_explain(error)}") from None


class _Bounded:
    """A stream that gives no more than what papers can take when they are packed."""

    def __init__(self, name: str, stream: IO[bytes], most: int) -> None:
        self._name = name
        self._stream = stream
        self._most = self._left = most

    def read(self, size: int = -1) -> bytes:
        return self._counted(self._stream.read(size if size >= 0 else self._left + 1))

    def readline(self, size: int = -1) -> bytes:
        return self._counted(self._stream.readline(size))

    def _counted(self, read: bytes) -> bytes:
        self._left -= len(read)
        if self._left < 0:
            megabytes = self._most // 1_000_000
            raise SourceError(f"{self._name}: more than {megabytes:,} MB unpacked: no papers are so alike")
        return read


def _plain_name(path: Path) -> str:
    return path.stem if path.suffix.lower() in _PACKED_SUFFIXES else path.name


def _unpack(file: FileIO) -> IO[bytes]:
    magic = file.read(len(_XZ)) or b""
    file.seek(0)
    if magic == _XZ:
        return lzma.open(file)
    if magic.startswith(_GZIP):
        return cast(IO[bytes], gzip.GzipFile(fileobj=file))
    if magic.startswith(_ZIP):
        return _only_member(file)
    return BufferedReader(file)


def _only_member(file: FileIO) -> IO[bytes]:
    """The file in a zip file, read as it is unpacked. Raises BadZipFile where there is not exactly one."""
    archive = zipfile.ZipFile(cast(IO[bytes], file))
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) != 1:
        raise zipfile.BadZipFile(f"a zip file with {len(members)} files in it; unpack it first")
    return archive.open(members[0])


def _explain(error: Exception) -> str:
    if isinstance(error, EOFError):
        return "breaks off in the middle (truncated?)"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, zipfile.BadZipFile):
        return str(error)
    return f"damaged: {error}"
