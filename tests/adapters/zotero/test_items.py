"""Papers as items of Zotero, and back."""

from datetime import UTC, date, datetime

import pytest

from adapters.zotero.items import read_item, written
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper, PaperKind
from bot.ports.zotero import NewItem

NOW = datetime(2026, 1, 19, 23, tzinfo=UTC)
PREPRINT = Paper(
    id=PaperId("2601.00001"),
    title="Counting stars with cells",
    abstract="We count.",
    authors=("Ada Example", "Laurens van der Maaten", "The Inventors Group"),
    published=date(2026, 1, 2),
)
ARTICLE = Paper(
    id=PaperId("2601.00002"),
    title="Counting cells with stars",
    authors=("Ben Sample, Jr.",),
    published=date(2026, 1, 2),
    kind=PaperKind.ARTICLE,
    venue="Journal of Invention",
    volume="3",
    issue="2",
    pages="10-20",
    doi="10.5555/inv.2",
)
TALK = Paper(
    id=PaperId("doi:10.5555/talk"), title="A talk on stars", kind=PaperKind.CONFERENCE, venue="Conference of Invention"
)


def made(paper: Paper) -> dict[str, object]:
    return written(NewItem("ITEM2345", paper, ("HOME2345",), "example2026counting"))


def test_a_preprint_of_arxiv_has_its_id_where_zotero_has_it() -> None:
    item = made(PREPRINT)
    assert (item["itemType"], item["repository"], item["archiveID"]) == ("preprint", "arXiv", "arXiv:2601.00001")
    assert item["creators"] == [
        {"creatorType": "author", "firstName": "Ada", "lastName": "Example"},
        {"creatorType": "author", "firstName": "Laurens", "lastName": "van der Maaten"},
        {"creatorType": "author", "name": "The Inventors Group"},
    ]
    assert (item["date"], item["extra"]) == ("2026-01-02", "Citation Key: example2026counting")
    assert (item["key"], item["version"], item["collections"]) == ("ITEM2345", 0, ["HOME2345"])


def test_what_was_published_has_its_journal_and_its_doi() -> None:
    item = made(ARTICLE)
    fields = ("itemType", "publicationTitle", "volume", "issue", "pages", "DOI")
    assert [item[name] for name in fields] == ["journalArticle", "Journal of Invention", "3", "2", "10-20", ARTICLE.doi]
    assert item["extra"] == "arXiv:2601.00002\nCitation Key: example2026counting"
    assert item["creators"] == [{"creatorType": "author", "firstName": "Ben, Jr.", "lastName": "Sample"}]
    talk = made(TALK)
    assert (talk["itemType"], talk["proceedingsTitle"], talk["DOI"]) == (
        "conferencePaper",
        "Conference of Invention",
        "10.5555/talk",
    )


@pytest.mark.parametrize("paper", [PREPRINT, ARTICLE, TALK])
def test_what_was_written_is_read_as_the_same_paper(paper: Paper) -> None:
    raw = {"key": "ITEM2345", "version": 7, "meta": {"numChildren": 2}, "data": {**made(paper), "version": 7}}
    item = read_item(raw, NOW)
    assert item.paper
    ids = {item.paper.id, *item.aliases}
    assert paper.id in ids or f"doi:{paper.doi}" in ids
    assert (item.paper.title, item.paper.kind or PaperKind.PREPRINT) == (paper.title, paper.kind or PaperKind.PREPRINT)
    assert (item.version, item.collections, item.children, item.trashed) == (7, ("HOME2345",), 2, False)


def test_tags_of_somebodys_library_are_not_keywords_for_everybody() -> None:
    data = {"itemType": "preprint", "title": "A paper", "tags": [{"tag": "boring"}], "deleted": 1}
    item = read_item({"key": "ITEM2345", "version": 7, "data": data}, NOW)
    assert item.paper
    assert (item.paper.keywords, item.trashed) == ((), True)


@pytest.mark.parametrize(
    "data",
    [
        {"itemType": "webpage", "title": "A page"},
        {"itemType": "note", "note": "Words", "parentItem": "ELSE2345"},
        {"itemType": "attachment", "title": "A file", "parentItem": "ELSE2345"},
        {"itemType": "journalArticle", "title": ""},
    ],
)
def test_what_is_no_paper_is_none(data: dict[str, object]) -> None:
    assert read_item({"key": "ITEM2345", "version": 7, "data": data, "meta": []}, NOW).paper is None


def test_what_is_no_item_is_an_error() -> None:
    with pytest.raises(ValueError, match="validation error"):
        read_item({"key": "ITEM2345"}, NOW)
