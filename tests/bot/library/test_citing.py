"""Who cites what is followed so: what is old when that begins, what is news afterwards; nothing is told twice."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.follows import FollowKind
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.library.app import App
from bot.library.citing import read_citing
from bot.ports import Batch
from tests.bot.library.test_alerts import ADA, come, following
from tests.conftest import TickingClock
from tests.support.lookup.services import FakeCitations

TODAY = date(2026, 1, 20)
OLD, NEW, LATE = (
    Paper(id=PaperId(f"2601.9100{number}"), title=f"The citing paper that is numbered {number}", published=published)
    for number, published in enumerate((date(2025, 6, 1), date(2026, 3, 1), date(2025, 7, 1)), start=1)
)


@pytest.fixture
async def service(app: App) -> FakeCitations:
    """A service that tells who cites a paper that is here."""
    await come(app, ADA)
    return FakeCitations()


async def read(app: App, service: FakeCitations, *papers: Paper) -> int:
    """Some hours later the list has these papers on it, too."""
    service.lists.setdefault(ADA.id, []).extend(papers)
    assert isinstance(app.clock, TickingClock)
    app.clock.moment += timedelta(hours=13)
    return await read_citing(app.store, service, app.clock)


async def told(app: App, number: int) -> Sequence[str]:
    return [each.paper.id for each in await app.store.papers_by_row(await app.store.pending(number))]


async def following_citations(app: App, **more: object) -> int:
    return await following(app, ADA.id, FollowKind.CITED_BY, since=TODAY, **more)


async def test_who_cited_a_paper_before_it_was_followed_is_no_news(app: App, service: FakeCitations) -> None:
    number = await following_citations(app)
    assert await read(app, service, OLD) == 0
    assert await told(app, number) == []
    assert await app.store.paper(OLD.id) is None, "what is no news is not brought in"


async def test_who_is_new_on_the_list_is_told_once_whenever_it_was_published(app: App, service: FakeCitations) -> None:
    number = await following_citations(app)
    await read(app, service, OLD)
    assert await read(app, service, NEW, LATE) == 2
    assert await read(app, service) == 0
    assert await told(app, number) == [NEW.id, LATE.id]


async def test_who_was_published_since_is_news_on_the_first_list_too(app: App, service: FakeCitations) -> None:
    number = await following_citations(app)
    assert await read(app, service, OLD, NEW) == 1
    assert await told(app, number) == [NEW.id]


async def test_a_list_is_read_twice_a_day(app: App, service: FakeCitations) -> None:
    await following_citations(app)
    await read(app, service)
    await read_citing(app.store, service, app.clock)
    assert service.asked == [ADA.id]
    await read(app, service)
    assert service.asked == [ADA.id, ADA.id]


async def test_what_nobody_follows_so_is_not_asked_for(app: App, service: FakeCitations) -> None:
    await following(app, ADA.id, FollowKind.VERSION)
    await read(app, service, NEW)
    assert service.asked == []


async def test_a_paper_that_changes_its_main_id_is_the_same(app: App, service: FakeCitations) -> None:
    number = await following_citations(app)
    published = replace(LATE, id=PaperId("doi:10.1/late"))

    class Merged(FakeCitations):
        async def citing(self, paper_ids: Sequence[PaperId], *, since: date) -> AsyncIterator[Batch]:
            async for batch in super().citing(paper_ids, since=since):
                yield Batch(batch.papers, aliases=[(each.id, PaperId("s2:7")) for each in batch.papers])

    merged = Merged()
    await read(app, merged, published)
    merged.lists[ADA.id] = []
    await read(app, merged, LATE)
    assert await told(app, number) == []


async def test_a_list_that_breaks_off_is_begun_again_and_its_beginning_stands(app: App, service: FakeCitations) -> None:
    number = await following_citations(app)
    await read(app, service)
    service.trouble = [1]
    await read(app, service, NEW, LATE, OLD)
    assert await told(app, number) == [NEW.id, LATE.id]
    [state] = await app.store.service_states()
    assert state.error == "429 Too Many Requests"
    await read_citing(app.store, service, app.clock)
    assert await told(app, number) == [NEW.id, LATE.id, OLD.id]


async def test_a_first_list_that_breaks_off_stays_the_first(app: App, service: FakeCitations) -> None:
    number = await following_citations(app)
    service.trouble = [1]
    more = replace(OLD, id=PaperId("2601.91009"), title="Another old paper that is numbered 9")
    await read(app, service, OLD, LATE, more)
    await read(app, service)
    assert await told(app, number) == []


async def test_after_three_failures_the_service_is_left_alone(app: App, service: FakeCitations) -> None:
    others = [replace(ADA, id=PaperId(f"2601.9200{n}"), title=f"A followed paper numbered {n}") for n in range(5)]
    await come(app, *others)
    for each in others:
        await following(app, each.id, FollowKind.CITED_BY)
    service.trouble = [0] * 9
    await read_citing(app.store, service, app.clock)
    assert len(service.asked) == 3
    await read_citing(app.store, service, app.clock)
    assert set(service.asked) == {each.id for each in others}, "those not asked for yet come first"


async def test_a_paper_that_was_taken_back_is_not_told(app: App, service: FakeCitations) -> None:
    number = await following_citations(app)
    await read(app, service)
    await read(app, service, replace(NEW, abstract="This paper has been withdrawn by the authors."))
    assert await told(app, number) == []


async def test_who_unfollows_by_a_slip_misses_nothing(app: App, service: FakeCitations) -> None:
    number = await following_citations(app)
    await read(app, service, OLD)
    await app.store.remove_follow(number)
    await read(app, service, LATE)
    number = await following_citations(app)
    await read(app, service)
    assert await told(app, number) == [LATE.id]


async def test_without_a_service_nobody_is_asked(app: App) -> None:
    await following_citations(app)
    assert await read_citing(app.store, None, app.clock) == 0
