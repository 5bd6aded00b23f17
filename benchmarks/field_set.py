"""Makes a set for `paperboy eval fields` of citations, saved papers and votes.

    python benchmarks/field_set.py DATA OUT

DATA holds arXiv's papers (`papers/arxiv.jsonl.xz`), Semantic Scholar's bulk search (`api/s2/`), the libraries of
citeulike (`eval/recommend-citeulike-small/`) and Hugging Face's votes (`hf/`). Four kinds of fields come of it:

- Sections of mathematics and physics. A paper counts the later papers of other authors whose abstracts cite it: by its
  arXiv id, or by the family names of all its authors, two to five (`Caffarelli and Silvestre`), when the two papers
  have a cosine above 0.4; of several papers by these authors the newest is meant. Papers of one year are compared.
- Sections of computer science, and electrical engineering, as if nobody voted on them: a paper counts the upvotes it
  got, and papers of one month are compared. What is learned from votes are the other papers of Hugging Face until then.
- Semantic Scholar's papers by the first field they name, with their citations.
- Papers of citeulike, which count who saved them; they have neither a day nor authors.
"""

import json
import lzma
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.bootstrap import load_encoder

Record = dict[str, Any]

CITED = ("math.AP", "math.DG", "math.PR", "math.FA", "math.CA", "math-ph", "gr-qc")
"""Sections of which 15 papers or more are cited in later abstracts."""

UPVOTED = ("cs.RO", "cs.GR", "cs.SD", "cs.IR", "cs.SE", "cs.CR", "eess")
"""Fields of which nine papers or more are on Hugging Face's pages, but none of the many."""

SINCE, UNTIL = "2025-07-01", "2026-01-25"
"""Votes before these days are learned from, and those in between are to be foreseen."""

ALIKE = 0.4
"""The cosine from which on one paper may cite another by names."""

_ID = re.compile(r"\b(\d{4}\.\d{4,5})(?:v\d+)?\b|\b([a-z-]+/\d{7})")
_INITIALS = r"(?:[A-Z]\.\s?(?:-?[A-Z]\.\s?)*)?"
_NAME = r"[A-Z][\w'’\-]{2,}"
_BETWEEN = r"(?:,? (?:and|&|\\&) |, |--?-?|–|—)"
_NAMES = re.compile(rf"{_INITIALS}{_NAME}(?:{_BETWEEN}{_INITIALS}{_NAME})+")


class Mentions:
    """Which papers are cited in the abstracts of later ones by other authors."""

    def __init__(self, papers: Sequence[Record]) -> None:
        self._papers = {paper["id"]: paper for paper in papers if paper["published"]}
        self._by_authors: defaultdict[tuple[str, ...], list[Record]] = defaultdict(list)
        for paper in self._papers.values():
            names = sorted(_family_name(author) for author in paper["authors"])
            if 2 <= len(names) <= 5:
                self._by_authors[tuple(names)].append(paper)
        self.days: defaultdict[str, list[str]] = defaultdict(list)
        """Paper -> the days on which it was cited, in order."""
        for cited, by in sorted(self._near(self._all()), key=lambda pair: str(pair[1]["published"])):
            if set(cited["authors"]).isdisjoint(by["authors"]):
                self.days[cited["id"]].append(by["published"])

    def _all(self) -> dict[tuple[str, str], bool]:
        """Pairs of a cited and a citing paper, and whether it is cited by its id."""
        found: dict[tuple[str, str], bool] = {}
        for paper in self._papers.values():
            text = _plain(paper["abstract"] or "")
            for names in _NAMES.findall(text):
                found.update(dict.fromkeys(((cited, paper["id"]) for cited in self._named(names, paper)), False))
            for match in _ID.finditer(text):
                cited = self._papers.get(match[1] or match[2])
                if cited and cited is not paper and cited["published"] <= paper["published"]:
                    found[cited["id"], paper["id"]] = True
        return found

    def _named(self, names: str, paper: Record) -> Iterator[str]:
        authors = tuple(sorted(_family_name(name.replace(".", " ")) for name in re.split(_BETWEEN, names)))
        earlier = [each for each in self._by_authors.get(authors, ()) if each["published"] < paper["published"]]
        if earlier:
            yield max(earlier, key=lambda each: str(each["published"]))["id"]

    def _near(self, pairs: Mapping[tuple[str, str], bool]) -> Iterator[tuple[Record, Record]]:
        """The pairs that are sure, and of the others those that are alike."""
        named = sorted({paper for pair, sure in pairs.items() if not sure for paper in pair})
        texts = [self._papers[paper] for paper in named]
        vectors = load_encoder().encode_papers(
            [paper["title"] for paper in texts], [paper["abstract"] or "" for paper in texts]
        )
        place = {paper: number for number, paper in enumerate(named)}
        for (cited, by), sure in pairs.items():
            if sure or float(np.dot(vectors[place[cited]], vectors[place[by]])) > ALIKE:
                yield self._papers[cited], self._papers[by]


