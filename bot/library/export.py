"""Papers as files other programs read: BibTeX, RIS, CSL-JSON, JSON and CSV."""

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain.paper_ids import is_arxiv
from bot.domain.papers import Paper, PaperKind
from bot.domain.tex.writing import sound_tex, write_tex
from bot.library.citations import PLAIN, References, spoken_name
from bot.library.reference_files import csl_json, ris

_SPREADSHEET_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def bibtex(papers: Sequence[Paper], references: References = PLAIN) -> str:
    """A BibTeX entry for each paper, keys unique (`ho2020denoising`); LaTeX prints every title and name.

    A paper of a journal is an `@article`, of a conference `@inproceedings`; a preprint, and what is not known to have
    been published, is `@misc`. Tags are keywords, and groups where JabRef reads it.
    """
    keyed = zip(papers, references.keys(papers), strict=True)
    entries = [_entry(paper, key, references.tags_of(paper)) for paper, key in keyed]
    lists = sorted({tag for paper in papers for tag in references.tags_of(paper)})
    return "\n".join([*entries, _groups(lists)] if lists else entries)


def _groups(lists: Sequence[str]) -> str:
    """Lists as JabRef knows them, each a group of which entries say that they are in it; a comment for all others."""
    groups = "".join(f"1 StaticGroup:{name}\\;0\\;1\\;\\;\\;\\;;\n" for name in lists)
    return f"@Comment{{jabref-meta: grouping:\n0 AllEntriesGroup:;\n{groups}}}\n"


def _entry(paper: Paper, key: str, tags: Sequence[str]) -> str:
    fields = {
        "title": "{" + _title(paper) + "}",
        "author": " and ".join(map(_author, paper.authors)),
        "year": str(paper.published.year) if paper.published else "",
        **_published_in(paper),
        "doi": _plain(paper.doi or (paper.id.removeprefix("doi:") if paper.id.startswith("doi:") else "")),
        "url": _plain(paper.url),
        "keywords": _tex(", ".join(tags)),
        "groups": ", ".join(tags),
    }
    if is_arxiv(paper.id):
        fields |= {"eprint": paper.id, "archiveprefix": "arXiv", "primaryclass": _tex("".join(paper.categories[:1]))}
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@{_TYPES.get(_kind(paper), 'misc')}{{{key},\n{lines}}}\n"


_TYPES = {PaperKind.ARTICLE.value: "article", PaperKind.CONFERENCE.value: "inproceedings"}
_VENUES = {PaperKind.ARTICLE.value: "journal", PaperKind.CONFERENCE.value: "booktitle"}


def _kind(paper: Paper) -> str:
    """How it was published; an article without the name of its journal is no `@article` that BibTeX would print."""
    return paper.kind if paper.venue else ""


def _published_in(paper: Paper) -> dict[str, str]:
    """The fields of where it was published; of a preprint the server, which BibTeX prints as how it was published.

    A volume and pages are those of a journal or conference: a `@misc` has no such fields.
    """
    if _kind(paper) not in _VENUES:
        return {"howpublished": _tex(paper.venue)}
    return {
        _VENUES[_kind(paper)]: _tex(paper.venue),
        "volume": _tex(paper.volume),
        "number": _tex(paper.issue),
        "pages": _RANGE.sub("--", _tex(paper.pages)),
    }


_RANGE = re.compile(r"(?<=\w)[-–]+(?=\w)")
"""The dash between two pages."""


def _title(paper: Paper) -> str:
    """The title as its authors wrote it in TeX, else as LaTeX prints what is known of it."""
    return (sound_tex(paper.title_tex) if paper.title_tex else None) or _tex(paper.title)


def _author(name: str) -> str:
    """A name as BibTeX reads it whole: `King, Jr., Martin Luther`; a group, or what has an `and` in it, in braces."""
    spoken = spoken_name(name)
    if spoken is None:
        return "{" + _tex(name) + "}"
    if not spoken.suffix:
        return _tex(name)
    return f"{_tex(spoken.family)}, {spoken.suffix}, {_tex(spoken.given)}"


def _tex(text: str) -> str:
    """A text as TeX. BibTeX counts braces whatever stands before them, so one without its other half is spelt out."""
    written = write_tex(" ".join(text.split()))
    if _closes(text):
        return written
    return written.replace(r"\{", r"\textbraceleft{}").replace(r"\}", r"\textbraceright{}")


def _closes(text: str) -> bool:
    """Whether every brace has its other half, in order."""
    depth = 0
    for char in text:
        depth += {"{": 1, "}": -1}.get(char, 0)
        if depth < 0:
            return False
    return depth == 0


def _plain(text: str) -> str:
    """A value that stands as it is: braces and white space would end or break it."""
    return re.sub(r"[{}\s]", "", text)


def json_text(papers: Sequence[Paper], references: References = PLAIN) -> str:
    """A JSON array with an object for each paper."""
    records = [_record(paper, references.tags_of(paper)) for paper in papers]
    return json.dumps(records, ensure_ascii=False, indent=2) + "\n"


def csv_text(papers: Sequence[Paper], references: References = PLAIN) -> str:
    """A header and a row for each paper; lists are joined by semicolons, and no cell starts a spreadsheet formula."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, fieldnames=_COLUMNS)
    writer.writeheader()
    for paper in papers:
        writer.writerow({name: _cell(value) for name, value in _record(paper, references.tags_of(paper)).items()})
    return buffer.getvalue()


_COLUMNS = (
    "id",
    "title",
    "authors",
    "categories",
    "published",
    "venue",
    "volume",
    "issue",
    "pages",
    "doi",
    "url",
    "pdf",
    "code",
    "abstract",
    "tags",
)


def _record(paper: Paper, tags: Sequence[str]) -> dict[str, str | list[str]]:
    values = (
        paper.id,
        paper.title,
        list(paper.authors),
        list(paper.categories),
        paper.published.isoformat() if paper.published else "",
        paper.venue,
        paper.volume,
        paper.issue,
        paper.pages,
        paper.doi,
        paper.url,
        paper.pdf,
        paper.code,
        paper.abstract,
        list(tags),
    )
    return dict(zip(_COLUMNS, values, strict=True))


def _cell(value: str | list[str]) -> str:
    """A cell that spreadsheets show as text: a leading quote keeps `=HYPERLINK(...)` from being run."""
    text = value if isinstance(value, str) else "; ".join(value)
    return f"'{text}" if text.startswith(_SPREADSHEET_FORMULA) else text


@dataclass(frozen=True, slots=True)
class Format:
    """How to write papers to a file."""

    name: str
    media_type: str
    write: Callable[[Sequence[Paper], References], str]


FORMATS = {
    "bibtex": Format("papers.bib", "text/x-bibtex", bibtex),
    "ris": Format("papers.ris", "application/x-research-info-systems", ris),
    "csl": Format("papers.csl.json", "application/vnd.citationstyles.csl+json", csl_json),
    "json": Format("papers.json", "application/json", json_text),
    "csv": Format("papers.csv", "text/csv", csv_text),
}
