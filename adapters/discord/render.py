"""Message -> what Discord shows: components v2, within all of its limits and with every text escaped."""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import discord
from discord import ui

from adapters.discord.components import CHOICES, EMOJI, VALUE, Maker
from adapters.discord.escape import as_code, cut, escape, fit, units
from adapters.discord.links import masked
from adapters.discord.spans import Code, markdown
from bot.domain.messages import Button, Card, Choice, Message, Select, Text
from bot.domain.thumbnails import safe_thumbnail

TEXT, COMPONENTS, ROW, FILES = 4000, 40, 5, 10
"""Units of text and components in a message, buttons in a row, files."""
FILE_SIZE = 10 * 1024 * 1024
"""Bytes of a file that every server takes."""
TITLE, FOOTER, BODY_BESIDE_CARDS, HEADING = 300, 400, 800, 100
ACCENT = discord.Colour(0xD9822B)
THREAD_NAME = 100

_SUMMARY, _BYLINE = 180, 90
"""Units of what a paper says in a list, and of who wrote it."""
_SHORTEST_SUMMARY = 100
"""A summary that would have to be cut to fewer units is left out."""
_MENTIONS = 5
_NOTE = 30
"""Units kept free for the note that something was left out."""
_LEFT_OUT = "-# A file was left out: it is empty or larger than Discord allows."


@dataclass(frozen=True, slots=True)
class _Form:
    """How a list is shown; what takes room is given up from one form to the next, until all of it fits."""

    thumbnails: bool = False
    lines: bool = False
    numbers: bool = False
    """Whether each paper has a button of its own, with its number on it; else one select holds them all."""


