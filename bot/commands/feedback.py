"""What people think of papers: save, unsave, saved, like, dislike, export."""

from dataclasses import replace
from typing import Annotated, Literal

from bot.chat.call import PAGE, Call
from bot.chat.registry import OptionHelp
from bot.commands.common import PaperName, listing, paragraphs, registry
from bot.domain.counts import counted
from bot.domain.emoji import as_span
from bot.domain.messages import Attachment, Button, Message, Text, code, marked, strong, text
from bot.domain.paper_ids import PaperId
from bot.domain.people import FeedbackAct, FeedbackKind
from bot.domain.references import find_paper_ids
from bot.domain.words import plain_letters
from bot.library.export import FORMATS
from bot.library.finding import being_fetched
from bot.library.library import Result
from bot.ports import StoredPaper


async def _give(call: Call, paper: str, kind: FeedbackKind) -> tuple[StoredPaper, bool]:
    """Note what somebody thinks of a paper; says whether that is new."""
    stored = await call.library.find(paper)
    act = FeedbackAct(
        person=call.person,
        paper_id=stored.paper.id,
        kind=kind,
        present=True,
        at=call.now(),
        place=call.place.key,
    )
    return stored, await call.store.give_feedback(act)


@registry.command(private=True)
async def save(call: Call, paper: PaperName) -> Message:
    """Save a paper to your list, or several by their ids or links."""
    ids = find_paper_ids(paper)
    if len(ids) > 1 and not _is_title(paper, ids):
        return await _save_all(call, ids)
    stored, new = await _give(call, paper, FeedbackKind.SAVE)
    return Message(
        body=paragraphs(_saved_line(stored, new=new)),
        buttons=(
            Button("Similar", command=f"similar {stored.paper.id}"),
            Button("Saved papers", command="saved"),
            Button("Undo" if new else "Remove", command=f"unsave {stored.paper.id}"),
        ),
    )


def _saved_line(stored: StoredPaper, *, new: bool) -> Text:
    return text("Saved " if new else "Already saved: ", strong(stored.paper.name), ".")


def _is_title(typed: str, ids: list[PaperId]) -> bool:
    """Whether ids stand within words that are more than the ids and what parts them."""
    return len(typed.split()) > 2 * len(ids)


async def _save_all(call: Call, ids: list[PaperId]) -> Message:
    """Save every paper named, and say what became of the others."""
    found, problems = await call.library.find_all(ids)
    if waiting := being_fetched(problems):
        raise waiting  # before any is saved: run again, the command would call it saved already
    saved = [await _give(call, stored.paper.id, FeedbackKind.SAVE) for stored in found]
    lines = [_saved_line(stored, new=new) for stored, new in saved]
    lines += [marked(str(problem)) for problem in problems]
    return Message(body=paragraphs(*lines), buttons=(Button("Saved papers", command="saved"),))


@registry.command(private=True)
async def unsave(call: Call, paper: PaperName) -> Message:
    """Remove a paper from your list."""
    stored = await call.library.find(paper)
    now = call.now()
    had = await call.store.withdraw(call.person, stored.paper.id, FeedbackKind.SAVE, at=now)
    done = "Removed from your list: " if had else "It was not on your list: "
    again = Button("Undo" if had else "Save", command=f"save {stored.paper.id}")
    return Message(body=paragraphs(text(done, strong(stored.paper.name), ".")), buttons=(again,))


@registry.command(private=True)
async def like(call: Call, paper: PaperName) -> Message:
    """Ask for more papers like one, without saving it."""
    stored, new = await _give(call, paper, FeedbackKind.LIKE)
    title = strong(stored.paper.name)
    if stored.paper.id in await call.saved():
        line = text("You have saved ", title, ", which says more than a like.")
        return Message(body=paragraphs(line), buttons=(Button("Remove", command=f"unsave {stored.paper.id}"),))
    line = text("More like ", title, " from now on.") if new else text("Already liked: ", title, ".")
    return Message(body=paragraphs(line), buttons=(Button("Undo", command=f"unlike {stored.paper.id}"),))


