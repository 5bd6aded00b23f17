"""Records as the services and programs of the field write them in JSON -> flat records.

Each is known by keys that it alone has. What is none of them is taken for a flat record already.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from adapters.sources import csl, europepmc_records, openreview_notes, preprints
from adapters.sources.csl import arxiv_in, arxiv_of_link, first
from adapters.sources.daily_papers import flatten as flatten_daily
from adapters.sources.fields import pubmed_ids
from adapters.sources.records import Entry, RecordError
from bot.domain.papers import PaperKind

_Item = Mapping[str, Any]

_LONGEST_ABSTRACT = 100_000
"""Characters of an abstract that is put together."""

_ENVELOPES = ("results", "data", "items", "collection", "notes", "papers", "recommendedPapers", "result", "hit", "hits",
              "records", "works", "references", "message", "resultList", "body", "response", "docs")  # fmt: skip
"""Keys under which services put the records of an answer."""


def unwrap(parsed: object) -> list[object]:
    """The records in a body: a list, one record, or an answer with the records inside."""
    if isinstance(parsed, list):
        return parsed
    while isinstance(parsed, dict) and not _is_record(parsed):
        inner = next((parsed[key] for key in _ENVELOPES if isinstance(parsed.get(key), list | dict)), None)
        if isinstance(inner, list):
            return inner
        if inner is None:
            break
        parsed = inner
    return [parsed]


def _is_record(item: _Item) -> bool:
    return any(key in item for key in ("title", "titles", "paper", "itemType", "attributes", "content", "info"))


def flatten(entry: object) -> Entry:
    """The flat record of one entry of any service or program that is known."""
    if not isinstance(entry, dict):
        return RecordError("not a JSON object")
    item: _Item = entry
    for key in ("citingPaper", "citedPaper"):
        if isinstance(entry.get(key), dict):
            item = entry[key]
    try:
        read = next((read for is_meant, read in _SHAPES if is_meant(item)), None)
    except TypeError as error:
        return RecordError(f"not of the shape that its keys promise: {error}")
    return read_as(read, item) if read else flatten_daily(item)


def read_as(read: Callable[[_Item], Mapping[str, object]], item: _Item) -> Entry:
    """What a reader makes of a record, which may be of its shape in some keys alone."""
    try:
        return {key: value for key, value in read(item).items() if value not in (None, "", [])}
    except (TypeError, AttributeError, KeyError, IndexError, ValueError) as error:
        return RecordError(f"not of the shape that its keys promise: {error}")


_KINDS = {
    "JournalArticle": PaperKind.ARTICLE,
    "Conference": PaperKind.CONFERENCE,
    "journal": PaperKind.ARTICLE,
    "conference": PaperKind.CONFERENCE,
    "ConferencePaper": PaperKind.CONFERENCE,
    "Preprint": PaperKind.PREPRINT,
    "journalArticle": PaperKind.ARTICLE,
    "conferencePaper": PaperKind.CONFERENCE,
    "preprint": PaperKind.PREPRINT,
    "Journal Articles": PaperKind.ARTICLE,
    "Conference and Workshop Papers": PaperKind.CONFERENCE,
}
"""Types of records in Semantic Scholar, OpenAlex (of its sources), DataCite, Zotero and DBLP."""


def _semantic_scholar(item: _Item) -> Mapping[str, object]:
    ids = item.get("externalIds") or {}
    fields = item.get("fieldsOfStudy")
    return {
        "id": ids.get("ArXiv") or (f"acl:{ids['ACL']}" if ids.get("ACL") else None),
        "doi": ids.get("DOI"),
        "also": pubmed_ids(ids.get("PubMed"), ids.get("PubMedCentral")),
        "link": item.get("url"),
        "title": item.get("title"),
        "abstract": item.get("abstract"),
        "summary": (item.get("tldr") or {}).get("text") if item.get("abstract") else None,
        "authors": item.get("authors"),
        "keywords": fields,
        "published": item.get("publicationDate") or item.get("year"),
        **_semantic_scholar_place(item),
    }


def _semantic_scholar_place(item: _Item) -> Mapping[str, object]:
    """arXiv, which it has for a journal, is none."""
    journal = item.get("journal") or {}
    venue = journal.get("name") or item.get("venue")
    if str(venue).lower() in {"arxiv", "arxiv.org", "corr", "none"}:
        return {"kind": PaperKind.PREPRINT if venue else None}
    types = item.get("publicationTypes") or []
    kind = next((_KINDS[name] for name in ("Conference", "JournalArticle") if name in types), None)
    return {"kind": kind, "venue": venue, "volume": journal.get("volume"), "pages": journal.get("pages")}


def _openalex(item: _Item) -> Mapping[str, object]:
    locations = [item.get("primary_location") or {}, item.get("best_oa_location") or {}, *(item.get("locations") or [])]
    links = [location.get("landing_page_url") for location in locations if location]
    arxiv = next(filter(None, map(arxiv_of_link, links)), None)
    ids = item.get("ids") or {}
    return {
        "id": arxiv,
        "doi": item.get("doi") or ids.get("doi"),
        "also": [str(ids[name]) for name in ("pmid", "pmcid") if ids.get(name)],
        "link": next(filter(None, links), None) or item.get("id"),
        "title": item.get("title") or item.get("display_name"),
        "abstract": item.get("abstract") or _from_inverted(item.get("abstract_inverted_index")),
        "authors": [
            author.get("author") or {"name": author.get("raw_author_name")} for author in item.get("authorships") or []
        ],
        "keywords": [word.get("display_name") for word in item.get("keywords") or [] if isinstance(word, dict)],
        "published": item.get("publication_date") or item.get("publication_year"),
        **_openalex_place(item),
    }


def _openalex_place(item: _Item) -> Mapping[str, object]:
    source = (item.get("primary_location") or {}).get("source") or {}
    biblio = item.get("biblio") or {}
    pages = [str(page) for page in (biblio.get("first_page"), biblio.get("last_page")) if page]
    return {
        "kind": PaperKind.PREPRINT if item.get("type") == "preprint" else _KINDS.get(str(source.get("type"))),
        "venue": source.get("display_name"),
        "volume": biblio.get("volume"),
        "issue": biblio.get("issue"),
        "pages": "-".join(dict.fromkeys(pages)),
    }


def _from_inverted(index: object) -> str | None:
    """An abstract from the places of its words; None where it would be longer than any: each may be at every place."""
    if not isinstance(index, dict):
        return None
    if sum((len(word) + 1) * len(places) for word, places in index.items()) > _LONGEST_ABSTRACT:
        return None
    placed = sorted((place, word) for word, places in index.items() for place in places)
    return " ".join(word for _, word in placed)


def _datacite(item: _Item) -> Mapping[str, object]:
    known = item.get("attributes", item)
    abstracts = [each for each in known.get("descriptions") or [] if each.get("descriptionType") in (None, "Abstract")]
    creators = known.get("creators") or []
    return {
        "doi": known.get("doi") or item.get("id"),
        "link": known.get("url"),
        "title": (first(known.get("titles")) or {}).get("title"),
        "abstract": first([each.get("description") for each in abstracts]),
        "authors": [_datacite_name(each) for each in creators],
        "keywords": [each.get("subject") for each in known.get("subjects") or [] if each.get("subject")],
        "published": _datacite_date(known),
        **_datacite_place(known),
    }


def _datacite_place(known: _Item) -> Mapping[str, object]:
    container = known.get("container") or {}
    types = known.get("types") or {}
    pages = [str(page) for page in (container.get("firstPage"), container.get("lastPage")) if page]
    return {
        "kind": _KINDS.get(str(types.get("resourceTypeGeneral"))),
        "venue": container.get("title"),
        "volume": container.get("volume"),
        "issue": container.get("issue"),
        "pages": "-".join(dict.fromkeys(pages)),
    }


def _datacite_name(creator: _Item) -> object:
    if creator.get("nameType") == "Organizational":
        return {"literal": creator.get("name")}
    if creator.get("familyName"):
        return {"family": creator["familyName"], "given": creator.get("givenName")}
    return creator.get("name")


def _datacite_date(known: _Item) -> object:
    dates = {each.get("dateType"): each.get("date") for each in known.get("dates") or []}
    order = ("Issued", "Submitted", "Available", "Created")
    year = known.get("publicationYear") or known.get("published")
    found = next((dates[kind] for kind in order if dates.get(kind)), None)
    return found if found and len(str(found)) > 4 else year or found


def _zotero(item: _Item) -> Mapping[str, object]:
    known = item.get("data", item)
    if known.get("itemType") in {"attachment", "note", "annotation"}:
        return {"title": known.get("title"), "notes": ()} if known.get("itemType") == "attachment" else {}
    creators = known.get("creators") or []
    authors = [each for each in creators if each.get("creatorType", "author") == "author"] or creators
    return {
        "id": arxiv_in(known.get("extra"), known.get("archiveID")) or arxiv_of_link(known.get("url")),
        "doi": known.get("DOI"),
        "also": pubmed_ids(None, None, known.get("extra")),
        "link": known.get("url"),
        "title": known.get("title"),
        "abstract": known.get("abstractNote"),
        "authors": authors,
        "keywords": [tag.get("tag") for tag in known.get("tags") or [] if isinstance(tag, dict)],
        "published": (item.get("meta") or {}).get("parsedDate") or known.get("date"),
        "kind": _KINDS.get(str(known.get("itemType"))),
        "venue": known.get("publicationTitle") or known.get("proceedingsTitle") or known.get("repository"),
        "volume": known.get("volume"),
        "issue": known.get("issue"),
        "pages": known.get("pages"),
    }


def _arxiv_snapshot(item: _Item) -> Mapping[str, object]:
    """arXiv's own snapshot: when it was published stands with its first version."""
    versions = item.get("versions") or []
    dates = [version.get("created") for version in versions if isinstance(version, dict)]
    return {
        "id": item.get("id"),
        "doi": item.get("doi"),
        "title": item.get("title"),
        "abstract": item.get("abstract"),
        "authors": item.get("authors_parsed") or item.get("authors"),
        "categories": item.get("categories"),
        "published": first(dates) if dates else item.get("published"),
        "updated": dates[-1] if len(dates) > 1 else None,
    }


