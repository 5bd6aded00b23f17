"""A link -> the paper it is about: by site, of those whose links carry an id."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from bot.domain.paper_ids import ARXIV_ID, PaperId, arxiv_id
from bot.domain.patterns import later

LONGEST_LINK = 2000
"""Characters of a link, and of anything that may name a paper. Hosts are read in the square of their length."""

NAMES = (
    "arXiv, alphaXiv, Hugging Face papers, Papers with Code, Semantic Scholar, bioRxiv, medRxiv, PubMed, PMC, "
    "Europe PMC, OpenReview, the ACL Anthology, PMLR, NeurIPS, DBLP and Nature, and any link with a DOI in it"
)
"""The links that are understood, as people read them."""

BARE_HOST = (
    r"(?:[a-z]{2,6}\.)?(?:[a-z-]+\.)?"
    r"(?:arxiv\.org|alphaxiv\.org|huggingface\.co|hf\.co|doi\.org|aclanthology\.org|openreview\.net|ar5iv\.org"
    r"|scirate\.com|semanticscholar\.org|nature\.com|dl\.acm\.org|link\.springer\.com|(?:bio|med)rxiv\.org|ncbi\.nlm\.nih\.gov"
    r"|europepmc\.org|paperswithcode\.com|dblp\.org|mlr\.press|nips\.cc|neurips\.cc)"
)
"""Hosts whose links are known without `https://`, too."""

_DOI = later(r"(?:doi[:\s]\s*)?(10\.\d{4,9}/\S+)", re.IGNORECASE)
_ARXIV_DOI = later(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
_PREPRINT_VERSION = later(r"^(10\.(?:1101|64898)/.+?)v\d+(?:\..*)?$", re.IGNORECASE)

_ARXIV_PATH = later(rf"/(?:arxiv:)?({ARXIV_ID})(?:v\d+)?(?:\.[a-z]{{2,4}})?(?=[/&;,)]|_*$)", re.IGNORECASE)
_ARXIV_SOUGHT = later(rf"(?:(?:find\s+)?(?:eprint|arxiv)[:\s]\s*)?({ARXIV_ID})(?:v\d+)?", re.IGNORECASE)
_BIBCODE = later(r"(?:^|/)\d{4}arXiv(\d{4})\.?(\d{4,5})[A-Z](?=/|$)")
_OLD_BIBCODE = later(r"(?:^|/)\d\d(\d\d)([a-z]+(?:\.[a-z]+)?)\.+(\d{4,5})[A-Z](?=/|$)")
"""`1999hep.th....1001W` is hep-th/9901001: its month has no 0 in front."""

_DOI_IN_PATH = later(r"(?:^|[/=:])(10\.\d{4,9}/.+)")
_DOI_SOUGHT = later(
    r"(?:https?://(?:dx\.)?doi\.org/|(?:find\s+)?doi[:\s]\s*)?(10\.\d{4,9}/\S+?)(?:\[(?:doi|aid|lid)\])?", re.IGNORECASE
)
"""What is searched for is a DOI, and not what cites it or has it among other words."""

_WITH_NUMBER = later(r"/(?:advance-)?article[\w-]*/doi/(10\.\d{4,9}/.+?)/\d{5,}(?:/.*)?$")
"""Behind the DOI is the publisher's own number of the article, and its title."""
_VIEW = later(
    r"/(?:full|abstract|abs|pdf|epdf|meta|html?|summary|references|citation|metrics|figures?|tables?|fulltext|full-text"
    r"|epub|download|pdfft|suppl|suppl_file|supplementary|xml|peer-review|permissions)(?:[./].*)?$"
    r"|(?:\.full|\.abstract|\.short|\.full-text|\.article-info|\.supplementary-material)?(?:\.e?pdf|\.html?|\.xml|\.epub|\.svg)$"
    r"|\.(?:full|abstract|short|full-text)$"
    r"|(?<=\d)\.[gst]\d{3}$",
    re.IGNORECASE,
)
"""What publishers put behind a DOI to show the paper one way or another, or a part of it."""

