"""Commands that answer from what is there: search, similar, trending, recommend, show, digest."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from typer.core import TyperCommand

from bot.bootstrap import open_app, open_library
from bot.cli.app import READING, AsJson, AsOf, DataDir, Limit, app, moment, settings, waits
from bot.cli.command_group import CommandGroup
from bot.cli.output import print_json, print_line, print_message, print_results, require_platform, row
from bot.domain.messages import Card, Message, text
from bot.domain.papers import Paper
from bot.engine.profile import Rating
from bot.engine.query import parse_query
from bot.engine.trending import Reading
from bot.errors import BeingFetchedError, UserError
from bot.library.app import PapersApp
from bot.library.cards import trending_title, whole_card
from bot.library.elsewhere import finds_little, search_elsewhere
from bot.library.library import FRESH, WINDOWS, Result, Window
from bot.library.windows import window_in
from bot.ports import Clock, StoredPaper
from bot.runtime.clocks import StandingClock

_Answer = TypeVar("_Answer")

digest = typer.Typer(cls=CommandGroup, help="The daily post.", no_args_is_help=True)
app.add_typer(digest, name="digest", rich_help_panel=READING)


def clock_at(as_of: str | None) -> Clock | None:
    """A clock that stands at the moment an `--as-of` names; None where none was given. Raises UserError."""
    at = moment(as_of)
    return StandingClock(at) if at else None


@asynccontextmanager
async def _indexed(data_dir: Path | None) -> AsyncIterator[PapersApp]:
    """A library that can be searched. Raises UserError when nothing of what is stored is indexed."""
    async with open_library(settings(data_dir)) as opened:
        if not len(opened.index) and await opened.store.last_revision():
            raise UserError("No paper is indexed yet; run `paperboy index`.")
        yield opened


async def _patiently(ask: Callable[[], Awaitable[_Answer]]) -> _Answer:
    """An answer, however long the papers it needs take to be fetched; who waits is told so on standard error."""
    while True:
        try:
            return await ask()
        except BeingFetchedError as waiting:
            print_line(str(waiting), Console(stderr=True))
            await asyncio.wait({asyncio.ensure_future(waiting.done)})


async def _find(opened: PapersApp, reference: str) -> StoredPaper:
    """The paper that is named, fetched where it is not here."""
    return await _patiently(lambda: opened.library.find(reference))


class _WithDashedWords(TyperCommand):
    """A command whose words may begin with a dash: `graph -survey` is a query, not a row of one-letter options."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Tell options and words apart, so that only options are read as such."""
        takes_value = {
            name: not getattr(param, "is_flag", False)
            for param in self.get_params(ctx)
            if param.param_type_name == "option"
            for name in param.opts
        }
        options, words = _options_and_words(args, takes_value)
        return super().parse_args(ctx, [*options, "--", *words] if words else options)


def _options_and_words(args: Iterable[str], takes_value: dict[str, bool]) -> tuple[list[str], list[str]]:
    """The options with their values, and the words, which are all there is after `--`.

    What begins with two dashes is an option even where nobody knows it, because that is a slip of the finger.
    """
    options: list[str] = []
    words: list[str] = []
    left = iter(args)
    for arg in left:
        if arg == "--":
            words += left
        elif arg in takes_value:
            options += [arg, *([value] if takes_value[arg] and (value := next(left, None)) is not None else [])]
        elif arg.startswith("--") or _JOINED_LIMIT.fullmatch(arg):
            options.append(arg)
        else:
            words.append(arg)
    return options, words


_JOINED_LIMIT = re.compile(r"-n=?\d+")


