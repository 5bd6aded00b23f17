"""The form of the setup: time, time zone and topics, as text."""

from collections.abc import Iterator
from itertools import accumulate
from typing import Any

import discord
from discord import ui

from adapters.discord.escape import cut
from adapters.discord.setup_items import setup_id
from bot.domain.destinations import Destination
from bot.domain.people import Place, Topic
from bot.domain.zones import zone_name

FORM = r"setup:(?P<channel>@?\d+):submit(?::(?P<post>[^:]{1,40}))?"
"""The custom ids of forms."""

TITLE, TOPICS = 45, 4000
"""Characters of a form's title and of the topics field."""

_BLOCKED = "-"


class SetupForm(ui.Modal):
    """Asks for what no select can hold. What is filled in comes as an interaction of its own, restart or not."""

    def __init__(self, place: Place, destination: Destination, topics: list[Topic]) -> None:
        called = f": {destination.post}" if destination.post else ""
        title = cut(f"Daily post{called} · {place.name}", TITLE)
        custom_id = setup_id(place.channel, "submit", destination.post)
        super().__init__(title=title, timeout=600, custom_id=custom_id)
        self.add_item(
            _field("time", "Time", f"{destination.at:%H:%M}", "Local time, e.g. 9am or weekdays at 9", limit=60)
        )
        self.add_item(
            _field("timezone", "Time zone", zone_name(destination.timezone), "e.g. Berlin, ET or UTC+1", limit=60)
        )
        self.add_item(_topics_field(topics))


def _field(name: str, label: str, value: str, hint: str, *, limit: int) -> ui.Label[Any]:
    box: ui.TextInput[Any] = ui.TextInput(
        custom_id=name, default=cut(value, limit), placeholder=hint, max_length=limit, required=True
    )
    return ui.Label(text=label, component=box)


def _topics_field(topics: list[Topic]) -> ui.Label[Any]:
    lines = "\n".join(cut(_line(topic), 250) for topic in _shown(topics))
    box: ui.TextInput[Any] = ui.TextInput(
        custom_id="topics",
        style=discord.TextStyle.paragraph,
        default=lines or None,
        placeholder='diffusion models\n"graph neural" -survey as graphs\n-crypto',
        max_length=TOPICS,
        required=False,
    )
    hint = "One per line, as in a search; a minus in front blocks it. Empty: everything."
    return ui.Label(text="Topics", description=hint, component=box)


def _shown(topics: list[Topic]) -> list[Topic]:
    """The topics that the field holds: as many as it has room for, whole."""
    ends = accumulate(len(_line(topic)) + 1 for topic in topics)
    return [topic for topic, end in zip(topics, ends, strict=True) if end <= TOPICS]


def _line(topic: Topic) -> str:
    return topic.typed if topic.wanted else _BLOCKED + topic.typed


def changes(data: Any, topics: list[Topic]) -> Iterator[str]:
    """The command lines that bring the settings to what was filled in; `data` is the interaction's.

    Topics that the field had no room for stay as they are.
    """
    filled = dict(values(data))
    # The time last: a zone that is said with it is meant, and not the one that the other field was filled with.
    for name in ("timezone", "time"):
        if words := " ".join(filled.get(name, "").split()):
            yield f"digest {name} {words}"
    before = {topic.typed.casefold(): topic for topic in topics}
    shown = {topic.typed.casefold() for topic in _shown(topics)}
    after = {
        topic.typed.casefold(): topic for topic in map(_topic, filled.get("topics", "").splitlines()) if topic.text
    }
    for key in shown - after.keys():
        yield f"digest topics remove {before[key].text}"
    for key, topic in after.items():
        if key not in before or before[key].wanted != topic.wanted:
            yield f"digest topics {'add' if topic.wanted else 'block'} {topic.text}"


def _topic(line: str) -> Topic:
    words = " ".join(line.split())
    return Topic(words.removeprefix(_BLOCKED).strip(), wanted=not words.startswith(_BLOCKED))


def values(part: Any) -> Iterator[tuple[str, str]]:
    """The custom id and value of every field, however deep."""
    if isinstance(part, list):
        for each in part:
            yield from values(each)
    elif isinstance(part, dict):
        if "value" in part:
            yield part["custom_id"], part["value"]
        for name in ("components", "component"):
            yield from values(part.get(name))
