"""Message -> what Discord shows: components v2, within all of its limits and with every text escaped."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import discord
from discord import ui

from adapters.discord.components import CHOICES, EMOJI, VALUE, Maker
from adapters.discord.escape import cut, escape, fit, units
from adapters.discord.links import masked
from adapters.discord.spans import markdown
from bot.domain.messages import Card, Choice, Message, Select, Text

TEXT, COMPONENTS, ROW, FILES = 4000, 40, 5, 10
"""Units of text and components in a message, buttons in a row, files."""
FILE_SIZE = 10 * 1024 * 1024
"""Bytes of a file that every server takes."""
TITLE, FOOTER, BODY_BESIDE_CARDS = 300, 400, 800
ACCENT = discord.Colour(0xD9822B)
THREAD_NAME = 100

_LEFT_OUT = "-# A file was left out: it is empty or larger than Discord allows."
_DENSE = 180
"""Units of what a paper says where all of them share their buttons."""
_NOTE = 30
"""Units kept free for the note that something was left out."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message ready to send: its components and the files they show.

    `kept` are command lines without pages, by the keys that buttons have in their place: keep them before it is sent.
    """

    view: ui.LayoutView
    files: list[discord.File] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)


def render(message: Message) -> Rendered:
    """The message as components v2; of what exceeds Discord's limits the most important part stays."""
    files = _files(message)
    roomy = () if message.dense and len(message.cards) > 1 else ((False, True), (False, False))
    for compact, lines in (*roomy, (True, True), (True, False)):
        maker = Maker(calm=len(message.cards) > 1)
        children = list(_children(message, files, maker, compact=compact, lines=lines))
        if _count(children) < COMPONENTS:
            break
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*_trimmed(children), accent_colour=ACCENT if message.title or message.cards else None))
    return Rendered(view, files, maker.kept)


def post_name(message: Message) -> str:
    """A name for a forum post that begins with the message."""
    return _first_name(message.title, *(card.title for card in message.cards))


def thread_name(message: Message) -> str:
    """A name for a thread in which to talk about the message's paper."""
    return _first_name(*(card.title for card in message.cards), message.title)


def _first_name(*titles: str) -> str:
    return next(filter(None, (cut(title, THREAD_NAME) for title in (*titles, "Papers"))))


def _count(children: list[ui.Item[Any]]) -> int:
    return sum(child._total_count for child in children)  # the count the library itself checks


def _trimmed(children: list[ui.Item[Any]]) -> list[ui.Item[Any]]:
    """The first children that fit; one line where there is nothing at all."""
    kept: list[ui.Item[Any]] = []
    for child in children:
        if _count([*kept, child]) < COMPONENTS:
            kept.append(child)
    return kept or [ui.TextDisplay("…")]


def _children(
    message: Message, files: list[discord.File], maker: Maker, *, compact: bool, lines: bool
) -> Iterator[ui.Item[Any]]:
    """The parts of a message, from top to bottom. `compact` gives cards no buttons but one select for each act."""
    budget = _Budget(message)
    yield from _text(budget.title)
    # The body tells about the list that follows; where there is no list it tells about the one paper above it.
    alone = message.about_one
    if not alone:
        yield from _text(budget.body)
    for number, card in enumerate(message.cards):
        if lines and (number or budget.title or budget.body) and not alone:
            yield ui.Separator()
        yield from _text(_card(card, budget.card, compact=compact))
        if not compact:
            yield from _rows([maker.button(button) for button in card.buttons])
    if alone:
        yield from _text(budget.body)
    yield from _media(message, files)
    yield from _selects(message, maker, compact=compact)
    yield from _rows([maker.button(button) for button in message.buttons])
    yield from _text(budget.footer)


class _Budget:
    """Shares the units of text out: title and footer first, then the body; the cards take even parts of the rest."""

    def __init__(self, message: Message) -> None:
        self.title = f"## {fit(message.title, TITLE)}" if fit(message.title, TITLE) else ""
        self.footer = _small(markdown(message.footer, FOOTER))
        left = TEXT - units(self.title) - units(self.footer) - units(_LEFT_OUT) - 20
        beside = BODY_BESIDE_CARDS if len(message.cards) > 1 else left // 2
        self.body = _body(message.body, beside if message.cards else left)
        self.card = (left - units(self.body)) // max(1, len(message.cards)) - 10


def _small(words: str) -> str:
    return f"-# {words}" if words else ""


