"""The home tab: today's trending papers, what is for you, what you saved and noted, and your own daily post."""

import json
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, Self

from adapters.slack.commands import Commands
from adapters.slack.markup import clean, escape, plain, shorten
from adapters.slack.render import (
    VIEW_BLOCKS,
    Block,
    actions,
    body_blocks,
    buttons,
    card_list,
    context,
    fit,
    header,
    more_actions,
    section,
)
from adapters.slack.requester import Requester
from bot.chat.call import PAGE
from bot.chat.paging import with_page
from bot.domain.dates import long_date
from bot.domain.messages import Button, Card, Message, marked, text
from bot.domain.notes import Shelf
from bot.domain.people import person_key
from bot.domain.post_settings import describe
from bot.library.app import App
from bot.library.cards import cards
from bot.library.library import Basis
from bot.library.readers import person_reader

SAVED_QUERY = "saved_query"
"""The `action_id` of the field that searches saved papers."""

_CARDS, _LISTS = 3, 8
"""Papers in a part of the tab, and lists that have a button."""
_METADATA_LENGTH = 500
_NAME_LENGTH = 80


@dataclass(frozen=True, slots=True)
class State:
    """What somebody looks at in their home tab: a search of their saved papers, its page, and what just happened."""

    query: str = ""
    page: int = 1
    remark: str = ""

    def write(self) -> str:
        """The state as the view carries it."""
        return json.dumps({"query": shorten(self.query, _METADATA_LENGTH), "page": self.page})

    @classmethod
    def read(cls, metadata: str) -> Self:
        """The state that a view carries."""
        carried = json.loads(metadata) if metadata else {}
        return cls(str(carried.get("query") or ""), int(carried.get("page") or 1))


OPENED = State()
"""The state of a tab that was just opened."""


class Home:
    """Makes home tabs."""

    def __init__(self, app: App, commands: Commands) -> None:
        self._app = app
        self._commands = commands

    async def view(self, who: Requester, state: State = OPENED) -> dict[str, Any]:
        """The home tab of somebody as it is now."""
        saved = f"saved {state.query}".strip()
        listed = await self._commands.run(who, with_page(saved, state.page) if state.page > 1 else saved)
        groups = [
            await self._greeting(who, state.remark),
            await self._settings(who),
            *_part(
                "Trending today",
                await self._commands.run(who, "trending day"),
                (Button("This week", command="trending week"),),
            ),
            *_part("For you", await self._recommended(who), (Button("More for you", command="foryou"),)),
            *_part("Saved papers", listed, listed.buttons, before=await self._lists(who, state.query), most=PAGE),
            *await self._notes(who),
        ]
        return {"type": "home", "blocks": fit([], groups, [], VIEW_BLOCKS), "private_metadata": state.write()}

    async def _greeting(self, who: Requester, remark: str) -> list[Block]:
        name = shorten(clean(await self._commands.name(who)), _NAME_LENGTH)
        hello = f"Hello {name}! " if name else "Hello! "
        body = [section(escape(f"{hello}Paperboy finds the papers that matter to you."))]
        first = (*_FIRST, _ZOTERO) if self._app.zotero else _FIRST
        return [*body, *_row(first), *([context(remark)] if remark else [])]

    async def _recommended(self, who: Requester) -> Message:
        """The best for somebody; unlike `foryou` it stays the same until something changes."""
        store, library = self._app.store, self._app.library
        person = await store.person(who.account)
        reader = await person_reader(store, person)
        found, basis = await library.for_reader(reader, _CARDS, exclude=await store.shown(person_key(person)))
        if basis is Basis.TRENDING:
            return Message(body=(marked("Save papers to teach it what you like."),))
        return Message(
            cards=await cards(library, found, as_of=self._app.clock.now()),
            body=() if found else (text("Nothing new for you today."),),
        )

    async def _shelf(self, who: Requester) -> Shelf:
        store = self._app.store
        return await store.shelf(person_key(await store.person(who.account)))

    async def _lists(self, who: Requester, query: str) -> list[Block]:
        """The field that searches saved papers, and a button for each list that tags make of them."""
        counts = Counter(tag for tags in (await self._shelf(who)).tags.values() for tag in tags)
        lists = [Button(f"#{tag} ({count})", command=f"saved #{tag}") for tag, count in counts.most_common(_LISTS)]
        everything = [Button("All saved papers", command="saved")] if query and lists else []
        return [_search_field(query), *_row((*everything, *lists))]

    async def _notes(self, who: Requester) -> list[list[Block]]:
        """The papers on which somebody wrote notes last, with these; nothing for who wrote none."""
        notes = (await self._shelf(who)).notes
        latest = sorted(notes, key=lambda paper_id: notes[paper_id][0].at, reverse=True)[:_CARDS]
        if not latest:
            return []
        cards = tuple(
            Card(
                paper_id=stored.paper.id,
                title=stored.paper.name,
                url=stored.paper.url,
                summary=notes[stored.paper.id][0].text,
                byline=long_date(notes[stored.paper.id][0].at.date()),
                buttons=(Button("Change", command=f"note {stored.paper.id}"),),
            )
            for stored in await self._app.store.papers(latest)
        )
        return _part("Your notes", Message(cards=cards))

    async def _settings(self, who: Requester) -> list[Block]:
        """The daily post to this person, and how to change it."""
        posts = [each for each in await self._app.store.posts_of(who.place.key) if each.enabled]
        lines = [f"{each.post}: {describe(each)}" if each.post else f"You get {describe(each)}" for each in posts]
        if any(not each.post for each in posts):
            row: tuple[Button, ...] = (
                Button("Change", command="digest on"),
                Button("Switch off", command="digest me off"),
            )
        else:
            lines = lines or ["You get no daily post of your own."]
            row = (Button("Send me a daily post", command="digest me"),)
        return [*_titled("Notifications"), *body_blocks(tuple(map(text, lines))), *_row(row)]


_FIRST = (
    Button("Search papers", command="search", primary=True),
    Button("Topics", command="topics"),
    Button("Help", command="help"),
)

_ZOTERO = Button("Zotero", command="zotero")


def _row(wanted: tuple[Button, ...]) -> list[Block]:
    return actions(buttons(wanted))


def _titled(title: str) -> list[Block]:
    return [{"type": "divider"}, *(block for block in (header(title),) if block)]


def _part(
    title: str,
    message: Message,
    more: tuple[Button, ...] = (),
    *,
    before: list[Block] | None = None,
    most: int = _CARDS,
) -> list[list[Block]]:
    """A part of the tab, in groups that are shown as a whole or not at all."""
    top = [*_titled(title), *(before or [])]
    found = [replace(card, rank=None) for card in message.cards[:most]]
    if not found:
        return [[*top, *(body_blocks(message.body) or [context("Nothing here yet.")]), *_row(more)]]
    menu = more_actions(found)
    row = [*([menu] if menu else []), *buttons(more)]
    first, *others = card_list(found)
    return [[*top, *first], *others, actions(row)]


def _search_field(query: str) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": SAVED_QUERY,
        "placeholder": plain("Search what you saved, then press Enter", 150),
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    if query:
        element["initial_value"] = query
    label = plain("Search saved papers", 2000)
    return {"type": "input", "block_id": SAVED_QUERY, "dispatch_action": True, "label": label, "element": element}
