"""The form for notes on a paper. Which paper is in its custom id, so a restart while it is open changes nothing."""

from typing import Any

import discord
from discord import ui

from adapters.discord.custom_ids import LIMIT, pack, unpack
from adapters.discord.escape import cut
from adapters.discord.setup_form import TITLE, values
from bot.chat.note_form import NoteForm, field_label
from bot.domain.notes import NOTE_LENGTH
from bot.domain.paper_ids import PaperId
from bot.domain.people import Place

_PREFIX = "note:"
_LABEL = 45


def note_modal(form: NoteForm, place: Place) -> ui.Modal | None:
    """The form as a modal; None for a paper whose id Discord has no room for."""
    packed = pack(form.paper_id, LIMIT - len(_PREFIX))
    if not packed:
        return None
    title = cut(f"Note on {form.title}", TITLE)
    modal = ui.Modal(title=title, timeout=600, custom_id=f"{_PREFIX}{packed}")
    for whose, words in form.notes.items():
        modal.add_item(_field(whose, cut(field_label(whose, place), _LABEL), words))
    return modal


def _field(whose: str, label: str, words: str) -> ui.Label[Any]:
    box: ui.TextInput[Any] = ui.TextInput(
        custom_id=whose,
        style=discord.TextStyle.paragraph,
        default=words or None,
        max_length=NOTE_LENGTH,
        required=False,
    )
    return ui.Label(text=label, component=box)


def noted(data: Any) -> tuple[PaperId, dict[str, str]] | None:
    """The paper and the notes of a form that was sent; None for another form. `data` is the interaction's."""
    custom_id = str(data.get("custom_id", ""))
    if not custom_id.startswith(_PREFIX):
        return None
    return PaperId(unpack(custom_id.removeprefix(_PREFIX))), dict(values(data))
