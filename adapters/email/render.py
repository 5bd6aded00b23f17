"""Message -> what a mail says, as text and as HTML. All escaping and all limits of mails are here and in `mime`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from adapters.email.mime import one_line
from adapters.email.signed_links import Links, Purpose
from bot.domain.messages import Card, Image, Message, Span, Text, link, plain, text
from bot.engine.summary import shorten

_TITLE, _LINE, _SUMMARY, _PARAGRAPH, _PREVIEW = 300, 500, 240, 4_000, 140
"""Characters of a title, of a line, of a summary, of a paragraph and of what an inbox shows of a mail."""

_BUTTONS = {"save": (Purpose.SAVE, "Save"), "dislike": (Purpose.LESS, "Less like this")}
"""The commands that a mail has links for, by the first word."""


@dataclass(frozen=True, slots=True)
class Link:
    """Something to press."""

    label: str
    url: str
    primary: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class LinkedCard:
    """A paper in a mail: its card, fit to be shown, with links that act for the reader."""

    card: Card
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class _Parts:
    """What both forms of a mail are made of; everything is fit to be shown."""

    title: str
    body: Sequence[Text]
    papers: Sequence[LinkedCard]
    links: Sequence[Link]
    footer: Sequence[Text]
    images: Sequence["Picture"] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture within a mail: by which ids it is shown on a light and on a dark page, and what it shows."""

    light: str
    dark: str
    description: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail in both forms; `pictures` are the PNGs that its HTML shows, by their ids."""

    subject: str
    text: str
    html: str
    pictures: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who reads a mail: the address, and the mailbox's name in links."""

    address: str
    tag: str


def render(message: Message, links: Links, reader: Recipient | None) -> Rendered:
    """A message as a mail. A reader has links that act for them; what is sent to an unproven address has none.

    Its pictures come within it, so nothing is loaded when it is opened.

    Its footer is left out: it tells of reactions, which mails do not have.
    """
    parts = _Parts(
        one_line(message.title, _TITLE) or "Paperboy",
        [_clean(paragraph) for paragraph in message.body],
        [_paper(card, links, reader) for card in message.cards],
        [Link(one_line(each.label, _LINE), each.url, each.primary) for each in message.buttons if _is_web(each.url)],
        _footer(links, reader),
        [_picture(number, image) for number, image in enumerate(message.images, start=1)],
    )
    return Rendered(parts.title, _as_text(parts), _as_html(parts), dict(_pictures(message.images, parts.images)))


def _picture(number: int, image: Image) -> Picture:
    light = f"picture-{number}@paperboy"
    dark = f"picture-{number}-dark@paperboy" if image.dark else ""
    return Picture(light, dark, one_line(image.description, _PARAGRAPH))


def _pictures(images: Iterable[Image], shown: Iterable[Picture]) -> Iterator[tuple[str, bytes]]:
    """The PNGs of a mail by their ids."""
    for image, picture in zip(images, shown, strict=True):
        yield picture.light, image.png
        if picture.dark:
            yield picture.dark, image.dark


def _paper(card: Card, links: Links, reader: Recipient | None) -> LinkedCard:
    clean = replace(
        card,
        title=one_line(card.title, _TITLE) or card.paper_id,
        heading=one_line(card.heading, _LINE),
        url=card.url if _is_web(card.url) else "",
        byline=one_line(card.byline, _LINE),
        summary=shorten(one_line(card.summary, _PARAGRAPH), _SUMMARY),
        summary_by=one_line(card.summary_by, _LINE),
        why=one_line(card.why, _LINE),
        signals=one_line(card.signals, _LINE),
        signals_url=card.signals_url if _is_web(card.signals_url) else "",
    )
    return LinkedCard(clean, tuple(_links(card, links, reader)))


def _links(card: Card, links: Links, reader: Recipient | None) -> Iterator[Link]:
    for button in (*card.buttons, *card.menu):
        command = button.command.partition(" ")[0]
        url = card.url if command == "show" else button.url
        if _is_web(url):
            yield Link(one_line(button.label, _LINE), url)
        elif reader and command in _BUTTONS:
            purpose, label = _BUTTONS[command]
            target = links.to(purpose, reader.tag, card.paper_id)
            yield Link(label, target, primary=button.primary, quiet=button in card.menu)


