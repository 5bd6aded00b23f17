"""Lists that grow by saving, and what people write about papers: saved, library, tag, note."""

from dataclasses import replace
from typing import Annotated, Literal

from bot.chat.call import PAGE, Call
from bot.chat.registry import OptionHelp
from bot.commands.common import give, listing, paragraphs, registry, require_channel
from bot.domain.counts import counted
from bot.domain.dates import long_date
from bot.domain.emoji import as_span
from bot.domain.messages import Button, Message, Text, code, full_stop, quiet, strong, text
from bot.domain.notes import NOTE_LENGTH, Note, read_tags
from bot.domain.people import FeedbackKind
from bot.errors import UserError
from bot.library.library import Result
from bot.library.shelves import Kept, place_papers, saved_papers
from bot.ports import StoredPaper

Whose = Annotated[Literal["me", "channel"], OptionHelp("On your list, or on this channel's.")]
Named = Annotated[str, OptionHelp("An id or a link of a paper, or its title in quotes.", complete="papers")]
Asked = Annotated[str, OptionHelp("Words, #tags they have, -#tags they have not, sort:new|saves|title.", rest=True)]


@registry.command(private=True)
async def saved(call: Call, query: Asked = "") -> Message:
    """List the papers you saved, newest first.

    `saved graphs` finds those about graphs, by words and by meaning, `saved #club -#read` those tagged club that you
    have not tagged read. `saved sort:new` begins with what was published last, `sort:title` goes by title.
    """
    kept = await saved_papers(call.app, call.person, query)
    save_emoji = as_span((await call.emoji()).save)
    nothing = (
        text("No saved paper has these words or tags. ", code("/papers saved"), " lists all of them.")
        if query
        else text("Nothing saved yet. React with ", save_emoji, " to a paper, or ", code("/papers save PAPER"), ".")
    )
    return await _list(call, f"Saved papers: {query}" if query else "Saved papers", kept, nothing, "me", query)


@registry.command()
async def library(call: Call, query: Asked = "") -> Message:
    """List the papers saved in this channel, the last saved first.

    Everybody's saves count; whoever saved with a reaction is named. `library graphs` finds those about graphs, by words
    and by meaning, `library #club` those that `tag channel` has tagged club. `library sort:saves` begins with what most
    people saved; there are also `sort:new` and `sort:title`.
    """
    require_channel(call)
    kept = await place_papers(call.app, call.place.key, query)
    nothing = (
        text("No paper saved here has these words or tags. ", code("/papers library"), " lists all of them.")
        if query
        else text("Nobody has saved a paper here yet. Reactions to papers save them.")
    )
    name = f"Library of {call.place.name}" if call.place.name else "Library of this channel"
    return await _list(call, f"{name}: {query}" if query else name, kept, nothing, "channel", query)


async def _list(call: Call, title: str, kept: list[Kept], nothing: Text, whose: str, query: str) -> Message:
    """A page of a list, with how many there are and a button that exports them."""
    shared = whose == "channel"
    page = kept[call.offset : call.offset + PAGE + 1]
    results = [Result(each.stored, 0.0, each.told(shared=shared)) for each in page]
    message = await listing(call, title, results, nothing=nothing)
    if not message.cards:
        return message
    exports = [Button("Export as BibTeX", command=f"export {whose} bibtex {query}".strip())]
    if call.app.public_url:
        exports.append(Button("Feed", command=f"export {whose} feed {query}".strip()))
    return replace(message, buttons=(*message.buttons, *exports), body=paragraphs(counted(len(kept), "paper")))


@registry.command(private=True)
async def tag(
    call: Call,
    paper: Named,
    whose: Whose = "me",
    tags: Annotated[str, OptionHelp("Tags to put on it; -tag takes one off.", rest=True)] = "",
) -> Message:
    """Tag a paper, on your list or on this channel's, so that tags make lists of their own.

    `tag 2310.06825 club` puts it on your list club, which `saved #club` shows; `tag 2310.06825 -club` takes it off.
    `tag 2310.06825 channel club` does so for this channel, where `library #club` shows it.
    """
    put, off = _read_changes(tags)
    owner = _owner(call, whose)
    stored = await call.library.find(paper)
    name, paper_id = stored.paper.name, stored.paper.id
    gone = await call.store.remove_tags(owner, paper_id, off)
    new = await call.store.add_tags(owner, paper_id, put, at=call.now())
    saved_now = bool(put) and await _saved_as_well(call, stored, whose)
    standing = (await call.store.shelf(owner)).tags.get(paper_id, [])
    line = text("Saved " if saved_now else "", strong(name), ": ", _tag_line(standing), ".")
    undo = [f"-{name}" for name in new] + gone
    buttons = [Button("Undo", command=f"tag {paper_id} {whose} {' '.join(undo)}")] if undo else []
    if standing:
        buttons.append(Button(f"List #{standing[0]}", command=f"{_LISTS[whose]} #{standing[0]}"))
    return Message(body=paragraphs(line), buttons=tuple(buttons))


