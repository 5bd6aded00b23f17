"""Sets that ask the index, with the baselines."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.evaluation import tasks
from tests.support.evaluation import write_corpus, write_judgements

NOW = datetime(2026, 1, 23, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_corpus(tmp_path)
    return tmp_path


def test_search_is_compared_with_words_alone_and_meaning_alone(folder: Path) -> None:
    write_judgements(folder, "q", range(30))
    (folder / "queries.jsonl").write_text('{"_id": "q", "text": "grasping objects"}\n')
    report = tasks.search(folder, None)
    assert set(report.baselines) == {"bm25", "tf_idf", "encoder"}
    for who in ("", *report.baselines):
        assert report.values(who)["ndcg@10"] == [1.0]


def test_similar_ranks_the_pool_and_nothing_else(folder: Path) -> None:
    write_judgements(folder, "q", range(20))
    (folder / "queries.jsonl").write_text('{"_id": "q", "paper_id": "d0"}\n')
    report = tasks.similar(folder, None)
    for answers in (report.engine, *report.baselines.values()):
        assert {item for item, _ in answers.rankings["q"]} <= {f"d{number}" for number in range(1, 20)}
    assert report.values()["recall@20"][0] >= 0.85


def test_recommendations_are_compared_with_a_support_vector_machine(folder: Path) -> None:
    pytest.importorskip("sklearn")
    user = {"_id": "u", "saved": ["d0", "d3", "d6"], "held_out": ["d9", "d12"]}
    (folder / "users.jsonl").write_text(json.dumps(user) + "\n")
    (folder / "candidates.txt").write_text("\n".join(f"d{number}" for number in range(7, 30)))
    report = tasks.recommend(folder, NOW)
    for who in ("", "svm", "tf_idf", "encoder"):
        assert report.values(who)["recall@20"] == [1.0]
    assert {item for item, _ in report.engine.rankings["u"][:7]} == {f"d{number}" for number in range(9, 30, 3)}


def test_without_scikit_learn_its_baseline_is_left_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "users.jsonl").write_text('{"_id": "u", "saved": ["d0"], "held_out": ["d3"]}\n')
    monkeypatch.setitem(sys.modules, "sklearn.svm", None)
    report = tasks.recommend(folder, NOW)
    assert report.baselines.keys() == {"tf_idf", "encoder"}
    assert report.engine.rankings["u"]
