"""bioRxiv and medRxiv by DOI."""

from datetime import date

import pytest

from bot.errors import SourceError
from tests.adapters.lookup.conftest import LookUp
from tests.support.lookup.bodies import NO_BIORXIV, TITLE, biorxiv
from tests.support.sources.world import ReplayServer, Reply

DOI = "10.64898/2025.12.03.692143"
BIORXIV, MEDRXIV = (f"/biorxiv_api/details/{server}/{DOI}/na/json" for server in ("biorxiv", "medrxiv"))


async def test_the_versions_of_a_preprint_are_one_paper(server: ReplayServer, look_up: LookUp) -> None:
    versions = (
        {"version": "10", "date": "2026-02-03", "title": "A better title of it", "published": "10.5555/journal.1"},
        {"version": "1", "date": "2026-01-02"},
        {"version": "2", "date": "2026-01-09"},
    )
    server.script(BIORXIV, Reply(biorxiv(DOI, *versions)))
    batch = await look_up("biorxiv", f"doi:{DOI}")
    [paper] = batch.papers
    assert (paper.id, paper.title) == ("doi:10.5555/journal.1", "A better title of it")
    assert (paper.published, paper.updated) == (date(2026, 1, 2), date(2026, 2, 3))
    assert batch.aliases == ((paper.id, f"doi:{DOI}"),)


async def test_what_biorxiv_has_not_medrxiv_may_have(server: ReplayServer, look_up: LookUp) -> None:
    server.script(BIORXIV, Reply(NO_BIORXIV))
    server.script(MEDRXIV, Reply(biorxiv(DOI)))
    [paper] = (await look_up("biorxiv", f"doi:{DOI}")).papers
    assert paper.title == TITLE
    server.script(MEDRXIV, Reply(NO_BIORXIV))
    assert (await look_up("biorxiv", f"doi:{DOI}")).papers == ()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('{"messages":[{"status":"wrong interval"}],"collection":[]}', "no paper, and it says: wrong interval"),
        ('{"messages":[]}', "no paper, and it says: nothing"),
        ('{"collection":{"a":1}}', "no list"),
        (biorxiv("10.64898/2025.12.03.692144"), "the answer is about"),
    ],
)
async def test_what_is_no_record_of_the_preprint_is_no_answer(
    server: ReplayServer, look_up: LookUp, body: str, reason: str
) -> None:
    server.script(BIORXIV, Reply(body))
    with pytest.raises(SourceError, match=reason):
        await look_up("biorxiv", f"doi:{DOI}")


async def test_other_papers_of_the_same_press_are_not_asked_for(look_up: LookUp) -> None:
    with pytest.raises(AssertionError, match="knows no ids"):
        await look_up("biorxiv", "doi:10.1101/gr.275193.120")
