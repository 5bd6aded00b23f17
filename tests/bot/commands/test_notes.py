"""Lists, tags and notes."""

import csv
import io
import json

import pytest
from bibtexparser.entrypoint import parse_string

from bot.chat.dispatch import Dispatcher, Request
from bot.chat.reactions import Reaction, Reactions
from bot.domain.messages import Message, plain_text
from bot.domain.paper_ids import PaperId
from bot.domain.people import Account, private_talk
from bot.library.app import App
from tests.support.commands import ANA, PAPERS, ask, saved

MAGMA, MEMO = PaperId("2601.03236"), PaperId("2601.08079")
BEN = Account("console", "ben", "ben")


async def press(dispatcher: Dispatcher, message: Message, label: str) -> Message:
    """What a button under a message answers."""
    return await ask(dispatcher, next(button.command for button in message.buttons if button.label == label))


async def listed(dispatcher: Dispatcher, line: str) -> list[str]:
    return [card.paper_id for card in (await ask(dispatcher, line)).cards]


async def test_a_tag_saves_and_makes_a_list(dispatcher: Dispatcher) -> None:
    answer = await ask(dispatcher, f"tag {MAGMA} club, To-Read")
    assert plain_text(answer).startswith("Saved MAGMA")
    assert "#club #to-read." in plain_text(answer)
    await ask(dispatcher, f"save {MEMO}")
    assert await listed(dispatcher, "saved #club") == [MAGMA]
    assert await listed(dispatcher, "saved -#club") == [MEMO]
    assert await listed(dispatcher, "library #club") == [], "the channel has tags of its own"
    assert (await ask(dispatcher, "saved #club")).cards[0].why == "#club #to-read"


async def test_a_tag_is_taken_off_and_undone(dispatcher: Dispatcher) -> None:
    await ask(dispatcher, f"tag {MAGMA} club read")
    answer = await ask(dispatcher, f"tag {MAGMA} -club best")
    assert "#best #read." in plain_text(answer)
    assert "#club #read." in plain_text(await press(dispatcher, answer, "Undo"))
    assert "no tags." in plain_text(await ask(dispatcher, f"tag {MAGMA} -club -read"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"tag {MAGMA}", "Which tag?"),
        (f"tag {MAGMA} a/b", "cannot be a tag"),
        ("tag 2699.00001 club", "2699.00001"),
        (f"note {MAGMA} {'x' * 2001}", "at most 2,000 characters; this one has 2,001"),
    ],
)
async def test_a_mistake_is_told(dispatcher: Dispatcher, line: str, said: str) -> None:
    answer = await ask(dispatcher, line)
    assert said in plain_text(answer)
    assert answer.private


async def test_save_to_puts_a_paper_on_a_list_unless_it_is_a_title(dispatcher: Dispatcher) -> None:
    answer = await ask(dispatcher, f"save {MAGMA} {MEMO} to club")
    assert set(await listed(dispatcher, "saved #club")) == {MAGMA, MEMO}
    assert [button.label for button in answer.buttons] == ["List #club"]
    title = (await ask(dispatcher, f"show {MEMO}")).cards[0].title
    assert " to " not in title
    assert await listed(dispatcher, "saved #learn") == []


async def test_notes_are_written_read_replaced_and_removed(dispatcher: Dispatcher) -> None:
    await ask(dispatcher, f"save {MAGMA}")
    first = await ask(dispatcher, f"note {MAGMA} Compare with *our* baseline")
    assert plain_text(first).startswith("Noted on MAGMA")
    second = await ask(dispatcher, f"note {MAGMA} No need to")
    assert "“No need to”" in (await ask(dispatcher, "saved")).cards[0].why
    await press(dispatcher, second, "Undo")
    read = await ask(dispatcher, f"note {MAGMA}")
    assert "Compare with *our* baseline (19 Jan 2026)" in plain_text(read)
    removed = await press(dispatcher, read, "Remove")
    assert "None yet." in plain_text(await ask(dispatcher, f"note {MAGMA}"))
    await press(dispatcher, removed, "Undo")
    assert "Compare with" in plain_text(await ask(dispatcher, f"note {MAGMA}"))


async def test_a_note_for_the_channel_is_everybodys_to_read(dispatcher: Dispatcher) -> None:
    await ask(dispatcher, f"note {MAGMA} channel For Thursday")
    read = await ask(dispatcher, f"note {MAGMA} channel", account=BEN)
    assert "For Thursday (ana, 19 Jan 2026)" in plain_text(read)
    assert read.buttons == (), "it is ana's to remove"
    assert "ana: “For Thursday”" in plain_text(await ask(dispatcher, f"show {MAGMA}", account=BEN))
    assert "None yet" in plain_text(await ask(dispatcher, f"note {MAGMA}"))


async def test_the_channels_library_is_what_everybody_saved_in_it(dispatcher: Dispatcher, app: App) -> None:
    await app.store.record_post(PAPERS.key, "m1", [MAGMA])
    for account in (ANA, BEN):
        await Reactions(app.store).take(Reaction(account, PAPERS, "m1", "🔖", True, app.clock.now()))
    await ask(dispatcher, f"tag {MEMO} channel club", account=BEN)
    answer = await ask(dispatcher, "library")
    assert answer.title == "Library of this channel"
    assert not answer.private
    assert {card.paper_id: card.why for card in answer.cards} == {
        MEMO: "saved by 1 person, last on 19 Jan 2026; #club",
        MAGMA: "saved by ana and ben, last on 19 Jan 2026",
    }
    assert await listed(dispatcher, "library #club") == [MEMO]
    exported = await press(dispatcher, answer, "Export as BibTeX")
    assert exported.title == "Papers saved here (2 papers)"
    assert len(parse_string(exported.attachments[0].content.decode()).entries) == 2


async def test_a_private_talk_has_no_library(dispatcher: Dispatcher) -> None:
    for line in ("library", "export channel", f"tag {MAGMA} channel club", f"note {MAGMA} channel x"):
        answer = await dispatcher.answer(Request(ANA, private_talk(ANA), line))
        assert "`/papers saved` lists what you saved" in plain_text(answer).replace("/papers saved", "`/papers saved`")


async def test_where_nothing_is_saved_the_answer_says_what_to_do(dispatcher: Dispatcher) -> None:
    assert "/papers save PAPER saves a paper" in plain_text(await ask(dispatcher, "export"))
    assert "Reactions to papers save them" in plain_text(await ask(dispatcher, "library"))
    await ask(dispatcher, f"save {MAGMA}")
    assert "/papers saved lists all of them" in plain_text(await ask(dispatcher, "saved #club"))
    assert "/papers library lists all of them" in plain_text(await ask(dispatcher, "library #club"))
    assert await saved(dispatcher) == [MAGMA]


async def test_exports_are_read_back_by_other_programs(dispatcher: Dispatcher) -> None:
    await ask(dispatcher, f"save {MAGMA}")
    names = ("bibtex", "ris", "csl", "json", "csv")
    files = {name: (await ask(dispatcher, f"export {name}")).attachments[0] for name in names}
    assert parse_string(files["bibtex"].content.decode()).entries[0]["eprint"] == MAGMA
    assert json.loads(files["json"].content)[0]["id"] == MAGMA
    assert next(csv.DictReader(io.StringIO(files["csv"].content.decode())))["id"] == MAGMA
    assert f"UR  - https://arxiv.org/abs/{MAGMA}" in files["ris"].content.decode().splitlines()
    assert json.loads(files["csl"].content)[0]["URL"] == f"https://arxiv.org/abs/{MAGMA}"
