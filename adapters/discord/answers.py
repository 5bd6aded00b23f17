"""Messages as answers to interactions: rendered, shown, and their papers remembered for reactions."""

from datetime import timedelta

from adapters.discord.places import Interaction, account, asked_in, is_staying, is_talk
from adapters.discord.render import Rendered, render
from adapters.discord.responses import answer, is_ephemeral, send_ephemeral
from bot.domain.messages import Message
from bot.library.app import App

_COMMANDS_LAST = timedelta(days=30)
"""How long pages of a long search can be turned, from when its last one was shown."""


class Answers:
    """Shows messages as answers to interactions that were acknowledged."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def show(self, interaction: Interaction, message: Message, *, private: bool) -> None:
        """Show the answer that is awaited, and remember which papers everybody sees in it."""
        if message.private and not private:
            await self.send_ephemeral(interaction, message)
            return
        shown = await self._rendered(interaction, message)
        sent = await answer(interaction, shown.view, shown.files)
        if not private:
            await self._remember(interaction, message, sent.id)

    async def turn_page(self, interaction: Interaction, message: Message) -> None:
        """Show another page in the message under the button; a reaction that comes at once counts for it already."""
        if interaction.message and not is_ephemeral(interaction):
            await self._remember(interaction, message, interaction.message.id)
        shown = await self._rendered(interaction, message)
        await answer(interaction, shown.view, shown.files)

    async def send_ephemeral(self, interaction: Interaction, message: Message) -> None:
        """Show a message to the person alone."""
        shown = await self._rendered(interaction, message)
        await send_ephemeral(interaction, shown.view, shown.files)

    async def _rendered(self, interaction: Interaction, message: Message) -> Rendered:
        """The message as Discord takes it; commands too long for its buttons are saved."""
        shown = render(message)
        if shown.kept:
            store, now = self._app.store, self._app.clock.now()
            person, place = await store.person(account(interaction.user)), asked_in(interaction).key
            await store.save_commands(shown.kept, place=place, person=person, now=now, until=now + _COMMANDS_LAST)
        return shown

    async def _remember(self, interaction: Interaction, message: Message, message_id: int) -> None:
        """Note the papers of a message everybody sees, so that reactions to it count."""
        if message.cards and (is_staying(interaction) or is_talk(interaction)):
            papers, first = [card.paper_id for card in message.cards], message.cards[0].rank or 1
            await self._app.store.record_post(asked_in(interaction).key, str(message_id), papers, first=first)
