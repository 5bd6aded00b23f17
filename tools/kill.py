"""Kill Paperboy at random moments and see that nothing committed is lost.

    python tools/kill.py [--rounds 50] [--papers 1000] [--seed 1]

Imports (more papers in each round), syncs (from a local server) and indexes invented papers, killing the process
(SIGKILL) after a random time or, every second round, while the index is being written or committed; then searches,
and goes on, until the rounds are over; then lets everything finish and counts. Exit status 1 when a paper is missing,
or when a search failed after a kill.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import chdir, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

PAPERBOY = [sys.executable, "-m", "bot"]
_WORDS = "graph neural image speech robot policy token proof cell quantum sparse causal prompt memory agent".split()  # noqa: SIM905


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--papers", type=int, default=1_000, help="new ones for each round")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, chdir(folder), daily_papers() as url:
        problems = torture(Path(folder), url, random.Random(options.seed), options.rounds, options.papers)
    print("\n".join(problems) or "nothing was lost")
    sys.exit(bool(problems))


def torture(folder: Path, url: str, rng: random.Random, rounds: int, papers: int) -> list[str]:
    """Kill and go on for some rounds, then finish; what went wrong, in words."""
    files = [write_papers(folder / f"{number}.jsonl", number, papers, rng) for number in range(rounds)]
    # No setting of the machine counts: another database than the one that is made here must not be killed at.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PAPERBOY_")}
    environment = inherited | {"PAPERBOY_DATA_DIR": str(folder / "data"), "PAPERBOY_HUGGINGFACE_URL": url}
    works = ["import", "sync", "index"]
    arguments = {"sync": ["--source", "huggingface"], "index": ["--rebuild"]}
    problems: list[str] = []
    subprocess.run([*PAPERBOY, "import", str(files[0])], env=environment, check=True, capture_output=True)
    committed = papers
    for number in range(rounds):
        work = rng.choice(works)
        arguments["import"] = [*map(str, files[: number + 1])]
        within = rng.uniform(0.3, 4.0)
        killed = run_for(
            within, [work, *arguments[work]], environment, after=writing_index(folder / "data") if number % 2 else None
        )
        facts = status(environment)
        print(f"{number + 1:3} {killed:15} {work:7} {facts}", flush=True)
        if trouble := search(environment):
            problems.append(f"round {number + 1}: {trouble}")
        if facts and facts["papers"] < committed:
            problems.append(f"round {number + 1}: {committed} papers before, {facts['papers']} after")
        if facts is None:
            problems.append(f"round {number + 1}: the database or the index does not open")
        committed = facts["papers"] if facts else committed
    arguments["import"] = [*map(str, files)]
    for work in works[:2]:
        subprocess.run([*PAPERBOY, work, *arguments[work]], env=environment, check=True, capture_output=True)
    return problems + miscounted(environment, expected=rounds * papers + LISTED)


def miscounted(environment: dict[str, str], expected: int) -> list[str]:
    """What the final counts show to be wrong."""
    facts = status(environment) or {}
    found = (facts.get("papers"), facts.get("indexed"), facts.get("pending"))
    return [] if found == (expected, expected, 0) else [f"in the end {facts}, where {expected} papers are expected"]


def run_for(
    seconds: float, arguments: list[str], environment: dict[str, str], after: Callable[[], bool] | None = None
) -> str:
    """Run a command and kill it after some seconds, or a moment after `after` says so; what became of it."""
    process = subprocess.Popen(
        [*PAPERBOY, *arguments], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    if after is not None:
        while process.poll() is None and not after():
            time.sleep(0.001)
        seconds = min(seconds, 0.25) * (seconds % 1)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return "killed indexing" if after else "killed"
    return "ended"


def writing_index(data: Path) -> Callable[[], bool]:
    """Whether a file of the index was written since now."""
    begun = time.time_ns()

    def written() -> bool:
        with suppress(FileNotFoundError):
            return any(path.stat().st_mtime_ns > begun for path in data.glob("index/generation-*/tantivy/*.idx"))
        return False

    return written


def search(environment: dict[str, str]) -> str:
    """What is wrong with searching now; empty when it answers."""
    done = subprocess.run(
        [*PAPERBOY, "search", "graph neural", "--json"], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        return f"searching failed: {done.stderr.strip()}"
    return "" if json.loads(done.stdout)["results"] else "nothing was found"


def status(environment: dict[str, str]) -> dict[str, int] | None:
    """How many papers are stored, indexed and pending; None when the database or the index does not open."""
    done = subprocess.run([*PAPERBOY, "status", "--json"], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr.strip())
        return None
    facts = json.loads(done.stdout)
    return {name: facts[name] for name in ("papers", "indexed", "pending")}


def write_papers(path: Path, number: int, count: int, rng: random.Random) -> Path:
    """A file of invented papers."""
    with path.open("w") as file:
        for n in range(count):
            title = " ".join(rng.choices(_WORDS, k=7))
            record = {
                "id": f"made{number}:{n}",
                "title": f"{title} {n}",
                "abstract": " ".join(rng.choices(_WORDS, k=90)),
            }
            file.write(json.dumps(record) + "\n")
    return path


LISTED = 40
"""Papers the local server lists, the same on every day."""


class DailyPapers(BaseHTTPRequestHandler):
    """Lists the same invented papers for every day asked, as Hugging Face does."""

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        listed = [] if asked.get("p", ["0"])[0] != "0" else [_listed(n) for n in range(LISTED)]
        body = json.dumps(listed).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(BrokenPipeError):
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing of requests."""


def _listed(n: int) -> dict[str, object]:
    title = f"Listed paper number {n}"
    told = {"id": f"2601.9{n:04}", "title": title, "summary": f"We list {n}.", "upvotes": n, "authors": []}
    return {"paper": told | {"publishedAt": "2026-01-05T00:00:00.000Z"}, "title": title, "numComments": 0}


class daily_papers:  # noqa: N801 - used like a function
    """A server of daily papers on a free port, for the time of a block; gives its URL."""

    def __enter__(self) -> str:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), DailyPapers)
        Thread(target=self.server.serve_forever, daemon=True).start()
        return "http://{}:{}".format(*self.server.server_address)

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


if __name__ == "__main__":
    main()
