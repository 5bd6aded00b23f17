"""What people think of papers, and their lists."""

from bot.chat.dispatch import Dispatcher, Request
from bot.chat.reactions import Reaction, Reactions
from bot.domain.messages import Message, plain_text
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.library.app import App
from bot.ports import Batch
from tests.support.commands import ANA, PAPERS, ask, saved

MAGMA = PaperId("2601.03236")


async def test_saves_by_command_and_by_reaction_are_one_list(dispatcher: Dispatcher, app: App) -> None:
    await ask(dispatcher, f"save https://arxiv.org/abs/{MAGMA}v3")
    await app.store.record_post(PAPERS.key, "m1", [PaperId("2601.08079")])
    reactions = Reactions(app.store)
    answer = await reactions.take(Reaction(ANA, PAPERS, "m1", "🔖", True, app.clock.now()))
    assert answer is None
    assert set(await saved(dispatcher)) == {MAGMA, "2601.08079"}
    await reactions.take(Reaction(ANA, PAPERS, "m1", "🔖", False, app.clock.now()))
    assert await saved(dispatcher) == [MAGMA]


async def test_what_is_saved_can_be_removed_where_only_its_reader_sees_it(dispatcher: Dispatcher) -> None:
    def first(message: Message) -> str:
        return next(card for card in message.cards if card.paper_id == MAGMA).buttons[0].label

    assert first(await ask(dispatcher, f"show {MAGMA}")) == "Save"
    assert "Undo" in [button.label for button in (await ask(dispatcher, f"save {MAGMA}")).buttons]
    assert first(await ask(dispatcher, "saved")) == "Remove"
    assert first(await ask(dispatcher, f"show {MAGMA}")) == "Save", "others see this answer as well"
    for line in (f"show {MAGMA}", "search magma memory"):
        alone = await dispatcher.answer(Request(ANA, PAPERS, line, ephemeral=True))
        assert first(alone) == "Remove"
    assert "Undo" in [button.label for button in (await ask(dispatcher, f"unsave {MAGMA}")).buttons]


async def test_a_dislike_takes_a_paper_off_the_list_and_undo_brings_it_back(dispatcher: Dispatcher) -> None:
    await ask(dispatcher, f"save {MAGMA}")
    answer = await ask(dispatcher, f"dislike {MAGMA}")
    assert "It is off your list." in plain_text(answer)
    assert (await ask(dispatcher, "saved")).cards == ()
    await ask(dispatcher, answer.buttons[0].command)
    assert [card.paper_id for card in (await ask(dispatcher, "saved")).cards] == [MAGMA]


async def test_what_was_said_before_is_not_said_to_be_new(dispatcher: Dispatcher) -> None:
    for word, answer in (("dislike", "Already disliked"), ("like", "Already liked"), ("save", "Already saved")):
        await ask(dispatcher, f"{word} {MAGMA}")
        again = await ask(dispatcher, f"{word} {MAGMA}")
        assert answer in plain_text(again)
        assert [button.label for button in again.buttons if button.label in {"Undo", "Remove"}]
    several = plain_text(await ask(dispatcher, f"save {MAGMA} 2601.08079"))
    assert ["Already saved: MAGMA" in several, "Already saved: MemoBrain" in several] == [True, False]
    assert "Saved MemoBrain" in several
    assert "says more than a like" in plain_text(await ask(dispatcher, f"like {MAGMA}"))


async def test_a_title_with_nothing_to_see_is_told_by_the_papers_id(dispatcher: Dispatcher) -> None:
    blank = Paper(id=PaperId("2601.77777"), title="\u2060\u3164")
    await dispatcher.app.store.save_batch("test", Batch(papers=[blank]), now=dispatcher.app.clock.now())
    assert "Saved 2601.77777." in plain_text(await ask(dispatcher, "save 2601.77777"))
