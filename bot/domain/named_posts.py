"""Posts with names: what may be a name, and what such a post is about."""

import re
from collections.abc import Sequence

from bot.domain.destinations import Destination
from bot.domain.people import Topic, quoted
from bot.errors import UserError

LONGEST_NAME = 40
"""Characters of the name of a post or a topic."""

MOST_POSTS = 10
"""Posts with names that a place may have."""

_NAME = re.compile(r"[^\W_][\w .+&/-]*")


def read_name(typed: str) -> str:
    """A name of a post or a topic as it was typed, without the quotes around it. Raises UserError."""
    name = " ".join(typed.translate(_QUOTES).split())
    if len(name) > LONGEST_NAME or not _NAME.fullmatch(name):
        raise UserError(
            f"“{name[:LONGEST_NAME]}” cannot be a name. It has up to {LONGEST_NAME} letters, digits and spaces."
        )
    return name


_QUOTES = str.maketrans(dict.fromkeys('"“”„‟'))


def topics_of_post(post: str, own: Sequence[Topic], shared: Sequence[Topic]) -> list[Topic]:
    """What a post with a name is about: its own topics, else the shared one of that name, else its name as a topic.

    `shared` are the topics of its channel or person: what these block is in none of their posts.
    """
    wanted = [topic for topic in own if topic.wanted]
    named = [topic for topic in shared if topic.wanted and topic.is_called(post)]
    blocked = [topic for topic in (*own, *shared) if not topic.wanted]
    return [*(wanted or named[:1] or [Topic(post)]), *blocked]


def of_post(destination: Destination) -> str:
    """What ends a command line that is about a post: ` post robotics`; nothing for the first of a place."""
    return f" post {quoted(destination.post)}" if destination.post else ""
