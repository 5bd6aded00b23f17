"""What of a search grows with the number of papers, and what does not.

    python -m benchmarks.growth DATA_DIR DATA_DIR [DATA_DIR ...]

Each DATA_DIR holds a database and its index, of another size (`benchmarks/many_papers.py` makes papers, `paperboy
import` fills a folder); nothing in it is changed. Searches are titles of its papers with a third of their words left
out. Printed are processor milliseconds a search of each part, in all threads, the least of five rounds, and the
exponent k by which a part grows as (number of papers)^k, fitted to all sizes.
"""

import argparse
import asyncio
import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from random import Random
from time import process_time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from bot.bootstrap import open_app
from bot.config import Settings
from bot.engine import explanations
from bot.engine.query import Query
from bot.engine.rerank import token_weights
from bot.engine.search import (
    DEEPER,
    DEPTH,
    FIELDS,
    MEANING_TRUST,
    RERANK_TRUST,
    best_and_among,
    fuse,
    reranked,
    search,
    term_weights,
    titled,
    without_faint,
    words_share,
)
from bot.library.app import App

SEARCHES, ROUNDS, SHOWN = 120, 5, 10

Part = Callable[[], object]


def parts(app: App, text: str) -> dict[str, Part]:
    """The parts of one search, each to be called by itself; what goes into them is made beforehand."""
    index, query = app.index, Query(text=text)
    terms, vector = term_weights(index, text), index.encoder.encode([text])[0]
    words = index.match_words(terms, DEPTH + DEEPER, fields=FIELDS)
    meaning = index.nearest(vector, DEPTH)
    share = words_share(words, meaning, MEANING_TRUST)
    fused = without_faint(fuse(index, vector, best_and_among(words, DEPTH, meaning.rows), meaning, share))
    found = search(index, query, SHOWN)

    def shown() -> None:
        papers = [stored.paper for stored in app.store.read_papers(found.rows.tolist())]
        explanations.for_search(index, query)(found, papers)

    def whole() -> None:
        search(index, query, SHOWN)
        shown()

    return {
        f"BM25, {DEPTH + DEEPER} hits": partial(index.match_words, terms, DEPTH + DEEPER, fields=FIELDS),
        "whether it is a title": partial(titled, index, text),
        "nearest vectors": partial(index.nearest, vector, DEPTH),
        "reranking": lambda: reranked(
            index, token_weights(index, text), fused, words_share(words, meaning, RERANK_TRUST)
        ),
        f"{SHOWN} rows and their reasons": shown,
        "all of it": whole,
    }


def shortened(title: str, random: Random) -> str:
    """A title without a third of its words."""
    words = title.split()
    kept = sorted(random.sample(range(len(words)), len(words) - len(words) // 3))
    return " ".join(words[place] for place in kept)


def least(calls: Sequence[Part]) -> float:
    """Processor milliseconds a call, in the round that took least."""
    rounds = []
    for _ in range(ROUNDS):
        started = process_time()
        for call in calls:
            call()
        rounds.append(1000 * (process_time() - started) / len(calls))
    return min(rounds)


async def measured(data_dir: Path) -> tuple[int, dict[str, float]]:
    """How many papers a folder has, and what each part takes."""
    async with open_app(Settings(_env_file=None, data_dir=data_dir)) as app:
        random = Random(1)
        stored = await app.store.papers_by_row(app.index.sample(SEARCHES).tolist())
        searches = [parts(app, shortened(each.paper.title, random)) for each in stored]
        return len(app.index), {part: least([each[part] for each in searches]) for part in searches[0]}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data_dirs", nargs="+", type=Path, metavar="DATA_DIR")
    found = [asyncio.run(measured(data_dir)) for data_dir in parser.parse_args().data_dirs]
    sizes = [size for size, _ in found]
    print(f"load {os.getloadavg()[0]:.1f}")
    print(f"{'papers':28}", *(f"{size:>10,}" for size in sizes), f"{'exponent':>10}")
    for part in found[0][1]:
        times = [by_part[part] for _, by_part in found]
        exponent = f"{np.polyfit(np.log(sizes), np.log(times), 1)[0]:>10.2f}" if len(sizes) > 1 else ""
        print(f"{part:28}", *(f"{each:>10.2f}" for each in times), exponent)


if __name__ == "__main__":
    main()
