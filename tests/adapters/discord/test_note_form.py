"""Notes written in a form on Discord."""

from typing import Any

from adapters.discord.note_form import note_modal, noted
from bot.chat.note_form import NoteForm
from bot.domain.paper_ids import PaperId
from bot.domain.people import Account, Place, person_key
from tests.support.discord.limits import check_modal
from tests.support.discord.world import World, answered, texts

MAGMA = PaperId("2601.03236")
HERE = Place("discord", "1", "2", "#papers")


async def opened(world: World) -> Any:
    shown = await world.ana.slash(world.papers, "papers show", paper=MAGMA)
    return await world.ana.click(answered(shown), label="Note")


async def written(world: World, owner: str) -> list[str]:
    return [note.text for note in (await world.app.store.shelf(owner)).notes.get(MAGMA, [])]


def fields(form: Any) -> dict[str, str | None]:
    """What the fields of a modal hold, by their ids."""
    boxes = [row["component"] for row in form.modal["components"]]
    return {box["custom_id"]: box.get("value") for box in boxes}


async def test_a_note_is_written_in_a_form_that_holds_what_is_there(world: World) -> None:
    form = await opened(world)
    assert fields(form) == {"me": None, "channel": None}
    words = 'compare "our" baseline --page 2\nand <@1>'
    sent = await world.ana.submit_modal(form, {"me": words, "channel": "ana presents this"})
    assert "for you alone" in texts(answered(sent))
    assert sent.ephemeral
    place = f"discord:{world.guild.id}:{world.papers.id}"
    person = await world.app.store.person(Account("discord", str(world.ana.id)))
    assert await written(world, person_key(person)) == [words]
    assert await written(world, place) == ["ana presents this"]
    form = await opened(world)
    assert fields(form) == {"me": words, "channel": "ana presents this"}
    await world.ana.submit_modal(form, {"me": words, "channel": ""})
    assert await written(world, place) == []


async def test_a_form_that_changes_nothing_says_so(world: World) -> None:
    sent = await world.ana.submit_modal(await opened(world), {"me": "", "channel": ""})
    assert texts(answered(sent)) == "Your notes are as they were."


def test_the_longest_note_and_title_fit_a_modal() -> None:
    form = NoteForm(MAGMA, "x" * 300, {"me": "y" * 2000, "channel": ""})
    modal = note_modal(form, Place("discord", "1", "2", "#" + "c" * 100))
    assert modal
    check_modal(modal.to_dict())


def test_a_form_carries_its_paper_and_other_forms_are_none() -> None:
    modal = note_modal(NoteForm(MAGMA, "MAGMA", {"me": ""}), HERE)
    assert modal
    data = {"custom_id": modal.custom_id, "components": [{"component": {"custom_id": "me", "value": "words"}}]}
    assert noted(data) == (MAGMA, {"me": "words"})
    assert noted({"custom_id": "setup:1:submit"}) is None
    long_id = PaperId("doi:10.1234/" + "".join(f"{n:x}z" for n in range(900)))
    assert note_modal(NoteForm(long_id, "x", {"me": ""}), HERE) is None
