"""What a half-typed option may become."""

import asyncio
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.chat.registry import Completion, Registry
from bot.domain.categories import called, written
from bot.domain.messages import Choice
from bot.domain.papers import Paper
from bot.domain.people import Account, Place, person_key, private_talk
from bot.domain.references import parse_paper_id
from bot.domain.words import plain_words
from bot.domain.zones import zones_like
from bot.engine.query import FIELDS
from bot.errors import UserError
from bot.library.app import App
from bot.ports import ListedField, Rows

LIMIT = 10

_LOOKED_AT = 100
"""Papers among which titles and names are looked for."""

_UNDER_WAY = re.compile(r"(?P<before>(?:.*[\s-])?(?P<field>[A-Za-z]+):)(?P<value>[^:]*)", re.DOTALL)
_LAST_WORD = re.compile(r"(?P<before>(?:.*\s)?)(?P<word>[A-Za-z]{2,})$", re.DOTALL)
_LAST = 1_000_000
_FOLLOWED = re.compile(r"(?P<field>lab|cited-by|cites|citing):\s*\"?(?P<value>[^:\"]*)", re.IGNORECASE)
_FOLLOW_HINTS = {"lab:": "lab:NAME", "cited-by:": "cited-by:PAPER"}
_HINTS = {
    "author:": "author:NAME",
    "cat:": "cat:cs.LG",
    "source:": "source:biorxiv",
    "journal:": "journal:nature",
    "after:": "after:2024-05",
    "before:": "before:2025",
    "sort:": "sort:new, sort:top or sort:cited",
}


@dataclass(frozen=True, slots=True)
class Asker:
    """Who types an option and where, and what they gave for others already."""

    account: Account
    place: Place
    given: Mapping[str, str] = field(default_factory=dict)


async def complete(
    registry: Registry, app: App, kind: Completion, typed: str, asker: Asker | None = None
) -> list[Choice]:
    """Choices for what was typed so far, the likeliest first, at most `LIMIT`; a choice replaces all of it.

    What somebody follows and what posts there are is told to an `asker` alone.
    """
    match kind:
        case "papers":
            return await _papers(app, typed)
        case "queries" | "topics":
            return await _queries(app, typed, titles=kind == "queries")
        case "follows":
            return await _follows(app, typed)
        case "timezones":
            return [Choice(zone, zone) for zone in zones_like(typed)[:LIMIT]]
        case "commands":
            return _containing([command.name for command in registry], typed)
        case _:
            return _containing(await _names(app, kind, asker) if asker else [], typed)


def _containing(names: list[str], typed: str) -> list[Choice]:
    """The names with what was typed in them, those that begin with it first."""
    part = typed.casefold()
    found = [name for name in names if part in name.casefold()]
    found.sort(key=lambda name: not name.casefold().startswith(part))
    return [Choice(name, name) for name in found[:LIMIT]]


# --- papers


async def _papers(app: App, typed: str) -> list[Choice]:
    """Papers whose title goes on like this; where there is none, those a search finds."""
    if not typed.strip():
        return []
    if parse_paper_id(typed):
        return await _searched(app, typed)
    return await _titled(app, typed) or await _searched(app, typed)


async def _titled(app: App, typed: str) -> list[Choice]:
    """Papers with these words in the title: those that begin with them, the shortest first; then the newest."""
    words = plain_words(typed)
    papers = await _at(app, await asyncio.to_thread(app.index.titles_begun, typed, _LOOKED_AT))
    found = [(paper, plain_words(paper.title)) for paper in papers if _goes_on(plain_words(paper.title), words)]
    begins = " ".join(words)
    # Python's sort is stable: what does not begin so stays in the index's order.
    found.sort(key=lambda each: len(each[0].title) if " ".join(each[1]).startswith(begins) else _LAST)
    return [Choice(paper.title, paper.id) for paper, _ in found[:LIMIT]]


async def _searched(app: App, typed: str) -> list[Choice]:
    """What a search finds; nothing for what cannot be searched (yet)."""
    try:
        results = await app.library.search(typed, LIMIT)
    except UserError:
        return []
    return [Choice(result.stored.paper.title, result.stored.paper.id) for result in results]


async def _at(app: App, rows: Rows) -> list[Paper]:
    return [stored.paper for stored in await app.store.papers_by_row(rows.tolist())]


# --- searches


async def _queries(app: App, typed: str, *, titles: bool) -> list[Choice]:
    """The search with the author, category or order under way completed; else fields to go on with, and titles."""
    under_way = _UNDER_WAY.fullmatch(typed)
    completed = await _values(app, under_way["field"], under_way["value"]) if under_way else []
    if under_way and completed:
        return [Choice(under_way["before"] + label, under_way["before"] + value) for label, value in completed]
    return [*_fields(typed), *(await _papers(app, typed) if titles else [])][:LIMIT]


