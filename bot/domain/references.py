"""What people type or paste to name a paper: ids, DOIs and links, alone or within a text."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from bot.domain.links import BARE_HOST, LONGEST_LINK, NAMES, acl_id, id_of_doi, id_of_link, is_known_site, site_of
from bot.domain.paper_ids import ARXIV_ID, PaperId, arxiv_id, is_arxiv
from bot.domain.patterns import later

_STAMP = later(r"\s*\[[\w.-]+\](?:\s+\d{1,2} \w{3,9} \d{4})?$")
"""What stands after the id on the margin of arXiv's PDFs: `[cs.CL] 10 Oct 2023`."""

_TAB_TITLE = later(r"\[([^\[\]\s]+)\]\s+\S.*", re.DOTALL)
"""What a browser shows of arXiv's pages: `[2310.06825] Mistral 7B`."""

_BARE_DOI = later(r"10\.\d{4,9}/[A-Za-z0-9](?:[A-Za-z0-9./-]{0,200}[A-Za-z0-9])?", re.ASCII)
"""A DOI with nothing around it, as records have it."""

_FILE_NAME = later(r"(?:\S*[/\\])?([^\s/\\]+?)(?:\s*\(\d+\))?\.pdf", re.IGNORECASE)
_OTHER = later(r"[\w][\w./-]{0,63}:[^\s:/][^\s]{0,190}")
_MARKED_LINK = later(r"<(https?://[^<>|\s]+)(?:\|[^<>]*)?>")
"""A link as Slack and Discord mark it."""

_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")) | dict.fromkeys(
    (0x2010, 0x2011), "-"
)
"""What pages and chats put into what is copied from them: characters nobody sees, and hyphens that only look so."""

_TELLING = later(r"[\d:/]")
"""Every id and every link has one of these; most of what is typed has none."""

_PMID = later(r"(?:pmid|pubmed)\s*[:=]?\s*(\d{1,8})", re.IGNORECASE)
_PMCID = later(r"(?:pmcid\s*:?\s*(?:pmc)?|(?:pmc\s*:\s*)?pmc\s*:?)\s*(\d{3,9})(?:\.\d+)?", re.IGNORECASE)
_PPR = later(r"PPR\d{1,9}", re.IGNORECASE)
_CORPUS = later(r"(?:CorpusID|S2CID)\s*:?\s*(\d{1,12})", re.IGNORECASE)
_BIBCODE = later(r"\d{4}[A-Za-z][\w.&]{13}[A-Z]", re.ASCII)
"""How the Astrophysics Data System names papers, those of arXiv among them."""

_CITED_BY_KEY = later(r"DBLP:(\S+)|ACL:(\S+)")
"""How DBLP calls the entries of its BibTeX, and Semantic Scholar the papers of the ACL Anthology."""

_OF_SERVICE = {
    "pmid": later(r"\d{1,8}"),
    "pmc": later(r"PMC\d{3,9}"),
    "ppr": later(r"PPR\d{1,9}"),
    "openreview": later(r"[\w-]{6,32}"),
    "acl": later(r"\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+|[A-Z]\d{2}-\d{4,5}"),
    "s2": later(r"[0-9a-f]{40}|\d{1,12}"),
    "dblp": later(r"[a-z]+/[\w-]+/[\w-]+"),
    "pmlr": later(r"[vr]\d{1,4}/[\w-]+"),
    "neurips": later(r"\d{4}/[0-9a-f]{32}(?:-[A-Za-z_]+\d?)?|\d{1,5}-[a-z0-9-]+"),
    "slug": later(r"[a-z0-9-]{4,181}"),
}
"""Services -> how their numbers look; `slug` is the title of a paper as an address has it."""

_CLOSING = ".,:;!?*~…"
_ID_OF_OPENREVIEW = later(r"(?:[?&]id=|^openreview:)[\w-]+$")
"""It may end with an underscore, which is emphasis elsewhere."""

_EMPHASIS = later(r"(_{1,3}|\|\||~{1,2})(\S.*\S)\1", re.DOTALL)
"""What chats show in italics, hidden or struck out; `**` and `` ` `` are taken off anyway."""

_MOST_MARKS = 4

_ENCODED_DOI = later(r"(?:doi[:\s]\s*)?10\.\d{4,9}%2F\S+", re.IGNORECASE)

_MOST_BRACKETS = 20
"""Pairs of brackets around an id that are taken off."""

