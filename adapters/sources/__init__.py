"""Where papers come from. A new source is a module here, and a line in SOURCES."""

from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Protocol, runtime_checkable

from bot.config import Settings
from bot.errors import UserError
from bot.ports import Clock, PaperSource, ServiceStore, Sleep

SOURCES: Mapping[str, str] = {
    "huggingface": "adapters.sources.huggingface",
    "arxiv": "adapters.sources.arxiv",
    "biorxiv": "adapters.sources.biorxiv:biorxiv",
    "medrxiv": "adapters.sources.biorxiv:medrxiv",
    "pubmed": "adapters.sources.pubmed",
    "europepmc": "adapters.sources.europepmc",
    "journals": "adapters.sources.crossref",
    "openreview": "adapters.sources.openreview",
    "feeds": "adapters.sources.feeds",
    "citations": "adapters.sources.citations",
}
"""Modules by the name of their source, with what makes it where that is not `from_settings`.

They are loaded when needed, since HTTP clients are slow to import.
"""

_Factory = Callable[[Settings, Clock, Sleep], PaperSource]


@runtime_checkable
class SharesPace(Protocol):
    """A source whose service is also asked about single papers."""

    def share_pace(self, services: ServiceStore) -> None:
        """Keep the service's pace together with everything else that asks it."""


def build_sources(settings: Settings, clock: Clock, names: Iterable[str], sleep: Sleep) -> list[PaperSource]:
    """The named sources as they are set up, in that order.

    Each keeps the interval its service asks for between requests; two of a kind would not know of each other's without
    `share_pace`. Raises UserError for a name that is not in SOURCES.
    """
    return [_factory(name)(settings, clock, sleep) for name in names]


def share_pace(sources: Iterable[PaperSource], services: ServiceStore) -> None:
    """Let sources keep the pace of their services together with lookups and with other processes."""
    for source in sources:
        if isinstance(source, SharesPace):
            source.share_pace(services)


def _factory(name: str) -> _Factory:
    if name not in SOURCES:
        raise UserError(f"No source is called {name!r}. There are: {', '.join(SOURCES)}.")
    module, _, made_by = SOURCES[name].partition(":")
    factory: _Factory = getattr(import_module(module), made_by or "from_settings")
    return factory
