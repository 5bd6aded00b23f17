"""What a half-typed option may become."""

from zoneinfo import available_timezones

from bot.errors import UserError
from bot.library import Library
from bot.messages import Choice
from bot.registry import Completion, Registry

LIMIT = 10


async def complete(registry: Registry, library: Library, kind: Completion, typed: str) -> list[Choice]:
    """Choices for what was typed so far, the likeliest first, at most `LIMIT`."""
    match kind:
        case "papers":
            return await _papers(library, typed)
        case "timezones":
            return _containing(sorted(available_timezones()), typed.replace(" ", "_"))
        case "commands":
            return _containing([command.name for command in registry], typed)


def _containing(names: list[str], typed: str) -> list[Choice]:
    """The names with what was typed in them, those that begin with it first."""
    part = typed.casefold()
    found = [name for name in names if part in name.casefold()]
    found.sort(key=lambda name: not name.casefold().startswith(part))
    return [Choice(name, name) for name in found[:LIMIT]]


async def _papers(library: Library, typed: str) -> list[Choice]:
    """Papers whose title or text has what was typed; nothing for what cannot be searched (yet)."""
    if not typed.strip():
        return []
    try:
        results = await library.search(typed, LIMIT)
    except UserError:
        return []
    return [Choice(result.stored.paper.title, result.stored.paper.id) for result in results]
