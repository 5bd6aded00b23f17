"""The store: everything that is kept."""

from typing import Protocol

from bot.ports.citations import CitationStore
from bot.ports.clock import ServerClock
from bot.ports.clubs import ClubStore
from bot.ports.deliveries import DeliveryStore
from bot.ports.delivery_counts import DeliveryCountStore
from bot.ports.destinations import DestinationStore
from bot.ports.feeds import FeedStore
from bot.ports.follows import FollowStore
from bot.ports.library_store import LibraryStore
from bot.ports.mailboxes import MailboxStore
from bot.ports.notes import NoteStore
from bot.ports.people import PeopleStore
from bot.ports.places import PlaceStore
from bot.ports.saved_commands import SavedCommandStore
from bot.ports.sightings import SightingStore
from bot.ports.workspace_settings import WorkspaceSettingsStore
from bot.ports.zotero import ZoteroStore


class Store(
    LibraryStore,
    PeopleStore,
    FeedStore,
    PlaceStore,
    FollowStore,
    NoteStore,
    SightingStore,
    ClubStore,
    CitationStore,
    WorkspaceSettingsStore,
    SavedCommandStore,
    DestinationStore,
    DeliveryStore,
    DeliveryCountStore,
    MailboxStore,
    ZoteroStore,
    Protocol,
):
    """Everything that is kept; `storage.sql` has a module for each of its parts."""

    async def size(self) -> int:
        """How many bytes the database takes."""

    @property
    def server_clock(self) -> ServerClock | None:
        """The clock of the database server; None where one process has the database, as with SQLite."""
