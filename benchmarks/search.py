"""Search at scale: Paperboy beside SQLite FTS5 and LanceDB, on the same papers and queries in the same run.

    python benchmarks/search.py papers.jsonl.xz [more files] [--queries 300] [--askers 8] [--keep DIR]

Imports and indexes the papers with the `paperboy` command, then asks each peer the titles of random papers, with a
third of their words left out. Prints seconds, milliseconds (p50, p99), mebibytes, and the ratio to Paperboy: one asker
alone, then answers a second when several ask at once, and how long a process takes that only imports the libraries
that a search cannot do without. Papers are read a page at a time, so that millions fit (`benchmarks/many_papers.py`
makes a file of them).
"""

import argparse
import asyncio
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any, NamedTuple

# As the `paperboy` command does.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

from bot.bootstrap import load_encoder, open_app
from bot.config import Settings
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.library.app import App
from bot.library.ingest import update_index
from bot.ports import Batch, Encoder, StoredPaper

_PAGE = 10_000

PEERS = ("lancedb", "fts5")

PAPERBOY = [sys.executable, "-m", "bot"]


class Measured(NamedTuple):
    """Seconds of each answer to one asker, and answers a second when several ask at once."""

    times: Sequence[float]
    rate: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--queries", type=int, default=300)
    parser.add_argument("--askers", type=int, default=8, help="how many ask at once")
    parser.add_argument("--keep", type=Path, help="use (or make and keep) the data folder DIR")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=PEERS, help="measured beside Paperboy")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = options.keep or Path(folder)
        fill(data, options.files)
        cold_search(data)
        idle_memory(data)
        asyncio.run(compare(Settings(data_dir=data), options.queries, options.askers, options.peers))


def fill(data: Path, files: Sequence[Path]) -> None:
    """Import and index, in a process of its own."""
    if (data / "paperboy.db").exists():
        print(f"using the papers in {data}")
        return
    started = perf_counter()
    subprocess.run([*PAPERBOY, "--data-dir", str(data), "import", *map(str, files)], check=True)
    print(f"import and index: {perf_counter() - started:.1f} s")


def cold_search(data: Path) -> None:
    """How long `paperboy search` takes, from the start of its process to its end, beside an import of libraries."""
    search = [*PAPERBOY, "--data-dir", str(data), "search", "graph neural networks"]
    libraries = [sys.executable, "-c", "import sqlalchemy, numpy, tantivy"]
    # The first one reads the files into the page cache.
    runs = [(process_seconds(search), process_seconds(libraries)) for _ in range(6)][1:]
    own, imports = (sorted(times) for times in zip(*runs, strict=True))
    print(
        f"cold process: {median(own):.2f} s ({own[0]:.2f} to {own[-1]:.2f}); its libraries alone {median(imports):.2f}"
    )


def process_seconds(command: Sequence[str]) -> float:
    """How long a process takes."""
    started = perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - started


def idle_memory(data: Path) -> None:
    """Memory of a process that has answered one search, mapped files aside."""
    script = (
        "import asyncio,sys;from bot.bootstrap import open_app;from bot.config import Settings\n"
        "async def go():\n"
        f"  async with open_app(Settings(data_dir={str(data)!r})) as app:\n"
        "    await app.library.search('graph neural networks')\n"
        "    print(open('/proc/self/status').read())\n"
        "asyncio.run(go())"
    )
    status = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    found = re.search(r"RssAnon:\s+(\d+) kB", status)
    assert found
    anonymous = int(found[1]) / 1024
    print(f"idle memory without mapped files: {anonymous:.0f} MiB")


async def compare(settings: Settings, count: int, askers: int, peers: Sequence[str]) -> None:
    async with open_app(settings) as app:
        papers = await app.store.count_papers()
        queries = make_queries(app, papers, count)
        print(f"{papers:,} papers, {count} queries")
        own = Measured(await timed_search(app, queries), await search_rate(app, queries, askers))
        report("paperboy, rows fetched", own, own, askers)
        print(f"memory of an answering process without mapped files: {anonymous_memory():.0f} MiB")
        if "lancedb" in peers and (lance := lancedb(settings.data_dir, pages(app, papers), queries, askers)):
            report("lancedb hybrid", lance, own, askers)
        if "fts5" in peers:
            report("sqlite fts5", fts5(pages(app, papers), queries, askers), own, askers)
        await fresh_papers(app)


def pages(app: App, papers: int) -> Iterator[list[StoredPaper]]:
    """All papers, some at a time: they are numbered without a gap."""
    for start in range(1, papers + 1, _PAGE):
        yield app.store.read_papers(range(start, min(start + _PAGE, papers + 1)))


