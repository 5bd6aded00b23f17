"""Sets with known answers, as they lie on disk."""

import json
import lzma
from pathlib import Path

import numpy as np
import pytest

from bot.engine.search import Ranking
from bot.errors import UserError
from bot.evaluation.sets import Corpus, judgements, lines


def write_corpus(folder: Path) -> None:
    with lzma.open(folder / "corpus.jsonl.xz", "wt") as file:
        for name in "ab":
            file.write(json.dumps({"_id": name, "title": f"Title {name}", "text": f"Text {name}"}) + "\n\n")


def test_a_corpus_is_searched_by_the_sets_own_ids(tmp_path: Path) -> None:
    write_corpus(tmp_path)
    with Corpus(tmp_path) as corpus:
        assert len(corpus.index) == 2
        rows = corpus.rows(["b", "unknown", "a"])
        scores = np.array([2, 1], np.float32)
        assert corpus.named(Ranking(rows, scores, scores, scores)) == [("b", 2.0), ("a", 1.0)]


def test_judgements_are_gains_by_query_and_item(tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "test.tsv").write_text("query\tdocument\tscore\nq\ta\t2\nq\tb\t0\np\ta\t1\n")
    assert judgements(tmp_path, None) == {"q": {"a": 2.0, "b": 0.0}, "p": {"a": 1.0}}


def test_it_must_be_clear_which_judgements_are_meant(tmp_path: Path) -> None:
    (tmp_path / "qrels").mkdir()
    for name in ("dev", "test"):
        (tmp_path / "qrels" / f"{name}.tsv").write_text("query\tdocument\tscore\n")
    with pytest.raises(UserError, match=r"--split; .* dev, test"):
        judgements(tmp_path, None)
    assert judgements(tmp_path, "dev") == {}
    with pytest.raises(UserError, match="no folder"):
        judgements(tmp_path / "nowhere", None)


def test_records_are_read_plain_or_packed_without_blank_lines(tmp_path: Path) -> None:
    write_corpus(tmp_path)
    assert [record["_id"] for record in lines(tmp_path / "corpus.jsonl.xz", "_id")] == ["a", "b"]
    (tmp_path / "plain.jsonl").write_text('{"x": 1}\n')
    assert list(lines(tmp_path / "plain.jsonl", "x")) == [{"x": 1}]
    with pytest.raises(UserError, match=r"plain.jsonl:1: no y, z"):
        list(lines(tmp_path / "plain.jsonl", "y", "z"))
