"""What the bot says, as data: plain text with typed spans, cards, buttons, selects and images.

Nothing here is a platform's markup. An adapter's `render` turns a Message into what its platform understands and
escapes every text; `plain_text` is the form that can be read anywhere.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.paper_ids import PaperId

_UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)


class Style(StrEnum):
    """How a span of text stands out."""

    PLAIN = "plain"
    STRONG = "strong"
    EMPHASIS = "emphasis"
    CODE = "code"
    COMMAND = "command"
    """The name of a command in a list of them; where a command can be pressed it is shown in full."""
    QUIET = "quiet"
    EMOJI = "emoji"
    """One emoji in the platform's own form, such as `<:name:12>` on Discord or `:name:` on Slack."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style, perhaps a link.

    Where it tells a `moment` (UTC), a platform that knows its readers' time zones shows that in theirs instead.
    """

    text: str
    style: Style = Style.PLAIN
    url: str = ""
    moment: datetime | None = None


Text = tuple[Span, ...]


def text(*parts: str | Span) -> Text:
    """A text from strings and spans."""
    return tuple(Span(part) if isinstance(part, str) else part for part in parts if part)


def strong(words: str) -> Span:
    """Words that stand out."""
    return Span(words, Style.STRONG)


def full_stop(words: str) -> str:
    """What ends a sentence whose last words these are: nothing after a title that is a question or a sentence."""
    return "" if words.endswith((".", "?", "!", "…")) else "."


def code(words: str) -> Span:
    """Something to type, as it is typed."""
    return Span(words, Style.CODE)


def command_name(name: str) -> Span:
    """A command in a list of them, by its name alone: `digest me`."""
    return Span(name, Style.COMMAND)


def quiet(words: str) -> Span:
    """Words that are less important."""
    return Span(words, Style.QUIET)


def link(words: str, url: str) -> Span:
    """Words that lead somewhere."""
    return Span(words, url=url)


def marked(words: str) -> Text:
    """A text in which what is in `backquotes` becomes a code span."""
    return tuple(Span(part, Style.CODE if n % 2 else Style.PLAIN) for n, part in enumerate(words.split("`")) if part)


def printable(words: str) -> str:
    """A text without the control and direction characters that could take over a terminal."""
    return _UNPRINTABLE.sub("", words)


def plain(content: Iterable[Span]) -> str:
    """A text without its styles."""
    return "".join(span.text for span in content)


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: a link (`url`) or a command line to run (`command`), such as `save 2310.06825`."""

    label: str
    command: str = ""
    url: str = ""
    primary: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select."""

    label: str
    value: str
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Select:
    """A list to choose from; choosing runs `command` with the value in place of `{value}`."""

    label: str
    command: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Image:
    """A picture: PNG bytes and what it shows, in words; perhaps also as it is for `dark` pages."""

    png: bytes = field(repr=False)
    description: str
    name: str = "image.png"
    dark: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that comes with a message."""

    name: str
    content: bytes = field(repr=False)
    media_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Poll:
    """A question that people vote on until `closes_at` (UTC).

    A platform that has polls of its own shows one in place of the message's text and buttons.
    """

    question: str
    choices: tuple[str, ...]
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """Something that takes place at a moment (UTC), for platforms with a calendar of their own."""

    name: str
    description: str
    begins_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One paper, ready to show: every part is plain text, and any but the title may be empty.

    `menu` holds what is rarely pressed: a platform shows it behind a menu, or where the whole paper is shown. `heading`
    stands above the first card of a part of a list.
    """

    paper_id: PaperId
    title: str
    heading: str = ""
    url: str = ""
    byline: str = ""
    summary: str = ""
    summary_by: str = ""
    """Who wrote the summary when it is not the paper's own sentence, e.g. `AI summary`."""
    why: str = ""
    signals: str = ""
    signals_url: str = ""
    """Where the signals can be looked at; empty where there is no such page."""
    rank: int | None = None
    thumbnail: str = ""
    """The address of a small picture of the paper; a platform shows it from hosts it knows."""
    buttons: tuple[Button, ...] = ()
    menu: tuple[Button, ...] = ()

    @property
    def linked_signals(self) -> tuple[str, str]:
        """The first of the signals, which `signals_url` shows, and the rest; without an address all are the rest."""
        first, comma, rest = self.signals.partition(",")
        return (first, comma + rest) if self.signals_url else ("", self.signals)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One answer or post.

    `private`: only the person who asked sees it. `body` is made of paragraphs. `thread` asks for a thread under it, on
    platforms where one has to be opened; one that goes `inside` stands in the thread of the first message of its post.
    `dense` asks for cards that take little room. `mentions` are the ids of roles or user groups that are told of it:
    nobody else is ever mentioned. `renewed` is what the message whose button was pressed says from now on.
    """

    title: str = ""
    body: tuple[Text, ...] = ()
    cards: tuple[Card, ...] = ()
    buttons: tuple[Button, ...] = ()
    selects: tuple[Select, ...] = ()
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    footer: Text = ()
    private: bool = False
    thread: bool = False
    inside: bool = False
    dense: bool = False
    mentions: tuple[str, ...] = ()
    poll: Poll | None = None
    event: Event | None = None
    renewed: "Message | None" = None

    @property
    def about_one(self) -> bool:
        """Whether all of it is about one paper, so that the body reads better below the card than above it."""
        return len(self.cards) == 1 and not self.title


def plain_text(message: Message) -> str:
    """The whole message as text that reads well anywhere: notifications, screen readers, a terminal, a mail."""
    body, cards = [*map(plain, message.body)], [*map(_card_text, message.cards)]
    blocks = [message.title, *(cards + body if message.about_one else body + cards)]
    blocks += [image.description for image in message.images]
    blocks += [_attachment_text(attachment) for attachment in message.attachments]
    blocks += [plain(message.footer), button_line(message)]
    return "\n\n".join(block for block in blocks if block)


def button_line(message: Message) -> str:
    """`[More] [Forget me]`: the buttons under a message as text, where buttons cannot be shown."""
    return " ".join(f"[{button.label}]" for button in message.buttons if button.command)


def _card_text(card: Card) -> str:
    number = f"{card.rank}. " if card.rank else ""
    return _lines([card.heading, f"{number}{card.title}", card.byline, card.summary, card.why, card.signals, card.url])


def _attachment_text(attachment: Attachment) -> str:
    if attachment.media_type.startswith("text/"):
        return attachment.content.decode("utf-8", errors="replace")
    return attachment.name


def _lines(lines: Sequence[str]) -> str:
    return "\n".join(line for line in lines if line)
