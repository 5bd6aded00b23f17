"""Rankings of the engine and of its baselines -> metrics, intervals and differences."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, TypeVar

from bot.evaluation.metrics import Estimate, estimate, ndcg, precision_of_best, recall
from bot.evaluation.sets import Feedback, Ranked

Query = TypeVar("Query")
Metric = Callable[[Sequence[str], Mapping[str, float], int], float]

METRICS: Mapping[str, Metric] = {"ndcg": ndcg, "recall": recall, "p": precision_of_best}


@dataclass(frozen=True, slots=True)
class Answers:
    """The ranking of every query, and the seconds all took."""

    rankings: Mapping[str, Ranked]
    seconds: float = 0.0


def answered(queries: Mapping[str, Query], answer: Callable[[Query], Ranked]) -> Answers:
    """Ask every query."""
    started = perf_counter()
    return Answers({name: answer(query) for name, query in queries.items()}, perf_counter() - started)


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """The engine's answers and its baselines' to the same queries, judged by metrics such as `ndcg@10`."""

    engine: Answers
    baselines: Mapping[str, Answers]
    judged: Feedback
    metrics: Sequence[str]
    counted: str = "queries"
    absent: int = 0
    """Feedback papers that the set's corpus lacks, which nothing could find."""
    _values: dict[str, dict[str, list[float]]] = field(default_factory=dict)

    def queries(self) -> list[str]:
        """Names of the queries that are judged."""
        return [name for name in self.engine.rankings if name in self.judged]

    def values(self, who: str = "") -> dict[str, list[float]]:
        """Each metric's value for every judged query, of a baseline or (`who` empty) of the engine."""
        if who not in self._values:
            answers = self.baselines[who] if who else self.engine
            self._values[who] = {
                metric: [self._value(answers, q, metric) for q in self.queries()] for metric in self.metrics
            }
        return self._values[who]

    def _value(self, answers: Answers, query: str, metric: str) -> float:
        name, _, depth = metric.partition("@")
        return METRICS[name]([item for item, _ in answers.rankings[query]], self.judged[query], int(depth))

    def summary(self) -> dict[str, Any]:
        """Metrics at the top, then their 95 % intervals, then every baseline with the difference to it."""
        own = {metric: estimate(values) for metric, values in self.values().items()}
        return {
            **{metric: round(known.mean, 4) for metric, known in own.items()},
            self.counted: len(self.queries()),
            **({"absent": self.absent} if self.absent else {}),
            "intervals": {metric: _interval(known) for metric, known in own.items()},
            "baselines": {who: self._against(who) for who in self.baselines},
        }

    def _against(self, who: str) -> dict[str, Any]:
        theirs = self.values(who)
        compared: dict[str, Any] = {metric: round(estimate(values).mean, 4) for metric, values in theirs.items()}
        compared["difference"] = {metric: self._difference(metric, theirs[metric]) for metric in self.metrics}
        return compared

    def _difference(self, metric: str, theirs: Sequence[float]) -> dict[str, Any]:
        """The engine less a baseline, query by query: the mean, its interval, and how many went which way."""
        differences = [a - b for a, b in zip(self.values()[metric], theirs, strict=True)]
        known = estimate(differences)
        return {
            "mean": round(known.mean, 4),
            "interval": _interval(known),
            "better": sum(each > 0 for each in differences),
            "worse": sum(each < 0 for each in differences),
        }

    def each(self) -> list[dict[str, Any]]:
        """A record for every judged query: the engine's metrics, and the difference to each baseline."""
        records: list[dict[str, Any]] = [{"_id": name} for name in self.queries()]
        for metric in self.metrics:
            for position, record in enumerate(records):
                value = self.values()[metric][position]
                record[metric] = round(value, 4)
                record[f"{metric} less"] = {
                    who: round(value - self.values(who)[metric][position], 4) for who in self.baselines
                }
        return records


def _interval(known: Estimate) -> list[float]:
    return [round(known.low, 4), round(known.high, 4)]
