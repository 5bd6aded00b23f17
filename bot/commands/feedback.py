"""What people think of papers: save, unsave, like, dislike."""

from collections.abc import Sequence
from typing import Annotated

from bot.chat.call import Call
from bot.chat.registry import OptionHelp
from bot.commands.common import PaperName, give, paragraphs, registry
from bot.domain.messages import Button, Message, Text, full_stop, marked, strong, text
from bot.domain.notes import read_tags
from bot.domain.paper_ids import PaperId
from bot.domain.people import FeedbackKind
from bot.domain.references import find_paper_ids
from bot.domain.words import plain_letters
from bot.errors import PaperNotFoundError
from bot.library.finding import being_fetched
from bot.ports import StoredPaper


async def _give(call: Call, paper: str, kind: FeedbackKind) -> tuple[StoredPaper, bool]:
    """Note what somebody thinks of a paper; says whether that is new."""
    stored = await call.library.find(paper)
    return stored, await give(call, stored, kind)


@registry.command(private=True)
async def save(
    call: Call, paper: PaperName, tag: Annotated[str, OptionHelp("A tag to put on it, too.", word="to")] = ""
) -> Message:
    """Save a paper to your list, or several by their ids or links.

    `save 2310.06825 to club` tags it club, too; `saved #club` lists those.
    """
    paper, tags = await _tags_after(call, paper, tag)
    ids = find_paper_ids(paper)
    if len(ids) > 1 and not _is_title(paper, ids):
        return await _save_all(call, ids, tags)
    stored, new = await _give(call, paper, FeedbackKind.SAVE)
    listed = await _tagged(call, [stored], tags)
    return Message(
        body=paragraphs(_saved_line(stored, new=new)),
        buttons=(
            Button("Similar", command=f"similar {stored.paper.id}"),
            listed,
            Button("Undo" if new else "Remove", command=f"unsave {stored.paper.id}"),
        ),
    )


async def _tags_after(call: Call, paper: str, to: str) -> tuple[str, list[str]]:
    """What is to be saved, and the tags after `to`: in `Learning to Learn` it is a word of the title."""
    if not to:
        return paper, []
    whole = f"{paper} to {to}"
    if not find_paper_ids(paper) and plain_letters(whole) == plain_letters(await _title_of(call, whole)):
        return whole, []
    return paper, read_tags(to)


async def _title_of(call: Call, named: str) -> str:
    """The title of the paper that is named; empty where there is none."""
    try:
        return (await call.library.find(named)).paper.title
    except PaperNotFoundError:
        return ""


async def _tagged(call: Call, saved: Sequence[StoredPaper], tags: Sequence[str]) -> Button:
    """Put tags on what was saved; returns the button that lists it."""
    for stored in saved:
        await call.store.add_tags(call.owner, stored.paper.id, tags, at=call.now())
    return Button(f"List #{tags[0]}", command=f"saved #{tags[0]}") if tags else Button("Saved papers", command="saved")


def _saved_line(stored: StoredPaper, *, new: bool) -> Text:
    name = stored.paper.name
    return text("Saved " if new else "Already saved: ", strong(name), full_stop(name))


def _is_title(typed: str, ids: list[PaperId]) -> bool:
    """Whether ids stand within words that are more than the ids and what parts them."""
    return len(typed.split()) > 2 * len(ids)


async def _save_all(call: Call, ids: list[PaperId], tags: Sequence[str]) -> Message:
    """Save every paper named, and say what became of the others."""
    found, problems = await call.library.find_all(ids)
    if waiting := being_fetched(problems):
        raise waiting  # before any is saved: run again, the command would call it saved already
    saved = [await _give(call, stored.paper.id, FeedbackKind.SAVE) for stored in found]
    lines = [_saved_line(stored, new=new) for stored, new in saved]
    lines += [marked(str(problem)) for problem in problems]
    return Message(body=paragraphs(*lines), buttons=(await _tagged(call, found, tags),))


@registry.command(private=True, undoes=True)
async def unsave(call: Call, paper: PaperName) -> Message:
    """Remove a paper from your list."""
    stored = await call.library.find(paper)
    now = call.now()
    had = await call.store.withdraw(call.person, stored.paper.id, FeedbackKind.SAVE, at=now)
    done = "Removed from your list: " if had else "It was not on your list: "
    again = Button("Undo" if had else "Save", command=f"save {stored.paper.id}")
    line = text(done, strong(stored.paper.name), full_stop(stored.paper.name))
    return Message(body=paragraphs(line), buttons=(again,))


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


@registry.command(private=True, undoes=True)
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


@registry.command(private=True, undoes=True)
async def undislike(call: Call, paper: PaperName) -> Message:
    """Take back a dislike; what you had said of the paper before stands again."""
    return await _take_back(call, paper, FeedbackKind.DISLIKE)


async def _take_back(call: Call, paper: str, kind: FeedbackKind) -> Message:
    stored = await call.library.find(paper)
    had = await call.store.withdraw(call.person, stored.paper.id, kind, at=call.now())
    title = strong(stored.paper.name)
    if not had:
        return Message(body=paragraphs(text("Nothing to undo for ", title, full_stop(title.text))))
    again = Button("Undo", command=f"{kind.value} {stored.paper.id}")
    return Message(body=paragraphs(text(f"Your {kind.value} of ", title, " is undone.")), buttons=(again,))
