"""What the core needs of the outside world, as Protocols; those of the store mirror `storage.sql`."""

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
