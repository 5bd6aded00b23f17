"""Buttons and selects that run command lines; all they need is in their custom id, so a restart changes nothing."""

import re
from typing import Any, Protocol, Self

import discord
from discord import ui

from adapters.discord.custom_ids import LIMIT, pack, pack_by_key, unpack
from adapters.discord.error_replies import apologising
from adapters.discord.escape import clean, cut, units
from adapters.discord.links import safe_url
from adapters.discord.places import AnyInteraction
from bot.chat.paging import split_page
from bot.domain.messages import Button, Choice, Select

LABEL, CHOICE, PLACEHOLDER, CHOICES = 80, 100, 150, 25
"""Characters of a button's label, of a choice's label and value, of a placeholder; choices of a select."""

VALUE = "{value}"

EMOJI = {
    "save": "🔖",
    "show": "📄",
    "unsave": "🗑️",
    "similar": "🔎",
    "dislike": "👎",
    "export": "📤",
    "saved": "📚",
    "note": "📝",
    "tag": "🏷️",
}
"""What stands before the name of what a command does."""
_ROOM = LIMIT - len("b4:")  # the kind, a number that tells equal commands on one message apart, and a colon
_NUMBERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


class CommandButton(ui.DynamicItem[ui.Button[Any]], template=re.compile(r"b[0-9a-zA-Z]:(?P<packed>.+)", re.DOTALL)):
    """A button that runs a command line."""

    def __init__(self, button: ui.Button[Any], line: str) -> None:
        super().__init__(button)
        self._line = line

    @classmethod
    async def from_custom_id(cls, interaction: AnyInteraction, item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """The button that was pressed."""
        assert isinstance(item, ui.Button)
        return cls(item, unpack(match["packed"]))

    @apologising
    async def callback(self, interaction: AnyInteraction) -> None:
        """Run the line and show its answer."""
        await _presses(interaction).press(interaction, self._line)


class CommandSelect(ui.DynamicItem[ui.Select[Any]], template=re.compile(r"s[0-9a-zA-Z]:(?P<packed>.+)", re.DOTALL)):
    """A select that runs a command line with the value chosen."""

    def __init__(self, select: ui.Select[Any], line: str) -> None:
        super().__init__(select)
        self._line = line

    @classmethod
    async def from_custom_id(cls, interaction: AnyInteraction, item: ui.Item[Any], match: re.Match[str], /) -> Self:
        """The select that was used."""
        assert isinstance(item, ui.Select)
        return cls(item, unpack(match["packed"]))

    @apologising
    async def callback(self, interaction: AnyInteraction) -> None:
        """Run the line with the value and show its answer."""
        await _presses(interaction).press(interaction, self._line.replace(VALUE, self.item.values[0]))


class _Presses(Protocol):
    """What answers presses; the client has it as `interactions`."""

    async def press(self, interaction: AnyInteraction, line: str) -> None: ...


def _presses(interaction: AnyInteraction) -> _Presses:
    found: _Presses = interaction.client.interactions
    return found


class Maker:
    """Makes the buttons and selects of one message, each with a custom id of its own."""

    def __init__(self) -> None:
        self._made = 0
        self.kept: dict[str, str] = {}
        """Lines to be kept for buttons that have no room for them, by their keys and without their pages."""

    def button(self, button: Button) -> ui.Item[Any] | None:
        """The button, or None for one that Discord would not take: no label, a bad link, a line too long."""
        label = cut(button.label, LABEL)
        if not label:
            return None
        if button.url:
            url = safe_url(button.url)
            return ui.Button(label=label, url=url) if url else None
        custom_id = self._custom_id("b", pack(button.command, _ROOM) or self._packed_by_key(button.command))
        if not custom_id:
            return None
        return CommandButton(_button(button, label, custom_id), button.command)

    def select(self, select: Select) -> ui.Item[Any] | None:
        """The select, or None where there is nothing to choose from."""
        options = _options(select.choices)
        custom_id = self._custom_id("s", pack(select.command, _ROOM))
        if not options or not custom_id:
            return None
        made: ui.Select[Any] = ui.Select(
            custom_id=custom_id, placeholder=cut(select.label, PLACEHOLDER) or None, options=options
        )
        return CommandSelect(made, select.command)

    def _packed_by_key(self, line: str) -> str:
        packed, key = pack_by_key(line)
        if packed:
            self.kept[key] = split_page(line)[0]
        return packed

    def _custom_id(self, kind: str, packed: str) -> str:
        if not packed or self._made >= len(_NUMBERS):
            return ""
        self._made += 1
        return f"{kind}{_NUMBERS[self._made - 1]}:{packed}"


def _button(button: Button, label: str, custom_id: str) -> ui.Button[Any]:
    """A grey button: under papers that come every day none shouts. Only what cannot be undone is red."""
    word = button.command.split(maxsplit=1)[0]
    style = discord.ButtonStyle.danger if word == "forget-me" else discord.ButtonStyle.secondary
    return ui.Button(label=label, custom_id=custom_id, style=style, emoji=EMOJI.get(word))


def comes_back(value: str) -> bool:
    """Whether Discord takes the value of a choice, also as its label, and sends it back as it is."""
    return 0 < units(value) <= CHOICE and clean(value) == value


def _options(choices: tuple[Choice, ...]) -> list[discord.SelectOption]:
    """The choices Discord takes: each value once, and such that it comes back as it is."""
    named = {choice.value: choice for choice in choices if comes_back(choice.value)}
    chosen = next((value for value, choice in named.items() if choice.selected), None)
    return [
        discord.SelectOption(label=cut(choice.label, CHOICE) or value, value=value, default=value == chosen)
        for value, choice in list(named.items())[:CHOICES]
    ]
