"""Makes a set for `paperboy eval fields` of recorded citations, saved papers and earlier votes.

    python benchmarks/field_set.py DATA OUT

DATA holds Semantic Scholar's bulk search (`api/s2/`), the libraries of citeulike (`eval/recommend-citeulike-small/`)
and Hugging Face's votes (`hf/`). A paper of Semantic Scholar is of the first field it names and counts its citations;
one of citeulike counts who saved it, and has neither a day nor authors.
"""

import json
import lzma
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Record = dict[str, Any]


def cited(data: Path) -> Iterator[Record]:
    """Papers with an abstract, a day and a field, and how often they are cited."""
    answer = json.loads((data / "api/s2/Csed-dev__s2_bulk_search.json").read_text())
    for paper in answer["body"]["data"]:
        if paper.get("abstract") and paper.get("publicationDate") and paper.get("fieldsOfStudy"):
            yield {
                "id": paper["paperId"],
                "title": paper["title"],
                "abstract": paper["abstract"],
                "authors": [author["name"] for author in paper["authors"]],
                "field": paper["fieldsOfStudy"][0],
                "published": paper["publicationDate"],
                "later": paper["citationCount"],
            }


def saved(data: Path) -> Iterator[Record]:
    """Papers of citeulike, and how many of its users have saved them."""
    folder = data / "eval/recommend-citeulike-small"
    users = (json.loads(line) for line in (folder / "users.jsonl").open())
    counts = Counter(paper for user in users for paper in [*user["saved"], *user.get("held_out", [])])
    for paper in _records(folder / "corpus.jsonl.xz"):
        texts = {"id": f"citeulike-{paper['_id']}", "title": paper["title"], "abstract": paper["text"]}
        yield {**texts, "authors": [], "field": "citeulike", "published": "", "later": counts[paper["_id"]]}


def voted(data: Path) -> Iterator[Record]:
    """Papers of Hugging Face with the most upvotes that were counted, the first ones first."""
    votes: Counter[str] = Counter()
    for reading in _records(data / "hf/upvotes.jsonl.xz"):
        votes[reading["id"]] = max(votes[reading["id"]], reading["upvotes"])
    for paper in sorted(_records(data / "hf/papers.jsonl.xz"), key=lambda paper: paper["first_seen"]):
        if paper["id"] in votes:
            yield {name: paper[name] for name in ("id", "title", "abstract", "authors")} | {
                "upvotes": votes[paper["id"]]
            }


def _records(path: Path) -> Iterator[Record]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def main(data: Path, out: Path) -> None:
    """Write the set."""
    out.mkdir(parents=True, exist_ok=True)
    for name, records in (("papers", [*cited(data), *saved(data)]), ("voted", list(voted(data)))):
        with lzma.open(out / f"{name}.jsonl.xz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(record) + "\n" for record in records)
        print(f"{name}: {len(records):,}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
