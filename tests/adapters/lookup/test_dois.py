"""Crossref and DataCite by DOI."""

import pytest

from bot.errors import SourceError
from tests.adapters.lookup.conftest import LookUp
from tests.support.lookup.bodies import ABSTRACT, NO_DATACITE, TITLE, crossref, datacite
from tests.support.sources.world import ReplayServer, Reply

DOI = "10.5555/s0370-2693(12)00857-x"


async def test_crossref_finds_a_paper_by_its_doi(server: ReplayServer, look_up: LookUp) -> None:
    server.script(f"/crossref_api/works/{DOI}", Reply(crossref(DOI.upper())))
    [paper] = (await look_up("crossref", f"doi:{DOI}")).papers
    assert (paper.id, paper.title, paper.abstract) == (f"doi:{DOI}", TITLE, ABSTRACT)
    assert paper.authors == ("Ada Example", "The Inventors")


async def test_a_doi_is_one_part_of_the_path(server: ReplayServer, look_up: LookUp) -> None:
    server.script(f"/crossref_api/works/{DOI}", Reply(crossref(DOI)))
    await look_up("crossref", f"doi:{DOI}")
    assert "%2F" in server.asked[0].raw_path


async def test_there_is_none_where_crossref_says_so(server: ReplayServer, look_up: LookUp) -> None:
    server.script("/crossref_api/works/10.5555/1", Reply("Resource not found.", status=404))
    assert (await look_up("crossref", "doi:10.5555/1")).papers == ()


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply("<html>No such page</html>", status=404), "404 with a web page"),
        (Reply(crossref("10.5555/1")[:100]), "not JSON"),
        (Reply("[]"), "a JSON list instead of an object"),
        (Reply('{"status":"ok","message":[]}'), "an answer without a work"),
        (Reply(crossref("10.5555/2")), r"the answer is about 10\.5555/2"),
        (Reply(crossref("10.5555/1", title=[])), "cannot be read: no title"),
    ],
)
async def test_what_is_no_record_of_the_paper_is_no_answer(
    server: ReplayServer, look_up: LookUp, reply: Reply, reason: str
) -> None:
    server.script("/crossref_api/works/10.5555/1", reply)
    with pytest.raises(SourceError, match=reason):
        await look_up("crossref", "doi:10.5555/1")


async def test_datacite_finds_a_paper_by_its_doi(server: ReplayServer, look_up: LookUp) -> None:
    server.script("/datacite_api/dois/10.5555/zenodo.1", Reply(datacite("10.5555/zenodo.1")))
    [paper] = (await look_up("datacite", "doi:10.5555/zenodo.1")).papers
    assert (paper.id, paper.title, paper.abstract) == ("doi:10.5555/zenodo.1", TITLE, ABSTRACT)


async def test_there_is_none_where_datacite_says_so(server: ReplayServer, look_up: LookUp) -> None:
    server.script("/datacite_api/dois/10.5555/1", Reply(NO_DATACITE, status=404))
    assert (await look_up("datacite", "doi:10.5555/1")).papers == ()


@pytest.mark.parametrize("body", ['{"data":[]}', datacite("10.5555/2")])
async def test_what_is_no_record_of_the_paper_is_no_answer_of_datacite(
    server: ReplayServer, look_up: LookUp, body: str
) -> None:
    server.script("/datacite_api/dois/10.5555/1", Reply(body))
    with pytest.raises(SourceError):
        await look_up("datacite", "doi:10.5555/1")
