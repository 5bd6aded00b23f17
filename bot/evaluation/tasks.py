"""The sets that ask the index: search, similar papers, recommendations."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from bot.engine import recommend as recommending
from bot.engine import search as searching
from bot.engine.profile import Rating, background
from bot.engine.query import Query
from bot.engine.search import Ranking, understood
from bot.engine.spelling import respelled
from bot.errors import QueryError, UserError
from bot.evaluation.baselines import SupportVectors, TfIdf, bm25, encoder
from bot.evaluation.report import EvaluationReport, answered
from bot.evaluation.sets import Corpus, Feedback, judgements, lines
from bot.ports import PaperIndex

DEPTH = 100
"""How many papers are asked for."""

SVM = "svm"
"""The baseline of recommendations that needs scikit-learn."""

Asked = TypeVar("Asked")
Method = Callable[[Asked], Ranking]


def search(directory: Path, split: str | None) -> EvaluationReport:
    """Questions -> relevant papers."""
    judged = judgements(directory, split)
    queries = {q["_id"]: q["text"] for q in lines(directory / "queries.jsonl", "_id", "text") if q["_id"] in judged}
    with Corpus(directory) as corpus:
        index = corpus.index
        cosine = TfIdf(index)
        return _compared(
            corpus,
            queries,
            judged,
            ("ndcg@10", "recall@20", "recall@100"),
            lambda text: _searched(index, text),
            {
                "bm25": lambda text: bm25(index, text, DEPTH),
                "tf_idf": lambda text: cosine.for_text(text, DEPTH),
                "encoder": lambda text: encoder(index, index.encoder.encode([text])[0], DEPTH),
            },
        )


def _searched(index: PaperIndex, text: str) -> Ranking:
    """What a search finds; a text that is no query finds nothing, and counts."""
    try:
        query = understood(index, text)
    except QueryError:
        return searching.search(index, Query(), 0)
    return searching.search(index, respelled(index, query), DEPTH)


def similar(directory: Path, split: str | None) -> EvaluationReport:
    """A paper -> the judged pool, ranked."""
    judged = judgements(directory, split)
    asked = lines(directory / "queries.jsonl", "_id", "paper_id")
    seeds = {q["_id"]: q["paper_id"] for q in asked if q["_id"] in judged}
    with Corpus(directory) as corpus:
        index = corpus.index
        cosine = TfIdf(index)
        queries = {
            name: (corpus.row[seed], corpus.rows(item for item in judged[name] if item != seed))
            for name, seed in seeds.items()
            if seed in corpus.row
        }

        def paper(row: int) -> Any:
            return corpus.papers[corpus.name[row]]

        return _compared(
            corpus,
            queries,
            judged,
            ("ndcg@10", "ndcg@20", "recall@20"),
            lambda query: recommending.similar(index, {query[0]: paper(query[0])}, len(query[1]), among=query[1]),
            {
                "bm25": lambda query: bm25(index, paper(query[0]).text, DEPTH, among=query[1]),
                "tf_idf": lambda query: cosine.for_papers(np.array(query[:1]), DEPTH, among=query[1]),
                "encoder": lambda query: encoder(index, index.vectors(np.array(query[:1]))[0], DEPTH, among=query[1]),
            },
        )


def recommend(directory: Path, now: datetime) -> EvaluationReport:
    """Libraries of saved papers -> papers nobody has saved yet. Without scikit-learn the baseline `SVM` is left out."""
    users = {user["_id"]: user for user in lines(directory / "users.jsonl", "_id", "saved")}
    judged: Feedback = {name: dict.fromkeys(u["held_out"], 1.0) for name, u in users.items() if u.get("held_out")}
    with Corpus(directory) as corpus:
        index = corpus.index
        candidates = directory / "candidates.txt"
        among = corpus.rows(candidates.read_text().split()) if candidates.exists() else None
        known = background(index)
        cosine = TfIdf(index)

        def asked(saved: Sequence[str]) -> Ranking:
            ratings = [Rating(corpus.row[name], corpus.papers[name], 1.0) for name in saved if name in corpus.row]
            return recommending.recommend(index, ratings, known, DEPTH, now=now, among=among)

        def near(saved: Sequence[str]) -> Ranking:
            return encoder(index, index.vectors(corpus.rows(saved)).mean(axis=0), DEPTH, among=among)

        baselines: dict[str, Method[Sequence[str]]] = {
            "tf_idf": lambda saved: cosine.for_papers(corpus.rows(saved), DEPTH, among=among),
            "encoder": near,
        }
        with suppress(ImportError):  # scikit-learn is an extra
            machine = SupportVectors(index)
            baselines[SVM] = lambda saved: machine.for_papers(corpus.rows(saved), DEPTH, among=among)
        return _compared(
            corpus,
            {name: user["saved"] for name, user in users.items()},
            judged,
            ("ndcg@20", "recall@20", "recall@100"),
            asked,
            baselines,
        )


def _compared(
    corpus: Corpus,
    queries: Mapping[str, Asked],
    judged: Feedback,
    metrics: Sequence[str],
    engine: Method[Asked],
    baselines: Mapping[str, Method[Asked]],
) -> EvaluationReport:
    def ask(method: Method[Asked]) -> Any:
        return answered(queries, lambda query: corpus.named(method(query)))

    if not queries:
        raise UserError("None of the set's queries is judged; do queries and judgements belong together?")
    absent = len({item for name in queries for item in judged.get(name, ())} - corpus.papers.keys())
    answers = {name: ask(method) for name, method in baselines.items()}
    return EvaluationReport(ask(engine), answers, judged, metrics, absent=absent)
