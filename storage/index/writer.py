"""Writes one generation of the index: words, vectors, terms and tokens of papers, visible after a commit."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np

from bot.ports import Encoder, StoredPaper, Vectors
from storage.index.arrays import ArraysWriter
from storage.index.categories import CategorySets
from storage.index.manifest import Manifest, sync_directory
from storage.index.reading import Read, Readers
from storage.index.sums import UNCHECKED, file_sums, lengths, mark_unchecked
from storage.index.terms import Terms, TermsWriter
from storage.index.words import WordsWriter

_READ_AT_ONCE = 2_048


class GenerationWriter:
    """Writes one generation; `publish` is called with the manifest of every commit."""

    def __init__(
        self,
        directory: Path,
        manifest: Manifest,
        encoder: Encoder,
        publish: Callable[[Manifest], None],
        *,
        bulk: bool,
        readers: int = 0,
    ) -> None:
        """Write in a directory, from a committed state on; many papers are read by so many other processes."""
        directory.mkdir(parents=True, exist_ok=True)
        if not (directory / UNCHECKED).exists():  # One of an older end that nobody has looked into stays as it is.
            mark_unchecked(directory)
        sync_directory(directory)
        self._directory = directory
        categories = CategorySets(directory)
        categories.refresh()
        self._manifest = manifest
        self._encoder = encoder
        self._own_lexicon = id(encoder.lexicon) == id(encoder)
        self._publish = publish
        self._readers = Readers(encoder.lexicon, readers)
        self._handed_in: deque[tuple[Mapping[int, StoredPaper], Vectors | None]] = deque()
        self._revision = manifest.watermark
        self._arrays = ArraysWriter(directory, manifest, categories)
        self._words = WordsWriter(directory / "tantivy", bulk=bulk)
        self._terms = TermsWriter(directory)
        self._tokens = TermsWriter(directory, "tokens")
        # tantivy may have documents of a commit that was never published.
        self._any_row_may_be_there = self._words.count() != manifest.papers

    @property
    def encoder(self) -> Encoder:
        """The encoder that the vectors are made with."""
        return self._encoder

    @property
    def watermark(self) -> int:
        """The revision of the store up to which papers are committed."""
        return self._manifest.watermark

    @property
    def papers(self) -> int:
        """How many papers are committed."""
        return self._manifest.papers

    def add(self, papers: Sequence[StoredPaper], vectors: Vectors | None = None) -> None:
        """Add papers or replace what was indexed of them, with vectors [len(papers), dim] if they exist already."""
        for start in range(0, len(papers), _READ_AT_ONCE):
            part = slice(start, start + _READ_AT_ONCE)
            last = {stored.row: position for position, stored in enumerate(papers[part])}
            given = None if vectors is None else vectors[part][list(last.values())]
            batch = {row: papers[part][position] for row, position in last.items()}
            self._handed_in.append((batch, given))
            texts = chain.from_iterable((stored.paper.title, stored.paper.abstract) for stored in batch.values())
            self._take(self._readers.hand_in(list(texts)))

    def _take(self, reads: Iterable[Read]) -> None:
        for read in reads:
            papers, vectors = self._handed_in.popleft()
            self._write(papers, vectors, read)

    def _write(self, papers: Mapping[int, StoredPaper], vectors: Vectors | None, read: Read) -> None:
        self._words.remove(row for row in papers if self._any_row_may_be_there or self._arrays.holds(row))
        # tantivy's threads index these while we write the rest.
        self._words.add(papers.values(), read.texts)
        rows = np.array(list(papers), np.int64)
        self._arrays.begin(rows)
        self._terms.write(rows, read.terms)
        if read.tokens is not None:
            self._tokens.write(rows, read.tokens)
        made = read.vectors if self._own_lexicon else vectors
        self._arrays.write(list(papers.values()), self._encoded(papers.values()) if made is None else made)
        self._arrays.seal(rows, Terms(self._directory), Terms(self._directory, "tokens"))
        self._revision = max(self._revision, *(stored.revision for stored in papers.values()))

    def _encoded(self, papers: Iterable[StoredPaper]) -> Vectors:
        known = [stored.paper for stored in papers]
        return self._encoder.encode_papers([paper.title for paper in known], [paper.abstract for paper in known])

    def commit(self) -> None:
        """Make what was added visible to every reader, at once; the watermark is the largest revision added."""
        self._take(self._readers.rest())
        self._terms.flush()
        self._tokens.flush()
        rows, papers = self._arrays.flush()
        self._words.commit()
        written = lengths(self._directory)
        self._manifest = replace(
            self._manifest,
            commit=self._manifest.commit + 1,
            watermark=self._revision,
            rows=rows,
            papers=papers,
            lengths=written,
            sums=file_sums(self._directory, written),
        )
        self._publish(self._manifest)

    def close(self, *, whole: bool = True) -> None:
        """Drop what was not committed, and let readers see the segments that were merged meanwhile.

        Whoever opens the index next looks at all of it, unless it was written as a `whole`, without an error.
        """
        self._readers.close()
        segments = self._words.segments()
        self._words.close()
        if self._words.segments() < segments:
            self._publish(self._manifest)
        if whole:
            (self._directory / UNCHECKED).unlink(missing_ok=True)
