"""Mails that ask for a confirmation."""

import re
from datetime import timedelta

import pytest

from tests.support.email.bounces import send
from tests.support.email.reports import dsn
from tests.support.email.world import YOU, Open, Post


async def test_a_letter_that_comes_back_is_the_last_one(post: Post) -> None:
    told = b'{"address": "nobody@example.org", "type": "bounce"}'
    assert await send(post, told, kind="application/json") == (200, '{"noted": 1}')
    await post.subscribe("nobody@example.org")
    await post.deliver()
    assert post.mails("nobody@example.org") == []


@pytest.mark.parametrize(("status", "hard"), [("5.1.1", True), ("4.2.2", False)])
async def test_the_report_of_a_letter_that_came_back_names_it(post: Post, status: str, *, hard: bool) -> None:
    await post.subscribe()
    await post.deliver()
    [letter] = post.server.to(YOU)
    assert await send(post, dsn(status, to=letter.sender.upper())) == (200, f'{{"noted": {int(hard)}}}')
    assert bool(await post.store.suppression(YOU)) == hard
    assert (await post.post(post.link("confirm")))[0] == (400 if hard else 200)


async def test_the_name_of_a_letter_cannot_be_guessed(post: Post) -> None:
    await post.subscribe()
    await post.deliver()
    [letter] = post.server.to(YOU)
    assert re.fullmatch(r"bounces\+a1-[0-9a-f]{20}@example\.org", letter.sender)
    for guessed in (letter.sender.replace("a1-", "a2-"), f"bounces+a1-{'0' * 20}@example.org"):
        assert await send(post, dsn("5.1.1", to=guessed)) == (200, '{"noted": 0}')
    assert await post.store.suppression(YOU) == ""


async def test_no_letter_goes_before_a_mail_that_is_due(post: Post) -> None:
    await post.confirmed("ana@example.org")
    for number in range(8):
        await post.subscribe(f"{number}@example.org")
    post.clock.moment += timedelta(days=1)
    assert await post.store.mails_due(now=post.clock.now())
    assert await post.email.confirmations.tick() == {}
    await post.deliver()
    assert not await post.store.mails_due(now=post.clock.now())
    assert {mail.recipient for mail in post.server.received[-8:]} == {f"{number}@example.org" for number in range(8)}


async def test_letters_leave_half_of_the_pace_to_mails(opened: Open) -> None:
    post = await opened(smtp_per_minute=6)
    for number in range(9):
        await post.subscribe(f"{number}@example.org")
    await post.email.confirmations.tick()
    assert len(post.server.received) <= 5
    assert not post.email.platform._mailer.wait()
