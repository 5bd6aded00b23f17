"""Searches that are the name of a method or a data set: does the paper that introduced it stand first?

    python -m benchmarks.names papers.jsonl.xz [more files] [--keep DIR]

Imports and indexes the papers, asks for every name of `names.tsv` whose paper is among them, and prints how often it
is the first: of every second name, by which the numbers of `bot/engine/names.py` were chosen, and of the others. Beside
it stands the search that knows of no names.
"""

import argparse
import asyncio
import csv
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.search import fill
from bot.bootstrap import open_app
from bot.config import Settings
from bot.engine.query import parse_query
from bot.engine.search import search
from bot.engine.spelling import respelled
from bot.library.app import App
from bot.ports import PaperIndex

NAMES = Path(__file__).with_name("names.tsv")


class Named(NamedTuple):
    """A name and the rows of the paper that introduced it; more than one where it is here twice."""

    name: str
    rows: frozenset[int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--keep", type=Path, help="use (or make and keep) the data folder DIR")
    parser.add_argument("--missed", action="store_true", help="list the names whose paper is not first")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = options.keep or Path(folder)
        fill(data, options.files)
        asyncio.run(measure(Settings(data_dir=data), missed=options.missed))


async def measure(settings: Settings, *, missed: bool) -> None:
    async with open_app(settings) as app:
        names = known(app.index)
        firsts = {named.name: await first(app, named.name) for named in names}
        report("paperboy", names, lambda named: firsts[named.name] in named.rows)
        report("search alone", names, lambda named: searched(app.index, named.name) in named.rows)
        if missed:
            sys.stdout.writelines(f"{named.name}\n" for named in names if firsts[named.name] not in named.rows)


def known(index: PaperIndex) -> list[Named]:
    """The names whose paper is in an index."""
    with NAMES.open(encoding="utf-8", newline="") as lines:
        rows = [(row["name"], index.find_title(row["title"]).tolist()) for row in csv.DictReader(lines, delimiter="\t")]
    return [Named(name, frozenset(found)) for name, found in rows if found]


async def first(app: App, name: str) -> int | None:
    """The row of the first result."""
    results = await app.library.search(name, 1)
    return results[0].stored.row if results else None


def searched(index: PaperIndex, name: str) -> int | None:
    """The row that a search of words and meaning alone puts first."""
    found = search(index, respelled(index, parse_query(name)), 1).rows
    return int(found[0]) if len(found) else None


def report(who: str, names: Sequence[Named], is_first: Callable[[Named], bool]) -> None:
    hits = [is_first(named) for named in names]
    chosen, others = hits[::2], hits[1::2]
    print(f"{who:14} success@1: for choosing {share(chosen)}, others {share(others)}, of {len(names)} names")


def share(hits: Sequence[bool]) -> str:
    return f"{sum(hits) / max(len(hits), 1):.3f}"


if __name__ == "__main__":
    main()
