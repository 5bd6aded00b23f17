"""The form for notes: what it holds, and the commands it stands for."""

import pytest

from bot.chat.dispatch import Dispatcher
from bot.chat.note_form import NoteForm, field_label, note_form
from bot.domain.paper_ids import PaperId
from bot.domain.people import Place, private_talk
from bot.library.app import App
from tests.support.commands import ANA, PAPERS, ask

MAGMA = PaperId("2601.03236")


async def test_it_holds_what_somebody_wrote_for_themselves_and_for_the_channel(
    app: App, dispatcher: Dispatcher
) -> None:
    await ask(dispatcher, f"note {MAGMA} compare with ours")
    await ask(dispatcher, f"note {MAGMA} channel ana presents this")
    form = await note_form(app, ANA, PAPERS, f"note {MAGMA}")
    assert form
    assert form.title.startswith("MAGMA")
    assert form.notes == {"me": "compare with ours", "channel": "ana presents this"}
    alone = await note_form(app, ANA, private_talk(ANA), f"note {MAGMA}")
    assert alone
    assert alone.notes == {"me": "compare with ours"}


@pytest.mark.parametrize("line", [f"note {MAGMA} me words", "note 9999.00001", f"save {MAGMA}", "notes", ""])
async def test_other_lines_ask_for_no_form(app: App, line: str) -> None:
    assert await note_form(app, ANA, PAPERS, line) is None


def test_only_what_changed_becomes_a_command() -> None:
    form = NoteForm(MAGMA, "MAGMA", {"me": "before", "channel": "here"})
    of = {"paper": MAGMA, "whose": "me"}
    assert list(form.commands({"me": "after", "channel": "here"})) == [("note", {**of, "words": "after"})]
    assert list(form.commands({"me": " ", "channel": " here "})) == [("unnote", of)]
    assert list(form.commands({})) == []
    assert list(NoteForm(MAGMA, "MAGMA", {"me": ""}).commands({"me": ""})) == []


def test_a_field_says_who_reads_what_it_holds() -> None:
    assert field_label("me", PAPERS) == "For you alone"
    assert field_label("channel", Place("discord", "1", "2", "#papers")) == "For everybody in #papers"
    assert field_label("channel", Place("discord", "1", "2")) == "For everybody in this channel"
