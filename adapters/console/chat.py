"""The terminal as a chat: several people and channels, commands, reactions and buttons, typed or from a script."""

import re
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field, replace
from errno import ENOENT
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from adapters.console.render import show
from bot.chat.completion import Asker
from bot.chat.dispatch import Dispatcher, Request
from bot.chat.reactions import Reaction, Reactions
from bot.domain.messages import Attachment, Card, Message, code, printable, text
from bot.domain.people import Account, Place, private_talk
from bot.errors import UserError
from bot.library.app import App
from bot.library.imports import LARGEST_FILE

PLATFORM = "console"

_REACTION = re.compile(r"(?P<off>-)?:(?P<name>[\w+-]+):(?:\s+(?P<number>\d{1,2}))?")
_EMOJI = {
    "bookmark": "\U0001f516",
    "+1": "\U0001f44d",
    "thumbsup": "\U0001f44d",
    "-1": "\U0001f44e",
    "thumbsdown": "\U0001f44e",
}
_VOTE = "vote"
"""The reaction that votes for a paper of a ballot: it presses the paper's button."""

INTRODUCTION = Message(
    title="Paperboy in your terminal",
    body=(
        text("Ask with ", code("/papers search diffusion"), ", ", code("/papers trending week"), " or "),
        text(code("/papers help"), ". React to a paper with ", code(":bookmark: 2"), ", take it back with "),
        text(
            code("-:bookmark: 2"), ". ", code("/as ana"), " is somebody else, ", code("/join #papers"), " elsewhere, "
        ),
        text(code("more"), " turns the page, ", code("/quit"), " leaves."),
    ),
)


@dataclass(slots=True)
class _Room:
    """What was shown last: the cards people can react to, the buttons they can press, and those of a ballot."""

    cards: dict[int, "_Sent"] = field(default_factory=dict)
    buttons: dict[str, str] = field(default_factory=dict)
    ballot: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Sent:
    """A card as it was sent: to a channel, or to one person alone."""

    message: str
    card: Card
    place: Place


