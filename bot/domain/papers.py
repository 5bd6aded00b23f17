"""Papers, their ids, and signals: counts such as upvotes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from hashlib import blake2b
from typing import NewType
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

PaperId = NewType("PaperId", str)
"""The canonical id of a paper.

An arXiv paper has its bare id (`2310.06825`, `hep-th/9901001`), never a version; a paper known only by
DOI is `doi:10.1145/3292500`; any other is `source:id`.
"""

_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|dg-ga"
    "|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|math|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics"
    "|plasm-ph|q-alg|q-bio|q-fin|quant-ph|solv-int|stat|supr-con"
)
_NEW_STYLE = r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}"
_OLD_STYLE = rf"(?:{_ARCHIVES})(?:\.[A-Za-z-]{{2,}})?/\d{{2}}(?:0[1-9]|1[0-2])\d{{3}}"
_ARXIV = re.compile(rf"(?:arxiv:\s*)?({_NEW_STYLE}|{_OLD_STYLE})(?:v\d+)?", re.IGNORECASE)
_DOI = re.compile(r"(?:doi:\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
_SUBJECT_CLASS = re.compile(r"\s+\[[\w.-]+\]$")
_OTHER = re.compile(r"[\w][\w./-]{0,63}:[^\s:/][^\s]{0,190}")

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")

_PATHS_WITH_ARXIV_ID = {
    "arxiv.org": re.compile(r"/(?:abs|pdf|html|format|e-print|src|ps|tb)/(.+)", re.IGNORECASE),
    "alphaxiv.org": re.compile(r"/(?:[a-z]{2}/)?(?:abs|pdf|overview|resources|audio)/(.+)", re.IGNORECASE),
    "huggingface.co": re.compile(r"/papers/(.+)", re.IGNORECASE),
    "hf.co": re.compile(r"/papers/(.+)", re.IGNORECASE),
}
_HOST = (
    r"(?:www\.|export\.|dx\.)?"
    r"(?:arxiv\.org|alphaxiv\.org|huggingface\.co|hf\.co|doi\.org|aclanthology\.org|openreview\.net)"
)
_ACL = re.compile(r"(\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+|[A-Z]\d{2}-\d{4,5})(?:v\d+)?", re.IGNORECASE)
_OPENREVIEW = re.compile(r"[\w-]{6,32}")
_PAGES = {"acl": "https://aclanthology.org/", "openreview": "https://openreview.net/forum?id="}
_BARE_LINK = re.compile(rf"{_HOST}/", re.IGNORECASE)
_TO_ITS_END = r"[^\s<>|\"'\])]+"
_IN_TEXT = re.compile(
    "|".join(
        (
            rf"https?://{_TO_ITS_END}",
            rf"(?<![\w./@-]){_HOST}/{_TO_ITS_END}",
            rf"\b10\.\d{{4,9}}/{_TO_ITS_END}",
            rf"\barxiv:\s*(?:{_NEW_STYLE}|{_OLD_STYLE})",
            rf"(?<![\w./-]){_NEW_STYLE}(?:v\d+)?(?![\w/-])",
        )
    ),
    re.IGNORECASE,
)


def arxiv_id(text: str) -> PaperId | None:
    """The arXiv id that `text` is, without version and subject class, or None.

    >>> arxiv_id("arXiv:2310.06825v2"), arxiv_id("math.AG/0601001v1")
    ('2310.06825', 'math/0601001')
    """
    match = _ARXIV.fullmatch(text.strip())
    if not match:
        return None
    archive, slash, number = match[1].rpartition("/")
    return PaperId(f"{archive.split('.')[0].lower()}{slash}{number}")


def parse_paper_id(text: str) -> PaperId | None:
    """The canonical id for an id, a DOI or a link that makes up the whole of `text`; None when it is none of them.

    Links of arxiv.org, huggingface.co/papers, alphaxiv.org, doi.org, aclanthology.org (`acl:…`) and openreview.net
    (`openreview:…`) are recognised, also without `https://`. What was pasted with them is ignored: brackets, a full
    stop, arXiv's subject class.

    >>> parse_paper_id("arXiv:2310.06825v2 [cs.CL]"), parse_paper_id("(https://arxiv.org/abs/2310.06825).")
    ('2310.06825', '2310.06825')
    """
    text = _SUBJECT_CLASS.sub("", text.strip()).strip("<>.,;").strip("()")
    if text.lower().startswith(("http://", "https://")):
        return _id_from_link(text)
    if _BARE_LINK.match(text):
        return _id_from_link(f"https://{text}")
    if found := arxiv_id(text) or _id_from_doi(text):
        return found
    return PaperId(text) if _OTHER.fullmatch(text) else None


def find_paper_ids(text: str) -> list[PaperId]:
    """Ids of the papers that a message links to or names, in order of appearance, each once."""
    found = (parse_paper_id(match[0].rstrip(".,;:!?)")) for match in _IN_TEXT.finditer(text))
    return list(dict.fromkeys(paper_id for paper_id in found if paper_id))


def _id_from_link(link: str) -> PaperId | None:
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").removeprefix("www.").removeprefix("export.").removeprefix("dx.")
    except ValueError:
        return None
    path = unquote(parts.path).rstrip("/")
    if host == "doi.org":
        return _id_from_doi(path.lstrip("/"))
    if host == "aclanthology.org":
        return acl_id(path.lstrip("/").removesuffix(".pdf"))
    if host == "openreview.net":
        return _openreview_id(parts)
    pattern = _PATHS_WITH_ARXIV_ID.get(host)
    match = pattern.fullmatch(path) if pattern else None
    if not match:
        return None
    return arxiv_id(match[1].removesuffix(".pdf")) or arxiv_id(match[1].partition("/")[0])


def acl_id(number: str) -> PaperId | None:
    """The id for a number of the ACL Anthology, such as `2024.acl-long.1` or `P19-1001`, without its version."""
    match = _ACL.fullmatch(number)
    if not match:
        return None
    return PaperId(f"acl:{match[1].upper() if match[1][0].isalpha() else match[1].lower()}")


def _openreview_id(link: SplitResult) -> PaperId | None:
    number = parse_qs(link.query).get("id", [""])[0]
    shows_paper = link.path.rstrip("/") in {"/forum", "/pdf", "/attachment"}
    return PaperId(f"openreview:{number}") if shows_paper and _OPENREVIEW.fullmatch(number) else None


def _id_from_doi(text: str) -> PaperId | None:
    match = _DOI.fullmatch(text)
    if not match:
        return None
    arxiv = _ARXIV_DOI.fullmatch(match[1])
    return (arxiv_id(arxiv[1]) if arxiv else None) or PaperId(f"doi:{match[1].lower()}")


def is_arxiv(paper_id: str) -> bool:
    """Whether a canonical id is one of arXiv's."""
    return ":" not in paper_id and arxiv_id(paper_id) == paper_id


