from io import BytesIO

import pytest

from adapters.sources.dblp_xml import read_dblp
from bot.errors import SourceError
from tests.support.sources.world import flat

DUMP = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE dblp SYSTEM "dblp.dtd">
<dblp>
<article key="journals/cacm/B10" mdate="2020-01-01"><author>Michael B&ouml;hlen</author><author>Xi Li 0009</author>
<title>On H<sub>2</sub>O &amp; &lt;b&gt;.</title><pages>97-105</pages><year>2010</year><volume>53</volume>
<journal>Commun. ACM</journal><number>3</number><ee>https://doi.org/10.1145/1</ee></article>
<article key="journals/corr/abs-2601-90001"><author>A B</author><title>Nets.</title><year>2026</year>
<volume>abs/2601.90001</volume><journal>CoRR</journal><ee>http://arxiv.org/abs/2601.90001</ee></article>
<proceedings key="conf/er/2008"><editor>C D</editor><title>Proceedings.</title><year>2008</year></proceedings>
<inproceedings key="conf/er/N08"><author>Antoni Oliv&eacute;</author><title>Models.</title><year>2008</year>
<booktitle>ER</booktitle></inproceedings>
<www key="homepages/x"><author>X Y</author><title>Home Page</title></www>
</dblp>"""


class InPieces:
    """Gives a text a few bytes at a time, whatever it is asked for."""

    def __init__(self, text: str, size: int) -> None:
        self._stream = BytesIO(text.encode("latin-1"))
        self._size = size

    def read(self, size: int, /) -> bytes:
        return self._stream.read(min(size, self._size))


@pytest.mark.parametrize("size", [1, 3, 7, 64, 1 << 16])
def test_letters_by_name_are_read_however_they_are_cut(size: int) -> None:
    found = [flat(entry) for _, entry in read_dblp("dblp.xml", InPieces(DUMP, size))]
    assert [record["title"] for record in found] == ["On H2O & <b>", "Nets", "Models"]
    assert [record["authors"] for record in found] == [["Michael Böhlen", "Xi Li"], ["A B"], ["Antoni Olivé"]]


def test_a_paper_says_where_it_was_published_and_arxiv_is_no_journal() -> None:
    article, preprint, accepted = (dict(flat(entry)) for _, entry in read_dblp("dblp.xml", InPieces(DUMP, 1 << 16)))
    assert (article["kind"], article["venue"], article["volume"]) == ("article", "Commun. ACM", "53")
    assert (article["issue"], article["pages"], article["link"]) == ("3", "97-105", "https://doi.org/10.1145/1")
    assert (preprint["kind"], preprint["id"], preprint.get("venue")) == ("preprint", "2601.90001", None)
    assert (accepted["kind"], accepted["venue"]) == ("conference", "ER")


def test_a_dump_that_breaks_off_gives_what_came_before() -> None:
    entries = read_dblp("dblp.xml", InPieces(DUMP[:700], 1 << 16))
    assert next(entries)[0] == "entry 1"
    with pytest.raises(SourceError, match=r"^dblp\.xml: not XML: "):
        list(entries)


def test_letters_that_a_file_declares_itself_are_refused() -> None:
    bomb = '<!DOCTYPE dblp [<!ENTITY a "b">]><dblp><article><title>&a;</title></article></dblp>'
    with pytest.raises(SourceError, match="not XML"):
        list(read_dblp("dblp.xml", InPieces(bomb, 1 << 16)))
