"""Turns to read a workspace's messages, and reading no more than the minutes around a sending."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.slack.history import Turns
from adapters.slack.platform import SlackPlatform
from bot.domain.messages import Message, text
from bot.domain.people import Place
from bot.errors import BusyError, DeliveryError, PostponedError, UnclearError
from bot.library.app import App
from storage.sql.tokens import Tokens
from tests.support.slack.fake_slack import Channel, FakeSlack, Fault
from tests.support.slack.harness import slack, socket_settings
from tests.support.waits import Waits

HELLO = Message(title="Hello", body=(text("there"),))
HERE = Place("slack", "T1", "C1")
SENT = datetime(2026, 1, 19, 23, tzinfo=UTC)


@pytest.fixture
def platform(fake: FakeSlack, app: App, tokens: Tokens, waits: Waits) -> SlackPlatform:
    return slack(socket_settings(fake), app, tokens, waits).platform


def histories(fake: FakeSlack) -> int:
    """How often messages were read."""
    return [method for method, _ in fake.calls].count("conversations.history")


async def test_as_long_as_nothing_is_refused_everybody_goes_at_once() -> None:
    turns = Turns(Waits())
    assert [turns.wait(name) for name in "abc"] == [0, 0, 0]


async def test_after_a_refusal_turns_are_as_far_apart_as_slack_let_reads_through() -> None:
    waits = Waits()
    turns = Turns(waits)
    assert [turns.wait(name) for name in "abc"] == [0, 0, 0]
    turns.read("a")
    turns.refused(60)
    assert [turns.wait(name) for name in "bcd"] == [60, 120, 180]
    await waits.pause(60)
    assert turns.wait("b") == 0
    turns.read("b")
    assert [turns.wait(name) for name in "cdb"] == [60, 120, 180]  # b reads on when all others have


async def test_an_app_that_may_read_often_is_not_held_to_a_read_a_minute() -> None:
    waits = Waits()
    turns = Turns(waits)
    for number in range(50):
        turns.wait(str(number))
        turns.read(str(number))
    turns.refused(10)
    assert [turns.wait(name) for name in "abc"] == pytest.approx([10, 11.2, 12.4])


async def test_whoever_comes_late_does_not_go_together_with_the_next() -> None:
    waits = Waits()
    turns = Turns(waits)
    turns.read("before")
    turns.wait("a")
    turns.wait("b")
    turns.refused(60)
    await waits.pause(110)
    assert turns.wait("a") == 0
    turns.read("a")
    await waits.pause(10)
    assert turns.wait("b") == 50


async def test_one_read_tells_where_the_minutes_around_the_sending_hold_few_messages(
    platform: SlackPlatform, fake: FakeSlack
) -> None:
    """Also in a channel in which many messages came later."""
    fake.outside_marketplace = True
    name = await platform.send(HERE, HELLO, nonce="n")
    for minute in range(10, 500):
        moment = int((SENT + timedelta(minutes=minute)).timestamp())
        fake.channels["T1", "C1"].messages[f"{moment}.000001"] = {"text": "chatter"}
    assert await platform.recall(HERE, "n", SENT, message=Message()) == name
    assert histories(fake) == 1


async def test_a_search_of_several_pages_goes_on_where_it_stopped(
    platform: SlackPlatform, fake: FakeSlack, waits: Waits
) -> None:
    start = SENT.timestamp()
    fake.outside_marketplace, fake.seconds = True, lambda: start + waits.seconds()
    name = await platform.send(HERE, HELLO, nonce="n")
    for number in range(40):
        fake.channels["T1", "C1"].messages[f"{int(start) + 1}.{number:06}"] = {"text": "chatter"}
    pages = 0
    while True:
        try:
            assert await platform.recall(HERE, "n", SENT, message=Message()) == name
            break
        except BusyError as error:
            pages += 1
            await waits.pause(error.retry_after)
    assert pages == 2
    assert histories(fake) == 4  # three pages, and the one refusal from which the pace was learned


async def test_two_workspaces_do_not_wait_for_each_other(fake: FakeSlack, app: App, tokens: Tokens) -> None:
    fake.outside_marketplace = True
    fake.add(Channel("C1"), "T2")
    for team in ("T1", "T2"):
        settings = socket_settings(fake, bot_token=f"xoxb-{team}")
        assert (
            await slack(settings, app, tokens, Waits()).platform.recall(
                Place("slack", team, "C1"), "n", SENT, message=Message()
            )
            is None
        )


async def test_with_a_clock_that_is_behind_a_message_is_found_all_the_same(
    platform: SlackPlatform, fake: FakeSlack
) -> None:
    fake.seconds = (SENT + timedelta(hours=2)).timestamp
    name = await platform.send(HERE, HELLO, nonce="n")
    assert await platform.recall(HERE, "n", SENT, message=Message()) == name


BEFORE = datetime(2026, 1, 19, 23, tzinfo=UTC)


async def test_a_message_is_found_again_by_its_nonce(platform: SlackPlatform, fake: FakeSlack) -> None:
    names = [await platform.send(HERE, HELLO, nonce=f"n{n}") for n in range(5)]
    fake.channels["T1", "C1"].messages["1768863700.000001"] = {
        "text": "somebody else's",
        "metadata": {"event_type": "other", "event_payload": {"nonce": "n9"}},
    }
    for fake.page in (999, 2):
        assert [await platform.recall(HERE, f"n{n}", BEFORE, message=Message()) for n in range(5)] == names
        assert await platform.recall(HERE, "n9", BEFORE, message=Message()) is None


@pytest.mark.parametrize(
    ("fault", "kind", "told"),
    [
        (Fault(error="missing_scope", needed="groups:history"), UnclearError, "groups:history"),
        (Fault(error="channel_not_found"), UnclearError, "/invite"),
        (Fault(error="internal_error"), PostponedError, "internal_error"),
        (Fault(retry_after="60"), PostponedError, "slow down"),
    ],
)
async def test_where_one_cannot_look_that_is_said(
    platform: SlackPlatform, fake: FakeSlack, fault: Fault, kind: type[DeliveryError], told: str
) -> None:
    fake.fail("conversations.history", fault)
    with pytest.raises(kind, match=told):
        await platform.recall(HERE, "n", BEFORE, message=Message())


async def test_a_message_sent_in_slacks_future_is_not_looked_for_in_the_past(platform: SlackPlatform) -> None:
    with pytest.raises(UnclearError, match="clock"):
        await platform.recall(HERE, "n", datetime.now(UTC) + timedelta(hours=1), message=Message())


async def test_a_channel_with_more_messages_than_one_looks_through_is_unclear(
    platform: SlackPlatform, fake: FakeSlack
) -> None:
    fake.page = 1
    for n in range(60):
        fake.channels["T1", "C1"].messages[f"1768863700.{n:06}"] = {"text": "chatter"}
    with pytest.raises(UnclearError, match="more messages"):
        await platform.recall(HERE, "n", BEFORE, message=Message())


async def test_an_answer_in_a_thread_is_looked_for_in_the_thread_from_its_beginning(
    platform: SlackPlatform, fake: FakeSlack
) -> None:
    first, inside = await platform.send(HERE, HELLO, nonce="n0"), Message(title="Its abstract", inside=True)
    names = [await platform.send(HERE, inside, nonce=f"n{n}", first=first) for n in range(1, 6)]
    assert {fake.channels["T1", "C1"].messages[name]["thread_ts"] for name in names} == {first}
    for fake.page in (999, 2):
        for number, name in enumerate(names, start=1):
            assert await platform.recall(HERE, f"n{number}", BEFORE, message=inside, first=first) == name
        assert await platform.recall(HERE, "n0", BEFORE, message=Message()) == first
        assert await platform.recall(HERE, "n9", BEFORE, message=inside, first=first) is None
