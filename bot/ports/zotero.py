"""Libraries of Zotero: what is kept of them, and the service itself."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from bot.domain.papers import Paper
from bot.domain.people import FeedbackAct
from bot.domain.zotero import LinkedItem, ZoteroCollection, ZoteroItem, ZoteroLibrary


class ZoteroStore(Protocol):
    """Which libraries are kept in step, and their items that stand for papers. All moments are UTC with time zone."""

    async def connect_zotero(self, library: ZoteroLibrary) -> None:
        """Keep a library in step with what its owner saved, in place of the one before; its key is kept encrypted.

        What is known of its items stays where it is the same collection of the same library. Raises StoreError
        without a key to encrypt with.
        """

    async def zotero_library(self, owner: str) -> ZoteroLibrary | None:
        """The library of an owner. Raises StoreError when its key cannot be read any more."""

    async def disconnect_zotero(self, owner: str) -> bool:
        """Forget the library of an owner, with its key; what was saved from it stays. False where there was none."""

    async def claim_zotero(self, *, now: datetime, until: datetime, limit: int = 1, owner: str = "") -> list[str]:
        """The owners of libraries whose turn it is, the longest waiting first: nobody else has them before `until`.

        With an `owner`, theirs, whether it is its turn or not; none where somebody works on it.
        """

    async def hold_zotero(self, library: ZoteroLibrary, *, until: datetime) -> bool:
        """Keep a library that was claimed for longer; False when it is not connected any more."""

    async def end_zotero(self, library: ZoteroLibrary, ended: ZoteroLibrary) -> None:
        """Give a library back, as it was when its turn began, with how that ended: version, moments, error, attempts.

        One that was connected again meanwhile has its next turn: what the old key came to says nothing of the new one.
        """

    async def linked_items(self, owner: str) -> list[LinkedItem]:
        """The items of an owner's library that stand for papers, by their keys."""

    async def link_items(
        self, library: ZoteroLibrary, items: Sequence[LinkedItem], acts: Sequence[FeedbackAct] = ()
    ) -> bool:
        """Keep what is known of items, and the saves of those that came, both or neither.

        The save of one that went, which is not `present`, is as if it had never been: what was said here stands.
        False, and nothing is kept, when the library is not connected any more. Unknown papers change nothing.
        """

    async def unlink_items(self, library: ZoteroLibrary, keys: Collection[str]) -> None:
        """Forget items of a library."""

    async def count_zotero(self) -> "ZoteroCounts":
        """How many libraries there are, and how they are doing."""

    async def encrypt_zotero_anew(self) -> None:
        """Encrypt every key of a library with the newest key; those that cannot be read any more stay as they are."""


class ZoteroCounts(NamedTuple):
    """How many libraries are kept in step; how many had trouble the last time, and what the trouble was."""

    libraries: int
    failing: int
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ZoteroAccess:
    """What a key may do: whose it is, and whether it may read and write their library and which groups.

    `groups` are the numbers of groups it may write to; `all_groups` says that it may write to any.
    """

    user: int
    name: str
    library: bool
    groups: frozenset[int] = frozenset()
    all_groups: bool = False


class Changed(NamedTuple):
    """The items that changed since a version of the library, with the version of each, and the library's own."""

    items: Mapping[str, int]
    version: int


class Deleted(NamedTuple):
    """What was deleted for good since a version of the library."""

    items: frozenset[str]
    collections: frozenset[str]


@dataclass(frozen=True, slots=True)
class Made:
    """What became of items that were to be made, by their keys.

    `done` have the version of the library; `known` were there already; `refused`, for good, are told with the reason.
    What is none of these may be made later.
    """

    version: int
    done: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    refused: Mapping[str, str] = field(default_factory=dict)


class NewItem(NamedTuple):
    """An item to be made for a paper, in some collections and with tags."""

    key: str
    paper: Paper
    collections: tuple[str, ...]
    citation_key: str = ""


class ZoteroSession(Protocol):
    """Talks to Zotero with one key, about libraries by their paths.

    Everything raises KeyRefusedError when the key may not do that, AskedToWaitError when Zotero wants to be left alone
    for longer than one waits, and SourceError when it does not answer as it should, after retries.
    """

    async def access(self) -> ZoteroAccess:
        """What the key may do."""

    async def group_name(self, path: str) -> str:
        """What a group is called."""

    async def changed(self, path: str, *, since: int, collection: str = "") -> Changed:
        """The items at the top of a library, or of one of its collections, that changed; those in the trash, too."""

    async def items(self, path: str, keys: Sequence[str]) -> list[ZoteroItem]:
        """Those of fifty items that are there."""

    async def deleted(self, path: str, *, since: int) -> Deleted:
        """What was deleted for good."""

    async def collections(self, path: str) -> list[ZoteroCollection]:
        """All collections of a library."""

    async def make_collection(self, path: str, collection: ZoteroCollection) -> None:
        """Make a collection; nothing happens where there is one of this key."""

    async def make_items(self, path: str, items: Sequence[NewItem]) -> Made:
        """Make up to fifty items; one whose key is taken is not made again."""

    async def change(self, path: str, item: ZoteroItem, fields: Mapping[str, Any]) -> int | None:
        """Change some fields of an item that was read; the new version, None where somebody changed it meanwhile."""


class ZoteroService(Protocol):
    """Zotero."""

    def session(self, key: str) -> AbstractAsyncContextManager[ZoteroSession]:
        """A connection that acts with a key."""
