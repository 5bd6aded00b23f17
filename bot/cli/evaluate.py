"""`paperboy eval`: how good search, similar, recommend and trending are on a set with known answers."""

import json
import lzma
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any, TextIO

import numpy as np
import typer

from bot.bootstrap import SystemClock, open_index
from bot.cli.app import app
from bot.cli.output import print_json
from bot.engine import recommend as recommending
from bot.engine import search as searching
from bot.engine.evaluate import mean, ndcg, precision_of_best, recall
from bot.engine.profile import Opinion, background
from bot.engine.query import parse_query
from bot.engine.trending import Prior, rank, read
from bot.errors import UserError
from bot.papers import Paper, PaperId, Signal, SignalKind
from bot.ports import PaperIndex, Rows, StoredPaper

evaluation = typer.Typer(help="Measure the engine on sets with known answers.", no_args_is_help=True)
app.add_typer(evaluation, name="eval")

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="corpus.jsonl.xz, queries.jsonl, qrels/*.tsv")]
Split = Annotated[str | None, typer.Option(metavar="NAME", help="qrels/NAME.tsv (default: the only one there is).")]
RunFile = Annotated[Path | None, typer.Option("--run", metavar="FILE", help="Write the ranking there.")]

_DEPTH = 100
_SETTLED = timedelta(hours=80)
"""After the last case that may list a paper, its count is taken as what it came to."""


@evaluation.command("search")
def eval_search(directory: Folder, split: Split = None, run: RunFile = None) -> None:
    """Search: questions -> relevant papers."""
    _require_folder(run)
    judged = _qrels(directory, split)
    queries = {q["_id"]: q["text"] for q in _lines(directory / "queries.jsonl", "_id", "text") if q["_id"] in judged}
    with _Corpus(directory) as corpus:
        rankings, seconds = _timed(queries, lambda text: corpus.named(_search(corpus.index, text)))
    _write_trec(run, rankings)
    print_json(_scores(rankings, judged, seconds, ndcg_at=(10,), recall_at=(20, 100)))


def _search(index: PaperIndex, text: str) -> searching.Ranking:
    return searching.search(index, parse_query(text), _DEPTH)


@evaluation.command("similar")
def eval_similar(directory: Folder, split: Split = None, run: RunFile = None) -> None:
    """Similar papers: a paper -> the judged pool, ranked."""
    _require_folder(run)
    judged = _qrels(directory, split)
    asked = _lines(directory / "queries.jsonl", "_id", "paper_id")
    queries = {q["_id"]: (q["_id"], q["paper_id"]) for q in asked if q["_id"] in judged}
    with _Corpus(directory) as corpus:

        def ranked(query: tuple[str, str]) -> list[tuple[str, float]]:
            pool = corpus.rows(item for item in judged[query[0]] if item != query[1])
            seed = {corpus.row[query[1]]: corpus.papers[query[1]]}
            return corpus.named(recommending.similar(corpus.index, seed, len(pool), among=pool))

        rankings, seconds = _timed(queries, ranked)
    _write_trec(run, rankings)
    print_json(_scores(rankings, judged, seconds, ndcg_at=(10, 20), recall_at=(20,)))


@evaluation.command("recommend")
def eval_recommend(directory: Folder, run: RunFile = None) -> None:
    """Recommendations: libraries of saved papers -> papers nobody has saved yet."""
    _require_folder(run)
    users = {user["_id"]: user for user in _lines(directory / "users.jsonl", "_id", "saved")}
    with _Corpus(directory) as corpus:
        candidates = directory / "candidates.txt"
        among = corpus.rows(candidates.read_text().split()) if candidates.exists() else None
        known = background(corpus.index)
        now = SystemClock().now()

        def ranked(user: Mapping[str, Any]) -> list[tuple[str, float]]:
            opinions = [Opinion(corpus.row[i], corpus.papers[i], 1.0) for i in user["saved"]]
            ranking = recommending.recommend(corpus.index, opinions, known, _DEPTH, now=now, among=among)
            return corpus.named(ranking)

        rankings, seconds = _timed(users, ranked)
    _write_lines(run, ({"_id": user, "ids": [item for item, _ in ranked]} for user, ranked in rankings.items()))
    judged = {user: dict.fromkeys(fields["held_out"], 1.0) for user, fields in users.items() if fields.get("held_out")}
    print_json(_scores(rankings, judged, seconds, ndcg_at=(20,), recall_at=(20, 100)))


