"""What our commands are called on Discord, and how a message names one so that it can be pressed.

Those for everybody stand under `/papers`, those of admins under `/papers-admin`, which members do not see.
"""

from collections.abc import Mapping
from typing import Any

from adapters.discord.escape import as_code
from bot.chat.registry import Command, Registry

ROOT, ADMIN = "papers", "papers-admin"
_TYPED = "/papers "
"""How the core writes commands."""


def root_of(command: Command) -> str:
    """The command of Discord under which one of ours stands."""
    return ADMIN if command.admin else ROOT


class CommandNames:
    """Writes the commands that messages name; `ids` are those of Discord's commands, by their names."""

    def __init__(self, registry: Registry, ids: Mapping[str, int] | None = None) -> None:
        self._registry = registry
        self.ids = dict(ids or {})

    def learn(self, data: Mapping[str, Any]) -> bool:
        """Note the id of the command that an interaction's `data` is of; whether it was another one than is known.

        What is registered in one server alone has an id that works nowhere else, and is not noted.
        """
        name = data.get("name")
        if name not in (ROOT, ADMIN) or data.get("guild_id"):
            return False
        known, self.ids[name] = self.ids.get(name), int(data["id"])
        return self.ids[name] != known

    def write(self, typed: str) -> str:
        """Markdown for something to type: a command of ours to be pressed, anything else in the style of code."""
        named = typed.removeprefix(_TYPED) if typed.startswith(_TYPED) else ""
        command = self._command(named.split())
        if command is None:
            return as_code(typed)
        root, rest = root_of(command), named[len(command.name) :].strip()
        if root not in self.ids:
            return as_code(f"/{root} {command.name} {rest}")
        mention = f"</{root} {command.name}:{self.ids[root]}>"
        return f"{mention} {as_code(rest)}" if rest else mention

    def _command(self, words: list[str]) -> Command | None:
        """The command whose name the words begin with."""
        named = {command.name: command for command in self._registry}
        return next((named[name] for count in (2, 1) if (name := " ".join(words[:count])) in named), None)
