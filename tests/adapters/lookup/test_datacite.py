"""DataCite by DOI."""

import pytest

from bot.errors import SourceError
from tests.adapters.lookup.conftest import LookUp
from tests.support.lookup.bodies import ABSTRACT, NO_DATACITE, TITLE, datacite
from tests.support.sources.world import ReplayServer, Reply


async def test_a_paper_is_found_by_its_doi(server: ReplayServer, look_up: LookUp) -> None:
    server.script("/datacite_api/dois/10.5555/zenodo.1", Reply(datacite("10.5555/zenodo.1")))
    [paper] = (await look_up("datacite", "doi:10.5555/zenodo.1")).papers
    assert (paper.id, paper.title, paper.abstract) == ("doi:10.5555/zenodo.1", TITLE, ABSTRACT)


async def test_there_is_none_where_datacite_says_so(server: ReplayServer, look_up: LookUp) -> None:
    server.script("/datacite_api/dois/10.5555/1", Reply(NO_DATACITE, status=404))
    assert (await look_up("datacite", "doi:10.5555/1")).papers == ()


@pytest.mark.parametrize("body", ['{"data":[]}', datacite("10.5555/2")])
async def test_what_is_no_record_of_the_paper_is_no_answer(server: ReplayServer, look_up: LookUp, body: str) -> None:
    server.script("/datacite_api/dois/10.5555/1", Reply(body))
    with pytest.raises(SourceError):
        await look_up("datacite", "doi:10.5555/1")
