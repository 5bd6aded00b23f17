"""What a platform is to the core: how one is opened, checked and previewed. `adapters/platforms.py` lists them."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from bot.chat.dispatch import Dispatcher
from bot.chat.reactions import Reactions
from bot.chat.registry import Registry
from bot.config import Settings
from bot.domain.deliveries import Rules
from bot.domain.messages import Message
from bot.domain.people import Place
from bot.library.app import App
from bot.ports import Platform, TokenStore
from bot.runtime.ticks import Tick

if TYPE_CHECKING:
    from rich.console import Console


@dataclass(frozen=True, slots=True)
class Host:
    """What a platform is opened with; `open_tokens` opens the store of the tokens that workspaces gave."""

    settings: Settings
    app: App
    dispatcher: Dispatcher
    reactions: Reactions
    open_tokens: Callable[[], AbstractAsyncContextManager[TokenStore]]


@dataclass(frozen=True, slots=True)
class OpenPlatform:
    """A platform that is set up and what it needs besides.

    `routes` are those of the web server. `ticks` run where the platform's posts are sent. With `rules` its posts are
    sent apart from those of other platforms, by these rules. `connected` tells whether it has its connection, None
    while this process does not hold one; without it there is none to lose.
    """

    platform: Platform
    routes: Sequence[Any] = ()
    ticks: Sequence[Tick] = ()
    rules: Rules | None = None
    connected: Callable[[], bool | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A setting that `paperboy init` asks for.

    `how` are the steps that lead to the answer, `paste` what is to be pasted on the way. The answers of a question with
    `choices` are these; one that `may_be_empty` may be left out. With `if_set` it is asked only where that setting is,
    with `unless_set` only where that one is not.
    """

    setting: str
    text: str
    how: Sequence[str] = ()
    paste: str = ""
    secret: bool = False
    default: str = ""
    choices: Sequence[str] = ()
    may_be_empty: bool = False
    if_set: str = ""
    unless_set: str = ""


class FirstSteps(Protocol):
    """How a platform is set up for the first time, step by step, for `paperboy init`.

    What can go wrong in each step is a UserError, whose sentence says which setting is wrong and where to get it.
    """

    title: str
    """What people call the platform."""
    where: str
    """What a test message goes to: `channel`, `address`."""

    def questions(self, settings: Settings) -> Sequence[Question]:
        """What to ask for, in this order."""

    def made(self, settings: Settings) -> Mapping[str, str]:
        """Settings that nobody is asked for, by name, such as a new key."""

    async def check(self, setting: str, settings: Settings) -> str:
        """A sentence on what the answer to a question turned out to be; empty where it cannot be told from it alone."""

    async def arrive(self, settings: Settings) -> Sequence[str]:
        """Make it known to the platform; what was done, and what is left to do there, in sentences."""

    def greets(self, settings: Settings) -> bool:
        """Whether a test message can be sent as it is set up, before anybody has added it anywhere."""

    async def places(self, settings: Settings) -> Sequence[Place]:
        """Where a test message can go, as far as the platform tells."""

    async def greet(self, channel: str, message: Message, settings: Settings) -> None:
        """Send a test message to a channel by its id, or to an address."""


class PlatformPlugin(Protocol):
    """The module `plugin` of a platform's folder; it loads the platform's libraries only inside its functions."""

    def is_set_up(self, settings: Settings) -> bool:
        """Whether the settings ask for this platform. Raises UserError, which names what is missing."""

    def first_steps(self, registry: Registry) -> FirstSteps:
        """What leads through its first set-up."""

    def open_platform(self, host: Host) -> AbstractAsyncContextManager[OpenPlatform]:
        """The platform, ready to run. Raises UserError and StoreError."""

    async def check(self, settings: Settings, registry: Registry) -> str:
        """How the platform is set up, for `paperboy doctor`. Raises UserError when something is wrong."""

    def preview(self, message: Message, console: "Console") -> None:
        """Print a message as the platform would show it."""