def best_id(ids: Iterable[PaperId]) -> PaperId:
    """The main one of a paper's ids: arXiv's, else a DOI, else a source's, else the one of its title."""
    return min(ids, key=lambda paper_id: (_rank(paper_id), paper_id))


def _rank(paper_id: PaperId) -> int:
    if ":" not in paper_id:
        return 0
    return {"doi": 1, "title": 3}.get(paper_id.partition(":")[0], 2)


def is_text_too(paper_id: PaperId) -> bool:
    """Whether what was typed may also be words: it looks like an id, but of no known kind."""
    return not is_arxiv(paper_id) and not paper_id.startswith("doi:")


def close_ids(paper_id: PaperId) -> list[PaperId]:
    """Ids that differ from this one by a typo: another digit, or two neighbouring characters swapped."""
    found: list[str] = []
    for place, char in enumerate(paper_id):
        before, after = paper_id[:place], paper_id[place + 1 :]
        if after and after[0] != char:
            found.append(f"{before}{after[0]}{char}{after[1:]}")
        if char.isdigit():
            found += [f"{before}{digit}{after}" for digit in "0123456789" if digit != char]
    return [PaperId(candidate) for candidate in dict.fromkeys(found)]


def title_key(title: str) -> str:
    """What two spellings of one title share: its letters and digits, folded to lower case."""
    return _NOT_ALPHANUMERIC.sub("", title.casefold())


def title_id(title: str) -> PaperId:
    """An id for a paper of which only the title is known; a real id replaces it once one is known."""
    return PaperId("title:" + blake2b(title_key(title).encode(), digest_size=8).hexdigest())


