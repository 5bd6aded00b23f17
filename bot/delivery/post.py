"""What a post says: pure functions from papers and a date to messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.domain.counts import counted
from bot.domain.dates import full_date, long_date
from bot.domain.destinations import Layout, Quiet
from bot.domain.emoji import KEYCAPS, EmojiSet, hint
from bot.domain.messages import Card, Image, Message, Text, code, quiet, text

Post = tuple[Message, ...]
"""One post: its messages in order. Empty when nothing is to be said."""

_BAR = 20
"""Characters of the longest bar of a chart."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What makes one destination's post its own.

    `post` is its name, where it has one. `subject` is what the papers are, `about` which topics they are about and how
    many are not. `nothing` is said when there are no papers, `notice` is what readers should know of the sources. It
    takes `messages` at most; None for any number.
    """

    day: date
    post: str = ""
    layout: Layout = Layout.CARDS
    threads: bool = False
    quiet: Quiet = Quiet.SAY
    own: bool = False
    subject: str = "Trending papers"
    about: str = ""
    notice: str = ""
    nothing: str = "No new papers today."
    emoji: EmojiSet = EmojiSet()
    messages: int | None = None


def compose(edition: Edition, cards: Sequence[Card]) -> Message:
    """The post in one message: a header, a card for each paper, or one honest line when there is none."""
    if not cards:
        return Message(title=_title(edition), body=_lines(edition.nothing))
    return Message(
        title=_title(edition),
        body=_lines(edition.about, edition.notice),
        cards=tuple(cards),
        footer=hint(edition.emoji),
        dense=edition.layout is Layout.COMPACT,
    )


def lay_out(edition: Edition, cards: Sequence[Card]) -> Post:
    """The post as its destination wants it: one message, or a short header and a message for each paper.

    The header's message takes the first papers where the platform would not take so many messages.
    """
    if not cards:
        return () if edition.quiet is Quiet.SKIP else (compose(edition, cards),)
    whole = compose(edition, cards)
    if edition.layout is Layout.COMPACT:
        return (replace(whole, footer=how_to_react(edition.emoji, cards)),)
    under_header = max(0, len(cards) + 1 - edition.messages) if edition.messages else 0
    first, rest = whole.cards[:under_header], whole.cards[under_header:]
    header = Message(
        title=whole.title,
        body=whole.body,
        cards=first,
        footer=whole.footer
        if len(first) < 2
        else text(*whole.footer, quiet(" Here "), *how_to_react(edition.emoji, first)),
        thread=edition.threads and len(first) == 1,
    )
    return (header, *(Message(cards=(card,), thread=edition.threads) for card in rest))


def round_up(edition: Edition, cards: Sequence[Card], saves: Mapping[date, int], picture: Image | None = None) -> Post:
    """The week's most saved papers, and how many saves (day -> count) each of its days had; a picture tells it."""
    first, last = edition.day - timedelta(days=6), edition.day
    title = f"The week's papers · {long_date(first)} to {long_date(last)}"
    if not cards:
        nothing = "You saved nothing this week." if edition.own else "Nothing was saved here this week."
        quiet_week = Message(title=title, body=_lines(nothing))
        return () if edition.quiet is Quiet.SKIP else (quiet_week,)
    total = sum(saves.values())
    line = f"You saved {counted(total, 'paper')}:" if edition.own else f"{counted(total, 'save')} here; the most saved:"
    days = [first + timedelta(days=n) for n in range(7)]
    bars = () if picture else chart({full_date(day)[:3]: saves.get(day, 0) for day in days})
    images = (picture,) if picture else ()
    footer = how_to_react(edition.emoji, cards)
    return (Message(title=title, body=(*bars, text(line)), cards=tuple(cards), images=images, footer=footer),)


def chart(values: Mapping[str, int]) -> tuple[Text, ...]:
    """A bar for each value, in text: it reads well on every platform, in a notification and aloud."""
    most = max(values.values(), default=0)
    width = max(map(len, values), default=0)
    return tuple(
        text(code(f"{label:<{width}} {'█' * -(-count * _BAR // most) if most else ''} {count}"))
        for label, count in values.items()
    )


def how_to_react(emoji: EmojiSet, cards: Sequence[Card]) -> Text:
    """What reactions to a message with all the cards do."""
    if len(cards) < 2:
        return hint(emoji)
    return text(quiet(f"1️⃣ to {list(KEYCAPS)[len(cards) - 1]} save the paper with that number."))


def _title(edition: Edition) -> str:
    subject = "Your papers" if edition.own else edition.subject
    if edition.post:
        subject = f"{subject}: {edition.post}" if edition.own else edition.post
    return f"{subject} · {full_date(edition.day)}"


def _lines(*lines: str) -> tuple[Text, ...]:
    return tuple(text(line) for line in lines if line)
