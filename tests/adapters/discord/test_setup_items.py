"""The selects and buttons of the setup, which know from their custom ids what they are about."""

from typing import Any

import pytest

from adapters.discord.setup_items import COMMANDS, SetupButton, SetupChannel, SetupPost, SetupSelect
from bot.commands import registry
from tests.support.discord.setups import opened
from tests.support.discord.world import World


class Asked:
    """A setup that notes what is asked of it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    async def change(self, interaction: Any, channel: str, *lines: str, post: str = "") -> None:
        self.asked.append(("change", channel, *lines, *filter(None, [post])))
        await interaction.response.defer()

    async def open_form(self, interaction: Any, channel: str, post: str) -> None:
        self.asked.append(("form", channel, *filter(None, [post])))
        await interaction.response.defer()

    async def preview(self, interaction: Any, channel: str, post: str) -> None:
        self.asked.append(("preview", channel, *filter(None, [post])))
        await interaction.response.defer()


def noting(world: World) -> Asked:
    """Put a setup that only notes in place of the client's."""
    setup: Any = Asked()
    world.client.setup = setup
    noted: Asked = setup
    return noted


async def test_a_select_asks_for_the_commands_that_its_value_stands_for(world: World) -> None:
    panel, setup, here = await opened(world), noting(world), str(world.papers.id)
    await world.ana.select(panel, ["7"], custom_id=f"setup:{here}:count")
    await world.ana.select(panel, ["threads"], custom_id=f"setup:{here}:layout")
    assert setup.asked == [
        ("change", here, "digest count 7"),
        ("change", here, "digest layout cards", "digest threads on"),
    ]


async def test_a_button_does_what_it_says(world: World) -> None:
    panel, setup, here = await opened(world), noting(world), str(world.papers.id)
    for act in ("form", "preview", "start"):
        await world.ana.click(panel, custom_id=f"setup:{here}:{act}")
    assert setup.asked == [("form", here), ("preview", here), ("change", here, "digest on")]


async def test_the_channel_picked_is_shown_and_nothing_about_it_changed(world: World) -> None:
    reading = world.guild.create_text_channel("reading-group")
    panel, setup = await opened(world), noting(world)
    await world.ana.select(panel, [reading], custom_id="setup:channel")
    assert setup.asked == [("change", str(reading.id))]


def test_every_button_runs_a_command_that_there_is() -> None:
    assert [registry.find(line)[0].name for line in COMMANDS.values()] == list(COMMANDS.values())


@pytest.mark.parametrize(
    ("custom_id", "kinds"),
    [
        ("setup:channel", [SetupChannel]),
        ("setup:11:count", [SetupSelect]),
        ("setup:@7:days", [SetupSelect]),
        ("setup:@7:stop", [SetupButton]),
        ("setup:11:count:robotics", [SetupSelect]),
        ("setup:@7:start:graph nets", [SetupButton]),
        ("setup:11:post", [SetupPost]),
        ("setup:11:forms", []),
        ("setup:11:count:", []),
        ("setup:papers:count", []),
        ("setup::start", []),
    ],
)
def test_a_custom_id_belongs_to_one_kind_of_item(custom_id: str, kinds: list[Any]) -> None:
    every: list[Any] = [SetupChannel, SetupPost, SetupSelect, SetupButton]
    assert [kind for kind in every if kind.__discord_ui_compiled_template__.fullmatch(custom_id)] == kinds
