"""Semantic Scholar: papers by its own ids, and by the title in an address of Papers with Code."""

import re

from adapters.lookup.service import Ask, Found, Spec, is_missing, read_json, require_same
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
        found, number = _required(body), paper_id.removeprefix("s2:")
        external = body.get("externalIds")
        answered = external.get("CorpusId") if number.isdecimal() and isinstance(external, dict) else body["paperId"]
        require_same(answered, number)
        return found
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
    if "paperId" not in paper or not paper.get("title"):
        raise Transient("an answer without a paper")
    return Found(flatten(paper))


SPEC = Spec(
    name="semanticscholar",
    title="Semantic Scholar",
    url=lambda settings: settings.semanticscholar_api_url,
    has=lambda paper_id: service_of(paper_id) in {"s2", "slug"},
    asks=_asks,
    read=_read,
    interval=1.0,
)
