"""The platforms people are on. A new one is a folder with a `plugin` module, and a line in PLATFORMS."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, cast

from bot.errors import UserError

if TYPE_CHECKING:
    from bot.chat.platforms import PlatformPlugin

PLATFORMS: Mapping[str, str] = {
    "discord": "adapters.discord.plugin",
    "slack": "adapters.slack.plugin",
    "email": "adapters.email.plugin",
}
"""Plugins by the name of their platform, which is also the name of the extra that installs its libraries."""


def load_plugin(name: str) -> "PlatformPlugin":
    """The plugin of a platform; it loads the platform's libraries only when they are needed."""
    return cast("PlatformPlugin", import_module(PLATFORMS[name]))


@contextmanager
def needing_extra(name: str) -> Iterator[None]:
    """Raises UserError, which says what to install, where a library of an extra is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        module = (error.name or "").partition(".")[0]
        if module in {"adapters", "bot", "storage"}:
            raise
        raise UserError(f"This needs {module}: pip install 'paperboy-bot[{name}]'.") from error
