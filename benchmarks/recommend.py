"""How long a recommendation takes over a whole collection, beside a support vector machine for each profile.

    python benchmarks/recommend.py DATA_DIR

DATA_DIR holds a database and its index (`paperboy import`, `paperboy index`). Profiles are 50 saves among the 400
papers nearest to a random one, or 10 each around five. The machine is trained as arxiv-sanity-lite trains its own: a
LinearSVC (C = 0.01, balanced classes) on the tf-idf of all papers, 20,000 terms and pairs of terms at most; making its
tf-idf matrix is not counted. Needs scikit-learn (the extra `eval`). One thread; processor time and wall time.
"""

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from bot.bootstrap import open_app
from bot.config import Settings
from bot.engine.profile import Rating, background
from bot.engine.recommend import recommend
from bot.library.app import App
from bot.ports import PaperIndex, Rows
from bot.runtime.clocks import SystemClock

PROFILES = 20
SVM_PROFILES = 3
SAVES = 50
SHOWN = 10


def profiles(index: PaperIndex) -> list[Rows]:
    """Rows that somebody may have saved, [SAVES] each."""
    random = np.random.default_rng(0)
    everything = index.sample(len(index))

    def around(seeds: Rows, each: int) -> Rows:
        near = [index.nearest(vector, 8 * each).rows for vector in index.vectors(seeds)]
        return np.unique(np.concatenate([random.choice(rows, each, replace=False) for rows in near]))

    one = [around(random.choice(everything, 1), SAVES) for _ in range(PROFILES // 2)]
    five = [around(random.choice(everything, 5), SAVES // 5) for _ in range(PROFILES // 2)]
    return one + five


async def texts(app: App) -> tuple[Rows, list[str]]:
    """Rows and texts of all papers."""
    rows, found = [], []
    revision = 0
    while batch := await app.store.papers_after(revision, 10_000):
        revision = batch[-1].revision
        rows += [stored.row for stored in batch]
        found += [stored.paper.text for stored in batch]
    return np.array(rows, np.int64), found


def measured(name: str, runs: Sequence[Callable[[], object]]) -> float:
    """Run each once; print and return the median processor milliseconds."""
    processor, wall = [], []
    for run in runs:
        started, began = process_time(), perf_counter()
        run()
        processor.append(1000 * (process_time() - started))
        wall.append(1000 * (perf_counter() - began))
    print(
        f"{name:28} processor ms: median {np.median(processor):9.1f}, max {max(processor):9.1f};"
        f"  wall ms: median {np.median(wall):9.1f}, max {max(wall):9.1f}"
    )
    return float(np.median(processor))


async def main(data_dir: Path) -> None:
    """Measure both on the same profiles."""
    async with open_app(Settings(_env_file=None, data_dir=data_dir)) as app:
        index, now = app.index, SystemClock().now()
        print(f"{len(index):,} papers, {SAVES} saves, load {os.getloadavg()[0]:.1f}")
        known = background(index)
        saved = profiles(index)
        ratings = [
            [Rating(stored.row, stored.paper, 1.0) for stored in await app.store.papers_by_row(rows.tolist())]
            for rows in saved
        ]
        recommend(index, ratings[0], known, SHOWN, now=now)
        asked = [partial(recommend, index, each, known, SHOWN, now=now) for each in ratings]
        ours = measured("Paperboy", asked)

        rows, written = await texts(app)
        matrix = TfidfVectorizer(
            strip_accents="unicode",
            stop_words="english",
            token_pattern=r"(?u)\b[a-zA-Z_][a-zA-Z0-9_]+\b",
            ngram_range=(1, 2),
            max_features=20_000,
            sublinear_tf=True,
            max_df=0.1,
            min_df=5,
            dtype=np.float32,
        ).fit_transform(written)

        def machine(wanted: Rows) -> np.ndarray:
            model = LinearSVC(class_weight="balanced", C=0.01, max_iter=10_000, tol=1e-6)
            scores = model.fit(matrix, np.isin(rows, wanted)).decision_function(matrix)
            return rows[np.argsort(-scores)[:SHOWN]]

        svm = measured("LinearSVC on tf-idf", [partial(machine, each) for each in saved[:: PROFILES // SVM_PROFILES]])
        print(f"Paperboy is {svm / ours:,.0f} times as fast")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
