"""search, similar, show, trending."""

from datetime import date

from bot.chat.dispatch import Dispatcher
from bot.commands import registry
from bot.domain.messages import plain_text
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.domain.people import Account
from bot.library.app import App
from bot.ports import Batch
from tests.support.commands import ask, saved
from tests.support.lookup.services import FakeSearch, FakeService, fetched_paper, with_searches


async def test_pages_follow_each_other_without_a_gap_or_repetition(dispatcher: Dispatcher) -> None:
    first = await ask(dispatcher, "search language models")
    second = await ask(dispatcher, first.buttons[-1].command)
    ids = [card.paper_id for message in (first, second) for card in message.cards]
    assert len(ids) == len(set(ids)) == 10
    assert [card.rank for card in second.cards] == [6, 7, 8, 9, 10]
    beyond = await ask(dispatcher, "search language models --page 400")
    assert "That's all" in plain_text(beyond)


async def test_all_pages_together_bring_every_paper_once(dispatcher: Dispatcher) -> None:
    ids: list[str] = []
    for page in range(1, 40):
        cards = (await ask(dispatcher, f"search model --page {page}")).cards
        ids += [card.paper_id for card in cards]
        if not cards:
            break
    assert len(ids) == len(set(ids)) > 50


async def test_results_can_be_had_the_newest_or_the_most_upvoted_first(app: App) -> None:
    newest = [result.stored.paper.published or date.min for result in await app.library.search("agents sort:new", 20)]
    assert newest == sorted(newest, reverse=True)
    found = [result.stored.paper.id for result in await app.library.search("agents sort:top", 20)]
    readings = await app.library.readings(found, app.clock.now())
    votes = [readings[paper_id].upvotes or 0 for paper_id in found]
    assert votes == sorted(votes, reverse=True)


async def test_a_save_here_raises_a_paper_in_what_is_trending(dispatcher: Dispatcher) -> None:
    before = [card.paper_id for card in (await ask(dispatcher, "trending day")).cards]
    for name in ("a", "b", "c", "d", "e", "f"):
        await ask(dispatcher, f"save {before[-1]}", account=Account("console", name))
    after = await ask(dispatcher, "trending day")
    assert [card.paper_id for card in after.cards].index(before[-1]) < len(before) - 1
    assert "6 saves in all" in plain_text(after)


async def test_a_link_to_a_projects_page_names_its_address(dispatcher: Dispatcher) -> None:
    own = Paper(id=PaperId("2601.77778"), title="A paper with a page of its own", project="https://magma.example.org/")
    await dispatcher.app.store.save_batch("test", Batch(papers=[own]), now=dispatcher.app.clock.now())
    assert "Project: magma.example.org" in plain_text(await ask(dispatcher, "show 2601.77778"))


async def test_a_search_that_finds_little_offers_to_search_arxiv(app: App) -> None:
    one = fetched_paper("2601.90001", "Zebrafish larvae and light")
    searched = with_searches(app, FakeSearch(one), papers=[FakeService({one.id: one})])
    dispatcher = Dispatcher(registry, searched)
    assert "Little in this library is about that." in plain_text(await ask(dispatcher, "search zebrafish robots"))
    little = await ask(dispatcher, "search zebrafish larvae optogenetics")
    assert "Nothing found." in plain_text(little)
    assert little.buttons[-1].label == "Search arXiv"
    offered = await ask(dispatcher, little.buttons[-1].command)
    assert offered.title == "arXiv: zebrafish larvae optogenetics"
    assert [(card.title, card.why) for card in offered.cards] == [(one.title, "not in the library until you save it")]
    assert await ask(dispatcher, offered.cards[0].buttons[0].command)
    assert await saved(dispatcher) == [one.id]
    again = await ask(dispatcher, "arxiv zebrafish")
    assert [card.why for card in again.cards] == [""]


async def test_a_search_that_finds_enough_or_where_nobody_can_be_searched_offers_nothing(
    app: App, dispatcher: Dispatcher
) -> None:
    enough = await ask(Dispatcher(registry, with_searches(app, FakeSearch())), "search memory agents")
    nobody = await ask(dispatcher, "search zebrafish larvae optogenetics")
    for answer in (enough, nobody):
        assert "Search arXiv" not in [button.label for button in answer.buttons]
    assert "is switched off" in plain_text(await ask(dispatcher, "arxiv zebrafish"))


async def test_a_search_that_finds_nothing_says_what_to_leave_out(dispatcher: Dispatcher) -> None:
    answers = {
        "robots author:nobodyatall": "Nothing found. Leave out author:nobodyatall.",
        "robots cat:cs.LG before:1990 -arm": "Nothing meets all of that. Leave out cat:cs.LG, before:1990 or -arm.",
        "author:nobodyatall": "Nothing here meets author:nobodyatall.",
    }
    for typed, answer in answers.items():
        assert answer in plain_text(await ask(dispatcher, f"search {typed}"))
    assert "Try fewer or other words" in plain_text(await ask(dispatcher, "search zzzqqq"))


async def test_a_slip_is_told_beside_what_was_found(dispatcher: Dispatcher) -> None:
    found = await ask(dispatcher, "search autor:mueller diffusion")
    assert found.cards
    assert "There is no field autor:. Did you mean author:?" in plain_text(found)
    assert "Did you mean" not in plain_text(await ask(dispatcher, found.buttons[-1].command))
    assert "There is no category cs.XX." in plain_text(await ask(dispatcher, "search diffusion cat:cs.XX"))
    assert "There is no category cs.XX." in plain_text(await ask(dispatcher, "trending week cat:cs.XX"))
    followed = plain_text(await ask(dispatcher, "topics follow autor:ho"))
    assert followed == "Following autor:ho. There is no field autor:. Did you mean author:?"


async def test_where_nothing_is_trending_a_longer_window_is_offered_while_there_is_one(dispatcher: Dispatcher) -> None:
    day, month = [plain_text(await ask(dispatcher, f"trending {window} zzzqqq")) for window in ("day", "month")]
    assert day.endswith("Try a longer window: /papers trending month zzzqqq.")
    assert month.endswith("/papers search zzzqqq looks for older ones, too.")
