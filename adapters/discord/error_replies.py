"""What people read when something went wrong with what they asked; discord.py would only log it."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, TypeVar

import discord
import structlog
from discord import ui

from adapters.discord.acknowledgement import show_ephemeral
from adapters.discord.places import AnyInteraction
from bot.runtime.trace import begin, current

log = structlog.get_logger()

Item = TypeVar("Item")
Taker = Callable[[Item, AnyInteraction], Coroutine[Any, Any, None]]


async def apologise(interaction: AnyInteraction, error: Exception) -> None:
    """Log what went wrong and tell the person alone, where Discord still lets us."""
    trace = current() or begin("interaction")
    log.error("an interaction failed", interaction=interaction.id, exc_info=error)
    view = ui.LayoutView(timeout=None)
    sorry = f"Something went wrong here; nothing was lost. Please try again, or tell an admin: error `{trace}`."
    view.add_item(ui.Container(ui.TextDisplay(sorry)))
    try:
        if interaction.response.is_done():
            await show_ephemeral(interaction, view)
        else:
            await interaction.response.send_message(view=view, ephemeral=True)
    except discord.HTTPException:
        log.warning("an apology was not shown", interaction=interaction.id)


def apologising(callback: Taker[Item]) -> Taker[Item]:
    """The callback of a button, select or form, which says so where it fails."""

    @wraps(callback)
    async def run(item: Item, interaction: AnyInteraction) -> None:
        begin("interaction")
        try:
            await callback(item, interaction)
        except Exception as error:
            await apologise(interaction, error)

    return run
