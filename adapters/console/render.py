"""Message -> what a terminal shows. All text goes in as text: nothing from a paper becomes markup or an escape code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.text import Text as RichText

from bot.domain.messages import Card, Message, Style, Text, button_line, printable

_STYLES = {
    Style.PLAIN: "",
    Style.STRONG: "bold",
    Style.EMPHASIS: "italic",
    Style.CODE: "cyan",
    Style.COMMAND: "cyan",
    Style.QUIET: "dim",
    Style.EMOJI: "",
}


def render(message: Message) -> RenderableType:
    """The message as something a rich Console prints."""
    return Group(*_parts(message))


def show(message: Message, console: Console) -> None:
    """Print a message, with an empty line after it."""
    console.print(render(message), crop=False)
    console.print()


def _parts(message: Message) -> Iterator[RenderableType]:
    if message.title:
        yield RichText(printable(message.title), style="bold magenta")
    yield from _papers_and_body(message)
    for image in message.images:
        yield RichText(printable(image.description))
    for attachment in message.attachments:
        yield RichText(f"📎 {printable(attachment.name)}", style="bold")
        if attachment.media_type.startswith("text/"):
            # A file is shown line by line, to be copied from: nothing in it is broken off or cut.
            content = printable(attachment.content.decode("utf-8", errors="replace"))
            yield RichText(content, no_wrap=True, overflow="ignore")
    if message.footer:
        yield RichText()
        yield _text(message.footer)
    if pressed := button_line(message):
        yield RichText()
        yield RichText(printable(pressed), style="dim")


def _papers_and_body(message: Message) -> Iterator[RenderableType]:
    """A list comes after what the body tells about it; where there is one paper, it comes before."""
    cards = [part for card in message.cards for part in (*_heading(card), RichText(), *_card(card))]
    if not message.about_one:
        yield from (*map(_text, message.body), *cards)
        return
    yield from cards[1:]
    for paragraph in message.body:
        yield RichText()
        yield _text(paragraph)


def _heading(card: Card) -> Iterator[RenderableType]:
    """What stands above the first paper of a part of a list."""
    if card.heading:
        yield from (RichText(), RichText(printable(card.heading), style="bold magenta"))


def _text(content: Text) -> "_Hanging":
    rich = RichText()
    for span in content:
        style = f"{_STYLES[span.style]} link {span.url}" if _is_link(span.url) else _STYLES[span.style]
        words = printable(span.text)
        rich.append(f"`{words}`" if span.style is Style.CODE else words, style=style.strip())
    return _Hanging(RichText(), rich)


def _is_link(url: str) -> bool:
    return url.startswith(("https://", "http://")) and not re.search(r"\s", printable(url))


def _card(card: Card) -> Iterator[RenderableType]:
    rank = RichText(f"{card.rank}. " if card.rank else "", style="bold")
    style = f"bold link {card.url}" if _is_link(card.url) else "bold"
    yield _Hanging(rank, RichText(printable(card.title), style=style))
    indent = RichText(" " * len(rank))
    for line, style in _lines(card):
        yield _Hanging(indent, RichText(printable(line), style=style))


@dataclass(frozen=True, slots=True)
class _Hanging:
    """Text behind a first word, under which none of its lines reaches; without spaces at the ends of lines."""

    first: RichText
    content: RichText

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        start = self.first
        for line in self.content.wrap(console, max(1, options.max_width - len(start))):
            line.rstrip()
            yield start + line
            start = RichText(" " * len(start))


def _lines(card: Card) -> Iterator[tuple[str, str]]:
    """The lines under a card's title, each with its style."""
    if card.byline:
        yield card.byline, "dim"
    if card.summary:
        yield card.summary + (f"  [{card.summary_by}]" if card.summary_by else ""), ""
    if card.signals:
        yield card.signals, f"yellow link {card.signals_url}" if _is_link(card.signals_url) else "yellow"
    if card.why:
        yield "→ " + card.why, "italic green"
    if card.url:
        yield card.url, "dim blue"
