"""Papers that are not here: asked for once, stored, indexed, and told truly where that fails."""

import asyncio
from datetime import timedelta

import pytest

from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.errors import BeingFetchedError, LookupFailedError
from bot.library.app import App
from bot.library.lookup import Lookup
from bot.ports import Claim, Services, ServiceState
from tests.conftest import SAMPLE_ENDS
from tests.support.lookup.services import FakeService, fetched_paper
from tests.support.sources.world import FakeClock

ID = PaperId("2601.90001")
PAPER = fetched_paper(ID)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(SAMPLE_ENDS)


def looking_up(app: App, clock: FakeClock, *services: FakeService, patience: float = 5.0) -> Lookup:
    def load() -> Services:
        return Services(papers=services)

    return Lookup(app.store, app.index, clock, load, patience=patience, sleep=clock.sleep)


async def test_a_paper_is_stored_and_can_be_searched_at_once(app: App, clock: FakeClock) -> None:
    answer = await looking_up(app, clock, FakeService({ID: PAPER})).fetch(ID)
    assert answer.stored
    assert answer.stored.paper.title == PAPER.title
    [first, *_] = await app.library.search("invented cells that count stars", 3)
    assert first.stored == answer.stored


async def test_who_ask_for_one_paper_at_once_ask_its_service_once(app: App, clock: FakeClock) -> None:
    service = FakeService({ID: PAPER})
    one, other = looking_up(app, clock, service), looking_up(app, clock, service)
    service.open.clear()
    asking = [asyncio.create_task(lookup.fetch(ID)) for lookup in (one, one, other)]
    await service.is_asked.wait()
    service.open.set()
    answers = await asyncio.gather(*asking)
    assert len({answer.stored.row for answer in answers if answer.stored}) == 1
    assert service.asked == [ID]


async def test_that_there_is_none_is_remembered_for_a_day(app: App, clock: FakeClock) -> None:
    service = FakeService()
    for _ in range(2):
        answer = await looking_up(app, clock, service).fetch(ID)
        assert (answer.stored, answer.said) == (None, "arXiv has no paper 2601.90001.")
    assert service.asked == [ID]
    clock.moment += timedelta(days=1)
    await looking_up(app, clock, service).fetch(ID)
    assert service.asked == [ID, ID]


async def test_a_doi_is_asked_for_at_each_service_until_one_has_it(app: App, clock: FakeClock) -> None:
    doi = PaperId("doi:10.5555/zenodo.1")
    first = FakeService(name="crossref")
    second = FakeService({doi: fetched_paper(doi)}, name="datacite")
    assert (await looking_up(app, clock, first, second).fetch(doi)).stored
    assert (first.asked, second.asked) == ([doi], [doi])


async def test_none_has_it_only_where_all_say_so(app: App, clock: FakeClock) -> None:
    doi = PaperId("doi:10.5555/zenodo.2")
    troubled = FakeService(name="crossref", trouble=["503 Service Unavailable"])
    lookup = looking_up(app, clock, troubled, FakeService(name="datacite"))
    with pytest.raises(LookupFailedError, match=r"^Crossref could not be asked for doi:10\.5555/zenodo\.2: 503 S"):
        await lookup.fetch(doi)
    assert await app.store.claim_lookup(doi, now=clock.now(), until=clock.now()) is Claim.OURS
    await app.store.end_lookup(doi)
    clock.moment += timedelta(minutes=1)
    assert (await lookup.fetch(doi)).said == "None of Crossref, DataCite has a paper doi:10.5555/zenodo.2."


async def test_a_failure_is_told_without_addresses_recorded_and_stands_for_a_moment(app: App, clock: FakeClock) -> None:
    service = FakeService({ID: PAPER}, trouble=["429 Too Many Requests (4 attempts)"])
    lookup = looking_up(app, clock, service)
    reason = "429 Too Many Requests (4 attempts)"
    for _ in range(2):
        with pytest.raises(LookupFailedError) as caught:
            await lookup.fetch(ID)
        assert str(caught.value) == f"arXiv could not be asked for 2601.90001: {reason}. Try again later."
    assert service.asked == [ID]
    [state] = await app.store.service_states()
    assert (state.name, state.answered_at, state.error) == ("arxiv", None, reason)
    clock.moment += timedelta(seconds=31)
    assert (await lookup.fetch(ID)).stored
    assert await app.store.service_states() == [ServiceState("arxiv", clock.now(), clock.now())]


