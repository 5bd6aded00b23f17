"""Commands that a message names can be pressed."""

import pytest

from adapters.discord.command_names import ADMIN, ROOT, CommandNames
from adapters.discord.render import render
from bot.commands import registry
from bot.domain.messages import Message, marked
from tests.support.discord.limits import walk

NAMES = CommandNames(registry, {ROOT: 1234567890, ADMIN: 1234567891})


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("/papers search", "</papers search:1234567890>"),
        ("/papers saved", "</papers saved:1234567890>"),
        ("/papers digest me off", "</papers digest me:1234567890> `off`"),
        ("/papers digest on", "</papers-admin digest on:1234567891>"),
        ("/papers digest time 09:00", "</papers-admin digest time:1234567891> `09:00`"),
        ("/papers no such thing", "`/papers no such thing`"),
        ("/papers", "`/papers`"),
        ("author:ho", "`author:ho`"),
        ("</papers forget-me:1234567890>", "`</papers forget-me:1234567890>`"),
        ("/papers search `x` @everyone", "</papers search:1234567890> `ˋxˋ @\u2060everyone`"),
    ],
)
def test_a_command_is_written_so_that_it_can_be_pressed(typed: str, shown: str) -> None:
    assert NAMES.write(typed) == shown


def test_a_command_whose_id_is_not_known_is_named_as_it_is_typed_here() -> None:
    assert CommandNames(registry).write("/papers digest time 09:00") == "`/papers-admin digest time 09:00`"
    assert CommandNames(registry).write("/papers help") == "`/papers help`"


def test_a_message_names_commands_so_that_they_can_be_pressed() -> None:
    view = render(Message(body=(marked("`/papers help` lists everything."),)), NAMES.write).view
    assert [part["content"] for part in walk(view.to_components()) if "content" in part] == [
        "</papers help:1234567890> lists everything."
    ]


def test_the_id_of_a_command_is_learned_when_it_is_used() -> None:
    names = CommandNames(registry, {ROOT: 1})
    assert not names.learn({"name": ROOT, "id": "1"})
    assert names.learn({"name": ROOT, "id": "2"})
    assert names.write("/papers help") == "</papers help:2>"


@pytest.mark.parametrize(
    "data", [{}, {"name": "Save paper", "id": "2"}, {"name": ADMIN, "id": "2", "guild_id": "3"}, {"custom_id": "x"}]
)
def test_what_is_no_command_of_every_server_teaches_nothing(data: dict[str, str]) -> None:
    names = CommandNames(registry)
    assert not names.learn(data)
    assert names.ids == {}
