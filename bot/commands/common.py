"""What a command is given, and what commands share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from bot.chat.registry import Registry, Says
from bot.domain.emoji import EmojiSet
from bot.domain.messages import Button, Message, Text, marked
from bot.domain.papers import PaperId
from bot.domain.people import WEIGHTS, Account, Attitude, Judged, Place
from bot.engine.profile import Opinion
from bot.engine.summary import shorten
from bot.library.cards import cards
from bot.library.library import Library, Result
from bot.ports import StoredPaper

registry = Registry()

PAGE = 5
"""Papers on a page of an answer."""

_TITLE = 130
"""Characters of a title: the words of a long search say enough when they are cut, the page's number does not."""

PaperName = Annotated[str, Says("An id, a link or the title of a paper.", complete="papers", rest=True)]


@dataclass(frozen=True, slots=True)
class Call:
    """One use of a command: by whom, where, and with what to answer it.

    `alone` says that the answer is for this person alone; `line` is the command as typed, without its page, and `page`
    counts from 1.
    """

    library: Library
    account: Account
    place: Place
    person: int
    admin: bool
    alone: bool
    line: str
    page: int = 1

    @property
    def owner(self) -> str:
        """The name under which the store keeps what this person follows and has seen."""
        return f"person:{self.person}"

    async def saved(self) -> frozenset[PaperId]:
        """The papers this person has saved, where the answer may go by it: what others see as well does not."""
        if not self.alone:
            return frozenset()
        judged = await self.library.store.judged(self.person)
        return frozenset(entry.paper_id for entry in judged if entry.attitude is Attitude.SAVE)

    async def emoji(self) -> EmojiSet:
        """The emoji that count here."""
        return (await self.library.store.emoji([self.place.workspace_key]))[self.place.workspace_key]

    @property
    def offset(self) -> int:
        """How many results earlier pages showed."""
        return (self.page - 1) * PAGE


def paragraphs(*lines: str | Text) -> tuple[Text, ...]:
    """The body of a message."""
    return tuple(marked(line) if isinstance(line, str) else line for line in lines if line)


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
    page, now = results[:PAGE], call.library.clock.now()
    shown = await cards(call.library, page, as_of=now, first=call.offset + 1, saved=await call.saved())
    back = (Button("Back", command=f"{call.line} --page {call.page - 1}"),) if steady and call.page > 1 else ()
    if not shown:
        ended = "That's all." if call.page > 1 else nothing
        return Message(title=title, body=paragraphs(ended), buttons=back)
    more = (Button("More", command=f"{call.line} --page {call.page + 1}"),) if len(results) > PAGE else ()
    numbered = f"{title} · page {call.page}" if call.page > 1 else title
    return Message(title=numbered, body=paragraphs(intro), cards=shown, buttons=(*back, *more))


async def opinions(library: Library, judged: Sequence[Judged]) -> list[Opinion]:
    """What judgements say about papers that are here; of several on one paper the newest stands."""
    newest: dict[str, Judged] = {}
    for entry in judged:
        newest.setdefault(entry.paper_id, entry)
    stored = await library.store.papers([entry.paper_id for entry in newest.values()])
    return [_opinion(paper, newest[paper.paper.id]) for paper in stored]


def _opinion(stored: StoredPaper, entry: Judged) -> Opinion:
    return Opinion(stored.row, stored.paper, WEIGHTS[entry.attitude], entry.at, f"{entry.attitude.value.rstrip('e')}ed")
