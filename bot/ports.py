"""What the core needs of the outside world, as Protocols."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.deliveries import Delivery, Refusal, Status, Upcoming
from bot.destinations import Destination
from bot.emoji import EmojiSet
from bot.engine.query import Filters
from bot.messages import Message
from bot.papers import Paper, PaperId, Signal
from bot.people import Account, Attitude, Feedback, Judged, Place, Topic

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> datetime:
        """The present moment, in UTC, with its time zone."""


class Encoder(Protocol):
    """Text -> vector."""

    @property
    def name(self) -> str:
        """Which encoder this is, weights included: vectors of two names are not comparable."""

    @property
    def dim(self) -> int:
        """Length of a vector."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts, [len(texts), dim], each of unit length (zero where a text says nothing known)."""

    def encode_papers(self, titles: Sequence[str], abstracts: Sequence[str]) -> Vectors:
        """Vectors of papers, [len(titles), dim], comparable with those of texts; each of unit length or zero."""


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that could not be read: where it stands (`papers.jsonl:17`) and why not."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What a source tells at once; stored in one transaction together with the cursor.

    `cursor` is the source's own note of how far it has come. `notes` are facts a person should know, such as an
    answer that was empty or stale.
    """

    papers: Sequence[Paper] = ()
    signals: Sequence[Signal] = ()
    cursor: str = ""
    bad: Sequence[BadRecord] = ()
    notes: Sequence[str] = ()


class PaperSource(Protocol):
    """A place where papers come from."""

    @property
    def name(self) -> str:
        """What people call it: `huggingface`, `arxiv`."""

    def batches(self, *, since: date | None, cursor: str) -> AsyncIterator[Batch]:
        """Everything from the day `since` on, or from where the batch that carried `cursor` left off.

        Raises SourceError when the source does not answer as it should, after retries; batches yielded before stand.
        """


class FilePapers(PaperSource, Protocol):
    """A file of papers, which knows how far it has been read."""

    @property
    def size(self) -> int:
        """Size of the file in bytes."""

    @property
    def position(self) -> int:
        """How many of them have been read."""


@dataclass(frozen=True, slots=True)
class SourceState:
    """How a source is doing. Moments are UTC; `error` is empty when the last attempt went well."""

    name: str
    cursor: str = ""
    started_at: datetime | None = None
    """When the last sync began; later than `attempted_at` while one is under way."""
    attempted_at: datetime | None = None
    succeeded_at: datetime | None = None
    newest_at: datetime | None = None
    """When the source last told of a paper not known before."""
    error: str = ""
    note: str = ""


class StoredPaper(NamedTuple):
    """A paper with its integer key and the revision at which it last changed (revisions only grow)."""

    row: int
    revision: int
    paper: Paper


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

    async def papers_after(self, revision: int, limit: int) -> list[StoredPaper]:
        """Papers that changed after a revision, in order of revision: what an index reads to catch up."""

    async def papers_seen(self, start: datetime, end: datetime) -> list[StoredPaper]:
        """Papers first seen (else published) in [start, end), newest first."""

    async def signals(self, ids: Sequence[PaperId], *, until: datetime) -> dict[PaperId, list[Signal]]:
        """The readings of each paper up to a moment, in order of time; every id asked has a list."""

    async def papers_with_signals(self, start: datetime, end: datetime) -> list[StoredPaper]:
        """Papers first seen in [start, end) of which at least one signal is known, newest first."""

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
        self, delivery: Delivery, worker: str, message: str, papers: Sequence[PaperId], *, now: datetime
    ) -> bool:
        """Note the id of the message in flight, and which papers it showed."""

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


class Store(PaperStore, PeopleStore, CustomStore, DeliveryStore, Protocol):
    """Everything that is kept."""


class Platform(Protocol):
    """A place people are: Discord, Slack, the terminal, a mailbox."""

    @property
    def name(self) -> str:
        """`discord`, `slack`: the `platform` of its accounts and places."""

    @property
    def repeatable(self) -> bool:
        """Whether sending again with the same nonce never shows a message twice."""

    async def run(self) -> None:
        """Stay connected, answer commands and take reactions, until cancelled."""

    def reaches(self, place: Place) -> bool:
        """Whether this process can send to a place; another one may hold its shard."""

    async def send(self, place: Place, message: Message, *, nonce: str, first: str = "") -> str:
        """Show a message in a place and return the id it has there.

        `nonce` is the same whenever the same message is sent again. `first` is the id of the first message of the
        same post, for platforms where the others belong under it. A private place whose channel is `@` and an id is
        the talk with that account (`bot.people.private_talk`). Raises RefusedError, PostponedError or UnclearError.
        """

    async def tell_admins(self, place: Place, message: Message) -> None:
        """Bring a message to those who manage a place, as well as the platform allows. Raises DeliveryError."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Leave to act in one workspace. `secrets` is the platform's own note of it, tokens included.

    A workspace that belongs to an organisation (`parent`) acts with the organisation's leave and has no secrets.
    """

    platform: str
    workspace: str
    secrets: str = field(default="", repr=False)
    parent: str = ""


class Installations(Protocol):
    """Where the bot may act on platforms that give a token for each workspace; kept encrypted."""

    async def save_installation(self, installation: Installation) -> None:
        """Keep leave to act in a workspace, in place of what was kept before."""

    async def installation(self, platform: str, workspace: str) -> Installation | None:
        """The leave to act in a workspace, its organisation's where that is what it acts with; None without."""

    async def remove_installation(self, platform: str, workspace: str) -> list[str]:
        """Delete the leave to act in a workspace or organisation; returns every workspace that lost it."""

    async def issue_state(self, state: str, *, expires: datetime) -> None:
        """Remember a one-time secret that an installation in a browser must bring back."""

    async def consume_state(self, state: str, *, now: datetime) -> bool:
        """Whether this secret was issued, has not expired and was not brought before."""


