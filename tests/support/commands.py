"""Somebody who types commands in a channel."""

from typing import Any

from bot.chat.dispatch import Dispatcher, Request
from bot.domain.messages import Message
from bot.domain.people import Account, Place

ANA = Account("console", "ana", "ana")

PAPERS = Place("console", "terminal", "#papers")


async def ask(
    dispatcher: Dispatcher, line: str, *, account: Account = ANA, admin: bool = False, **options: Any
) -> Message:
    """The answer to what somebody types, in the channel."""
    return await dispatcher.answer(Request(account, PAPERS, line, options or None, admin=admin))


async def saved(dispatcher: Dispatcher, account: Account = ANA) -> list[str]:
    """The ids that `saved` lists."""
    return [card.paper_id for card in (await ask(dispatcher, "saved", account=account)).cards]
