"""Names of people as files write them -> each as it is spoken, given name first."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from bot.domain.tex.reading import read_tex

_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_SUFFIX_APART = re.compile(rf",\s*{_SUFFIX.pattern}\s*(?:,|$)", re.IGNORECASE)
_NOT_NAMES = frozenset({"", "others", "et al", "et al.", "and others", "unknown", "(:unav)", "anonymous et al.", "n/a"})
_ET_AL = re.compile(r"[,;]?\s+(?:et al\.?|and others)$", re.IGNORECASE)
_DBLP_NUMBER = re.compile(r"\s+\d{4}$")
_INITIALS = re.compile(r"(?:\w\.[\s-]*)+|[A-Z]{1,3}|\w{2,}(?:[\s-]+\w\.)+")
"""`J.`, `J. R.`, `JR`, `Jane R.`: what can only be given names."""

_LETTERS = "[A-Za-zÀ-ÖØ-öø-ɏ]+"
_PLAIN = re.compile(rf"{_LETTERS}(?:(?:[ '-]|\.[ -]?){_LETTERS})*\.?")
_NO_FAMILY_NAMES = frozenset({"al", "al.", "others", "unknown"})
"""Last words of what is no name, or not all of one: `et al.`."""

_GROUP = re.compile(
    r"\b(?:collaborations?|consortium|groups?|team|teams|institutes?|universit\w+|organi[sz]ation|committee|labs?"
    r"|laborator(?:y|ies)|association|society|department|project|network|initiative|center|centre|council|agency"
    r"|foundation|academy|inc|gmbh|ltd)\b",
    re.IGNORECASE,
)
"""Words that people have not for a name: `Institute for Research and Development` is one author."""


def clean_name(name: str) -> str:
    """One name without what is none of it: DBLP's numbers, affiliations in brackets, punctuation around it."""
    outside = _without_brackets(name)
    name = _DBLP_NUMBER.sub("", " ".join(outside.split())).strip(" ,;:*†‡§¶")
    name = _ET_AL.sub("", name)
    return "" if name.lower() in _NOT_NAMES or not any(char.isalpha() for char in name) else name


def is_plain(name: str) -> bool:
    """Whether a name is sure to be as it is spoken already, as nearly all are: this costs less than to clean it."""
    return _PLAIN.fullmatch(name) is not None and name.rpartition(" ")[2].lower() not in _NO_FAMILY_NAMES


def plainly_parted(parts: Sequence[object]) -> str:
    """A name from family name, given names and an empty suffix, as it is spoken; empty where that is not sure."""
    if len(parts) < 3 or parts[2] or not (isinstance(parts[0], str) and isinstance(parts[1], str)):
        return ""
    name = f"{parts[1]} {parts[0]}"
    return name if is_plain(name) and not _SUFFIX.fullmatch(parts[1]) else ""


def is_group(name: str) -> bool:
    """Whether a name is that of an organisation or a collaboration rather than of a person."""
    return bool(_GROUP.search(name))


def given_name_first(name: str) -> str:
    """'Doe, Jane' -> 'Jane Doe'; 'Doe, Jr., Jane' and 'Jane Doe, Jr.' -> 'Jane Doe, Jr.'; any other name as it is."""
    parts = (_DBLP_NUMBER.sub("", " ".join(part.split())) for part in name.split(","))
    family, *rest = [part for part in parts if part] or [""]
    suffixes = [part for part in rest if _SUFFIX.fullmatch(part)]
    given = " ".join(part for part in rest if not _SUFFIX.fullmatch(part))
    return ", ".join((f"{given} {family}".strip(), *suffixes))


def spoken(names: Iterable[str]) -> tuple[str, ...]:
    """Names each of which stands alone, cleaned; one that is none is left out."""
    return tuple(filter(None, map(clean_name, names)))


def family_last(name: str) -> str:
    """A name that stands alone as it is spoken, cleaned; empty when it is none."""
    return clean_name(given_name_first(name)) if name.strip(" ,") else ""


def family_first(names: Iterable[str]) -> tuple[str, ...]:
    """Names each of which stands alone, as `Doe, Jane` where there is a comma."""
    return tuple(filter(None, map(family_last, names)))


def read_names(text: str) -> tuple[str, ...]:
    """The people in a line: 'A. One, B. Two and C. Three', 'Doe, J.; Roe, R.', 'Doe, Jane and Roe, Rick', 'Doe, J.'.

    Affiliations in brackets, as arXiv's lines of authors have them, are left out. A semicolon or a line break settles
    that commas stand within names.
    """
    if "\n" in text and "," not in text:
        text = text.replace("\n", ";")
    text = _ET_AL.sub("", " ".join(_without_brackets(text).split()).strip(" ;,"))
    if ";" in text:
        return family_first(text.split(";"))
    people = _AND.split(text)
    if len(people) > 1 and all(_is_family_first(person) for person in people):
        return family_first(people)
    if _is_one_reversed(text):
        return family_first([text])
    if pairs := _pairs(text):
        return family_first(pairs)
    return spoken(_joined_suffixes(part for person in _parted(text) for part in re.split(r"\s*,\s*", person)))


