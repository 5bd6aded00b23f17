"""How near the index's vector scan comes to an exact search, and how long it takes.

    python benchmarks/vectors.py PAPERS.jsonl[.xz] ...

Recall is the share of the exact answer (float vectors, every paper) that the scan's answer holds. Queries are titles,
whole papers, and the linear models of people who saved ten papers: of one topic, or of any. One query at a time on
one core.
"""

import json
import lzma
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.engine.encoder import StaticEncoder
from bot.engine.profile import precision, unit
from bot.ports import StoredPaper, Vectors
from storage.index.arrays import Arrays, ArraysWriter
from storage.index.categories import CategorySets
from storage.index.manifest import Manifest

QUERIES = 100
SAVED = 10
AT_ONCE = 8_192


def read_papers(path: Path) -> Iterator[Paper]:
    """Papers of a file of JSON lines, with title and abstract."""
    with lzma.open(path, "rt") if path.suffix == ".xz" else path.open() as lines:
        for line in lines:
            known = json.loads(line)
            yield Paper(id=PaperId(known["id"]), title=known["title"], abstract=known.get("abstract") or "")


def encode(encoder: StaticEncoder, papers: list[Paper]) -> Vectors:
    """Vectors of papers as the index asks for them, [n, dim]."""
    start = perf_counter()
    vectors = encoder.encode_papers([paper.title for paper in papers], [paper.abstract for paper in papers])
    print(f"{len(papers):,} papers encoded in {perf_counter() - start:.1f} s")
    return vectors


def write(directory: Path, papers: list[Paper], vectors: Vectors) -> Arrays:
    """The papers' arrays on disk, opened for reading."""
    manifest = Manifest("benchmark", vectors.shape[1])
    categories = CategorySets(directory)
    writer = ArraysWriter(directory, manifest, categories)
    start = perf_counter()
    for first in range(0, len(papers), AT_ONCE):
        some = [StoredPaper(first + i, 0, paper) for i, paper in enumerate(papers[first : first + AT_ONCE])]
        writer.begin(np.array([stored.row for stored in some], np.int64))
        writer.write(some, vectors[first : first + AT_ONCE])
    rows, count = writer.flush()
    size = sum(file.stat().st_size for file in directory.iterdir())
    print(f"arrays written in {perf_counter() - start:.1f} s, {size / 1e6:.0f} MB")
    return Arrays(directory, Manifest("benchmark", vectors.shape[1], commit=1, rows=rows, papers=count), categories)


def queries(encoder: StaticEncoder, papers: list[Paper], vectors: Vectors) -> dict[str, Vectors]:
    """Kinds of queries, [QUERIES, dim] each."""
    random = np.random.default_rng(0)
    sample = vectors[random.choice(len(vectors), min(20_000, len(vectors)), replace=False)]
    mean, narrow = sample.mean(axis=0), precision(np.cov(sample, rowvar=False).astype(np.float32))
    chosen = random.choice(len(vectors), QUERIES, replace=False)

    def model(saved: Vectors) -> Vectors:
        return unit(narrow @ (saved - mean).sum(axis=0))

    def topic(row: int) -> Vectors:
        near = np.argsort(-(vectors @ vectors[row]))[: 20 * SAVED : 20]
        return vectors[near]

    return {
        "titles": encoder.encode([papers[row].title for row in chosen]),
        "papers": vectors[chosen],
        "saved, one topic": np.array([model(topic(row)) for row in chosen]),
        "saved, any topics": np.array([model(vectors[random.choice(len(vectors), SAVED)]) for _ in chosen]),
    }


def measure(name: str, arrays: Arrays, asked: Vectors, vectors: Vectors, everything: np.ndarray, limit: int) -> None:
    """Print recall and milliseconds of one kind of query."""
    recalls, times = [], []
    for query in asked:
        start = perf_counter()
        rows, _ = arrays.nearest(query, limit, everything)
        times.append(1e3 * (perf_counter() - start))
        scores = vectors @ query
        exact = np.argpartition(-scores, limit)[:limit]
        recalls.append(len(np.intersect1d(rows, exact)) / limit)
    p50, p99 = np.percentile(times, (50, 99))
    print(f"{name:18} recall@{limit:<3} {np.mean(recalls):.3f}   p50 {p50:5.2f} ms   p99 {p99:5.2f} ms")


def main(paths: list[str]) -> None:
    """Measure on the papers of some files."""
    papers = [paper for path in paths for paper in read_papers(Path(path))]
    encoder = StaticEncoder.load()
    vectors = encode(encoder, papers)
    everything = np.ones(len(papers), np.bool_)
    with tempfile.TemporaryDirectory() as directory:
        arrays = write(Path(directory), papers, vectors)
        for name, asked in queries(encoder, papers, vectors).items():
            for limit in (50, 200):
                measure(name, arrays, asked, vectors, everything, limit)


if __name__ == "__main__":
    main(sys.argv[1:])
