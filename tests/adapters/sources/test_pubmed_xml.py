from io import BytesIO

import pytest

from adapters.sources.pubmed_xml import PubmedError, parse_articles, read_articles
from tests.support.sources.world import flat


def article(
    article: str = "", *, authors: str = "", citation: str = "", ids: str = "", pages: str = "", title: str = "Cells."
) -> bytes:
    return f"""<?xml version="1.0" ?><!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN"
    "https://dtd.example.org/pubmed.dtd"><PubmedArticleSet><PubmedArticle><MedlineCitation>
    <PMID Version="1">90001</PMID>
    <Article><Journal><JournalIssue><Volume>4</Volume><Issue>2</Issue><PubDate><Year>2026</Year><Month>Mar</Month>
    </PubDate></JournalIssue><Title>Invented journal</Title></Journal><ArticleTitle>{title}</ArticleTitle>{article}
    <AuthorList>{authors}</AuthorList><Pagination><MedlinePgn>{pages}</MedlinePgn></Pagination></Article>{citation}
    </MedlineCitation><PubmedData><History><PubMedPubDate PubStatus="entrez"><Year>2026</Year><Month>3</Month>
    <Day>24</Day></PubMedPubDate></History><ArticleIdList>{ids}</ArticleIdList><ReferenceList><Reference><ArticleIdList>
    <ArticleId IdType="doi">10.1/of-another</ArticleId></ArticleIdList></Reference></ReferenceList></PubmedData>
    </PubmedArticle></PubmedArticleSet>""".encode()


def read(body: bytes) -> dict[str, object]:
    [entry] = parse_articles(body)
    return dict(flat(entry))


def test_an_article_says_where_and_when_it_was_published() -> None:
    record = read(article(pages="1-9"))
    assert (record["id"], record["title"], record["venue"], record["volume"], record["issue"], record["pages"]) == (
        "pmid:90001",
        "Cells",
        "Invented journal",
        "4",
        "2",
        "1-9",
    )
    assert (record["published"], record["first_seen"], record["kind"]) == ("2026-03", "2026-03-24", "article")


def test_a_structured_abstract_keeps_its_labels_and_all_the_text_inside_tags() -> None:
    written = """<Abstract><AbstractText Label="BACKGROUND">The <i>APC</i> gene.</AbstractText>
    <AbstractText Label="UNLABELLED">H<sub>2</sub>O<AbstractText/> helps.</AbstractText></Abstract>"""
    assert read(article(written))["abstract"] == "Background: The APC gene. H2O helps."


def test_another_abstract_counts_only_where_there_is_none() -> None:
    other = '<OtherAbstract Language="spa"><AbstractText>Células.</AbstractText></OtherAbstract>'
    assert read(article(citation=other))["abstract"] == "Células."
    own = "<Abstract><AbstractText>Cells.</AbstractText></Abstract>"
    assert read(article(own, citation=other))["abstract"] == "Cells."
    assert "abstract" not in read(article())


def test_groups_stand_between_people_in_order_and_investigators_are_no_authors() -> None:
    authors = """<Author><LastName>Example</LastName><ForeName>Ada B</ForeName><Suffix>Jr</Suffix></Author>
    <Author><CollectiveName>Invented, Group</CollectiveName></Author><Author ValidYN="N"><LastName>Wrong</LastName>
    </Author><Author><LastName>Sample</LastName><Initials>C</Initials></Author>"""
    investigators = "<InvestigatorList><Investigator><LastName>Nobody</LastName></Investigator></InvestigatorList>"
    assert read(article(authors=authors, citation=investigators))["authors"] == [
        {"lastName": "Example", "suffix": "Jr", "firstName": "Ada B"},
        {"literal": "Invented, Group"},
        {"lastName": "Sample", "suffix": "", "firstName": "C"},
    ]


@pytest.mark.parametrize(
    ("inside", "ids"),
    [
        ('<ELocationID EIdType="doi">10.1/own</ELocationID>', ""),
        ("", '<ArticleId IdType="doi">10.1/own</ArticleId>'),
        ('<ELocationID EIdType="doi" ValidYN="N">10.1/x</ELocationID>', '<ArticleId IdType="doi">10.1/own</ArticleId>'),
    ],
)
def test_the_doi_is_the_articles_own_and_no_references(inside: str, ids: str) -> None:
    assert read(article(inside, ids=ids))["doi"] == "10.1/own"
    assert "doi" not in read(article())


def test_a_translated_title_loses_its_brackets_and_the_original_stands_for_none() -> None:
    assert read(article(title="[Cells in water.]."))["title"] == "Cells in water"
    original = "<VernacularTitle>Zellen.</VernacularTitle>"
    assert read(article(original, title="[Not Available]."))["title"] == "Zellen"


def test_a_preprint_is_marked_as_one() -> None:
    kinds = "<PublicationTypeList><PublicationType>Preprint</PublicationType></PublicationTypeList>"
    assert read(article(kinds))["kind"] == "preprint"


def test_keywords_come_before_headings() -> None:
    headings = "<MeshHeadingList><MeshHeading><DescriptorName>Cells</DescriptorName></MeshHeading></MeshHeadingList>"
    assert read(article(citation=headings))["keywords"] == ["Cells"]
    own = "<KeywordList><Keyword>water</Keyword></KeywordList>"
    assert read(article(citation=own + headings))["keywords"] == ["water"]


def test_a_chapter_of_a_book_has_a_tree_of_its_own() -> None:
    body = b"""<PubmedArticleSet><PubmedBookArticle><BookDocument><PMID>90002</PMID><Book><BookTitle>A book</BookTitle>
    <PubDate><Year>2009</Year></PubDate><AuthorList Type="editors"><Author><LastName>E</LastName></Author></AuthorList>
    </Book><ArticleTitle>A chapter.</ArticleTitle><AuthorList Type="authors"><Author><LastName>A</LastName></Author>
    </AuthorList><Abstract><AbstractText>Text.</AbstractText></Abstract></BookDocument></PubmedBookArticle>
    </PubmedArticleSet>"""
    record = read(body)
    assert (record["id"], record["title"], record["venue"]) == ("pmid:90002", "A chapter", "A book")
    assert (record["published"], record["authors"]) == ("2009", [{"lastName": "A", "suffix": "", "firstName": ""}])


@pytest.mark.parametrize(
    "written",
    ["<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", "<Year>1998</Year><Season>Winter</Season>"],
)
def test_a_date_in_words_and_a_season_have_a_year(written: str) -> None:
    body = article().replace(b"<Year>2026</Year><Month>Mar</Month>\n    </PubDate>", f"{written}</PubDate>".encode())
    assert str(read(body)["published"]).startswith("1998")


def test_an_unknown_pmid_is_an_empty_set() -> None:
    assert parse_articles(b"<PubmedArticleSet></PubmedArticleSet>") == []


@pytest.mark.parametrize(
    "body", [b"<html></html>", b"<Pubmed", b"", b'<?xml version="1.0" encoding="utf-99"?><PubmedArticleSet/>']
)
def test_what_is_no_answer_is_an_error(body: bytes) -> None:
    with pytest.raises(PubmedError):
        parse_articles(body)


def test_a_long_file_is_read_article_by_article() -> None:
    entries = read_articles(BytesIO(article()))
    assert flat(next(entries))["id"] == "pmid:90001"
    assert list(entries) == []


def test_a_file_that_breaks_off_gives_what_came_before() -> None:
    entries = read_articles(BytesIO(article()[:-10]))
    assert flat(next(entries))["id"] == "pmid:90001"
    with pytest.raises(PubmedError, match="not XML"):
        next(entries)