def _without_brackets(text: str) -> str:
    """A text without what stands in round brackets, however deep, and without the blanks before them."""
    if "(" not in text:
        return text
    out: list[str] = []
    opened: list[int] = []
    for part in re.split(r"([()])", text):
        if part == "(":
            opened.append(len(out))
        elif part == ")" and opened:
            del out[opened.pop() :]
            _strip_last(out)
            continue
        out.append(part)
    if opened:
        del out[opened[0] :]
        _strip_last(out)
    return "".join(out)


def _strip_last(parts: list[str]) -> None:
    """Remove the blanks that the last of some parts end in."""
    while parts and not parts[-1].rstrip():
        parts.pop()
    if parts:
        parts[-1] = parts[-1].rstrip()


def _is_family_first(person: str) -> bool:
    """Whether one of several people is written `Doe, Jane` or `King, Jr., Martin`, or is a group of one name."""
    commas = person.count(",")
    return commas == 1 or (commas == 2 and bool(_SUFFIX_APART.search(person))) or (not commas and is_group(person))


def _is_one_reversed(text: str) -> bool:
    """Whether all of a line is one name, `Doe, J.` or `Müller, Jörg`: a single word, then given names alone."""
    family, *rest = (part.strip() for part in text.split(","))
    if not rest or len(rest) > 2 or "." in family or " and " in text:
        return False
    given = [part for part in rest if not _SUFFIX.fullmatch(part)]
    if len(given) != 1 or is_group(text):
        return False
    return bool(_INITIALS.fullmatch(given[0])) or (" " not in family and " " not in given[0])


def _pairs(text: str) -> list[str]:
    """`Doe, J., Roe, R. and Poe, E. A.` as three; nothing where names and initials do not take turns."""
    parts = [part.strip() for part in re.split(r",|\s+and\s+|&", text) if part.strip()]
    families, given = parts[::2], parts[1::2]
    in_turns = len(families) == len(given) > 1 and all(re.fullmatch(r"(?:\w\.[\s-]*)+", initials) for initials in given)
    if not in_turns or any("." in family for family in families):
        return []
    return [f"{family}, {initials}" for family, initials in zip(families, given, strict=True)]


def _parted(text: str) -> list[str]:
    """A line at its `and`s, but for those within the name of a group."""
    joined: list[list[str]] = []
    ends_in_group = False
    for part in _AND.split(text):
        _, comma, last = part.rpartition(",")
        if ends_in_group and " " not in part.partition(",")[0].strip():
            joined[-1].append(part)
            ends_in_group = not comma or is_group(last)
        else:
            joined.append([part])
            ends_in_group = is_group(last)
    return [" and ".join(parts) for parts in joined]


def _joined_suffixes(parts: Iterable[str]) -> Iterator[str]:
    """Names, each with the `Jr.` that a comma parted from it."""
    waiting = ""
    for part in parts:
        if _SUFFIX.fullmatch(part) and waiting:
            waiting += f", {part}"
            continue
        if waiting:
            yield waiting
        waiting = part
    if waiting:
        yield waiting


# --- BibTeX


def bibtex_names(value: str) -> tuple[str, ...]:
    """The people of a BibTeX field: parted at `and` outside of braces, a name in braces being one word."""
    written = _split(" ".join(value.split()), _AND)
    return tuple(filter(None, (_known_name(each) if len(each) <= _SHORT else _bibtex_name(each) for each in written)))


_SHORT = 80
"""Characters of a name that is read once: the same people stand in many entries of a bibliography."""


@lru_cache(16_384)
def _known_name(name: str) -> str:
    return _bibtex_name(name)


def _bibtex_name(name: str) -> str:
    whole = name.strip()
    if whole.startswith("{") and _closing(whole) == len(whole) - 1 and not _is_accent(whole):
        return " ".join(read_tex(whole[1:-1], braces=True).split()) if whole.lower() != "{others}" else ""
    if whole.lower() == "others":
        return ""
    parts = [part for part in map(str.strip, _split(whole, re.compile(r","))) if part]
    return (
        clean_name(given_name_first(",".join(" ".join(read_tex(p, braces=True).split()) for p in parts)))
        if parts
        else ""
    )


def _is_accent(text: str) -> bool:
    return text.startswith("{\\")


def _closing(text: str) -> int:
    """Where the brace that a text begins with is closed; -1 where it is not."""
    depth = 0
    for at, char in enumerate(text):
        depth += {"{": 1, "}": -1}.get(char, 0)
        if not depth:
            return at
    return -1


def _split(text: str, pattern: re.Pattern[str]) -> list[str]:
    """A text parted at matches outside of braces."""
    if "{" not in text:
        return pattern.split(text)
    parts, begin, depth = [], 0, 0
    for match in re.finditer(rf"[{{}}]|{pattern.pattern}", text, pattern.flags):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth = max(0, depth - 1)
        elif not depth:
            parts.append(text[begin : match.start()])
            begin = match.end()
    return [*parts, text[begin:]]
