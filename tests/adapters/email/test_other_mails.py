"""The mails with names of a mailbox, in the form of its settings."""

from datetime import time

import pytest

from tests.support.email.pages import MAILBOX, filled
from tests.support.email.world import Post

TYPED = {
    "at": "08:00",
    "days": "daily",
    "timezone": "Europe/Berlin",
    "count": "5",
    "topics": "",
    "scope": "topics-only",
}


async def test_mails_with_names_are_added_changed_and_removed_line_by_line(post: Post, settings: str) -> None:
    lines = 'robotics 07:00 mon,thu\n"protein folding" 18:30 Tokyo weekdays'
    await post.post(settings, do="save", **TYPED, others=lines)
    _, page = await post.get(settings)
    assert sorted(filled(page)["others"].splitlines()) == ['"protein folding" 18:30 weekdays', "robotics 07:00 mon,thu"]
    first, folding, robotics = await post.store.posts_of(MAILBOX)
    assert (first.post, folding.post, robotics.post) == ("", "protein folding", "robotics")
    assert (folding.timezone, robotics.timezone) == ("Asia/Tokyo", "Europe/Berlin")
    assert robotics.person == first.person
    await post.post(settings, do="save", **TYPED, others="Robotics 06:00")
    _, robotics = await post.store.posts_of(MAILBOX)
    assert (robotics.at, robotics.days) == (time(6), frozenset({0, 3}))


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ("robotics 25:00", "is not a time of day"),
        ("09:00 robotics", "cannot be a name"),
        ("\n".join(f"post{number} 07:00" for number in range(11)), "up to 10 mails"),
    ],
)
async def test_a_line_that_is_no_mail_is_told_and_no_mail_is_changed(
    post: Post, settings: str, others: str, told: str
) -> None:
    await post.post(settings, do="save", **TYPED, others="graphs 07:00")
    status, page = await post.post(settings, do="save", **{**TYPED, "topics": "robots"}, others=others)
    assert (status, told in page) == (400, True)
    assert [each.post for each in await post.store.posts_of(MAILBOX)] == ["", "graphs"]
    assert await post.store.topics((await post.store.posts_of(MAILBOX))[0].owner) == []


async def test_a_form_of_before_changes_no_other_mail(post: Post, settings: str) -> None:
    await post.post(settings, do="save", **TYPED, others="graphs 07:00")
    await post.post(settings, do="save", **TYPED)
    assert [each.post for each in await post.store.posts_of(MAILBOX)] == ["", "graphs"]
