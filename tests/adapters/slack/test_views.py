"""Modals, and the command lines they stand for once they are filled in."""

import json
from typing import Any

import pytest

from adapters.slack import views
from adapters.slack.render import VIEW_BLOCKS, section
from bot.domain.destinations import Destination, Layout
from bot.domain.messages import Button, Message, marked, text
from bot.domain.people import Account, Place, Topic, private_talk
from tests.support.slack.checker import check_view
from tests.support.slack.harness import SETUP, shown

CHANNEL = Place("slack", "T1", "C1", "#papers")
OWN = private_talk(Account("slack", "T1/U1"))
TOPICS = (Topic("protein folding"), Topic("cat:cs.CL", wanted=False))


def elements(view: views.View) -> dict[str, Any]:
    """The elements to fill in, by the name of their block."""
    return {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}


@pytest.mark.parametrize("place", [CHANNEL, OWN])
@pytest.mark.parametrize("layout", [None, *Layout])
def test_every_modal_is_one_that_slack_takes(place: Place, layout: Layout | None) -> None:
    destination = Destination(place=place, days=frozenset(), chosen_layout=layout)
    long = Message(title="A title", body=tuple(text(f"line {number}") for number in range(300)))
    check_view(views.search())
    check_view(views.setup(destination, TOPICS, watched=False))
    check_view(views.topics(place, TOPICS, TOPICS, manages=True))
    check_view(views.working("A title that is much longer than Slack's 24 characters"))
    check_view(views.answer("", long))


def test_what_is_blocked_is_listed_as_blocked() -> None:
    view = views.topics(CHANNEL, TOPICS, TOPICS, manages=False)
    assert "*You block*\ncat:cs.CL\n" in shown(view)
    assert "*This channel follows*\nprotein folding, not cat:cs.CL" in shown(view)


def test_the_setup_shows_the_settings_as_they_are() -> None:
    destination = Destination(
        place=CHANNEL, timezone="Asia/Tokyo", days=frozenset({4, 0}), count=3, chosen_layout=Layout.COMPACT
    )
    view = views.setup(destination, TOPICS, watched=True)
    given = elements(view)
    assert given["time"]["initial_time"] == "09:00"
    assert [day["value"] for day in given["days"]["initial_options"]] == ["monday", "friday"]
    chosen = {name: given[name]["initial_option"]["value"] for name in ("timezone", "count", "layout", "scope")}
    assert chosen == {"timezone": "Asia/Tokyo", "count": "3", "layout": "compact", "scope": "topics-only"}
    assert given["watch"]["initial_options"]
    assert "Topics so far: protein folding" in shown(view)


@pytest.mark.parametrize(("place", "stops"), [(CHANNEL, "/papers digest off"), (OWN, "/papers digest me off")])
def test_the_setup_of_a_post_that_is_on_is_saved_and_says_what_stops_it(place: Place, stops: str) -> None:
    on = views.setup(Destination(place=place), (), watched=False, known=True)
    assert (on["submit"]["text"], f"It is on; {stops} stops it." in shown(on)) == ("Save", True)
    for new in (
        views.setup(Destination(place=place), (), watched=False),
        views.setup(Destination(place=place, enabled=False), (), watched=False, known=True),
    ):
        assert (new["submit"]["text"], stops in shown(new)) == ("Switch on", False)


def test_links_are_watched_and_topics_set_for_all_in_channels_alone() -> None:
    assert "watch" not in elements(views.setup(Destination(place=OWN), (), watched=False))
    assert "whose" not in elements(views.topics(OWN, TOPICS, (), manages=True))
    assert "whose" not in elements(views.topics(CHANNEL, TOPICS, (), manages=False))
    assert "whose" in elements(views.topics(CHANNEL, TOPICS, (), manages=True))


def test_a_filled_in_setup_is_its_command_lines_the_one_that_switches_on_last() -> None:
    state = {"values": SETUP}
    lines = views.setup_lines(state)
    assert lines == [
        "digest days mon,fri",
        "digest count 3",
        "digest layout compact",
        "digest scope topics-first",
        "digest timezone Asia/Tokyo",
        "digest topics add protein folding",
        "watch on",
        "digest on 08:15",
    ]
    assert views.setup_lines(state, own=True) == [*lines[:-1], "digest me on 08:15 Asia/Tokyo"]


def test_a_setup_with_nothing_filled_in_only_switches_on() -> None:
    nothing = {"values": {"days": {"days": {"selected_options": []}}, "topic": {"topic": {"value": None}}}}
    assert views.setup_lines(nothing) == ["digest on"]
    assert views.setup_lines(nothing, own=True) == ["digest me on 09:00"]


@pytest.mark.parametrize(
    ("whose", "line"),
    [({}, "topics block protein folding"), ({"whose": "here"}, "digest topics block protein folding")],
)
def test_a_topic_is_for_oneself_unless_the_channel_is_chosen(whose: dict[str, str], line: str) -> None:
    chosen = {"action": "block", **whose}
    state: dict[str, Any] = {name: {name: {"selected_option": {"value": value}}} for name, value in chosen.items()}
    state["topic"] = {"topic": {"value": " protein \n folding "}}
    assert views.topics_line({"values": state}) == line


def test_a_remark_comes_under_what_was_pressed_and_takes_the_place_of_the_one_before() -> None:
    blocks = [{**section(name), "block_id": name} for name in ("first", "second")]
    view = views.modal(views.RESULT, "Saved", blocks)
    once = views.with_remark(view, "first", Message(body=(text("Saved."),), buttons=(Button("Similar", "similar 1"),)))
    twice = views.with_remark(once, "first", Message(body=(text("Removed."),)))
    assert [block["block_id"] for block in twice["blocks"]] == ["first", "remark:first", "second"]
    assert ("Saved." in shown({"blocks": once["blocks"]}), "Similar" in shown(once)) == (True, False)
    assert ("Saved." in shown({"blocks": twice["blocks"]}), "Removed." in shown(twice)) == (False, True)


def test_a_full_modal_gets_no_remark() -> None:
    blocks = [{**section("x"), "block_id": f"b{number}"} for number in range(VIEW_BLOCKS)]
    full = views.with_remark(views.modal(views.RESULT, "Saved", blocks), "b0", Message(body=(marked("Saved."),)))
    assert full["blocks"] == blocks


def test_a_modal_carries_its_place_but_the_workspace_and_own_talk_are_the_senders() -> None:
    sent_in = Place("slack", "T1", "C9", "#elsewhere")
    assert views.read_place(views.write_place(CHANNEL), sent_in) == CHANNEL
    forged = json.dumps({"channel": "@U2", "name": "", "private": True, "workspace": "T2"})
    read = views.read_place(forged, OWN)
    assert (read.workspace, read.channel, read.private) == (OWN.workspace, OWN.channel, True)
    in_channel = views.read_place(forged, sent_in)
    assert (in_channel.workspace, in_channel.private) == ("T1", False)
