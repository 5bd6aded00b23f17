"""Where papers come from."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from bot.config import Settings
from bot.ports import Clock, FilePapers, PaperSource, Sleep
from bot.runtime.clocks import SystemClock

if TYPE_CHECKING:
    from bot.ports import Store


def source_names() -> list[str]:
    """The sources there are."""
    from adapters.sources import SOURCES

    return list(SOURCES)


def paper_sources(
    settings: Settings, names: Iterable[str], *, clock: Clock | None = None, sleep: Sleep = asyncio.sleep
) -> list[PaperSource]:
    """The network sources of these names, which wait by `sleep`. Raises UserError for a name nobody knows."""
    from adapters.sources import build_sources

    return build_sources(settings, clock or SystemClock(), names, sleep)


def share_pace(sources: Iterable[PaperSource], store: "Store") -> None:
    """Let sources keep the pace of their services together with lookups and with other processes."""
    from adapters.sources import share_pace

    share_pace(sources, store)


def service_names(settings: Settings) -> tuple[list[str], list[str]]:
    """The services that are asked for single papers, and those that are searched. Raises UserError for an unknown one.

    Both are in the order in which they are asked.
    """
    from adapters.lookup import LOOKUPS, SEARCHES, require_known

    require_known(settings)
    lookups = [name for name in LOOKUPS if name in settings.lookup]
    return lookups, [name for name in SEARCHES if name in settings.search_services]


def file_source(path: Path) -> FilePapers:
    """A file of papers; its format is detected. Raises SourceError when it cannot be read."""
    from adapters.sources.files import FileSource

    return FileSource(path)


def read_upload(name: str, content: bytes) -> AbstractContextManager[PaperSource]:
    """A file that somebody brought, its name and content, as a source of papers. Raises SourceError."""
    from adapters.sources import uploads

    return uploads.read_upload(name, content)


@contextmanager
def sample() -> Iterator[Path]:
    """The bundled sample as a file."""
    with as_file(files("bot") / "sample" / "papers.jsonl") as path:
        yield path
