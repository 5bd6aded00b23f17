"""Writes one generation of the index: words, vectors, terms and tokens of papers, visible after a commit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np

from bot.domain.papers import Paper
from bot.domain.pieces import Pieces
from bot.ports import Encoder, Rows, StoredPaper, Vectors
from storage.index.arrays import ArraysWriter
from storage.index.categories import CategorySets
from storage.index.manifest import Manifest, sync_directory
from storage.index.sums import UNCHECKED, file_sums, lengths, mark_unchecked
from storage.index.terms import Terms, TermsWriter, count_terms
from storage.index.words import WordsWriter, cut_texts

_ENCODED_AT_ONCE = 2_048


class GenerationWriter:
    """Writes one generation; `publish` is called with the manifest of every commit."""

    def __init__(
        self, directory: Path, manifest: Manifest, encoder: Encoder, publish: Callable[[Manifest], None], *, bulk: bool
    ) -> None:
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
        for start in range(0, len(papers), _ENCODED_AT_ONCE):
            part = slice(start, start + _ENCODED_AT_ONCE)
            last = {stored.row: position for position, stored in enumerate(papers[part])}
            given = None if vectors is None else vectors[part][list(last.values())]
            self._add({row: papers[part][position] for row, position in last.items()}, given)

    def _add(self, papers: Mapping[int, StoredPaper], vectors: Vectors | None) -> None:
        self._words.remove(row for row in papers if self._any_row_may_be_there or self._arrays.holds(row))
        texts = Pieces.of(
            chain.from_iterable((stored.paper.title, stored.paper.abstract) for stored in papers.values())
        )
        terms = cut_texts(texts)
        # tantivy's threads index these while we encode them.
        self._words.add(papers.values(), terms)
        rows = np.array(list(papers), np.int64)
        self._arrays.begin(rows)
        self._terms.write(rows, count_terms(terms))
        made = self._read(rows, [stored.paper for stored in papers.values()], texts, vectors)
        self._arrays.write(list(papers.values()), made)
        self._arrays.seal(rows, Terms(self._directory), Terms(self._directory, "tokens"))
        self._revision = max(self._revision, *(stored.revision for stored in papers.values()))

    def _read(self, rows: Rows, papers: Sequence[Paper], texts: Pieces, made: Vectors | None) -> Vectors:
        """The papers' vectors, computed unless they exist; their tokens are written, too."""
        lexicon = self._encoder.lexicon
        if lexicon is not None:
            vectors, tokens = lexicon.read_papers(texts)
            self._tokens.write(rows, tokens)
            made = vectors if self._own_lexicon else made
        if made is not None:
            return made
        return self._encoder.encode_papers([paper.title for paper in papers], [paper.abstract for paper in papers])

    def commit(self) -> None:
        """Make what was added visible to every reader, at once; the watermark is the largest revision added."""
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
        segments = self._words.segments()
        self._words.close()
        if self._words.segments() < segments:
            self._publish(self._manifest)
        if whole:
            (self._directory / UNCHECKED).unlink(missing_ok=True)
