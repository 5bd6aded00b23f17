"""Mails to look at, with links to a server that stands for one's own."""

from email.headerregistry import Address
from pathlib import Path

from rich.console import Console
from rich.text import Text

from adapters.email.platform import MailFrom, Writer
from adapters.email.render import Recipient, render
from adapters.email.signed_links import Links
from bot.domain.messages import Message
from bot.ports import Clock

_READER = Recipient("you@example.org", "0123456789abcdef0123")
_SENDER = MailFrom(Address("Paperboy", "papers", "example.org"))


def _links(clock: Clock) -> Links:
    return Links("https://papers.example.org", ["a key that stands for one"], clock)


def show(message: Message, clock: Clock, console: Console) -> None:
    """Print what a mail says, as a mail program without HTML shows it."""
    rendered = render(message, _links(clock), _READER)
    console.print(Text(f"From: {_SENDER.address}\nTo: {_READER.address}\nSubject: {rendered.subject}\n", style="dim"))
    console.print(Text(rendered.text), soft_wrap=True)


def write(message: Message, clock: Clock, path: Path) -> None:
    """Write a mail as a web page, or where the file's name ends in `.eml` as the mail itself. Raises OSError."""
    links = _links(clock)
    if path.suffix.lower() == ".eml":
        path.write_bytes(Writer(_SENDER, links, clock).digest(_READER, message, "example"))
    else:
        path.write_text(render(message, links, _READER).html, encoding="utf-8")
