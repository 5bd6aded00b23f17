"""Tables of papers (CSV and TSV), as programs, services and people write them -> flat records."""

import csv
import io
import re
from collections.abc import Iterator

from adapters.sources.records import Entry, RecordError

_COLUMNS = {
    "id": ("id", "arxivid", "arxiv", "eprint", "paperid", "archiveid"),
    "doi": ("doi", "doilink", "itemdoi", "digitalobjectidentifier"),
    "link": ("url", "link", "urls", "pdflink"),
    "title": ("title", "articletitle", "papertitle", "documenttitle", "itemtitle"),
    "abstract": ("abstract", "abstractnote", "summary", "abstracts"),
    "authors": ("authors", "author", "authorfullnames", "creators", "authornames"),
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
    ),
}
"""How a column's heading may be written (without case, spaces and signs), the best first."""

_LONGEST_LINE = 2_000_000
csv.field_size_limit(_LONGEST_LINE // 2)


def is_table(head: str) -> bool:
    """Whether a file's first line is the heading of a table of papers: it names a title, and more."""
    try:
        headings = _headings(head)
    except csv.Error:
        return False
    return len(headings) > 1 and any(heading in _COLUMNS["title"] for heading in headings)


def read_table(text: str) -> Iterator[tuple[str, Entry]]:
    """The rows of a table whose first line names its columns, with the lines they end on."""
    first = text.partition("\n")[0]
    reader = csv.reader(_lines(text), delimiter=_delimiter(first))
    try:
        headings = [_plain(heading) for heading in next(reader, [])]
        places = {name: found for name, columns in _COLUMNS.items() if (found := _places(headings, columns))}
        for row in reader:
            if any(cell.strip() for cell in row):
                yield str(reader.line_num), _entry(row, places)
    except csv.Error as error:
        yield str(reader.line_num), RecordError(f"not CSV: {error}")


def _lines(text: str) -> Iterator[str]:
    for line in io.StringIO(text):
        if len(line) > _LONGEST_LINE:
            raise csv.Error(f"a line longer than {_LONGEST_LINE:,} characters")
        yield line


def _entry(row: list[str], places: dict[str, list[int]]) -> Entry:
    found = {name: next((row[at] for at in at_places if at < len(row) and row[at].strip()), None)
             for name, at_places in places.items()}  # fmt: skip
    # Our own export keeps spreadsheets from running a cell by a quote before it.
    return {name: re.sub(r"^'(?=[=+\-@])", "", value) for name, value in found.items() if value}


def _places(headings: list[str], columns: tuple[str, ...]) -> list[int]:
    return [headings.index(column) for column in columns if column in headings]


def _headings(line: str) -> list[str]:
    return [_plain(heading) for heading in next(csv.reader([line], delimiter=_delimiter(line)), [])]


def _delimiter(line: str) -> str:
    return max(",;\t|", key=line.count)


def _plain(heading: str) -> str:
    return re.sub(r"[^a-z]", "", heading.lower())
