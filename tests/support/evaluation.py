"""Small sets with known answers, and rankings whose scores do not matter."""

import json
import lzma
from pathlib import Path

from bot.evaluation.report import Answers

_SUBJECTS = ("robots grasp objects with dexterous hands", "proteins fold into shapes", "prime numbers have gaps")


def write_corpus(folder: Path) -> None:
    """Thirty papers on three subjects; numbers 0, 3, 6 ... are on the first."""
    with lzma.open(folder / "corpus.jsonl.xz", "wt") as corpus:
        for number in range(30):
            subject = _SUBJECTS[number % 3]
            text = f"We study how {subject}, the case of {number}."
            corpus.write(json.dumps({"_id": f"d{number}", "title": f"On {subject} {number}", "text": text}) + "\n")


def write_judgements(folder: Path, query: str, judged: range) -> None:
    """What is relevant to a query: of the papers with these numbers those on the first subject."""
    (folder / "qrels").mkdir()
    rows = "".join(f"{query}\td{number}\t{int(number % 3 == 0)}\n" for number in judged)
    (folder / "qrels" / "test.tsv").write_text("query\tdocument\tscore\n" + rows)


def ranked(**rankings: str) -> Answers:
    """Answers to queries, each a word whose letters are the items, best first."""
    return Answers({name: [(item, 0.0) for item in items] for name, items in rankings.items()})
