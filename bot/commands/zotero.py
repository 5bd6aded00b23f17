"""Libraries of Zotero: zotero, zotero connect, zotero sync, zotero off."""

from typing import Annotated, Literal

from bot.chat.call import Call
from bot.chat.registry import OptionHelp
from bot.commands.common import paragraphs, registry, require_channel
from bot.domain.counts import counted
from bot.domain.messages import Button, Message, Text, marked, strong, text
from bot.domain.people import person_key
from bot.domain.zotero import ZoteroLibrary
from bot.errors import UserError
from bot.library.zotero import EVERY, Zotero

Whose = Annotated[Literal["me", "channel"], OptionHelp("Your own saved papers, or this channel's library.")]


@registry.command(private=True, undoes=True)
async def zotero(call: Call, whose: Whose = "me") -> Message:
    """Show whether a Zotero library is kept in step with your saved papers, or connect one.

    Papers you save appear in Zotero in a collection called Paperboy, and papers you add there are saved here. Tags and
    collections are the same lists. `zotero channel` is about the library of this channel and of a group in Zotero.
    """
    here = _zotero(call)
    owner = _owner(call, whose)
    library = await here.library(owner)
    channel = (
        () if call.place.private or whose == "channel" else (Button("For this channel", command="zotero channel"),)
    )
    if library is None:
        connect = Button("Connect", command=f"zotero connect {whose}")
        return Message(
            title="Zotero",
            body=paragraphs(
                f"Connect {_MINE[whose]} with a library of Zotero: what is saved on one side appears on the other, "
                "tags here are collections there.",
                "You need an API key that may write to the library, from zotero.org/settings/keys/new. It is kept "
                "encrypted, and `off` or `forget-me` deletes it.",
            ),
            buttons=(connect, *channel),
        )
    links = await here.count(owner)
    again = Button("Connect again", command=f"zotero connect {whose}")
    first = again if library.next_at is None else Button("Sync now", command=f"zotero sync {whose}")
    disconnect = Button("Disconnect", command=f"zotero off {whose}")
    return Message(title="Zotero", body=_state(library, links), buttons=(first, disconnect, *channel))


_MINE = {"me": "your saved papers", "channel": "this channel's library"}


def _state(library: ZoteroLibrary, papers: int) -> tuple[Text, ...]:
    """How a library is doing."""
    which = "a group" if library.path.startswith("groups/") else "the library of"
    part = "all of it is read" if library.whole else "one collection of it is read"
    lines = [text("Connected with ", which, " ", strong(library.name), f": {part}, {counted(papers, 'paper')}.")]
    if library.trouble:
        lines.append(text(library.trouble))
    elif library.synced_at:
        minutes = int(EVERY.total_seconds() // 60)
        lines.append(text(f"In step at {library.synced_at:%H:%M} UTC; I look every {minutes} minutes."))
    else:
        lines.append(text("It is being read for the first time."))
    return tuple(lines)


@registry.command("zotero connect", private=True, undoes=True, costly=True)
async def connect(call: Call, whose: Whose = "me") -> Message:
    """Connect a Zotero library, in a form that nobody else sees."""
    here, owner = _zotero(call), _owner(call, whose)
    _require_manager(call, whose)
    if not call.filled.get("key", "").strip():
        raise UserError(
            "An API key is never typed into a chat. Press *Connect* under `/papers zotero`; in the terminal use "
            "`paperboy zotero connect`, with mails the settings page."
        )
    library = await here.connect(
        call.person,
        call.filled["key"],
        place=call.place if owner == call.place.key else None,
        library=call.filled.get("library", ""),
        collection=call.filled.get("collection", ""),
    )
    return Message(
        body=(text("Connected with ", strong(library.name), "."), marked("The first reading takes a few minutes.")),
        buttons=(
            Button("How it goes", command=f"zotero {whose}"),
            Button("Disconnect", command=f"zotero off {whose}"),
        ),
    )


@registry.command("zotero sync", private=True, undoes=True, costly=True)
async def sync(call: Call, whose: Whose = "me") -> Message:
    """Bring a Zotero library in step now."""
    here, owner = _zotero(call), _owner(call, whose)
    if await here.library(owner) is None:
        raise UserError(f"No library of Zotero is connected with {_MINE[whose]}.")
    library = await here.sync(owner)
    if library is None:
        raise UserError("It is being brought in step at this moment.")
    return Message(title="Zotero", body=_state(library, await here.count(owner)))


@registry.command("zotero off", private=True, undoes=True)
async def off(call: Call, whose: Whose = "me") -> Message:
    """Disconnect a Zotero library and delete its API key; papers stay where they are, here and there."""
    owner = _owner(call, whose)
    _require_manager(call, whose)
    gone = await call.store.disconnect_zotero(owner)
    told = "Disconnected; its API key is deleted. Papers stay where they are, here and in Zotero."
    connect = Button("Connect again", command=f"zotero connect {whose}")
    return Message(body=paragraphs(told if gone else "No library of Zotero was connected."), buttons=(connect,))


def _zotero(call: Call) -> Zotero:
    """What keeps libraries in step. Raises UserError where it is off."""
    if call.app.zotero is None:
        raise UserError(
            "Zotero is not switched on here. Whoever runs this Paperboy can do so: PAPERBOY_TOKEN_KEYS has to be set, "
            "and PAPERBOY_ZOTERO not be false."
        )
    return call.app.zotero


def _owner(call: Call, whose: str) -> str:
    """Whose papers are meant. Raises UserError for the channel of a private talk."""
    if whose == "me":
        return person_key(call.person)
    require_channel(call)
    return call.place.key


def _require_manager(call: Call, whose: str) -> None:
    """Raises UserError for who may not change what a channel has."""
    if whose == "channel" and not call.admin:
        raise UserError("Connecting a channel's library is for its admins. Ask one of them.")
