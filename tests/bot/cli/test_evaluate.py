"""eval."""

import json
import lzma
from pathlib import Path

import pytest

from bot.cli import main
from tests.support.command_line import failure


@pytest.fixture
def judged(tmp_path: Path) -> Path:
    """A small set with known answers."""
    there = tmp_path / "set"
    (there / "qrels").mkdir(parents=True)
    (there / "qrels" / "test.tsv").write_text("query\tdocument\tscore\nq1\td1\t1\n")
    (there / "queries.jsonl").write_text('{"_id": "q1", "text": "kumquats"}\n')
    with lzma.open(there / "corpus.jsonl.xz", "wt") as corpus:
        corpus.write('{"_id": "d1", "title": "Kumquats", "text": "All about kumquats."}\n')
    return there


def test_a_set_is_measured(judged: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ranking = tmp_path / "ranking.trec"
    assert main(["eval", "search", str(judged), "--run", str(ranking)]) == 0
    assert json.loads(capsys.readouterr().out)["ndcg@10"] == 1.0
    assert ranking.read_text().startswith("q1 Q0 d1 1 ")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("queries.jsonl", b'{"_id": "q1", \n', "queries.jsonl:1: not JSON"),
        ("queries.jsonl", b'{"_id": "q1"}\n', "queries.jsonl:1: no text."),
        ("queries.jsonl", b"[]\n", "queries.jsonl:1: no object."),
        ("queries.jsonl", b"\xff\xfe\n", "queries.jsonl is damaged"),
        ("corpus.jsonl.xz", b"not xz", "corpus.jsonl.xz is damaged"),
        ("qrels/test.tsv", b"query\tdocument\tscore\nq1 d1 1\n", "test.tsv:2: not query, document and score"),
    ],
)
def test_a_broken_set_is_told_with_its_place(
    judged: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, told: str
) -> None:
    (judged / name).write_bytes(content)
    assert told in failure(capsys, "eval", "search", str(judged))


def test_what_a_set_asks_for_in_vain_is_counted_and_told(judged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (judged / "qrels" / "test.tsv").write_text("query\tdocument\tscore\nq1\td1\t1\nq1\tnone\t1\nq2\td1\t1\n")
    (judged / "queries.jsonl").write_text('{"_id": "q1", "text": "kumquats"}\n{"_id": "q2", "text": "???"}\n')
    assert main(["eval", "search", str(judged)]) == 0
    told = capsys.readouterr()
    measured = json.loads(told.out)
    assert (measured["queries"], measured["absent"]) == (2, 1)
    assert measured["recall@20"] == 0.25
    assert "Feedback papers not in the corpus, counted as not found: 1." in told.err
    assert "Queries that found nothing: 1." in told.err


def test_a_set_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert failure(capsys, "eval", "search", str(tmp_path / "no")) == f"There is no folder {tmp_path / 'no'}.\n"


def test_where_the_ranking_goes_is_checked_before_it_is_computed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # There is no set either: that would be told if it were read first.
    for kind in ("search", "similar", "recommend", "trending"):
        told = failure(capsys, "eval", kind, str(tmp_path / "no"), "--run", str(tmp_path / "nowhere" / "file"))
        assert "to write file to" in told
    assert "is a folder" in failure(capsys, "eval", "search", str(tmp_path / "no"), "--run", str(tmp_path))


def test_topics_are_measured_and_written(judged: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (judged / "topics.jsonl").write_text('{"_id": "t1", "text": "kumquat"}\n')
    (judged / "about.tsv").write_text("topic-id\tpaper-id\tabout\nt1\td1\t1\n")
    run = tmp_path / "run.jsonl"
    assert main(["eval", "topics", str(judged), "--run", str(run)]) == 0
    assert json.loads(capsys.readouterr().out)["f1"] == 1.0
    assert json.loads(run.read_text()) == {"_id": "t1", "ids": ["d1"]}


def test_categories_are_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    papers = tmp_path / "papers.jsonl"
    texts = {"cs.RO": "robot arms", "math.DG": "curved manifolds"}
    records = [
        {"id": str(n), "title": f"{n}", "abstract": text, "categories": [code]}
        for n, (code, text) in enumerate([item for _ in range(40) for item in texts.items() for _ in range(2)])
    ]
    papers.write_text("".join(json.dumps(record) + "\n" for record in records))
    assert main(["eval", "categories", str(papers), "--most", "200"]) == 0
    assert json.loads(capsys.readouterr().out)["topics"] == 2


def test_fields_are_measured_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = {"title": "Robot arms", "abstract": "They grasp.", "authors": ["Ada"]}
    papers = [{"id": str(n), "field": "econ", "published": "2026-01-01", "later": n, **texts} for n in range(20)]
    for name, records in (("papers", papers), ("voted", [{"id": "1", "upvotes": 3, **texts}])):
        with lzma.open(tmp_path / f"{name}.jsonl.xz", "wt") as file:
            file.writelines(json.dumps(record) + "\n" for record in records)
    run = tmp_path / "run.jsonl"
    assert main(["eval", "fields", str(tmp_path), "--run", str(run)]) == 0
    assert json.loads(capsys.readouterr().out)["papers"] == 20
    assert len(json.loads(run.read_text())["ids"]) == 20
