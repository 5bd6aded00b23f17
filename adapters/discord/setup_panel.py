"""What the setup of a channel's daily post shows: how it is set, and the selects and buttons that change it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import discord
from discord import ui

from adapters.discord.escape import escape, fit
from adapters.discord.render import ACCENT
from adapters.discord.setup_choices import SELECTS, chosen
from adapters.discord.setup_items import FIRST, SetupButton, SetupChannel, SetupPost, SetupSelect, setup_id
from adapters.discord.spans import Code, markdown
from bot.domain.destinations import Destination, next_run
from bot.domain.messages import Text
from bot.domain.people import Topic
from bot.domain.post_settings import describe, describe_topics

CHANNEL_TYPES = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.public_thread,
    discord.ChannelType.private_thread,
    discord.ChannelType.news_thread,
]
_NOTES = 5


@dataclass(frozen=True, slots=True)
class Panel:
    """The settings of a channel's post as they are shown.

    `posts` are the names of the channel's others beside the one without a name. `warning` says what the bot lacks
    there, `notes` what was wrong with the last change.
    """

    destination: Destination
    posts: Sequence[str]
    topics: list[Topic]
    warning: str
    notes: Sequence[Text]
    in_guild: bool
    code: Code

    def view(self, now: datetime) -> ui.LayoutView:
        """The message."""
        text = ui.TextDisplay[Any]("\n".join(self._lines(now)))
        container: ui.Container[Any] = ui.Container(text, ui.Separator(), accent_colour=ACCENT)
        for row in _rows(self.destination, self.posts, in_guild=self.in_guild):
            container.add_item(row)
        view = ui.LayoutView(timeout=None)
        view.add_item(container)
        return view

    def _lines(self, now: datetime) -> Iterator[str]:
        name = f": {escape(self.destination.post)}" if self.destination.post else ""
        yield f"## 🗞️ Daily post{name} · {fit(self.destination.place.name, 120)}"
        yield _status(self.destination, now)
        yield f"**Papers:** {escape(describe(self.destination))}"
        yield f"**Topics:** {fit(describe_topics(self.topics), 600) or 'everything that is trending'}"
        if self.warning:
            yield escape(self.warning)
        yield from (f"❗ {markdown(note, 300, self.code)}" for note in self.notes[:_NOTES])


def _status(destination: Destination, now: datetime) -> str:
    """What happens next, in everybody's own time."""
    due = next_run(destination, now)
    if due is None:
        return "It is off. Choose, look at the preview, then press **Start**."
    return f"✅ On. The next post comes {discord.utils.format_dt(due, 'F')}, {discord.utils.format_dt(due, 'R')}."


def _rows(destination: Destination, posts: Sequence[str], *, in_guild: bool) -> Iterator[ui.ActionRow[Any]]:
    channel, post = destination.place.channel, destination.post
    if in_guild:
        picker: ui.ChannelSelect[Any] = ui.ChannelSelect(
            custom_id="setup:channel",
            placeholder="Channel",
            channel_types=CHANNEL_TYPES,
            default_values=[discord.Object(int(channel), type=discord.abc.GuildChannel)],
        )
        yield ui.ActionRow(SetupChannel(picker))
    if posts:
        named = [discord.SelectOption(label=each, value=each, default=each == post) for each in posts]
        first = discord.SelectOption(label="The daily post without a name", value=FIRST, default=not post)
        which: ui.Select[Any] = ui.Select(
            custom_id=setup_id(channel, "post", ""), placeholder="Which post", options=[first, *named]
        )
        yield ui.ActionRow(SetupPost(which, channel))
    now = chosen(destination)
    for what, (label, choices) in SELECTS.items():
        options = [
            discord.SelectOption(label=name, value=value, default=value == now[what]) for value, name in choices.items()
        ]
        select: ui.Select[Any] = ui.Select(
            custom_id=setup_id(channel, what, post), placeholder=f"Other {label}", options=options
        )
        yield ui.ActionRow(SetupSelect(select, channel, what, post))
    yield ui.ActionRow(*_buttons(destination))


def _buttons(destination: Destination) -> Iterator[ui.Item[Any]]:
    channel, post = destination.place.channel, destination.post
    grey, green, red = discord.ButtonStyle.secondary, discord.ButtonStyle.success, discord.ButtonStyle.danger
    last = ("stop", "Stop", red, "⏹️") if destination.enabled else ("start", "Start", green, "▶️")
    for act, label, style, emoji in (
        ("form", "Time, zone, topics", grey, "🕘"),
        ("preview", "Preview", grey, "👀"),
        last,
    ):
        custom_id = setup_id(channel, act, post)
        button: ui.Button[Any] = ui.Button(label=label, style=style, emoji=emoji, custom_id=custom_id)
        yield SetupButton(button, channel, act, post)
