"""BibTeX -> flat records."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from adapters.sources import fields
from adapters.sources.bibtex_syntax import BibtexEntry, BibtexError, parse
from adapters.sources.names import bibtex_names
from adapters.sources.records import Entry, RecordError
from bot.domain.paper_ids import PaperId, arxiv_id, is_arxiv
from bot.domain.papers import PaperKind
from bot.domain.references import parse_paper_id
from bot.domain.tex.reading import read_tex

_NO_ENTRIES = frozenset({"set", "xdata", "control"})
_VOLUMES = frozenset({"proceedings", "mvproceedings", "periodical"})
_NAMES_OF_IDS = (
    "url",
    "journal",
    "journaltitle",
    "volume",
    "number",
    "howpublished",
    "note",
    "doi",
    "publisher",
    "pages",
)
"""Where people put an arXiv id; there the id must be all that stands there."""

_ARXIV_ALONE = re.compile(
    r"(?:\s|arxiv(?:\s+e-?prints?|\s+preprints?)?|corr|preprint|eprint|available\s+(?:at|from)|\\url|[:,./{}()])*"
    r"(?:abs/|arxiv:\s*|https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/)?"
    r"(?P<id>\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[a-z-]+)?/\d{7}(?:v\d+)?)(?:\.pdf)?"
    r"(?:\s*\[[\w.\s-]+\])?[\s.,{}()\d]*",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"\b(?:crossref|xdata)\s*+=\s*+[{\"]?\s*+([^\s{}\",]++)", re.IGNORECASE)
_SEARCHED_AT_ONCE = 1_000_000
"""Characters."""

_MOST_PARENTS = 10
_FROM_PARENT = ("year", "date", "month")

_LONGEST_OF_VOLUME = 1_000
"""Characters of what proceedings tell, since it is read again with each of their papers."""

_MARKS_ARXIV = re.compile(r"arxiv|corr|abs/|eprint|preprint", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s{}\"]+")
_ESCAPED = re.compile(r"\\([_%&#{}])")
_ESCAPED_IN_LINK = re.compile(r"\\([_%&#~])")


def read_bibtex(source: str) -> Iterator[tuple[str, Entry]]:
    """The entries of a bibliography with the lines they begin on; TeX becomes Unicode.

    An entry's id is its arXiv eprint, else its DOI or link, else one for its title. What an entry does not say of its
    date is taken from the one it has for a `crossref`, and in a volume of PMLR from the proceedings before it.
    """
    parents = _parents(source)
    volume: dict[str, str] = {}
    for each in parse(source):
        if isinstance(each, BibtexError):
            yield str(each.line), RecordError(f"not BibTeX: {each.reason}")
            continue
        volume = _volume(each) if each.kind == "proceedings" else volume if _may_be_of(volume, each) else {}
        if each.kind not in _NO_ENTRIES and (each.kind not in _VOLUMES or "author" in each.fields):
            yield str(each.line), _record(_in_volume(each, volume), parents)


def _volume(entry: BibtexEntry) -> dict[str, str]:
    """What the proceedings that a volume of PMLR begins with tell of all its papers; empty for other proceedings."""
    if "shortname" not in entry.fields:
        return {}
    told = {name: entry.fields.get(name, "") for name in ("booktitle", "year", "volume", "published")}
    day = told.pop("published")
    if day.startswith(told["year"]):
        told["date"] = day
    return {name: value for name, value in told.items() if 0 < len(value) <= _LONGEST_OF_VOLUME}


def _may_be_of(volume: Mapping[str, str], entry: BibtexEntry) -> bool:
    """Whether an entry tells of no other place than a volume; one that does is behind it, in a file made of several."""
    told = ((entry.fields[name], volume.get(name)) for name in ("booktitle", "year", "volume") if name in entry.fields)
    is_paper = entry.kind == "inproceedings" and not {"date", "crossref"} & entry.fields.keys()
    return is_paper and all(own == of_volume for own, of_volume in told)


def _in_volume(entry: BibtexEntry, volume: Mapping[str, str]) -> BibtexEntry:
    """An entry with what its volume tells, unless it has a year of its own."""
    if not volume or entry.kind != "inproceedings" or "year" in entry.fields:
        return entry
    return replace(entry, fields={**volume, **entry.fields})


def _parents(source: str) -> dict[str, BibtexEntry]:
    """The entries that others name, by their keys; a file in which none is named is not read for them."""
    named = {match[1].lower() for match in _REFERENCE.finditer(source)} if _may_name_parents(source) else ()
    entries = parse(source) if named else ()
    return {each.key.lower(): each for each in entries if isinstance(each, BibtexEntry) and each.key.lower() in named}


def _may_name_parents(source: str) -> bool:
    """Whether a file has the name of a field that names another entry; a plain search takes a tenth of the time."""
    for begin in range(0, len(source), _SEARCHED_AT_ONCE):
        part = source[begin : begin + _SEARCHED_AT_ONCE + len("crossref")].lower()
        if "crossref" in part or "xdata" in part:
            return True
    return False


def _record(entry: BibtexEntry, parents: Mapping[str, BibtexEntry]) -> Entry:
    found = _inherited(entry, parents)
    arxiv = _arxiv_id(found)
    return {
        "id": arxiv,
        "doi": _bare_doi(found.get("doi", "")),
        "link": _link(found),
        "title": fields.markup_free(read_tex(_title(found), braces=True)),
        "title_tex": _title(found),
        "abstract": read_tex(found.get("abstract", ""), braces=True),
        "authors": list(bibtex_names(found.get("author", ""))),
        "categories": found.get("primaryclass") or found.get("eprintclass"),
        "also": fields.pubmed_ids(found.get("pmid"), found.get("pmcid") or found.get("pmc"), found.get("note")),
        "keywords": read_tex(found.get("keywords", ""), braces=True) or None,
        "lists": found.get("groups", "").split(",") if "groups" in found else (),
        "published": _published(found),
        **_place(entry.kind, found, arxiv),
        "notes": [f"{name} stands twice, the first counts" for name in entry.repeated if name in _READ],
    }


_READ = frozenset({"title", "author", "year", "date", "month", "abstract", "doi", "url", "eprint"})


def _inherited(entry: BibtexEntry, parents: Mapping[str, BibtexEntry]) -> dict[str, str]:
    """An entry's fields, with the date and, where it has no title of its own, the title of its parents."""
    found, seen = dict(entry.fields), {entry.key}
    reference = found.get("crossref", "") or found.get("xdata", "")
    while len(seen) <= _MOST_PARENTS and (parent := parents.get(reference.strip().lower())) and parent.key not in seen:
        seen.add(parent.key)
        if not ({"year", "date"} & found.keys()):
            found |= {name: parent.fields[name] for name in _FROM_PARENT if name in parent.fields}
        if entry.kind in _INHERITS_AUTHORS or parent.kind == "xdata":
            for name in ("author", "title", "doi", "url", "eprint", "abstract"):
                if name in parent.fields:
                    found.setdefault(name, parent.fields[name])
        reference = parent.fields.get("crossref", "")
    return found