_PREPRINT_VIEW = later(r"(\.\d{4}\.\d{2}\.\d{2}\.\d+)\.(?:abstract|full|short).*$", re.IGNORECASE)
_PREPRINT_PATH = later(
    r"/(?:content/(?:\w+/)?(?:early|suppl)/\d{4}/\d\d/\d\d|cgi/content/[a-z]+|qr)/(\d{4}\.\d\d\.\d\d\.\d+|\d{6})(?!\d).*"
)
_NEW_PREFIX = "2025.12"
"""The month since which preprints of bioRxiv and medRxiv have the DOIs of openRxiv."""

_OSF_NUMBER = r"[a-hjkmnp-z2-9]{5}(?:_v\d+)?"
"""Without the characters that look like others, which its pages, such as `about` and `login`, have."""

_OSF = later(rf"/preprints(?:/(\w+))?/({_OSF_NUMBER})(?:/|$)")
_OSF_PREFIXES = {
    "africarxiv": "10.31730",
    "agrixiv": "10.31220",
    "arabixiv": "10.31221",
    "edarxiv": "10.35542",
    "engrxiv": "10.31224",
    "lawarxiv": "10.31228",
    "mediarxiv": "10.33767",
    "metaarxiv": "10.31222",
    "mindrxiv": "10.31231",
    "nutrixiv": "10.31232",
    "osf": "10.31219",
    "paleorxiv": "10.31233",
    "psyarxiv": "10.31234",
    "socarxiv": "10.31235",
    "sportrxiv": "10.31236",
    "thesiscommons": "10.31237",
}

_ACL = later(r"(\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+|[A-Z]\d{2}-\d{4,5})(?:v\d+)?", re.IGNORECASE)
_ACL_PATH = later(rf"/({_ACL.pattern})(?:\.[a-z.]+\d?)?(?=/|$)", re.IGNORECASE)
_OPENREVIEW = later(r"[\w-]{6,32}")
_PUBMED = later(
    r"(?:(?:/m)?/pubmed|/abstract/med|/article/med|(?:/pmc)?/articles/pmid)?/(\d{1,8})(?:/.*)?", re.IGNORECASE
)
_PMID_SOUGHT = later(r"(\d{1,8})(?:\[(?:pmid|uid)\])?", re.IGNORECASE)
_PMC = later(
    r"(?:/labs)?(?:/pmc)?/articles?(?:/pmc|/instance)?/(?:PMC)?(\d{3,9})(?:v\d+|\.\d+)?(?:/.*)?", re.IGNORECASE
)
_PMC_SOUGHT = later(r"(?:PMC)?(\d{3,9})", re.IGNORECASE)
_PPR = later(r"/(?:article|abstract)/ppr/(PPR\d{1,9})(?:/.*)?", re.IGNORECASE)
_S2 = later(r"(?:/graph/v1)?/(?:paper|reader)/(?:[^/]+/)?([0-9a-f]{40})(?:/.*)?", re.IGNORECASE)
_S2_PDF = later(r"/([0-9a-f]{4})/([0-9a-f]{36})\.pdf")
_CORPUS = later(r"(?:/graph/v1/paper)?/corpusid:(\d{1,12})", re.IGNORECASE)
_SLUG = later(r"/paper/([a-z0-9][a-z0-9-]{3,180})(?:/.*)?")
_DBLP = later(
    r"/rec/(?:(?:html|bibtex|bib\d?|xml|rdf|nt|ris|ttl)/)?"
    r"((?:conf|journals|books|phd|series|reference|tr|data)/[\w-]+/[\w-]+)(?:\.\w+)?"
)
_CORR = later(r"journals/corr/(?:abs-(\d{4})-(\d{4,5})|(?:abs-)?([a-z][a-z-]*?)(?:-[A-Z]{2})?-(\d{7}))")
_PMLR = later(
    r"(?:/proceedings/papers)?/(v\d{1,4}|r\d{1,3})/([a-z][\w-]*?)(?:/[\w-]+)?(?:\.html|\.pdf)?", re.IGNORECASE
)
_PMLR_PDF = later(r"/mlresearch/(v\d{1,4}|r\d{1,3})/[\w-]+/assets/([a-z][\w-]*)/[\w-]+\.pdf")
_NEURIPS = later(
    r"/paper(?:_files/paper)?/(\d{4})/(?:hash|file)/([0-9a-f]{32})-[A-Z][A-Za-z]+(?:-([A-Za-z_]+\d?))?(?:\.\w+)?"
)
_OLD_NEURIPS = later(r"/paper/(\d{1,5}-[a-z0-9-]+?)(?:\.pdf)?")


