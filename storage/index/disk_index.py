"""The PaperIndex: words in tantivy and vectors in raw arrays, on disk; a rebuildable cache of the papers table.

    index.json          the manifest: which generation, and how much of it is committed
    lock                held by the one writer
    generation-N/       the files; a rebuild makes the next generation, and readers change to it
        tantivy/        words (words)
        *.i8, *.u8, …   vectors, dates (arrays), categories (categories) and terms (terms) of this package, by row

A commit first flushes the arrays to the disk, then tantivy's files, then replaces the manifest. If the process is
killed in between, the old manifest stays: papers after its watermark are added again, and replace what is there.
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

import numpy as np
import tantivy

from bot.domain.papers import PaperId
from bot.errors import IndexUnusableError
from bot.ports import Encoder, Filters, Hits, IndexWriter, Rows, TermCounts, Vectors
from storage.index import manifest as manifests
from storage.index import word_search
from storage.index.arrays import Arrays, holds
from storage.index.categories import CategorySets
from storage.index.manifest import REBUILD, Manifest, Stamp
from storage.index.quantization import Mask
from storage.index.terms import Terms, term_number
from storage.index.word_search import WordSearch
from storage.index.words import SCHEMA, open_index
from storage.index.writer import GenerationWriter

_ATTEMPTS_TO_READ = 20
_LOOKED_UP_AT_MOST = 2_000
"""tantivy looks up at most so many rows of `among`; with more it is cheaper to drop other rows afterwards."""


@dataclass(frozen=True, slots=True)
class _Generation:
    """The open files of a generation that a reader keeps from one commit to the next."""

    name: str
    tantivy: tantivy.Index
    categories: CategorySets


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """One committed state."""

    stamp: Stamp
    manifest: Manifest
    generation: _Generation
    words: WordSearch
    arrays: Arrays
    terms: Terms
    tokens: Terms

    def match(
        self, terms: Mapping[str, float], fields: Mapping[str, float], limit: int, filters: Filters, among: Rows | None
    ) -> Hits:
        """Ask tantivy for more and more hits, until enough of them count.

        tantivy may be ahead of the manifest, for a moment or since a kill. A long `among` is applied only afterwards.
        """
        counts = self.arrays.mask(Filters(), among)
        looked_up = among if among is not None and len(among) <= _LOOKED_UP_AT_MOST else None
        # Where `among` is applied afterwards, about this share of the hits is in it.
        asked = limit if looked_up is not None or among is None else max(limit, 2 * limit * len(counts) // len(among))
        while True:
            rows, scores = self.words.match(terms, fields, asked, filters, looked_up)
            kept = np.flatnonzero(holds(counts, rows))[:limit]
            if len(kept) == limit or len(rows) < asked:
                return Hits(rows[kept], scores[kept])
            asked *= 4

    def allowed(self, filters: Filters, among: Rows | None) -> Mask:
        """Which rows hold a paper of `among` that meets the filters."""
        mask = self.arrays.mask(filters, among)
        if (wanted := self.words.with_words_of(filters)) is not None:
            mask &= _flags(wanted, len(mask))
        if (unwanted := self.words.excluded_by(filters)) is not None:
            mask &= ~_flags(unwanted, len(mask))
        return mask


def _flags(rows: Rows, length: int) -> Mask:
    flags = np.zeros(length, np.bool_)
    flags[rows[rows < length]] = True
    return flags


class DiskIndex:
    """The PaperIndex of `bot.ports` in a directory. Processes that read see at once what another one commits."""

    def __init__(self, path: Path, encoder: Encoder) -> None:
        self._path = path
        self._manifest = path / manifests.NAME
        self._encoder = encoder
        self._refreshing = Lock()
        self._current = self._load(None)

    @classmethod
    def open(cls, path: Path, encoder: Encoder) -> "DiskIndex":
        """The index in a directory; an empty one when there is nothing yet.

        Raises IndexUnusableError when it cannot be read or was made with another encoder.
        """
        return cls(path, encoder)

    @classmethod
    @contextmanager
    def rebuild(cls, path: Path, encoder: Encoder) -> Iterator[IndexWriter]:
        """Write a new index. The old one, if any, is used until the block ends without an error; otherwise it stays.

        Raises IndexUnusableError when another process is writing.
        """
        with manifests.writing(path):
            name = _next_generation(path)
            states = [Manifest(encoder.name, encoder.dim, name)]
            try:
                writer = GenerationWriter(path / name, states[0], encoder, states.append, bulk=True)
                yield writer
                writer.close()
            except BaseException:
                shutil.rmtree(path / name, ignore_errors=True)
                raise
            manifests.publish(path, states[-1])
            _remove_generations(path, keep=name)

    @property
    def encoder(self) -> Encoder:
        """The encoder its vectors were made with."""
        return self._encoder

    @property
    def watermark(self) -> int:
        """The revision of the store up to which papers are in the index."""
        return self._snapshot().manifest.watermark

    def __len__(self) -> int:
        return self._snapshot().manifest.papers

    def analyze(self, text: str) -> list[str]:
        """The terms of a text as they are indexed: lower-cased, stemmed, without stop words, in order."""
        return word_search.analyze(text)

    def document_frequency(self, terms: Iterable[str], field: str = "text") -> dict[str, int]:
        """In how many papers' title or abstract, or another field, each term occurs."""
        words = self._snapshot().words
        return {term: words.document_frequency(term, field) for term in terms}

    def match_words(
        self,
        terms: Mapping[str, float],
        limit: int,
        *,
        fields: Mapping[str, float] | None = None,
        filters: Filters = Filters(),
        among: Rows | None = None,
    ) -> Hits:
        """BM25 of weighted terms over `fields`; without terms the filters decide: newest first, scores 0.

        By default the field is `text`, title and abstract together; there are `title` and `authors` too.
        """
        fields = word_search.DEFAULT_FIELDS if fields is None else fields
        return self._snapshot().match(terms, fields, max(limit, 0), filters, among)

    def nearest(self, vector: Vectors, limit: int, *, filters: Filters = Filters(), among: Rows | None = None) -> Hits:
        """The papers whose vectors have the largest dot product with `vector` [dim]; none for the zero vector."""
        if limit <= 0 or not vector.any():
            return Hits(np.empty(0, np.int64), np.empty(0, np.float32))
        snapshot = self._snapshot()
        return Hits(*snapshot.arrays.nearest(vector, limit, snapshot.allowed(filters, among)))

    def vectors(self, rows: Rows) -> Vectors:
        """Vectors of papers, [len(rows), dim], to 8 bits a value; zero rows for papers not in the index."""
        return self._snapshot().arrays.vectors(np.asarray(rows, np.int64))

    def terms(self, rows: Rows) -> TermCounts:
        """The terms of papers, with counts; none for papers not in the index."""
        snapshot = self._snapshot()
        rows = np.asarray(rows, np.int64)
        return snapshot.terms.of(np.where(snapshot.arrays.live(rows), rows, -1))

    def tokens(self, rows: Rows) -> TermCounts:
        """The tokens of the encoder's lexicon in papers, with counts; none for papers not in the index."""
        snapshot = self._snapshot()
        rows = np.asarray(rows, np.int64)
        return snapshot.tokens.of(np.where(snapshot.arrays.live(rows), rows, -1))

    def term_number(self, term: str) -> int:
        """The number that stands for a term, as `analyze` gives it, in `terms`."""
        return term_number(term)

    def sample(self, count: int) -> Rows:
        """Up to `count` papers spread evenly over the index, first and last included; the same ones each time."""
        rows = self._snapshot().arrays.rows()
        return rows[np.linspace(0, len(rows) - 1, min(count, len(rows))).astype(np.int64)]

    def find_title(self, title: str) -> Rows:
        """Papers with exactly this title, whatever its case, spacing and punctuation."""
        snapshot = self._snapshot()
        rows = snapshot.words.titled(title)
        return rows[snapshot.arrays.live(rows)]

    def find_close_title(self, title: str) -> Rows:
        """Papers whose title is this one but for one letter; none for a title too short to tell."""
        snapshot = self._snapshot()
        rows = snapshot.words.nearly_titled(title)
        return rows[snapshot.arrays.live(rows)]

    def titles_begun(self, typed: str, limit: int) -> Rows:
        """Papers with all these words in the title, newest first; the last word may be only its beginning."""
        snapshot = self._snapshot()
        rows = snapshot.words.titles_begun(typed, limit)
        return rows[snapshot.arrays.live(rows)]

    def authors_begun(self, name: str, limit: int) -> Rows:
        """Papers by an author of this name, then by authors whose name begins so; newest first in each group."""
        snapshot = self._snapshot()
        rows = snapshot.words.authors_begun(name, limit)
        return rows[snapshot.arrays.live(rows)]

    def categories(self) -> dict[str, int]:
        """Roughly how many papers each category has, in lower case, archives (`cs`) included; the largest first."""
        return self._snapshot().words.categories()

    def find_ids(self, ids: Sequence[PaperId]) -> dict[PaperId, int]:
        """Rows of the papers among `ids` that are in the index."""
        snapshot = self._snapshot()
        found = {paper_id: snapshot.words.row_of(paper_id) for paper_id in ids}
        return {
            paper_id: row
            for paper_id, row in found.items()
            if row is not None and snapshot.arrays.live(np.array([row])).all()
        }

    @contextmanager
    def writer(self, *, bulk: bool = False) -> Iterator[IndexWriter]:
        """A writer; there can be only one at a time, in all processes. `bulk` uses more memory and is faster.

        Raises IndexUnusableError when another process is writing. What is not committed at the end is dropped.
        """
        with manifests.writing(self._path):
            manifest = self._snapshot().manifest
            if not manifest.generation:
                manifest = replace(manifest, generation=_next_generation(self._path))
            _remove_generations(self._path, keep=manifest.generation)

            def publish(committed: Manifest) -> None:
                manifests.publish(self._path, committed)

            writer = GenerationWriter(self._path / manifest.generation, manifest, self._encoder, publish, bulk=bulk)
            try:
                yield writer
            finally:
                writer.close()

    def _snapshot(self) -> _Snapshot:
        if manifests.stamp(self._manifest) != self._current.stamp:
            with self._refreshing:
                if manifests.stamp(self._manifest) != self._current.stamp:
                    self._current = self._load(self._current)
        return self._current

    def _load(self, before: _Snapshot | None) -> _Snapshot:
        """The state of the manifest as it is now. It may be replaced while it is read, and its generation removed."""
        for _ in range(_ATTEMPTS_TO_READ):
            stamp, manifest = manifests.read(self._path)
            try:
                return self._read(stamp, manifest, before)
            except (OSError, ValueError) as error:
                failure = error
                if manifests.stamp(self._manifest) == stamp:
                    break
        raise IndexUnusableError(f"The index in {self._path} cannot be read ({failure}); {REBUILD}.") from failure

    def _read(self, stamp: Stamp, manifest: Manifest | None, before: _Snapshot | None) -> _Snapshot:
        if manifest is None:
            manifest = Manifest(self._encoder.name, self._encoder.dim)
        self._require_encoder(manifest)
        directory = self._path / manifest.generation
        if before and before.generation.name == manifest.generation:
            generation = before.generation
        elif manifest.generation:
            generation = _Generation(manifest.generation, open_index(directory / "tantivy"), CategorySets(directory))
        else:
            generation = _Generation("", tantivy.Index(SCHEMA), CategorySets(directory))
        generation.tantivy.reload()
        words = WordSearch(generation.tantivy.searcher())
        arrays = Arrays(directory, manifest, generation.categories)
        return _Snapshot(stamp, manifest, generation, words, arrays, Terms(directory), Terms(directory, "tokens"))

    def _require_encoder(self, manifest: Manifest) -> None:
        if (manifest.encoder, manifest.dim) != (self._encoder.name, self._encoder.dim):
            raise IndexUnusableError(
                f"The index in {self._path} was made with the encoder {manifest.encoder} ({manifest.dim} dimensions), "
                f"not with {self._encoder.name} ({self._encoder.dim}); {REBUILD}."
            )


def _next_generation(path: Path) -> str:
    numbers = [int(directory.name.rpartition("-")[2]) for directory in path.glob("generation-*")]
    return f"generation-{max(numbers, default=0) + 1}"


def _remove_generations(path: Path, *, keep: str) -> None:
    """Remove the generations of earlier rebuilds; a reader that has one open keeps it until it refreshes."""
    for directory in path.glob("generation-*"):
        if directory.name != keep:
            shutil.rmtree(directory, ignore_errors=True)
