"""Files of lines with tags, as reference managers write them -> flat records: RIS, PubMed, EndNote, Web of Science."""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from adapters.sources import fields
from adapters.sources.records import Entry, RecordError
from bot.domain.paper_ids import arxiv_id, is_arxiv
from bot.domain.papers import PaperKind
from bot.domain.references import find_paper_ids

_RIS = re.compile(r"(?P<tag>[A-Z][A-Z0-9])  ?- ?(?P<value>.*)")
_PUBMED = re.compile(r"(?P<tag>[A-Z]{2,4}) *- (?P<value>.*)")
_ENDNOTE = re.compile(r"%(?P<tag>[A-Z0-9@!?$&^~*+#(\[<>])(?:\s(?P<value>.*))?")
_WEB_OF_SCIENCE = re.compile(r"(?P<tag>[A-Z][A-Z0-9])(?: (?P<value>.*))?")

_Tags = Mapping[str, list[str]]


@dataclass(slots=True)
class _Record:
    """The values of one record by their tags, in order; `line` is where it begins."""

    line: int
    tags: dict[str, list[str]] = field(default_factory=dict)
    last: str = ""

    def add(self, tag: str, value: str) -> None:
        self.tags.setdefault(tag, []).append(value.strip())
        self.last = tag

    def go_on(self, value: str) -> None:
        """A line without a tag belongs to the one before; a keyword or an author is one a line."""
        if not self.last or not value.strip():
            return
        if self.last in _ONE_A_LINE:
            self.tags[self.last].append(value.strip())
        elif len(self.tags[self.last][-1]) < _LONGEST_VALUE:
            self.tags[self.last][-1] = f"{self.tags[self.last][-1]} {value.strip()}".strip()


_LONGEST_VALUE = 100_000
"""Characters; what goes on for longer is no text of a paper."""

_ONE_A_LINE = frozenset({"KW", "AU", "AF", "A1"})


_OF_A_PAPER = frozenset({"TI", "T1", "AU", "A1", "JO", "JF", "T2", "PY", "ID"})
"""With one of these a record of RIS begins whose `TY` is missing."""


def read_ris(text: str) -> Iterator[tuple[str, Entry]]:
    """The records of RIS, each from `TY` to `ER` or to the next `TY`, which may be missing after an `ER`."""
    for record in _records(text, _RIS, begins=frozenset({"TY"}), ends=frozenset({"ER"}), opens_too=_OF_A_PAPER):
        yield str(record.line), _of_ris(record.tags)


def read_pubmed(text: str) -> Iterator[tuple[str, Entry]]:
    """The records of MEDLINE (`.nbib`), apart by blank lines."""
    for record in _records(text, _PUBMED, begins=frozenset({"PMID", "OWN"}), ends=frozenset(), blank_ends=True):
        yield str(record.line), _of_pubmed(record.tags)


def read_endnote(text: str) -> Iterator[tuple[str, Entry]]:
    """The records of EndNote's own tags (`%0 Journal Article`)."""
    for record in _records(text, _ENDNOTE, begins=frozenset({"0"}), ends=frozenset(), blank_ends=True):
        yield str(record.line), _of_endnote(record.tags)


def read_web_of_science(text: str) -> Iterator[tuple[str, Entry]]:
    """The records of Web of Science's tags, from `PT` to `ER`."""
    for record in _records(text, _WEB_OF_SCIENCE, begins=frozenset({"PT"}), ends=frozenset({"ER"})):
        yield str(record.line), _of_web_of_science(record.tags)


def _records(
    text: str,
    tagged: re.Pattern[str],
    *,
    begins: frozenset[str],
    ends: frozenset[str],
    blank_ends: bool = False,
    opens_too: frozenset[str] = frozenset(),
) -> Iterator[_Record]:
    current: _Record | None = None
    blank = False
    lines = (written.replace("\ufeff", "").rstrip() for written in io.StringIO(text, newline=None))
    for number, line in enumerate(lines, 1):
        match = tagged.fullmatch(line.lstrip() if tagged is _RIS else line)
        if not line:
            blank = True
            continue
        opens = match and (match["tag"] in begins or (blank_ends and blank))
        if current is not None and opens and current.tags.keys() - begins:
            yield current
            current = None
        blank = False
        if match is None:
            if current is not None:
                current.go_on(line)
        elif match["tag"] in ends:
            if current is not None:
                yield current
            current = None
        elif current is None and not (opens or match["tag"] in opens_too):
            continue  # A heading of the file.
        else:
            current = current or _Record(number)
            current.add(match["tag"], match["value"] or "")
    if current is not None:
        yield current


def _first(tags: _Tags, *names: str) -> str | None:
    return next((value for name in names for value in tags.get(name, ()) if value), None)


def _all(tags: _Tags, *names: str) -> list[str]:
    return next(([value for value in tags[name] if value] for name in names if any(tags.get(name, ()))), [])


_OF_PUBMED = re.compile("pubmed|medline", re.IGNORECASE)
"""Databases whose accession numbers are those of PubMed."""
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>;]+")


def _doi(tags: _Tags, *names: str) -> str | None:
    """The DOI under the first of some tags that has one, also as a link."""
    found = (_DOI.search(value) for name in names for value in tags.get(name, ()))
    return next((match[0].rstrip(".,") for match in found if match), None)


def _arxiv(tags: _Tags, *names: str) -> str | None:
    """The arXiv id that a link is to, or that is all that a remark says."""
    for value in (value for name in names for value in tags.get(name, ())):
        if bare := arxiv_id(re.sub(r"\s*\[[^\]]*\]$", "", value)):
            return bare
        linked = find_paper_ids(value) if value.startswith("http") else []
        if linked and is_arxiv(linked[0]):
            return linked[0]
    return None