def id_of_link(link: str) -> PaperId | None:
    """The paper that an http link is about; None for a page that is about none, or of a site nobody knows here.

    A link that leads to another, as mail programs and archives make them, is about what that one is about.
    """
    parts = _parts(link)
    return (_id_on_page(parts) or _id_on_page(_parts(_leads_to(parts)))) if parts else None


def _id_on_page(parts: SplitResult | None) -> PaperId | None:
    if parts is None:
        return None
    path = unquote(parts.path).strip().rstrip("/")
    plain = re.sub("//+", "/", path)
    found = (read(parts, path if read is _doi else plain) for read in (*_readers(_host(parts)), _doi))
    return next((paper_id for paper_id in found if paper_id), None)


def _leads_to(parts: SplitResult) -> str:
    """The link within a link; empty where there is none."""
    for value in (value for values in parse_qs(parts.query).values() for value in values):
        if value.startswith(("http://", "https://")):
            return value
    _, scheme, rest = parts.path.rpartition("http")
    query = f"?{parts.query}" if parts.query else ""
    return re.sub("^http(s?):/+", r"http\1://", f"{scheme}{rest}{query}").partition("__;")[0]


def site_of(link: str) -> str:
    """The host of an http link, as people call it: without `www.`; empty for what is no link."""
    parts = _parts(link)
    return _host(parts) if parts else ""


def is_known_site(host: str) -> bool:
    """Whether links of a site are understood, or of the site that it is a part of."""
    labels = host.split(".")
    return any(True for start in range(len(labels)) for _ in _readers(".".join(labels[start:])))


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
    if len(link) > LONGEST_LINK or any(char.isspace() for char in link):
        return None
    try:
        parts = urlsplit(link)
    except ValueError:
        return None
    return parts if parts.scheme in {"http", "https"} and parts.hostname else None


def _host(parts: SplitResult) -> str:
    return re.sub(r"^(?:www\d?\.|export\.|dx\.|browse\.|m\.)+", "", (parts.hostname or "").rstrip("."))


def _arxiv(link: SplitResult, path: str) -> PaperId | None:
    match = _ARXIV_PATH.search(path) or _sought(link, _ARXIV_SOUGHT, "q", "p", "query")
    return arxiv_id(match[1]) if match else None


def _astronomers(link: SplitResult, path: str) -> PaperId | None:
    """A link of the Astrophysics Data System to a paper of arXiv; once they had all behind a `#`."""
    path = path or f"/{unquote(link.fragment)}"
    if bibcode := _BIBCODE.search(path):
        return arxiv_id(f"{bibcode[1]}.{bibcode[2]}")
    if old := _OLD_BIBCODE.search(path):
        return arxiv_id(f"{old[2].replace('.', '-')}/{old[1]}{old[3]:0>5}")
    return _arxiv(link, path)


def _hugging_face(link: SplitResult, path: str) -> PaperId | None:
    return _arxiv(link, path) if re.match("(?:/api)?/papers/", path) else None


def _numbered(doi: str, *paths: str) -> "_Reader":
    """Reads links whose path has, as its groups, the numbers of which publishers make a DOI."""
    patterns = [later(path) for path in paths]

    def read(link: SplitResult, path: str) -> PaperId | None:
        asked = f"{path}?{link.query}"
        match = next(filter(None, (pattern.match(asked) for pattern in patterns)), None)
        return id_of_doi(doi.format(*match.groups())) if match else None

    return read


