"""Direct messages: many people have them closed to bots."""

import discord
import structlog

from adapters.discord.render import render
from adapters.discord.spans import Code
from bot.domain.messages import Message

log = structlog.get_logger()


async def send_direct(client: discord.Client, user_id: int, message: Message, code: Code) -> bool:
    """Send somebody a direct message; false where it does not reach them, which only sending it can tell."""
    rendered = render(message, code)
    try:
        talk = await client.create_dm(discord.Object(user_id))
        await talk.send(view=rendered.view, files=rendered.files)
    except discord.HTTPException as error:
        log.info("a direct message did not go out", reason=str(error))
        return False
    return True
