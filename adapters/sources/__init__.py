"""Where papers come from. A new source is a module with a `from_options` here, and a line in SOURCES."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from importlib import import_module

from adapters.sources.options import Options
from bot.config import Settings
from bot.errors import UserError
from bot.ports import Clock, PaperSource, Sleep

SOURCES: Mapping[str, str] = {
    "huggingface": "adapters.sources.huggingface",
    "arxiv": "adapters.sources.arxiv",
}
"""Modules by the name of their source; loaded when needed, since HTTP clients are slow to import."""


@asynccontextmanager
async def open_sources(
    settings: Settings, clock: Clock, names: Iterable[str], sleep: Sleep = asyncio.sleep
) -> AsyncIterator[list[PaperSource]]:
    """The named sources as they are set up, in that order. Raises UserError for a name nobody knows."""
    yield build_sources(
        names,
        Options(
            clock=clock,
            sleep=sleep,
            contact=settings.contact,
            huggingface_token=settings.hf_token.get_secret_value(),
            huggingface_url=settings.huggingface_url,
            arxiv_categories=settings.arxiv_categories,
            arxiv_api_url=settings.arxiv_api_url,
            arxiv_rss_url=settings.arxiv_rss_url,
            arxiv_oai_url=settings.arxiv_oai_url,
        ),
    )


def build_sources(names: Iterable[str], options: Options) -> list[PaperSource]:
    """The named sources, in that order.

    Each keeps the interval its service asks for between requests; two of a kind would not know of each other's.
    Raises UserError for a name that is not in SOURCES.
    """
    return [_factory(name)(options) for name in names]


def _factory(name: str) -> Callable[[Options], PaperSource]:
    if name not in SOURCES:
        raise UserError(f"No source is called {name!r}. There are: {', '.join(SOURCES)}.")
    factory: Callable[[Options], PaperSource] = import_module(SOURCES[name]).from_options
    return factory
