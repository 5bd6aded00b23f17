"""What the setup of a channel's daily post shows."""

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

import discord
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.escape import as_code
from adapters.discord.setup_panel import CHANNEL_TYPES, Panel
from bot.domain.destinations import Destination, Layout
from bot.domain.messages import text
from bot.domain.people import Place, Topic
from tests.adapters.discord.test_escape import HOSTILE
from tests.support.discord.limits import BUTTON, CHANNEL_SELECT, STRING_SELECT, TEXT_DISPLAY, check_components, walk

NOW = datetime(2026, 1, 19, 8, tzinfo=UTC)
DUE = datetime(2026, 1, 19, 9, 30, tzinfo=UTC)
DESTINATION = Destination(place=Place("discord", "1", "11", "#papers"), at=time(9, 30), count=3)
PANEL = Panel(DESTINATION, [], [], "", [], in_guild=True, code=as_code)


def parts(panel: Panel, kind: int) -> list[dict[str, Any]]:
    """The panel's components of a kind, as they are sent."""
    components: list[Any] = list(panel.view(NOW).to_components())
    return [part for part in walk(components) if part["type"] == kind]


def shown(panel: Panel) -> str:
    return "\n".join(part["content"] for part in parts(panel, TEXT_DISPLAY))


async def test_a_post_that_is_on_says_when_the_next_one_comes() -> None:
    assert f"The next post comes <t:{DUE.timestamp():.0f}:F>" in shown(PANEL)
    assert [part["label"] for part in parts(PANEL, BUTTON)][-1] == "Stop"


async def test_a_post_that_is_off_says_how_to_start_it() -> None:
    panel = replace(PANEL, destination=replace(DESTINATION, enabled=False))
    assert "It is off. Choose" in shown(panel)
    assert [part["label"] for part in parts(panel, BUTTON)][-1] == "Start"


async def test_each_select_shows_what_is_set() -> None:
    panel = replace(PANEL, destination=replace(DESTINATION, chosen_layout=Layout.COMPACT, days=frozenset(range(5))))
    chosen = {
        part["custom_id"]: [option["value"] for option in part["options"] if option.get("default")]
        for part in parts(panel, STRING_SELECT)
    }
    assert chosen == {
        "setup:11:count": ["3"],
        "setup:11:days": ["weekdays"],
        "setup:11:scope": ["topics-only"],
        "setup:11:layout": ["compact"],
    }


async def test_a_channel_is_picked_in_servers_alone() -> None:
    [picker] = parts(PANEL, CHANNEL_SELECT)
    assert [int(default["id"]) for default in picker["default_values"]] == [11]
    assert parts(replace(PANEL, in_guild=False), CHANNEL_SELECT) == []


async def test_what_is_missing_and_what_was_wrong_is_shown_but_no_more_than_fits() -> None:
    notes = [text(f"mistake {number}") for number in range(9)]
    said = shown(replace(PANEL, warning="I cannot post here.", notes=notes))
    assert "I cannot post here." in said
    assert [line for line in said.splitlines() if "mistake" in line] == [f"❗ mistake {number}" for number in range(5)]


def test_every_kind_of_channel_that_takes_posts_can_be_picked() -> None:
    kind = discord.ChannelType
    talks, listings = {kind.private, kind.group}, {kind.category, kind.media}
    assert set(CHANNEL_TYPES) == set(kind) - talks - listings - {kind.voice, kind.stage_voice}


@given(name=HOSTILE, warning=HOSTILE, topics=st.lists(st.builds(Topic, HOSTILE, st.booleans()), max_size=30))
async def test_discord_takes_any_panel(name: str, warning: str, topics: list[Topic]) -> None:
    named = replace(DESTINATION, place=Place("discord", "1", "11", name))
    posts = [f"{number} " + "x" * 36 for number in range(10)]
    panel = Panel(named, posts, topics, warning, [text(warning)] * 9, in_guild=True, code=as_code)
    components: list[Any] = list(panel.view(NOW).to_components())
    check_components(components)