def anonymous_memory() -> float:
    """Memory of this process without mapped files, in MiB."""
    found = re.search(r"RssAnon:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) / 1024


def make_queries(app: App, papers: int, count: int) -> list[str]:
    """Words of random titles, a third of them left out, without anything a query language could mean."""
    rng = random.Random(7)
    queries: list[str] = []
    while len(queries) < count:
        words = re.findall(r"[A-Za-z]{3,}", app.store.read_papers([rng.randint(1, papers)])[0].paper.title)
        kept = [word for word in words if rng.random() > 1 / 3]
        if len(kept) >= 2:
            queries.append(" ".join(kept))
    return queries


async def timed_search(app: App, queries: Sequence[str]) -> list[float]:
    for query in queries[:20]:
        await app.library.search(query)
    times = []
    for query in queries:
        started = perf_counter()
        await app.library.search(query)
        times.append(perf_counter() - started)
    return times


async def search_rate(app: App, queries: Sequence[str], askers: int) -> float:
    """Answers a second when several ask at once."""
    waiting = iter(queries)

    async def ask() -> None:
        for query in waiting:
            await app.library.search(query)

    started = perf_counter()
    await asyncio.gather(*(ask() for _ in range(askers)))
    return len(queries) / (perf_counter() - started)


def measured(answer: Callable[[str], object], queries: Sequence[str], askers: int) -> Measured:
    """What a peer that answers in any thread takes."""
    for query in queries[:20]:
        answer(query)
    times = []
    for query in queries:
        started = perf_counter()
        answer(query)
        times.append(perf_counter() - started)
    with ThreadPoolExecutor(askers) as threads:
        started = perf_counter()
        list(threads.map(answer, queries))
        return Measured(times, len(queries) / (perf_counter() - started))


def report(name: str, found: Measured, own: Measured, askers: int) -> None:
    p50, p99 = median(found.times), quantiles(found.times, n=100)[98]
    print(
        f"{name:24} p50 {1000 * p50:8.2f} ms   p99 {1000 * p99:8.2f} ms   {p50 / median(own.times):6.2f} x paperboy"
        f"   {askers} askers {found.rate:7.1f}/s   paperboy {own.rate / found.rate:6.2f} x"
    )


def fts5(papers: Iterator[list[StoredPaper]], queries: Sequence[str], askers: int) -> Measured:
    """SQLite's own full-text search, with stemming, ranked by its BM25."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "fts.db"
        database = sqlite3.connect(file)
        database.execute("CREATE VIRTUAL TABLE papers USING fts5(title, abstract, tokenize='porter unicode61')")
        rows = ((stored.row, stored.paper.title, stored.paper.abstract) for page in papers for stored in page)
        database.executemany("INSERT INTO papers(rowid, title, abstract) VALUES (?, ?, ?)", rows)
        database.commit()
        ask = "SELECT rowid, title, abstract FROM papers WHERE papers MATCH ? ORDER BY rank LIMIT 10"

        database.close()
        of_thread = threading.local()

        def answer(query: str) -> object:
            if not hasattr(of_thread, "database"):
                of_thread.database = sqlite3.connect(file)
            quoted = " OR ".join(f'"{word}"' for word in query.split())  # A title may have AND in it.
            return of_thread.database.execute(ask, (quoted,)).fetchall()

        return measured(answer, queries, askers)


def lancedb(folder: Path, papers: Iterator[list[StoredPaper]], queries: Sequence[str], askers: int) -> Measured | None:
    """LanceDB's hybrid search, on the vectors of our encoder; its table is kept beside our data."""
    try:
        import lancedb as lance
        from lancedb.index import FTS, IvfPq
    except ImportError:
        print("lancedb is not installed (pip install lancedb); left out")
        return None
    encoder = load_encoder()
    database = lance.connect(folder / "lancedb")
    if "papers" in database.list_tables().tables:
        table = database.open_table("papers")
    else:
        started = perf_counter()
        schema = lance_schema(encoder.dim)
        rows = map(partial(lance_rows, encoder=encoder, schema=schema), papers)
        table = database.create_table("papers", rows, schema=schema)
        table.create_index("text", config=FTS(stem=True, remove_stop_words=True))
        table.create_index("vector", config=IvfPq(distance_type="dot"))
        print(f"lancedb's table and its two indexes, from our store: {perf_counter() - started:.1f} s")

    def answer(query: str) -> object:
        vector = encoder.encode([query])[0]
        return table.search(query_type="hybrid").vector(vector).text(query).limit(10).to_list()

    return measured(answer, queries, askers)


def lance_rows(page: Sequence[StoredPaper], encoder: Encoder, schema: Any) -> object:
    """A page of papers as a batch of Arrow's: one write of all batches makes few files and no versions."""
    import pyarrow as pa

    texts = [stored.paper.text for stored in page]
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(encoder.encode(texts).reshape(-1)), encoder.dim)
    return pa.record_batch([pa.array([stored.row for stored in page]), pa.array(texts), vectors], schema=schema)


def lance_schema(dim: int) -> Any:
    import pyarrow as pa

    return pa.schema(
        [pa.field("row", pa.int64()), pa.field("text", pa.string()), pa.field("vector", pa.list_(pa.float32(), dim))]
    )


async def fresh_papers(app: App) -> None:
    """From a thousand new papers in the store to finding them."""
    stamp = datetime.now(UTC).strftime("%H%M%S%f")
    new = [
        Paper(
            id=PaperId(f"bench:{stamp}-{n}"),
            title=f"Zyxwv{stamp} paper number {n}",
            abstract="A benchmark of fresh papers, each a little different from the next. " * 10,
        )
        for n in range(1000)
    ]
    await app.store.save_batch("benchmark", Batch(papers=new), now=datetime.now(UTC))
    started = perf_counter()
    await update_index(app.store, app.index)
    found = await app.library.search(f"Zyxwv{stamp}", 10)
    assert found[0].stored.paper.id.startswith(f"bench:{stamp}"), json.dumps([r.stored.paper.title for r in found])
    print(f"1,000 new papers, from stored to found: {perf_counter() - started:.2f} s")


if __name__ == "__main__":
    main()
