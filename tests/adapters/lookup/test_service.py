"""What every service is asked with: politeness, limits, and nothing but its own address."""

from datetime import timedelta

import pytest

from bot.errors import SourceError
from storage.sql.store import SqlStore
from tests.adapters.lookup.conftest import LookUp
from tests.support.lookup.bodies import HTML, crossref
from tests.support.sources.world import FakeClock, ReplayServer, Reply

PATH, DOI = "/crossref_api/works/10.5555/1", "doi:10.5555/1"
GOOD = Reply(crossref("10.5555/1"))


async def test_the_id_that_was_asked_for_names_the_paper(server: ReplayServer, look_up: LookUp) -> None:
    server.script("/crossref_api/works/10.5555/1", Reply(crossref("10.5555/1", URL="https://arxiv.org/abs/2601.90001")))
    batch = await look_up("crossref", DOI)
    assert batch.papers[0].id == "2601.90001"
    assert batch.aliases == (("2601.90001", DOI),)


@pytest.mark.parametrize(
    "trouble",
    [Reply(status=503), Reply(status=429), Reply(crossref("10.5555/1")[:50]), Reply(fault="drop"), HTML],
    ids=["503", "429", "half", "dropped", "html"],
)
async def test_trouble_that_passes_is_passed(
    server: ReplayServer, look_up: LookUp, clock: FakeClock, trouble: Reply
) -> None:
    server.script(PATH, trouble, GOOD)
    assert (await look_up("crossref", DOI)).papers
    assert sum(clock.sleeps) < 3


async def test_a_service_is_left_alone_as_long_as_it_asks_for(
    server: ReplayServer, look_up: LookUp, clock: FakeClock, store: SqlStore
) -> None:
    server.script(PATH, Reply(status=429, headers={"Retry-After": "20"}), GOOD)
    begun = clock.now()
    assert (await look_up("crossref", DOI)).papers
    assert server.asked[1].at - begun >= timedelta(seconds=20)


async def test_who_would_have_to_wait_for_long_is_told_at_once_and_others_wait(
    server: ReplayServer, look_up: LookUp, clock: FakeClock, store: SqlStore
) -> None:
    server.script(PATH, Reply(status=429, headers={"Retry-After": "300"}))
    with pytest.raises(SourceError, match="asks to be left alone for 300 s"):
        await look_up("crossref", DOI)
    assert clock.sleeps == []
    with pytest.raises(SourceError, match="the next turn is in 300 s"):
        await look_up("crossref", DOI)
    assert len(server.asked) == 1


async def test_nothing_but_its_own_address_is_asked(server: ReplayServer, look_up: LookUp) -> None:
    server.script(PATH, Reply(status=302, headers={"Location": "http://169.254.169.254/latest/meta-data"}))
    with pytest.raises(SourceError, match=r"redirected to http://169\.254\.169\.254, no host of this source"):
        await look_up("crossref", DOI)


async def test_an_answer_without_end_is_broken_off(server: ReplayServer, look_up: LookUp) -> None:
    server.script(PATH, Reply("x" * 8_000_001))
    with pytest.raises(SourceError, match="more than 8,000,000 bytes"):
        await look_up("crossref", DOI)


async def test_requests_to_a_service_keep_their_distance(
    server: ReplayServer, look_up: LookUp, clock: FakeClock
) -> None:
    server.script(PATH, GOOD)
    for _ in range(3):
        await look_up("crossref", DOI)
    begun = server.asked[0].at
    assert [(asked.at - begun).total_seconds() for asked in server.asked] == [0, 0.5, 1.0]
