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


@dataclass(frozen=True, slots=True)
class ShelfQuery:
    """What is asked of a list of papers: words, tags they must have, and tags they must not have."""

    words: str
    tags: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def admits(self, tags: Iterable[str]) -> bool:
        """Whether a paper with these tags is asked for, whatever its words."""
        return set(self.tags) <= set(tags) and not set(self.without) & set(tags)


_TAG_WORD = re.compile(r"(?P<not>-?)(?:#|tag:)(?P<tag>\w[\w.+-]*)", re.IGNORECASE)


def read_shelf_query(typed: str) -> ShelfQuery:
    """`graph #club -#read` asks for papers about graphs with the tag `club` that are not read."""
    words, tags, without = list[str](), list[str](), list[str]()
    for word in typed.split():
        found = _TAG_WORD.fullmatch(word)
        if found is None:
            words.append(word)
        else:
            (without if found["not"] else tags).append(found["tag"].lower())
    return ShelfQuery(" ".join(words), tuple(tags), tuple(without))
