"""The daily mail on a server that misbehaves: everybody has it once, or it is on record why not."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

import pytest
import structlog

from adapters.email.smtp import Server
from adapters.email.wiring import Email, from_settings
from bot.chat.dispatch import Dispatcher
from bot.commands import registry
from bot.delivery.deliverer import Deliverer
from bot.delivery.post import Post as Papers
from bot.domain.deliveries import Delivery, Rules, Status
from bot.domain.destinations import Destination, Layout
from bot.domain.mailboxes import mailbox_place
from bot.domain.messages import Message
from bot.library.app import App
from storage.sql.store import SqlStore
from tests.support.databases import Sqlite
from tests.support.email.smtp_server import MailServer
from tests.support.email.world import YOU, Post, mail_settings, parse

DUE = datetime(2026, 1, 20, 7, tzinfo=UTC)
FAULTS = ["4xx at rcpt", "5xx at rcpt", "policy at rcpt", "4xx at data", "5xx at data", "cut after data", "cut at data"]
WEIGHTS = [12, 2, 2, 12, 2, 3, 3]
MAILBOXES = 100


@dataclass
class HandSet:
    """A clock that is set by hand."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


class OneLine:
    """Writes mails of one line."""

    async def awaits_papers(self, now: datetime) -> bool:
        return False

    async def compose(self, deliveries: Sequence[Delivery], now: datetime) -> Mapping[int, Papers]:
        return {each.number: (Message(title=f"Your papers · {each.day}"),) for each in deliveries}


@dataclass
class Bot:
    """A bot that mails, started anew whenever it is killed."""

    store: SqlStore
    app: App
    clock: HandSet
    server: MailServer
    started: list[Email] = field(default_factory=list)

    def start(self, grace: timedelta = Rules().grace, **changed: object) -> Deliverer:
        to = Server("127.0.0.1", self.server.port, "none")
        email = from_settings(mail_settings(**changed), self.app, Dispatcher(registry, self.app), to=to)
        self.started.append(email)
        rules = email.rules(disable_after=99, wait_for_papers=timedelta(0))
        return Deliverer(self.store, OneLine(), [email.platform], self.clock, replace(rules, grace=grace))

    async def open_mailboxes(self, count: int) -> list[Destination]:
        made = [
            Destination(place=mailbox_place(f"reader{number}@example.org"), at=time(7), chosen_layout=Layout.COMPACT)
            for number in range(count)
        ]
        for mailbox in made:
            await self.store.save_destination(mailbox, now=DUE - timedelta(hours=3))
        return made

    async def last(self, mailbox: Destination) -> Delivery:
        [upcoming] = await self.store.upcoming([mailbox.place.key])
        return upcoming.deliveries[0]


