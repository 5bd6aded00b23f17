"""Sets with known answers, as they lie on disk."""

import json
import lzma
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from bot.bootstrap import open_index
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.engine.search import Ranking
from bot.errors import UserError
from bot.ports import Rows, StoredPaper

Ranked = list[tuple[str, float]]
"""Items by the set's own ids, best first, with their scores."""

Feedback = dict[str, dict[str, float]]
"""Query -> item -> gain."""


class Corpus:
    """The papers of a set in an index of their own, which lasts as long as the block."""

    def __init__(self, directory: Path) -> None:
        self.papers = {
            doc["_id"]: Paper(id=PaperId(f"eval:{doc['_id']}"), title=doc["title"], abstract=doc["text"])
            for doc in lines(directory / "corpus.jsonl.xz", "_id", "title", "text")
        }
        self.row = {name: row for row, name in enumerate(self.papers, start=1)}
        self.name = dict(enumerate(self.papers, start=1))

    def __enter__(self) -> "Corpus":
        self._folder = tempfile.TemporaryDirectory()
        self.index = open_index(Path(self._folder.name))
        with self.index.writer(bulk=True) as writer:
            writer.add([StoredPaper(self.row[name], self.row[name], paper) for name, paper in self.papers.items()])
            writer.commit()
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def rows(self, names: Iterable[str]) -> Rows:
        """Rows of the papers named."""
        return np.array([self.row[name] for name in names if name in self.row], np.int64)

    def named(self, ranking: Ranking) -> Ranked:
        """A ranking by the set's own ids."""
        return [(self.name[int(row)], float(score)) for row, score in zip(ranking.rows, ranking.scores, strict=True)]


def judgements(directory: Path, split: str | None) -> Feedback:
    """What is relevant to each query. Raises UserError when it is not clear which judgements are meant."""
    if not directory.is_dir():
        raise UserError(f"There is no folder {directory}.")
    files = sorted((directory / "qrels").glob(f"{split or '*'}.tsv"))
    if len(files) != 1:
        there = ", ".join(path.stem for path in sorted((directory / "qrels").glob("*.tsv"))) or "nothing"
        raise UserError(f"Name the judgements with --split; in {directory / 'qrels'} there is {there}.")
    judged: Feedback = defaultdict(dict)
    for number, line in enumerate(files[0].read_text(encoding="utf-8", errors="replace").splitlines()[1:], start=2):
        try:
            query, document, score = line.split("\t")
            judged[query][document] = float(score)
        except ValueError:
            raise UserError(f"{files[0]}:{number}: not query, document and score with tabs between.") from None
    return judged


def lines(path: Path, *needed: str) -> Iterator[dict[str, Any]]:
    """The records of a JSON Lines file, plain or .xz. Raises UserError when it cannot be read or lacks a field."""
    if not path.exists():
        raise UserError(f"There is no {path}.")
    try:
        with _open(path) as records:
            for number, line in enumerate(records, start=1):
                if line.strip():
                    yield _record(line, needed, f"{path}:{number}")
    except (lzma.LZMAError, EOFError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is damaged: {error}.") from None


def _open(path: Path) -> TextIO:
    return lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8")


def _record(line: str, needed: Sequence[str], where: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UserError(f"{where}: not JSON: {error}.") from None
    if not isinstance(record, dict) or (missing := [name for name in needed if name not in record]):
        raise UserError(f"{where}: no {', '.join(missing) if isinstance(record, dict) else 'object'}.")
    return record
