"""What finds papers by words and by meaning."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.domain.paper_ids import PaperId
from bot.domain.pieces import Pieces
from bot.ports.papers import StoredPaper

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]
Scores = NDArray[np.float32]

ListedField = Literal["category", "source", "journal"]
"""Fields of which an index can list the values."""

TERM_SPACE = 1 << 20
"""The numbers of terms are below this."""

_TERM, _PAPER = np.uint64(24), np.uint64(44)
"""From which bit on a number that is sorted holds a term, and a paper; below is the place in the paper's text."""
_LAST_PLACE, _TERM_BITS = np.uint64((1 << 24) - 1), np.uint64((TERM_SPACE - 1) << 24)
_NO_KEY = np.uint64(2**64 - 1)


@dataclass(frozen=True, slots=True)
class Filters:
    """Conditions that every result meets exactly.

    `phrases` are texts whose words stand together in title or abstract, `excluded` those whose words do not. `authors`
    are names or parts of names; all must match. Of `categories` one must match; a category also matches its subclasses
    (`cs` matches `cs.LG`). So must one of `sources` and one of `journals`, which may be conferences too. `after` is the
    first day included, `before` the first day excluded.
    """

    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    journals: tuple[str, ...] = ()
    not_authors: tuple[str, ...] = ()
    not_categories: tuple[str, ...] = ()
    not_sources: tuple[str, ...] = ()
    not_journals: tuple[str, ...] = ()
    after: date | None = None
    before: date | None = None

    def __bool__(self) -> bool:
        return self != Filters()


