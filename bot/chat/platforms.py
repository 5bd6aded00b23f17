"""What a platform is to the core: how one is opened, checked and previewed. `adapters/platforms.py` lists them."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from bot.chat.dispatch import Dispatcher
from bot.chat.reactions import Reactions
from bot.chat.registry import Registry
from bot.config import Settings
from bot.domain.deliveries import Rules
from bot.domain.messages import Message
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


class PlatformPlugin(Protocol):
    """The module `plugin` of a platform's folder; it loads the platform's libraries only inside its functions."""

    def is_set_up(self, settings: Settings) -> bool:
        """Whether the settings ask for this platform. Raises UserError, which names what is missing."""

    def open_platform(self, host: Host) -> AbstractAsyncContextManager[OpenPlatform]:
        """The platform, ready to run. Raises UserError and StoreError."""

    async def check(self, settings: Settings, registry: Registry) -> str:
        """How the platform is set up, for `paperboy doctor`. Raises UserError when something is wrong."""

    def preview(self, message: Message, console: "Console") -> None:
        """Print a message as the platform would show it."""
