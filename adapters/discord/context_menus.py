"""The menu of a message: show or save the papers it links to, or find similar ones."""

import discord
from discord import app_commands

from adapters.discord.commands import CONTEXTS, INSTALLS
from adapters.discord.interactions import interactions_of
from adapters.discord.places import Interaction

MENUS = {"Show paper": "show", "Save paper": "save", "Similar papers": "similar"}
"""What the menu offers -> the command it runs."""


def menus() -> list[app_commands.ContextMenu]:
    """The entries of the menu."""
    return [_menu(name, word) for name, word in MENUS.items()]


def _menu(name: str, word: str) -> app_commands.ContextMenu:
    async def run(interaction: Interaction, message: discord.Message) -> None:
        await interactions_of(interaction).menu(interaction, message, word)

    return app_commands.ContextMenu(name=name, callback=run, allowed_installs=INSTALLS, allowed_contexts=CONTEXTS)
