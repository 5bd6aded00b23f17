"""Responses to interactions. Each passes here twice: it is acknowledged at once, and answered when there is an answer.

Discord waits three seconds for the first, and the answer may take longer. Who will see it may change in between.
"""

from collections.abc import Sequence

import discord
import structlog
from discord import ui

from adapters.discord.places import AnyInteraction, Interaction

log = structlog.get_logger()

_AWAITED = "everybody waits"


def is_ephemeral(interaction: Interaction) -> bool:
    """Whether the message under a button is for the person who pressed it alone."""
    return interaction.message is not None and interaction.message.flags.ephemeral


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
    interaction.extras[_AWAITED] = not (private or replacing)
    return True


async def answer(interaction: Interaction, view: ui.LayoutView, files: Sequence[discord.File]) -> discord.Message:
    """Show the answer that is awaited."""
    sent = await interaction.edit_original_response(view=view, attachments=files)
    interaction.extras[_AWAITED] = False
    return sent


async def send_ephemeral(interaction: AnyInteraction, view: ui.LayoutView, files: Sequence[discord.File] = ()) -> None:
    """Say something to the person alone: next to what is there, or in place of an answer that everybody awaits.

    The first message after an acknowledgement takes its place and is as public as it, so that place is filled, and
    emptied when the private message is there.
    """
    awaited = interaction.extras.get(_AWAITED)
    if awaited:
        await interaction.edit_original_response(view=_placeholder())
    await interaction.followup.send(view=view, files=files, ephemeral=True)
    if awaited:
        interaction.extras[_AWAITED] = False
        await interaction.delete_original_response()


def _placeholder() -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    view.add_item(ui.TextDisplay("…"))
    return view
