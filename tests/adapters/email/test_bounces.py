"""What comes back: who is believed, what counts as for good, and that nobody is written to again."""

import asyncio
from datetime import timedelta

from aiohttp.test_utils import TestClient, TestServer

from adapters.email.bounce_reports import BounceReport
from adapters.email.bounces import Bounces
from adapters.email.signed_links import Links
from adapters.http import application
from bot.domain.deliveries import Status
from bot.domain.mailboxes import SOFT_BOUNCES, mailbox_place
from tests.support.email.bounces import send
from tests.support.email.reports import dsn
from tests.support.email.world import BASE, KEY, SECRET, YOU, Post

MAILBOX = mailbox_place(YOU).key


async def test_a_hard_bounce_ends_the_mails_and_the_page_never_begins_them_again(post: Post) -> None:
    await post.confirmed()
    tag = await post.store.mailbox_tag(MAILBOX)
    assert await send(post, dsn("5.1.1", to=f"bounces+{tag}@example.org")) == (200, '{"noted": 1}')
    mailbox = await post.store.destination(MAILBOX)
    assert mailbox
    assert not mailbox.enabled
    sent = len(post.mails())
    await post.subscribe()
    post.clock.moment += timedelta(days=1)
    await post.deliver()
    assert len(post.mails()) == sent


async def test_the_return_path_of_each_mailbox_is_its_own(post: Post) -> None:
    await post.confirmed()
    post.clock.moment += timedelta(hours=8, minutes=5)
    await post.deliver()
    tag = await post.store.mailbox_tag(MAILBOX)
    assert post.server.to(YOU)[-1].sender == f"bounces+{tag}@example.org"


async def test_a_full_mailbox_is_given_up_after_some_bounces_in_a_row(post: Post) -> None:
    await post.confirmed()
    tag = await post.store.mailbox_tag(MAILBOX)
    for number in range(SOFT_BOUNCES):
        mailbox = await post.store.destination(MAILBOX)
        assert mailbox
        assert mailbox.enabled, number
        await send(post, dsn("5.2.2", to=f"bounces+{tag}@example.org"))
    assert "5.2.2" in await post.store.suppression(YOU)


async def test_an_address_the_server_does_not_know_is_recorded_and_never_tried_again(post: Post) -> None:
    await post.confirmed()
    sent = len(post.mails())
    post.server.fail(YOU, "5xx at rcpt")
    post.clock.moment += timedelta(hours=8, minutes=5)
    for _ in range(3):
        await post.deliver()
        post.clock.moment += timedelta(days=1)
    assert len(post.mails()) == sent
    [upcoming] = await post.store.upcoming([MAILBOX])
    [delivery] = upcoming.deliveries
    assert (delivery.status, delivery.error) == (Status.FAILED, "550 5.1.1 no such user here")
    assert upcoming.next_run_at is None


async def test_a_report_that_names_nothing_of_ours_is_not_read(post: Post) -> None:
    await post.confirmed()
    assert await send(post, dsn("5.1.1")) == (200, '{"noted": 0}')
    assert not await post.store.suppression(YOU)


async def test_a_report_that_takes_very_long_is_refused_and_holds_nobody_up(post: Post) -> None:
    await post.confirmed()
    tag = await post.store.mailbox_tag(MAILBOX)
    nested = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (number, number) for number in range(3_000)
    )
    status, text = await send(post, b"To: bounces+%s@example.org\r\n" % tag.encode() + nested)
    assert (status, text) == (400, "This report cannot be read.\n")
    async with post.browser.get("/healthz") as answer:
        assert answer.status == 200


async def test_two_reports_are_read_at_a_time_however_many_come(post: Post) -> None:
    await post.confirmed()
    tag = await post.store.mailbox_tag(MAILBOX)
    begun: asyncio.Queue[bytes] = asyncio.Queue()
    may_end = asyncio.Event()

    async def read(body: bytes, _tag: str) -> list[BounceReport]:
        begun.put_nowait(body)
        await may_end.wait()
        return []

    bounces = Bounces(post.app, post.subscriptions, Links(BASE, [KEY], post.clock), SECRET, read)
    async with TestClient(TestServer(application(bounces.routes()))) as browser:
        report = dsn("5.1.1", to=f"bounces+{tag}@example.org")
        headers = {"Authorization": f"Bearer {SECRET}", "Content-Type": "message/rfc822"}
        sent = [asyncio.create_task(browser.post("/mail/bounces", data=report, headers=headers)) for _ in range(6)]
        for _ in range(2):
            await begun.get()
        async with browser.get("/healthz") as answer:
            assert answer.status == 200
        assert begun.empty()
        may_end.set()
        assert [(await each).status for each in sent] == [200] * 6
    assert begun.qsize() == 4