def _doi(link: SplitResult, path: str) -> PaperId | None:
    """The DOI in a link, without what shows the paper one way or another."""
    if (link.hostname or "").endswith("doi.org"):
        return id_of_doi(path.lstrip("/"))
    if numbered := _WITH_NUMBER.search(path):
        return id_of_doi(numbered[1])
    queried = parse_qs(link.query)
    named = next((queried[name][0] for name in ("doi", "doid", "id") if name in queried), "")
    match = _DOI_IN_PATH.search(path) or _DOI_IN_PATH.search(named) or _sought(link, _DOI_SOUGHT, "term", "q", "query")
    return id_of_doi(_VIEW.sub("", _PREPRINT_VIEW.sub(r"\1", match[1]))) if match else None


def _preprint(_link: SplitResult, path: str) -> PaperId | None:
    """A link of bioRxiv or medRxiv that has the number of a preprint and not its DOI."""
    match = _PREPRINT_PATH.fullmatch(path)
    if not match:
        return None
    is_new = "." in match[1] and match[1] >= _NEW_PREFIX
    return id_of_doi(f"{'10.64898' if is_new else '10.1101'}/{match[1]}")


def _osf(_link: SplitResult, path: str) -> PaperId | None:
    """A preprint of the Open Science Framework, whose DOI tells the community that it is of."""
    match = _OSF.match(path)
    prefix = _OSF_PREFIXES.get(match[1] or "osf") if match else None
    return id_of_doi(f"{prefix}/osf.io/{match[2]}") if match and prefix else None


def _acl(_link: SplitResult, path: str) -> PaperId | None:
    match = _ACL_PATH.search(path)
    return acl_id(match[1]) if match else None


def _openreview(link: SplitResult, path: str) -> PaperId | None:
    number = parse_qs(link.query).get("id", [""])[0]
    shows_paper = path in {"/forum", "/pdf", "/attachment", "/references/pdf", "/revisions", "/notes"}
    return PaperId(f"openreview:{number}") if shows_paper and _OPENREVIEW.fullmatch(number) else None


def _pubmed(link: SplitResult, path: str) -> PaperId | None:
    asks = path in {"/pubmed", "/entrez/query.fcgi"} or (link.hostname or "").startswith("pubmed.")
    match = _PUBMED.fullmatch(path) or (_sought(link, _PMID_SOUGHT, "term", "list_uids") if asks else None)
    return PaperId(f"pmid:{int(match[1])}") if match else None


def _pmc(link: SplitResult, path: str) -> PaperId | None:
    match = _PMC.fullmatch(path) or _sought(link, _PMC_SOUGHT, "artid", "accid")
    return PaperId(f"pmc:PMC{int(match[1])}") if match else None


def _sought(link: SplitResult, number: re.Pattern[str], *names: str) -> re.Match[str] | None:
    """The number that a link asks for by one of some parameters."""
    queried = parse_qs(link.query)
    return next(filter(None, (number.fullmatch(queried[name][0]) for name in names if name in queried)), None)


def _europe_pmc(_link: SplitResult, path: str) -> PaperId | None:
    match = _PPR.fullmatch(path)
    return PaperId(f"ppr:{match[1].upper()}") if match else None


def _semantic_scholar(_link: SplitResult, path: str) -> PaperId | None:
    match = _S2.fullmatch(path) or _S2_PDF.fullmatch(path) or _CORPUS.fullmatch(path)
    return PaperId(f"s2:{''.join(match.groups()).lower()}") if match else None


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
    match = _PMLR.fullmatch(path) or _PMLR_PDF.fullmatch(path)
    return PaperId(f"pmlr:{match[1].lower()}/{match[2].lower()}") if match else None


def _neurips(_link: SplitResult, path: str) -> PaperId | None:
    if match := _NEURIPS.fullmatch(path):
        track = f"-{match[3]}" if match[3] else ""
        return PaperId(f"neurips:{match[1]}/{match[2]}{track}")
    old = _OLD_NEURIPS.fullmatch(path)
    return PaperId(f"neurips:{old[1]}") if old else None


_Reader = Callable[[SplitResult, str], PaperId | None]

