"""What forms hold."""

from dataclasses import replace
from datetime import time

import pytest

from bot.domain.destinations import Scope
from bot.domain.people import Topic
from tests.support.email.pages import MAILBOX, filled
from tests.support.email.world import Post


async def test_settings_are_shown_changed_and_kept(post: Post, settings: str) -> None:
    _, page = await post.get(settings)
    assert filled(page) == {
        "at": "08:00",
        "days": "daily",
        "timezone": "Europe/Berlin",
        "count": "5",
        "topics": "",
        "scope": "topics-only",
        "follows": "",
        "others": "",
    }
    typed = {
        "at": "18:30",
        "days": "fri",
        "timezone": "Asia/Tokyo",
        "count": "3",
        "topics": 'diffusion\n"graph neural" -survey as "graphs"\n-crypto\n',
        "scope": "everything",
        "follows": "",
        "others": "",
    }
    status, page = await post.post(settings, do="save", **typed)
    assert (status, "Fri 23 Jan 2026, 18:30 Asia/Tokyo" in page) == (200, True)
    mailbox = await post.store.destination(MAILBOX)
    assert mailbox
    assert (mailbox.at, mailbox.timezone, mailbox.days) == (time(18, 30), "Asia/Tokyo", frozenset({4}))
    assert (mailbox.count, mailbox.scope) == (3, Scope.EVERYTHING)
    assert await post.store.topics(mailbox.owner) == [
        Topic("diffusion"),
        Topic('"graph neural" -survey', name="graphs"),
        Topic("crypto", wanted=False),
    ]
    _, page = await post.get(settings)
    assert filled(page) == {**typed, "topics": typed["topics"].strip()}
    await post.post(settings, do="save", **{**typed, "topics": "Crypto"})
    assert await post.store.topics(mailbox.owner) == [Topic("Crypto")]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("at", "25:00", "not a time of day"),
        ("timezone", "Mars/Olympus", "not a time zone"),
        ("days", "never", "is not a day or range of days"),
        ("days", "", "is not a day or range of days"),
        ("count", "11", "from 1 to 10"),
        ("count", "²", "from 1 to 10"),
        ("topics", "after:yesterday", "after:"),
        ("topics", "x" * 201, "A topic has"),
        ("topics", "-", "A topic has"),
        ("topics", "\n".join(f"topic {n}" for n in range(51)), "more than 50"),
    ],
)
async def test_a_mistake_in_the_settings_is_told_and_changes_nothing(
    post: Post, settings: str, field: str, value: str, told: str
) -> None:
    before = await post.store.destination(MAILBOX)
    typed = {"at": "09:00", "days": "daily", "timezone": "UTC", "count": "5", "topics": ""}
    status, page = await post.post(settings, do="save", **{**typed, field: value})
    assert (status, told in page) == (400, True)
    assert await post.store.destination(MAILBOX) == before
    assert await post.store.topics(before.owner if before else "") == []


async def test_days_that_no_list_has_are_kept(post: Post, settings: str) -> None:
    mailbox = await post.store.destination(MAILBOX)
    assert mailbox
    await post.subscriptions.save(replace(mailbox, days=frozenset({0, 2})))
    _, page = await post.get(settings)
    assert filled(page)["days"] == "mon,wed"
    assert "Mon, Wed" in page