def is_title_id(paper_id: str) -> bool:
    """Whether it is an id made from a title, because no real one is known yet."""
    return paper_id.startswith("title:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is known of a paper, from all sources that have it.

    `title_tex` is its title as TeX where that says more than the title, which is plain Unicode.
    `summary` is the source's own machine-written summary. `first_seen` is the moment (UTC) a daily list or an
    announcement first showed the paper; trends count its age from there.
    """

    id: PaperId
    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    published: date | None = None
    updated: date | None = None
    first_seen: datetime | None = None
    summary: str = ""
    keywords: tuple[str, ...] = ()
    organization: str = ""
    submitted_by: str = ""
    code: str = ""
    project: str = ""
    link: str = ""
    source: str = ""
    title_tex: str = ""

    @property
    def day_is_known(self) -> bool:
        """Whether its date of publication is a day: a source that knows the year alone says the first of January.

        arXiv's own papers of that day have the month in their ids, and where it is known when a paper was first seen,
        days are known.
        """
        day = self.published
        if day is None or (day.month, day.day) != (1, 1):
            return day is not None
        return self.first_seen is not None or self.id.startswith(f"{day:%y}01.")

    @property
    def text(self) -> str:
        """Title and abstract: the text of the paper where whole texts are compared."""
        return f"{self.title}. {self.abstract}"

    @property
    def url(self) -> str:
        """The page to read about the paper: arXiv's abstract, the DOI, or what its source linked; may be empty."""
        if is_arxiv(self.id):
            return f"https://arxiv.org/abs/{self.id}"
        service, _, number = self.id.partition(":")
        if service == "doi":
            return f"https://doi.org/{number}"
        return self.link or (f"{_PAGES[service]}{number}" if service in _PAGES else "")

    @property
    def pdf(self) -> str:
        """Where its PDF is, or empty when that is not known."""
        return f"https://arxiv.org/pdf/{self.id}" if is_arxiv(self.id) else ""

    def merge(self, other: "Paper") -> "Paper":
        """The union of what this record and a later one of the same paper know.

        What is missing is filled in; where both have a value, this record's is kept unless the other was updated later.
        Merging the same record again changes nothing.
        """
        newer, older = (other, self) if _updated_later(other, self) else (self, other)
        union = {field.name: getattr(newer, field.name) or getattr(older, field.name) for field in fields(Paper)}
        union |= {
            "id": best_id((self.id, other.id)),
            "categories": tuple(dict.fromkeys(self.categories + other.categories)),
            "keywords": tuple(dict.fromkeys(self.keywords + other.keywords)),
            "published": _published(self.published, other.published),
            "first_seen": _least(self.first_seen, other.first_seen),
            "source": self.source or other.source,
            "title_tex": next((paper.title_tex for paper in (newer, older) if paper.title == union["title"]), ""),
        }
        return replace(self, **union)


def _updated_later(one: Paper, other: Paper) -> bool:
    return one.updated is not None and (other.updated is None or one.updated > other.updated)


def _least(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(one, other) if one and other else one or other


def _published(one: date | None, other: date | None) -> date | None:
    """The earlier of two days; but an exact day wins over the first day of its month or year.

    A source that knows only the month or the year gives its first day, which must not replace an exact date.
    """
    return min(filter(None, (one, other)), key=_vague_last, default=None)


def _vague_last(day: date) -> tuple[int, bool, int, bool, int]:
    """Sorts days by time, but first days of a year after the rest of the year and of a month after the month's."""
    return day.year, (day.month, day.day) == (1, 1), day.month, day.day == 1, day.day


class SignalKind(StrEnum):
    """What is counted about a paper."""

    UPVOTES = "upvotes"
    COMMENTS = "comments"
    STARS = "stars"
    """GitHub stars of its repository."""
    RANK = "rank"
    """Position on a daily list ordered by upvotes; 1 is the first."""


@dataclass(frozen=True, slots=True)
class Signal:
    """The value of a count at a moment (UTC); a paper has a series of them."""

    paper_id: PaperId
    kind: SignalKind
    at: datetime
    value: int


def shorten_authors(authors: Iterable[str], limit: int = 3) -> str:
    """`A. One, B. Two, C. Three +4`: the first names of a list and how many follow."""
    names = list(authors)
    more = f" +{len(names) - limit}" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more