async def _values(app: App, field: str, typed: str) -> list[tuple[str, str]]:
    """What a field's half-typed value may become, as it is shown and as it is written."""
    match FIELDS.get(field.lower()):
        case "author":
            return [(_quoted(name), _quoted(name)) for name in await _authors(app, typed.lstrip('"'))]
        case "category":
            found = await _categories(app, typed)
            return [(f"{code} · {name}" if name else code, _quoted(code)) for code, name in found]
        case "source" | "journal" as listed:
            return [(name, _quoted(name)) for name in await _listed(app, listed, typed.lstrip('"'))]
        case "sort":
            return [(order, order) for order in ("new", "top", "cited") if order.startswith(typed)]
    return []


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


def _fields(typed: str) -> list[Choice]:
    """The fields that the last word may become."""
    last = _LAST_WORD.fullmatch(typed)
    if not last:
        return []
    fields = [field for field in _HINTS if field.startswith(last["word"].lower())]
    return [Choice(last["before"] + _HINTS[field], last["before"] + field) for field in fields]


async def _authors(app: App, typed: str) -> list[str]:
    """Names that go on like this, those of most papers first; a whole word counts twice."""
    words = plain_words(typed)
    papers = await _at(app, await asyncio.to_thread(app.index.authors_begun, typed, _LOOKED_AT))
    names = Counter(name for paper in papers for name in paper.authors if _goes_on(plain_words(name), words))
    whole = {name for name in names if set(words) <= set(plain_words(name))}
    return sorted(names, key=lambda name: -names[name] * (2 if name in whole else 1))[:LIMIT]


async def _categories(app: App, typed: str) -> list[tuple[str, str]]:
    """Categories, as they are written and called, whose code or name goes on like this; the largest first."""
    part = typed.casefold()
    known = await asyncio.to_thread(app.index.values, "category")
    begun = [key for key in known if key.startswith(part)]
    named = [
        key for key in known if not key.startswith(part) and _goes_on(plain_words(called(key)), plain_words(typed))
    ]
    return [(written(key), called(key)) for key in [*begun, *named][:LIMIT]]


async def _listed(app: App, field: ListedField, typed: str) -> list[str]:
    """Sources or journals whose name goes on like this, those of most papers first."""
    known = await asyncio.to_thread(app.index.values, field)
    part = typed.casefold()
    return [name for name in known if name.startswith(part) or _goes_on(plain_words(name), plain_words(typed))][:LIMIT]


# --- what is followed


async def _follows(app: App, typed: str) -> list[Choice]:
    """What can be followed: a lab, the citing papers of one, or as in a search."""
    named = _FOLLOWED.fullmatch(typed)
    if named and named["field"].lower() == "lab":
        return [Choice(f"lab:{_quoted(lab)}", f"lab:{_quoted(lab)}") for lab in await _labs(app, named["value"])]
    if named:
        return [
            Choice(f"cited by {each.label}", f"cited-by:{each.value}") for each in await _papers(app, named["value"])
        ]
    hints = [Choice(hint, value) for value, hint in _FOLLOW_HINTS.items() if typed and value.startswith(typed.lower())]
    return [*hints, *await _queries(app, typed, titles=False)][:LIMIT]


async def _labs(app: App, typed: str) -> list[str]:
    """Labs of the last half year whose name goes on like this, those of most papers first."""
    words = plain_words(typed)
    return [lab for lab in await app.library.labs() if not words or _goes_on(plain_words(lab), words)][:LIMIT]


async def _names(app: App, kind: Completion, asker: Asker) -> list[str]:
    """What is followed by who asks, or by the channel where they say so; or the names of the channel's posts."""
    if kind == "posts":
        return [post.post for post in await app.store.posts_of(asker.place.key) if post.post]
    if kind == "followed here" or asker.given.get("where") == "channel":
        found = await app.store.follows(asker.place.key, asker.place.key)
    elif await app.store.is_known(asker.account):
        talk = asker.place if asker.place.private else private_talk(asker.account)
        found = await app.store.follows(person_key(await app.store.person(asker.account)), talk.key)
    else:
        found = []
    return [each.name for each in found]


# --- words


def _goes_on(words: Sequence[str], typed: Sequence[str]) -> bool:
    """Whether all words typed are among the words, the last perhaps as the beginning of one."""
    return bool(typed) and set(typed[:-1]) <= set(words) and any(word.startswith(typed[-1]) for word in words)