_INHERITS_AUTHORS = frozenset({"inbook", "bookinbook", "suppbook"})
"""Parts of a book by one author."""


def _title(found: Mapping[str, str]) -> str:
    """Title and subtitle as TeX."""
    title, subtitle = found.get("title", ""), found.get("subtitle", "")
    return f"{title}: {subtitle}" if title and subtitle else title


def _bare_doi(written: str) -> str:
    r"""A DOI as it is registered: without `\_` and braces that some programs write into it."""
    if "\\" in written:
        written = _ESCAPED.sub(r"\1", written)
    return written.replace("{", "").replace("}", "").strip()


def _link(found: Mapping[str, str]) -> str | None:
    for place in ("url", "howpublished", "eprint", "link"):
        written = found.get(place, "")
        if "http" not in written:
            continue
        if match := _URL.search(_ESCAPED_IN_LINK.sub(r"\1", written.replace(r"\~{}", "~"))):
            return match[0]
    return None


def _arxiv_id(found: Mapping[str, str]) -> PaperId | None:
    """The eprint, or an arXiv id that is all that stands where people put it: 'arXiv preprint arXiv:2310.06825'."""
    for place in ("eprint", "arxiv", "arxivid", "arxiv_id", "preprint"):
        written = found.get(place, "").strip()
        if written and (named := arxiv_id(written) or parse_paper_id(written)) and is_arxiv(named):
            return named
    of_arxiv = _MARKS_ARXIV.search(found.get("journal", ""))
    for place in _NAMES_OF_IDS:
        written = found.get(place, "").strip()
        is_marked = written and (of_arxiv or _MARKS_ARXIV.search(written))
        if is_marked and (match := _ARXIV_ALONE.fullmatch(written)):
            return arxiv_id(match["id"])
    doi = parse_paper_id(_bare_doi(found.get("doi", "")))
    return doi if doi and is_arxiv(doi) else None


