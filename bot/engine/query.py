"""What a person typed -> what the index is asked: `diffusion author:ho cat:cs.LG after:2024 -video`."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import Literal

from bot.domain.paper_ids import PaperId
from bot.domain.references import find_paper_ids, parse_paper_id
from bot.errors import QueryError
from bot.ports import Filters

Sort = Literal["relevance", "new", "top", "cited"]

_TOKEN = re.compile(
    r"""(?P<minus>-)?(?:(?P<field>[A-Za-z]+):(?!//))?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))""",
)
FIELDS = {
    "author": "author",
    "by": "author",
    "cat": "category",
    "category": "category",
    "source": "source",
    "journal": "journal",
    "venue": "journal",
    "after": "after",
    "since": "after",
    "before": "before",
    "until": "before",
    "sort": "sort",
}
"""How a field may be written -> the field."""
_LOOSE_FIELD = re.compile(rf"(?<![^\s-])((?:{'|'.join(FIELDS)}):) ", re.IGNORECASE)
"""A field with a space behind it: `after: 2024`."""
_NEARLY_FIELDS = {
    **dict.fromkeys(("categories", "subject"), "cat"),
    **dict.fromkeys(("au", "writer"), "author"),
    **dict.fromkeys(("year", "date", "from"), "after"),
    **dict.fromkeys(("ti", "title", "abs", "abstract"), ""),
}
"""Fields of other searches -> ours; an empty one for what needs no field."""
_SPACED_FIELD = re.compile(r"(?<![^\s-])([A-Za-z]{4,12}): ")
"""What may be a field with a space behind it; a title has a colon there, too."""
_LONGEST_FIELD, _UNKNOWN = 12, 5
"""Letters of a word that may be a field misspelt, and how many of a search are told."""
_CLOSE, _CLOSER = 0.8, 0.87
"""How like a field a word must be, from 0 to 1, to be taken for one misspelt: `science` is 0.83 like `since`."""
SYNTAX = frozenset('-":“”„‟«»「」『』＂–—−')
"""Without these a search is nothing but words."""
_LISTED = {"author": "authors", "category": "categories", "source": "sources", "journal": "journals"}
"""Fields that may stand several times -> where a query keeps them."""
_NEVER_EXCLUDED = frozenset({"after", "before", "sort"})
"""Fields that a minus cannot exclude."""

_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2}))?(?:[-/.](\d{1,2}))?")

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』＂", '"'))
"""What people and their keyboards put around a phrase, in any language."""

