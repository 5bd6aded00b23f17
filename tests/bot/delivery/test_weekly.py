"""The weekly round-up, and its picture."""

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.delivery.composer import PostComposer
from bot.domain.charts import Chart, WeekChart
from bot.domain.deliveries import Delivery, Status
from bot.domain.destinations import Destination, Kind
from bot.domain.mailboxes import mailbox_place
from bot.domain.messages import Message, plain_text
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Signal, SignalKind
from bot.domain.people import Account, FeedbackAct, FeedbackKind, Place
from bot.library.app import App
from bot.ports import Batch, Plots

HERE = Place("slack", "T", "C1", "#papers")


class FakePlots:
    """Draws nothing, and remembers what it was to draw."""

    def __init__(self, *, broken: bool = False) -> None:
        self.drawn: list[tuple[Chart, bool]] = []
        self._broken = broken

    def draw(self, chart: Chart, *, dark: bool = False, kind: str = "png") -> bytes:
        if self._broken:
            raise RuntimeError("no font")
        self.drawn.append((chart, dark))
        return b"dark" if dark else b"light"


@pytest.fixture
async def paper(app: App) -> PaperId:
    """A paper that two people saved two days ago."""
    stored = (await app.store.papers_by_row([3]))[0].paper
    for name in ("ana", "ben"):
        person = await app.store.person(Account("slack", f"T/{name}"))
        at = app.clock.now() - timedelta(days=2)
        act = FeedbackAct(person, stored.id, FeedbackKind.SAVE, present=True, at=at, place=HERE.key)
        await app.store.give_feedback(act)
    return stored.id


async def written(app: App, plots: Plots | None = None, mailbox: Destination | None = None) -> Message:
    """The round-up of the channel today, or of a mailbox."""
    now, destination = app.clock.now(), mailbox or Destination(place=HERE)
    day = destination.local_day(now)
    claim = Delivery(
        number=1, destination=destination, kind=Kind.WEEKLY, day=day, status=Status.CLAIMED, claimed_at=now
    )
    [post] = (await PostComposer(app, plots=plots).compose([claim], now))[1]
    return post


async def test_the_round_up_is_what_was_saved_here(app: App, paper: PaperId) -> None:
    post = await written(app)
    assert [(card.paper_id, card.why) for card in post.cards] == [(paper, "saved by 2 people")]
    assert "2 saves here" in plain_text(post)
    assert "████" in plain_text(post)
    assert post.images == ()


async def test_with_a_picture_the_bars_are_in_it_and_its_words_say_the_same(app: App, paper: PaperId) -> None:
    await upvoted(app, paper, before=5, now=17)
    plots = FakePlots()
    post = await written(app, plots)
    [image] = post.images
    assert (image.png, image.dark) == (b"light", b"")
    assert "████" not in plain_text(post)
    [(chart, _)] = plots.drawn
    assert isinstance(chart, WeekChart)
    assert chart.title == "The week in #papers"
    assert list(chart.saves.values()) == [0, 0, 0, 0, 2, 0, 0]
    assert sum(chart.topics.values()) == 2
    assert [(gain.gained, gain.upvotes) for gain in chart.gains] == [(12, 17)]
    assert image.description == chart.description
    assert "2 saves here" in plain_text(post)


async def test_a_persons_own_round_up_is_what_they_saved(app: App, paper: PaperId) -> None:
    person = await app.store.person(Account("slack", "T/ben"))
    own = await written(app, None, Destination(place=Place("slack", "T", "@ben", private=True), person=person))
    assert [(card.paper_id, card.why) for card in own.cards] == [(paper, "saved by you")]
    assert "You saved 1 paper:" in plain_text(own)


async def test_a_mail_has_the_picture_for_a_dark_page_too(app: App, paper: PaperId) -> None:
    person = await app.store.person(Account("slack", "T/ana"))
    post = await written(app, FakePlots(), Destination(place=mailbox_place("ana@example.org"), person=person))
    assert [(image.png, image.dark) for image in post.images] == [(b"light", b"dark")]


async def upvoted(app: App, paper: PaperId, *, before: int, now: int) -> None:
    """Let a paper have been counted before the week, and now."""
    moment = app.clock.now()
    begins = datetime.combine(moment.date() - timedelta(days=6), time(), UTC)
    counts = [(begins, before), (moment, now)]
    signals = [Signal(paper, SignalKind.UPVOTES, at, value) for at, value in counts]
    await app.store.save_batch("test", Batch(signals=signals), now=moment)


async def test_a_week_without_saves_has_no_picture(app: App) -> None:
    plots = FakePlots()
    assert "Nothing was saved" in plain_text(await written(app, plots))
    assert plots.drawn == []


async def test_where_the_picture_fails_the_post_is_as_it_was_without(app: App, paper: PaperId) -> None:
    post = await written(app, FakePlots(broken=True))
    assert post == await written(app)
    assert [card.paper_id for card in post.cards] == [paper]
