"""A library of Zotero that somebody connects on the settings page."""

from collections.abc import Mapping

from adapters.email.web import Page
from bot.chat.dispatch import Dispatcher, Request
from bot.domain.destinations import Destination
from bot.domain.mailboxes import PLATFORM
from bot.domain.messages import plain
from bot.domain.people import Account, person_key
from bot.domain.zotero import ZoteroLibrary
from bot.library.app import App

_FIELDS = ("key", "library", "collection")


async def connected_zotero(app: App, mailbox: Destination) -> ZoteroLibrary | None:
    """The library that is connected; None where there is none."""
    if app.zotero is None or mailbox.person is None:
        return None
    return await app.zotero.library(person_key(mailbox.person))


async def take_zotero(dispatcher: Dispatcher, mailbox: Destination, pressed: str, typed: Mapping[str, str]) -> Page:
    """Connect a library by a form that was filled in, or disconnect it (`zotero-off`)."""
    address = mailbox.place.channel
    line = "zotero off" if pressed == "zotero-off" else "zotero connect"
    filled = {name: typed.get(name, "") for name in _FIELDS}
    asked = Request(
        Account(PLATFORM, address, address), mailbox.place, line, {"whose": "me"}, ephemeral=True, filled=filled
    )
    answer = await dispatcher.answer(asked)
    return Page(title="Zotero", lines=tuple(plain(each) for each in answer.body))
