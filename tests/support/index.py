"""Encoders that need no weights, papers, and questions to an index."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.ports import Filters, PaperIndex, StoredPaper, Vectors
from storage.index.disk_index import DiskIndex


class HashingEncoder:
    """Gives every word a random direction; texts with words in common are near each other."""

    name = "hashing"
    costly = False
    lexicon = None
    dim = 96

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One vector a text, of unit length, zero for a text without words."""
        sums = np.array([self._sum(text) for text in texts], np.float32).reshape(len(texts), self.dim)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        vectors: Vectors = (sums / np.where(lengths > 0, lengths, 1)).astype(np.float32)
        return vectors

    def encode_papers(self, titles: Sequence[str], abstracts: Sequence[str]) -> Vectors:
        """Vectors of the whole texts."""
        return self.encode([f"{title}. {abstract}" for title, abstract in zip(titles, abstracts, strict=True)])

    def _sum(self, text: str) -> Vectors:
        words = text.lower().replace(".", " ").split()
        seeds = [crc32(word.encode()) for word in words]
        vectors = [np.random.default_rng(seed).standard_normal(self.dim) for seed in seeds]
        return np.sum(vectors, axis=0, dtype=np.float32) if vectors else np.zeros(self.dim, np.float32)


def stored(row: int, title: str, abstract: str = "", *, revision: int = 0, **known: object) -> StoredPaper:
    paper = Paper(id=PaperId(f"test:{row}"), title=title, abstract=abstract, **known)  # type: ignore[arg-type]
    return StoredPaper(row, revision or row, paper)


def fill(index: PaperIndex, papers: Sequence[StoredPaper], *, bulk: bool = False) -> None:
    with index.writer(bulk=bulk) as writer:
        writer.add(papers)
        writer.commit()


def words(index: PaperIndex, text: str, limit: int = 10, **options: Any) -> list[int]:
    """Rows that words of a text find."""
    terms = dict.fromkeys(index.analyze(text), 1.0)
    return list(map(int, index.match_words(terms, limit, **options).rows))


def meaning(index: PaperIndex, text: str, limit: int = 10, **options: Any) -> list[int]:
    """Rows near the meaning of a text."""
    vector = index.encoder.encode([text])[0]
    return list(map(int, index.nearest(vector, limit, **options).rows))


def filtered(index: PaperIndex, limit: int = 1000, **filters: Any) -> list[int]:
    """Rows that meet filters, newest first."""
    return list(map(int, index.match_words({}, limit, filters=Filters(**filters)).rows))


def opened_again(index: PaperIndex, tmp_path: Path) -> PaperIndex:
    return DiskIndex.open(tmp_path / "index", index.encoder)