def _body(paragraphs: tuple[Text, ...], limit: int) -> str:
    """The paragraphs, each on a line of its own, and how many are left out; the first is shortened if need be."""
    left = limit - _NOTE
    shown = [markdown(paragraphs[0], left)] if paragraphs else []
    for paragraph in paragraphs[1:]:
        line = markdown(paragraph, TEXT)
        left -= units(shown[-1]) + 1
        if units(line) > left:
            shown.append(f"-# … and {len(paragraphs) - len(shown)} more")
            break
        shown.append(line)
    return "\n".join(line for line in shown if line)


def _card(card: Card, limit: int, *, compact: bool) -> str:
    """A paper: title, who and when, what it says, and why it is here. What it says gives way first."""
    rank = f"{card.rank}\\. " if card.rank else ""
    heading = masked(card.title, card.url, min(limit - 10, 700)) or fit(card.paper_id, max(0, limit - 10))
    top = [f"### {rank}{heading}", _small(fit(card.byline, 200))]
    signs = " · ".join(part for part in (_signals(card), _why(card), _links(card) if compact else "") if part)
    bottom = [_small(signs)]
    left = limit - sum(units(line) + 1 for line in (*top, *bottom))
    by = f" *({escape(card.summary_by)})*" if card.summary_by else ""
    room = min(left - units(by) - 2, _DENSE) if compact else left - units(by) - 2
    summary = fit(card.summary, room) if left > units(by) + 20 else ""
    lines = [*top, summary + by if summary else "", *bottom]
    return _within("\n".join(line for line in lines if line), limit, top[0])


def _within(shown: str, limit: int, heading: str) -> str:
    """The whole text, or the heading alone where even the small lines are too long."""
    return shown if units(shown) <= limit else heading


def _signals(card: Card) -> str:
    return f"**{fit(card.signals, 120)}**" if card.signals else ""


def _why(card: Card) -> str:
    return f"💡 {fit(card.why, 220)}" if card.why else ""


def _links(card: Card) -> str:
    return "  ".join(masked(button.label, button.url, 300) for button in card.buttons if button.url)


def _text(content: str) -> Iterator[ui.Item[Any]]:
    if content:
        yield ui.TextDisplay(content)


def _rows(buttons: list[ui.Item[Any] | None]) -> Iterator[ui.Item[Any]]:
    """Rows of the buttons there are."""
    present = [button for button in buttons if button]
    for start in range(0, len(present), ROW):
        yield ui.ActionRow(*present[start : start + ROW])


def _selects(message: Message, maker: Maker, *, compact: bool) -> Iterator[ui.Item[Any]]:
    for select in (*message.selects, *(_acts(message.cards) if compact else ())):
        made = maker.select(select)
        if made:
            yield ui.ActionRow(made)


def _acts(cards: tuple[Card, ...]) -> Iterator[Select]:
    """For each thing the cards' buttons do a select that says to which paper."""
    labels = list(dict.fromkeys(b.label for card in cards for b in card.buttons if b.command.strip()))
    for label in labels:
        chosen = [(card, b) for card in cards for b in card.buttons if b.label == label and b.command.strip()]
        word = chosen[0][1].command.split(maxsplit=1)[0]
        same = [card for card, b in chosen if b.command == f"{word} {card.paper_id}"][:CHOICES]
        choices = tuple(
            Choice(f"{card.rank}. {card.title}" if card.rank else card.title, card.paper_id) for card in same
        )
        yield Select(f"{EMOJI.get(word, '')} {label} …", f"{word} {VALUE}", choices)


def _files(message: Message) -> list[discord.File]:
    """The files of a message: pictures and attachments, none too large, each with a name of its own."""
    contents = [(image.name, image.png, image.description) for image in message.images]
    contents += [(each.name, each.content, "") for each in message.attachments]
    fitting = [content for content in contents if 0 < len(content[1]) <= FILE_SIZE][:FILES]
    return [
        discord.File(
            io.BytesIO(content),
            f"{number}-{_file_name(name)}" if number else _file_name(name),
            description=cut(words, 1024) or None,
        )
        for number, (name, content, words) in enumerate(fitting)
    ]


def _file_name(name: str) -> str:
    """A name that Discord keeps as it is, so that components find the file by it."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("._")[-80:] or "file"


def _media(message: Message, files: list[discord.File]) -> Iterator[ui.Item[Any]]:
    pictures = {image.png for image in message.images}
    for file in files:
        content = file.fp.read()
        file.reset()
        if content in pictures:
            yield ui.MediaGallery(
                discord.MediaGalleryItem(f"attachment://{file.filename}", description=file.description)
            )
        else:
            yield ui.File(f"attachment://{file.filename}")
    left_out = len(message.images) + len(message.attachments) - len(files)
    if left_out:
        yield ui.TextDisplay(_LEFT_OUT)
