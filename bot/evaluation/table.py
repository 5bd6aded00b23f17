"""The reports of all sets in one table."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.evaluation import moments, tasks
from bot.evaluation.report import EvaluationReport
from bot.ports import Encoder


def reports(directory: Path, encoder: Encoder, now: datetime) -> Iterator[tuple[str, EvaluationReport]]:
    """The name and the report of every set in a folder, one after the other, in order of their names.

    A set is told by the beginning of its folder's name: `search-`, `similar-`, `recommend-` or `trending`.
    """
    for folder in sorted(path for path in directory.iterdir() if path.is_dir()):
        if folder.name.startswith("search-"):
            yield folder.name, tasks.search(folder, None)
        elif folder.name.startswith("similar-"):
            yield folder.name, tasks.similar(folder, None)
        elif folder.name.startswith("recommend-"):
            yield folder.name, tasks.recommend(folder, now)
        elif folder.name.startswith("trending"):
            for hidden in (False, True):
                found = moments.trending(folder / "cases.jsonl.xz", encoder, hide_votes=hidden)
                votes = ", votes hidden" if hidden else ""
                yield from ((f"{folder.name}, {track}{votes}", report) for track, report in found.reports.items())


def rows(name: str, report: EvaluationReport) -> Iterable[Mapping[str, str]]:
    """A row for every metric of a set: the engine, and what it is above each baseline."""
    summary = report.summary()
    for metric in report.metrics:
        low, high = summary["intervals"][metric]
        against = {
            baseline: f"{known[metric]:.3f} ({_signed(known['difference'][metric])})"
            for baseline, known in summary["baselines"].items()
        }
        yield {
            "set": f"{name} ({summary[report.counted]} {report.counted})",
            "metric": metric,
            "Paperboy": f"{summary[metric]:.3f} [{low:.3f}, {high:.3f}]",
            "others (difference)": "; ".join(f"{baseline} {value}" for baseline, value in against.items()),
        }


def _signed(difference: Mapping[str, Any]) -> str:
    low, high = difference["interval"]
    return f"{difference['mean']:+.3f} [{low:+.3f}, {high:+.3f}]"


def markdown(lines: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """Rows as the lines of a Markdown table, each as soon as it is known."""
    for number, line in enumerate(lines):
        if not number:
            yield f"| {' | '.join(line)} |"
            yield f"|{' --- |' * len(line)}"
        yield f"| {' | '.join(line.values())} |"