class TermCounts(NamedTuple):
    """The terms of some papers, one paper after another.

    Paper i has the terms `numbers[bounds[i]:bounds[i + 1]]`; `counts` says how often each. `bounds` is [papers + 1];
    `numbers` and `counts` are as long as its last value.
    """

    bounds: NDArray[np.int64]
    numbers: NDArray[np.uint32]
    counts: NDArray[np.uint32]

    @classmethod
    def of(cls, bounds: NDArray[np.int64], terms: NDArray[np.uint32]) -> "TermCounts":
        """From the terms of texts, in order and repeated; paper i has `terms[bounds[i]:bounds[i + 1]]`.

        Those of a paper come in the order of their first places. For at most a million papers.
        """
        papers = np.repeat(np.arange(len(bounds) - 1, dtype=np.uint64), np.diff(bounds))
        places = np.arange(len(terms), dtype=np.uint64) - bounds.astype(np.uint64)[papers]
        # Sorting numbers that hold paper, term and place is three times as fast as to count in dictionaries.
        keys = np.sort(papers << _PAPER | terms.astype(np.uint64) << _TERM | np.minimum(places, _LAST_PLACE))
        starts = np.flatnonzero(np.diff(keys >> _TERM, prepend=_NO_KEY))
        firsts, counts = keys[starts], np.diff(starts, append=len(keys))
        order = np.argsort(firsts & ~_TERM_BITS)
        begin = np.searchsorted(firsts >> _PAPER, np.arange(len(bounds), dtype=np.uint64))
        numbers = (firsts[order] & _TERM_BITS) >> _TERM
        return cls(begin.astype(np.int64), numbers.astype(np.uint32), counts[order].astype(np.uint32))

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def owners(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which paper each of some entries, by its place in `numbers`, is of."""
        return np.searchsorted(self.bounds, places, side="right") - 1


class Lexicon(Protocol):
    """Tokens that each have a vector, so that single words can be compared."""

    def __len__(self) -> int:
        """How many tokens there are; they are numbered from 0."""

    def token_ids(self, text: str) -> list[int]:
        """The tokens of a text, in order; an unknown word becomes several."""

    def knows(self, word: str) -> bool:
        """Whether a word in lower case is one token."""

    def closeness(self, tokens: Rows, others: Rows) -> Vectors:
        """How near two sets of tokens are in meaning, [len(tokens), len(others)], 1 for the same one."""

    def read_papers(self, texts: Pieces) -> tuple[Vectors, TermCounts]:
        """Vectors of papers, [papers, dim], and the tokens of each; `texts` are each one's title and its abstract."""


class Encoder(Protocol):
    """Text -> vector."""

    @property
    def lexicon(self) -> Lexicon | None:
        """The lexicon to compare single words with; None if the encoder has none."""

    @property
    def name(self) -> str:
        """The name of the encoder and its weights: vectors of different names cannot be compared."""

    @property
    def dim(self) -> int:
        """Length of a vector."""

    @property
    def costly(self) -> bool:
        """Whether its vectors of papers are so slow to compute that they are kept in the store."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts, [len(texts), dim], each of unit length (zero for a text without a known token)."""

    def encode_papers(self, titles: Sequence[str], abstracts: Sequence[str]) -> Vectors:
        """Vectors of papers, [len(titles), dim], comparable with those of texts; each of unit length or zero."""


class Hits(NamedTuple):
    """Rows of papers, best first, [n], and their scores, [n] float32."""

    rows: Rows
    scores: Scores


class PaperIndex(Protocol):
    """Finds papers by words and by meaning; derived from the store and always rebuildable from it.

    Every method sees one consistent, committed state and may be called from any thread. One that comes upon damaged
    files raises IndexDamagedError.
    """

    @property
    def encoder(self) -> Encoder:
        """The encoder its vectors were made with."""

    def unchanging(self) -> "PaperIndex":
        """The index as it is now: its answers agree with each other, whatever is written meanwhile.

        Keep it for one answer, as for one search: that asks the disk once whether there is something new.
        """

    @property
    def watermark(self) -> int:
        """The revision of the store up to which papers are in the index."""

    def __len__(self) -> int:
        """How many papers are in the index."""

    def analyze(self, text: str) -> list[str]:
        """The terms of a text as they are indexed: lower-cased, stemmed, without stop words, in order."""

    def document_frequency(self, terms: Iterable[str], field: str = "text") -> dict[str, int]:
        """In how many papers' title or abstract, or another field of `match_words`, each term occurs."""

    def match_words(
        self,
        terms: Mapping[str, float],
        limit: int,
        *,
        fields: Mapping[str, float] | None = None,
        filters: Filters = Filters(),
        among: Rows | None = None,
    ) -> Hits:
        """BM25 of weighted terms over `fields` (text, which is title and abstract; title; authors -> boost).

        Without terms the filters alone decide, newest first. `among` restricts the answer to some rows.
        """

    def nearest(self, vector: Vectors, limit: int, *, filters: Filters = Filters(), among: Rows | None = None) -> Hits:
        """The papers whose vectors have the largest dot product with `vector` [dim], which may have any length."""

    def vectors(self, rows: Rows) -> Vectors:
        """Vectors of papers, [len(rows), dim]; zero rows for papers not in the index."""

    def terms(self, rows: Rows) -> TermCounts:
        """The terms of papers' titles and abstracts, with counts; none for papers not in the index."""

    def tokens(self, rows: Rows) -> TermCounts:
        """The tokens of the encoder's lexicon in papers, with counts; none for papers not in the index."""

    def term_numbers(self, terms: Iterable[str]) -> list[int]:
        """The numbers that stand for terms, as `analyze` gives them, in `terms`; in rare cases two terms share one."""

    def sample(self, count: int) -> Rows:
        """Up to `count` papers spread over the whole index, first and last included; the same ones each time."""

    def find_title(self, title: str) -> Rows:
        """Papers with exactly this title, whatever its case, spacing and punctuation."""

    def find_close_title(self, title: str) -> Rows:
        """Papers whose title is this one but for one letter; none for a title too short to tell."""

    def titles_begun(self, typed: str, limit: int) -> Rows:
        """Papers with all these words in the title, newest first; the last word may be only its beginning."""

    def authors_begun(self, name: str, limit: int) -> Rows:
        """Papers by an author of this name, then by authors whose name begins so; newest first in each group."""

    def values(self, field: ListedField) -> dict[str, int]:
        """Roughly how many papers each value of a field has, in lower case, the largest first.

        Categories include archives (`cs`); of a conference there is the name and each beginning of it.
        """

    def find_ids(self, ids: Sequence[PaperId]) -> dict[PaperId, int]:
        """Rows of the papers among `ids` that are in the index."""

    def check(self) -> bool:
        """Compare all that is kept with its checksums; False where that must wait, because somebody is writing.

        Raises IndexDamagedError when anything is not as it was written.
        """

    def writer(self, *, bulk: bool = False) -> AbstractContextManager["IndexWriter"]:
        """A writer; there can be only one at a time, in all processes. `bulk` uses more memory and is faster.

        Raises IndexBusyError when another process is writing. What is not committed at the end is dropped.
        """


class IndexWriter(Protocol):
    """Brings an index up to date."""

    @property
    def encoder(self) -> Encoder:
        """The encoder that the vectors are made with."""

    @property
    def watermark(self) -> int:
        """The revision of the store up to which papers are committed."""

    @property
    def papers(self) -> int:
        """How many papers are committed."""

    def add(self, papers: Sequence[StoredPaper], vectors: Vectors | None = None) -> None:
        """Add papers or replace what was indexed of them, with vectors [len(papers), dim] if they exist already."""

    def commit(self) -> None:
        """Make what was added visible to every reader, at once; the watermark is the largest revision added."""