_KINDS = {
    "article": PaperKind.ARTICLE,
    "inproceedings": PaperKind.CONFERENCE,
    "conference": PaperKind.CONFERENCE,
}
_OF_PREPRINTS = re.compile(r"arxiv|corr\b|biorxiv|medrxiv|preprint|ssrn|research square", re.IGNORECASE)


def _place(kind: str, found: Mapping[str, str], arxiv: PaperId | None) -> dict[str, object]:
    """Where it was published; arXiv, which many write in place of a journal, is none."""
    written = {name: read_tex(value, braces=True) for name, value in found.items() if name in _PLACE}
    if macro := _MACRO.fullmatch(found.get("journal", "")):
        written["journal"] = _OF_ASTRONOMERS.get(macro[1], macro[1])
    venue = next((written[name] for name in ("journal", "journaltitle", "booktitle") if written.get(name)), "")
    if _OF_PREPRINTS.search(venue) or (arxiv and not venue):
        return {"kind": PaperKind.PREPRINT}
    return {
        "kind": _KINDS.get(kind) if venue else None,
        "venue": venue,
        "volume": written.get("volume"),
        "issue": written.get("number") or written.get("issue"),
        "pages": written.get("pages"),
    }


_MACRO = re.compile(r"\s*\{?\\([a-z]+)\}?\s*")
_OF_ASTRONOMERS = {
    "aap": "Astronomy and Astrophysics",
    "aapr": "Astronomy and Astrophysics Reviews",
    "aaps": "Astronomy and Astrophysics Supplement Series",
    "aj": "The Astronomical Journal",
    "apj": "The Astrophysical Journal",
    "apjl": "The Astrophysical Journal Letters",
    "apjs": "The Astrophysical Journal Supplement Series",
    "araa": "Annual Review of Astronomy and Astrophysics",
    "grl": "Geophysical Research Letters",
    "icarus": "Icarus",
    "jcap": "Journal of Cosmology and Astroparticle Physics",
    "jgr": "Journal of Geophysical Research",
    "mnras": "Monthly Notices of the Royal Astronomical Society",
    "nar": "New Astronomy Reviews",
    "nat": "Nature",
    "pasa": "Publications of the Astronomical Society of Australia",
    "pasj": "Publications of the Astronomical Society of Japan",
    "pasp": "Publications of the Astronomical Society of the Pacific",
    "physrep": "Physics Reports",
    "planss": "Planetary and Space Science",
    "pra": "Physical Review A",
    "prc": "Physical Review C",
    "prd": "Physical Review D",
    "pre": "Physical Review E",
    "prl": "Physical Review Letters",
    "psj": "The Planetary Science Journal",
    "solphys": "Solar Physics",
    "ssr": "Space Science Reviews",
}
"""Journals in entries of the Astrophysics Data System, by the macros of astronomers' styles."""

_PLACE = frozenset({"journal", "journaltitle", "booktitle", "volume", "number", "issue", "pages"})


def _published(found: Mapping[str, str]) -> str | None:
    """A date from `date`, or from year, month and day."""
    date = read_tex(found.get("date", ""), braces=True).strip()
    if date:
        return date
    year, month, day = (read_tex(found.get(name, ""), braces=True).strip() for name in ("year", "month", "day"))
    return fields.joined_date(year, month, day) or None
