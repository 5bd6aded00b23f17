"""PMLR and NeurIPS, whose pages say what the paper is in tags for search engines (`citation_title`)."""

import re
from collections.abc import Callable, Iterable
from html.parser import HTMLParser

from adapters.lookup.service import NOT_FOUND, Ask, Found, Spec, require_same
from adapters.sources.client import Answer, Transient
from bot.config import Settings
from bot.domain.links import id_of_link
from bot.domain.paper_ids import PaperId
from bot.domain.references import service_of

_NUMBER = re.compile(r"pmlr:.+|neurips:\d{4}/[0-9a-f]{32}", re.IGNORECASE)
"""What tells papers apart, without the track that NeurIPS writes behind it."""

_ROUND = re.compile(r"-round\d$")


class _Page(HTMLParser):
    """The citation tags of a page, and the paragraphs of its abstract."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: dict[str, list[str]] = {}
        self.abstract: list[str] = []
        self._inside = ""
        """The element that the abstract stands in, or the heading before it; empty elsewhere."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "meta" and named.get("name", "").startswith("citation_"):
            self.tags.setdefault(named["name"], []).append(named.get("content", ""))
        elif named.get("id") == "abstract" or named.get("class") in {"abstract", "paper-abstract"}:
            self._inside = tag
        elif self._inside == "heading" and tag == "p":
            self._inside = "p"

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside and self._inside != "heading":
            self.abstract.append(data)
        elif data.strip() == "Abstract" and not self.abstract:
            self._inside = "heading"


def _read(answer: Answer, paper_id: PaperId) -> Found | None:
    if answer.status == NOT_FOUND:
        return None
    page = _Page()
    page.feed(answer.body.decode(errors="replace"))
    if b"</html>" not in answer.body.lower():
        raise Transient("half a page")
    if not page.tags.get("citation_title"):
        raise Transient("a page that does not say which paper it is about")
    _require_not_another(page.tags.get("citation_pdf_url", ()), paper_id)
    abstract = " ".join(page.abstract).strip() or " ".join(page.tags.get("citation_abstract", ()))
    dates = page.tags.get("citation_publication_date") or page.tags.get("citation_date") or [""]
    entry = {
        "id": paper_id,
        "doi": next(iter(page.tags.get("citation_doi", ())), None),
        "title": page.tags["citation_title"][0],
        "authors": page.tags.get("citation_author", []),
        "abstract": abstract,
        "published": dates[0],
        "link": next(iter(page.tags.get("citation_abstract_html_url", ())), None),
    }
    return Found({name: value for name, value in entry.items() if value})


def _require_not_another(links: Iterable[str], paper_id: PaperId) -> None:
    """Raises SourceError where the PDF of a page is another paper's. Numbers that NeurIPS once had tell nothing."""
    for linked in filter(None, map(id_of_link, links)):
        number, asked = _NUMBER.match(linked), _NUMBER.match(paper_id)
        if number and asked:
            require_same(number[0], asked[0])


def _neurips_path(paper_id: PaperId) -> str:
    """`2022/<hash>-Conference` has its track behind the hash; papers were once numbered instead."""
    number = paper_id.removeprefix("neurips:")
    match = re.fullmatch(r"(\d{4})/([0-9a-f]{32})(-\w+)?", number)
    if not match:
        return f"/paper/{number}"
    return f"/paper_files/paper/{match[1]}/hash/{match[2]}-Abstract{match[3] or ''}.html"


PMLR = Spec(
    name="pmlr",
    title="PMLR",
    url=lambda settings: settings.pmlr_url,
    has=lambda paper_id: service_of(paper_id) == "pmlr",
    asks=lambda paper_id: [Ask(f"/{paper_id.removeprefix('pmlr:')}.html")],
    read=_read,
    interval=1.0,
)


def _neurips(url: Callable[[Settings], str], *, in_rounds: bool) -> Spec:
    return Spec(
        name="neurips",
        title="NeurIPS",
        url=url,
        has=lambda paper_id: service_of(paper_id) == "neurips" and bool(_ROUND.search(paper_id)) is in_rounds,
        asks=lambda paper_id: [Ask(_neurips_path(paper_id))],
        read=_read,
        interval=1.0,
    )


NEURIPS = _neurips(lambda settings: settings.neurips_url, in_rounds=False)
NEURIPS_DATASETS = _neurips(lambda settings: settings.neurips_datasets_url, in_rounds=True)
"""The first year of the track for data sets and benchmarks, 2021, has a site of its own, and two rounds."""
