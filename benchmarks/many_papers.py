"""Makes a file of as many papers as are asked for, to measure imports and searches of millions.

    python -m benchmarks.many_papers papers.jsonl.xz [more files] --count 3000000 --out many.json

The papers are made of real ones. Abstracts keep the order in which people write: the first sentence of one paper, then
the second of another, and so on, all of one category, as many as a paper of the files has. A title is the beginning of
one and the end of another of that category, and no title comes twice. Authors, categories and a third of the DOIs are
those of real papers. What comes out has as many words, rare words and signs of TeX per paper as what went in, but its
sentences repeat and its papers say nothing.

The format is that of arXiv's public snapshot: a JSON object a line. Ids are distinct ids of arXiv; their months, from
April 2007 to July 2026, have more papers the later they are. The same files, count and seed give the same file.
"""

import argparse
import json
import lzma
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

_SENTENCE_END = re.compile(r"(?<=[a-z)\]$][.!?]) +(?=[A-Z\\$])")
_FIRST_YEAR, _FIRST_MONTH, _MONTHS = 2007, 4, 232
_FEWEST = 200
"""A category with fewer papers is none to draw from; its papers are put together with those of no category."""

_LINE = 80
_VERSIONS_AFTER = timedelta(days=90)


class Source(NamedTuple):
    """What is taken of a real paper."""

    title: list[str]
    sentences: list[str]
    authors: list[list[str]]
    categories: str


def read_sources(files: Sequence[Path]) -> list[list[Source]]:
    """The papers of files of JSON Lines (packed as .xz or plain) that have an abstract, in a list for each category."""
    by_category: dict[str, list[Source]] = defaultdict(list)
    for file in files:
        with lzma.open(file, "rt") if file.suffix == ".xz" else file.open() as lines:
            for line in lines:
                paper = json.loads(line)
                if source := _source(paper):
                    by_category[source.categories.partition(" ")[0]].append(source)
    few = [name for name, papers in by_category.items() if len(papers) < _FEWEST]
    rest = [source for name in few for source in by_category.pop(name)]
    return [*by_category.values(), *([rest] if rest else [])]


def _source(paper: dict[str, Any]) -> Source | None:
    title, abstract = paper["title"].split(), (paper.get("abstract") or "").strip()
    if len(title) < 2 or not abstract:
        return None
    names = [name.rsplit(" ", 1) for name in paper.get("authors") or ["Anonymous"]]
    authors = [[name[-1], name[0] if len(name) > 1 else "", ""] for name in names]
    return Source(title, _SENTENCE_END.split(abstract), authors, " ".join(paper.get("categories") or ["cs.LG"]))


def papers(groups: Sequence[Sequence[Source]], count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Distinct papers as the snapshot has them, oldest first."""
    rng = random.Random(seed)
    weights = [len(group) for group in groups]
    titles: set[int] = set()
    for number, (paper_id, created) in enumerate(_ids(count, rng)):
        group = rng.choices(groups, weights)[0]
        shape = rng.choice(group)
        doi = f"10.5555/{seed}.{number}" if rng.random() < 1 / 3 else None
        yield {
            "id": paper_id,
            "submitter": f"{shape.authors[0][1]} {shape.authors[0][0]}".strip(),
            "authors": ", ".join(f"{given} {family}".strip() for family, given, _ in shape.authors),
            "title": _wrapped(_title(group, titles, rng), "\n  "),
            "comments": None,
            "journal-ref": None,
            "doi": doi,
            "report-no": None,
            "categories": shape.categories,
            "license": "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
            "abstract": f"  {_wrapped(_abstract(group, shape, rng), chr(10))}\n",
            "versions": _versions(created, rng),
            "update_date": f"{created:%Y-%m-%d}",
            "authors_parsed": shape.authors,
        }


def _ids(count: int, rng: random.Random) -> Iterator[tuple[str, datetime]]:
    """Ids of arXiv and when they were given out; each month has more than the one before it."""
    shares = [month + 24 for month in range(_MONTHS)]
    left, total = count, sum(shares)
    for month, share in enumerate(shares):
        here = round(left * share / total)
        left, total = left - here, total - share
        year, number = divmod(_FIRST_YEAR * 12 + _FIRST_MONTH - 1 + month, 12)
        digits = 4 if (year, number) < (2015, 0) and here < 10_000 else 5
        if here >= 10**digits:
            raise SystemExit("more papers than arXiv has ids for")
        days = sorted(rng.randrange(28 * 86_400) for _ in range(here))
        for place, second in enumerate(days, 1):
            created = datetime(year, number + 1, 1) + timedelta(seconds=second)
            yield f"{year % 100:02}{number + 1:02}.{place:0{digits}}", created


def _title(group: Sequence[Source], titles: set[int], rng: random.Random) -> str:
    while True:
        beginning, end = rng.choice(group).title, rng.choice(group).title
        words = [*beginning[: len(beginning) - len(beginning) // 2], *end[len(end) // 2 :]]
        title = " ".join(words)
        key = hash(title.casefold())
        if len(words) > 2 and key not in titles:
            titles.add(key)
            return title


def _abstract(group: Sequence[Source], shape: Source, rng: random.Random) -> str:
    sentences = []
    for place in range(len(shape.sentences)):
        others = rng.choice(group).sentences
        sentences.append(others[min(place, len(others) - 1)])
    return " ".join(sentences)


def _wrapped(text: str, line_break: str) -> str:
    """A text with a line break at the first space after every eighty characters, as the snapshot has them."""
    lines, begin = [], 0
    while (end := text.find(" ", begin + _LINE)) > 0:
        lines.append(text[begin:end])
        begin = end + 1
    return line_break.join([*lines, text[begin:]])


def _versions(created: datetime, rng: random.Random) -> list[dict[str, str]]:
    moments = [created]
    while rng.random() < 1 / 3:
        moments.append(moments[-1] + rng.random() * _VERSIONS_AFTER)
    return [
        {"version": f"v{number}", "created": f"{moment:%a, %d %b %Y %H:%M:%S} GMT"}
        for number, moment in enumerate(moments, 1)
    ]


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    groups = read_sources(options.files)
    with options.out.open("w") as out:
        for paper in papers(groups, options.count, options.seed):
            out.write(json.dumps(paper) + "\n")


if __name__ == "__main__":
    main()
