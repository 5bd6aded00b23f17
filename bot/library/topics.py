"""Topics as people type them: which texts can be one."""

from bot.domain.people import Topic
from bot.engine.query import parse_query
from bot.errors import UserError

LONGEST_TOPIC = 200
"""Characters of a topic."""


def read_topic(typed: str, *, wanted: bool = True) -> Topic:
    """The topic that was typed. Raises UserError for one that is empty, too long, or no query."""
    text = " ".join(typed.split())
    if not 0 < len(text) <= LONGEST_TOPIC:
        raise UserError(f"A topic has from 1 to {LONGEST_TOPIC} characters; “{text[:40]}” does not.")
    parse_query(text)
    return Topic(text, wanted=wanted)
