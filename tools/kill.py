"""Kill Paperboy at random moments and see that nothing committed is lost.

    python tools/kill.py [--rounds 50] [--papers 20000] [--seed 1]

Imports, syncs (from a local server) and indexes invented papers, killing the process (SIGKILL) after a random time
and going on, until the rounds are over; then lets everything finish and counts. Exit status 1 when a paper is
missing, or when the index did not open after a kill.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

PAPERBOY = [sys.executable, "-m", "bot"]
_WORDS = "graph neural image speech robot policy token proof cell quantum sparse causal prompt memory agent".split()  # noqa: SIM905


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--papers", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, daily_papers() as url:
        problems = torture(Path(folder), url, random.Random(options.seed), options.rounds, options.papers)
    print("\n".join(problems) or "nothing was lost")
    sys.exit(bool(problems))


def torture(folder: Path, url: str, rng: random.Random, rounds: int, papers: int) -> list[str]:
    """Kill and go on for some rounds, then finish; what went wrong, in words."""
    files = [write_papers(folder / f"{number}.jsonl", number, papers // 4, rng) for number in range(4)]
    environment = os.environ | {"PAPERBOY_DATA_DIR": str(folder / "data"), "PAPERBOY_HUGGINGFACE_URL": url}
    importing = ["import", *map(str, files)]
    works = [importing, ["sync", "--source", "huggingface"], ["index", "--rebuild"]]
    problems: list[str] = []
    committed = 0
    for number in range(rounds):
        work = importing if number < 2 else rng.choice(works)
        killed = run_for(rng.uniform(0.3, 4.0), work, environment)
        facts = status(environment)
        print(f"{number + 1:3} {'killed' if killed else 'ended '} {work[0]:7} {facts}")
        if facts and facts["papers"] < committed:
            problems.append(f"round {number + 1}: {committed} papers before, {facts['papers']} after")
        if facts is None and committed:
            problems.append(f"round {number + 1}: the database or the index does not open")
        committed = facts["papers"] if facts else committed
    for work in (importing, works[1]):
        subprocess.run([*PAPERBOY, *work], env=environment, check=True, capture_output=True)
    return problems + miscounted(environment, expected=4 * (papers // 4) + LISTED)


def miscounted(environment: dict[str, str], expected: int) -> list[str]:
    """What the final counts show to be wrong."""
    facts = status(environment) or {}
    found = (facts.get("papers"), facts.get("indexed"), facts.get("pending"))
    return [] if found == (expected, expected, 0) else [f"in the end {facts}, where {expected} papers are expected"]


def run_for(seconds: float, arguments: list[str], environment: dict[str, str]) -> bool:
    """Run a command and kill it after some seconds; whether it had to be."""
    process = subprocess.Popen(
        [*PAPERBOY, *arguments], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True
    return False


def status(environment: dict[str, str]) -> dict[str, int] | None:
    """How many papers are stored, indexed and pending; None when there is no database yet or it does not open."""
    done = subprocess.run([*PAPERBOY, "status", "--json"], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
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
