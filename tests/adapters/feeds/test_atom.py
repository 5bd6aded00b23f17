"""Feeds as feed readers and XML tools take them."""

from dataclasses import replace
from datetime import UTC, datetime

import feedparser
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from adapters.feeds.atom import write_feed
from bot.domain.feeds import Collection, Feed, OpenFeed
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.library.feeds import FeedPage
from bot.library.shelves import Kept
from bot.ports import StoredPaper

NOW = datetime(2026, 1, 19, 12, 30, 15, 999, tzinfo=UTC)
ADDRESS = "https://papers.example.org/feeds/token-hidden.atom"
PAPER = Paper(
    id=PaperId("2310.00001"),
    title="On <graphs> & trees",
    abstract="We show that every graph without a cycle is a forest, and count them.",
    authors=("Ana One", "Ben Two"),
)


def page(*papers: Paper, title: str = "Your saved papers") -> FeedPage:
    opened = OpenFeed(Feed(1, Collection.ME, title=title), "f" * 64, NOW)
    return FeedPage(opened, [Kept(StoredPaper(7, 1, paper), NOW, tags=("club",)) for paper in papers], NOW)


def test_a_feed_reader_reads_what_a_paper_is() -> None:
    read = feedparser.parse(write_feed(page(PAPER), ADDRESS))
    assert not read.bozo
    assert read.version == "atom10"
    assert (read.feed.title, read.feed.id) == ("Your saved papers", f"tag:papers.example.org,2024:feed/{'f' * 16}")
    assert read.feed.updated == "2026-01-19T12:30:15Z"
    assert [(link.rel, link.href) for link in read.feed.links] == [("self", ADDRESS)]
    [entry] = read.entries
    assert entry.id == "tag:papers.example.org,2024:paper/7"
    assert (entry.title, entry.updated) == ("On <graphs> & trees", "2026-01-19T12:30:15Z")
    assert [author.name for author in entry.authors] == ["Ana One", "Ben Two"]
    assert (entry.link, entry.tags[0].term) == ("https://arxiv.org/abs/2310.00001", "club")
    assert entry.summary == PAPER.abstract


def test_the_same_feed_is_the_same_bytes() -> None:
    assert write_feed(page(PAPER), ADDRESS) == write_feed(page(PAPER), ADDRESS)


def test_a_paper_keeps_its_entry_when_it_gets_another_id() -> None:
    renamed = replace(PAPER, id=PaperId("doi:10.1000/a"))
    entries = [feedparser.parse(write_feed(page(paper), ADDRESS)).entries[0].id for paper in (PAPER, renamed)]
    assert entries[0] == entries[1]


def test_a_paper_without_a_page_has_content_as_the_standard_asks() -> None:
    body = write_feed(page(replace(PAPER, id=PaperId("title:00ff"))), ADDRESS)
    [entry] = feedparser.parse(body).entries
    assert "links" not in entry
    assert entry.content[0].value == PAPER.abstract


def test_an_address_with_any_character_is_a_valid_one() -> None:
    odd = replace(PAPER, id=PaperId('doi:10.1002/(sici)1<1::aid-a>3.0.co;2-"é'))
    [entry] = feedparser.parse(write_feed(page(odd), ADDRESS)).entries
    assert entry.link == "https://doi.org/10.1002/(sici)1%3C1::aid-a%3E3.0.co;2-%22%C3%A9"


@given(st.text(alphabet=st.characters(exclude_categories=[])))
def test_any_text_makes_well_formed_xml(text: str) -> None:
    paper = replace(PAPER, title=text, abstract=text, authors=(text,))
    body = write_feed(page(paper, title=text), ADDRESS)
    assert fromstring(body).tag == "{http://www.w3.org/2005/Atom}feed"
