"""Before an answer: Discord is told that one will come, and who will see it may still change."""

from collections.abc import Sequence

import discord
import structlog
from discord import ui

from adapters.discord.places import Interaction

log = structlog.get_logger()

_PUBLIC = "a public answer is awaited"
"""The entry of an interaction's `extras` that is true from a public acknowledgement until its answer is shown."""


async def acknowledge(interaction: Interaction, *, private: bool, replacing: bool = False) -> bool:
    """Tell Discord that an answer will come; false when it no longer waits for one."""
    try:
        if replacing:
            await interaction.response.defer()
        else:
            await interaction.response.defer(ephemeral=private, thinking=True)
    except discord.NotFound:
        log.warning("an interaction was acknowledged too late", interaction=interaction.id)
        return False
    interaction.extras[_PUBLIC] = not (private or replacing)
    return True


def is_public(interaction: Interaction) -> bool:
    """Whether everybody awaits an answer that is not there yet."""
    return bool(interaction.extras.get(_PUBLIC))


def was_answered(interaction: Interaction) -> None:
    """Note that the answer everybody awaited is there: what is said from now on stands beside it."""
    interaction.extras[_PUBLIC] = False


async def show_ephemeral(interaction: Interaction, view: ui.LayoutView, files: Sequence[discord.File] = ()) -> None:
    """Show something to the person alone: next to what is there, or in place of an answer that everybody awaits.

    The first message after an acknowledgement takes its place and is as public as it, so that place is filled, and
    emptied when the private message is there.
    """
    awaited = is_public(interaction)
    if awaited:
        await interaction.edit_original_response(view=_placeholder())
    await interaction.followup.send(view=view, files=files, ephemeral=True)
    if awaited:
        was_answered(interaction)
        await interaction.delete_original_response()


def _placeholder() -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay("…"))
    return view