_SHOWING_ARXIV = (
    r"(?:[a-z]{2,6}\.)?arxiv\.org|ar5iv(?:\.labs\.arxiv)?\.org|xxx\.lanl\.gov|alphaxiv\.org|(?:api\.)?semanticscholar\.org"
    r"|scirate\.com|arxiv-vanity\.com|inspirehep\.net|papers\.cool|emergentmind\.com"
    r"|bytez\.com|talk2arxiv\.org|catalyzex\.com"
)
"""Services that show arXiv's papers under links with their ids."""

_SITES: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (later(hosts), read)
    for hosts, read in (
        (r"(?:\w+\.)?(?:aclanthology|aclweb)\.org|aclanthology\.info|aclanthology\.coli\.uni-saarland\.de", _acl),
        (r"(?:api2?\.|old\.)?openreview\.net", _openreview),
        (r"huggingface\.co|hf\.co", _hugging_face),
        (_SHOWING_ARXIV, _arxiv),
        (r"(?:ui\.)?adsabs\.harvard\.edu", _astronomers),
        (r"(?:api\.|pdfs\.)?semanticscholar\.org", _semantic_scholar),
        (r"(?:(?:pubmed|pmc)\.)?ncbi\.nlm\.nih\.gov|pubmed\.gov|europepmc\.org", _pubmed),
        (r"(?:pmc\.)?ncbi\.nlm\.nih\.gov|pubmedcentral\.nih\.gov|europepmc\.org", _pmc),
        (r"europepmc\.org", _europe_pmc),
        (r"(?:[a-z]+\.)?paperswithcode\.com", _papers_with_code),
        (r"dblp\d?(?:\.uni-trier\.de|\.org|\.dagstuhl\.de)", _dblp),
        (r"proceedings\.mlr\.press|jmlr\.org|jmlr\.csail\.mit\.edu|raw\.githubusercontent\.com", _pmlr),
        (r"(?:papers\.|proceedings\.|datasets-benchmarks-proceedings\.)?(?:nips|neurips)\.cc", _neurips),
        (
            r"nature\.com",
            _numbered(
                "10.1038/{}",
                r"/articles/([a-z.]*\d[\w.-]*?)(?:_reference)?(?:\.e?pdf)?(?:[/?]|$)",
                r"/\w+/journal/.+/(?:full|abs|pdf)/([\w.-]+?)(?:\.html|\.pdf)?\?",
            ),
        ),
        (
            r"elifesciences\.org",
            _numbered("10.7554/eLife.{}", r"/(?:articles|reviewed-preprints|content/\d+)/e?(\d{5,6})"),
        ),
        (r"zenodo\.org", _numbered("10.5281/zenodo.{}", r"(?:/api)?/records?/(\d+)")),
        (r"peerj\.com", _numbered("10.7717/peerj.{}", r"/articles/(\d+)")),
        (r"peerj\.com", _numbered("10.7717/peerj-cs.{}", r"/articles/cs-(\d+)")),
        (r"(?:papers\.)?ssrn\.com", _numbered("10.2139/ssrn.{}", r"/.*\babstract(?:_?id)?=(\d+)")),
        (r"(?:dl|portal)\.acm\.org", _numbered("10.1145/{}", r"/citation\.cfm\?(?:.*&)?doid=(\d+\.\d+)")),
        (r"osf\.io", _osf),
        (r"psyarxiv\.com", _numbered("10.31234/osf.io/{}", rf"/(?:preprints/)?({_OSF_NUMBER})(?:[/?]|$)")),
        (r"edarxiv\.org", _numbered("10.35542/osf.io/{}", rf"/({_OSF_NUMBER})(?:[/?]|$)")),
        (r"researchsquare\.com", _numbered("10.21203/rs.3.{}/{}", r"/article/(rs-\d+)/(v\d+)")),
        (r"preprints\.org", _numbered("10.20944/preprints{}.{}", r"/manuscript/(\d{6}\.\d{4})/(v\d+)")),
        (r"(?:connect\.)?(?:bio|med)rxiv\.org", _preprint),
        (r"doi\.org", _doi),
    )
)
"""The sites that are known, and how the links of each are read; the first reading that gives an id counts."""


def _readers(host: str) -> Iterator[_Reader]:
    return (read for hosts, read in _SITES if hosts.fullmatch(host))