_FORMS = (
    _Form(thumbnails=True, lines=True, numbers=True),
    _Form(thumbnails=True, numbers=True),
    _Form(lines=True, numbers=True),
    _Form(numbers=True),
    _Form(),
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message ready to send: its components and the files they show.

    `kept` are command lines without pages, by the keys that buttons have in their place: keep them before it is sent.
    """

    view: ui.LayoutView
    files: list[discord.File] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)


def render(message: Message, code: Code = as_code) -> Rendered:
    """The message as components v2, with what is to be typed written by `code`.

    Of what exceeds Discord's limits the most important part stays.
    """
    files = _files(message)
    for form in _FORMS:
        maker = Maker()
        children = list(_children(message, files, maker, form, code))
        if _count(children) < COMPONENTS:
            break
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.Container(*_trimmed(children), accent_colour=ACCENT if message.title or message.cards else None))
    return Rendered(view, files, maker.kept)


def mentioned(message: Message) -> tuple[int, ...]:
    """The roles that a message mentions, a few at most; nothing else of it can be a mention."""
    return tuple(int(role) for role in message.mentions if role.isdecimal())[:_MENTIONS]


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
    message: Message, files: list[discord.File], maker: Maker, form: _Form, code: Code
) -> Iterator[ui.Item[Any]]:
    """The parts of a message, from top to bottom."""
    budget = _Budget(message, code)
    yield from _text(budget.mentions)
    yield from _text(budget.title)
    # The body is about the list that follows; where there is no list it is about the one paper above it.
    if not message.about_one:
        yield from _text(budget.body)
    yield from (_list(message, budget, maker, form) if len(message.cards) > 1 else _single(message, budget, maker))
    if message.about_one:
        yield from _text(budget.body)
    yield from _media(message, files)
    yield from _selects(message.selects, maker)
    yield from _rows([maker.button(button) for button in message.buttons])
    yield from _text(budget.footer)


def _single(message: Message, budget: "_Budget", maker: Maker) -> Iterator[ui.Item[Any]]:
    """One paper with its buttons under it."""
    for card in message.cards:
        yield from _beside(_card(card, budget.card), card.thumbnail)
        yield from _rows([maker.button(button) for button in card.buttons])


def _list(message: Message, budget: "_Budget", maker: Maker, form: _Form) -> Iterator[ui.Item[Any]]:
    """Several papers, and under them a row of numbered buttons and a select for what else can be done."""
    for number, (card, words) in enumerate(zip(message.cards, _said(message.cards, budget.card), strict=True)):
        if form.lines and (number or budget.title or budget.body):
            yield ui.Separator()
        yield from _text(_heading(card))
        yield from _beside(words, card.thumbnail if form.thumbnails else "")
    numbered = _numbered(message.cards) if form.numbers else []
    yield from _rows([maker.button(button) for button in numbered])
    pressed = {button.command for button in numbered}
    acts = [act for act in _acts(message.cards) if not any(act.line(card) in pressed for card in message.cards)]
    yield from _selects([act.select(message.cards) for act in _gathered(acts)], maker)


def _said(cards: Sequence[Card], limit: int) -> Iterator[str]:
    """What the papers of a list say, `limit` units each on average.

    What is left over goes to what they say, from the first on: a sentence that was cut short says less than none.
    """
    bare = [_row(replace(card, summary=""), limit) for card in cards]
    spare = limit * len(cards) - sum(map(units, bare))
    for card, words in zip(cards, bare, strict=True):
        full = _row(card, units(words) + spare)
        spare -= units(full) - units(words)
        yield full


def _beside(words: str, thumbnail: str) -> Iterator[ui.Item[Any]]:
    """A text, with a picture at its side where there is one."""
    url = safe_thumbnail(thumbnail)
    yield from [ui.Section(words, accessory=ui.Thumbnail(url))] if words and url else _text(words)


class _Budget:
    """Shares the units of text out: title and footer first, then the body; the cards take even parts of the rest."""

    def __init__(self, message: Message, code: Code) -> None:
        self.title = f"## {fit(message.title, TITLE)}" if fit(message.title, TITLE) else ""
        self.footer = _small(markdown(message.footer, FOOTER, code))
        self.mentions = " ".join(f"<@&{role}>" for role in mentioned(message))
        left = TEXT - units(self.mentions) - units(self.title) - units(self.footer) - units(_LEFT_OUT) - 20
        left -= sum(units(_heading(card)) for card in message.cards)
        beside = BODY_BESIDE_CARDS if len(message.cards) > 1 else left // 2
        self.body = _body(message.body, beside if message.cards else left, code)
        self.card = (left - units(self.body)) // max(1, len(message.cards)) - 10


def _heading(card: Card) -> str:
    """What stands above the first paper of a part of a list."""
    return f"## {fit(card.heading, HEADING)}" if fit(card.heading, HEADING) else ""


def _small(words: str) -> str:
    return f"-# {words}" if words else ""


def _body(paragraphs: tuple[Text, ...], limit: int, code: Code) -> str:
    """The paragraphs, each on a line of its own, and how many are left out; the first is shortened if need be."""
    left = limit - _NOTE
    shown = [markdown(paragraphs[0], left, code)] if paragraphs else []
    for paragraph in paragraphs[1:]:
        line = markdown(paragraph, TEXT, code)
        left -= units(shown[-1]) + 1
        if units(line) > left:
            shown.append(f"-# … and {len(paragraphs) - len(shown)} more")
            break
        shown.append(line)
    return "\n".join(line for line in shown if line)


def _card(card: Card, limit: int) -> str:
    """One paper: title, who and when, what it says, and why it is here."""
    bottom = _small(" · ".join(filter(None, (_signals(card), _why(card)))))
    return _lines(card, limit, _small(fit(card.byline, 200)), bottom)


def _row(card: Card, limit: int) -> str:
    """A paper of a list: title, what it says, and on one small line how it is received, why it is here, who and PDF."""
    small = (_signals(card), _why(card), fit(card.byline, _BYLINE), _links(card))
    return _lines(card, limit, "", _small(" · ".join(filter(None, small))), most=_SUMMARY)


def _lines(card: Card, limit: int, above: str, below: str, *, most: int = TEXT) -> str:
    """A paper's title and what it says in `most` units, which gives way first, between small lines.

    The title stands alone where even these are too long.
    """
    rank = f"{card.rank}\\. " if card.rank else ""
    heading = masked(card.title, card.url, min(limit - 10, 700)) or fit(card.paper_id, max(0, limit - 10))
    heading = f"### {rank}{heading}"
    left = limit - sum(units(line) + 1 for line in (heading, above, below))
    by = f" *({escape(card.summary_by)})*" if card.summary_by else ""
    room = min(left - units(by) - 2, most)
    summary = fit(card.summary, room) if room >= min(units(escape(card.summary)), _SHORTEST_SUMMARY) else ""
    shown = "\n".join(filter(None, (heading, above, summary + by if summary else "", below)))
    return shown if units(shown) <= limit else heading


def _signals(card: Card) -> str:
    first, rest = card.linked_signals
    linked = f"**{masked(first, card.signals_url, 250)}**" if first else ""
    return linked + fit(rest, 100)


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


def _selects(selects: Iterable[Select], maker: Maker) -> Iterator[ui.Item[Any]]:
    for select in selects:
        made = maker.select(select)
        if made:
            yield ui.ActionRow(made)


@dataclass(frozen=True, slots=True)
class _Act:
    """A thing that buttons of cards do: their label, and the word of their command."""

    label: str
    word: str

    def line(self, card: Card) -> str:
        """The command line for one paper."""
        return f"{self.word} {card.paper_id}"

    def select(self, cards: Sequence[Card]) -> Select:
        """A select that says to which paper."""
        fitting = [card for card in cards if any(each.command == self.line(card) for each in card.buttons)][:CHOICES]
        choices = tuple(
            Choice(f"{card.rank}. {card.title}" if card.rank else card.title, card.paper_id) for card in fitting
        )
        return Select(f"{EMOJI.get(self.word, '')} {self.label} …", f"{self.word} {VALUE}", choices)


_OPEN = "show"
"""The command that shows the whole paper, with all its buttons."""


def _acts(cards: Sequence[Card]) -> Iterator[_Act]:
    """What the cards' buttons do, each once, in their order."""
    pressed = [button for card in cards for button in card.buttons if button.command.strip()]
    for label in dict.fromkeys(button.label for button in pressed):
        command = next(button.command for button in pressed if button.label == label)
        yield _Act(label, command.split(maxsplit=1)[0])


def _gathered(acts: list[_Act]) -> list[_Act]:
    """One act in place of all where a paper can be opened: what else can be done with it stands there."""
    opening = next((act for act in acts if act.word == _OPEN), None)
    if opening is None:
        return acts
    labels = [opening.label, *(act.label.lower() for act in acts if act is not opening)]
    return [replace(opening, label=", ".join(labels))]


def _numbered(cards: Sequence[Card]) -> list[Button]:
    """For each card what its first button does, with the card's number on it; none unless every card has both."""
    first = [next((button.command for button in card.buttons if button.command.strip()), "") for card in cards]
    if not all(card.rank and command for card, command in zip(cards, first, strict=True)):
        return []
    return [Button(str(card.rank), command=command) for card, command in zip(cards, first, strict=True)]


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
