"""Commands that bring papers in: import, sync, index, migrate."""

import asyncio
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from bot import bootstrap
from bot.cli.app import PAPERS, DataDir, app, logging_settings, require_plausible, waits
from bot.cli.output import line, print_line
from bot.cli.second import Second, give_way_to_second, papers_of_first, print_count
from bot.config import Settings
from bot.domain.counts import counted
from bot.errors import IndexUnusableError, SourceError, UserError
from bot.library.app import App
from bot.library.citing import read_citing
from bot.library.following import Following
from bot.library.ingest import IngestReport, follow_store, read_source, read_sources, update_index
from bot.library.second_reading import SecondReader
from bot.ports import BadRecord, Clock, PaperIndex, Sleep, Store
from bot.runtime.trace import begin

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_SHOWN_BAD = 20


@app.command("import", rich_help_panel=PAPERS)
@waits
async def import_files(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Files of papers.", readable=False, show_default=False)
    ],
    all_bad: Annotated[bool, typer.Option("--all-bad", help="Name every bad record, even in a terminal.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Import papers from files: JSON Lines, BibTeX, RIS, PubMed, EndNote, Zotero, arXiv's snapshot, a copied page.

    The format is detected, also of what is packed (.gz, .xz, .zip). A bad record is reported with its line and the rest
    is imported; importing twice changes nothing.
    """
    errors = Console(stderr=True)
    if not any(path.exists() for path in files):
        raise UserError(f"No such file: {', '.join(map(str, files))}.")
    failed = False
    loaded = logging_settings(data_dir)
    second_process = Second(loaded.data_dir, give_way=give_way_to_second)
    async with bootstrap.open_app(loaded, create=True) as opened, second_process as second:
        begun_at = opened.index.watermark
        for path in files:
            report = await _import(opened, path, errors, second)
            shown = _SHOWN_BAD if errors.is_terminal and not all_bad else len(report.bad)
            _print_report(report, errors, shown=shown, hint=" (--all-bad names them)")
            failed = failed or bool(report.error)
        await index_new(opened.store, opened.index, errors, second, since=begun_at)
    if failed:
        raise typer.Exit(1)


async def _import(opened: App, path: Path, console: Console, second: Second) -> IngestReport:
    try:
        source = bootstrap.file_source(path)
    except SourceError as error:
        return IngestReport(path.name, error=str(error))
    except Exception as error:  # One file that breaks its reader does not keep the others out.
        return IngestReport(path.name, error=f"{type(error).__name__}: {error}")
    with _progress(console) as progress:
        task = progress.add_task(line(path.name).plain, total=source.size or None, rate="")

        def stored(report: IngestReport) -> None:
            text = line(f"{path.name}: {_papers(report)}").plain
            _advance(progress, task, report.papers, source.position, description=text)
            second.stored(report.saved, source.position / source.size if source.size else 0)

        report = await read_source(source, opened.store, opened.clock, stored=stored)
    report.source = path.name
    return report


def _papers(report: IngestReport) -> str:
    saved = report.saved
    return f"{saved.new:,} new, {saved.changed:,} changed, {saved.unchanged:,} known, {len(report.bad):,} bad"


def _print_report(report: IngestReport, console: Console, *, shown: int = _SHOWN_BAD, hint: str = "") -> None:
    """The summary of one source; `hint` is how to see the bad records that are not shown."""
    print_line(f"{report.source}: {_papers(report)}, {counted(report.saved.signals, 'new signal')}", console)
    _tell_bad(report.bad[:shown], console)
    if len(report.bad) > shown:
        print_line(f"  … and {counted(len(report.bad) - shown, 'more bad record')}{hint}", console)
    for note in dict.fromkeys(report.notes):
        print_line(f"  {note}", console)
    if report.error:
        print_line(f"  failed: {report.error}", console, "red")


def _tell_bad(bad: Iterable[BadRecord], console: Console) -> None:
    for record in bad:
        print_line(f"  {record.where}: {record.reason}", console)


async def index_new(
    store: Store, index: PaperIndex, console: Console, second: Second | None = None, *, since: int | None = None
) -> None:
    """Bring the index up to date, with a bar; what a second process has begun, at the watermark `since`, it ends."""
    pending = await store.last_revision() - (index.watermark if since is None else since)
    with _counting(console, "index", pending) as indexed:
        count = await second.end(indexed) if second else 0
        try:
            count += await update_index(store, index, indexed=indexed)
        except IndexUnusableError as error:
            raise IndexUnusableError(f"{error} The papers are stored; `paperboy index` will add them.") from error
    if count:
        print_line(f"indexed {counted(count, 'paper')}", console)


@contextmanager
def _counting(console: Console, what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar, for the time of a block; gives what is to be called with how many are done.

    What is done when it is called first does not count for the speed: an earlier process may have done it.
    """
    before: int | None = None

    def count(done: int) -> None:
        nonlocal before
        if before is None:
            before = done
            progress.reset(task, completed=done)
        _advance(progress, task, done - before, done, description=what)

    with _progress(console) as progress:
        task = progress.add_task(what, total=max(total, 1), rate="")
        yield count


def _advance(progress: "Progress", task: "TaskID", papers: int, completed: int, *, description: str) -> None:
    """Move a bar on, and say how many papers a second it has been so far."""
    elapsed = progress.tasks[task].elapsed
    rate = f"{papers / elapsed:,.0f}/s" if elapsed else ""
    progress.update(task, completed=completed, description=description, rate=rate)


def _progress(console: Console) -> "Progress":
    from rich.progress import (
        BarColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )
    from rich.table import Column

    text = TextColumn("{task.description}", markup=False)
    # In a narrow terminal the description is cut, not the times.
    rate, elapsed, left = (Column(no_wrap=True, min_width=7) for _ in range(3))
    columns = (
        SpinnerColumn(),
        text,
        BarColumn(bar_width=20),
        TextColumn("{task.fields[rate]}", markup=False, table_column=rate),
        TimeElapsedColumn(table_column=elapsed),
        "left:",
        TimeRemainingColumn(table_column=left),
    )
    # Where no person watches, it would leave nothing but empty lines.
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


@app.command(rich_help_panel=PAPERS)
@waits
async def sync(
    source: Annotated[list[str] | None, typer.Option(help="Only this source (repeatable).", metavar="NAME")] = None,
    since: Annotated[
        str | None, typer.Option("--since", "--from", metavar="DATE", help="From this day on, e.g. 2026-01-31 or 1991.")
    ] = None,
    data_dir: DataDir = None,
) -> None:
    """Fetch what is new from the paper sources, from where the last sync left off.

    After a kill or a failure the next sync continues where this one stopped, even one that went back with --since.
    Days that a later --since leaves out are read by the next sync without it.
    A source that fails is retried and recorded (see `paperboy status`), and does not hold up the others.
    """
    loaded = logging_settings(data_dir)
    begin("sync")
    if not await fetch(loaded, source or None, Console(stderr=True), since=_day(since)):
        raise typer.Exit(1)


async def fetch(
    loaded: Settings,
    names: Sequence[str] | None,
    console: Console,
    *,
    since: date | None = None,
    clock: Clock | None = None,
    sleep: Sleep = asyncio.sleep,
) -> bool:
    """Sync the named sources, else all that are set or followed, and tell how each went; returns whether all went well.

    Raises UserError for a name nobody knows, and IndexUnusableError.
    """
    # Before a slip in a name makes a database.
    bootstrap.paper_sources(loaded, names or loaded.sources, clock=clock, sleep=sleep)
    async with bootstrap.open_app(loaded, clock=clock, create=True) as opened:
        followed = await Following(loaded).settings(opened.store)
        sources = bootstrap.paper_sources(followed, names or followed.sources, clock=clock, sleep=sleep)
        bootstrap.share_pace(sources, opened.store)
        if not names:
            await opened.store.leave_other_sources([source.name for source in sources])
        with _progress(console) as progress:
            task = progress.add_task("sync", total=None, rate="")

            def stored(report: IngestReport) -> None:
                text = f"{report.source}: {_papers(report)}"
                progress.update(task, total=report.total or None, description=text)
                _advance(progress, task, report.papers, report.read, description=text)

            reports = await read_sources(sources, opened.store, opened.clock, since=since, stored=stored)
        for report in reports:
            _print_report(report, console)
        if not names:
            citing = await read_citing(opened.store, opened.library.lookup.services.citations, opened.clock)
            if citing:
                print_line(f"citing what is followed: {counted(citing, 'new paper')}", console)
        await index_new(opened.store, opened.index, console)
    return not any(report.error for report in reports)


_YEAR_OR_MONTH = re.compile(r"\d{4}(-\d{2})?")


def _day(typed: str | None) -> date | None:
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed + "0000-01-01"[len(typed) :] if _YEAR_OR_MONTH.fullmatch(typed) else typed)
    except ValueError:
        raise UserError(f"`{typed}` is not a date; write it like 2026-01-31, 2026-01 or 1991.") from None
    require_plausible(day.year, typed)
    return day


@app.command(rich_help_panel=PAPERS)
@waits
async def index(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Rebuild it from the papers in the store.")] = False,
    beside_import: Annotated[int | None, typer.Option(hidden=True)] = None,
    data_dir: DataDir = None,
) -> None:
    """Bring the search index up to date with the store.

    A rebuild that was interrupted goes on from its last commit; the old index is used until the new one is complete.
    With PAPERBOY_ENCODER=minilm, papers that it has not read yet are read then. Ctrl-C keeps what was read.
    """
    loaded = logging_settings(data_dir)
    console = Console(stderr=True)
    async with bootstrap.open_store(loaded) as store:
        if rebuild:
            with _counting(console, "index", await store.count_papers()) as indexed:
                count = await bootstrap.rebuild_index(loaded, store, indexed, lambda line: print_line(line, console))
            print_line(f"indexed {counted(count, 'paper')}", console)
        elif beside_import is not None:
            followed = bootstrap.open_index(loaded.index_dir, loaded)
            await follow_store(store, followed, papers_of_first(), expected=beside_import, indexed=print_count)
        else:
            made = await bootstrap.sound_index(loaded, store, lambda line: print_line(line, console))
            await index_new(store, made, console)
        if beside_import is None and (encoder := bootstrap.load_second_encoder(loaded)):
            await _read_again(store, SecondReader(store, encoder), console)


async def _read_again(store: Store, reader: SecondReader, console: Console) -> None:
    """Let the transformer read what it has not read yet, with a bar."""
    with _counting(console, "read", await store.count_papers()) as read:
        await reader.read_new(read)
    print_line(f"{counted(await reader.count(), 'paper')} read by {reader.name.partition('+')[0]}", console)


@app.command(rich_help_panel=PAPERS)
@waits
async def migrate(data_dir: DataDir = None) -> None:
    """Bring the database to the version this Paperboy needs; does nothing if it is there already."""
    await bootstrap.migrate(logging_settings(data_dir))
    Console(stderr=True).print("The database is up to date.")
