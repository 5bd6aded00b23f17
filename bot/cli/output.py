"""Answers on standard output: as a message for people or as JSON for programs."""

import json
from collections.abc import Sequence
from typing import Any

from rich.console import Console

from bot.bootstrap import previews
from bot.cards import cards
from bot.errors import UserError
from bot.library import Library, Result
from bot.messages import Message, text


def console() -> Console:
    """Standard output, as rich as it can be."""
    return Console(highlight=False)


def print_json(value: Any) -> None:
    """One JSON value on one line."""
    print(json.dumps(value, ensure_ascii=False))  # noqa: T201


def print_message(message: Message, platform: str = "console") -> None:
    """A message as a platform would show it. Raises UserError for a platform that is not there."""
    known = previews()
    if platform not in known:
        raise UserError(f"There is no platform {platform} here; there is {', '.join(known)}.")
    known[platform](message, console())


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
    library: Library, title: str, results: Sequence[Result], *, as_json: bool, nothing: str
) -> None:
    """A list of papers under a title, or `nothing` where there is none."""
    if as_json:
        print_json({"results": [row(result) for result in results]})
        return
    shown = await cards(library, results, as_of=library.clock.now())
    print_message(Message(title=title, body=() if shown else (text(nothing),), cards=shown))
