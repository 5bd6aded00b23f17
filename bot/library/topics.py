"""Topics as people type them: which texts can be one."""

import re

from bot.domain.people import Topic
from bot.engine.query import parse_query
from bot.errors import UserError

LONGEST_TOPIC = 200
"""Characters of a topic."""

_LONGEST_LIST = 5000


def read_topic(typed: str, *, wanted: bool = True) -> Topic:
    """The topic that was typed. Raises UserError for one that is empty, too long, or no query."""
    text = " ".join(typed.split())
    if not 0 < len(text) <= LONGEST_TOPIC:
        raise UserError(f"A topic has from 1 to {LONGEST_TOPIC} characters; “{text[:40]}” does not.")
    parse_query(text)
    return Topic(text, wanted=wanted)


def read_topics(typed: str, *, wanted: bool = True) -> list[Topic]:
    """The topics that were typed, apart by commas, semicolons or lines outside of quotes. Raises UserError."""
    if len(typed) > _LONGEST_LIST:
        raise UserError(f"A list of topics has at most {_LONGEST_LIST:,} characters.")
    parts = [part.strip() for part in _BETWEEN_TOPICS.split(typed.strip())]
    return [read_topic(part, wanted=wanted) for part in parts if part] or [read_topic(typed, wanted=wanted)]


_BETWEEN_TOPICS = re.compile(r"[,;\n](?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")