@pytest.fixture(autouse=True)
def quietly() -> Iterator[None]:
    """Without log lines: there are thousands."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


@pytest.fixture
async def bot(sqlite: Sqlite, server: MailServer) -> AsyncIterator[Bot]:
    clock = HandSet(DUE)
    async with await SqlStore.open(sqlite.migrated()) as store:
        app = App.over(store, None, clock, email=True)  # type: ignore[arg-type]
        bot = Bot(store, app, clock, server)
        yield bot
        for email in bot.started:
            await email.platform.close()


async def run_a_day(bot: Bot, **changed: Any) -> None:
    """The bot looks at what is due every half an hour, until the day is over."""
    deliverer = bot.start(**changed)
    for _ in range(2 * 17):
        await deliverer.tick()
        bot.clock.moment += timedelta(minutes=30)


async def test_mailboxes_due_at_once_have_one_mail_each_or_a_recorded_failure(bot: Bot, server: MailServer) -> None:
    random = Random(20260120)
    mailboxes = await bot.open_mailboxes(MAILBOXES)
    planned = {}
    for mailbox in mailboxes:
        address = mailbox.place.channel
        planned[address] = random.choices(FAULTS, WEIGHTS, k=random.choice([0, 0, 1, 1, 2]))
        server.fail(address, *planned[address])
    await run_a_day(bot)
    received = Counter(mail.recipient for mail in server.received)
    ends: Counter[str] = Counter()
    for mailbox in mailboxes:
        delivery, address = await bot.last(mailbox), mailbox.place.channel
        ends[delivery.status.value] += 1
        passing = [fault for fault in planned[address] if fault.startswith("4xx")]
        met = planned[address][: len(planned[address]) - len(server.faults[address])]
        match delivery.status:
            case Status.SENT:
                assert received[address] == 1
                assert met == passing == planned[address]
            case Status.FAILED:
                assert received[address] == 0
                assert delivery.error
                assert met[-1] in {"5xx at rcpt", "policy at rcpt", "5xx at data"}
            case Status.UNKNOWN:
                assert met[-1].startswith("cut")
                assert received[address] == (met[-1] == "cut after data")
            case other:
                pytest.fail(f"{address} ended {other}")
    assert max(received.values()) == 1
    assert ends["sent"] > MAILBOXES * 0.7
    assert min(ends["failed"], ends["unknown"]) > 3
    assert len({parse(mail.content)["Message-ID"] for mail in server.received}) == len(server.received)
    assert server.most_open <= mail_settings().smtp_connections


async def test_the_pace_is_kept_and_costs_no_attempts(bot: Bot, server: MailServer) -> None:
    mailboxes = await bot.open_mailboxes(100)
    deliverer = bot.start(smtp_per_minute=40)
    await deliverer.tick()
    assert len(server.received) == 40
    waiting = [await bot.last(mailbox) for mailbox in mailboxes]
    assert Counter(each.attempts for each in waiting) == {0: 100}
    assert Counter(each.status for each in waiting)[Status.SENT] == 40


async def test_a_mail_that_the_server_was_not_given_when_the_bot_stops_is_sent_later(
    bot: Bot, server: MailServer
) -> None:
    [mailbox] = await bot.open_mailboxes(1)
    asked, never = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        asked.set()
        await never.wait()

    server.slow_at_rcpt = slow
    deliverer = bot.start(grace=timedelta(0))
    ticking = asyncio.create_task(deliverer.tick())
    await asked.wait()
    deliverer.stop()
    await ticking
    server.slow_at_rcpt = None
    bot.clock.moment += timedelta(hours=1)
    await bot.start().tick()
    assert (await bot.last(mailbox)).status is Status.SENT
    assert len(server.received) == 1


async def test_a_bot_killed_while_a_mail_is_on_its_way_never_sends_it_again(bot: Bot, server: MailServer) -> None:
    [mailbox] = await bot.open_mailboxes(1)
    taken, never = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        taken.set()
        await never.wait()

    server.slow = slow
    ticking = asyncio.create_task(bot.start().tick())
    await taken.wait()
    ticking.cancel()
    await asyncio.gather(ticking, return_exceptions=True)
    server.slow = None
    bot.clock.moment += timedelta(hours=1)
    await bot.start().tick()
    assert (await bot.last(mailbox)).status is Status.UNKNOWN
    assert server.received == []


async def test_two_processes_share_the_mailboxes(bot: Bot, server: MailServer) -> None:
    await bot.open_mailboxes(60)
    await asyncio.gather(bot.start().tick(), bot.start().tick())
    assert Counter(Counter(mail.recipient for mail in server.received).values()) == {1: 60}


async def test_a_server_that_is_away_all_morning_is_waited_for(bot: Bot, server: MailServer) -> None:
    mailboxes = await bot.open_mailboxes(10)
    server.refuse_senders = True
    deliverer = bot.start()
    for _ in range(12):
        await deliverer.tick()
        bot.clock.moment += timedelta(minutes=10)
    assert server.received == []
    server.refuse_senders = False
    for _ in range(12):
        await deliverer.tick()
        bot.clock.moment += timedelta(minutes=10)
    assert {(await bot.last(mailbox)).status for mailbox in mailboxes} == {Status.SENT}
    assert len(server.received) == 10


async def test_a_mail_that_did_not_go_on_its_day_is_part_of_the_next(bot: Bot, server: MailServer) -> None:
    [mailbox] = await bot.open_mailboxes(1)
    server.fail(mailbox.place.channel, *["4xx at data"] * 40)
    await run_a_day(bot)
    bot.clock.moment += timedelta(hours=1)
    await bot.start().tick()
    delivery = await bot.last(mailbox)
    assert delivery.status is Status.SKIPPED
    assert "the next post covers it" in delivery.error


async def test_on_a_day_without_papers_there_is_no_mail(post: Post) -> None:
    await post.confirmed()
    post.clock.moment += timedelta(days=60, hours=9)
    sent = len(post.mails())
    await post.deliver()
    [upcoming] = await post.store.upcoming([mailbox_place(YOU).key])
    assert upcoming.deliveries[0].status is Status.SKIPPED
    assert len(post.mails()) == sent


async def one_unknown(bot: Bot) -> tuple[Destination, Deliverer]:
    """A mailbox of whose mail nobody knows whether it was taken."""
    [mailbox] = await bot.open_mailboxes(1)
    bot.server.fail(mailbox.place.channel, "cut at data")
    deliverer = bot.start()
    for _ in range(2):
        await deliverer.tick()
        bot.clock.moment += timedelta(hours=1)
    assert (await bot.last(mailbox)).status is Status.UNKNOWN
    return mailbox, deliverer


async def test_what_is_unknown_is_sent_again_when_somebody_says_so(bot: Bot, server: MailServer) -> None:
    mailbox, deliverer = await one_unknown(bot)
    await bot.store.resend(mailbox.place.key, now=bot.clock.now())
    await deliverer.tick()
    assert (await bot.last(mailbox)).status is Status.SENT
    assert len(server.received) == 1


async def test_what_is_unknown_is_not_sent_again_where_mails_came_back_meanwhile(bot: Bot, server: MailServer) -> None:
    mailbox, deliverer = await one_unknown(bot)
    await bot.store.suppress(mailbox.place.channel, "5.1.1", now=bot.clock.now())
    await bot.store.resend(mailbox.place.key, now=bot.clock.now())
    await deliverer.tick()
    delivery = await bot.last(mailbox)
    assert (delivery.status, delivery.error) == (Status.FAILED, "mail to it bounced or was reported as spam: 5.1.1")
    assert server.received == []
