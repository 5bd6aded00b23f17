"""Every command, once. A command is a function in one of these modules; nothing else needs to know of it."""

# The order of these imports is the order of `help`.
from bot.commands import search, foryou, feedback, notes, files, zotero, account  # isort: skip
from bot.commands import follow, club, digest, posts, email, workspace, general  # isort: skip
from bot.commands.common import registry

__all__ = [
    "account",
    "club",
    "digest",
    "email",
    "feedback",
    "files",
    "follow",
    "foryou",
    "general",
    "notes",
    "posts",
    "registry",
    "search",
    "workspace",
    "zotero",
]
