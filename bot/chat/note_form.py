"""The form in which somebody writes notes on a paper: what it holds, and the commands that it stands for."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.domain.messages import Message, text
from bot.domain.paper_ids import PaperId
from bot.domain.people import Account, Place, person_key
from bot.library.app import App

_ASKING = re.compile(r"note\s+(?P<paper>\S+)")

Options = Mapping[str, str]

UNCHANGED = Message(body=(text("Your notes are as they were."),), private=True)
"""What is said to a form that was sent as it was opened."""


@dataclass(frozen=True, slots=True)
class NoteForm:
    """What somebody has noted on a paper so far, by whose list it is on: `me`, and outside private talks `channel`."""

    paper_id: PaperId
    title: str
    notes: Mapping[str, str]

    def commands(self, filled: Mapping[str, str]) -> Iterator[tuple[str, Options]]:
        """The commands, each with its options, that bring the notes to what was filled in."""
        for whose, before in self.notes.items():
            words = filled.get(whose, before).strip()
            options = {"paper": self.paper_id, "whose": whose}
            if words and words != before:
                yield "note", {**options, "words": words}
            elif before and not words:
                yield "unnote", options


async def note_form(app: App, account: Account, place: Place, line: str) -> NoteForm | None:
    """The form that a command line asks for, such as `note 2310.06825`; None where it asks for none.

    A paper that is not here yet has none either: the command fetches it.
    """
    asking = _ASKING.fullmatch(line.strip())
    stored = await app.store.paper(PaperId(asking["paper"])) if asking else None
    if stored is None:
        return None
    person = await app.store.person(account)
    owners = {"me": person_key(person)} if place.private else {"me": person_key(person), "channel": place.key}
    notes = {}
    for whose, owner in owners.items():
        written = (await app.store.shelf(owner)).notes.get(stored.paper.id, [])
        notes[whose] = next((note.text for note in written if note.person == person), "")
    return NoteForm(stored.paper.id, stored.paper.name, notes)


def field_label(whose: str, place: Place) -> str:
    """What a field of the form is called."""
    return "For you alone" if whose == "me" else f"For everybody in {place.name or 'this channel'}"
