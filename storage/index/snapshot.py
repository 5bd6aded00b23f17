"""One committed state of the index, open to be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tantivy

from bot.ports import Filters, Hits, Rows, Scores
from storage.index import segments
from storage.index.arrays import Arrays, holds
from storage.index.categories import CategorySets
from storage.index.common_words import FOUND, bm25, common_words
from storage.index.manifest import Manifest, Stamp
from storage.index.quantization import Mask
from storage.index.sums import require_lengths
from storage.index.terms import Terms
from storage.index.word_search import TEXT, WordSearch
from storage.index.words import SCHEMA, Links, open_index

_TANTIVY = "tantivy"
_LOOKED_UP_AT_MOST = 2_000
"""tantivy looks up at most so many rows of `among`; with more it is cheaper to drop other rows afterwards."""


@dataclass(frozen=True, slots=True)
class Generation:
    """The open files of a generation that a reader keeps from one commit to the next."""

    name: str
    tantivy: tantivy.Index
    categories: CategorySets
    links: Links | None = None
    """Where tantivy's files are looked for, if their own directory cannot be written to."""

    @classmethod
    def open(cls, path: Path, manifest: Manifest) -> "Generation":
        """The generation of a manifest in the index directory `path`; an empty one before the first commit."""
        directory = path / manifest.generation
        if not manifest.generation:
            return cls("", tantivy.Index(SCHEMA), CategorySets(directory))
        links = Links.if_needed(directory / _TANTIVY)
        words = open_index(links.path if links else directory / _TANTIVY)
        return cls(manifest.generation, words, CategorySets(directory), links)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One committed state."""

    stamp: Stamp
    manifest: Manifest
    generation: Generation
    words: WordSearch
    arrays: Arrays
    terms: Terms
    tokens: Terms

    @classmethod
    def read(cls, path: Path, stamp: Stamp, manifest: Manifest, before: "Generation | None") -> "Snapshot":
        """The state of a manifest in the index directory `path`, with the files of its generation, if they are open.

        Raises OSError and ValueError when a file is gone, was cut short, or cannot be right.
        """
        directory = path / manifest.generation
        if manifest.generation:
            segments.require_whole(directory / _TANTIVY)
            require_lengths(directory, manifest.lengths, manifest.sums)
        is_open = before is not None and before.name == manifest.generation and before.links is None
        generation = before if before is not None and is_open else Generation.open(path, manifest)
        generation.tantivy.reload()
        words = WordSearch(generation.tantivy.searcher())
        if len(words) < manifest.papers:
            raise ValueError("tantivy has fewer papers than were written")
        arrays = Arrays(directory, manifest, generation.categories)
        return cls(stamp, manifest, generation, words, arrays, Terms(directory), Terms(directory, "tokens"))

    def require_sums(self, directory: Path) -> None:
        """Raises OSError and ValueError when anything is not as it was written; reads all of it.

        Rows that a killed writer left unfinished are left out.
        """
        segments.require_unaltered(directory / _TANTIVY)
        rows = np.setdiff1d(self.arrays.rows(), self.arrays.unfinished())
        self.arrays.require_sums(rows, self.terms, self.tokens)

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
            rows, scores = self._matched(terms, fields, asked, filters, looked_up)
            kept = np.flatnonzero(holds(counts, rows))[:limit]
            if len(kept) == limit or len(rows) < asked:
                return Hits(rows[kept], scores[kept])
            asked *= 4

    def _matched(
        self, terms: Mapping[str, float], fields: Mapping[str, float], limit: int, filters: Filters, among: Rows | None
    ) -> tuple[Rows, Scores]:
        """What tantivy finds, best first, and its scores; very common words score it where the others find enough."""
        found = max(limit, FOUND)
        common = self._common_words(terms, fields, found) if among is None else {}
        if common:
            telling = {term: weight for term, weight in terms.items() if term not in common}
            rows, scores = self.words.match(telling, fields, found, filters, None)
            if len(rows) == found:
                scores += fields[TEXT] * bm25(self.terms.of(rows), common, self.terms.average_length)
                order = np.argsort(-scores, kind="stable")[:limit]
                return rows[order], scores[order]
        return self.words.match(terms, fields, limit, filters, among)

    def _common_words(self, terms: Mapping[str, float], fields: Mapping[str, float], found: int) -> dict[str, float]:
        if TEXT not in fields:
            return {}
        return common_words(terms, lambda term: self.words.document_frequency(term, TEXT), len(self.words), found)

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
