"""Answers on standard output: as a message for people or as JSON for programs."""

import json
from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from bot.bootstrap import previews
from bot.domain.messages import Message, printable, text
from bot.errors import UserError
from bot.library.app import PapersApp
from bot.library.cards import cards
from bot.library.library import Result

_BREAKS = str.maketrans("\n\t", "  ")


def console() -> Console:
    """Standard output, as rich as it can be."""
    return Console(highlight=False)


def line(words: str, style: str = "") -> Text:
    """One line of a terminal: nothing in it is markup, breaks the line or takes the terminal over."""
    return Text(printable(words).translate(_BREAKS), style=style)


def print_line(words: str, to: Console, style: str = "") -> None:
    """Print a line as it is, however long and whatever a file's name or a server's answer brought into it."""
    to.print(line(words, style), soft_wrap=True)


def print_json(value: Any, indent: int | None = None) -> None:
    """One JSON value, on one line or indented by so many spaces a level."""
    print(json.dumps(value, ensure_ascii=False, indent=indent))  # noqa: T201


def require_platform(platform: str) -> None:
    """Raises UserError for a platform that is not there."""
    if platform not in previews():
        raise UserError(f"There is no platform {platform} here; choose from {', '.join(previews())}.")


def print_message(message: Message, platform: str = "console") -> None:
    """A message as a platform that is there would show it."""
    previews()[platform](message, console())


def row(result: Result) -> dict[str, Any]:
    """A result as a JSON row."""
    paper = result.stored.paper
    return {
        "id": paper.id,
        "title": paper.title,
        "url": paper.url,
        "published": paper.published.isoformat() if paper.published else None,
        "score": round(result.score, 6),
        "reasons": list(result.reasons),
    }


async def print_results(
    opened: PapersApp, title: str, results: Sequence[Result], *, as_json: bool, nothing: str
) -> None:
    """A list of papers under a title, or `nothing` where there is none."""
    if as_json:
        print_json({"results": [row(result) for result in results]})
        return
    shown = await cards(opened.library, results, as_of=opened.clock.now())
    print_message(Message(title=title, body=() if shown else (text(nothing),), cards=shown))
