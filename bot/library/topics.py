"""Topics as people type them: which texts can be one."""

import re

from bot.domain.named_posts import read_name
from bot.domain.people import Topic
from bot.engine.query import parse_query
from bot.errors import UserError

LONGEST_TOPIC = 200
"""Characters of a topic."""

_LONGEST_LIST = 5000


def read_topic(typed: str, *, wanted: bool = True) -> Topic:
    """The topic that was typed, perhaps with a name: `diffusion`, `"graph neural" -survey cat:cs.LG as graphs`.

    Plain words may hold an `as` of their own (`language models as agents`): behind them a name stands in quotes.

    Raises UserError for one that is empty, too long, or no query, and for what cannot be a name.
    """
    text, name = _parted(" ".join(typed.split()))
    if not 0 < len(text) <= LONGEST_TOPIC:
        raise UserError(f"A topic has from 1 to {LONGEST_TOPIC} characters; “{text[:40]}” does not.")
    # In a list of topics a minus in front blocks all of the topic.
    text = _EXCLUDED_FIRST.sub(r"\2 \1", text)
    parse_query(text)
    return Topic(text, wanted, read_name(name) if name else "")


def _parted(typed: str) -> tuple[str, str]:
    """A query and the name after it; an `as` within quotes, or with several words behind it, is part of the query."""
    found = _NAMED.fullmatch(typed)
    if found is None or len(_QUOTE.findall(found["query"])) % 2:
        return typed, ""
    query, name = found["query"], found["name"]
    return (query, name) if _QUOTE.match(name) or parse_query(query).filters else (typed, "")


_EXCLUDED_FIRST = re.compile(r"\A((?:[-–—−](?:\"[^\"]*\"|[^\s\"])+ )*[-–—−](?:\"[^\"]*\"|[^\s\"])+) ([^-–—−].*)\Z")
_NAMED = re.compile(r"(?P<query>.*\S) as (?P<name>[^\s\"“”]{1,80}|[\"“„][^\"“”]{1,80}[\"“”])", re.IGNORECASE)
_QUOTE = re.compile('["“”„]')


def read_topics(typed: str, *, wanted: bool = True) -> list[Topic]:
    """The topics that were typed, apart by commas, semicolons or lines outside of quotes. Raises UserError."""
    if len(typed) > _LONGEST_LIST:
        raise UserError(f"A list of topics has at most {_LONGEST_LIST:,} characters.")
    parts = [part.strip() for part in _BETWEEN_TOPICS.split(typed.strip())]
    return [read_topic(part, wanted=wanted) for part in parts if part] or [read_topic(typed, wanted=wanted)]


_BETWEEN_TOPICS = re.compile(r"[,;\n](?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")
