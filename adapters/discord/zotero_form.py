"""The form that connects a library of Zotero; for whom is in its custom id, so a restart meanwhile does no harm."""

from typing import Any

import discord
from discord import ui

from adapters.discord.setup_form import values
from bot.chat.zotero_form import TITLE, ZoteroForm

_PREFIX = "zotero:"
_LONGEST = 200


def zotero_modal(form: ZoteroForm) -> ui.Modal:
    """The form as a modal."""
    modal = ui.Modal(title=TITLE, timeout=600, custom_id=f"{_PREFIX}{form.whose}")
    for field in form.fields:
        box: ui.TextInput[Any] = ui.TextInput(
            custom_id=field.name, style=discord.TextStyle.short, max_length=_LONGEST, required=field.needed
        )
        modal.add_item(ui.Label(text=field.label, description=field.hint, component=box))
    return modal


def connected(data: Any) -> tuple[ZoteroForm, dict[str, str]] | None:
    """A form that was sent, and what was filled in; None for another form. `data` is the interaction's."""
    custom_id = str(data.get("custom_id", ""))
    if not custom_id.startswith(_PREFIX):
        return None
    return ZoteroForm(custom_id.removeprefix(_PREFIX)), dict(values(data))