_CHARACTER = r"(?:<\d+::?[\w-]+>|(?![<>|\"'`{}\\^])[!-~])"
"""Links and DOIs are written in ASCII: other punctuation, such as Chinese, comes after them.

Old DOIs hold `<1661::AID>`.
"""
_TO_ITS_END = rf"{_CHARACTER}{{1,{LONGEST_LINK}}}"

_LINK = later(rf"https?://{_TO_ITS_END}|(?<![\w./@-]){BARE_HOST}/{_TO_ITS_END}", re.IGNORECASE | re.ASCII)
_BARE = later(
    rf"(?:{BARE_HOST}|(?:[\w-]+\.)+(?:com|org|net|edu|gov|info|io|ai|dev|eu|uk|de|fr|ch|cn|jp))/{_TO_ITS_END}",
    re.IGNORECASE | re.ASCII,
)
"""A link without `https://`, when it is all there is; Slack leaves it so."""

_TO_THE_NEXT = rf"(?:(?!\]\(|[,;)](?:https?://|10\.\d{{4}})|https?://){_CHARACTER}){{1,{LONGEST_LINK}}}"
"""The same in a text, where another link or DOI may follow without a space: no character of it is read twice."""

_IN_TEXT = later(
    "|".join(
        (
            rf"https?://{_TO_THE_NEXT}",
            rf"(?<![\w./@-]){BARE_HOST}/{_TO_THE_NEXT}",
            rf"(?<![\w.])10\.\d{{4,9}}/{_TO_THE_NEXT}",
            rf"\barxiv:\s*{ARXIV_ID}(?![\d])",
            rf"(?<![\w./@:-]){ARXIV_ID}(?:v\d+)?(?![\w/@-])",
            r"\bpmid:?\s*\d{1,8}(?![\w.-])",
            r"(?<![\w./@:-])PMC\d{5,9}(?![\w-])",
        )
    ),
    re.IGNORECASE | re.ASCII,
)


def parse_paper_id(text: str) -> PaperId | None:
    """The canonical id for an id, a DOI or a link that makes up the whole of `text`; None when it is none of them.

    Links of the sites in `bot.domain.links` are recognised, also without `https://`, and whatever was pasted with them:
    brackets, a full stop, arXiv's subject class and date, a file's name.

    >>> parse_paper_id("arXiv:2310.06825v2 [cs.CL]"), parse_paper_id("(https://arxiv.org/abs/2310.06825).")
    ('2310.06825', '2310.06825')
    >>> parse_paper_id("PMID: 31452104"), parse_paper_id("https://pmc.ncbi.nlm.nih.gov/articles/PMC7012345/")
    ('pmid:31452104', 'pmc:PMC7012345')
    """
    if not _TELLING.search(text):
        return None
    text = text.strip()
    if _BARE_DOI.fullmatch(text):
        return id_of_doi(text)
    return _id_of_one(text) if len(text) <= LONGEST_LINK else None


def _seen(text: str) -> str:
    """A text as it is seen, where HTML's or Slack's entities and invisible characters were copied with it."""
    if not text.isascii():
        text = text.translate(_UNSEEN)
    return text.replace("&lt;", "<").replace("&gt;", ">") if "&" in text else text


def _unmarked(text: str) -> str:
    """A text without quotation marks and without the marks of emphasis around it, of which there may be several."""
    for _ in range(_MOST_MARKS):
        text = text.strip("<>\"'`*“”„«»").strip()
        emphasis = _EMPHASIS.fullmatch(text)
        if not emphasis:
            break
        text = emphasis[2]
    return text


def _id_of_one(text: str) -> PaperId | None:
    """The id for what is no longer than a link."""
    if marked := _MARKED_LINK.fullmatch(text):
        text = marked[1]
    text = _unmarked(_STAMP.sub("", _seen(text)))
    if _ENCODED_DOI.fullmatch(text):
        text = unquote(text)
    if tab := _TAB_TITLE.fullmatch(text):
        return arxiv_id(tab[1])
    text = re.sub(r"^doi:?\s*(?=http)", "", _without_closing(text), flags=re.IGNORECASE)
    if text.lower().startswith(("http://", "https://")):
        return id_of_link(text)
    if _BARE.fullmatch(text) and (found := id_of_link(f"https://{text}")):
        return found
    if found := arxiv_id(text) or id_of_doi(text) or _id_of_number(text):
        return found
    if file := _FILE_NAME.fullmatch(text):
        return arxiv_id(file[1]) or arxiv_id(file[1].replace("_", "/", 1))
    return PaperId(text) if _OTHER.fullmatch(text) else None


