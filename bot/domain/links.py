"""A link -> the paper it is about: by site, of those whose links carry an id."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from bot.domain.paper_ids import PaperId, arxiv_id

LONGEST_LINK = 2000
"""Characters of a link, and of anything that may name a paper. Hosts are read in the square of their length."""

NAMES = (
    "arXiv, alphaXiv, Hugging Face papers, Papers with Code, Semantic Scholar, bioRxiv, medRxiv, PubMed, PMC, "
    "Europe PMC, OpenReview, the ACL Anthology, PMLR, NeurIPS, DBLP, doi.org and publishers whose links have the DOI"
)
"""The sites whose links are understood, as people read them."""

BARE_HOST = (
    r"(?:[a-z]{2,6}\.)?(?:[a-z]+\.)?"
    r"(?:arxiv\.org|alphaxiv\.org|huggingface\.co|hf\.co|doi\.org|aclanthology\.org|openreview\.net|ar5iv\.org"
    r"|scirate\.com|semanticscholar\.org|dl\.acm\.org|link\.springer\.com|(?:bio|med)rxiv\.org|ncbi\.nlm\.nih\.gov"
    r"|europepmc\.org|paperswithcode\.com|dblp\.org|mlr\.press|nips\.cc|neurips\.cc)"
)
"""Hosts whose links are known without `https://`, too."""

_DOI = re.compile(r"(?:doi[:\s]\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
_PREPRINT_VERSION = re.compile(r"^(10\.(?:1101|64898)/.+?)v\d+(?:\..*)?$", re.IGNORECASE)

_ARXIV_PATH = re.compile(
    r"/(?:[a-z]{2}/)?(?:abs|pdf|html|format|e-print|src|ps|tb|overview|resources|audio|papers?|arxiv|docs/arxiv)[/:](.+)"
    r"|/(?:abs/)?arxiv:(.+)",
    re.IGNORECASE,
)
_BIBCODE = re.compile(r"/abs/\d{4}arXiv(\d{4})(\d{5})\w")
_DOI_IN_PATH = re.compile(r"(?:^|[/=:])(10\.\d{4,9}/.+)")
_VIEW = re.compile(
    r"(?:/(?:full|abstract|abs|pdf|epdf|meta|html|summary|references|figures|fulltext|full-text|epub|download|pdfft))+/?$"
    r"|(?:\.full|\.abstract|\.short|\.full-text|\.article-info|\.supplementary-material)?(?:\.pdf|\.html?|\.xml|\.epub)$"
    r"|\.(?:full|abstract|short|full-text)$",
    re.IGNORECASE,
)
"""What publishers put behind a DOI to show the paper one way or another."""

_PREPRINT_VIEW = re.compile(r"(\.\d{4}\.\d{2}\.\d{2}\.\d+)\.(?:abstract|full|short).*$", re.IGNORECASE)
_EARLY = re.compile(r"/content/(?:\w+/)?early/\d{4}/\d\d/\d\d/(\d{4}\.\d\d\.\d\d\.\d+|\d{6})\b.*")
_NATURE = re.compile(r"/articles/([a-z]?\d[\w.-]+)")
_ELIFE = re.compile(r"/(?:articles|reviewed-preprints)/(\d{5,6})")
_ACL = re.compile(r"(\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+|[A-Z]\d{2}-\d{4,5})(?:v\d+)?", re.IGNORECASE)
_OPENREVIEW = re.compile(r"[\w-]{6,32}")
_PUBMED = re.compile(r"(?:/pubmed|/abstract/med|/article/med)?/(\d{1,8})(?:/.*)?", re.IGNORECASE)
_PMC = re.compile(r"(?:/pmc)?/articles?(?:/pmc)?/(?:PMC)?(\d{3,9})(?:/.*)?", re.IGNORECASE)
_PPR = re.compile(r"/(?:article|abstract)/ppr/(PPR\d{1,9})(?:/.*)?", re.IGNORECASE)
_S2 = re.compile(r"/(?:paper|reader)/(?:[^/]+/)?([0-9a-f]{40})(?:/.*)?", re.IGNORECASE)
_CORPUS = re.compile(r"/corpusid:(\d{1,12})", re.IGNORECASE)
_SLUG = re.compile(r"/paper/([a-z0-9][a-z0-9-]{3,180})(?:/.*)?")
_DBLP = re.compile(r"/rec/(?:(?:html|bibtex|xml|rdf)/)?((?:conf|journals|books|phd|series)/[\w-]+/[\w-]+)(?:\.\w+)?")
_CORR = re.compile(r"journals/corr/abs-(?:(\d{4})-(\d{4,5})|([a-z][a-z-]*)-(\d{7}))")
_PMLR = re.compile(r"/(v\d{1,4}|r\d{1,3})/([a-z][\w-]*?)(?:/[\w-]+)?(?:\.html|\.pdf)?", re.IGNORECASE)
_NEURIPS = re.compile(
    r"/paper(?:_files/paper)?/(\d{4})/(?:hash|file)/([0-9a-f]{32})-"
    r"(?:Abstract|Paper|Metadata|Bibtex|Reviews?|Supplemental)(?:-([A-Za-z_]+))?(?:\.\w+)?"
)
_OLD_NEURIPS = re.compile(r"/paper/(\d{1,5}-[a-z0-9-]+?)(?:\.pdf)?")


def id_of_link(link: str) -> PaperId | None:
    """The paper that an http link is about; None for a page that is about none, or of a site nobody knows here."""
    parts = _parts(link)
    if parts is None:
        return None
    path = unquote(parts.path).rstrip("/")
    found = (read(parts, path) for read in _readers(_host(parts)))
    return next((paper_id for paper_id in found if paper_id), None)


def site_of(link: str) -> str:
    """The host of an http link, as people call it: without `www.`; empty for what is no link."""
    parts = _parts(link)
    return _host(parts) if parts else ""


def is_known_site(host: str) -> bool:
    """Whether links of a site are understood."""
    return any(True for _ in _readers(host))


def id_of_doi(text: str) -> PaperId | None:
    """The id for a DOI, which is arXiv's for one of arXiv's; None for what is no DOI."""
    match = _DOI.fullmatch(text)
    if not match:
        return None
    if version := _PREPRINT_VERSION.match(match[1]):
        match = _DOI.fullmatch(version[1]) or match
    arxiv = _ARXIV_DOI.fullmatch(match[1])
    return (arxiv_id(arxiv[1]) if arxiv else None) or PaperId(f"doi:{match[1].lower()}")


def acl_id(number: str) -> PaperId | None:
    """The id for a number of the ACL Anthology, such as `2024.acl-long.1` or `P19-1001`, without its version."""
    match = _ACL.fullmatch(number)
    if not match:
        return None
    return PaperId(f"acl:{match[1].upper() if match[1][0].isalpha() else match[1].lower()}")


def _parts(link: str) -> SplitResult | None:
    try:
        parts = urlsplit(link if len(link) <= LONGEST_LINK else "")
    except ValueError:
        return None
    return parts if parts.scheme in {"http", "https"} and parts.hostname else None


def _host(parts: SplitResult) -> str:
    return re.sub(r"^(?:www\d?\.|export\.|dx\.|browse\.|m\.)+", "", (parts.hostname or "").rstrip("."))


def _arxiv(_link: SplitResult, path: str) -> PaperId | None:
    if bibcode := _BIBCODE.match(path):
        return arxiv_id(f"{bibcode[1]}.{bibcode[2]}")
    match = _ARXIV_PATH.fullmatch(path)
    if not match:
        return None
    named = (match[1] or match[2]).removesuffix(".pdf")
    return arxiv_id(named) or arxiv_id(named.partition("/")[0])


def _nature(_link: SplitResult, path: str) -> PaperId | None:
    match = _NATURE.match(path)
    return id_of_doi(f"10.1038/{match[1].removesuffix('.pdf')}") if match else None


def _elife(_link: SplitResult, path: str) -> PaperId | None:
    match = _ELIFE.match(path)
    return id_of_doi(f"10.7554/eLife.{match[1]}") if match else None


def _zenodo(_link: SplitResult, path: str) -> PaperId | None:
    match = re.match(r"/records?/(\d+)", path)
    return id_of_doi(f"10.5281/zenodo.{match[1]}") if match else None


def _doi(link: SplitResult, path: str) -> PaperId | None:
    """The DOI in a publisher's link, without what shows the paper one way or another."""
    if (link.hostname or "").endswith("doi.org"):
        return id_of_doi(path.lstrip("/"))
    queried = parse_qs(link.query)
    named = next((queried[name][0] for name in ("doi", "id") if name in queried), "")
    match = _DOI_IN_PATH.search(path) or _DOI_IN_PATH.search(named)
    return id_of_doi(_PREPRINT_VIEW.sub(r"\1", _VIEW.sub("", match[1]))) if match else None