@registry.command(private=True)
async def unlike(call: Call, paper: PaperName) -> Message:
    """Take back a like; what you had said of the paper before stands again."""
    return await _take_back(call, paper, FeedbackKind.LIKE)


@registry.command(private=True)
async def dislike(call: Call, paper: PaperName) -> Message:
    """Ask for fewer papers like one."""
    before = await call.saved()
    stored, new = await _give(call, paper, FeedbackKind.DISLIKE)
    title = strong(stored.paper.name)
    line = text("Fewer like ", title, " from now on.") if new else text("Already disliked: ", title, ".")
    if stored.paper.id in before:
        line = text(*line, " It is off your list.")
    return Message(body=paragraphs(line), buttons=(Button("Undo", command=f"undislike {stored.paper.id}"),))


@registry.command(private=True)
async def undislike(call: Call, paper: PaperName) -> Message:
    """Take back a dislike; what you had said of the paper before stands again."""
    return await _take_back(call, paper, FeedbackKind.DISLIKE)


async def _take_back(call: Call, paper: str, kind: FeedbackKind) -> Message:
    stored = await call.library.find(paper)
    had = await call.store.withdraw(call.person, stored.paper.id, kind, at=call.now())
    title = strong(stored.paper.name)
    if not had:
        return Message(body=paragraphs(text("Nothing to undo for ", title, ".")))
    again = Button("Undo", command=f"{kind.value} {stored.paper.id}")
    return Message(body=paragraphs(text(f"Your {kind.value} of ", title, " is undone.")), buttons=(again,))


@registry.command(private=True)
async def saved(
    call: Call, query: Annotated[str, OptionHelp("Only saved papers with these words.", rest=True)] = ""
) -> Message:
    """List the papers you saved, newest first."""
    stored = await _saved(call, query)
    page = stored[call.offset : call.offset + PAGE + 1]
    save = as_span((await call.emoji()).save)
    nothing = (
        text("No saved paper has these words. ", code("/papers saved"), " lists all of them.")
        if query
        else text("Nothing saved yet. React with ", save, " to a paper, or ", code("/papers save PAPER"), ".")
    )
    title = f"Saved papers: {query}" if query else "Saved papers"
    message = await listing(call, title, [Result(paper, 0.0, ()) for paper in page], nothing=nothing)
    if not message.cards:
        return message
    export_button = Button("Export as BibTeX", command="export bibtex")
    return replace(message, buttons=(*message.buttons, export_button), body=paragraphs(counted(len(stored), "paper")))


async def _saved(call: Call, query: str = "") -> list[StoredPaper]:
    """The papers somebody saved, newest first, perhaps only those with all words of a query."""
    feedback = await call.store.feedback_of(call.person)
    ids = [entry.paper_id for entry in feedback if entry.kind is FeedbackKind.SAVE]
    words = plain_letters(query).split()
    return [paper for paper in await call.store.papers(ids) if all(w in _searched(paper) for w in words)]


def _searched(stored: StoredPaper) -> str:
    paper = stored.paper
    return plain_letters(" ".join([paper.id, paper.title, paper.abstract, *paper.authors, *paper.categories]))


@registry.command(private=True)
async def export(
    call: Call,
    format: Annotated[  # noqa: A002  (the option's name is what people read)
        Literal["bibtex", "json", "csv"], OptionHelp("The format of the file.")
    ] = "bibtex",
) -> Message:
    """Export your saved papers as a file."""
    papers = [stored.paper for stored in await _saved(call)]
    if not papers:
        how = text("Nothing saved yet, so there is nothing to export. ", code("/papers save PAPER"), " saves a paper.")
        return Message(body=paragraphs(how))
    chosen = FORMATS[format]
    content = chosen.write(papers).encode()
    return Message(
        title=f"Your saved papers ({counted(len(papers), 'paper')})",
        attachments=(Attachment(chosen.name, content, chosen.media_type),),
    )
