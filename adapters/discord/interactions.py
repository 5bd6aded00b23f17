"""Commands, buttons, selects and menus: what is asked of the dispatcher, and who sees its answer.

Each passes the same way: acknowledged, asked, shown. `responses` stands at both ends, because Discord wants to hear
within three seconds that an answer will come.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, cast

import discord

from adapters.discord.acknowledgement import acknowledge
from adapters.discord.attached import attached, named
from adapters.discord.command_names import ADMIN
from adapters.discord.custom_ids import key_of
from adapters.discord.note_form import note_modal
from adapters.discord.permissions import deaf, impossible, lacking, lacking_for_club
from adapters.discord.places import (
    Interaction,
    account,
    asked_in,
    is_ephemeral,
    is_own_answer,
    is_talk,
    manages,
    permalinks,
)
from adapters.discord.responses import Responses
from adapters.discord.shared_links import papers_in
from adapters.discord.zotero_form import zotero_modal
from bot.chat.completion import Asker, complete
from bot.chat.dispatch import Dispatcher, Request
from bot.chat.note_form import UNCHANGED, note_form
from bot.chat.paging import names_page, split_page, with_page
from bot.chat.paper_choice import which_paper
from bot.chat.registry import Completion
from bot.chat.zotero_form import ZoteroForm, zotero_form
from bot.domain.links import NAMES
from bot.domain.messages import Attachment, Choice, Message, marked, text
from bot.domain.paper_ids import PaperId
from bot.domain.people import Place, private_talk
from bot.errors import UserError
from bot.library.app import App

_NOTHING: Mapping[str, str] = {}

_TOO_OLD = Message(body=(text("I no longer remember this long search. Please run it again."),), private=True)

_OWN_POST = "digest me"
_CLOSED = Message(
    body=(
        marked(
            "I could not send you a direct message, so your daily post is off. Allow them in this server's privacy "
            "settings, then use `/papers digest me` again."
        ),
    ),
    private=True,
)
_UNSEEN = (
    f"Whoever may not manage the server does not see `/{ADMIN}`: allow it for people you name in Server Settings, "
    "under Integrations."
)
_SEVERAL = text("This message is about several papers.")
_RECOGNISED = f"I understand links of {NAMES}; ids and DOIs work, too."
_NO_PAPER = Message(body=(text(f"I found no paper in this message. {_RECOGNISED}"),), private=True)


class Interactions:
    """Answers interactions."""

    def __init__(self, app: App, dispatcher: Dispatcher, responses: Responses) -> None:
        self._app = app
        self._dispatcher = dispatcher
        self._responses = responses

    async def command(self, interaction: Interaction, line: str, options: Mapping[str, Any] | None = None) -> None:
        """Answer a slash command: to the person alone where the registry says so."""
        if await acknowledge(interaction, private=self._is_private(line)):
            await self._responses.show(interaction, await self._answer(interaction, line, options or {}))

    async def _answer(self, interaction: Interaction, line: str, options: Mapping[str, Any]) -> Message:
        """What a slash command answers, once the file is here that came with it."""
        try:
            file = await attached(options)
        except UserError as error:
            return Message(body=(marked(str(error)),), private=True)
        return await self.ask(interaction, line, named(options), file=file)

    async def press(self, interaction: Interaction, line: str) -> None:
        """Answer a button or select: a page takes the place of the one before, all else is for the presser alone."""
        if await self._opened_form(interaction, line) or await self._opened_note(interaction, line):
            return
        turns = names_page(line) and is_own_answer(interaction)
        if not await acknowledge(interaction, private=True, replacing=turns):
            return
        whole = await self._restore(line)
        ephemeral = not turns or is_ephemeral(interaction)
        message = await self.ask(interaction, whole, ephemeral=ephemeral) if whole else _TOO_OLD
        if not turns:
            await self._responses.show(interaction, message)
        elif message.cards:
            await self._responses.turn(interaction, message)
        else:
            await self._responses.send_ephemeral(interaction, message)

    async def _opened_form(self, interaction: Interaction, line: str) -> bool:
        """Open the form that connects Zotero where a line asks for it; says whether it did."""
        form = zotero_form(line, asked_in(interaction))
        if form:
            await interaction.response.send_modal(zotero_modal(form))
        return form is not None

    async def take_form(self, interaction: Interaction, form: ZoteroForm, filled: Mapping[str, str]) -> None:
        """Run the command that a form stands for, with what was filled in."""
        if await acknowledge(interaction, private=True):
            await self._responses.show(interaction, await self.ask(interaction, *form.command, filled=filled))

    async def _opened_note(self, interaction: Interaction, line: str) -> bool:
        """Open the form for notes where a line asks for it; says whether it did.

        It must be the first response, so this one thing is read before it is acknowledged.
        """
        form = await note_form(self._app, account(interaction.user), asked_in(interaction), line)
        modal = note_modal(form, asked_in(interaction)) if form else None
        if modal:
            await interaction.response.send_modal(modal)
        return modal is not None

    async def take_note(self, interaction: Interaction, paper: PaperId, filled: Mapping[str, str]) -> None:
        """Write the notes of a form that was sent, by the commands that it stands for."""
        if not await acknowledge(interaction, private=True):
            return
        form = await note_form(self._app, account(interaction.user), asked_in(interaction), f"note {paper}")
        commands = list(form.commands(filled)) if form else []
        answers = [await self.ask(interaction, *command) for command in commands] or [UNCHANGED]
        await self._responses.show(interaction, answers[0])
        for answer in answers[1:]:
            await self._responses.send_ephemeral(interaction, answer)

    async def menu(self, interaction: Interaction, message: discord.Message, word: str) -> None:
        """Run a command for the paper of a message, from its menu; where there are several, ask for which."""
        if await acknowledge(interaction, private=True):
            await self._responses.show(interaction, await self._about(interaction, message, word))

    async def _about(self, interaction: Interaction, message: discord.Message, word: str) -> Message:
        store = self._app.store
        papers = await store.posted(asked_in(interaction).key, str(message.id)) or papers_in(message)
        if len(papers) == 1:
            return await self.ask(interaction, f"{word} {papers[0]}", ephemeral=True)
        return which_paper(_SEVERAL, word, papers, await store.papers(papers)) if papers else _NO_PAPER

    async def ask(
        self,
        interaction: Interaction,
        line: str,
        options: Mapping[str, Any] | None = None,
        *,
        place: Place | None = None,
        ephemeral: bool = False,
        file: Attachment | None = None,
        filled: Mapping[str, str] = _NOTHING,
    ) -> Message:
        """What the dispatcher answers to the person, perhaps alone, about where they are or about another `place`."""
        typed = " ".join([line, *map(str, (options or {}).values())])
        if place is None and (reason := impossible(interaction, typed)) and await self.manages(interaction):
            return Message(body=(marked(reason),), private=True)
        request = replace(_request(interaction, line, options, place, ephemeral=ephemeral), file=file, filled=filled)
        if not names_page(line):
            # A page takes the place of another, which stays until there is the new one.
            request = replace(request, meanwhile=partial(self._responses.show_meanwhile, interaction))
        message = await self._dispatcher.answer(request)
        if line.startswith(_OWN_POST):
            return await self._checked(interaction, message)
        word = line.partition(" ")[0]
        if place is not None or (message.private and word != "admins"):
            return message
        warning = await self._warning(interaction, word)
        return replace(message, body=(*message.body, marked(warning))) if warning else message

    async def _checked(self, interaction: Interaction, message: Message) -> Message:
        """The answer to `digest me`, which is sent to where the posts will go as well: is that closed, they are off."""
        own = await self._app.store.destination(private_talk(account(interaction.user)).key)
        if own is None or not own.enabled or is_talk(interaction) or not message.title:
            return message
        if await self._responses.send_direct(interaction, message):
            return message
        await self._dispatcher.answer(_request(interaction, f"{_OWN_POST} off"))
        return _CLOSED

    async def manages(self, interaction: Interaction) -> bool:
        """Whether somebody may change what is posted where they ask."""
        return await self._dispatcher.manages(_request(interaction, ""))

    async def suggest(self, kind: Completion, typed: str, asker: Asker | None = None) -> list[Choice]:
        """What a half-typed option may become.

        Enter takes the first suggestion, so that of a search is the search as it was typed.
        """
        found = await complete(self._dispatcher.registry, self._app, kind, typed, asker)
        if kind not in {"queries", "topics", "follows"} or not typed.strip():
            return found
        # A whole title is suggested once: a search for it finds its paper first.
        same = typed.strip().casefold()
        others = [choice for choice in found if same not in {choice.value.casefold(), choice.label.casefold()}]
        return [Choice(typed, typed), *others]

    async def _warning(self, interaction: Interaction, word: str) -> str:
        """What is missing for what a command has set here to work; empty if nothing."""
        here, store = asked_in(interaction).key, self._app.store
        if word == "digest":
            settings = await store.destination(here)
            return lacking(interaction, threads=settings is not None and settings.opens_threads)
        if word == "club" and (club := await store.club(here)) and club.enabled and await self.manages(interaction):
            return lacking_for_club(interaction)
        if word == "watch" and await store.is_watched(here):
            return deaf(interaction)
        return _UNSEEN if word == "admins" and interaction.guild_id is not None else ""

    async def _restore(self, line: str) -> str:
        """A button's whole line, where it has only the key of one; empty when that is no longer kept."""
        key, (_, page) = key_of(line), split_page(line)
        if not key or page is None:
            return line
        saved = await self._app.store.saved_command(key, now=self._app.clock.now())
        return with_page(saved, page) if saved else ""

    def _is_private(self, line: str) -> bool:
        try:
            return self._dispatcher.registry.find(line)[0].private
        except UserError:
            return True


def asker(interaction: Interaction) -> Asker:
    """Who types an option, and the options they gave already."""
    given = {name: str(value) for name, value in interaction.namespace}
    return Asker(account(interaction.user), asked_in(interaction), given)


def interactions_of(interaction: Interaction) -> Interactions:
    """What answers the interactions of the client that received this one."""
    found: Interactions = cast("Any", interaction.client).interactions
    return found


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
        managers="people with Manage Server",
        ephemeral=ephemeral,
        permalink=permalinks(interaction.client, place or asked_in(interaction)),
    )
