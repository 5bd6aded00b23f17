"""What is kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from bot.domain.deliveries import Counts, Delivery, Refusal, Status, Upcoming
from bot.domain.destinations import Destination
from bot.domain.emoji import EmojiSet
from bot.domain.papers import Paper, PaperId, Signal
from bot.domain.people import Account, Attitude, Feedback, Judged, Place, Topic
from bot.ports.source import Batch, SourceState


class StoredPaper(NamedTuple):
    """A paper with its integer key and the revision at which it last changed (revisions only grow)."""

    row: int
    revision: int
    paper: Paper


class Outcome(NamedTuple):
    """The largest count of upvotes that a paper had by some moment; of the paper, title and abstract are left out."""

    row: int
    paper: Paper
    upvotes: int


@dataclass(frozen=True, slots=True)
class Saved:
    """What storing a batch changed, in papers; `signals` counts readings not known before."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    signals: int = 0

    def __add__(self, other: "Saved") -> "Saved":
        return Saved(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.signals + other.signals,
        )


class PaperStore(Protocol):
    """Papers, signals and how the sources are doing. All moments are UTC with time zone."""

    async def save_batch(self, source: str, batch: Batch, *, now: datetime) -> Saved:
        """Store papers (merged with what is known of them), signals and the source's cursor in one transaction.

        A batch without a cursor, as of a file, leaves no trace of its source.
        """

    async def paper(self, paper_id: PaperId) -> StoredPaper | None:
        """One paper by its canonical id or by an id it had before."""

    async def papers(self, ids: Sequence[PaperId]) -> list[StoredPaper]:
        """Papers by id, in the order asked; unknown ones are left out."""

    async def papers_by_row(self, rows: Sequence[int]) -> list[StoredPaper]:
        """Papers by integer key, in the order asked; unknown ones are left out."""

    def read_papers(self, rows: Sequence[int]) -> list[StoredPaper]:
        """`papers_by_row` for a thread that has more to do with them; waits for the database."""

    def read_upvotes(self, rows: Sequence[int], *, until: datetime) -> dict[int, int]:
        """Row -> the newest count of upvotes up to a moment, of papers that have one; waits for the database."""

    async def papers_after(self, revision: int, limit: int) -> list[StoredPaper]:
        """Papers that changed after a revision, in order of revision: what an index reads to catch up."""

    async def papers_seen(self, start: datetime, end: datetime) -> list[StoredPaper]:
        """Papers first seen (else published) in [start, end), newest first."""

    async def signals(self, ids: Sequence[PaperId], *, until: datetime) -> dict[PaperId, list[Signal]]:
        """The readings of each paper up to a moment, in order of time; every id asked has a list."""

    async def papers_with_signals(self, start: datetime, end: datetime) -> list[StoredPaper]:
        """Papers first seen in [start, end) of which at least one signal is known, newest first."""

    async def outcomes(self, start: datetime, end: datetime, *, until: datetime) -> list[Outcome]:
        """What the papers first seen in [start, end) came to, the oldest first; those without a count are left out."""

    async def count_papers(self) -> int:
        """How many papers there are."""

    async def last_revision(self) -> int:
        """The newest revision; 0 when there is no paper."""

    async def source_states(self) -> list[SourceState]:
        """Every source ever synced, by name."""

    async def begin_attempt(self, source: str, *, now: datetime) -> None:
        """Note that a sync of a source begins: posts wait for it."""

    async def record_attempt(self, source: str, *, now: datetime, error: str = "", note: str = "") -> None:
        """Note that a sync of a source ended, well (`error` empty) or not."""


class CoSave(NamedTuple):
    """Two papers, by their rows, that `together` people saved; `savers` saved the one and `other_savers` the other."""

    row: int
    other: int
    together: int
    savers: int
    other_savers: int


