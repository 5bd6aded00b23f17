"""BibTeX as a language: entries, their fields, strings joined by `#`. Tolerant: one bad entry costs no other.

Files of many hands break its rules, and every reader forgives others of them: an `@` that begins a line within a value,
two commas, a field twice, no key. Each is read as its writer meant it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

# A `+` behind a quantifier: it never gives back what it took. Otherwise runs of blanks cost their length squared.
_HEAD = re.compile(r"@\s*+([A-Za-z]++)\s*+([{(])")
_BETWEEN = re.compile(r"[\s,]*+")
_FIELD = re.compile(r"([^\s=,{}()\"#%'][^=,{}()\"]*+)=\s*+")
_PLAIN_FIELD = re.compile(r"[\s,]*+([A-Za-z_-]++)\s*+=\s*+(?:\{([^{}\\]*+)\}|(\d++))\s*+(?=,|$)")
"""A field of which there is no doubt, as most are: a value in braces with none in it, or a number."""

_KEY = re.compile(r"\s*+([^\s,={}\"]*+)\s*+(?=,|[})]|$)")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_BRACE_OR_BRACKET = re.compile(r"\\.|[{})]", re.DOTALL)
_BRACE_OR_QUOTE = re.compile(r"\\.|[{}\"]", re.DOTALL)
_AFTER_QUOTE = re.compile(r"\s*+(?:[,#]|$)")
_TO_COMMA = re.compile(r"[^,#{}\"\n]*+")
_BLANKS = re.compile(r"\s*+")
_BARE = re.compile(r"[^\s,#{}()\"]+")
_NEXT_ENTRY = re.compile(r"^[ \t]*+@\s*+[A-Za-z]++\s*+[{(]", re.MULTILINE)
_LONGEST_ENTRY = 1_000_000
"""Characters; what goes on for longer has no end."""

_PATIENCE = 20
"""After so many entries without an end, one ends at the latest where the next line begins with another."""

_MOST_WRITTEN_OUT = 16_000_000
"""Characters that abbreviations may become in one file: some are made of others, each twice as long."""

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
        self._line = _Line(source)
        self._endless = 0
        self._written_out = 0

    def entries(self) -> Iterator[BibtexEntry | BibtexError]:
        while head := _HEAD.search(self._source, self._at):
            kind = head[1].lower()
            line = self._line.of(head.start())
            if self._line.is_comment or (head.start() > 0 and self._source[head.start() - 1].isalnum()):
                self._at = head.end()  # `a@b{` in a line of text, or commented out.
                continue
            body = head.end()
            end = self._end(body, "}" if head[2] == "{" else ")")
            self._endless += end < 0
            is_entry = kind not in {"comment", "preamble"}
            if end < 0:
                if is_entry:
                    yield BibtexError(line, "the entry does not end")
                elif self._endless < _PATIENCE:
                    self._at = body
                    continue
                following = _NEXT_ENTRY.search(self._source, body)
                self._at = following.start() if following else len(self._source)
                continue
            self._at = body
            read = self._entry(line, kind, end) if is_entry else None
            self._at = end + 1
            if read:
                yield read

    def _end(self, at: int, closing: str) -> int:
        """Where an entry's closing brace or bracket stands; -1 where it has none before the next entry that has."""
        last = min(at + _LONGEST_ENTRY, len(self._source))
        if self._endless >= _PATIENCE and (following := _NEXT_ENTRY.search(self._source, at, last)):
            last = following.start()
        depth = 0
        for match in (_BRACE if closing == "}" else _BRACE_OR_BRACKET).finditer(self._source, at, last):
            char = match[0]
            if char == closing and not depth:
                return match.start()
            if char == "{":
                depth += 1
            elif char == "}":
                depth -= 1
                if depth < 0:
                    return -1
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
            self._skip(end, _BETWEEN)
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
            if plain := _PLAIN_FIELD.match(self._source, self._at, end):
                self._at = plain.end()
                name, value = plain[1].lower(), plain[plain.lastindex or 0]
            else:
                self._skip(end, _BETWEEN)
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
        written_out = self._strings.get(bare[0].lower())
        if written_out is not None and self._written_out < _MOST_WRITTEN_OUT:
            self._written_out += len(written_out)
            return written_out
        # Words without braces go on to the comma.
        rest = _TO_COMMA.match(self._source, self._at, end)
        self._at = rest.end() if rest else self._at
        return (bare[0] + (rest[0] if rest else "")).strip()

    def _delimited(self, opening: str, end: int) -> str:
        begin, depth, at = self._at + 1, 0, end
        for match in (_BRACE if opening == "{" else _BRACE_OR_QUOTE).finditer(self._source, begin, end):
            char = match[0]
            if not depth and char == ("}" if opening == "{" else '"') and self._closes(opening, match.start(), end):
                at = match.start()
                break
            if char == "{":
                depth += 1
            elif char == "}" and depth:
                depth -= 1
        self._at = at + 1
        return self._source[begin:at]

    def _closes(self, opening: str, at: int, end: int) -> bool:
        """Whether a quote ends its value: what follows is a comma, a `#`, or nothing."""
        return opening == "{" or bool(_AFTER_QUOTE.match(self._source, at + 1, end))

    def _skip(self, end: int, what: re.Pattern[str] = _BLANKS) -> None:
        skipped = what.match(self._source, self._at, end)
        self._at = skipped.end() if skipped else self._at


class _Line:
    """Lines of a text at places that are asked for in order: going back to its beginning would take ever longer."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._number = 1
        self._place = 0
        self.is_comment = self._begins_comment(0)

    def of(self, place: int) -> int:
        """The number of the line at a place, from 1; `is_comment` says whether a `%` begins that line."""
        breaks = self._source.count("\n", self._place, place)
        if breaks:
            self._number += breaks
            self.is_comment = self._begins_comment(self._source.rfind("\n", self._place, place) + 1)
        self._place = place
        return self._number

    def _begins_comment(self, begin: int) -> bool:
        blanks = _BLANKS.match(self._source, begin)
        return self._source.startswith("%", blanks.end() if blanks else begin)
