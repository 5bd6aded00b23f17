"""Whatever channels and topics are called, Discord takes the form and the suggestions."""

from datetime import time

from hypothesis import given
from hypothesis import strategies as st

from adapters.discord.commands import suggestions
from adapters.discord.setup_form import SetupForm, changes
from bot.domain.destinations import Destination
from bot.domain.messages import Choice
from bot.domain.people import Place, Topic
from tests.adapters.discord.test_escape import HOSTILE
from tests.support.discord.limits import check_choices, check_modal

TOPICS = st.lists(st.builds(Topic, HOSTILE, st.booleans()), max_size=30)


@given(name=HOSTILE, timezone=HOSTILE, topics=TOPICS)
async def test_discord_takes_any_form(name: str, timezone: str, topics: list[Topic]) -> None:
    place = Place("discord", "1", "11", name)
    destination = Destination(place=place, at=time(7, 30), timezone=timezone)
    check_modal(SetupForm(place, destination, topics).to_dict())


@given(choices=st.lists(st.builds(Choice, HOSTILE, HOSTILE), max_size=40))
def test_discord_takes_any_suggestions(choices: list[Choice]) -> None:
    check_choices([choice.to_dict() for choice in suggestions(choices)])


def test_what_is_said_with_the_time_counts_more_than_the_zone_that_was_there() -> None:
    fields = {"time": "every monday at 7:30 Berlin", "timezone": "UTC"}
    data = {"components": [{"component": {"custom_id": key, "value": value}} for key, value in fields.items()]}
    assert list(changes(data, [])) == ["digest timezone UTC", "digest time every monday at 7:30 Berlin"]


@given(typed=HOSTILE, known=TOPICS)
def test_any_form_that_is_filled_in_becomes_commands(typed: str, known: list[Topic]) -> None:
    fields = {"time": typed, "timezone": typed, "topics": typed}
    data = {"components": [{"component": {"custom_id": key, "value": value}} for key, value in fields.items()]}
    lines = list(changes(data, known))
    assert all(line.startswith(("digest time ", "digest timezone ", "digest topics ")) for line in lines)
    assert "\n" not in "".join(line for line in lines if not line.startswith("digest topics remove"))
