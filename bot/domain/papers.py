"""Papers, their ids, and signals: counts such as upvotes."""

import re
import unicodedata
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
_DOI = re.compile(r"(?:doi[:\s]\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
_STAMP = re.compile(r"\s*\[[\w.-]+\](?:\s+\d{1,2} \w{3,9} \d{4})?$")
"""What stands after the id on the margin of arXiv's PDFs: `[cs.CL] 10 Oct 2023`."""

_TAB_TITLE = re.compile(r"\[([^\[\]\s]+)\]\s+\S.*", re.DOTALL)
"""What a browser shows of arXiv's pages: `[2310.06825] Mistral 7B`."""

_FILE_NAME = re.compile(r"(?:\S*[/\\])?([^\s/\\]+?)(?:\s*\(\d+\))?\.pdf", re.IGNORECASE)
_OTHER = re.compile(r"[\w][\w./-]{0,63}:[^\s:/][^\s]{0,190}")

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

_ARXIV_PATH = re.compile(
    r"/(?:[a-z]{2}/)?(?:abs|pdf|html|format|e-print|src|ps|tb|overview|resources|audio|papers?|arxiv|docs/arxiv)[/:](.+)"
    r"|/(?:abs/)?arxiv:(.+)",
    re.IGNORECASE,
)
_ARXIV_HOSTS = re.compile(
    r"(?:[a-z]{2,6}\.)?arxiv\.org|ar5iv(?:\.labs\.arxiv)?\.org|xxx\.lanl\.gov|alphaxiv\.org|huggingface\.co|hf\.co"
    r"|(?:api\.)?semanticscholar\.org|scirate\.com|arxiv-vanity\.com|inspirehep\.net|ui\.adsabs\.harvard\.edu"
    r"|papers\.cool|emergentmind\.com|bytez\.com|talk2arxiv\.org"
)
"""Services that show arXiv's papers under links with their ids."""

_BIBCODE = re.compile(r"/abs/\d{4}arXiv(\d{4})(\d{5})\w")
_DOI_HOSTS = re.compile(
    r"doi\.org|dl\.acm\.org|link\.springer\.com|(?:[a-z]+\.)?onlinelibrary\.wiley\.com|(?:bio|med)rxiv\.org"
    r"|tandfonline\.com|journals\.sagepub\.com|pubs\.(?:acs|aip|rsc|geoscienceworld|siam)\.org|epubs\.siam\.org|pnas\.org"
    r"|science\.org|journals\.aps\.org|link\.aps\.org|iopscience\.iop\.org|journals\.plos\.org|frontiersin\.org"
    r"|royalsocietypublishing\.org|psycnet\.apa\.org|pubsonline\.informs\.org|journals\.asm\.org|annualreviews\.org"
    r"|degruyter\.com|worldscientific\.com|emerald\.com|direct\.mit\.edu|liebertpub\.com|drops\.dagstuhl\.de"
    r"|semanticscholar\.org|scholar\.archive\.org|europepmc\.org|ojs\.aaai\.org|ascelibrary\.org|ahajournals\.org"
)
"""Publishers whose links carry the DOI."""

_DOI_IN_PATH = re.compile(r"(?:^|[/=:])(10\.\d{4,9}/.+)")
_VIEW = re.compile(
    r"(?:/(?:full|abstract|abs|pdf|epdf|meta|html|summary|references|figures|fulltext|full-text|epub|download|pdfft))+/?$"
    r"|(?:\.full|\.abstract|\.short|\.full-text|\.article-info|\.supplementary-material)?(?:\.pdf|\.html?|\.xml|\.epub)$"
    r"|\.(?:full|abstract|short|full-text)$",
    re.IGNORECASE,
)
"""What publishers put behind a DOI to show the paper one way or another."""

_PREPRINT_VERSION = re.compile(r"^(10\.(?:1101|64898)/.+?)v\d+(?:\..*)?$", re.IGNORECASE)
_NATURE = re.compile(r"/articles/([a-z]?\d[\w.-]+)")
_ELIFE = re.compile(r"/(?:articles|reviewed-preprints)/(\d{5,6})")
_HOST = (
    r"(?:[a-z]{2,6}\.)?(?:[a-z]+\.)?"
    r"(?:arxiv\.org|alphaxiv\.org|huggingface\.co|hf\.co|doi\.org|aclanthology\.org|openreview\.net|ar5iv\.org"
    r"|scirate\.com|semanticscholar\.org|dl\.acm\.org|link\.springer\.com|(?:bio|med)rxiv\.org)"
)
_ACL = re.compile(r"(\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+|[A-Z]\d{2}-\d{4,5})(?:v\d+)?", re.IGNORECASE)
_OPENREVIEW = re.compile(r"[\w-]{6,32}")
_PAGES = {"acl": "https://aclanthology.org/", "openreview": "https://openreview.net/forum?id="}
_BARE_LINK = re.compile(rf"{_HOST}/", re.IGNORECASE)
_TO_ITS_END = r"(?:<\d+::?[\w-]+>|(?![<>|\"'`{}\\^])[!-~])+"
"""Links and DOIs are written in ASCII: other punctuation, such as Chinese, comes after them.

Old DOIs hold `<1661::AID>`.
"""

_NEXT_LINK = re.compile(r"\]\(|[,;)](?=https?://|10\.\d{4})|(?<=.)(?=https?://)")
_IN_TEXT = re.compile(
    "|".join(
        (
            rf"https?://{_TO_ITS_END}",
            rf"(?<![\w./@-]){_HOST}/{_TO_ITS_END}",
            rf"(?<![\w.])10\.\d{{4,9}}/{_TO_ITS_END}",
            rf"\barxiv:\s*(?:{_NEW_STYLE}|{_OLD_STYLE})(?![\d])",
            rf"(?<![\w./@:-])(?:{_NEW_STYLE}|{_OLD_STYLE})(?:v\d+)?(?![\w/@-])",
        )
    ),
    re.IGNORECASE | re.ASCII,
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
    (`openreview:…`) are recognised, also without `https://`, those of services and publishers that carry an arXiv id or
    a DOI, and whatever was pasted with them: brackets, a full stop, arXiv's subject class and date, a file's name.

    >>> parse_paper_id("arXiv:2310.06825v2 [cs.CL]"), parse_paper_id("(https://arxiv.org/abs/2310.06825).")
    ('2310.06825', '2310.06825')
    """
    text = _STAMP.sub("", text.strip()).strip("<>\"'`*“”„«»").strip()
    if tab := _TAB_TITLE.fullmatch(text):
        return arxiv_id(tab[1])
    text = re.sub(r"^doi:?\s+(?=http)", "", _without_closing(text), flags=re.IGNORECASE)
    if text.lower().startswith(("http://", "https://")):
        return _id_from_link(text)
    if _BARE_LINK.match(text):
        return _id_from_link(f"https://{text}")
    if found := arxiv_id(text) or _id_from_doi(text):
        return found
    if file := _FILE_NAME.fullmatch(text):
        return arxiv_id(file[1]) or arxiv_id(file[1].replace("_", "/", 1))
    return PaperId(text) if _OTHER.fullmatch(text) else None


def find_paper_ids(text: str) -> list[PaperId]:
    """Ids of the papers that a message links to or names, in order of appearance, each once."""
    found: list[PaperId] = []
    at = 0
    while match := _IN_TEXT.search(text, at):
        written = _NEXT_LINK.split(match[0], maxsplit=1)[0] or match[0]
        at = match.start() + len(written)
        paper_id = parse_paper_id(_without_closing(written))
        if paper_id:
            found.append(paper_id)
    return list(dict.fromkeys(found))


def _without_closing(text: str) -> str:
    """A link or an id without the punctuation behind it and the brackets around it; its own brackets stay.

    >>> _without_closing("(10.1016/S0370-2693(12)00857-X).")
    '10.1016/S0370-2693(12)00857-X'
    """
    while True:
        shorter = text.rstrip(".,:;!?*~_")
        for opening, closing in ("()", "[]"):
            if shorter.startswith(opening) and shorter.count(opening) >= shorter.count(closing):
                inner = shorter[1:-1] if shorter.endswith(closing) else shorter[1:]
                shorter = inner if _never_closes_early(inner, opening, closing) else shorter
            if shorter.endswith(closing) and shorter.count(closing) > shorter.count(opening):
                shorter = shorter[:-1]
        if shorter == text:
            return text
        text = shorter


def _never_closes_early(inner: str, opening: str, closing: str) -> bool:
    depth = 0
    for char in inner:
        depth += {opening: 1, closing: -1}.get(char, 0)
        if depth < 0:
            return False
    return True


def _id_from_link(link: str) -> PaperId | None:
    try:
        parts = urlsplit(link)
        host = re.sub(r"^(?:www\.|export\.|dx\.|browse\.)+", "", (parts.hostname or "").rstrip("."))
    except ValueError:
        return None
    path = unquote(parts.path).rstrip("/")
    if host == "aclanthology.org":
        return acl_id(path.lstrip("/").removesuffix(".pdf"))
    if host == "openreview.net":
        return _openreview_id(parts)
    if _ARXIV_HOSTS.fullmatch(host) and (found := _arxiv_id_of_path(path)):
        return found
    if host in {"nature.com", "elifesciences.org", "zenodo.org"}:
        return _id_from_doi(_doi_of_number(host, path))
    return _doi_of_link(parts, path) if _DOI_HOSTS.fullmatch(host) else None


def _arxiv_id_of_path(path: str) -> PaperId | None:
    if bibcode := _BIBCODE.match(path):
        return arxiv_id(f"{bibcode[1]}.{bibcode[2]}")
    match = _ARXIV_PATH.fullmatch(path)
    if not match:
        return None
    named = (match[1] or match[2]).removesuffix(".pdf")
    return arxiv_id(named) or arxiv_id(named.partition("/")[0])


def _doi_of_number(host: str, path: str) -> str:
    """The DOI of a page that some publishers name by the end of it alone."""
    if host == "nature.com" and (match := _NATURE.match(path)):
        return f"10.1038/{match[1].removesuffix('.pdf')}"
    if host == "elifesciences.org" and (match := _ELIFE.match(path)):
        return f"10.7554/eLife.{match[1]}"
    if host == "zenodo.org" and (match := re.match(r"/records?/(\d+)", path)):
        return f"10.5281/zenodo.{match[1]}"
    return ""


def _doi_of_link(link: SplitResult, path: str) -> PaperId | None:
    """The DOI in a publisher's link, without what shows the paper one way or another."""
    if (link.hostname or "").endswith("doi.org"):
        return _id_from_doi(path.lstrip("/"))
    queried = parse_qs(link.query)
    named = next((queried[name][0] for name in ("doi", "id") if name in queried), "")
    match = _DOI_IN_PATH.search(path) or _DOI_IN_PATH.search(named)
    return _id_from_doi(_VIEW.sub("", match[1])) if match else None


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
    if version := _PREPRINT_VERSION.match(match[1]):
        match = _DOI.fullmatch(version[1]) or match
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
