"""Tables of papers (CSV and TSV), as programs, services and people write them -> flat records."""

import csv
import io
import re
from collections.abc import Iterator

from adapters.sources.fields import pubmed_ids
from adapters.sources.records import Entry, RecordError

_COLUMNS = {
    "id": ("id", "arxivid", "arxiv", "eprint", "paperid", "archiveid"),
    "doi": ("doi", "doilink", "itemdoi", "digitalobjectidentifier", "di"),
    "pmid": ("pmid", "pubmedid"),
    "pmcid": ("pmcid", "pmc"),
    "link": ("url", "link", "urls", "pdflink"),
    "title": ("title", "articletitle", "papertitle", "documenttitle", "itemtitle", "ti"),
    "abstract": ("abstract", "abstractnote", "summary", "abstracts", "ab"),
    "authors": ("authorfullnames", "authors", "author", "creators", "authornames", "af", "au"),
    "keywords": ("keywords", "authorkeywords", "manualtags", "tags"),
    "categories": ("categories", "category"),
    "published": (
        "published",
        "publicationdate",
        "date",
        "publishedon",
        "dateofpublication",
        "publicationyear",
        "year",
        "pubyear",
        "py",
    ),
    "venue": (
        "publicationtitle",
        "sourcetitle",
        "journal",
        "journalbook",
        "journaltitle",
        "publication",
        "source",
        "so",
    ),
    "volume": ("volume", "journalvolume", "vl"),
    "issue": ("issue", "issuenumber", "journalissue", "number", "is"),
    "pages": ("pages",),
}
"""How a column's heading may be written (without case, spaces and signs), the best first.

Those of two letters are Web of Science's.
"""

_PREAMBLE = re.compile(r"(?:sep=.?|\"?About the data:.*)\r?\n", re.IGNORECASE)
"""What Excel and Dimensions write before the headings."""

_INITIALS_LAST = re.compile(r"(\S*[a-z].*?),? ((?:[A-Z]\.?[ -]?){1,4})")
"""A name as Scopus and PubMed write it: `Jumper J`, `Doe J.A.`."""

_NUMBERED = re.compile(r"\s*\(\d+\)")
"""Scopus's number of an author."""

_LONGEST_LINE = 2_000_000
csv.field_size_limit(_LONGEST_LINE // 2)


def is_table(head: str) -> bool:
    """Whether a file begins with the headings of a table of papers: they name a title, and more."""
    try:
        headings = _headings(_PREAMBLE.sub("", head, count=1).partition("\n")[0])
    except csv.Error:
        return False
    return len(headings) > 1 and any(heading in _COLUMNS["title"] for heading in headings)


def read_table(text: str) -> Iterator[tuple[str, Entry]]:
    """The rows of a table whose first line names its columns, with the lines they end on."""
    before = _PREAMBLE.match(text)
    if before:
        text = text[before.end() :]
    first = text.partition("\n")[0]
    reader = csv.reader(_lines(text), delimiter=_delimiter(first))
    try:
        headings = [_plain(heading) for heading in next(reader, [])]
        places = {name: found for name, columns in _COLUMNS.items() if (found := _places(headings, columns))}
        for row in reader:
            if any(cell.strip() for cell in row):
                yield str(reader.line_num + bool(before)), _entry(row, places)
    except csv.Error as error:
        yield str(reader.line_num + bool(before)), RecordError(f"not CSV: {error}")


def _lines(text: str) -> Iterator[str]:
    for line in io.StringIO(text):
        if len(line) > _LONGEST_LINE:
            raise csv.Error(f"a line longer than {_LONGEST_LINE:,} characters")
        yield line


def _entry(row: list[str], places: dict[str, list[int]]) -> Entry:
    found = {name: next((row[at] for at in at_places if at < len(row) and row[at].strip()), None)
             for name, at_places in places.items()}  # fmt: skip
    # Our own export keeps spreadsheets from running a cell by a quote before it.
    entry = {name: re.sub(r"^'(?=[=+\-@])", "", value) for name, value in found.items() if value}
    also = pubmed_ids(entry.pop("pmid", None), entry.pop("pmcid", None))
    more = {"authors": _in_order(entry.get("authors", "")), "also": also}
    return entry | {name: value for name, value in more.items() if value}


def _in_order(authors: str) -> str:
    """Authors with the initials behind a comma, where these stand last: `Doe, J.A.; Smith, J.`."""
    parts = re.split(r"\s*;\s*|\s*,\s*" if ";" not in authors else r"\s*;\s*", _NUMBERED.sub("", authors).rstrip(" ;"))
    names = [match for match in map(_INITIALS_LAST.fullmatch, parts) if match]
    if len(names) == len(parts):
        return "; ".join(f"{name[1]}, {name[2]}" for name in names)
    return "; ".join(parts) if ";" in authors else authors


def _places(headings: list[str], columns: tuple[str, ...]) -> list[int]:
    return [headings.index(column) for column in columns if column in headings]


def _headings(line: str) -> list[str]:
    return [_plain(heading) for heading in next(csv.reader([line], delimiter=_delimiter(line)), [])]


def _delimiter(line: str) -> str:
    return max(",;\t|", key=line.count)


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z]", "", heading.lower())
