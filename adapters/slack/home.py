"""The home tab: today's trending papers, what is for you, what you saved, and your own daily post."""

from dataclasses import replace
from typing import Any

from adapters.slack.markup import plain, shorten
from adapters.slack.render import (
    VIEW_BLOCKS,
    Block,
    actions,
    body_blocks,
    buttons,
    card_blocks,
    context,
    fit,
    header,
    section,
)
from adapters.slack.requester import Requester
from bot.chat.dispatch import Dispatcher, Request
from bot.domain.messages import Button, Message, marked, quiet, text
from bot.domain.people import person_key
from bot.domain.post_settings import describe
from bot.library.app import App
from bot.library.cards import cards
from bot.library.library import Basis
from bot.library.readers import person_reader

SAVED_QUERY = "saved_query"
"""The `action_id` of the field that searches saved papers."""

_CARDS = 3
_METADATA_LENGTH = 500


class Home:
    """Makes home tabs."""

    def __init__(self, app: App, dispatcher: Dispatcher) -> None:
        self._app = app
        self._dispatcher = dispatcher

    async def view(self, who: Requester, query: str = "") -> dict[str, Any]:
        """The home tab of somebody as it is now, with the saved papers that have the words of a query."""
        groups = [
            [section("*Paperboy* finds the papers that matter to you."), *_row(_FIRST)],
            *_part(
                "Trending today", await self._asked(who, "trending day"), Button("This week", command="trending week")
            ),
            *_part("For you", await self._recommended(who), Button("More for you", command="foryou")),
            *_part("Saved papers", await self._asked(who, f"saved {query}"), before=[_search_field(query)]),
            await self._settings(who),
        ]
        view = {"type": "home", "blocks": fit([], groups, [], VIEW_BLOCKS)}
        return {**view, "private_metadata": shorten(query, _METADATA_LENGTH)} if query else view

    async def _asked(self, who: Requester, line: str) -> Message:
        return await self._dispatcher.answer(Request(who.account, who.place, line))

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

    async def _settings(self, who: Requester) -> list[Block]:
        """The daily post to this person, and how to change it."""
        destination = await self._app.store.destination(who.place.key)
        enabled = bool(destination and destination.enabled)
        line = f"You get {describe(destination)}" if destination and enabled else "You get no daily post of your own."
        change = Button("Change" if enabled else "Send me a daily post", command="digest on")
        off = (Button("Switch off", command="digest off"),) if enabled else ()
        body = body_blocks((text(line), text(quiet("In a channel: /papers digest on"))))
        return [*_titled("Notifications"), *body, *_row((change, *off))]


_FIRST = (
    Button("Search papers", command="search", primary=True),
    Button("Topics", command="topics"),
    Button("Help", command="help"),
)


def _row(wanted: tuple[Button, ...]) -> list[Block]:
    return actions(buttons(wanted))


def _titled(title: str) -> list[Block]:
    return [{"type": "divider"}, *(block for block in (header(title),) if block)]


def _part(
    title: str, message: Message, more: Button | None = None, *, before: list[Block] | None = None
) -> list[list[Block]]:
    """A part of the tab, in groups that are shown as a whole or not at all."""
    top = [*_titled(title), *(before or [])]
    shown = [card_blocks(replace(card, rank=None)) for card in message.cards[:_CARDS]]
    if not shown:
        return [[*top, *(body_blocks(message.body) or [context("Nothing here yet.")])]]
    return [top, *shown, *([_row((more,))] if more else [])]


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
