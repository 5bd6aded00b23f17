"""What a command is given, and what commands share."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from bot.chat.call import PAGE, Call
from bot.chat.paging import with_page
from bot.chat.registry import OptionHelp, Registry
from bot.domain.messages import Button, Message, Text, marked
from bot.domain.paper_ids import PaperId
from bot.domain.people import FeedbackAct, FeedbackKind
from bot.engine.summary import shorten
from bot.errors import UserError
from bot.library.cards import cards
from bot.library.library import Result
from bot.library.reminders import reminder
from bot.ports import StoredPaper

registry = Registry()


_TITLE = 130
"""Characters of a title: the words of a long search say enough when they are cut, the page's number does not."""

PaperName = Annotated[str, OptionHelp("An id, a link or the title of a paper.", complete="papers", rest=True)]


async def give(call: Call, stored: StoredPaper, kind: FeedbackKind, *, at: datetime | None = None) -> bool:
    """Note what somebody thinks of a paper, at a moment (UTC) or now; returns whether that is new."""
    act = FeedbackAct(
        person=call.person,
        paper_id=stored.paper.id,
        kind=kind,
        present=True,
        at=at or call.now(),
        place=call.place.key,
    )
    return await call.store.give_feedback(act)


async def remembered(call: Call, paper_id: PaperId) -> Text:
    """When a paper came up in the channel before, for who sees the answer; empty where that need not be said."""
    reader = call.owner if call.ephemeral else ""
    return await reminder(call.store, call.place, paper_id, now=call.now(), reader=reader, permalink=call.permalink)


def paragraphs(*lines: str | Text) -> tuple[Text, ...]:
    """The body of a message."""
    return tuple(marked(line) if isinstance(line, str) else line for line in lines if line)


def require_channel(call: Call) -> None:
    """Raises UserError in a private talk."""
    if call.place.private:
        raise UserError("This is a private talk, which has no list of its own; `/papers saved` lists what you saved.")


async def listing(
    call: Call,
    title: str,
    results: Sequence[Result],
    *,
    nothing: str | Text,
    intro: str | Text = "",
    steady: bool = True,
) -> Message:
    """A page of papers; `results` holds one more than fits when there is another page.

    One can go back in a `steady` list: its earlier pages show again what they showed.
    """
    title = shorten(title, _TITLE)
    page, now = results[:PAGE], call.now()
    shown = await cards(call.library, page, as_of=now, first=call.offset + 1, saved=await call.saved())
    back = (Button("Back", command=with_page(call.line, call.page - 1)),) if steady and call.page > 1 else ()
    if not shown:
        ended = "That's all." if call.page > 1 else nothing
        return Message(title=title, body=paragraphs(ended), buttons=back)
    more = (Button("More", command=with_page(call.line, call.page + 1)),) if len(results) > PAGE else ()
    numbered = f"{title} · page {call.page}" if call.page > 1 else title
    return Message(title=numbered, body=paragraphs(intro), cards=shown, buttons=(*back, *more))
