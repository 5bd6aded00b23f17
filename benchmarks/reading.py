"""How the time and memory of reading files of papers grow with their size: twice as much must take twice as long.

    python -m benchmarks.reading

Each file is read in a process of its own. Prints seconds of processor time, the largest memory, and the ratio of
times; exits with 1 where doubling the size takes more than three times as long, or 25,000 entries of BibTeX more than
10 seconds or 200 MiB.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

from adapters.sources.files import FileSource

ENTRIES = 25_000
SECONDS, MEBIBYTES, RATIO = 10, 200, 3.0


def _bibtex(count: int, key: str = "key{}") -> str:
    return "".join(
        f"@article{{{key.format(number)},\n  title = {{A study number {number} of {{Deep}} learning}},\n"
        '  author = {Doe, Jane and Roe, Richard and M{\\"u}ller, J{\\"o}rg},\n  journal = {Journal of Things},\n'
        f"  year = {{2019}},\n  doi = {{10.1000/xyz.{number}}},\n  abstract = {{{'We show a method. ' * 8}}},\n}}\n\n"
        for number in range(count)
    )


def _authors(count: int) -> str:
    names = "(" * count + "A. One, " * count
    return json.dumps({"id": "2601.00001", "title": "T", "authors": names[:900_000]}) + "\n"


KINDS: dict[str, tuple[str, int, Callable[[int], str]]] = {
    "BibTeX": ("a.bib", ENTRIES // 2, _bibtex),
    "BibTeX, one key": ("a.bib", 10_000, lambda count: _bibtex(count, "one")),
    "BibTeX, entries without an end": ("a.bib", 20_000, lambda count: "@misc{a, title = {T\n" * count),
    "BibTeX in one line": ("a.bib", 20_000, lambda count: "@misc{a, title={T}} " * count),
    "one line of authors": ("a.jsonl", 30_000, _authors),
    "JSON Lines": ("a.jsonl", 20_000, lambda count: '{"title": "T", "abstract": "words"}\n' * count),
    "Atom with nothing in it": ("a.xml", 200_000, lambda count: "<feed>" + "<x><y/></x>" * count + "</feed>"),
}


def _read(path: Path) -> None:
    """Read a file and print its time and memory, as the child process does."""
    began = time.process_time()
    source = FileSource(path)
    papers = 0
    try:
        for batch in source._batches():
            papers += len(batch.papers)
    except Exception as error:
        print(type(error).__name__, file=sys.stderr)
    print(json.dumps([time.process_time() - began, getrusage(RUSAGE_SELF).ru_maxrss / 1024, papers]))


def _measured(path: Path) -> tuple[float, float, int]:
    command = [sys.executable, "-m", "benchmarks.reading", "--file", str(path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds, mebibytes, papers = json.loads(told.stdout)
    return seconds, mebibytes, papers


def main() -> int:
    """Measure every kind at a size and at twice the size."""
    sound = True
    with tempfile.TemporaryDirectory() as folder:
        for kind, (name, count, content) in KINDS.items():
            path, times = Path(folder) / name, []
            for size in (count, 2 * count):
                path.write_text(content(size))
                seconds, mebibytes, papers = _measured(path)
                times.append(seconds)
                print(f"{kind:32} {size:8,} {path.stat().st_size / 1e6:6.1f} MB {seconds:6.2f} s {mebibytes:5.0f} MiB "
                      f"{papers:7,} papers")  # fmt: skip
                sound &= kind != "BibTeX" or (seconds < SECONDS and mebibytes < MEBIBYTES)
            ratio = times[1] / max(times[0], 0.05)
            print(f"{kind:32} twice as much takes {ratio:.1f} times as long")
            sound &= ratio < RATIO
    return 0 if sound else 1


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--file", type=Path)
    given = arguments.parse_args()
    if given.file:
        _read(given.file)
    else:
        sys.exit(main())