@app.command(cls=_WithDashedWords, rich_help_panel=READING)
@waits
async def search(
    query: Annotated[list[str], typer.Argument(help="What to look for.", metavar="QUERY")],
    remote: Annotated[
        bool, typer.Option("--remote", help="Search arXiv and OpenAlex for papers that are not here.")
    ] = False,
    limit: Limit = 10,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Find papers by words and by meaning.

    The query may hold "phrases", author:name, cat:cs.LG, after:2024-05, before:2025, -word, sort:new, sort:top
    or sort:cited; an id or a link finds that paper. A word that is also an option goes after --: `search graph -- -h`.
    """
    typed = " ".join(query)
    async with _indexed(data_dir) as opened:
        if remote:
            found = await search_elsewhere(opened.library, opened.store, opened.clock, typed, limit)
            title = f"{' and '.join(found.by)}: {typed}"
            await print_results(opened, title, found.results, as_json=as_json, nothing="Nothing found there.")
            return
        results = await _patiently(lambda: opened.library.search(typed, limit, fetch=True))
        nothing = "Nothing found."
        if not len(opened.index):
            nothing = "There are no papers here yet; `paperboy sync` fetches today's."
        elif parse_query(typed).filters:
            nothing = "Nothing meets all of that; leave out a filter, such as after:2024, cat:cs.LG or author:name."
        elif not opened.index.analyze(typed):
            nothing = "Nothing found: these words are too common; add a more specific one."
        await print_results(opened, f"Search: {typed}", results, as_json=as_json, nothing=nothing)
        if opened.library.lookup.searches and finds_little(opened.index, typed, results, limit) and not as_json:
            little = "Little here is about that; " if results else ""
            print_line(f"{little}--remote searches arXiv and OpenAlex.", Console(stderr=True))


@app.command(rich_help_panel=READING)
@waits
async def similar(
    papers: Annotated[list[str], typer.Argument(help="Ids or links of one or several papers.", metavar="PAPER")],
    limit: Limit = 10,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Find papers like these."""
    async with _indexed(data_dir) as opened:
        seeds = [(await _find(opened, reference)).paper for reference in papers]
        results = await opened.library.similar([seed.id for seed in seeds], limit)
        named = ", ".join(seed.title for seed in seeds)
        await print_results(opened, f"Similar to {named}", results, as_json=as_json, nothing="Nothing like it here.")


@app.command(rich_help_panel=READING)
@waits
async def trending(
    topic: Annotated[
        list[str] | None,
        typer.Argument(help="Only papers about this; week or month first says how far back.", metavar="TOPIC"),
    ] = None,
    window: Annotated[Window, typer.Option(help="How far back to look.")] = "day",
    as_of: AsOf = None,
    limit: Limit = 10,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Show the papers expected to matter most, with the evidence."""
    window, about = window_in(window, " ".join(topic or ()))
    async with open_library(settings(data_dir), clock=clock_at(as_of)) as opened:
        results = await opened.library.trending(window, limit=limit, topic=about)
        days = WINDOWS[window].days
        span = "day" if days == 1 else f"{days} days"
        nothing = (
            f"No paper{f' about {about}' if about else ''} is from the last {span}. `paperboy sync` fetches new ones."
        )
        await print_results(opened, trending_title(window, about), results, as_json=as_json, nothing=nothing)


@app.command(rich_help_panel=READING)
@waits
async def recommend(
    saved: Annotated[list[str], typer.Option("--saved", metavar="PAPER", help="A paper you saved (repeatable).")],
    disliked: Annotated[
        list[str] | None, typer.Option("--disliked", metavar="PAPER", help="A paper you want less of (repeatable).")
    ] = None,
    limit: Limit = 10,
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Recommend papers to somebody who saved these."""
    async with _indexed(data_dir) as opened:
        ratings = await _opinions(opened, saved, 1.0) + await _opinions(opened, disliked or [], -1.0)
        results = await opened.library.recommend(ratings, limit)
        await print_results(opened, "For you", results, as_json=as_json, nothing="Nothing to recommend yet.")


async def _opinions(opened: PapersApp, references: list[str], weight: float) -> list[Rating]:
    found = [await _find(opened, reference) for reference in dict.fromkeys(references)]
    return [Rating(stored.row, stored.paper, weight) for stored in found]


@app.command(rich_help_panel=READING)
@waits
async def show(
    paper: Annotated[str, typer.Argument(help="Id, link or whole title.", metavar="PAPER")],
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Show everything known about one paper."""
    async with open_library(settings(data_dir)) as opened:
        stored = await _find(opened, paper)
        now = opened.clock.now()
        reading = (await opened.library.readings([stored.paper.id], now))[stored.paper.id]
        if as_json:
            print_json(_details(stored.paper, reading))
        else:
            body = (text(stored.paper.abstract),) if stored.paper.abstract else ()
            print_message(Message(cards=(whole_card(stored.paper, reading),), body=body))


def _details(paper: Paper, reading: Reading) -> dict[str, Any]:
    return {
        "id": paper.id,
        "title": paper.title,
        "abstract": paper.abstract,
        "summary": paper.summary or None,
        "authors": list(paper.authors),
        "categories": list(paper.categories),
        "published": paper.published.isoformat() if paper.published else None,
        "updated": paper.updated.isoformat() if paper.updated else None,
        "url": paper.url,
        "pdf": paper.pdf or None,
        "code": paper.code or None,
        "project": paper.project or None,
        "source": paper.source,
        "upvotes": reading.upvotes,
        "comments": reading.comments,
        "stars": reading.stars,
        "citations": reading.citations,
    }


@digest.command()
@waits
async def preview(
    as_of: AsOf = None,
    count: Annotated[int, typer.Option(metavar="N", min=1, max=10, help="How many papers.")] = 5,
    platform: Annotated[
        str, typer.Option(metavar="NAME", help="Show it as it looks there: console, email; discord and slack as JSON.")
    ] = "console",
    as_json: AsJson = False,
    data_dir: DataDir = None,
) -> None:
    """Show what the daily post would say now."""
    from bot.delivery.composer import PostComposer
    from bot.domain.destinations import Destination
    from bot.domain.people import Place

    require_platform(platform)
    async with open_app(settings(data_dir), clock=clock_at(as_of)) as opened:
        destination = Destination(place=Place(platform, "", "preview"), count=count)
        post = await PostComposer(opened).preview(destination)
        if as_json:
            day = destination.local_day(opened.clock.now())
            print_json({"date": day.isoformat(), "results": [row(each) for each in await _posted(opened, post.cards)]})
        else:
            print_message(post, platform)


async def _posted(opened: PapersApp, posted: Sequence[Card]) -> list[Result]:
    """The papers of a post, with the interest that is expected of each."""
    pool = await opened.library.pool(FRESH)
    expected = {paper.id: float(interest) for paper, interest in zip(pool.papers, pool.expected, strict=True)}
    stored = await opened.store.papers([card.paper_id for card in posted])
    reasons = [tuple(filter(None, (card.signals, card.why))) for card in posted]
    return [Result(each, expected[each.paper.id], why) for each, why in zip(stored, reasons, strict=True)]
