"""Papers as items of Zotero, and items of Zotero as papers."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from adapters.sources.records import RecordError, read
from adapters.sources.services import flatten
from bot.domain.paper_ids import is_arxiv
from bot.domain.papers import Paper, PaperKind
from bot.domain.zotero import ZoteroItem
from bot.library.citations import spoken_name
from bot.ports.zotero import NewItem

_TYPES = {PaperKind.ARTICLE.value: "journalArticle", PaperKind.CONFERENCE.value: "conferencePaper"}
_PREPRINT = "preprint"
_PAPERS = frozenset({
    "journalArticle", "conferencePaper", "preprint", "report", "thesis", "manuscript", "bookSection",
})  # fmt: skip
"""The types of items that are papers; web pages, films and letters are none."""


def written(new: NewItem) -> dict[str, Any]:
    """An item to be made, as Zotero takes it; its version 0 says that there must be none of its key."""
    paper = new.paper
    kind = _TYPES.get(paper.kind, _PREPRINT)
    fields: dict[str, Any] = {
        "itemType": kind,
        "title": paper.title,
        "creators": [_creator(author) for author in paper.authors],
        "abstractNote": paper.abstract,
        "date": _date(paper),
        "DOI": paper.doi or (paper.id.removeprefix("doi:") if paper.id.startswith("doi:") else ""),
        "url": paper.url,
        **_published_in(paper, kind),
        "extra": "\n".join(_extra(new, kind)),
    }
    known = {name: value for name, value in fields.items() if value}
    return {"key": new.key, "version": 0, **known, "collections": list(new.collections), "tags": [], "relations": {}}


def _creator(author: str) -> dict[str, str]:
    name = spoken_name(author)
    if name is None or not name.given:
        return {"creatorType": "author", "name": author}
    given = ", ".join(filter(None, (name.given, name.suffix)))
    return {"creatorType": "author", "firstName": given, "lastName": name.family}


def _date(paper: Paper) -> str:
    if paper.published is None:
        return ""
    return paper.published.isoformat() if paper.day_is_known else str(paper.published.year)


def _published_in(paper: Paper, kind: str) -> dict[str, str]:
    """Where it was published, in the fields that items of its type have."""
    if kind == _PREPRINT:
        if is_arxiv(paper.id):
            return {"repository": "arXiv", "archiveID": f"arXiv:{paper.id}"}
        return {"repository": paper.venue}
    place = {"volume": paper.volume, "pages": paper.pages}
    if kind == "conferencePaper":
        return {"proceedingsTitle": paper.venue, **place}
    return {"publicationTitle": paper.venue, "issue": paper.issue, **place}


def _extra(new: NewItem, kind: str) -> list[str]:
    """What has no field of its own, as Zotero and its plugins read it there."""
    lines = [f"arXiv:{new.paper.id}"] if is_arxiv(new.paper.id) and kind != _PREPRINT else []
    return [*lines, f"Citation Key: {new.citation_key}"] if new.citation_key else lines


class _Data(BaseModel):
    model_config = ConfigDict(extra="allow")

    itemType: str = ""  # noqa: N815  (Zotero's name)
    collections: tuple[str, ...] = ()
    deleted: bool = False
    parentItem: str | bool = ""  # noqa: N815


class _Meta(BaseModel):
    numChildren: int | bool = 0  # noqa: N815  (false for what can have none)


class Told(BaseModel):
    """An item as Zotero tells it."""

    model_config = ConfigDict(extra="allow")

    key: str
    version: int
    data: _Data
    meta: Annotated[_Meta, BeforeValidator(lambda value: value or {})] = _Meta()


def read_item(raw: Mapping[str, Any], at: datetime) -> ZoteroItem:
    """An item as it was told at a moment. Raises ValueError for what is no item."""
    told = Told.model_validate(raw)
    item = ZoteroItem(
        key=told.key,
        version=told.version,
        paper=None,
        collections=told.data.collections,
        trashed=told.data.deleted,
        children=int(told.meta.numChildren),
    )
    if told.data.itemType not in _PAPERS or told.data.parentItem:
        return item
    flat = flatten(raw)
    if isinstance(flat, RecordError):
        return item
    try:
        record = read(flat, source="zotero", at=at)
    except RecordError:
        return item
    # Tags are how somebody files what they read, which is nobody else's business.
    return replace(item, paper=replace(record.paper, keywords=()), aliases=tuple(record.aliases))
