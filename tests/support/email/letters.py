"""Mails as bytes, and pages taken apart."""

from datetime import UTC, datetime
from email.headerregistry import Address
from html.parser import HTMLParser

from adapters.email.platform import MailFrom, Writer
from adapters.email.render import Recipient
from adapters.email.signed_links import Links
from bot.domain.messages import Button, Card, Message, text
from bot.domain.paper_ids import PaperId
from bot.runtime.clocks import StandingClock

NOW = datetime(2026, 1, 19, 8, 0, 5, tzinfo=UTC)

CLOCK = StandingClock(NOW)

LINKS = Links("https://papers.example.org", ["key"], CLOCK)

CARD = Card(
    paper_id=PaperId("2601.03236"),
    title="MAGMA: memory for agents",
    url="https://arxiv.org/abs/2601.03236",
    byline="Ana One, Ben Two · 6 Jan 2026",
    summary="It remembers.",
    summary_by="AI summary",
    why="matches “memory”",
    signals="▲ 46 upvotes",
    rank=1,
    buttons=(
        Button("Save", command="save 2601.03236", primary=True),
        Button("Abstract", command="show 2601.03236"),
        Button("Similar", command="similar 2601.03236"),
        Button("PDF", url="https://arxiv.org/pdf/2601.03236"),
    ),
    menu=(Button("Less like this", command="dislike 2601.03236"),),
)

DIGEST = Message(title="Your papers · Monday, 19 Jan 2026", cards=(CARD,), footer=text("🔖 saves a paper"))

SENDER = MailFrom(Address("Paperboy", "papers", "example.org"), "bounces@example.org")


class Tags(HTMLParser):
    """The elements of a page, with their attributes, and the text around them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._skipped = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._skipped = tag in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.text += data


def written(message: Message, to: str = "you@example.org", sender: MailFrom = SENDER) -> bytes:
    """The mail of a message."""
    return Writer(sender, LINKS, CLOCK).digest(Recipient(to, "tag"), message, "nonce-1")
