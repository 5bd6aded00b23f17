"""How soon a half-typed title, author or category is completed, while it is typed letter by letter.

    python -m benchmarks.completion --data-dir data

Titles and authors are those of papers drawn from the index; every prefix from two letters on is completed, as it is
when somebody types. Prints wall-clock and processor time, since the machine may be busy with other things.
"""

import argparse
import asyncio
import random
import time
from pathlib import Path

import numpy as np

from bot.bootstrap import open_app
from bot.chat.completion import complete
from bot.chat.registry import Completion
from bot.commands import registry
from bot.config import Settings
from bot.library.app import App

WITHIN = 0.1
"""Seconds a title may take."""


async def main(data_dir: Path, papers: int) -> None:
    """Print percentiles of the time a completion takes, in milliseconds."""
    async with open_app(Settings(data_dir=data_dir)) as app:
        print(f"{len(app.index):,} papers, {papers} titles and {papers} authors typed letter by letter")
        titles, authors = await _drawn(app, papers)
        await complete(registry, app, "papers", "warm")
        await _measure(app, "titles", "papers", titles)
        await _measure(app, "authors", "queries", [f"author:{name}" for name in authors])
        await _measure(app, "categories", "queries", ["cat:cs.LG", "cat:machine learning", "robots cat:vision"])


async def _drawn(app: App, count: int) -> tuple[list[str], list[str]]:
    chosen = random.Random(0)
    rows = [chosen.randrange(1, len(app.index)) for _ in range(count)]
    papers = [stored.paper for stored in await app.store.papers_by_row(rows)]
    return [paper.title for paper in papers], [paper.authors[0] for paper in papers if paper.authors]


async def _measure(app: App, name: str, kind: Completion, texts: list[str]) -> None:
    """Complete every prefix of the texts, one after the other."""
    walls, processor = [], []
    for text in texts:
        for end in range(2, min(len(text), 60)):
            wall, cpu = time.perf_counter(), time.process_time()
            await complete(registry, app, kind, text[:end])
            walls.append(time.perf_counter() - wall)
            processor.append(time.process_time() - cpu)
    for what, times in (("wall", np.array(walls) * 1000), ("processor", np.array(processor) * 1000)):
        p50, p90, p99 = np.percentile(times, [50, 90, 99])
        print(f"{name:10} {what:9} p50 {p50:6.1f} ms   p90 {p90:6.1f} ms   p99 {p99:6.1f} ms")
    held = np.percentile(walls, 99) < WITHIN
    print(f"{name:10} {len(walls)} completions, p99 within {WITHIN * 1000:.0f} ms: {'yes' if held else 'NO'}")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--data-dir", type=Path, default=Path("data"))
    arguments.add_argument("--papers", type=int, default=20)
    given = arguments.parse_args()
    asyncio.run(main(given.data_dir, given.papers))