def _entry(**found: object) -> Entry:
    entry = {key: value for key, value in found.items() if value not in (None, [], (), "")}
    return entry or RecordError("an empty record")


def _of_ris(tags: _Tags) -> Entry:
    kind = _first(tags, "TY") or ""
    is_part = kind in {"CHAP", "CPAPER"} and not _first(tags, "TI", "T1")
    return _entry(
        id=_arxiv(tags, "UR", "M3", "N1", "AN", "ID", "L3"),
        doi=_doi(tags, "DO", "UR", "M3", "L3", "L2"),
        also=fields.pubmed_ids(_first(tags, "AN") if _OF_PUBMED.search(_first(tags, "DB") or "") else None, None),
        link=_first(tags, "UR"),
        title=_first(tags, "TI", "T1", "CT", "BT")
        or (_first(tags, "T2") if is_part else None)
        or _first(tags, "T2", "T3"),
        abstract=_first(tags, "AB", "N2"),
        authors=_all(tags, "AU", "A1"),
        keywords=_all(tags, "KW"),
        published=_ris_date(_first(tags, "DA"), _first(tags, "PY", "Y1")),
        kind=_KINDS.get(kind),
        venue=None if is_part else _first(tags, "T2", "JO", "JF", "JA", "JT", "BT", "C3"),
        volume=_first(tags, "VL"),
        issue=_first(tags, "IS"),
        pages=_range(_first(tags, "SP"), _first(tags, "EP")),
    )


_KINDS = {
    "JOUR": PaperKind.ARTICLE,
    "EJOUR": PaperKind.ARTICLE,
    "CONF": PaperKind.CONFERENCE,
    "CPAPER": PaperKind.CONFERENCE,
    "Journal Article": PaperKind.ARTICLE,
    "Conference Paper": PaperKind.CONFERENCE,
    "Conference Proceedings": PaperKind.CONFERENCE,
    "J": PaperKind.ARTICLE,
    "C": PaperKind.CONFERENCE,
}
"""Types of records in RIS, in EndNote and in Web of Science."""


def _range(first: str | None, last: str | None) -> str | None:
    """Pages; the first may be a range already."""
    return f"{first}-{last}" if first and last and last not in {first, ""} and "-" not in first else first


def _ris_date(day: str | None, year: str | None) -> str | None:
    """A date as RIS has it, `2016/10/19/`; a day or month beside the year where that has none (`Mar.`)."""
    written = [re.sub(r"/{2,}.*$|/+$", "", each or "").replace("/", "-") for each in (year, day)]
    with_year = [each for each in written if re.search(r"\d{4}", each)]
    best = max(with_year, key=len, default=None)
    if best and re.fullmatch(r"\d{4}", best) and written[1] and best not in written[1]:
        return f"{written[1]} {best}"
    return best or (day or None)


def _of_pubmed(tags: _Tags) -> Entry:
    number = _first(tags, "PMID")
    ids = [value for value in (*tags.get("LID", ()), *tags.get("AID", ())) if value.endswith("[doi]")]
    names = _all(tags, "FAU") or [re.sub(r"^(.+)\s([A-Z]{1,4})$", r"\1, \2", name) for name in _all(tags, "AU")]
    title = (_first(tags, "TI", "TT", "BTI") or "").strip()
    return _entry(
        id=f"pmid:{number}" if number and number.isdecimal() else None,
        doi=ids[0].removesuffix("[doi]").strip() if ids else None,
        also=fields.pubmed_ids(None, _first(tags, "PMC")),
        title=re.sub(r"^\[(.*)\]\.?$", r"\1", title).removesuffix("."),
        abstract=_first(tags, "AB"),
        authors=[*names, *({"literal": name} for name in _all(tags, "CN"))],
        keywords=_all(tags, "OT", "MH"),
        published=_first(tags, "DEP", "DP"),
        kind=PaperKind.ARTICLE if tags.get("TA") or tags.get("JT") else None,
        venue=_first(tags, "JT", "TA"),
        volume=_first(tags, "VI"),
        issue=_first(tags, "IP"),
        pages=_first(tags, "PG"),
    )


def _of_endnote(tags: _Tags) -> Entry:
    return _entry(
        id=_arxiv(tags, "U", "R", "M"),
        doi=_doi(tags, "R", "U"),
        link=_first(tags, "U"),
        title=_first(tags, "T"),
        abstract=_first(tags, "X"),
        authors=_all(tags, "A"),
        keywords=_all(tags, "K"),
        published=_ris_date(_first(tags, "8"), _first(tags, "D")),
        kind=_KINDS.get(_first(tags, "0") or ""),
        venue=_first(tags, "J", "B"),
        volume=_first(tags, "V"),
        issue=_first(tags, "N"),
        pages=_first(tags, "P"),
    )


def _of_web_of_science(tags: _Tags) -> Entry:
    return _entry(
        doi=_doi(tags, "DI"),
        title=_first(tags, "TI"),
        abstract=_first(tags, "AB"),
        authors=_all(tags, "AF", "AU"),
        keywords=_first(tags, "DE"),
        published=" ".join(filter(None, (_first(tags, "PD"), _first(tags, "PY")))),
        kind=_KINDS.get(_first(tags, "PT") or ""),
        venue=_first(tags, "SO"),
        volume=_first(tags, "VL"),
        issue=_first(tags, "IS"),
        pages=_range(_first(tags, "BP"), _first(tags, "EP")),
    )
