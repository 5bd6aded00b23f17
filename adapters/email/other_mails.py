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


async def set_other_mails(
    store: DestinationStore, subscriptions: Subscriptions, mailbox: Destination, typed: str
) -> None:
    """Make the mails with names what was typed, a line each. Raises UserError for a line that cannot be understood."""
    known = {post.key: post for post in await store.posts_of(mailbox.place.key) if post.post}
    wished: dict[str, Destination] = {}
    for line in filter(None, map(str.strip, typed.splitlines())):
        found = _LINE.fullmatch(line)
        assert found, line
        new = named_mail(mailbox, read_name(found["name"]))
        wished[new.key] = parse_when(found["when"]).applied(known.get(new.key, new))
    if len(wished) > MOST_POSTS:
        raise UserError(f"A mailbox has up to {MOST_POSTS} mails with names.")
    for key in known.keys() - wished.keys():
        await store.remove_destination(key)
    for key, post in wished.items():
        if post != known.get(key):
            await subscriptions.save(post)
