"""Files that come with a slash command."""

from collections.abc import Mapping
from typing import Any

import discord

from bot.domain.messages import Attachment
from bot.errors import UserError
from bot.library.imports import require_size


async def attached(options: Mapping[str, Any]) -> Attachment | None:
    """The file among the options of a command; None where there is none.

    Raises UserError for one that is too large, and where Discord does not hand it over.
    """
    file = next((option for option in options.values() if isinstance(option, discord.Attachment)), None)
    if file is None:
        return None
    require_size(file.filename, file.size)
    try:
        return Attachment(file.filename, await file.read())
    except discord.DiscordException as error:
        raise UserError(f"Discord did not hand over {file.filename}. Please try again.") from error


def named(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options, with a file's name in its place."""
    return {name: each.filename if isinstance(each, discord.Attachment) else each for name, each in options.items()}