class PeopleStore(Protocol):
    """People, what they think of papers, and what they follow. All moments are UTC with time zone."""

    async def person(self, account: Account) -> int:
        """The person behind an account; a new one the first time."""

    async def is_known(self, account: Account) -> bool:
        """Whether somebody has ever used the bot with this account."""

    async def accounts(self, person: int) -> list[Account]:
        """Every account of a person."""

    async def offer_link(self, person: int, code: str, *, expires: datetime) -> None:
        """Remember a one-time code by which another account joins this person; an earlier code is void."""

    async def take_link(self, code: str, *, taker: int, now: datetime) -> int | None:
        """The person who was given this code, once and before it expires; None for their own try."""

    async def join_people(self, kept: int, joined: int) -> None:
        """Make two people one: accounts, feedback and topics of `joined` become those of `kept`."""

    async def forget_person(self, person: int) -> None:
        """Delete a person and everything they said."""

    async def forget_workspace(self, platform: str, workspace: str) -> None:
        """Delete everything of a workspace: its places, their topics and posts, and the feedback given there."""

    async def workspaces(self, platform: str) -> frozenset[str]:
        """Every workspace of a platform of which anything is kept that `forget_workspace` deletes by its places."""

    async def is_kept_for(self, platform: str, bot: str) -> bool:
        """Whether the workspaces of a platform are this bot's (its id): the first one that asks has them."""

    async def give_feedback(self, feedback: Feedback) -> bool:
        """Take in one act; says whether the attitude that counts changed by it. Unknown papers change nothing.

        Acts of one origin may arrive late, twice and in any order: the latest moment counts, and where two have the
        same moment the taking back.
        """

    async def withdraw(self, person: int, paper_id: PaperId, attitude: Attitude, *, at: datetime) -> bool:
        """Take an attitude back whatever its origins; says whether there was one."""

    async def judged(self, person: int) -> list[Judged]:
        """What a person has an attitude to, the newest first; each pair of paper and attitude once."""

    async def judged_at(self, place: str) -> list[Judged]:
        """What was judged in a place by anybody, the newest first; one entry for each person who did."""

    async def count_saves(self, ids: Sequence[PaperId], *, until: datetime) -> dict[PaperId, int]:
        """How many people saved each paper by a moment; every id asked has a count."""

    async def saved_together(self, rows: Sequence[int]) -> list[CoSave]:
        """Papers that people saved together with one of `rows`, the most often first, a thousand pairs at most.

        Of the hundred people who saved most of `rows`, at least two saved both.
        """

    async def topics(self, owner: str) -> list[Topic]:
        """What a place (its key) or a person (`person:1`) follows, in the order it was added."""

    async def follow(self, owner: str, topic: Topic) -> bool:
        """Add a topic, or change whether it is wanted; says whether that was new."""

    async def unfollow(self, owner: str, text: str) -> bool:
        """Remove a topic, whatever its case; says whether it was there."""

    async def record_post(self, place: str, message: str, ids: Sequence[PaperId]) -> None:
        """Remember which papers a message in a place shows, in order."""

    async def posted(self, place: str, message: str) -> list[PaperId]:
        """The papers a message shows, in order; empty for a message that is not ours."""

    async def mark_shown(self, owner: str, ids: Sequence[PaperId], *, at: datetime) -> None:
        """Remember that a place or a person was shown papers, also ones not known yet, so that they are not brought."""

    async def shown(self, owner: str) -> frozenset[int]:
        """Rows of the papers a place or a person was shown."""

    async def destination(self, place: str) -> Destination | None:
        """How the daily post of a place is set; None when nobody set it."""

    async def save_destination(self, destination: Destination, *, now: datetime) -> None:
        """Set how a place gets its daily post, and when the next one is due."""


class KeptVector(NamedTuple):
    """A paper's vector as it is kept: its row, a digest of the text it was made of, and the numbers."""

    row: int
    text: str
    vector: bytes


class VectorStore(Protocol):
    """Vectors of papers that take long to make."""

    async def kept_vectors(self, encoder: str, rows: Sequence[int]) -> list[KeptVector]:
        """The vectors kept of some papers for an encoder, in no order."""

    async def keep_vectors(self, encoder: str, kept: Sequence[KeptVector]) -> None:
        """Keep vectors in place of those that were kept of the same papers."""


class CustomStore(Protocol):
    """What a place or a workspace (`Place.workspace_key`) has set apart from its post."""

    async def watch(self, place: str, *, on: bool) -> None:
        """Watch the links that people share in a place from now on, or no longer."""

    async def is_watched(self, place: str) -> bool:
        """Whether links that people share in a place are watched."""

    async def emoji(self, workspaces: Sequence[str]) -> dict[str, EmojiSet]:
        """The emoji that count in each workspace; every one asked has a set."""

    async def set_emoji(self, workspace: str, chosen: EmojiSet) -> None:
        """Let these emoji count in a workspace."""

    async def deputize(self, workspace: str, account: Account) -> bool:
        """Let somebody change the posts of a workspace as its admins do; says whether that is new."""

    async def dismiss(self, workspace: str, account: Account) -> bool:
        """Take back what `deputize` gave; says whether there was something to take."""

    async def deputies(self, workspace: str) -> list[Account]:
        """Who may change the posts of a workspace besides its admins, by id; with a name where one is known."""


