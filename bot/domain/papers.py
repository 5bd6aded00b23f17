"""Papers, and signals: counts such as upvotes."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from hashlib import blake2b

from bot.domain.paper_ids import PaperId, best_id, is_arxiv
from bot.domain.references import find_paper_ids  # noqa: F401  Whoever asks for papers finds those of a text here, too.

_WITHDRAWN_TITLE = re.compile(
    r"[\[(]?(?:withdrawn|retracted|retraction|withdrawal)(?:\s+(?:article|paper|preprint|note|notice))?[\])]?\s*[:\])]",
    re.IGNORECASE,
)
_A_PAPER = (
    r"(?:this|the|our|present)\s+(?:\w+\s+)?(?:paper|article|submission|manuscript|work|preprint|e-?print|note|version)"
)
_WITHDRAWN = re.compile(
    r"\W*(?:withdrawn|retracted)(?:\s*[.:;]|\s+(?:by|due|because|from|as|for)\b|\s*$)"
    rf"|(?:.{{0,120}}[.:]\s+)?{_A_PAPER}\s*(?:[`'\"“].{{0,120}}?[`'\"”])?\s*(?:\([^)]*\))?"
    r"\s*(?:has|have|had|is|was)\s+(?:been\s+|being\s+|now\s+)?(?:\w+ly\s+)?(?:withdrawn|retracted)\b"
    rf"|.{{0,80}}\b(?:authors?|we)\s+(?:\w+\s+){{0,4}}?(?:withdr[ae]w\w*|retract(?:ed|ing|s)?)\s+{_A_PAPER}",
    re.IGNORECASE | re.DOTALL,
)
"""How authors say so, arXiv having no mark for it."""

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")

_PAGES = {
    "acl": "https://aclanthology.org/",
    "openreview": "https://openreview.net/forum?id=",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
    "pmc": "https://pmc.ncbi.nlm.nih.gov/articles/",
    "dblp": "https://dblp.org/rec/",
    "s2": "https://www.semanticscholar.org/paper/",
}


def title_key(title: str) -> str:
    """What two spellings of one title share: its letters and digits, folded to lower case."""
    return _NOT_ALPHANUMERIC.sub("", title.casefold())


def venue_key(name: str) -> str:
    """What two spellings of a journal's or a conference's name share: its words, folded to lower case.

    >>> venue_key("Phys. Rev. B"), venue_key("Imaging & Neuroscience")
    ('phys rev b', 'imaging and neuroscience')
    """
    return " ".join(_NOT_ALPHANUMERIC.sub(" ", name.replace("&", " and ").casefold()).split())


def title_id(title: str) -> PaperId:
    """An id for a paper of which only the title is known; a real id replaces it once one is known."""
    return PaperId("title:" + blake2b(title_key(title).encode(), digest_size=8).hexdigest())


_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols that are shown as nothing."""


def is_visible(text: str) -> bool:
    """Whether anything of a text can be seen."""
    return any(unicodedata.category(char)[0] in "LNPS" and char not in _BLANK for char in text)


def is_title_id(paper_id: str) -> bool:
    """Whether it is an id made from a title, because no real one is known yet."""
    return paper_id.startswith("title:")


class PaperKind(StrEnum):
    """How a paper was published."""

    ARTICLE = "article"
    """In a journal."""
    CONFERENCE = "conference"
    PREPRINT = "preprint"


_PUBLISHED = frozenset({PaperKind.ARTICLE, PaperKind.CONFERENCE})
_PLACE = ("kind", "venue", "volume", "issue", "pages", "doi")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is known of a paper, from all sources that have it.

    `title_tex` is its title as TeX where that says more than the title, which is plain Unicode.
    `summary` is the source's own machine-written summary. `first_seen` is the moment (UTC) a daily list or an
    announcement first showed the paper; trends count its age from there. `thumbnail` is the address of a small picture.
    `venue` is the journal, the conference or the preprint server (`kind` says which of them) that has it, with
    `volume`, `issue` and `pages` as written there, and `doi` is the DOI it has there, without `doi:`.
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
    kind: str = ""
    venue: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    thumbnail: str = ""

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
    def withdrawn(self) -> bool:
        """Whether its authors or its publisher have taken it back; sources say so in the title or the abstract."""
        return bool(_WITHDRAWN_TITLE.match(self.title) or _WITHDRAWN.match(self.abstract))

    @property
    def name(self) -> str:
        """What to call it: its title, or its id where nothing of the title can be seen."""
        return self.title if is_visible(self.title) else self.id

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
    def upvotes_url(self) -> str:
        """Where its upvotes are: its page on Hugging Face, which has papers of arXiv alone; else empty."""
        return f"https://huggingface.co/papers/{self.id}" if is_arxiv(self.id) else ""

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
            **_published_in(newer, older),
        }
        return replace(self, **union)


def _published_in(newer: Paper, older: Paper) -> dict[str, str]:
    """Where a paper was published; what the record of its preprint says of that does not go with a journal's."""
    first, second = sorted((newer, older), key=lambda paper: paper.kind not in _PUBLISHED)
    apart = first.kind in _PUBLISHED and second.kind == PaperKind.PREPRINT
    return {name: getattr(first, name) or ("" if apart else getattr(second, name)) for name in _PLACE}


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
    CITATIONS = "citations"
    """Papers that cite it."""


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
