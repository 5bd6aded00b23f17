from pathlib import Path

import pytest

from adapters.sources.feed_xml import FeedError, parse_feed
from adapters.sources.fields import web_link
from tests.support.hostile import steps
from tests.support.sources.world import Bodies, flat

RDF = """<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns:prism="http://purl.org/rss/1.0/modules/prism/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="http://example.org"><title>Invented</title></channel>
<item rdf:about="http://example.org/1?rss=1"><title><![CDATA[
Invented cells
]]></title><link>http://example.org/1?rss=1</link><description><![CDATA[We <i>invent</i>.]]></description>
<dc:creator>Example, A. B.</dc:creator><dc:creator>Sample, C.</dc:creator><dc:date>2026-01-05</dc:date>
<dc:identifier>doi:10.1101/900001</dc:identifier><prism:publicationDate>2026-01-04</prism:publicationDate>
<prism:publicationName>Invented journal</prism:publicationName><prism:volume>7</prism:volume></item></rdf:RDF>"""


def rss(link: str, more: str = "") -> bytes:
    return f"""<rss version="2.0"><channel><title>News</title><item><title>Invented cells</title>
    <link>{link}</link>{more}</item></channel></rss>""".encode()


def read(body: bytes) -> dict[str, object]:
    [entry] = parse_feed(body)
    return dict(flat(entry))


def test_an_item_of_rss_1_says_what_its_journal_knows() -> None:
    record = read(RDF.encode())
    assert (record["title"], record["abstract"]) == ("Invented cells", "We <i>invent</i>.")
    assert (record["authors"], record["doi"]) == (["Example, A. B.", "Sample, C."], "doi:10.1101/900001")
    assert (record["kind"], record["venue"], record["volume"]) == ("article", "Invented journal", "7")
    assert (record["published"], record["first_seen"]) == ("2026-01-04", "2026-01-05")


def test_an_item_of_arxiv_has_its_id_its_categories_and_a_bare_abstract() -> None:
    record = read(Bodies.rss(("2601.90001v1", "new")).encode())
    assert (record["id"], record["categories"]) == ("2601.90001", ["cs.LG"])
    assert (record["abstract"], record["authors"]) == ("We invent 2601.90001v1.", "Ada Example, Bob Example")


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://www.example.org/papers/7/?utm_source=rss&amp;rss=1", "web:example.org/papers/7"),
        ("https://example.org/show?id=7#top", "web:example.org/show?id=7"),
        ("https://doi.org/10.1038/s1", None),
        ("https://arxiv.org/abs/2601.90001v2", "2601.90001"),
        ("", None),
        ("https://example.org/" + "x" * 200, None),
    ],
)
def test_an_item_without_a_doi_is_known_by_its_link(link: str, expected: str | None) -> None:
    assert read(rss(link))["id"] == expected


def test_the_longer_of_summary_and_content_is_the_abstract() -> None:
    body = """<feed xmlns="http://www.w3.org/2005/Atom"><title>N</title><id>n</id><entry><id>e</id><title>T</title>
    <summary>We…</summary><content type="text">We invent cells.</content></entry></feed>"""
    assert read(body.encode())["abstract"] == "We invent cells."


def test_a_feed_without_items_is_empty() -> None:
    assert parse_feed(b'<rss version="2.0"><channel><title>N</title></channel></rss>') == []


@pytest.mark.parametrize(
    "body",
    [
        b"<html><body>Not found</body></html>",
        b"",
        b"{}",
        b"\x00\xff",
        rss("https://example.org/7", "<a/>" * 200_000),
        rss("https://example.org/7", "&" * 200_000),
    ],
)
def test_what_is_no_feed_is_an_error(body: bytes) -> None:
    with pytest.raises(FeedError):
        parse_feed(body)


def test_a_web_page_is_not_read_to_its_end() -> None:
    def refused() -> None:
        with pytest.raises(FeedError):
            parse_feed(b"<p>" * 60_000)

    assert steps(refused) < 1_000


def test_a_feed_in_utf_16_is_read() -> None:
    body = '<?xml version="1.0" encoding="utf-16"?>' + rss("https://example.org/7").decode()
    assert read(body.encode("utf-16"))["title"] == "Invented cells"


def test_a_body_that_names_a_file_does_not_open_it(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(rss("https://example.org/7"))
    with pytest.raises(FeedError):
        parse_feed(str(path).encode())


def test_the_name_of_an_entry_without_a_link_is_no_link() -> None:
    """feedparser 6.0.14 takes it for one; RFC 4287 lets an entry that has content do without."""
    record = read(
        b"""<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:example.org,2024:papers</id><title>Papers</title>
        <updated>2024-01-01T00:00:00Z</updated>
        <entry><id>tag:example.org,2024:papers/7</id><title>Invented cells</title>
        <updated>2024-01-01T00:00:00Z</updated><author><name>A. Example</name></author><content>We invent.</content>
        </entry></feed>"""
    )
    assert (record["id"], web_link(record["link"])) == (None, "")
