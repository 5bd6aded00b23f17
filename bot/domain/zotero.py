"""Libraries of Zotero that are kept in step with what is saved here: which, what of them is known, and the rules."""

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.domain.people import Account

PLATFORM = "zotero"
"""The platform of those who save by adding to a group's library: each such library is somebody there."""

BY_ZOTERO = "zotero"
"""The origin of saves that come from a library of Zotero."""

HOME = "Paperboy"
"""What the collection is called that is made for what is saved here, unless another is named."""

_KEY_LETTERS = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ"
_KEY_LENGTH = 8


def new_key() -> str:
    """A key for something that is made in Zotero, which lets its clients choose: made twice, it is made once."""
    return "".join(secrets.choice(_KEY_LETTERS) for _ in range(_KEY_LENGTH))


def zotero_account(place: str) -> Account:
    """Who saves in a place, by its key, what is added to its library of Zotero: nobody who ever types anything."""
    return Account(PLATFORM, place, "Zotero")


@dataclass(frozen=True, slots=True)
class ZoteroLibrary:
    """A library that is kept in step with what an owner saved: `person:1`, or the key of a place.

    `person` gave the API `key`. Its `path` is `users/1` or `groups/2`. What is saved here is put into `collection`;
    what is read is that collection and those in it, or the `whole` library. It was read up to its `version`.
    Moments are UTC: it was last in step at `synced_at`, and its next turn is at `next_at`, None where somebody has to
    do something first. `error` says what went wrong the last time, and `attempts` how often in a row.
    """

    owner: str
    person: int
    key: str = field(repr=False)
    path: str
    name: str
    collection: str
    whole: bool
    version: int = 0
    synced_at: datetime | None = None
    next_at: datetime | None = None
    error: str = ""
    attempts: int = 0

    @property
    def trouble(self) -> str:
        """What went wrong the last time, and who does something about it; empty where nothing did."""
        if not self.error:
            return ""
        later = "Connect it again." if self.next_at is None else "I try again by myself."
        return f"The last time something went wrong: {self.error.rstrip('.')}. {later}"


@dataclass(frozen=True, slots=True)
class LinkedItem:
    """An item of a library and the paper that it stands for, as they were when the two were last in step.

    `saved` says whether the paper was saved here, `there` whether the item was in what is read of the library; `made`
    that Paperboy made it and nobody has changed it since. `version` is 0 until it is known that it was made.
    `collections` are the keys of the collections it is in, `tags` the lists that both sides agreed on. `citation_key`
    is what Paperboy called the paper there; empty where it did not.
    """

    item: str
    paper_id: PaperId
    saved: bool
    there: bool
    made: bool = False
    version: int = 0
    collections: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    citation_key: str = ""


@dataclass(frozen=True, slots=True)
class ZoteroItem:
    """An item as Zotero tells it; `paper` is None for what is no paper, `children` are its notes and files."""

    key: str
    version: int
    paper: Paper | None
    aliases: tuple[PaperId, ...] = ()
    collections: tuple[str, ...] = ()
    trashed: bool = False
    children: int = 0


@dataclass(frozen=True, slots=True)
class ZoteroCollection:
    """A collection of a library; `parent` is the key of the one it is in, or empty."""

    key: str
    name: str
    parent: str = ""


class Removal(Enum):
    """What becomes of an item in Zotero when its paper is no longer saved here."""

    NOTHING = "nothing"
    TAKE_OUT = "take out"
    """It stays in the library, and leaves the collections that are Paperboy's."""
    TRASH = "trash"
    """It goes to the trash of Zotero, from where it can be had back."""


def removal(item: ZoteroItem, link: LinkedItem, ours: Collection[str]) -> Removal:
    """What to do with an item whose paper is no longer saved; `ours` are the collections that are Paperboy's.

    Only what Paperboy made is put into the trash, and only where nobody has changed it, filed it elsewhere or put a
    note or a file with it.
    """
    if item.trashed:
        return Removal.NOTHING
    untouched = link.made and link.version in {0, item.version} and not item.children
    if untouched and set(item.collections) <= set(ours):
        return Removal.TRASH
    return Removal.TAKE_OUT if set(item.collections) & set(ours) else Removal.NOTHING


class Lists(NamedTuple):
    """The lists that a paper is to be on, and what that changes on either side."""

    agreed: frozenset[str]
    put_here: frozenset[str]
    take_here: frozenset[str]
    put_there: frozenset[str]
    take_there: frozenset[str]


def merged_lists(agreed: Iterable[str], here: Iterable[str], there: Iterable[str], known: Iterable[str]) -> Lists:
    """What was put onto a list or taken off on one side since both agreed is so on both.

    `known` are the lists that there are in Zotero: one that is gone there took nothing off a list here.
    """
    before, mine, theirs = frozenset(agreed), frozenset(here), frozenset(there)
    gone = (before - mine) | ((before - theirs) & frozenset(known))
    wanted = (mine | theirs) - gone
    return Lists(wanted, wanted - mine, mine - wanted, wanted - theirs, theirs - wanted)


def within(collections: Mapping[str, ZoteroCollection], key: str) -> frozenset[str]:
    """A collection and all those in it, however deep."""
    found, seen = {key}, 0
    while len(found) > seen:
        seen = len(found)
        found |= {each.key for each in collections.values() if each.parent in found}
    return frozenset(found)
