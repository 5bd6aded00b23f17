"""Files that people bring, as sources of papers."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from adapters.sources.files import FileSource


@contextmanager
def read_upload(name: str, content: bytes) -> Iterator[FileSource]:
    """A file that somebody brought, for as long as it is read; of its name only the endings count.

    Raises SourceError when it cannot be read.
    """
    endings = re.sub(r"[^.A-Za-z0-9]", "", "".join(PurePath(name).suffixes[-2:]))[-20:]
    with TemporaryDirectory(prefix="paperboy-") as folder:
        path = Path(folder) / f"file{endings}"
        path.write_bytes(content)
        yield FileSource(path, strictly=True)