def _preprint(_link: SplitResult, path: str) -> PaperId | None:
    """A link of bioRxiv or medRxiv as they were before their DOIs stood in them."""
    match = _EARLY.fullmatch(path)
    return id_of_doi(f"10.1101/{match[1]}") if match else None


def _acl(_link: SplitResult, path: str) -> PaperId | None:
    number = re.sub(r"^/(?:anthology/)?|\.(?:pdf|bib|xml|endf)$", "", path)
    return acl_id(number)


def _openreview(link: SplitResult, path: str) -> PaperId | None:
    number = parse_qs(link.query).get("id", [""])[0]
    shows_paper = path in {"/forum", "/pdf", "/attachment", "/references/pdf"}
    return PaperId(f"openreview:{number}") if shows_paper and _OPENREVIEW.fullmatch(number) else None


def _pubmed(_link: SplitResult, path: str) -> PaperId | None:
    match = _PUBMED.fullmatch(path)
    return PaperId(f"pmid:{int(match[1])}") if match else None


def _pmc(_link: SplitResult, path: str) -> PaperId | None:
    match = _PMC.fullmatch(path)
    return PaperId(f"pmc:PMC{int(match[1])}") if match else None


def _europe_pmc(_link: SplitResult, path: str) -> PaperId | None:
    match = _PPR.fullmatch(path)
    return PaperId(f"ppr:{match[1].upper()}") if match else None


