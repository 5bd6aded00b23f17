"""The form in which somebody connects a library of Zotero: what it holds, and the command that it stands for.

A key that is filled in is seen by nobody else, and stands in no command line.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.people import Place

_ASKING = re.compile(r"zotero\s+connect(?:\s+(?P<whose>me|channel))?", re.IGNORECASE)

TITLE = "Connect Zotero"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form, by its `name`; one that is not `needed` may be left empty."""

    name: str
    label: str
    hint: str
    needed: bool = False


@dataclass(frozen=True, slots=True)
class ZoteroForm:
    """The form for somebody's own list (`me`), or for a channel's library."""

    whose: str

    @property
    def fields(self) -> tuple[Field, ...]:
        """What is to be filled in."""
        library = "empty: your own library" if self.whose == "me" else "empty: the one group the key may write to"
        return (
            Field("key", "API key", "from zotero.org/settings/keys/new, with write access", needed=True),
            Field("library", "A group, by its number or address", library),
            Field("collection", "One collection alone, by its name", "empty: the whole library"),
        )

    @property
    def command(self) -> tuple[str, Mapping[str, str]]:
        """The command that the form stands for, with its options."""
        return "zotero connect", {"whose": self.whose}


def zotero_form(line: str, place: Place) -> ZoteroForm | None:
    """The form that a command line asks for: `zotero connect channel`; None where it asks for none."""
    asking = _ASKING.fullmatch(line.strip())
    if asking is None:
        return None
    whose = (asking["whose"] or "me").lower()
    return None if whose == "channel" and place.private else ZoteroForm(whose)
