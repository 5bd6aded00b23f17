"""Papers -> cards: what a reader sees of a paper, in plain text."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.dates import long_date
from bot.domain.messages import Button, Card
from bot.domain.notes import READ
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper, shorten_authors
from bot.engine.summary import shorten, telling_sentence
from bot.engine.trending import Reading, explain
from bot.library.library import Library, Result, Window

SUMMARY_LENGTH = 320
"""Characters of a summary in a list."""


_WINDOWS: dict[Window, str] = {"day": "today", "week": "this week", "month": "this month"}


def trending_title(window: Window, topic: str = "") -> str:
    """`Trending this week about robots`."""
    return f"Trending {_WINDOWS[window]}{f' about {topic}' if topic else ''}"


def publication_date(paper: Paper) -> str:
    """When a paper was published, as exactly as is known: `19 Jun 2020`, `2020`, or nothing."""
    if paper.published is None:
        return ""
    return long_date(paper.published) if paper.day_is_known else str(paper.published.year)


def byline(paper: Paper) -> str:
    """`Jonathan Ho, Ajay Jain, Pieter Abbeel · 19 Jun 2020 · cs.LG`; a paper taken back says so first."""
    parts = [
        "Withdrawn" if paper.withdrawn else "",
        shorten_authors(paper.authors),
        paper.organization,
        publication_date(paper),
        ", ".join(paper.categories[:2]),
    ]
    return " · ".join(part for part in parts if part)


def summarize(paper: Paper) -> tuple[str, str]:
    """One sentence on a paper, and who wrote it when that is not its authors."""
    if paper.summary:
        return shorten(paper.summary, SUMMARY_LENGTH), "AI summary"
    return shorten(telling_sentence(paper.title, paper.abstract), SUMMARY_LENGTH), ""


def card(
    paper: Paper,
    *,
    why: Sequence[str] = (),
    reading: Reading | None = None,
    rank: int | None = None,
    saved: bool = False,
) -> Card:
    """A paper's card; the reasons are joined, and what the signals already say is not said twice.

    A paper that its one reader has `saved` can be removed from the list instead of saved.
    """
    summary, author = summarize(paper)
    signals = explain(reading) if reading else ""
    return Card(
        paper_id=paper.id,
        title=paper.name,
        url=paper.url,
        byline=byline(paper),
        summary=summary,
        summary_by=author,
        why="; ".join(reason for reason in why if reason != signals),
        signals=signals,
        signals_url=paper.upvotes_url if reading and reading.upvotes is not None else "",
        rank=rank,
        thumbnail=paper.thumbnail,
        buttons=(
            _save(paper, saved=saved),
            Button("Abstract", command=f"show {paper.id}"),
            _similar(paper),
            *_pdf(paper),
        ),
        menu=(_less(paper), _note(paper), _read(paper)),
    )


def whole_card(paper: Paper, reading: Reading, *, saved: bool = False) -> Card:
    """A paper's card to show with the whole abstract, of which it repeats no sentence, and with all its buttons."""
    pressed = (_save(paper, saved=saved), _similar(paper), _note(paper), _read(paper), _less(paper))
    shown = replace(card(paper, reading=reading, saved=saved), buttons=(*pressed, *_pdf(paper)), menu=())
    return shown if shown.summary_by else replace(shown, summary="")


def _save(paper: Paper, *, saved: bool) -> Button:
    if saved:
        return Button("Remove", command=f"unsave {paper.id}")
    return Button("Save", command=f"save {paper.id}", primary=True)


def _similar(paper: Paper) -> Button:
    return Button("Similar", command=f"similar {paper.id}")


def _less(paper: Paper) -> Button:
    return Button("Less like this", command=f"dislike {paper.id}")


def _note(paper: Paper) -> Button:
    return Button("Note", command=f"note {paper.id}")


def _read(paper: Paper) -> Button:
    return Button("Mark as read", command=f"tag {paper.id} me {READ}")


def _pdf(paper: Paper) -> tuple[Button, ...]:
    return (Button("PDF", url=paper.pdf),) if paper.pdf else ()


async def cards(
    library: Library,
    results: Sequence[Result],
    *,
    as_of: datetime,
    first: int = 1,
    saved: Collection[PaperId] = frozenset(),
) -> tuple[Card, ...]:
    """Cards for results, numbered from `first`, with their signals as of a moment; `saved` by their one reader."""
    readings = await library.readings([result.stored.paper.id for result in results], as_of)
    return tuple(
        card(
            result.stored.paper,
            why=result.reasons,
            reading=readings[result.stored.paper.id],
            rank=rank,
            saved=result.stored.paper.id in saved,
        )
        for rank, result in enumerate(results, start=first)
    )