def _semantic_scholar(_link: SplitResult, path: str) -> PaperId | None:
    match = _S2.fullmatch(path) or _CORPUS.fullmatch(path)
    return PaperId(f"s2:{match[1].lower()}") if match else None


def _papers_with_code(_link: SplitResult, path: str) -> PaperId | None:
    match = _SLUG.fullmatch(path)
    return PaperId(f"slug:{match[1]}") if match else None


def _dblp(_link: SplitResult, path: str) -> PaperId | None:
    match = _DBLP.fullmatch(path)
    if not match:
        return None
    if corr := _CORR.fullmatch(match[1]):
        return arxiv_id(f"{corr[1]}.{corr[2]}" if corr[1] else f"{corr[3]}/{corr[4]}")
    return PaperId(f"dblp:{match[1]}")


def _pmlr(_link: SplitResult, path: str) -> PaperId | None:
    match = _PMLR.fullmatch(path)
    return PaperId(f"pmlr:{match[1].lower()}/{match[2].lower()}") if match else None


def _neurips(_link: SplitResult, path: str) -> PaperId | None:
    if match := _NEURIPS.fullmatch(path):
        track = f"-{match[3]}" if match[3] else ""
        return PaperId(f"neurips:{match[1]}/{match[2]}{track}")
    old = _OLD_NEURIPS.fullmatch(path)
    return PaperId(f"neurips:{old[1]}") if old else None


_Reader = Callable[[SplitResult, str], PaperId | None]

_SHOWING_ARXIV = (
    r"(?:[a-z]{2,6}\.)?arxiv\.org|ar5iv(?:\.labs\.arxiv)?\.org|xxx\.lanl\.gov|alphaxiv\.org|huggingface\.co|hf\.co"
    r"|(?:api\.)?semanticscholar\.org|scirate\.com|arxiv-vanity\.com|inspirehep\.net|ui\.adsabs\.harvard\.edu"
    r"|papers\.cool|emergentmind\.com|bytez\.com|talk2arxiv\.org"
)
"""Services that show arXiv's papers under links with their ids."""

_WITH_DOIS = (
    r"doi\.org|dl\.acm\.org|link\.springer\.com|(?:[a-z]+\.)?onlinelibrary\.wiley\.com|(?:bio|med)rxiv\.org"
    r"|tandfonline\.com|journals\.sagepub\.com|pubs\.(?:acs|aip|rsc|geoscienceworld|siam)\.org|epubs\.siam\.org|pnas\.org"
    r"|science\.org|journals\.aps\.org|link\.aps\.org|iopscience\.iop\.org|journals\.plos\.org|frontiersin\.org"
    r"|royalsocietypublishing\.org|psycnet\.apa\.org|pubsonline\.informs\.org|journals\.asm\.org|annualreviews\.org"
    r"|degruyter\.com|worldscientific\.com|emerald\.com|direct\.mit\.edu|liebertpub\.com|drops\.dagstuhl\.de"
    r"|semanticscholar\.org|scholar\.archive\.org|europepmc\.org|ojs\.aaai\.org|ascelibrary\.org|ahajournals\.org"
)
"""Publishers whose links carry the DOI."""

_SITES: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(hosts), read)
    for hosts, read in (
        (r"aclanthology\.org|aclweb\.org", _acl),
        (r"openreview\.net", _openreview),
        (_SHOWING_ARXIV, _arxiv),
        (r"(?:api\.)?semanticscholar\.org", _semantic_scholar),
        (r"(?:pubmed\.)?ncbi\.nlm\.nih\.gov|europepmc\.org", _pubmed),
        (r"(?:pmc\.)?ncbi\.nlm\.nih\.gov|europepmc\.org", _pmc),
        (r"europepmc\.org", _europe_pmc),
        (r"paperswithcode\.com", _papers_with_code),
        (r"dblp(?:\.uni-trier\.de|\.org|\.dagstuhl\.de)", _dblp),
        (r"proceedings\.mlr\.press", _pmlr),
        (r"(?:papers|proceedings)\.(?:nips|neurips)\.cc", _neurips),
        (r"nature\.com", _nature),
        (r"elifesciences\.org", _elife),
        (r"zenodo\.org", _zenodo),
        (_WITH_DOIS, _doi),
        (r"(?:bio|med)rxiv\.org", _preprint),
    )
)
"""The sites that are known, and how the links of each are read; the first reading that gives an id counts."""


def _readers(host: str) -> Iterator[_Reader]:
    return (read for hosts, read in _SITES if hosts.fullmatch(host))
