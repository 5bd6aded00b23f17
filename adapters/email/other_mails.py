"""The mails with names that a mailbox gets besides the first, as lines of a form: `robotics 07:00 mon,thu`."""

import re
from collections.abc import Sequence

from bot.domain.destinations import Destination
from bot.domain.named_posts import MOST_POSTS, read_name
from bot.domain.people import quoted
from bot.domain.when import days_value, parse_when
from bot.errors import UserError
from bot.library.subscriptions import Subscriptions, named_mail
from bot.ports import DestinationStore

_LINE = re.compile(r"(?P<name>\"[^\"]+\"|“[^”]+”|\S+)(?P<when>.*)")


def other_mails_text(posts: Sequence[Destination]) -> str:
    """The mails with names among the posts of a mailbox, a line each."""
    return "\n".join(f"{quoted(post.post)} {post.at:%H:%M} {days_value(post.days)}" for post in posts if post.post)


def read_other_mails(posts: Sequence[Destination], mailbox: Destination, typed: str) -> list[Destination]:
    """The mails with names that lines ask for, those of `posts` changed. Raises UserError for a line that is none."""
    known = {post.key: post for post in posts}
    wished: dict[str, Destination] = {}
    for line in filter(None, map(str.strip, typed.splitlines())):
        found = _LINE.fullmatch(line)
        assert found, line
        new = named_mail(mailbox, read_name(found["name"]))
        wished[new.key] = parse_when(found["when"]).applied(known.get(new.key, new))
    if len(wished) > MOST_POSTS:
        raise UserError(f"A mailbox has up to {MOST_POSTS} mails with names.")
    return list(wished.values())


async def set_other_mails(
    store: DestinationStore, subscriptions: Subscriptions, posts: Sequence[Destination], wished: Sequence[Destination]
) -> None:
    """Have a mailbox get these mails with names in place of those among its `posts`."""
    keys = {post.key for post in wished}
    for post in posts:
        if post.post and post.key not in keys:
            await store.remove_destination(post.key)
    for post in wished:
        if post not in posts:
            await subscriptions.save(post)
