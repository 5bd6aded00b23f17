"""Follows: what somebody is told of paper by paper, and the papers that match."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.paper_ids import PaperId


class FollowKind(StrEnum):
    """What can be followed."""

    AUTHOR = "author"
    LAB = "lab"
    QUERY = "query"
    VERSION = "version"
    """New versions of one paper."""
    CITED_BY = "cited-by"
    """Papers that cite one paper."""


OF_A_PAPER = frozenset({FollowKind.VERSION, FollowKind.CITED_BY})
"""Kinds of which the value is the id of a paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """Something followed by a person or a channel (`owner`).

    `value` is a name, a query, or the id of a paper. Papers come with the next daily post of the owner, or `at_once`
    to `place`, the key of a destination; without any daily post all come at once. Papers count that were first read
    after the row `from_row`; up to the revision `scanned` all were looked at. `since` is the day it was followed.
    An author's papers with somebody of `others` are another author's of the same name. `mention` is the id of the role
    or user group that is told of each match.
    """

    number: int = 0
    owner: str
    place: str
    kind: FollowKind
    value: str
    at_once: bool = False
    since: date
    from_row: int = 0
    scanned: int = 0
    others: tuple[str, ...] = ()
    mention: str = ""

    @property
    def name(self) -> str:
        """As it is typed: `author:"Geoffrey Hinton"`."""
        return self.value if self.kind is FollowKind.QUERY else f"{self.kind}:{_quoted(self.value)}"


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value


@dataclass(frozen=True, slots=True)
class Match:
    """A paper (its row) that matches a follow (its number); of a followed paper the day of the new `version`."""

    follow: int
    row: int
    version: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A paper (its row) that a post is to show, and the follows that it matches, the oldest first."""

    row: int
    follows: tuple[Follow, ...]


@dataclass(frozen=True, slots=True)
class CitedPaper:
    """A paper (its row and all its ids) of which somebody has followed since a day who cites it.

    `is_new`: it is not known yet who did so before.
    """

    row: int
    ids: tuple[PaperId, ...]
    since: date
    is_new: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many papers wait for somebody: for a post, or `unclear`, in a message that may not have arrived."""

    papers: int = 0
    unclear: int = 0
