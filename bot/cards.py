"""Papers -> cards: what a reader sees of a paper, in plain text."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.engine.summary import shorten, telling_sentence
from bot.engine.trending import Reading, explain
from bot.library import Library, Result, Window
from bot.messages import Button, Card
from bot.papers import Paper, shorten_authors

SUMMARY_LENGTH = 320
"""Characters of a summary in a list."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


_WINDOWS: dict[Window, str] = {"day": "today", "week": "this week", "month": "this month"}


def trending_title(window: Window, topic: str = "") -> str:
    """`Trending this week about robots`."""
    return f"Trending {_WINDOWS[window]}{f' about {topic}' if topic else ''}"


def long_date(day: date) -> str:
    """`19 Jun 2020`, the same in every locale."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def byline(paper: Paper) -> str:
    """`Jonathan Ho, Ajay Jain, Pieter Abbeel · 19 Jun 2020 · cs.LG`."""
    parts = [
        shorten_authors(paper.authors),
        paper.organization,
        long_date(paper.published) if paper.published else "",
        ", ".join(paper.categories[:2]),
    ]
    return " · ".join(part for part in parts if part)


def summarize(paper: Paper) -> tuple[str, str]:
    """One sentence on a paper, and who wrote it when that is not its authors."""
    if paper.summary:
        return shorten(paper.summary, SUMMARY_LENGTH), "AI summary"
    return shorten(telling_sentence(paper.title, paper.abstract), SUMMARY_LENGTH), ""


def card(paper: Paper, *, why: Sequence[str] = (), reading: Reading | None = None, rank: int | None = None) -> Card:
    """A paper's card; the reasons are joined, and what the signals already say is not said twice."""
    summary, author = summarize(paper)
    signals = explain(reading) if reading else ""
    return Card(
        paper_id=paper.id,
        title=paper.title,
        url=paper.url,
        byline=byline(paper),
        summary=summary,
        summary_by=author,
        why="; ".join(reason for reason in why if reason != signals),
        signals=signals,
        rank=rank,
        buttons=_buttons(paper),
    )


def whole_card(paper: Paper, reading: Reading) -> Card:
    """A paper's card to show with the whole abstract, of which it repeats no sentence."""
    shown = card(paper, reading=reading)
    return shown if shown.summary_by else replace(shown, summary="")


def _buttons(paper: Paper) -> tuple[Button, ...]:
    actions = (
        Button("Save", command=f"save {paper.id}", primary=True),
        Button("Similar", command=f"similar {paper.id}"),
        Button("Less like this", command=f"dislike {paper.id}"),
    )
    return (*actions, Button("PDF", url=paper.pdf)) if paper.pdf else actions


async def cards(library: Library, results: Sequence[Result], *, as_of: datetime, first: int = 1) -> tuple[Card, ...]:
    """Cards for results, numbered from `first`, with their signals as of a moment."""
    readings = await library.readings([result.stored.paper.id for result in results], as_of)
    return tuple(
        card(
            result.stored.paper,
            why=result.reasons,
            reading=readings[result.stored.paper.id],
            rank=rank,
        )
        for rank, result in enumerate(results, start=first)
    )
