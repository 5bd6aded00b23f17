"""Papers -> an Atom feed (RFC 4287)."""

import re
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit
from xml.etree import ElementTree as ET

from bot.domain.messages import printable
from bot.domain.papers import Paper
from bot.library.cards import summarize
from bot.library.feeds import FeedPage
from bot.library.shelves import Kept

_ATOM = "http://www.w3.org/2005/Atom"
_NO_CHARACTERS = re.compile("[\ufffe\uffff]")
_IN_ADDRESSES = "%/:=&?~#+!$,;'@()*[]"
_FINGERPRINT = 16


def write_feed(page: FeedPage, address: str) -> bytes:
    """The feed, in UTF-8, as it is found at an address."""
    ET.register_namespace("", _ATOM)
    host = urlsplit(address).hostname or "paperboy"
    feed = ET.Element(_name("feed"))
    _add(feed, "id", f"tag:{host},2024:feed/{page.opened.fingerprint[:_FINGERPRINT]}")
    _add(feed, "title", page.opened.feed.title)
    _add(feed, "updated", _moment(page.updated))
    _link(feed, address, rel="self", type="application/atom+xml")
    _author(feed, "Paperboy")
    _add(feed, "generator", "Paperboy")
    for kept in page.papers:
        feed.append(_entry(kept, host))
    ET.indent(feed)
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _entry(kept: Kept, host: str) -> ET.Element:
    """A paper, by the number that it keeps here whatever ids it gets."""
    paper = kept.stored.paper
    entry = ET.Element(_name("entry"))
    _add(entry, "id", f"tag:{host},2024:paper/{kept.stored.row}")
    _add(entry, "title", paper.name)
    _add(entry, "updated", _moment(kept.at))
    for author in paper.authors:
        _author(entry, author)
    if paper.url:
        _link(entry, paper.url, rel="alternate")
    # Without a page to read it, what is said of it is all there is.
    _add(entry, "summary" if paper.url else "content", _summary(paper))
    for tag in kept.tags:
        ET.SubElement(entry, _name("category"), term=_clean(tag))
    return entry


def _summary(paper: Paper) -> str:
    summary, author = summarize(paper)
    return f"{author}: {summary}" if author else summary or paper.name


def _author(parent: ET.Element, name: str) -> None:
    _add(ET.SubElement(parent, _name("author")), "name", name)


def _link(parent: ET.Element, address: str, **more: str) -> None:
    ET.SubElement(parent, _name("link"), {"href": quote(_clean(address), safe=_IN_ADDRESSES), **more})


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, _name(name)).text = _clean(text)


def _clean(text: str) -> str:
    """A text on one line, without what XML cannot hold."""
    return _NO_CHARACTERS.sub("", " ".join(printable(text).split()))


def _name(name: str) -> str:
    return f"{{{_ATOM}}}{name}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
