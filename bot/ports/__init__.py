"""What the core needs of the outside world, as Protocols."""

from bot.ports.clock import Clock, Sleep
from bot.ports.index import Encoder, Hits, IndexWriter, Lexicon, PaperIndex, Rows, Scores, Vectors
from bot.ports.platform import Installation, Installations, Platform, SeenEvents
from bot.ports.source import BadRecord, Batch, FilePapers, PaperSource, SourceState
from bot.ports.store import (
    CoSave,
    CustomStore,
    DeliveryStore,
    KeptVector,
    LineStore,
    Outcome,
    PaperStore,
    PeopleStore,
    Saved,
    Store,
    StoredPaper,
    Taste,
    VectorStore,
)

__all__ = [
    "BadRecord",
    "Batch",
    "Clock",
    "CoSave",
    "CustomStore",
    "DeliveryStore",
    "Encoder",
    "FilePapers",
    "Hits",
    "IndexWriter",
    "Installation",
    "Installations",
    "KeptVector",
    "Lexicon",
    "LineStore",
    "Outcome",
    "PaperIndex",
    "PaperSource",
    "PaperStore",
    "PeopleStore",
    "Platform",
    "Rows",
    "Saved",
    "Scores",
    "SeenEvents",
    "Sleep",
    "SourceState",
    "Store",
    "StoredPaper",
    "Taste",
    "VectorStore",
    "Vectors",
]
