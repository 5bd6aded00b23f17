"""What people write about papers: notes, and tags, which make lists of them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.paper_ids import PaperId
from bot.errors import UserError

NOTE_LENGTH, TAG_LENGTH, TAGS = 2_000, 40, 20
"""Characters of a note and of a tag; tags that can be put on a paper at once."""

READ = "read"
"""The tag of a paper that somebody has read."""

_TAG = re.compile(r"\w[\w.+-]*")


@dataclass(frozen=True, slots=True)
class Note:
    """A text about a paper, by whoever wrote it: `person`, who is called `author`, at a moment (UTC)."""

    text: str
    person: int
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Shelf:
    """What an owner, a person or a place, has written about papers: notes, the newest first, and tags, by name."""

    notes: dict[PaperId, list[Note]] = field(default_factory=dict)
    tags: dict[PaperId, list[str]] = field(default_factory=dict)


def read_tags(typed: str) -> list[str]:
    """The tags in a text, each once, in lower case: `#To-Read, club` has two. Raises UserError."""
    words = [word.removeprefix("#").lower() for word in re.split(r"[\s,;]+", typed) if word]
    tags = list(dict.fromkeys(words))
    for tag in tags:
        if not _TAG.fullmatch(tag) or len(tag) > TAG_LENGTH:
            raise UserError(f"“{tag[:TAG_LENGTH]}” cannot be a tag: letters, digits and - make one, such as `to-read`.")
    if len(tags) > TAGS:
        raise UserError(f"That are {len(tags)} tags; a paper takes {TAGS} at once.")
    return tags


def list_name(name: str) -> str:
    """The list that goes by a name elsewhere: `Reading group!` is `reading-group`; empty without any letter."""
    folded = name.strip().lower()
    if _TAG.fullmatch(folded) and len(folded) <= TAG_LENGTH:
        return folded
    return re.sub(r"[^\w.+]+", "-", folded).strip("-.+")[:TAG_LENGTH].rstrip("-.+")


@dataclass(frozen=True, slots=True)
class ShelfQuery:
    """What is asked of a list of papers: words, tags they must have, tags they must not have, and their order.

    `sort` is one of `SORTS`; where it is empty the list has the order it has by itself.
    """

    words: str
    tags: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    sort: str = ""

    def admits(self, tags: Iterable[str]) -> bool:
        """Whether a paper with these tags is asked for, whatever its words."""
        return set(self.tags) <= set(tags) and not set(self.without) & set(tags)


SORTS = ("new", "saves", "title")
"""The orders of a list: published last, saved by most, or by title."""

_TAG_WORD = re.compile(r"(?P<not>-?)(?:#|tag:)(?P<tag>\w[\w.+-]*)", re.IGNORECASE)


def read_shelf_query(typed: str) -> ShelfQuery:
    """`graph #club -#read sort:new` asks for papers about graphs with the tag `club` that are not read, newest first.

    Raises UserError for an order that there is not.
    """
    words, tags, without, sort = list[str](), list[str](), list[str](), ""
    for word in typed.split():
        if found := _TAG_WORD.fullmatch(word):
            (without if found["not"] else tags).append(found["tag"].lower())
        elif word.lower().startswith("sort:"):
            sort = _order(word)
        else:
            words.append(word)
    return ShelfQuery(" ".join(words), tuple(tags), tuple(without), sort)


def _order(word: str) -> str:
    order = word.lower().removeprefix("sort:")
    if order not in SORTS:
        raise UserError(f"`{word}` is not an order of a list; use `sort:new`, `sort:saves` or `sort:title`.")
    return order
