"""People, places, feedback and topics: who says what about papers, and where."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.paper_ids import PaperId


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody on one platform: `discord` and a user id, `slack` and `T1/U1`. `name` is what others call them."""

    platform: str
    id: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is said: a channel of a workspace (a Discord server, a Slack team), or a private talk."""

    platform: str
    workspace: str
    channel: str
    name: str = ""
    private: bool = False

    @property
    def key(self) -> str:
        """A text that is unique for this place."""
        return f"{self.platform}:{self.workspace}:{self.channel}"

    @property
    def workspace_key(self) -> str:
        """A text that is unique for this workspace and the same for all its places."""
        return f"{self.platform}:{self.workspace}"


def private_talk(account: Account) -> Place:
    """The private talk with somebody: its channel is `@` and their id; the platform opens it when needed."""
    workspace, _, user = account.id.rpartition("/")
    return Place(account.platform, workspace, f"@{user}", account.name, private=True)


def person_key(person: int) -> str:
    """The key under which the store keeps what a person follows and was shown; for a place it is `Place.key`."""
    return f"person:{person}"


class FeedbackKind(StrEnum):
    """What a person says about a paper by an explicit act."""

    SAVE = "save"
    LIKE = "like"
    DISLIKE = "dislike"


WEIGHTS = {FeedbackKind.SAVE: 1.0, FeedbackKind.LIKE: 0.7, FeedbackKind.DISLIKE: -1.0}
"""How much each kind of feedback says about what somebody wants to read."""


def resulting_kind(acts: Iterable[tuple[FeedbackKind, bool]]) -> FeedbackKind | None:
    """The feedback that results from a person's acts on one paper: kinds and whether each was given, earliest first.

    The last act counts: a kind replaces the one before, and taking it back restores the one before. A like changes
    nothing for a paper that is saved.
    """
    standing: list[FeedbackKind] = []
    for kind, given in acts:
        is_saved = standing[-1:] == [FeedbackKind.SAVE]
        standing = [each for each in standing if each is not kind]
        if given and not (kind is FeedbackKind.LIKE and is_saved):
            standing.append(kind)
    return standing[-1] if standing else None


BY_COMMAND = "command"
"""The origin of what a command or a button does; each reaction has an origin of its own."""


@dataclass(frozen=True, slots=True)
class FeedbackAct:
    """One act: at a moment (UTC) feedback of a `kind` was given (`present`) or taken back.

    `origin` separates acts that count side by side: reactions on two messages, or a command. Of the acts of one origin
    the latest counts, in whichever order and however often they arrive.
    """

    person: int
    paper_id: PaperId
    kind: FeedbackKind
    present: bool
    at: datetime
    place: str = ""
    origin: str = BY_COMMAND


@dataclass(frozen=True, slots=True)
class Feedback:
    """Feedback that counts: a paper, what somebody says about it, and since when (UTC)."""

    paper_id: PaperId
    kind: FeedbackKind
    at: datetime


@dataclass(frozen=True, slots=True)
class PlaceSave:
    """Somebody saved a paper in a place at a moment (UTC). `name` is what others call them there.

    Others saw it (`seen`) where it was a reaction: what a command or a button saves is between a person and the bot.
    """

    paper_id: PaperId
    at: datetime
    person: int
    name: str
    seen: bool


@dataclass(frozen=True, slots=True)
class Sighting:
    """A message of a place that a paper was in, at a moment (UTC): `shared` by a person, else in a post of the bot.

    `by` is what others call that person; empty where nobody knows any more.
    """

    message: str
    at: datetime
    shared: bool
    by: str = ""


@dataclass(frozen=True, slots=True)
class PaperHistory:
    """The messages of a place that a paper was in, the newest first, and by how many it was saved, since when (UTC).

    `read_at` is when its reading group last met about the paper, or will.
    """

    sightings: tuple[Sighting, ...] = ()
    saves: int = 0
    saved_at: datetime | None = None
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """Something to see more of, or (if not `wanted`) nothing of: free text or a query, perhaps under a name."""

    text: str
    wanted: bool = True
    name: str = ""

    @property
    def called(self) -> str:
        """What readers are told it is."""
        return self.name or self.text

    @property
    def typed(self) -> str:
        """How it is typed: `diffusion`, or `"graph neural" -survey as "graphs"`."""
        return f'{self.text} as "{self.name}"' if self.name else self.text

    def is_called(self, name: str) -> bool:
        """Whether it has this name, or is this text, in whatever case."""
        return name.casefold() in {self.name.casefold(), self.text.casefold()}


def quoted(name: str) -> str:
    """A name as it is typed: in quotes where it has several words."""
    return f'"{name}"' if " " in name else name