def _dblp(item: _Item) -> Mapping[str, object]:
    info = item["info"]
    author = (info.get("authors") or {}).get("author")
    return {
        "id": arxiv_of_link(first(info.get("ee"))),
        "doi": info.get("doi"),
        "link": first(info.get("ee")) or info.get("url"),
        "title": str(info.get("title") or "").removesuffix("."),
        "authors": author if isinstance(author, list) else [author] if author else None,
        "published": info.get("year"),
        "kind": PaperKind.PREPRINT if info.get("venue") == "CoRR" else _KINDS.get(str(info.get("type"))),
        "venue": None if info.get("venue") == "CoRR" else first(info.get("venue")),
        "volume": None if info.get("venue") == "CoRR" else info.get("volume"),
        "issue": info.get("number"),
        "pages": info.get("pages"),
    }


def _is_csl(item: _Item) -> bool:
    return "title" in item and (
        isinstance(item.get("issued"), dict)
        or (isinstance(item.get("title"), list) and all(isinstance(each, str) for each in item["title"]))
        or (isinstance(item.get("author"), list) and ("DOI" in item or "type" in item))
        or ("DOI" in item and "doi" not in item)
    )


_SHAPES: tuple[tuple[Callable[[_Item], bool], Callable[[_Item], Mapping[str, object]]], ...] = (
    (lambda item: isinstance(item.get("data", item), dict) and "itemType" in item.get("data", item), _zotero),
    (lambda item: isinstance(item.get("info"), dict), _dblp),
    (lambda item: isinstance(item.get("content"), dict), openreview_notes.flatten),
    (lambda item: "titles" in item or "titles" in (item.get("attributes") or {}), _datacite),
    (lambda item: "externalIds" in item or ("paperId" in item and "title" in item), _semantic_scholar),
    (lambda item: "authorships" in item or "abstract_inverted_index" in item, _openalex),
    (lambda item: "authorString" in item or "abstractText" in item or "pubYear" in item, europepmc_records.flatten),
    (lambda item: "authors_parsed" in item or isinstance(item.get("versions"), list), _arxiv_snapshot),
    (lambda item: "preprint_doi" in item or ("server" in item and "doi" in item), preprints.flatten),
    (_is_csl, csl.flatten),
)
"""How each shape is known, and read; the first that is meant counts."""


def records_in(parsed: object) -> Iterator[Entry]:
    """The flat records of a body."""
    return map(flatten, unwrap(parsed))
