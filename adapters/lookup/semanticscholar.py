"""Semantic Scholar: papers by its own ids, and by the title in an address of Papers with Code."""

import re

from adapters.lookup.service import Ask, Found, Spec, is_missing, read_json
from adapters.sources.client import Answer, Transient
from adapters.sources.services import flatten
from bot.domain.paper_ids import PaperId
from bot.domain.papers import title_key
from bot.domain.references import service_of

FIELDS = "title,abstract,authors,externalIds,url,year,publicationDate,venue"
"""What is asked for of a paper."""


def _asks(paper_id: PaperId) -> list[Ask]:
    service, _, number = paper_id.partition(":")
    if service == "slug":
        return [Ask("/graph/v1/paper/search/match", {"query": number.replace("-", " "), "fields": FIELDS})]
    return [Ask(f"/graph/v1/paper/{named(number)}", {"fields": FIELDS})]


def named(number: str) -> str:
    """One of its own ids as it is asked for."""
    return f"CorpusId:{number}" if number.isdecimal() else number


def _read(answer: Answer, paper_id: PaperId) -> Found | None:
    if is_missing(answer):
        return None
    body = read_json(answer)
    if not paper_id.startswith("slug:"):
        return _required(body)
    matched = body.get("data")
    if not isinstance(matched, list):
        raise Transient("an answer without a list of papers")
    slug = paper_id.removeprefix("slug:")
    same = (each for each in matched if isinstance(each, dict) and _is_titled(str(each.get("title")), slug))
    return next((_required(each) for each in same), None)


def _is_titled(title: str, slug: str) -> bool:
    """Whether a title is the one in an address, which may have a number behind it that tells it from another's."""
    return title_key(title) in {title_key(slug), title_key(re.sub(r"-\d$", "", slug))}


def _required(paper: dict[str, object]) -> Found:
    """The paper of an answer, with its id there: of papers that were merged it is not the one that was asked for."""
    own = PaperId(f"s2:{paper.get('paperId')}")
    if service_of(own) != "s2" or not paper.get("title"):
        raise Transient("an answer without a paper")
    return Found(flatten(paper), also=(own,))


SPEC = Spec(
    name="semanticscholar",
    title="Semantic Scholar",
    url=lambda settings: settings.semanticscholar_api_url,
    has=lambda paper_id: service_of(paper_id) in {"s2", "slug"},
    asks=_asks,
    read=_read,
    interval=1.0,
)
