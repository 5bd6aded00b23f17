"""The selects and buttons of the setup. What they are about is in their custom ids, so they work after a restart."""

import re
from typing import Any, Protocol, Self

from discord import ui

from adapters.discord.error_replies import apologising
from adapters.discord.places import AnyInteraction
from adapters.discord.setup_choices import lines_of

COMMANDS = {"start": "digest on", "stop": "digest off"}
"""The command that a button runs."""

FIRST = ":"
"""What stands for the post without a name, where one is chosen; no name has it."""

_POST = r"(?::(?P<post>[^:]{1,40}))?"
"""The name of a post at the end of a custom id."""


def setup_id(channel: str, what: str, post: str) -> str:
    """The custom id of what is about a post of a channel."""
    return f"setup:{channel}:{what}{f':{post}' if post else ''}"


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
        await _setup(interaction).change(interaction, str(self.item.values[0].id))


class SetupSelect(
    ui.DynamicItem[ui.Select[Any]], template=rf"setup:(?P<channel>@?\d+):(?P<what>count|days|scope|layout){_POST}"
):
    """Sets one thing about a channel's post."""

    def __init__(self, select: ui.Select[Any], channel: str, what: str, post: str = "") -> None:
        super().__init__(select)
        self._channel = channel
        self._what = what
        self._post = post

    @classmethod
    async def from_custom_id(cls, interaction: AnyInteraction, item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """The select that was used."""
        assert isinstance(item, ui.Select)
        return cls(item, match["channel"], match["what"], match["post"] or "")

    @apologising
    async def callback(self, interaction: AnyInteraction) -> None:
        """Keep the value chosen."""
        lines = lines_of(self._what, self.item.values[0])
        await _setup(interaction).change(interaction, self._channel, *lines, post=self._post)


class SetupPost(ui.DynamicItem[ui.Select[Any]], template=r"setup:(?P<channel>@?\d+):post"):
    """Picks the post that is set up, where a channel has several."""

    def __init__(self, select: ui.Select[Any], channel: str) -> None:
        super().__init__(select)
        self._channel = channel

    @classmethod
    async def from_custom_id(cls, interaction: AnyInteraction, item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """The select that was used."""
        assert isinstance(item, ui.Select)
        return cls(item, match["channel"])

    @apologising
    async def callback(self, interaction: AnyInteraction) -> None:
        """Show the setup of the post picked."""
        await _setup(interaction).change(interaction, self._channel, post=self.item.values[0].removeprefix(FIRST))


class SetupButton(
    ui.DynamicItem[ui.Button[Any]], template=rf"setup:(?P<channel>@?\d+):(?P<act>form|preview|start|stop){_POST}"
):
    """Opens the form, shows a preview, or starts and stops the post."""

    def __init__(self, button: ui.Button[Any], channel: str, act: str, post: str = "") -> None:
        super().__init__(button)
        self._channel = channel
        self._act = act
        self._post = post

    @classmethod
    async def from_custom_id(cls, interaction: AnyInteraction, item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """The button that was pressed."""
        assert isinstance(item, ui.Button)
        return cls(item, match["channel"], match["act"], match["post"] or "")

    @apologising
    async def callback(self, interaction: AnyInteraction) -> None:
        """Do what the button says."""
        if self._act == "form":
            await _setup(interaction).open_form(interaction, self._channel, self._post)
        elif self._act == "preview":
            await _setup(interaction).preview(interaction, self._channel, self._post)
        else:
            await _setup(interaction).change(interaction, self._channel, COMMANDS[self._act], post=self._post)


class _Setup(Protocol):
    """What is asked of the setup; the client has it as `setup`."""

    async def change(self, interaction: AnyInteraction, channel: str, *lines: str, post: str = "") -> None: ...

    async def open_form(self, interaction: AnyInteraction, channel: str, post: str) -> None: ...

    async def preview(self, interaction: AnyInteraction, channel: str, post: str) -> None: ...


def _setup(interaction: AnyInteraction) -> _Setup:
    found: _Setup = interaction.client.setup
    return found