@evaluation.command("trending")
def eval_trending(
    cases: Annotated[Path, typer.Argument(metavar="CASES", help="Digest moments in time order, cases.jsonl.xz.")],
    run: RunFile = None,
) -> None:
    """Trending: at every digest moment, rank what is known then by how the votes will end."""
    _require_folder(run)
    labels = _labels(cases)
    scores: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    stream = _Stream()
    lines = []
    started = perf_counter()
    for case in _lines(cases, "t", "track", "new", "updates", "candidates"):
        ids = stream.ranked(case)
        lines.append({"t": case["t"], "track": case["track"], "ids": ids})
        gains = {i: labels[i] for i in case["new"] if i in labels}
        if len(gains) >= 10:
            ranked = [i for i in ids if i in gains]
            scores[case["track"]]["ndcg@5"].append(ndcg(ranked, gains, 5))
            scores[case["track"]]["p@5"].append(precision_of_best(ranked, gains, 5))
    seconds = perf_counter() - started
    _write_lines(run, lines)
    tracks = {
        track: {metric: round(mean(values), 4) for metric, values in metrics.items()} | {"days": len(metrics["p@5"])}
        for track, metrics in scores.items()
    }
    print_json({"cases": len(lines), "ms_per_case": round(1000 * seconds / max(len(lines), 1), 2)} | tracks)


class _Stream:
    """Digest moments read in time order: each is ranked with what was known by then, and nothing later."""

    def __init__(self) -> None:
        self._prior = Prior()
        self._count: dict[str, int] = {}
        self._open: dict[PaperId, Paper] = {}

    def ranked(self, case: Mapping[str, Any]) -> list[str]:
        now = _moment(case["t"])
        self._count |= {paper_id: count for paper_id, _, count in case["updates"]}
        self._learn_settled(now)
        papers = [_candidate(fields) for fields in case["candidates"]]
        readings = [read(_signals(fields), now) for fields in case["candidates"]]
        for paper, reading in zip(papers, readings, strict=True):
            self._open.setdefault(paper.id, paper)
            if reading.upvotes is not None:
                self._count[paper.id] = reading.upvotes
        prior = {paper.id: self._prior.expect(paper) for paper in papers}
        return [trend.paper.id for trend in rank(papers, readings, now, prior)]

    def _learn_settled(self, now: datetime) -> None:
        settled = [p for p in self._open.values() if p.first_seen and now - p.first_seen > _SETTLED]
        for paper in settled:
            del self._open[paper.id]
            if paper.id in self._count:
                self._prior.learn(paper, self._count[paper.id])


def _candidate(fields: Mapping[str, Any]) -> Paper:
    return Paper(
        id=PaperId(fields["id"]),
        title=fields["title"],
        abstract=fields["abstract"],
        authors=tuple(fields["authors"]),
        first_seen=_moment(fields["first_seen"]),
        organization=fields["organization"] or "",
        submitted_by=fields["submitted_by"] or "",
    )


def _signals(fields: Mapping[str, Any]) -> list[Signal]:
    paper_id = PaperId(fields["id"])
    upvotes = [Signal(paper_id, SignalKind.UPVOTES, _moment(at), count) for at, count in fields["upvotes_history"]]
    ranks = [Signal(paper_id, SignalKind.RANK, _moment(at), place) for at, place, *_ in fields["page_ranks"]]
    return sorted(upvotes + ranks, key=lambda signal: signal.at)


def _moment(iso: str) -> datetime:
    return datetime.fromisoformat(iso)


def _labels(cases: Path) -> dict[str, float]:
    """How the votes ended, from the labels beside the cases; empty when they are kept elsewhere."""
    beside = cases.with_name(cases.name.replace("cases", "labels"))
    return {label["id"]: label["final"] for label in _lines(beside, "id", "final")} if beside.exists() else {}