class LineStore(Protocol):
    """Command lines too long for the button that runs them. All moments are UTC with time zone."""

    async def keep_lines(
        self, lines: Mapping[str, str], *, place: str, person: int, now: datetime, until: datetime
    ) -> None:
        """Keep lines by their keys until a moment, for what a person asked in a place; what has expired is deleted."""

    async def kept_line(self, key: str, *, now: datetime) -> str | None:
        """The line with a key; None when it has expired or was never kept."""


@dataclass(frozen=True, slots=True)
class Taste:
    """What is known of one destination when its post is composed; papers are named by their rows.

    `judged` are what was judged there, newest first, with the attitude and since when; `shown` are rows not to be
    brought again. `covered_until` is the moment up to which earlier posts cover the papers; None before the first.
    """

    topics: Sequence[Topic] = ()
    judged: Sequence[tuple[int, Attitude, datetime]] = ()
    shown: frozenset[int] = frozenset()
    covered_until: datetime | None = None


class DeliveryStore(Protocol):
    """The queue of posts, shared by any number of workers. All moments are UTC with time zone.

    A delivery is leased to one worker at a time; what a worker whose lease was taken over says of it is not noted,
    and the method that was to note it returns False.
    """

    async def claim_due(self, *, now: datetime, limit: int) -> int:
        """Make a delivery of every post that is due at up to `limit` destinations, and set when their next is.

        No local day of a destination is claimed twice. Returns how many destinations were looked at.
        """

    async def lease(
        self, worker: str, *, now: datetime, until: datetime, limit: int, reaches: Callable[[Place], bool]
    ) -> list[Delivery]:
        """Take deliveries that are to be worked on now, the longest waiting first, and that this process reaches."""

    async def freeze(self, worker: str, payloads: Mapping[int, str], *, as_of: datetime) -> frozenset[int]:
        """Keep composed posts by their delivery's number; returns the numbers still leased to the worker."""

    async def begin_message(self, number: int, worker: str, *, now: datetime, until: datetime) -> bool:
        """Note that the next message is in flight from now on, and extend the lease."""

    async def message_sent(
        self,
        delivery: Delivery,
        worker: str,
        message: str,
        papers: Sequence[PaperId],
        *,
        now: datetime,
        until: datetime | None = None,
    ) -> bool:
        """Note the id of the message in flight, and which papers it showed.

        With `until` the next message is in flight from now on, and the lease is extended, as by `begin_message`.
        """

    async def put_off(self, delivery: Delivery, worker: str, *, until: datetime, error: str, failed: bool) -> bool:
        """Give a delivery back until a moment, in flight since `delivery.started_at`; `failed` counts an attempt."""

    async def end(self, delivery: Delivery, worker: str, status: Status, *, now: datetime, error: str = "") -> bool:
        """End a delivery."""

    async def refuse(
        self, delivery: Delivery, worker: str, *, now: datetime, error: str, disable_after: int
    ) -> Refusal | None:
        """End a delivery that the platform refused; so many refusals in a row switch its destination off.

        None when it was not the worker's.
        """

    async def tidy(self, *, now: datetime) -> None:
        """Give up what nobody could send for days, and delete what is too old to be asked for."""

    async def resend(self, place: str, *, now: datetime) -> Delivery | None:
        """Open the newest delivery to a place again if it is unknown or failed half way; None when it is not."""

    async def tastes(self, destinations: Sequence[Destination], *, from_row: int) -> list[Taste]:
        """What is known of each destination; shown papers before `from_row` are left out."""

    async def upcoming(self, places: Sequence[str] | None = None, *, deliveries: int = 3) -> list[Upcoming]:
        """Every destination, or those of some places, with its newest deliveries; payloads are left out."""

    async def count_deliveries(self, *, now: datetime, since: datetime) -> Counts:
        """How many deliveries are due, open, and claimed since a moment."""


class Store(PaperStore, PeopleStore, CustomStore, LineStore, DeliveryStore, VectorStore, Protocol):
    """Everything that is kept."""
