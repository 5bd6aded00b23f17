"""What other programs make of what the bot hands over: BibTeX, RIS, CSL-JSON, and Atom."""

import json
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pybtex.database
import rispy
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from lxml import etree

_ATOM = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))


def pybtex_reads(content: bytes) -> Iterator[str]:
    """Each entry as its key, type, year and keywords."""
    for key, entry in pybtex.database.parse_bytes(content, "bibtex").entries.items():
        yield _line(key, entry.type, entry.fields.get("year"), entry.fields.get("keywords"))


def rispy_reads(content: bytes) -> Iterator[str]:
    """Each reference as its id, type, year and keywords."""
    for each in rispy.loads(content.decode()):
        yield _line(each["id"], each["type_of_reference"], each.get("year"), ", ".join(each.get("keywords", ())))


def citeproc_writes(content: bytes) -> Iterator[str]:
    """The bibliography that a citation processor makes, in its order."""
    items = json.loads(content)
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    for each in items:
        bibliography.register(Citation([CitationItem(each["id"])]))
    bibliography.sort()
    yield from map(str, bibliography.bibliography())


def feedparser_reads(content: bytes) -> Iterator[str]:
    """The title of a feed, and of each entry the day, the title and the tags."""
    read = feedparser.parse(content)
    assert not read.bozo, read.bozo_exception
    yield f"{read.feed.title} ({read.version})"
    for entry in read.entries:
        yield _line(entry.updated[:10], entry.title, ", ".join(tag.term for tag in entry.get("tags", ())))


def validator_says(content: bytes) -> Iterator[str]:
    """What is wrong with a feed by RFC 4287: by its grammar, and by the rules that stand beside it."""
    feed = etree.fromstring(content)
    _ATOM.validate(feed)
    problems = [str(error) for error in _ATOM.error_log]
    spaces = {"a": "http://www.w3.org/2005/Atom"}
    entries = feed.xpath("a:entry", namespaces=spaces)
    ids = [entry.xpath("string(a:id)", namespaces=spaces) for entry in entries]
    problems += [f"{each} comes twice" for each in sorted(set(ids)) if ids.count(each) > 1]
    for entry in entries:
        if not entry.xpath("a:content or a:link[not(@rel) or @rel='alternate']", namespaces=spaces):
            problems.append("an entry without content has no link to itself")
        if not entry.xpath("a:author or ../a:author", namespaces=spaces):
            problems.append("an entry has no author, nor has the feed")
    yield from problems or [f"valid, {len(entries)} entries"]


def _line(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)


READERS = {
    "pybtex": pybtex_reads,
    "rispy": rispy_reads,
    "citeproc": citeproc_writes,
    "feedparser": feedparser_reads,
    "validator": validator_says,
}
