"""What a reader by mail follows, in the form of the settings."""

import pytest

from bot.domain.follows import FollowKind
from tests.adapters.email.test_other_mails import TYPED
from tests.support.email.pages import MAILBOX, filled
from tests.support.email.world import Post

LINES = 'author:"Ada Lovelace"\nlab:deepmind\n"state space models" cat:cs.LG'


async def names(post: Post) -> list[str]:
    mailbox = await post.store.destination(MAILBOX)
    assert mailbox
    return [follow.name for follow in await post.store.follows(mailbox.owner, MAILBOX)]


async def test_what_is_followed_is_added_and_removed_line_by_line(post: Post, settings: str) -> None:
    await post.post(settings, do="save", **TYPED, follows=LINES)
    _, page = await post.get(settings)
    assert filled(page)["follows"].splitlines() == LINES.splitlines()
    mailbox = await post.store.destination(MAILBOX)
    assert mailbox
    author, lab, query = await post.store.follows(mailbox.owner, MAILBOX)
    assert [author.kind, lab.kind, query.kind] == [FollowKind.AUTHOR, FollowKind.LAB, FollowKind.QUERY]
    assert (author.owner, author.place, author.at_once) == (mailbox.owner, MAILBOX, False)
    await post.post(settings, do="save", **TYPED, follows='AUTHOR:"ada lovelace"\nlab:openai')
    kept, new = await post.store.follows(mailbox.owner, MAILBOX)
    assert (kept.number, kept.name, new.name) == (author.number, 'author:"Ada Lovelace"', "lab:openai")
    await post.post(settings, do="save", **TYPED, follows="")
    assert await names(post) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("graphs lab:deepmind", "stands alone"),
        ("author:", "Write a name after"),
        ("version:2699.00001", "2699.00001"),
        ("\n".join(f"lab:lab number {number}" for number in range(51)), "more than 50 things"),
    ],
)
async def test_a_line_that_cannot_be_followed_is_told_and_nothing_is_changed(
    post: Post, settings: str, line: str, told: str
) -> None:
    await post.post(settings, do="save", **TYPED, follows="lab:deepmind")
    status, page = await post.post(settings, do="save", **{**TYPED, "topics": "robots"}, follows=line)
    assert (status, told in page) == (400, True)
    assert await names(post) == ["lab:deepmind"]
    mailbox = await post.store.destination(MAILBOX)
    assert mailbox
    assert await post.store.topics(mailbox.owner) == []


async def test_a_form_of_before_changes_nothing_that_is_followed(post: Post, settings: str) -> None:
    await post.post(settings, do="save", **TYPED, follows=LINES)
    await post.post(settings, do="save", **TYPED)
    assert await names(post) == LINES.splitlines()
