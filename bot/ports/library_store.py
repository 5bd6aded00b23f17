"""The part of the store that papers are found and fetched with."""

from typing import Protocol

from bot.ports.feedback import FeedbackStore
from bot.ports.papers import PaperStore
from bot.ports.services import ServiceStore
from bot.ports.sources import SourceStore
from bot.ports.vector_cache import VectorCacheStore


class LibraryStore(PaperStore, SourceStore, FeedbackStore, VectorCacheStore, ServiceStore, Protocol):
    """What the library asks: papers, what was saved together, and the sources and services that tell of papers."""
