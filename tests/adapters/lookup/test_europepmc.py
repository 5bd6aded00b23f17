"""Europe PMC by the numbers of PubMed, PMC and its own preprints."""

import pytest

from bot.errors import SourceError
from tests.adapters.lookup.conftest import LookUp
from tests.support.lookup.bodies import TITLE, europepmc
from tests.support.sources.world import ReplayServer, Reply


@pytest.mark.parametrize(
    ("asked", "query"), [("pmid:31452104", "EXT_ID:31452104 AND SRC:MED"), ("pmc:PMC7012345", "PMCID:PMC7012345")]
)
async def test_a_paper_is_found_by_each_of_its_numbers(
    server: ReplayServer, look_up: LookUp, asked: str, query: str
) -> None:
    server.script("/europepmc_api/search", Reply(europepmc({})))
    batch = await look_up("europepmc", asked)
    [paper] = batch.papers
    assert server.asked[0].query["query"] == query
    assert (paper.id, paper.title, paper.authors) == ("doi:10.5555/inv.2026.1", TITLE, ("Ada Example",))
    assert "<h4>" not in paper.abstract
    assert {alias for _, alias in batch.aliases} == {"pmid:31452104", "pmc:PMC7012345"}


async def test_a_preprint_is_found_by_the_number_it_has_there(server: ReplayServer, look_up: LookUp) -> None:
    told = {"id": "PPR123456", "source": "PPR", "pmid": None, "pmcid": None}
    server.script("/europepmc_api/search", Reply(europepmc(told)))
    batch = await look_up("europepmc", "ppr:PPR123456")
    assert batch.aliases == ((batch.papers[0].id, "ppr:PPR123456"),)


async def test_there_is_none_where_nothing_is_listed(server: ReplayServer, look_up: LookUp) -> None:
    server.script("/europepmc_api/search", Reply(europepmc()))
    assert (await look_up("europepmc", "pmid:31452104")).papers == ()


@pytest.mark.parametrize(
    "body", ['{"errCode":404}', europepmc({"id": "9", "pmid": "9", "pmcid": "PMC9"}), '{"resultList":{}}']
)
async def test_what_is_no_record_of_the_paper_is_no_answer(server: ReplayServer, look_up: LookUp, body: str) -> None:
    server.script("/europepmc_api/search", Reply(body))
    with pytest.raises(SourceError):
        await look_up("europepmc", "pmid:31452104")
