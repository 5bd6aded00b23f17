"""The selects and buttons of the setup. What they are about is in their custom ids, so they work after a restart."""

import re
from typing import Any, Protocol, Self

from discord import ui

from adapters.discord.error_replies import apologising
from adapters.discord.places import AnyInteraction
from adapters.discord.setup_choices import lines_of

COMMANDS = {"start": "digest on", "stop": "digest off"}
"""The command that a button runs."""


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
    ui.DynamicItem[ui.Select[Any]], template=r"setup:(?P<channel>@?\d+):(?P<what>count|days|scope|layout)"
):
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
        await _setup(interaction).change(interaction, self._channel, *lines_of(self._what, self.item.values[0]))


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
            await _setup(interaction).open_form(interaction, self._channel)
        elif self._act == "preview":
            await _setup(interaction).preview(interaction, self._channel)
        else:
            await _setup(interaction).change(interaction, self._channel, COMMANDS[self._act])


class _Setup(Protocol):
    """What is asked of the setup; the client has it as `setup`."""

    async def change(self, interaction: AnyInteraction, channel: str, *lines: str) -> None: ...

    async def open_form(self, interaction: AnyInteraction, channel: str) -> None: ...

    async def preview(self, interaction: AnyInteraction, channel: str) -> None: ...


def _setup(interaction: AnyInteraction) -> _Setup:
    found: _Setup = interaction.client.setup
    return found