_PHONE_MINUS = re.compile(r"(?<!\S)[–—−](?=[^\s–—−])")
"""What a phone makes of the minus before a word."""


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed search: free text to rank by, filters to meet, an order, and the papers it names by id or link."""

    text: str = ""
    filters: Filters = Filters()
    sort: Sort = "relevance"
    paper_ids: tuple[PaperId, ...] = ()

    @property
    def words(self) -> str:
        """The text without the phrases, which the filters demand already."""
        left = f" {self.text} "
        for phrase in self.filters.phrases:
            left = left.replace(f" {phrase} ", " ", 1)
        return left.strip()


def parse_query(typed: str) -> Query:
    """Understand a search as typed.

    Free text, `"a phrase"`, `author:name`, `cat:cs.LG`, `source:biorxiv`, `journal:nature`, `after:2024-05` (from that
    day on), `before:2025` (up to the day before), `sort:new|top|cited|relevance`; a minus excludes a word, a phrase, an
    author, a category, a source or a journal. An id or a link of a paper names that paper, wherever it stands. An
    unknown field (`foo:bar`) is free text.

    Raises QueryError when a value cannot be understood, a minus means nothing, or nothing is left to search for.
    """
    typed = _plainly(typed)
    if typed.replace(" ", "").isalpha():  # Words alone, as nearly all topics are.
        return Query(text=typed)
    paper_id = parse_paper_id(typed)
    if paper_id and not _field_of(typed.partition(":")[0]):
        return Query(text=typed, paper_ids=(paper_id,))
    parsed = _Parser()
    for match in _tokens(typed):
        parsed.take(match)
    return replace(parsed.query(), paper_ids=tuple(find_paper_ids(typed)))


def filters_typed(typed: str) -> list[str]:
    """The parts of a search that only keep papers out, as they were typed: `after:2024`, `-video`, `"two words"`."""
    return [
        match[0]
        for match in _tokens(_plainly(typed))
        if match["minus"] or match["phrase"] is not None or _field_of(match["field"]) not in {None, "sort"}
    ]


def unknown_fields(typed: str) -> dict[str, str]:
    """The fields of a search that there are not, each with the one probably meant; empty where words alone say it.

    >>> unknown_fields("autor:mueller title:memory LoRA:lowrank cat:cs.LG")
    {'autor': 'author', 'title': ''}
    """
    typed = _plainly(typed)
    fields = [(match["field"], _CLOSE) for match in _tokens(typed)] + [
        (match[1], _CLOSER) for match in _SPACED_FIELD.finditer(typed)
    ]
    found: dict[str, str] = {}
    for name, close in fields:
        if not name or _field_of(name) or len(name) > _LONGEST_FIELD or len(found) >= _UNKNOWN:
            continue
        if (low := name.lower()) in _NEARLY_FIELDS:
            found.setdefault(name, _NEARLY_FIELDS[low])
        elif meant := get_close_matches(low, FIELDS, n=1, cutoff=close):
            found.setdefault(name, meant[0])
    return found


def _plainly(typed: str) -> str:
    """What was typed with one kind of quotes, of minus and of spaces."""
    return " ".join(_PHONE_MINUS.sub("-", typed.translate(_QUOTES)).split())


def _tokens(typed: str) -> Iterator[re.Match[str]]:
    return _TOKEN.finditer(_LOOSE_FIELD.sub(r"\1", typed))


def published_since(query: Query, day: date) -> Query:
    """The query, also limited to papers published on a day or later."""
    after = max(filter(None, (query.filters.after, day)))
    return replace(query, filters=replace(query.filters, after=after))


def _field_of(name: str | None) -> str | None:
    return FIELDS.get((name or "").lower())


class _Parser:
    """Collects the parts of a query, token by token."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.parts: dict[str, list[str]] = {}
        self.after: date | None = None
        self.before: date | None = None
        self.sort: Sort = "relevance"

    def take(self, match: re.Match[str]) -> None:
        field = _field_of(match["field"])
        quoted = match["phrase"] is not None
        value = (match["phrase"] if quoted else match["word"]).strip()
        if match["field"] and not field:
            value = f"{match['field']}:{value}"
        if not value:
            return
        if match["minus"] and field in _NEVER_EXCLUDED:
            raise QueryError(f"A date or an order cannot be excluded; drop the minus: `{match['field']}:{value}`.")
        match field:
            case "author" | "category" | "source" | "journal":
                self._add(("not_" if match["minus"] else "") + _LISTED[field], value)
            case "after":
                self.after = max(filter(None, (self.after, _first_day(value, "after"))))
            case "before":
                self.before = min(filter(None, (self.before, _first_day(value, "before"))))
            case "sort":
                self.sort = _sort(value)
            case _:
                self._take_text(value, minus=bool(match["minus"]), quoted=quoted)

    def _take_text(self, value: str, *, minus: bool, quoted: bool) -> None:
        if not any(char.isalnum() for char in value):
            return
        if minus:
            self._add("excluded", value)
            return
        if quoted:
            self._add("phrases", value)
        self.words.append(value)

    def _add(self, part: str, value: str) -> None:
        self.parts.setdefault(part, []).append(value)

    def query(self) -> Query:
        if self.after and self.before and self.after >= self.before:
            hint = "`before` is exclusive; name a later day." if self.after == self.before else "Swap the two dates?"
            raise QueryError(f"Nothing can be both after {self.after} and before {self.before}. {hint}")
        filters = Filters(
            **{part: tuple(dict.fromkeys(values)) for part, values in self.parts.items()},
            after=self.after,
            before=self.before,
        )
        if not self.words and not _selects(filters):
            raise QueryError("Say what to look for, e.g. `diffusion models author:ho after:2023`.")
        return Query(text=" ".join(self.words), filters=filters, sort=self.sort)


def _selects(filters: Filters) -> bool:
    """Whether filters alone say what to look for; exclusions do not."""
    named = filters.authors or filters.categories or filters.sources or filters.journals
    return bool(named or filters.after or filters.before)


def _sort(value: str) -> Sort:
    for order in ("relevance", "new", "top", "cited"):
        if value.lower() == order:
            return order
    raise QueryError(f"`sort:{value}` is not an order; use `sort:new`, `sort:top`, `sort:cited` or `sort:relevance`.")


def _first_day(value: str, field: str) -> date:
    """The first day of a year, a month or a day as typed."""
    match = _DATE.fullmatch(value)
    if match:
        year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
        if 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]:
            return date(year, month, day)
    raise QueryError(
        f"`{field}:{value}` is not a date; write `{field}:2024`, `{field}:2024-05` or `{field}:2024-05-31`."
    )