async def _saved_as_well(call: Call, stored: StoredPaper, whose: str) -> bool:
    """Save a paper that is tagged, for a tag makes a list of what is saved; returns whether it was not before.

    On somebody's own list a paper stays in its place, and so does the order that citation keys go by.
    """
    said = await call.store.feedback_of(call.person) if whose == "me" else ()
    same = (each.at for each in said if each.paper_id == stored.paper.id and each.kind is FeedbackKind.SAVE)
    return await give(call, stored, FeedbackKind.SAVE, at=next(same, None))


_LISTS = {"me": "saved", "channel": "library"}
"""The command that lists what is saved, by whose it is."""


def _read_changes(typed: str) -> tuple[list[str], list[str]]:
    """The tags to put on and those to take off. Raises UserError when there is none."""
    words = typed.replace(",", " ").split()
    off = read_tags(" ".join(word[1:] for word in words if word.startswith("-")))
    put = read_tags(" ".join(word for word in words if not word.startswith("-")))
    if not put and not off:
        raise UserError("Which tag? For example `/papers tag 2310.06825 to-read`; `-to-read` takes it off again.")
    return put, off


def _tag_line(tags: list[str]) -> str:
    return " ".join(f"#{tag}" for tag in tags) or "no tags"


@registry.command(private=True)
async def note(
    call: Call,
    paper: Named,
    whose: Whose = "me",
    words: Annotated[str, OptionHelp("What to note; nothing shows the notes there are.", rest=True)] = "",
) -> Message:
    """Write a note on a paper, on your list or on this channel's, or read what is noted.

    `note 2310.06825 Compare with our baseline` is for you alone, `note 2310.06825 channel Ana presents this` for
    everybody here. What you wrote before is replaced.
    """
    owner = _owner(call, whose)
    stored = await call.library.find(paper)
    if not words.strip():
        return await _notes(call, stored, owner, whose)
    if len(words) > NOTE_LENGTH:
        raise UserError(f"A note has at most {NOTE_LENGTH:,} characters; this one has {len(words):,}.")
    before = await call.store.write_note(owner, call.person, stored.paper.id, words.strip(), at=call.now())
    whom = "everybody here" if whose == "channel" else "you alone"
    line = text("Noted on ", strong(stored.paper.name), ", for ", whom, ".")
    back = f"note {stored.paper.id} {whose} {before}" if before else f"unnote {stored.paper.id} {whose}"
    return Message(body=paragraphs(line), buttons=(Button("Undo", command=back),))


async def _notes(call: Call, stored: StoredPaper, owner: str, whose: str) -> Message:
    """What is noted on a paper, with a button that removes what the reader wrote."""
    notes = (await call.store.shelf(owner)).notes.get(stored.paper.id, [])
    title = f"Notes on {stored.paper.name}"
    if not notes:
        nothing = text("None yet. ", code(f"/papers note {stored.paper.id} WORDS"), " writes one.")
        return Message(title=title, body=paragraphs(nothing))
    own = [each for each in notes if each.person == call.person]
    remove = (Button("Remove", command=f"unnote {stored.paper.id} {whose}"),) if own else ()
    return Message(
        title=title, body=tuple(_note_line(each, shared=whose == "channel") for each in notes), buttons=remove
    )


def _note_line(note: Note, *, shared: bool) -> Text:
    who = f"{note.author or 'somebody'}, " if shared else ""
    return text(note.text, quiet(f" ({who}{long_date(note.at.date())})"))


@registry.command(private=True, undoes=True)
async def unnote(call: Call, paper: Named, whose: Whose = "me") -> Message:
    """Remove what you noted on a paper."""
    stored = await call.library.find(paper)
    before = await call.store.write_note(_owner(call, whose), call.person, stored.paper.id, "", at=call.now())
    name = stored.paper.name
    if not before:
        return Message(body=paragraphs(text("You have no note on ", strong(name), full_stop(name))))
    undo = Button("Undo", command=f"note {stored.paper.id} {whose} {before}")
    return Message(body=paragraphs(text("Your note on ", strong(name), " is removed.")), buttons=(undo,))


def _owner(call: Call, whose: str) -> str:
    """Under which key tags and notes are kept: the person's, or the channel's. Raises UserError in a private talk."""
    if whose == "me":
        return call.owner
    require_channel(call)
    return call.place.key