class _Corpus:
    """The papers of a set in an index of their own, which lasts as long as the block."""

    def __init__(self, directory: Path) -> None:
        self.papers = {
            doc["_id"]: Paper(id=PaperId(f"eval:{doc['_id']}"), title=doc["title"], abstract=doc["text"])
            for doc in _lines(directory / "corpus.jsonl.xz", "_id", "title", "text")
        }
        self.row = {name: row for row, name in enumerate(self.papers, start=1)}
        self.name = dict(enumerate(self.papers, start=1))

    def __enter__(self) -> "_Corpus":
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

    def named(self, ranking: searching.Ranking) -> list[tuple[str, float]]:
        """A ranking by the set's own ids, with scores."""
        return [(self.name[int(row)], float(score)) for row, score in zip(ranking.rows, ranking.scores, strict=True)]


def _timed(queries: Mapping[str, Any], answer: Any) -> tuple[dict[str, list[tuple[str, float]]], float]:
    """Every query's ranking, and the seconds all took."""
    started = perf_counter()
    return {name: answer(query) for name, query in queries.items()}, perf_counter() - started


def _scores(
    rankings: Mapping[str, Sequence[tuple[str, float]]],
    judged: Mapping[str, Mapping[str, float]],
    seconds: float,
    *,
    ndcg_at: Sequence[int],
    recall_at: Sequence[int],
) -> dict[str, float]:
    ranked = {name: [item for item, _ in rankings[name]] for name in rankings}
    asked = [name for name in ranked if name in judged]
    return {
        **{f"ndcg@{k}": round(mean([ndcg(ranked[name], judged[name], k) for name in asked]), 4) for k in ndcg_at},
        **{f"recall@{k}": round(mean([recall(ranked[name], judged[name], k) for name in asked]), 4) for k in recall_at},
        "queries": len(ranked),
        "ms_per_query": round(1000 * seconds / max(len(ranked), 1), 2),
    }


def _qrels(directory: Path, split: str | None) -> dict[str, dict[str, float]]:
    """query -> document -> relevance. Raises UserError when it is not clear which judgements are meant."""
    if not directory.is_dir():
        raise UserError(f"There is no folder {directory}.")
    files = sorted((directory / "qrels").glob(f"{split or '*'}.tsv"))
    if len(files) != 1:
        there = ", ".join(path.stem for path in sorted((directory / "qrels").glob("*.tsv"))) or "nothing"
        raise UserError(f"Name the judgements with --split; in {directory / 'qrels'} there is {there}.")
    judged: dict[str, dict[str, float]] = defaultdict(dict)
    for number, line in enumerate(files[0].read_text(encoding="utf-8", errors="replace").splitlines()[1:], start=2):
        try:
            query, document, score = line.split("\t")
            judged[query][document] = float(score)
        except ValueError:
            raise UserError(f"{files[0]}:{number}: not query, document and score with tabs between.") from None
    return judged


def _lines(path: Path, *needed: str) -> Iterator[dict[str, Any]]:
    """The records of a JSON Lines file, plain or .xz. Raises UserError when it cannot be read or lacks a field."""
    if not path.exists():
        raise UserError(f"There is no {path}.")
    try:
        with _open(path) as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _record(line, needed, f"{path}:{number}")
    except (lzma.LZMAError, EOFError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is damaged: {error}.") from None


def _record(line: str, needed: Sequence[str], where: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UserError(f"{where}: not JSON: {error}.") from None
    if not isinstance(record, dict) or (missing := [name for name in needed if name not in record]):
        raise UserError(f"{where}: no {', '.join(missing) if isinstance(record, dict) else 'object'}.")
    return record


def _require_folder(run: Path | None) -> None:
    """Raises UserError when the ranking cannot be written, before it is computed."""
    if run and not run.parent.is_dir():
        raise UserError(f"There is no folder {run.parent} to write {run.name} to.")
    if run and run.is_dir():
        raise UserError(f"{run} is a folder; name a file to write the ranking to.")


def _open(path: Path) -> TextIO:
    return lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8")


def _write_trec(path: Path | None, rankings: Mapping[str, Sequence[tuple[str, float]]]) -> None:
    """`query Q0 document rank score paperboy`, a line each."""
    if path:
        path.write_text(
            "".join(
                f"{query} Q0 {item} {place} {score:.6f} paperboy\n"
                for query, ranked in rankings.items()
                for place, (item, score) in enumerate(ranked, start=1)
            )
        )


def _write_lines(path: Path | None, records: Iterable[Mapping[str, Any]]) -> None:
    if path:
        path.write_text("".join(json.dumps(record) + "\n" for record in records))