async def test_who_waits_too_long_is_told_that_it_is_being_fetched_and_it_is(app: App, clock: FakeClock) -> None:
    service = FakeService({ID: PAPER})
    service.open.clear()
    lookup = looking_up(app, clock, service, patience=0.01)
    with pytest.raises(BeingFetchedError, match="is not here yet; it is being fetched from arXiv") as caught:
        await lookup.fetch(ID)
    service.open.set()
    await caught.value.done
    assert await app.store.paper(ID)
    assert len(app.index) == await app.store.count_papers()


async def test_a_lookup_of_another_process_is_waited_for(app: App, clock: FakeClock) -> None:
    service = FakeService({ID: PAPER})
    await app.store.claim_lookup(ID, now=clock.now(), until=clock.now() + timedelta(minutes=1))
    looks = 0

    async def sleep(seconds: float) -> None:
        nonlocal looks
        looks += 1
        if looks == 3:
            await FakeStorer(app).store()
        await clock.sleep(seconds)

    lookup = Lookup(app.store, app.index, clock, lambda: Services(papers=[service]), sleep=sleep)
    answer = await lookup.fetch(ID)
    assert answer.stored
    assert (service.asked, looks) == ([], 3)


class FakeStorer:
    """Another process, which has stored the paper."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def store(self) -> None:
        await looking_up(self._app, FakeClock(SAMPLE_ENDS + timedelta(hours=1)), FakeService({ID: PAPER})).fetch(ID)


async def test_a_lookup_that_a_dead_process_left_is_taken_over(app: App, clock: FakeClock) -> None:
    service = FakeService({ID: PAPER})
    await app.store.claim_lookup(ID, now=clock.now(), until=clock.now() + timedelta(seconds=1))
    assert (await looking_up(app, clock, service).fetch(ID)).stored
    assert service.asked == [ID]


async def test_where_nobody_can_be_asked_nothing_is_said(app: App, clock: FakeClock) -> None:
    answer = await looking_up(app, clock, FakeService()).fetch(PaperId("pmid:31452104"))
    assert (answer.stored, answer.said) == (None, "")


async def test_services_are_loaded_when_they_are_needed(app: App) -> None:
    loaded = []

    def load() -> Services:
        loaded.append("once")
        return Services()

    lookup = Lookup(app.store, app.index, app.clock, load)
    assert loaded == []
    await lookup.fetch(ID)
    await lookup.fetch(ID)
    assert loaded == ["once"]


@pytest.mark.parametrize("patience", [0.0, 0.001, 0.01])
async def test_what_is_under_way_ends_with_the_process(app: App, clock: FakeClock, patience: float) -> None:
    service = FakeService({ID: PAPER})
    service.open.clear()
    lookup = looking_up(app, clock, service, patience=patience)
    with pytest.raises(BeingFetchedError):
        await lookup.fetch(ID)
    await lookup.close()
    assert await app.store.claim_lookup(ID, now=clock.now(), until=clock.now()) is Claim.OURS
    assert await app.store.paper(ID) is None


async def test_a_paper_that_is_here_under_another_id_is_not_here_twice(app: App, clock: FakeClock) -> None:
    before = await app.store.count_papers()
    doi = PaperId("doi:10.5555/1")
    [known] = await app.library.search("2601.03236", 1)
    told = Paper(id=known.stored.paper.id, title=known.stored.paper.title)
    answer = await looking_up(app, clock, FakeService({doi: told}, name="crossref")).fetch(doi)
    assert answer.stored
    assert answer.stored.row == known.stored.row
    assert await app.store.count_papers() == before