def _id_of_number(text: str) -> PaperId | None:
    """The id for a number that a service gives papers, with the name by which people tell whose it is."""
    if match := _PMID.fullmatch(text):
        return PaperId(f"pmid:{int(match[1])}")
    if match := _PMCID.fullmatch(text):
        return PaperId(f"pmc:PMC{int(match[1])}")
    if _PPR.fullmatch(text):
        return PaperId(f"ppr:{text.upper()}")
    if match := _CORPUS.fullmatch(text):
        return PaperId(f"s2:{int(match[1])}")
    if match := _CITED_BY_KEY.fullmatch(text):
        return acl_id(match[2]) if match[2] else id_of_link(f"https://dblp.org/rec/{match[1]}")
    return id_of_link(f"https://ui.adsabs.harvard.edu/abs/{text}") if _BIBCODE.fullmatch(text) else acl_id(text)


def find_paper_ids(text: str) -> list[PaperId]:
    """Ids of the papers that a message links to or names, in order of appearance, each once."""
    ids = (parse_paper_id(_without_closing(written)) for written in candidates(_seen(text)))
    return list(dict.fromkeys(paper_id for paper_id in ids if paper_id))


def candidates(text: str) -> Iterator[str]:
    """What in a text may be a link or an id, in order; none overlaps another, so that hostile texts take no longer."""
    return (match[0] for match in _IN_TEXT.finditer(text)) if _TELLING.search(text) else iter(())


def the_only_id(text: str) -> PaperId | None:
    """The id of the one paper that a text names among other words; None where it names none or several.

    >>> the_only_id("Mistral 7B https://arxiv.org/abs/2310.06825"), the_only_id("2310.06825 or 1706.03762")
    ('2310.06825', None)
    """
    ids = find_paper_ids(text)
    return ids[0] if len(ids) == 1 else None


def is_text_too(paper_id: PaperId) -> bool:
    """Whether what was typed may also be words: it looks like an id, but of no known kind."""
    return not (is_arxiv(paper_id) or paper_id.startswith("doi:") or service_of(paper_id))


def service_of(paper_id: PaperId) -> str:
    """The service that numbers a paper so: `openreview`; empty for arXiv's ids, DOIs and ids of no known service."""
    service, _, number = paper_id.partition(":")
    return service if service in _OF_SERVICE and _OF_SERVICE[service].fullmatch(number) else ""


def unread_link(text: str) -> str:
    """What to say of the first link in a text that names no paper: the site, and which are understood; else empty.

    >>> unread_link("https://www.example.com/2310.06825").partition(".")[0]
    'I cannot read papers from example'
    """
    whole = parse_paper_id(text)
    if (whole and not is_text_too(whole)) or find_paper_ids(text):
        return ""
    match = _LINK.search(text) or _BARE.fullmatch(text.strip())
    if not match:
        return ""
    link = match[0] if "://" in match[0] else f"https://{match[0]}"
    site = site_of(_without_closing(link))
    if not site:
        return ""
    if is_known_site(site):
        return (
            f"I cannot tell which paper this link of {site} is about. Link to its page, or give its id, DOI or title."
        )
    return f"I cannot read papers from {site}. I understand links of {NAMES}; ids and DOIs work, too."


def _without_closing(text: str) -> str:
    """A link or an id without the punctuation behind it and the brackets around it; its own brackets stay.

    >>> _without_closing("(10.1016/S0370-2693(12)00857-X).")
    '10.1016/S0370-2693(12)00857-X'
    """
    for _ in range(_MOST_BRACKETS):
        shorter = text.rstrip(_CLOSING)
        if not ("openreview" in shorter and _ID_OF_OPENREVIEW.search(shorter)):
            shorter = shorter.rstrip(f"_{_CLOSING}")
        for opening, closing in ("()", "[]"):
            if shorter.startswith(opening) and shorter.count(opening) >= shorter.count(closing):
                inner = shorter[1:-1] if shorter.endswith(closing) else shorter[1:]
                shorter = inner if _never_closes_early(inner, opening, closing) else shorter
            if shorter.endswith(closing) and shorter.count(closing) > shorter.count(opening):
                shorter = shorter[:-1]
        if shorter == text:
            break
        text = shorter
    return text


def _never_closes_early(inner: str, opening: str, closing: str) -> bool:
    depth = 0
    for char in inner:
        depth += {opening: 1, closing: -1}.get(char, 0)
        if depth < 0:
            return False
    return True
