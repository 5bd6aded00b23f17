"""A request -> a message: parse, permission, command. A person's mistake becomes a message, and so does ours."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from time import perf_counter
from typing import Any, Protocol

import structlog

from bot.chat.call import Call
from bot.chat.paging import split_page
from bot.chat.registry import Command, Registry
from bot.domain.messages import Attachment, Message, code, marked, text
from bot.domain.people import Account, Place
from bot.errors import BeingFetchedError, LimitedError, UserError
from bot.library.app import App
from bot.library.reminders import Permalink, no_permalink
from bot.runtime.fair_turns import FairTurns
from bot.runtime.limits import NO_LIMITS, Limits, spend
from bot.runtime.trace import traced

log = structlog.get_logger()

_HEAVY_AT_ONCE = 8
"""Costly commands that one process works on at a time."""


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks for something: as a typed `line`, or as a command's name with `options` a platform has parsed.

    `admin` says whether the platform lets this person manage the place, or it is their own private talk; `managers` is
    what the platform calls those people; `ephemeral` says whether they alone see the answer, whatever the command.
    `meanwhile` shows what is to be said until the answer is there, which then takes its place: a paper may have to be
    fetched first. A platform that cannot show two things gives none, and what is said is the answer. `permalink` tells
    the addresses of messages of the place; `file` is what was brought along, and `filled` what somebody filled into a
    form that nobody else saw, which stands in no line.
    """

    account: Account
    place: Place
    line: str
    options: Mapping[str, Any] | None = None
    admin: bool = False
    managers: str = "admins of this workspace"
    ephemeral: bool = False
    meanwhile: Callable[[Message], Awaitable[None]] | None = None
    permalink: Permalink = no_permalink
    file: Attachment | None = None
    filled: Mapping[str, str] = field(default_factory=dict, repr=False)


class Outcome(StrEnum):
    """What became of a request."""

    ANSWERED = "answered"
    REFUSED = "refused"
    """What was typed cannot be done, or not by whom asked it; the answer says why."""
    LIMITED = "limited"
    """Somebody asked for more costly things than there are for one; the answer says when more can be had."""
    FAILED = "failed"
    """Our mistake."""


class Observer(Protocol):
    """Hears of every answer: the command (empty where there is none of that name) and how long it took."""

    def __call__(self, command: str, outcome: Outcome, seconds: float) -> None: ...


class Dispatcher:
    """Answers requests with the commands of a registry."""

    def __init__(
        self, registry: Registry, app: App, observer: Observer | None = None, limits: Limits = NO_LIMITS
    ) -> None:
        self.registry = registry
        self.app = app
        self._observer = observer
        self.limits = limits
        """How much each person and workspace may ask for."""
        self._turns = FairTurns(_HEAVY_AT_ONCE)

    async def answer(self, request: Request) -> Message:
        """The answer, whatever was asked; never raises for what somebody typed."""
        return (await self.answer_with_outcome(request))[0]

    async def answer_with_outcome(self, request: Request) -> tuple[Message, Outcome]:
        """The answer, and whether it is what was asked for."""
        with traced("command") as trace, self.limits.counted_for(request.account, request.place):
            return await self._answered(request, trace)

    async def _answered(self, request: Request, trace: str) -> tuple[Message, Outcome]:
        began, name = perf_counter(), ""
        try:
            line, page = split_page(request.line)
            command, rest = self.registry.find(line)
            name = command.name
            message, outcome = await self._patiently(command, rest, page or 1, request), Outcome.ANSWERED
        except UserError as error:
            message = Message(body=(marked(str(error)),), private=True)
            outcome = Outcome.LIMITED if isinstance(error, LimitedError) else Outcome.REFUSED
        except Exception:
            log.exception("command failed", command=name or request.line.split(" ")[0])
            message, outcome = apology(trace), Outcome.FAILED
        took = perf_counter() - began
        log.info("command answered", command=name, outcome=outcome.value, seconds=round(took, 4))
        if self._observer:
            self._observer(name, outcome, took)
        return message, outcome

    async def manages(self, request: Request) -> bool:
        """Whether somebody may change what is posted where they ask: an admin, or whom an admin named for it."""
        if request.admin or request.place.private:
            return request.admin
        delegates = await self.app.store.delegates(request.place.workspace_key)
        return (request.account.platform, request.account.id) in {(each.platform, each.id) for each in delegates}

    async def _patiently(self, command: Command, rest: str, page: int, request: Request) -> Message:
        """What a command answers once every paper it needs is here, or cannot be had; who waits for long is told."""
        announced = False
        while True:
            try:
                return await self._run(command, rest, page, request)
            except BeingFetchedError as waiting:
                if request.meanwhile is None:
                    raise UserError(f"{waiting} Ask again in a minute.") from None
                if not announced:
                    said = f"{waiting} The answer follows here."
                    await request.meanwhile(_marked(command, Message(body=(marked(said),))))
                announced = True
                # Whatever came of it, running the command again tells.
                await asyncio.wait({asyncio.ensure_future(waiting.done)})

    async def _run(self, command: Command, rest: str, page: int, request: Request) -> Message:
        manages = await self.manages(request)
        _permit(command, request, manages=manages)
        values = command.parse(rest) if request.options is None else command.accept(request.options)
        call = Call(
            app=self.app,
            account=request.account,
            place=request.place,
            person=await self.app.store.person(request.account),
            admin=manages,
            ephemeral=command.private or request.ephemeral or request.place.private,
            line=command.line(values),
            page=page,
            permalink=request.permalink,
            file=request.file,
            filled=request.filled,
        )
        if not command.costly:
            return _marked(command, await command.run(call, **values))
        spend()
        place = request.place
        async with self._turns.turn(
            place.workspace_key if place.workspace else f"{place.platform}:{request.account.id}"
        ):
            return _marked(command, await command.run(call, **values))


def apology(trace: str) -> Message:
    """What somebody reads when something of ours failed; an admin finds what it was by the id."""
    sorry = text("Something went wrong here; nothing was lost. Tell an admin: error ", code(trace), ".")
    return Message(body=(sorry,), private=True)


def _permit(command: Command, request: Request, *, manages: bool) -> None:
    """Raises UserError unless somebody may use a command where they are."""
    if command.workspace and request.place.private:
        raise UserError(f"`/papers {command.name}` is about all channels of a group; use it in one of them.")
    if command.workspace and not request.admin:
        raise UserError(f"`/papers {command.name}` is for {request.managers}. Ask one of them.")
    if command.admin and not manages:
        raise UserError(
            f"`/papers {command.name}` is for {request.managers}, and for people they named. Ask one of them."
        )


def _marked(command: Command, message: Message) -> Message:
    return replace(message, private=True) if command.private else message
