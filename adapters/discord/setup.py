"""Setting up a channel's daily post: one private message with selects, a form, a preview and a start button.

Every choice is a command on the channel named in the custom ids, kept at once; so nothing is remembered here, and a
restart in the middle changes nothing. Each passes the same way: acknowledged, asked, shown.
"""

import re
from typing import Any, NamedTuple, cast

import discord

from adapters.discord.acknowledgement import acknowledge
from adapters.discord.command_names import CommandNames
from adapters.discord.interactions import Interactions
from adapters.discord.permissions import impossible, lacking
from adapters.discord.places import Channel, Interaction, asked_in, is_staying, place_of
from adapters.discord.responses import Responses
from adapters.discord.setup_form import FORM, SetupForm, changes
from adapters.discord.setup_panel import Panel
from bot.domain.destinations import Destination
from bot.domain.messages import Message, Text, text
from bot.domain.named_posts import topics_of_post
from bot.domain.people import Place, Topic, quoted
from bot.library.app import App

SETUP = {"digest setup", "digest on"}
"""The commands that open the setup when they are used without options."""

_UNSEEN = (
    "I cannot see that channel: it is gone, or I am not in it. Add me to it (in a private thread by mentioning me)."
)
_CANNOT_SEE = Message(body=(text(_UNSEEN),), private=True)
_SUBMIT = discord.InteractionType.modal_submit


class _Settings(NamedTuple):
    """A post, the names of the others of its place, its own topics, and all that it is about."""

    destination: Destination
    posts: list[str]
    own: list[Topic]
    topics: list[Topic]


class Setup:
    """Opens the setup and takes what is chosen in it."""

    def __init__(self, app: App, interactions: Interactions, responses: Responses, names: CommandNames) -> None:
        self._app = app
        self._names = names
        self._interactions = interactions
        self._responses = responses

    async def open(self, interaction: Interaction, command: str) -> None:
        """Answer a command with the setup of the channel it was asked in; to members it is refused as a command."""
        if not await self._interactions.manages(interaction):
            await self._interactions.command(interaction, command)
        elif await acknowledge(interaction, private=True):
            await self._show(interaction, asked_in(interaction))

    async def change(self, interaction: Interaction, channel: str, *lines: str, post: str = "") -> None:
        """Run command lines on a post of a channel and show how it is set then."""
        if await self._refused(interaction) or not await acknowledge(interaction, private=True, replacing=True):
            return
        place = await _place(interaction, channel)
        if place is None:
            await self._responses.send_ephemeral(interaction, _CANNOT_SEE)
            return
        await self._show(interaction, place, await self._run(interaction, place, lines, post), post)

    async def preview(self, interaction: Interaction, channel: str, post: str) -> None:
        """Show what a post of a channel would say now."""
        if await self._refused(interaction) or not await acknowledge(interaction, private=True):
            return
        place, line = await _place(interaction, channel), f"digest preview{_of(post)}"
        asked = await self._interactions.ask(interaction, line, place=place) if place else _CANNOT_SEE
        await self._responses.show(interaction, asked)

    async def open_form(self, interaction: Interaction, channel: str, post: str) -> None:
        """Show the form. It must be the first response, so this one thing is read before it is acknowledged."""
        if await self._refused(interaction):
            return
        place = await _place(interaction, channel)
        if place is not None:
            settings = await self._settings(place, post)
            await interaction.response.send_modal(SetupForm(place, settings.destination, settings.own))
        elif await acknowledge(interaction, private=True, replacing=True):
            await self._responses.send_ephemeral(interaction, _CANNOT_SEE)

    async def submit(self, interaction: Interaction) -> None:
        """Take a form that was filled in; any other interaction finds its own way."""
        data: Any = interaction.data or {}
        match = re.fullmatch(FORM, data.get("custom_id", "")) if interaction.type is _SUBMIT else None
        if not match or await self._refused(interaction):
            return
        if not await acknowledge(interaction, private=True, replacing=True):
            return
        place, post = await _place(interaction, match["channel"]), match["post"] or ""
        if place is None:
            await self._responses.send_ephemeral(interaction, _CANNOT_SEE)
            return
        lines = changes(data, (await self._settings(place, post)).own)
        await self._show(interaction, place, await self._run(interaction, place, tuple(lines), post), post)

    async def _refused(self, interaction: Interaction) -> bool:
        """Refuse what is not for somebody who does not manage the place, as the command is; says whether that was so.

        Whoever lost the right may still have a setup open, with another channel's settings a press away.
        """
        if await self._interactions.manages(interaction):
            return False
        await self._interactions.command(interaction, "digest setup")
        return True

    async def _run(self, interaction: Interaction, place: Place, lines: tuple[str, ...], post: str) -> list[Text]:
        """Run command lines on a post, but those that could never do anything; returns what was wrong with them."""
        channel, wrong = await _find(interaction, place.channel), list[Text]()
        for line in (f"{line}{_of(post)}" for line in lines):
            if reason := impossible(interaction, line, channel):
                wrong.append(text(reason))
                continue
            answer = await self._interactions.ask(interaction, line, place=place)
            wrong += answer.body if answer.private else ()
        return wrong

    async def _settings(self, place: Place, post: str) -> _Settings:
        """A post of a place; the one without a name where there is none of that name."""
        posts = {each.post: each for each in await self._app.store.posts_of(place.key)}
        found = posts.get(post) or posts.get("") or Destination(place=place, enabled=False)
        shared = await self._app.store.topics(place.key)
        if not found.post:
            return _Settings(found, list(filter(None, posts)), shared, shared)
        own = await self._app.store.topics(found.key)
        return _Settings(found, list(filter(None, posts)), own, topics_of_post(found.post, own, shared))

    async def _show(
        self, interaction: Interaction, place: Place, notes: list[Text] | None = None, post: str = ""
    ) -> None:
        """Show how a post of a channel is set, and what was wrong with the last change."""
        settings = await self._settings(place, post)
        channel = await _find(interaction, place.channel) if is_staying(interaction) else None
        warning = lacking(interaction, channel, threads=settings.destination.opens_threads)
        panel = Panel(
            settings.destination,
            settings.posts,
            settings.topics,
            warning,
            notes or [],
            in_guild=interaction.guild is not None,
            code=self._names.write,
        )
        await interaction.edit_original_response(view=panel.view(self._app.clock.now()))


def _of(post: str) -> str:
    """What ends a command line that is about a post."""
    return f" post {quoted(post)}" if post else ""


def setup_of(interaction: Interaction) -> Setup:
    """The setup of the client that received an interaction."""
    found: Setup = cast("Any", interaction.client).setup
    return found


async def _place(interaction: Interaction, channel: str) -> Place | None:
    """The channel of this server with an id, or the private talk; None for a channel the bot cannot see."""
    here = asked_in(interaction)
    if not is_staying(interaction) or not channel.isdigit() or channel == here.channel:
        return here
    found = await _find(interaction, channel)
    return place_of(found) if found else None


async def _find(interaction: Interaction, channel: str) -> Channel | None:
    """A channel of this server, also a thread that was archived; an id is taken from nobody else's server."""
    guild = interaction.guild
    if guild is None or not channel.isdigit():
        return None
    try:
        return guild.get_channel_or_thread(int(channel)) or await guild.fetch_channel(int(channel))
    except (discord.HTTPException, discord.InvalidData):
        return None
