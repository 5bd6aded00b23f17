"""Interactions: commands, buttons, selects and menus, acknowledged at once and answered."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from adapters.discord.custom_ids import key_of
from adapters.discord.permissions import deaf, lacking
from adapters.discord.places import Interaction, account, asked_in, is_staying, is_talk, manages
from adapters.discord.render import Rendered, render
from adapters.discord.responses import acknowledge, answer, send_ephemeral
from bot.chat.completion import complete
from bot.chat.dispatch import Dispatcher, Request
from bot.chat.paging import names_page, split_page, with_page
from bot.chat.registry import Completion
from bot.domain.messages import Choice, Message, marked, text
from bot.domain.people import Place
from bot.errors import UserError
from bot.library.app import App

_KEPT_FOR = timedelta(days=30)
"""How long pages of a long search can be turned, from when its last one was shown."""


_TOO_OLD = Message(body=(text("I no longer remember this long search. Please run it again."),))


class Interactions:
    """Answers interactions: acknowledges at once, asks the dispatcher, and shows what it says."""

    def __init__(self, app: App, dispatcher: Dispatcher) -> None:
        self.app = app
        self.dispatcher = dispatcher

    async def command(self, interaction: Interaction, line: str, options: Mapping[str, Any] | None = None) -> None:
        """Answer a slash command or menu: to the person alone where the registry says so."""
        private = self._is_private(line)
        if not await acknowledge(interaction, private=private):
            return
        message = await self.ask(interaction, line, options)
        await self.show(interaction, message, private=private)

    async def press(self, interaction: Interaction, line: str) -> None:
        """Answer a button or select: a page takes the place of the one before, all else is for the presser alone."""
        turns = names_page(line) and _owns(interaction)
        if not await acknowledge(interaction, private=True, replacing=turns):
            return
        whole = await self._whole(line)
        if whole is None:
            message = _TOO_OLD
        else:
            message = await self.ask(interaction, whole, ephemeral=not turns or _is_ephemeral(interaction))
        if not turns:
            await self.show(interaction, replace(message, private=True), private=True)
        elif message.cards:
            await self._turn(interaction, message)
        else:
            await self.send_ephemeral(interaction, message)

    async def ask(
        self,
        interaction: Interaction,
        line: str,
        options: Mapping[str, Any] | None = None,
        *,
        place: Place | None = None,
        ephemeral: bool = False,
    ) -> Message:
        """What the dispatcher answers to the person, perhaps `alone`, about where they are or about another `place`."""
        message = await self.dispatcher.answer(_request(interaction, line, options, place, ephemeral=ephemeral))
        if place is not None or message.private:
            return message
        warning = await self._warning(interaction, line.partition(" ")[0])
        return replace(message, body=(*message.body, marked(warning))) if warning else message

    async def manages(self, interaction: Interaction) -> bool:
        """Whether somebody may change what is posted where they ask."""
        return await self.dispatcher.manages(_request(interaction, ""))

    async def _warning(self, interaction: Interaction, word: str) -> str:
        """What the bot lacks for what a command has set here; empty if nothing."""
        here, store = asked_in(interaction).key, self.app.store
        if word == "digest":
            settings = await store.destination(here)
            return lacking(interaction, threads=settings is not None and settings.opens_threads)
        if word == "watch" and await store.is_watched(here):
            return deaf(interaction)
        return ""

    async def suggest(self, kind: Completion, typed: str) -> list[Choice]:
        """What a half-typed option may become.

        Enter takes the first suggestion, so that of a search is the search as it was typed.
        """
        found = await complete(self.dispatcher.registry, self.app, kind, typed)
        as_typed = [Choice(typed, typed)] if kind in {"queries", "topics"} and typed.strip() else []
        return [*as_typed, *(choice for choice in found if choice.value != typed)]

    async def show(self, interaction: Interaction, message: Message, *, private: bool) -> None:
        """Bring the answer to an acknowledged interaction, and remember which papers it shows."""
        if message.private and not private:
            await self.send_ephemeral(interaction, message)
            return
        shown = await self._rendered(interaction, message)
        sent = await answer(interaction, shown.view, shown.files)
        if not private:
            await self._remember(interaction, message, sent.id)

    async def _turn(self, interaction: Interaction, message: Message) -> None:
        """Show another page in the same message; a reaction that comes at once counts for it already."""
        if interaction.message and not _is_ephemeral(interaction):
            await self._remember(interaction, message, interaction.message.id)
        shown = await self._rendered(interaction, message)
        await answer(interaction, shown.view, shown.files)

    async def send_ephemeral(self, interaction: Interaction, message: Message) -> None:
        """Say something to the person alone."""
        shown = await self._rendered(interaction, message)
        await send_ephemeral(interaction, shown.view, shown.files)

    async def _rendered(self, interaction: Interaction, message: Message) -> Rendered:
        """The message ready to be shown: what its buttons need is kept."""
        shown = render(message)
        if shown.kept:
            store, now = self.app.store, self.app.clock.now()
            person, place = await store.person(account(interaction.user)), asked_in(interaction).key
            await store.save_commands(shown.kept, place=place, person=person, now=now, until=now + _KEPT_FOR)
        return shown

    async def _whole(self, line: str) -> str | None:
        """A button's line with what was kept of it; None when that is no longer kept."""
        key, (_, page) = key_of(line), split_page(line)
        if not key or page is None:
            return line
        kept = await self.app.store.saved_command(key, now=self.app.clock.now())
        return kept and with_page(kept, page)

    async def _remember(self, interaction: Interaction, message: Message, sent: int) -> None:
        """Note the papers of a message everybody sees, so that reactions on it count."""
        if message.cards and (is_staying(interaction) or is_talk(interaction)):
            papers = [card.paper_id for card in message.cards]
            await self.app.store.record_post(asked_in(interaction).key, str(sent), papers)

    def _is_private(self, line: str) -> bool:
        try:
            return self.dispatcher.registry.find(line)[0].private
        except UserError:
            return True


def _is_ephemeral(interaction: Interaction) -> bool:
    """Whether the message under a button is for the presser alone."""
    return interaction.message is not None and interaction.message.flags.ephemeral


def _owns(interaction: Interaction) -> bool:
    """Whether the message under a button is the presser's own answer: others must not turn its pages."""
    message = interaction.message
    if message is None:
        return False
    asked = message.interaction_metadata
    return message.flags.ephemeral or (asked is not None and asked.user.id == interaction.user.id)


def _request(
    interaction: Interaction,
    line: str,
    options: Mapping[str, Any] | None = None,
    place: Place | None = None,
    *,
    ephemeral: bool = False,
) -> Request:
    return Request(
        account=account(interaction.user),
        place=place or asked_in(interaction),
        line=line,
        options=options,
        admin=manages(interaction),
        ephemeral=ephemeral,
    )
