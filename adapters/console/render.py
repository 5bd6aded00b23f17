"""Message -> what a terminal shows. All text goes in as text: nothing from a paper becomes markup or an escape code."""

import re
from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text as RichText

from bot.messages import Card, Message, Style, Text

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_STYLES = {
    Style.PLAIN: "",
    Style.STRONG: "bold",
    Style.EMPHASIS: "italic",
    Style.CODE: "cyan",
    Style.QUIET: "dim",
}


def render(message: Message) -> RenderableType:
    """The message as something a rich Console prints."""
    return Group(*_parts(message))


def show(message: Message, console: Console) -> None:
    """Print a message, with an empty line after it."""
    console.print(render(message))
    console.print()


def printable(text: str) -> str:
    """A text without the control and direction characters that could take over a terminal."""
    return _UNPRINTABLE.sub("", text)


def _parts(message: Message) -> Iterator[RenderableType]:
    if message.title:
        yield RichText(printable(message.title), style="bold magenta")
    for paragraph in message.body:
        yield _text(paragraph)
    for card in message.cards:
        yield RichText()
        yield from _card(card)
    for image in message.images:
        yield RichText(printable(image.description))
    for attachment in message.attachments:
        yield RichText(f"📎 {printable(attachment.name)}", style="bold")
        if attachment.media_type.startswith("text/"):
            yield RichText(printable(attachment.content.decode("utf-8", errors="replace")))
    if message.footer:
        yield RichText()
        yield _text(message.footer)


def _text(content: Text) -> RichText:
    rich = RichText()
    for span in content:
        style = f"{_STYLES[span.style]} link {span.url}" if _is_link(span.url) else _STYLES[span.style]
        words = printable(span.text)
        rich.append(f"`{words}`" if span.style is Style.CODE else words, style=style.strip())
    return rich


def _is_link(url: str) -> bool:
    return url.startswith(("https://", "http://")) and not re.search(r"\s", printable(url))


def _card(card: Card) -> Iterator[RenderableType]:
    title = RichText(f"{card.rank}. " if card.rank else "", style="bold")
    title.append(printable(card.title), style=f"bold link {card.url}" if _is_link(card.url) else "bold")
    yield title
    indent = (0, 0, 0, len(f"{card.rank}. ") if card.rank else 0)
    for line, style in _lines(card):
        yield Padding(RichText(printable(line), style=style), indent)


def _lines(card: Card) -> Iterator[tuple[str, str]]:
    """The lines under a card's title, each with its style."""
    if card.byline:
        yield card.byline, "dim"
    if card.summary:
        yield card.summary + (f"  [{card.summary_by}]" if card.summary_by else ""), ""
    if card.signals:
        yield card.signals, "yellow"
    if card.why:
        yield "→ " + card.why, "italic green"
    if card.url:
        yield card.url, "dim blue"
