"""The XML of PubMed's efetch -> flat records."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from adapters.sources import fields
from adapters.sources.bounded_xml import XML_ERRORS, Readable, document, records
from adapters.sources.records import Entry
from bot.domain.papers import PaperKind

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_BRACKETS = re.compile(r"^\[(.*?)\.?\]\.?$", re.DOTALL)
_NO_TITLE = frozenset({"", "not available"})


class PubmedError(ValueError):
    """A body that is no answer of efetch."""


def parse_articles(body: bytes) -> list[Entry]:
    """The articles and book chapters of an answer. Raises PubmedError."""
    try:
        root = document(body)
    except XML_ERRORS as error:
        raise PubmedError(f"not XML: {error}") from None
    if root.tag not in {"PubmedArticleSet", "PubmedBookArticleSet", "PubmedArticle", "PubmedBookArticle"}:
        raise PubmedError(f"<{root.tag}> instead of <PubmedArticleSet>")
    return [_entry(element) for element in ([root] if root.tag in _READERS else root) if element.tag in _READERS]


def read_articles(stream: Readable) -> Iterator[Entry]:
    """The articles and chapters of a file of any length, a few in memory at a time.

    Raises PubmedError where it breaks off; what came before stands.
    """
    try:
        yield from map(_entry, records(stream, *_READERS))
    except XML_ERRORS as error:
        raise PubmedError(f"not XML: {error}") from None


def _entry(element: "Element") -> Entry:
    return {key: value for key, value in _READERS[element.tag](element).items() if value not in (None, "", [])}


def _article(element: "Element") -> dict[str, object]:
    article = _child(element, "MedlineCitation/Article")
    journal = _child(article, "Journal")
    issue = _child(journal, "JournalIssue")
    ids = {each.get("IdType"): _text(each) for each in element.findall("PubmedData/ArticleIdList/ArticleId")}
    places = {each.get("EIdType"): _text(each) for each in article.findall("ELocationID") if each.get("ValidYN") != "N"}
    pmc = ids.get("pmc")
    return {
        "id": f"pmid:{_find(element, 'MedlineCitation/PMID')}",
        "doi": places.get("doi") or ids.get("doi"),
        "also": (f"pmc:{pmc}",) if pmc else None,
        "title": _title(article),
        "abstract": _abstract(article, element),
        "authors": [_author(each) for each in article.findall("AuthorList/Author") if each.get("ValidYN") != "N"],
        "keywords": _distinct(element.findall("MedlineCitation/KeywordList/Keyword"))
        or _distinct(element.findall("MedlineCitation/MeshHeadingList/MeshHeading/DescriptorName")),
        "published": _date(article.find("ArticleDate")) or _date(issue.find("PubDate")),
        "first_seen": _entered(element),
        "kind": PaperKind.PREPRINT if "Preprint" in _types(article) else PaperKind.ARTICLE,
        "venue": _find(journal, "Title"),
        "volume": _find(issue, "Volume"),
        "issue": _find(issue, "Issue"),
        "pages": _find(article, "Pagination/MedlinePgn"),
    }


def _book(element: "Element") -> dict[str, object]:
    """A book or a chapter of one, which has a tree of its own."""
    document = _child(element, "BookDocument")
    ids = {each.get("IdType"): _text(each) for each in document.findall("ArticleIdList/ArticleId")}
    lists = [*document.findall("AuthorList"), *document.findall("Book/AuthorList")]
    authors = next((found for found in lists if found.get("Type", "authors") == "authors"), None)
    return {
        "id": f"pmid:{_find(document, 'PMID')}",
        "doi": ids.get("doi"),
        "title": _find(document, "ArticleTitle").removesuffix(".") or _find(document, "Book/BookTitle"),
        "abstract": _joined(document.findall("Abstract/AbstractText")),
        "authors": [_author(each) for each in authors] if authors is not None else [],
        "published": _date(document.find("ContributionDate")) or _date(document.find("Book/PubDate")),
        "venue": _find(document, "Book/BookTitle") if document.find("ArticleTitle") is not None else "",
    }


_READERS = {"PubmedArticle": _article, "PubmedBookArticle": _book}


def _child(element: "Element", path: str) -> "Element":
    """The element at a path, or an empty one."""
    found = element.find(path)
    return found if found is not None else type(element)("none")


def _text(element: "Element") -> str:
    """All text of an element: there may be `<i>`, `<sub>` and MathML inside."""
    return fields.text("".join(element.itertext()))


def _find(element: "Element", path: str) -> str:
    found = element.find(path)
    return _text(found) if found is not None else ""


def _distinct(elements: Iterable["Element"]) -> list[str]:
    return list(dict.fromkeys(filter(None, map(_text, elements))))


def _title(article: "Element") -> str:
    """The title; a translated one stands in brackets, and where there is none the original does."""
    title = _BRACKETS.sub(r"\1", _find(article, "ArticleTitle")).removesuffix(".")
    return _find(article, "VernacularTitle").removesuffix(".") if title.lower() in _NO_TITLE else title


def _abstract(article: "Element", element: "Element") -> str:
    """The abstract, its parts after their labels; another abstract (in another language, of a society) for none."""
    own = _joined(article.findall("Abstract/AbstractText"))
    return own or _joined(element.findall("MedlineCitation/OtherAbstract/AbstractText"))


def _joined(parts: Iterable["Element"]) -> str:
    return " ".join(_labelled(part) for part in parts if _text(part))


def _labelled(part: "Element") -> str:
    label = fields.text(part.get("Label") or "")
    return f"{label.capitalize()}: {_text(part)}" if label and label != "UNLABELLED" else _text(part)


def _author(author: "Element") -> dict[str, str]:
    if group := _find(author, "CollectiveName"):
        return {"literal": group}
    given = _find(author, "ForeName") or _find(author, "Initials")
    return {"lastName": _find(author, "LastName"), "suffix": _find(author, "Suffix"), "firstName": given}


def _types(article: "Element") -> list[str]:
    return _distinct(article.findall("PublicationTypeList/PublicationType"))


def _date(element: "Element | None") -> str:
    """A date in parts (a season says no more than the year), or the words of a `MedlineDate`."""
    if element is None:
        return ""
    if written := _find(element, "MedlineDate"):
        return written
    return fields.joined_date(*(_find(element, part) for part in ("Year", "Month", "Day")))


def _entered(element: "Element") -> str | None:
    """When it came into PubMed."""
    history = {date.get("PubStatus"): date for date in element.findall("PubmedData/History/PubMedPubDate")}
    return _date(history.get("entrez", history.get("pubmed"))) or None