class Chat:
    """A conversation in a terminal. Everybody may do everything but what is for admins: those are `admins`."""

    def __init__(
        self,
        app: App,
        dispatcher: Dispatcher,
        reactions: Reactions,
        console: Console,
        *,
        person: str = "you",
        channel: str = "#general",
        admins: Iterable[str] = ("you",),
    ) -> None:
        self._app = app
        self._dispatcher = dispatcher
        self._reactions = reactions
        self._console = console
        self._person = person
        self._channel = channel
        self._admins = frozenset(admins)
        self._rooms: dict[str, _Room] = {}
        self._views: dict[tuple[str, str], _Room] = {}
        self._sent = 0
        self.is_forgotten = False
        """Whether the last command deleted whoever gave it."""

    @property
    def prompt(self) -> str:
        """`ana #papers> `."""
        return f"{self._person} {self._channel}> "

    def asker(self, given: Mapping[str, str]) -> Asker:
        """Who is at the keyboard and where, with the options given so far."""
        return Asker(self._account, self._place(self._channel), given)

    async def take(self, line: str) -> bool:
        """Do what a line says; False when it says to leave."""
        line = line.strip()
        if line in {"/quit", "/exit"}:
            return False
        if line:
            await self._act(line)
        return True

    async def post(self, message: Message, channel: str) -> None:
        """Show a message in a channel, numbered so that people can react to its papers."""
        buttons = {button.label.lower(): button.command for button in message.buttons if button.command}
        cards = {card.rank or n: await self._send(card, message, channel) for n, card in enumerate(message.cards, 1)}
        ballot = {label: command for label, command in buttons.items() if label.startswith(f"{_VOTE} ")}
        for room in self._who_sees(message, channel):
            room.buttons = buttons
            room.ballot = ballot or room.ballot
            room.cards = cards or room.cards
        show(message, self._console)

    async def _send(self, card: Card, message: Message, channel: str) -> _Sent:
        """Number a card and keep it as a post: of the channel, or of what one person alone sees."""
        self._sent += 1
        place = private_talk(self._account) if message.private else self._place(channel)
        sent = _Sent(f"m{self._sent}", card, place)
        await self._app.store.record_post(sent.place.key, sent.message, [card.paper_id])
        return sent

    def _who_sees(self, message: Message, channel: str) -> list[_Room]:
        """What a message changes: the view of the person who asked, or the channel and every view of it."""
        room = self._rooms.setdefault(channel, _Room())
        if message.private:
            return [self._views.setdefault((channel, self._person), replace(room))]
        return [room, *(view for (seen_in, _), view in self._views.items() if seen_in == channel)]

    @property
    def _seen(self) -> _Room:
        """What the person who types has before them."""
        room = self._rooms.setdefault(self._channel, _Room())
        return self._views.get((self._channel, self._person), room)

    async def _act(self, line: str) -> None:
        word, _, rest = line.partition(" ")
        room = self._seen
        if reaction := _REACTION.fullmatch(line):
            await self._react(reaction, room)
        elif word == "/as":
            self._person = _name(rest).lstrip("@") or self._person
        elif word == "/join":
            self._channel = "#" + (_name(rest).lstrip("#") or self._channel.lstrip("#"))
        elif command := room.buttons.get(line.lower()):
            await self._ask(command)
        elif word in {"/papers", "/paperboy"}:
            await self._ask(rest)
        elif word.startswith("/"):
            await self._ask(line[1:])
        else:
            self._say("Commands begin with /papers; `/papers help` lists them.")

    async def _ask(self, line: str) -> None:
        try:
            file = self._brought(line)
        except OSError as error:
            self._say(f"This file cannot be read: {error.strerror}.")
            return
        request = Request(
            account=self._account,
            place=self._place(self._channel),
            line=line,
            admin=self._person in self._admins,
            meanwhile=self._tell,
            file=file,
        )
        known = await self._app.store.is_known(self._account)
        await self._tell(await self._dispatcher.answer(request))
        self.is_forgotten = known and not await self._app.store.is_known(self._account)

    def _brought(self, line: str) -> Attachment | None:
        """The file that a line names, where its command takes one. Raises OSError."""
        try:
            command, rest = self._dispatcher.registry.find(line)
        except UserError:
            return None
        if not command.takes_file or not rest.strip():
            return None
        path = Path(rest.strip().strip("\"'")).expanduser()
        if not path.is_file():
            raise FileNotFoundError(ENOENT, "no such file")
        with path.open("rb") as file:
            return Attachment(path.name, file.read(LARGEST_FILE + 1))

    async def _tell(self, answer: Message) -> None:
        """Show an answer, or what is said until it is there."""
        if answer.private:
            sees = "see" if self._person == "you" else "sees"
            self._console.print(Text(f"(only {printable(self._person)} {sees} this)", style="dim"))
        await self.post(answer, self._channel)

    async def _react(self, reaction: re.Match[str], room: _Room) -> None:
        number = int(reaction["number"] or min(room.cards, default=1))
        emoji = _EMOJI.get(reaction["name"])
        if reaction["name"] == _VOTE:
            await self._vote(number, room, present=not reaction["off"])
        elif emoji is None:
            self._say(f"There is no :{reaction['name']}: here; use {', '.join(f':{name}:' for name in _EMOJI)}.")
        elif number not in room.cards:
            self._say(f"There is no paper {number} in {self._channel} to react to.")
        else:
            await self._put(emoji, room.cards[number], present=not reaction["off"])

    async def _vote(self, number: int, room: _Room, *, present: bool) -> None:
        command = room.ballot.get(f"{_VOTE} {number}")
        if command is None:
            self._say(f"There is no paper {number} in {self._channel} to vote for.")
        elif not present:
            self._say("A vote cannot be taken back; vote for another paper to change it.")
        else:
            await self._ask(command)

    async def _put(self, emoji: str, target: _Sent, *, present: bool) -> None:
        reaction = Reaction(
            account=self._account,
            place=target.place,
            message=target.message,
            emoji=emoji,
            present=present,
            at=self._app.clock.now(),
        )
        reply = await self._reactions.take(reaction)
        self._say(f"{emoji} {self._person} {'on' if present else 'off'} “{target.card.title}”")
        if reply:
            show(reply, self._console)

    @property
    def _account(self) -> Account:
        return Account(PLATFORM, self._person, self._person)

    def _place(self, channel: str) -> Place:
        return Place(PLATFORM, "terminal", channel, channel)

    def _say(self, words: str) -> None:
        self._console.print(Text(printable(words), style="dim"))


def _name(typed: str) -> str:
    """A name of a person or a channel as typed, on one line and without what could take over a terminal."""
    return " ".join(printable(typed).split())


async def play(chat: Chat, lines: Iterable[str], console: Console) -> None:
    """Hold the conversation of a script: each line is shown after its prompt, then done."""
    for line in lines:
        if not line.strip() or line.startswith("# "):
            continue
        console.print(Text(chat.prompt, style="bold blue").append(printable(line.rstrip("\n")), style="bold"))
        if not await chat.take(line):
            break


async def talk(
    chat: Chat,
    read: Callable[[str], Coroutine[Any, Any, str]],
    console: Console,
    *,
    forget: Callable[[], None] = lambda: None,
) -> None:
    """Hold a conversation with somebody at the keyboard; `read` asks for a line with a prompt, EOFError ends it.

    `forget` deletes the lines that were typed, once whoever typed them wants to be forgotten.
    """
    show(INTRODUCTION, console)
    try:
        while await chat.take(await read(chat.prompt)):
            if chat.is_forgotten:
                forget()
    except (EOFError, KeyboardInterrupt):
        console.print()