def _plain(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))


def _family_name(author: str) -> str:
    return (_plain(author).split() or [""])[-1]


def section(paper: Record) -> str:
    """The first category of a paper; of electrical engineering the archive."""
    first = (paper["categories"] or [""])[0]
    return "eess" if first.startswith("eess.") else str(first)


def measured(
    papers: Sequence[Record], mentions: Mapping[str, Sequence[str]], votes: Mapping[str, int]
) -> Iterator[Record]:
    """The papers of arXiv's fields with what became of them."""
    for paper in papers:
        day, field = paper["published"] or "", section(paper)
        told = {name: paper[name] for name in ("id", "title", "authors", "published")}
        told |= {"abstract": paper["abstract"] or "", "field": field}
        if field in CITED and day:
            yield told | {"period": day[:4], "later": len(mentions.get(paper["id"], ()))}
        elif field in UPVOTED and SINCE <= day < UNTIL:
            yield told | {"period": day[:7], "later": votes.get(paper["id"], 0)}


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


def most_upvotes(data: Path) -> dict[str, int]:
    """The largest count of each paper of Hugging Face; 1 for one without a count: somebody put it there."""
    votes = {paper["id"]: 1 for paper in _records(data / "hf/papers.jsonl.xz")}
    for reading in _records(data / "hf/upvotes.jsonl.xz"):
        votes[reading["id"]] = max(votes.get(reading["id"], 1), reading["upvotes"])
    return votes


def voted(data: Path, votes: Mapping[str, int], hidden: frozenset[str]) -> Iterator[Record]:
    """Papers of Hugging Face before the first day to be foreseen, but for those hidden; the first ones first."""
    counted = {reading["id"] for reading in _records(data / "hf/upvotes.jsonl.xz")}
    for paper in sorted(_records(data / "hf/papers.jsonl.xz"), key=lambda paper: str(paper["first_seen"])):
        if paper["id"] in counted and paper["first_seen"] < SINCE and paper["id"] not in hidden:
            yield {name: paper[name] for name in ("id", "title", "abstract", "authors")} | {
                "upvotes": votes[paper["id"]]
            }


def _records(path: Path) -> Iterator[Record]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def main(data: Path, out: Path) -> None:
    """Write the set."""
    out.mkdir(parents=True, exist_ok=True)
    papers = list(_records(data / "papers/arxiv.jsonl.xz"))
    days, votes = Mentions(papers).days, most_upvotes(data)
    hidden = frozenset(paper["id"] for paper in papers if section(paper) in UPVOTED)
    earlier = [
        {"authors": paper["authors"], "published": paper["published"], "cited": days.get(paper["id"], [])}
        for paper in papers
        if paper["published"] and paper["authors"]
    ]
    parts = {
        "papers": [*measured(papers, days, votes), *cited(data), *saved(data)],
        "voted": list(voted(data, votes, hidden)),
        "earlier": earlier,
    }
    for name, records in parts.items():
        with lzma.open(out / f"{name}.jsonl.xz", "wt", encoding="utf-8", preset=1) as file:
            file.writelines(json.dumps(record) + "\n" for record in records)
        print(f"{name}: {len(records):,}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
