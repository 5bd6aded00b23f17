"""BibTeX as a language: entries, their fields, strings joined by `#`. Tolerant: one bad entry costs no other.

Files of many hands break its rules, and every reader forgives others of them: an `@` that begins a line within a value,
two commas, a field twice, no key. Each is read as its writer meant it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_HEAD = re.compile(r"@\s*([A-Za-z]+)\s*([{(])")
_FIELD = re.compile(r"[\s,]*([^\s=,{}()\"#%'][^=,{}()\"]*?)\s*=\s*")
_KEY = re.compile(r"\s*([^\s,={}\"]*)\s*(?=,|[})]|$)")
_BARE = re.compile(r"[^\s,#{}()\"]+")
_NEXT_ENTRY = re.compile(r"^[ \t]*@\s*[A-Za-z]+\s*[{(]", re.MULTILINE)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]


@dataclass(frozen=True, slots=True)
class BibtexEntry:
    """An entry: its type and the names of its fields in lower case, values without their outer braces or quotes.

    Of a field that stands twice the first counts, and `repeated` names it. `line` is where it begins, from 1.
    """

    line: int
    kind: str
    key: str
    fields: dict[str, str] = field(default_factory=dict)
    repeated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BibtexError:
    """What stands where an entry should be and cannot be read."""

    line: int
    reason: str


def parse(source: str) -> Iterator[BibtexEntry | BibtexError]:
    """The entries of a bibliography in order; comments, preambles and prose between entries are passed over."""
    return _Parser(source).entries()


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._strings = {month: month for month in _MONTHS}

    def entries(self) -> Iterator[BibtexEntry | BibtexError]:
        while head := _HEAD.search(self._source, self._at):
            kind = head[1].lower()
            if self._is_prose(head.start(), kind):
                self._at = head.end()
                continue
            line = self._source.count("\n", 0, head.start()) + 1
            body = head.end()
            end = self._end(body, "}" if head[2] == "{" else ")")
            if kind in {"comment", "preamble"}:
                self._at = end + 1 if end >= 0 else body
                continue
            if end < 0:
                yield BibtexError(line, "the entry does not end")
                following = _NEXT_ENTRY.search(self._source, body)
                self._at = following.start() if following else len(self._source)
                continue
            self._at = body
            read = self._entry(line, kind, end)
            self._at = end + 1
            if read:
                yield read

    def _is_prose(self, start: int, kind: str) -> bool:
        """Whether an `@word{` stands within a line of text (`a@b{`), or is commented out."""
        begin = self._source.rfind("\n", 0, start) + 1
        before = self._source[begin:start].strip()
        return before.startswith("%") or (start > 0 and self._source[start - 1].isalnum())

    def _end(self, at: int, closing: str) -> int:
        """Where an entry's closing brace or bracket stands; -1 where it has none before the next entry that has."""
        depth = 0
        while at < len(self._source):
            char = self._source[at]
            if char == "\\":
                at += 2
                continue
            if char == closing and not depth:
                return at
            depth += {"{": 1, "}": -1}.get(char, 0)
            if depth < 0:
                return -1
            at += 1
        return -1

    def _entry(self, line: int, kind: str, end: int) -> BibtexEntry | BibtexError | None:
        if kind == "string":
            found, _ = self._fields(end)
            self._strings |= {name.lower(): value for name, value in found.items()}
            return None
        key = self._key(end)
        found, repeated = self._fields(end)
        if not found:
            return BibtexError(line, f"no fields in @{kind}")
        return BibtexEntry(line, kind, key, found, repeated)

    def _key(self, end: int) -> str:
        match = _KEY.match(self._source, self._at, end)
        if not match:
            # What stands there is a field already, as in EndNote's exports, or a key with a space.
            field_first = _FIELD.match(self._source, self._at, end)
            comma = self._source.find(",", self._at, end)
            if field_first or comma < 0:
                return ""
            key, self._at = self._source[self._at : comma].strip(), comma
            return key
        self._at = match.end()
        return match[1]

    def _fields(self, end: int) -> tuple[dict[str, str], tuple[str, ...]]:
        found: dict[str, str] = {}
        repeated: list[str] = []
        while self._at < end:
            match = _FIELD.match(self._source, self._at, end)
            if not match:
                # Not a field: go on behind the next comma.
                comma = self._source.find(",", self._at, end)
                self._at = comma + 1 if comma >= 0 else end
                continue
            self._at = match.end()
            name, value = match[1].strip().lower(), self._value(end)
            if found.get(name):
                repeated.append(name)
            else:
                found[name] = value
        return found, tuple(dict.fromkeys(repeated))

    def _value(self, end: int) -> str:
        parts: list[str] = []
        while self._at < end:
            self._skip(end)
            part = self._part(end)
            if part is None:
                break
            parts.append(part)
            self._skip(end)
            if not self._source.startswith("#", self._at):
                break
            self._at += 1
        return "".join(parts)

    def _part(self, end: int) -> str | None:
        char = self._source[self._at : self._at + 1]
        if char in {"{", '"'} and self._at < end:
            return self._delimited(char, end)
        bare = _BARE.match(self._source, self._at, end)
        if not bare:
            return None
        self._at = bare.end()
        if bare[0].lower() in self._strings:
            return self._strings[bare[0].lower()]
        # Words without braces go on to the comma.
        rest = re.compile(r"[^,#{}\"\n]*").match(self._source, self._at, end)
        self._at = rest.end() if rest else self._at
        return (bare[0] + (rest[0] if rest else "")).strip()

    def _delimited(self, opening: str, end: int) -> str:
        begin, depth = self._at + 1, 0
        at = begin
        while at < end:
            char = self._source[at]
            if char == "\\":
                at += 2
                continue
            if not depth and char == ("}" if opening == "{" else '"') and self._closes(opening, at, end):
                break
            depth = max(0, depth + {"{": 1, "}": -1}.get(char, 0))
            at += 1
        self._at = at + 1
        return self._source[begin : min(at, end)]

    def _closes(self, opening: str, at: int, end: int) -> bool:
        """Whether a quote ends its value: what follows is a comma, a `#`, or nothing."""
        return opening == "{" or bool(re.compile(r"\s*(?:[,#]|$)").match(self._source, at + 1, end))

    def _skip(self, end: int) -> None:
        while self._at < end and self._source[self._at].isspace():
            self._at += 1
