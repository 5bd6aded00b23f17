"""Setting up a channel's daily post: one private message with selects, a form, a preview and a start button.

Every choice is a command on the channel named in the custom ids, kept at once; so nothing is remembered here, and a
restart in the middle changes nothing.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Self

import discord
from discord import ui

from adapters.discord.error_replies import apologising
from adapters.discord.escape import escape, fit, markdown
from adapters.discord.interactions import Interactions, interactions_of
from adapters.discord.permissions import lacking
from adapters.discord.places import AnyInteraction, Channel, Interaction, asked_in, is_staying, place_of
from adapters.discord.render import ACCENT
from adapters.discord.responses import acknowledge
from adapters.discord.setup_choices import SELECTS, chosen, lines_of
from adapters.discord.setup_form import FORM, SetupForm, changes
from bot.domain.destinations import Destination, next_run
from bot.domain.messages import Message, text
from bot.domain.people import Place, Topic
from bot.domain.post_settings import describe, describe_topics

SETUP = "digest on"
"""The command that opens the setup when it is used without options."""

CHANNEL_TYPES = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
]
_UNSEEN = (
    "I cannot see that channel: it is gone, or I am not in it. Add me to it (in a private thread by mentioning me)."
)
_COMMANDS = {"start": "digest on", "stop": "digest off", "preview": "digest preview"}


async def open_setup(interaction: Interaction) -> None:
    """Answer `digest on` with the setup of the channel it was asked in."""
    interactions = interactions_of(interaction)
    if not await interactions.manages(interaction):
        await interactions.command(interaction, SETUP)
    elif await acknowledge(interaction, private=True):
        await _show(interaction, asked_in(interaction))


async def submit_form(interaction: Interaction) -> bool:
    """Take a form that was filled in; false when the interaction is none of ours."""
    data: Any = interaction.data or {}
    match = re.fullmatch(FORM, data.get("custom_id", "")) if interaction.type is _SUBMIT else None
    if not match:
        return False
    if await acknowledge(interaction, private=True, replacing=True):
        interactions = interactions_of(interaction)
        place = await _place(interaction, match["channel"])
        if place is None:
            await interactions.answers.send_ephemeral(interaction, _said(_UNSEEN))
            return True
        topics = await interactions.app.store.topics(place.key)
        told = [await interactions.ask(interaction, line, place=place) for line in changes(data, topics)]
        await _show(interaction, place, told)
    return True


_SUBMIT = discord.InteractionType.modal_submit


class SetupChannel(ui.DynamicItem[ui.ChannelSelect[Any]], template=r"setup:channel"):
    """Picks the channel that is set up."""

    @classmethod
    async def from_custom_id(cls, interaction: AnyInteraction, item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """The select that was used."""
        assert isinstance(item, ui.ChannelSelect)
        return cls(item)

    @apologising
    async def callback(self, interaction: AnyInteraction) -> None:
        """Show the setup of the channel picked."""
        if await acknowledge(interaction, private=True, replacing=True):
            await _change(interaction, str(self.item.values[0].id))


class SetupSelect(ui.DynamicItem[ui.Select[Any]], template=r"setup:(?P<channel>@?\d+):(?P<what>count|days|layout)"):
    """Sets one thing about a channel's post."""

    def __init__(self, select: ui.Select[Any], channel: str, what: str) -> None:
        super().__init__(select)
        self._channel = channel
        self._what = what

    @classmethod
    async def from_custom_id(cls, interaction: AnyInteraction, item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """The select that was used."""
        assert isinstance(item, ui.Select)
        return cls(item, match["channel"], match["what"])

    @apologising
    async def callback(self, interaction: AnyInteraction) -> None:
        """Keep the value chosen."""
        if await acknowledge(interaction, private=True, replacing=True):
            await _change(interaction, self._channel, *lines_of(self._what, self.item.values[0]))


class SetupButton(
    ui.DynamicItem[ui.Button[Any]], template=r"setup:(?P<channel>@?\d+):(?P<act>form|preview|start|stop)"
):
    """Opens the form, shows a preview, or starts and stops the post."""

    def __init__(self, button: ui.Button[Any], channel: str, act: str) -> None:
        super().__init__(button)
        self._channel = channel
        self._act = act

    @classmethod
    async def from_custom_id(cls, interaction: AnyInteraction, item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """The button that was pressed."""
        assert isinstance(item, ui.Button)
        return cls(item, match["channel"], match["act"])

    @apologising
    async def callback(self, interaction: AnyInteraction) -> None:
        """Do what the button says."""
        if self._act == "form":
            await _open_form(interaction, self._channel)
        elif self._act == "preview":
            if await acknowledge(interaction, private=True):
                await _preview(interaction, self._channel)
        elif await acknowledge(interaction, private=True, replacing=True):
            await _change(interaction, self._channel, _COMMANDS[self._act])


async def _open_form(interaction: Interaction, channel: str) -> None:
    """Show the form. It must be the first response, so this one thing is not acknowledged before it is read."""
    interactions = interactions_of(interaction)
    place = await _place(interaction, channel)
    if place is not None:
        await interaction.response.send_modal(SetupForm(place, *await _settings(interactions, place)))
    elif await acknowledge(interaction, private=True, replacing=True):
        await interactions.answers.send_ephemeral(interaction, _said(_UNSEEN))


async def _preview(interaction: Interaction, channel: str) -> None:
    interactions = interactions_of(interaction)
    place = await _place(interaction, channel)
    message = await interactions.ask(interaction, _COMMANDS["preview"], place=place) if place else _said(_UNSEEN)
    await interactions.answers.show(interaction, message, private=True)


async def _change(interaction: Interaction, channel: str, *lines: str) -> None:
    """Run command lines on a channel and show how it is set then."""
    interactions = interactions_of(interaction)
    place = await _place(interaction, channel)
    if place is None:
        await interactions.answers.send_ephemeral(interaction, _said(_UNSEEN))
        return
    await _show(interaction, place, [await interactions.ask(interaction, line, place=place) for line in lines])


def _said(words: str) -> Message:
    return Message(body=(text(words),), private=True)


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


async def _settings(interactions: Interactions, place: Place) -> tuple[Destination, list[Topic]]:
    store = interactions.app.store
    destination = await store.destination(place.key) or Destination(place=place, enabled=False)
    return destination, await store.topics(place.key)


async def _show(interaction: Interaction, place: Place, told: list[Message] | None = None) -> None:
    """Show how a channel is set, and what was wrong with the last change."""
    interactions = interactions_of(interaction)
    destination, topics = await _settings(interactions, place)
    channel = await _find(interaction, place.channel) if is_staying(interaction) else None
    notes = [markdown(words, 300) for message in told or () if message.private for words in message.body]
    warning = lacking(interaction, channel, threads=destination.opens_threads)
    lines = [
        f"## 🗞️ Daily post · {fit(place.name, 120)}",
        _status(destination, interactions.app.clock.now()),
        f"**Papers:** {escape(describe(destination))}",
        f"**Topics:** {fit(describe_topics(topics), 600) or 'everything that is trending'}",
        *([escape(warning)] if warning else []),
        *(f"❗ {note}" for note in notes[:5]),
    ]
    container: ui.Container[Any] = ui.Container(ui.TextDisplay("\n".join(lines)), ui.Separator(), accent_colour=ACCENT)
    for item in _controls(place, destination, in_guild=interaction.guild is not None):
        container.add_item(item)
    view = ui.LayoutView(timeout=None)
    view.add_item(container)
    await interaction.edit_original_response(view=view)


def _status(destination: Destination, now: datetime) -> str:
    """What happens next, in everybody's own time."""
    due = next_run(destination, now)
    if due is None:
        return "Not switched on yet. Choose, look at the preview, then press **Start**."
    return f"✅ On. The next post comes {discord.utils.format_dt(due, 'F')}, {discord.utils.format_dt(due, 'R')}."


def _controls(place: Place, destination: Destination, *, in_guild: bool) -> Iterator[ui.ActionRow[Any]]:
    if in_guild:
        picker: ui.ChannelSelect[Any] = ui.ChannelSelect(
            custom_id="setup:channel",
            placeholder="Channel",
            channel_types=CHANNEL_TYPES,
            default_values=[discord.Object(int(place.channel), type=discord.abc.GuildChannel)],
        )
        yield ui.ActionRow(SetupChannel(picker))
    now = chosen(destination)
    for what, (label, choices) in SELECTS.items():
        options = [
            discord.SelectOption(label=name, value=value, default=value == now[what]) for value, name in choices.items()
        ]
        select: ui.Select[Any] = ui.Select(
            custom_id=f"setup:{place.channel}:{what}", placeholder=f"Other {label}", options=options
        )
        yield ui.ActionRow(SetupSelect(select, place.channel, what))
    yield ui.ActionRow(*_buttons(place, destination))


def _buttons(place: Place, destination: Destination) -> Iterator[ui.Item[Any]]:
    grey, green, red = discord.ButtonStyle.secondary, discord.ButtonStyle.success, discord.ButtonStyle.danger
    last = ("stop", "Stop", red, "⏹️") if destination.enabled else ("start", "Start", green, "▶️")
    for act, label, style, emoji in (
        ("form", "Time, zone, topics", grey, "🕘"),
        ("preview", "Preview", grey, "👀"),
        last,
    ):
        button: ui.Button[Any] = ui.Button(
            label=label, style=style, emoji=emoji, custom_id=f"setup:{place.channel}:{act}"
        )
        yield SetupButton(button, place.channel, act)
