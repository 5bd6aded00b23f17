"""Sets of topics, with the baselines."""

import json
import lzma
from pathlib import Path

import pytest

from bot.errors import UserError
from bot.evaluation.topics import Score, categories, score, topics


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Thirty papers, every third on folding proteins; the first mentions them by the way, which nobody judged."""
    with lzma.open(tmp_path / "corpus.jsonl.xz", "wt") as corpus:
        for number in range(30):
            subject = "protein folding" if number % 3 == 0 else f"the gaps between prime numbers {number}"
            record = {"_id": f"d{number}", "title": f"On {subject}", "text": f"We study {subject}."}
            corpus.write(json.dumps(record) + "\n")
    (tmp_path / "topics.jsonl").write_text('{"_id": "t0", "text": "protein folding"}\n{"_id": "t1", "text": "alone"}\n')
    judged = "".join(f"t0\td{number}\t{'unjudged' if number == 0 else 1}\n" for number in range(0, 30, 3))
    (tmp_path / "about.tsv").write_text(f"topic-id\tpaper-id\tabout\n{judged}")
    return tmp_path


def test_a_topic_is_measured_beside_the_baselines(folder: Path) -> None:
    summary = topics(folder).summary()
    assert (summary["precision"], summary["recall"], summary["f1"], summary["topics"]) == (1.0, 1.0, 1.0, 1)
    assert summary["baselines"].keys() == {"phrase", "all_words", "words_or_meaning"}
    assert summary["baselines"]["phrase"]["f1"] == 1.0


def test_what_nobody_judged_counts_for_nothing(folder: Path) -> None:
    report = topics(folder)
    assert "d0" in report.engine["t0"]
    assert report.scores(report.engine) == [Score(1.0, 1.0, 1.0)]


def test_a_set_without_answers_is_refused(folder: Path) -> None:
    (folder / "about.tsv").unlink()
    with pytest.raises(UserError, match=r"There is no .*about.tsv"):
        topics(folder)


def test_precision_recall_and_f1_are_those_of_sets() -> None:
    assert score(frozenset("ab"), frozenset("bcd")) == Score(1 / 2, 1 / 3, pytest.approx(0.4))  # type: ignore[arg-type]
    assert score(frozenset(), frozenset("b")) == Score(0.0, 0.0, 0.0)


def test_names_of_categories_are_learned_from_papers_that_show_theirs(tmp_path: Path) -> None:
    subjects = (("robot gripper arms and their torque", "cs.RO"), ("manifolds and the curvature of metrics", "math.DG"))
    papers = tmp_path / "papers.jsonl"
    with papers.open("w") as file:
        for number in range(200):
            subject, code = subjects[number // 2 % 2]
            record = {"id": str(number), "title": f"Study {number}", "abstract": f"On {subject}.", "categories": code}
            file.write(json.dumps(record) + "\n")
    report = categories(papers, 200, tmp_path / "index")
    assert set(report.topics) == {"Robotics", "Differential Geometry"}
    assert report.summary()["f1"] > 0.9
    assert report.summary()["baselines"]["phrase"]["f1"] == 0.0
    assert report.summary()["baselines"]["in_posts"]["f1"] > 0.9
    unlikely, likely = report.reliability
    assert unlikely.pairs + likely.pairs == 200
    assert likely.share == 1.0
    assert unlikely.share < 0.1


def test_the_whole_file_may_teach_beside_the_sample(tmp_path: Path) -> None:
    """Of the sample, every tenth paper, those on robots hide their category, and those on curves show it."""
    papers = tmp_path / "papers.jsonl"
    with papers.open("w") as file:
        for number in range(400):
            subject, code = ("curves", "math.DG") if number % 20 == 0 else ("robots", "cs.RO")
            record = {"id": str(number), "title": f"Study {number}", "abstract": f"On {subject}.", "categories": code}
            file.write(json.dumps(record) + "\n")
    assert not categories(papers, 40, tmp_path / "sample").topics
    report = categories(papers, 40, tmp_path / "whole", whole=True)
    assert set(report.topics) == {"Robotics"}
    assert len(report.about["Robotics"]) == 20
    assert report.summary()["f1"] > 0.9
