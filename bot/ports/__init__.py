"""What the core needs of the outside world, as Protocols; those of the store mirror `storage.sql`.

A name is imported from its module when it is first asked for: a search needs few of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.ports.citations import CitationService, CitationStore
    from bot.ports.clock import Clock, ServerClock, Sleep
    from bot.ports.clubs import ClubStore
    from bot.ports.deliveries import Audience, DeliveryStore
    from bot.ports.delivery_counts import DeliveryCountStore
    from bot.ports.destinations import DestinationStore
    from bot.ports.feedback import CoSave, FeedbackStore
    from bot.ports.feeds import FeedStore
    from bot.ports.follows import FollowStore
    from bot.ports.index import (
        TERM_SPACE,
        Encoder,
        Filters,
        Hits,
        IndexWriter,
        Lexicon,
        ListedField,
        PaperIndex,
        Rows,
        Scores,
        TermCounts,
        Vectors,
    )
    from bot.ports.library_store import LibraryStore
    from bot.ports.mailboxes import MailboxStore
    from bot.ports.papers import AsksOfPapers, PaperCitations, PaperPages, PaperStore, PaperUpvotes, Saved, StoredPaper
    from bot.ports.people import PeopleStore
    from bot.ports.places import PlaceStore
    from bot.ports.platform import Platform, unheard
    from bot.ports.plots import Plots
    from bot.ports.saved_commands import SavedCommandStore
    from bot.ports.services import Claim, PaperSearch, PaperService, Services, ServiceState, ServiceStore
    from bot.ports.sources import BadRecord, Batch, FilePapers, FileReader, PaperSource, SourceState, SourceStore
    from bot.ports.store import Store
    from bot.ports.tokens import Installation, Installations, SeenEvents, TokenStore
    from bot.ports.vector_cache import CachedVector, VectorCacheStore
    from bot.ports.workspace_settings import WorkspaceSettingsStore

__all__ = [
    "TERM_SPACE",
    "AsksOfPapers",
    "Audience",
    "BadRecord",
    "Batch",
    "CachedVector",
    "CitationService",
    "CitationStore",
    "Claim",
    "Clock",
    "ClubStore",
    "CoSave",
    "DeliveryCountStore",
    "DeliveryStore",
    "DestinationStore",
    "Encoder",
    "FeedStore",
    "FeedbackStore",
    "FilePapers",
    "FileReader",
    "Filters",
    "FollowStore",
    "Hits",
    "IndexWriter",
    "Installation",
    "Installations",
    "Lexicon",
    "LibraryStore",
    "ListedField",
    "MailboxStore",
    "PaperCitations",
    "PaperIndex",
    "PaperPages",
    "PaperSearch",
    "PaperService",
    "PaperSource",
    "PaperStore",
    "PaperUpvotes",
    "PeopleStore",
    "PlaceStore",
    "Platform",
    "Plots",
    "Rows",
    "Saved",
    "SavedCommandStore",
    "Scores",
    "SeenEvents",
    "ServerClock",
    "ServiceState",
    "ServiceStore",
    "Services",
    "Sleep",
    "SourceState",
    "SourceStore",
    "Store",
    "StoredPaper",
    "TermCounts",
    "TokenStore",
    "VectorCacheStore",
    "Vectors",
    "WorkspaceSettingsStore",
    "unheard",
]

_NAMES = {
    "citations": "CitationService CitationStore",
    "clock": "Clock ServerClock Sleep",
    "clubs": "ClubStore",
    "deliveries": "Audience DeliveryStore",
    "delivery_counts": "DeliveryCountStore",
    "destinations": "DestinationStore",
    "feedback": "CoSave FeedbackStore",
    "feeds": "FeedStore",
    "follows": "FollowStore",
    "index": "TERM_SPACE Encoder Filters Hits IndexWriter Lexicon ListedField "
    "PaperIndex Rows Scores TermCounts Vectors",
    "library_store": "LibraryStore",
    "mailboxes": "MailboxStore",
    "papers": "AsksOfPapers PaperCitations PaperPages PaperStore PaperUpvotes Saved StoredPaper",
    "people": "PeopleStore",
    "places": "PlaceStore",
    "platform": "Platform unheard",
    "plots": "Plots",
    "saved_commands": "SavedCommandStore",
    "services": "Claim PaperSearch PaperService Services ServiceState ServiceStore",
    "sources": "BadRecord Batch FilePapers FileReader PaperSource SourceState SourceStore",
    "store": "Store",
    "tokens": "Installation Installations SeenEvents TokenStore",
    "vector_cache": "CachedVector VectorCacheStore",
    "workspace_settings": "WorkspaceSettingsStore",
}
"""Modules -> the names that are imported from them."""

_MODULES = {name: module for module, names in _NAMES.items() for name in names.split()}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"bot.ports.{_MODULES[name]}"), name)
    return found
