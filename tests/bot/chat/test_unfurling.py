"""Cards of papers that people link to."""

from bot.chat.shared_links import SharedMessage
from bot.chat.unfurling import Unfurling
from bot.domain.messages import plain_text
from bot.domain.paper_ids import PaperId
from bot.domain.people import Account, Place
from bot.library.app import App
from bot.library.library import Library
from bot.library.lookup import Lookup
from bot.ports import Services
from tests.support.lookup.services import FakeService, fetched_paper

PAPERS = Place("slack", "T1", "C1", "#papers")
MAGMA, ELSEWHERE = PaperId("2601.03236"), PaperId("2401.00001")


def shared(app: App) -> SharedMessage:
    return SharedMessage("m1", Account("slack", "T1/U1", "ana"), PAPERS, app.clock.now())


async def test_there_is_a_card_where_an_admin_wants_it(app: App) -> None:
    assert await Unfurling(app).message(shared(app), MAGMA) is None
    await app.store.unfurl(PAPERS.key, on=True)
    shown = await Unfurling(app).message(shared(app), MAGMA)
    assert shown
    assert [card.paper_id for card in shown.cards] == [MAGMA]
    assert plain_text(shown).startswith("MAGMA")
    assert shown.about_one


async def test_a_paper_that_is_not_here_is_looked_up_and_one_that_nobody_has_stays_silent(app: App) -> None:
    await app.store.unfurl(PAPERS.key, on=True)
    services = Services(papers=[FakeService({ELSEWHERE: fetched_paper(ELSEWHERE)})])
    lookup = Lookup(app.store, app.index, app.clock, lambda: services, patience=0)
    app.library = Library(app.store, app.index, app.clock, lookup)
    shown = await Unfurling(app).message(shared(app), ELSEWHERE)
    assert shown
    assert [card.paper_id for card in shown.cards] == [ELSEWHERE]
    assert await Unfurling(app).message(shared(app), PaperId("2401.00002")) is None
