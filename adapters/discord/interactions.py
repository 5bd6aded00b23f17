"""Interactions: commands, buttons, selects and menus, acknowledged at once and answered."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from adapters.discord.answers import Answers
from adapters.discord.custom_ids import key_of
from adapters.discord.permissions import deaf, lacking
from adapters.discord.places import Interaction, account, asked_in, manages
from adapters.discord.responses import acknowledge, is_ephemeral
from bot.chat.completion import complete
from bot.chat.dispatch import Dispatcher, Request
from bot.chat.paging import names_page, split_page, with_page
from bot.chat.registry import Completion
from bot.domain.messages import Choice, Message, marked, text
from bot.domain.people import Place
from bot.errors import UserError
from bot.library.app import App

_TOO_OLD = Message(body=(text("I no longer remember this long search. Please run it again."),))


class Interactions:
    """Answers interactions: each is acknowledged, handed to the dispatcher, and its answer shown."""

    def __init__(self, app: App, dispatcher: Dispatcher) -> None:
        self.app = app
        self.dispatcher = dispatcher
        self.answers = Answers(app)

    async def command(self, interaction: Interaction, line: str, options: Mapping[str, Any] | None = None) -> None:
        """Answer a slash command or menu: to the person alone where the registry says so."""
        private = self._is_private(line)
        if not await acknowledge(interaction, private=private):
            return
        message = await self.ask(interaction, line, options)
        await self.answers.show(interaction, message, private=private)

    async def press(self, interaction: Interaction, line: str) -> None:
        """Answer a button or select: a page takes the place of the one before, all else is for the presser alone."""
        turns = names_page(line) and _owns(interaction)
        if not await acknowledge(interaction, private=True, replacing=turns):
            return
        whole = await self._whole(line)
        if whole is None:
            message = _TOO_OLD
        else:
            message = await self.ask(interaction, whole, ephemeral=not turns or is_ephemeral(interaction))
        if not turns:
            await self.answers.show(interaction, replace(message, private=True), private=True)
        elif message.cards:
            await self.answers.turn_page(interaction, message)
        else:
            await self.answers.send_ephemeral(interaction, message)

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

    async def _whole(self, line: str) -> str | None:
        """A button's line with the command that was saved for it; None when that has expired."""
        key, (_, page) = key_of(line), split_page(line)
        if not key or page is None:
            return line
        saved = await self.app.store.saved_command(key, now=self.app.clock.now())
        return saved and with_page(saved, page)

    def _is_private(self, line: str) -> bool:
        try:
            return self.dispatcher.registry.find(line)[0].private
        except UserError:
            return True


def interactions_of(interaction: Interaction) -> Interactions:
    """What answers the interactions of the client that received this one."""
    found: Interactions = cast("Any", interaction.client).interactions
    return found


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
