"""`paperboy eval`: how good search, similar, recommend and trending are on sets with known answers."""

import json
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bot.bootstrap import load_encoder
from bot.cli.app import MEASURING, app
from bot.cli.command_group import CommandGroup
from bot.cli.output import print_json, print_line
from bot.errors import UserError
from bot.evaluation import fields as field_sets
from bot.evaluation import moments, table, tasks
from bot.evaluation import topics as topic_sets
from bot.evaluation.report import EvaluationReport
from bot.runtime.clocks import SystemClock

evaluation = typer.Typer(cls=CommandGroup, help="Measure the engine on sets with known answers.", no_args_is_help=True)
app.add_typer(evaluation, name="eval", rich_help_panel=MEASURING)

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="corpus.jsonl.xz, queries.jsonl, qrels/*.tsv")]
Split = Annotated[str | None, typer.Option(metavar="NAME", help="qrels/NAME.tsv (default: the only one there is).")]
RunFile = Annotated[Path | None, typer.Option("--run", metavar="FILE", help="Write the ranking there.")]
EachFile = Annotated[
    Path | None,
    typer.Option("--per-query", metavar="FILE", help="Write every query's metrics and differences there."),
]


@evaluation.command("search")
def eval_search(directory: Folder, split: Split = None, run: RunFile = None, each: EachFile = None) -> None:
    """Search: questions -> relevant papers."""
    _require_writable(run, each)
    report = tasks.search(directory, split)
    _write_trec(run, report)
    _print_report(report, each)


@evaluation.command("similar")
def eval_similar(directory: Folder, split: Split = None, run: RunFile = None, each: EachFile = None) -> None:
    """Similar papers: a paper -> the judged pool, ranked."""
    _require_writable(run, each)
    report = tasks.similar(directory, split)
    _write_trec(run, report)
    _print_report(report, each)


@evaluation.command("recommend")
def eval_recommend(directory: Folder, run: RunFile = None, each: EachFile = None) -> None:
    """Recommendations: libraries of saved papers -> papers nobody has saved yet."""
    _require_writable(run, each)
    report = tasks.recommend(directory, SystemClock().now())
    if tasks.SVM not in report.baselines:
        text = f"The baseline {tasks.SVM} is left out; it needs scikit-learn: pip install 'paperboy-bot[eval]'."
        print_line(text, Console(stderr=True))
    rankings = report.engine.rankings.items()
    _write_lines(run, ({"_id": user, "ids": [item for item, _ in ranked]} for user, ranked in rankings))
    _print_report(report, each)


@evaluation.command("trending")
def eval_trending(
    cases: Annotated[Path, typer.Argument(metavar="CASES", help="Digest moments in time order, cases.jsonl.xz.")],
    run: RunFile = None,
    each: EachFile = None,
    hide_votes: Annotated[
        bool,
        typer.Option("--hide-votes", help="Rank by text and origin alone, as if nobody had voted yet."),
    ] = False,
) -> None:
    """Trending: at every digest moment, rank the papers known then by how many votes they will end with."""
    _require_writable(run, each)
    found = moments.trending(cases, load_encoder(), hide_votes=hide_votes)
    _write_lines(run, found.rankings)
    _write_lines(each, ({"track": track} | row for track, report in found.reports.items() for row in report.each()))
    tracks = {track: report.summary() for track, report in found.reports.items()}
    print_json({"cases": len(found.rankings), "ms_per_case": round(found.milliseconds, 2)} | tracks)


@evaluation.command("topics")
def eval_topics(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="corpus.jsonl.xz, topics.jsonl, about.tsv")],
    run: RunFile = None,
) -> None:
    """Topics: a topic -> the papers that are about it, as posts decide it."""
    _require_writable(run)
    report = topic_sets.topics(directory)
    _write_lines(run, ({"_id": topic, "ids": sorted(papers)} for topic, papers in report.engine.items()))
    print_json(report.summary())


@evaluation.command("categories")
def eval_categories(
    papers: Annotated[Path, typer.Argument(metavar="PAPERS", help="JSON Lines with title, abstract and categories.")],
    most: Annotated[int, typer.Option(metavar="N", min=100, help="Papers, spread over the file.")] = 25_000,
    whole: Annotated[bool, typer.Option("--whole", help="Learn from the rest of the file, too.")] = False,
    run: RunFile = None,
) -> None:
    """Names of categories -> the papers in them: half the papers hide theirs, the others teach what a name covers."""
    _require_writable(run)
    with tempfile.TemporaryDirectory() as folder:
        report = topic_sets.categories(papers, most, Path(folder), whole=whole)
    _write_lines(run, ({"_id": topic, "ids": sorted(found)} for topic, found in report.engine.items()))
    print_json(report.summary())


@evaluation.command("fields")
def eval_fields(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="papers.jsonl.xz, voted.jsonl.xz")],
    run: RunFile = None,
    each: EachFile = None,
) -> None:
    """Fields without votes: papers ranked by what is expected of them -> those cited or saved most later."""
    _require_writable(run, each)
    report = field_sets.fields(directory, load_encoder())
    _write_lines(run, ({"_id": field, "ids": ids} for field, ids in report.rankings.items()))
    _write_lines(each, report.each())
    print_json(report.summary())


@evaluation.command("all")
def eval_all(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Holds search-*, similar-*, recommend-*, trending.")],
) -> None:
    """All sets in a folder, as one Markdown table: the engine and its lead over each baseline."""
    if not directory.is_dir():
        raise UserError(f"There is no folder {directory}.")
    found = table.reports(directory, load_encoder(), SystemClock().now())
    for line in table.markdown(row for name, report in found for row in table.rows(name, report)):
        typer.echo(line)


def _print_report(report: EvaluationReport, each: Path | None) -> None:
    _write_lines(each, report.each())
    if report.absent:
        print_line(f"Feedback papers not in the corpus, counted as not found: {report.absent:,}.", Console(stderr=True))
    if unanswered := sum(not ranked for ranked in report.engine.rankings.values()):
        print_line(f"Queries that found nothing: {unanswered:,}.", Console(stderr=True))
    asked = len(report.engine.rankings)
    counts = {"queries": asked, "ms_per_query": round(1000 * report.engine.seconds / max(asked, 1), 2)}
    print_json(report.summary() | counts)


def _require_writable(*paths: Path | None) -> None:
    """Raises UserError when something cannot be written, before it is computed."""
    for path in paths:
        if path and not path.parent.is_dir():
            raise UserError(f"There is no folder {path.parent} to write {path.name} to.")
        if path and path.is_dir():
            raise UserError(f"{path} is a folder; name a file to write to.")


def _write_trec(path: Path | None, report: EvaluationReport) -> None:
    """`query Q0 document rank score paperboy`, a line each."""
    if path:
        path.write_text(
            "".join(
                f"{query} Q0 {item} {place} {score:.6f} paperboy\n"
                for query, ranked in report.engine.rankings.items()
                for place, (item, score) in enumerate(ranked, start=1)
            )
        )


def _write_lines(path: Path | None, records: Iterable[Mapping[str, Any]]) -> None:
    if path:
        path.write_text("".join(json.dumps(record) + "\n" for record in records))