def _footer(links: Links, reader: Recipient | None) -> tuple[Text, ...]:
    if reader is None:
        return (text("Sent once, because somebody entered this address at ", link("Paperboy", links.page()), "."),)
    settings = links.to(Purpose.SETTINGS, reader.tag)
    unsubscribe = links.to(Purpose.UNSUBSCRIBE, reader.tag)
    return (
        text(f"For {reader.address}. ", link("Settings", settings), " · ", link("Unsubscribe", unsubscribe)),
        text("The links act on your behalf: remove them before you forward this mail."),
    )


def _clean(paragraph: Iterable[Span]) -> Text:
    """A paragraph of printable text whose links lead to the web or nowhere."""
    return tuple(
        replace(span, text=_spaced(span.text), url=span.url if _is_web(span.url) else "")
        for span in paragraph
        if span.text
    )


def _spaced(words: str) -> str:
    """One line of text that keeps the spaces at its ends, where it meets its neighbours."""
    middle = one_line(words, _PARAGRAPH)
    return f"{' ' if words[:1].isspace() else ''}{middle}{' ' if words[-1:].isspace() and middle else ''}"


def _is_web(url: str) -> bool:
    """Whether it is the address of a web page, with nothing in it that a page's address has not."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_clean = one_line(url, len(url)) == url and " " not in url
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and is_clean


def _as_html(parts: _Parts) -> str:
    heading, _, subheading = parts.title.partition(" · ")
    mail = {
        "title": parts.title,
        "heading": heading,
        "subheading": subheading,
        "preview": _preview(parts),
        "body": parts.body,
        "images": parts.images,
        "cards": [_paper_fields(paper) for paper in parts.papers],
        "links": parts.links,
        "footer": parts.footer,
    }
    return templates().get_template("mail.html").render(mail=mail)


def _paper_fields(paper: LinkedCard) -> dict[str, object]:
    """What the template shows of a paper; the facts stand on one line, apart so that none is cut where it wraps."""
    card = paper.card
    facts = [part for part in (*card.byline.split(" · "), card.summary_by if card.summary else "") if part]
    return {name: getattr(card, name) for name in (*card.__dataclass_fields__, "linked_signals")} | {
        "links": paper.links,
        "facts": facts,
    }


def _preview(parts: _Parts) -> str:
    """What an inbox shows beside the subject: what the papers are called, else how the mail begins."""
    named = "; ".join(paper.card.title for paper in parts.papers)
    return one_line(named or " ".join(map(plain, parts.body)), _PREVIEW)


def _as_text(parts: _Parts) -> str:
    shown = [picture.description for picture in parts.images]
    blocks = [parts.title, *map(_linked, parts.body), *shown, *map(_paper_text, parts.papers)]
    blocks += [f"{each.label}: {each.url}" for each in parts.links]
    blocks.append("-- \n" + "\n".join(map(_linked, parts.footer)))
    return "\n\n".join(filter(None, blocks)) + "\n"


def _linked(paragraph: Text) -> str:
    return "".join(f"{span.text} ({span.url})" if span.url else span.text for span in paragraph)


def _paper_text(paper: LinkedCard) -> str:
    card = paper.card
    number = f"{card.rank}. " if card.rank else ""
    by = card.summary_by if card.summary else ""
    linked = {each.url for each in paper.links}
    lines = [
        f"{card.heading}\n" if card.heading else "",
        f"{number}{card.title}",
        card.summary,
        f"→ {card.why}" if card.why else "",
        " · ".join(filter(None, (card.signals, card.byline, by))),
        card.url if card.url not in linked else "",
        *(f"{each.label}: {each.url}" for each in paper.links),
    ]
    return "\n".join(filter(None, lines))


@cache
def templates() -> Environment:
    """The templates of mails and pages. Everything that goes into them is escaped."""
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