class SeenEvents(Protocol):
    """Which events of a platform were taken, across retries and processes."""

    async def first_sight(self, platform: str, event: str, *, now: datetime) -> bool:
        """Whether nobody has taken this event in the last days; from now on somebody has."""


class Hits(NamedTuple):
    """Rows of papers, best first, [n], and their scores, [n] float32."""

    rows: Rows
    scores: NDArray[np.float32]


class PaperIndex(Protocol):
    """Finds papers by words and by meaning; derived from the store and always rebuildable from it.

    Every method sees one consistent, committed state and may be called from any thread.
    """

    @property
    def encoder(self) -> Encoder:
        """The encoder its vectors were made with."""

    @property
    def watermark(self) -> int:
        """The store's revision up to which papers are in the index."""

    def __len__(self) -> int:
        """How many papers are in the index."""

    def analyze(self, text: str) -> list[str]:
        """The terms of a text as they are indexed: lower-cased, stemmed, without stop words, in order."""

    def document_frequency(self, terms: Iterable[str]) -> dict[str, int]:
        """In how many papers' title or abstract each term occurs."""

    def match_words(
        self,
        terms: Mapping[str, float],
        limit: int,
        *,
        fields: Mapping[str, float] | None = None,
        filters: Filters = Filters(),
        among: Rows | None = None,
    ) -> Hits:
        """BM25 of weighted terms over `fields` (title, abstract, authors -> boost).

        Without terms the filters alone decide, newest first. `among` restricts the answer to some rows.
        """

    def nearest(self, vector: Vectors, limit: int, *, filters: Filters = Filters(), among: Rows | None = None) -> Hits:
        """The papers whose vectors have the largest dot product with `vector` [dim], of any length."""

    def vectors(self, rows: Rows) -> Vectors:
        """Vectors of papers, [len(rows), dim]; zero rows for papers not in the index."""

    def sample(self, count: int) -> Vectors:
        """Vectors of up to `count` papers spread over the whole index, [n, dim]; the same ones each time."""

    def find_title(self, title: str) -> Rows:
        """Papers with exactly this title, whatever its case, spacing and punctuation."""

    def find_ids(self, ids: Sequence[PaperId]) -> dict[PaperId, int]:
        """Rows of the papers among `ids` that are in the index."""

    def writer(self, *, bulk: bool = False) -> AbstractContextManager["IndexWriter"]:
        """The one writer there can be at a time, in any process; `bulk` trades memory for speed.

        Raises IndexUnusableError when another process is writing. What was not committed on leaving is dropped.
        """


class IndexWriter(Protocol):
    """Brings an index up to date."""

    def add(self, papers: Sequence[StoredPaper]) -> None:
        """Add papers or replace what was indexed of them."""

    def commit(self) -> None:
        """Make what was added visible to every reader, at once; the watermark is the largest revision added."""
