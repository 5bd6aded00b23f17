"""Answers to acknowledged interactions: shown to whom they are for, and recorded."""

from datetime import timedelta

from adapters.discord.acknowledgement import is_public, show_ephemeral, was_answered
from adapters.discord.command_names import CommandNames
from adapters.discord.direct_messages import send_direct
from adapters.discord.places import Interaction, account, asked_in, is_ephemeral, is_staying, is_talk
from adapters.discord.render import Rendered, render
from bot.domain.messages import Message
from bot.library.app import App

_KEPT_FOR = timedelta(days=30)
"""How long the pages of a long search can be turned, from when its last page was shown."""


class Responses:
    """Shows messages as answers to acknowledged interactions.

    What the buttons of an answer need is kept before it is shown, and which papers a public answer shows is recorded,
    so that reactions to it count.
    """

    def __init__(self, app: App, names: CommandNames) -> None:
        self._app = app
        self._names = names

    async def show(self, interaction: Interaction, message: Message) -> None:
        """Show the answer that was announced; one that is private goes to the person alone."""
        public = is_public(interaction)
        if public and message.private:
            await self.send_ephemeral(interaction, message)
            return
        rendered = await self._prepare(interaction, message)
        sent = await interaction.edit_original_response(view=rendered.view, attachments=rendered.files)
        was_answered(interaction)
        if public:
            await self._record(interaction, message, sent.id)

    async def show_meanwhile(self, interaction: Interaction, message: Message) -> None:
        """Show what is said until the answer is there, where the answer will be, and as public as that."""
        rendered = render(message, self._names.write)
        await interaction.edit_original_response(view=rendered.view)

    async def turn(self, interaction: Interaction, message: Message) -> None:
        """Show another page in the message that was pressed; a reaction that comes at once counts for it already."""
        rendered = await self._prepare(interaction, message)
        if interaction.message and not is_ephemeral(interaction):
            await self._record(interaction, message, interaction.message.id)
        await interaction.edit_original_response(view=rendered.view, attachments=rendered.files)

    async def send_ephemeral(self, interaction: Interaction, message: Message) -> None:
        """Show a message to the person alone."""
        rendered = await self._prepare(interaction, message)
        await show_ephemeral(interaction, rendered.view, rendered.files)

    async def send_direct(self, interaction: Interaction, message: Message) -> bool:
        """Send the person a direct message; false where these are closed."""
        return await send_direct(interaction.client, interaction.user.id, message, self._names.write)

    async def _prepare(self, interaction: Interaction, message: Message) -> Rendered:
        """The message as it is sent, once the long command lines of its buttons are kept."""
        rendered = render(message, self._names.write)
        if rendered.kept:
            store, now = self._app.store, self._app.clock.now()
            person, place = await store.person(account(interaction.user)), asked_in(interaction).key
            await store.save_commands(rendered.kept, place=place, person=person, now=now, until=now + _KEPT_FOR)
        return rendered

    async def _record(self, interaction: Interaction, message: Message, message_id: int) -> None:
        """Record which papers a public message shows, where reactions to it reach the bot."""
        if message.cards and (is_staying(interaction) or is_talk(interaction)):
            papers, first = [card.paper_id for card in message.cards], message.cards[0].rank or 1
            await self._app.store.record_post(asked_in(interaction).key, str(message_id), papers, first=first)
