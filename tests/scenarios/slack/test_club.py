"""A reading group on Slack: voted on with buttons that show the counts, announced with a thread, and reminded of."""

from datetime import UTC, datetime

import pytest

from bot.library.app import App
from storage.sql.tokens import Tokens
from tests.support.clubs import Calendar
from tests.support.slack.fake_slack import FakeSlack
from tests.support.slack.harness import Workspace, button, shown, slack, socket_settings
from tests.support.waits import Waits

OPENS, CLOSES, REMINDS = (datetime(2026, 1, day, 15, 0, 30, tzinfo=UTC) for day in (24, 26, 28))


def said(fake: FakeSlack) -> list[tuple[str, str]]:
    """What was posted to the channel, with its timestamp."""
    return [(ts, shown(message)) for ts, message in fake.channels["T1", "C1"].messages.items()]


@pytest.fixture
def calendar(over_socket: Workspace, app: App, tokens: Tokens, waits: Waits) -> Calendar:
    return Calendar(app, [slack(socket_settings(over_socket.fake), app, tokens, waits).platform])


async def test_a_channel_reads_a_paper_together(over_socket: Workspace, calendar: Calendar, app: App) -> None:
    async def told(line: str, user: str = "U1") -> str:
        return shown(await over_socket.command(line, user=user))

    fake = over_socket.fake
    assert "16:00 Europe/Berlin" in await told("club on thursday 16:00 Berlin", "UADMIN")
    one, two = [found.stored.paper.id for found in await app.library.search("diffusion models", 2)]
    for paper, user in ((one, "U1"), (two, "U2")):
        assert "Nominated" in await told(f"club propose {paper}", user)
    await calendar.be(OPENS)
    (_, listed), (ballot, asked) = said(fake)
    assert "2 papers are nominated" in listed
    assert "Which paper do we read on Thursday, 29 Jan 2026?" in asked
    message = fake.channels["T1", "C1"].messages[ballot]
    for user, label in (("U1", "Vote 1"), ("U2", "Vote 2"), ("U1", "Vote 2")):
        answer = await over_socket.press(button(message, label), user=user, message=ballot)
        assert "You voted for" in shown(answer)
    replaced = [response for _, response in fake.responses if response.get("replace_original")]
    assert len(replaced) == 3
    assert "· *2 votes*" in shown(replaced[-1])
    assert button(replaced[-1], "Vote 1")["value"] == "club vote 1"
    await calendar.be(CLOSES)
    closed = await over_socket.press(button(message, "Vote 1"), user="U1", message=ballot)
    assert "There is no vote here now" in shown(closed)
    (chosen, announced), (_, inside) = said(fake)[2:]
    assert "2 of 2 votes" in announced
    talk = list(fake.channels["T1", "C1"].messages.values())[3]
    assert talk["thread_ts"] == chosen
    assert "PDF" in inside
    await calendar.be(REMINDS)
    assert "Reminder: Reading group of Thursday, 29 Jan 2026" in said(fake)[4][1]
    assert "(2 of 2 votes)" in await told("club history")


async def test_the_time_zone_is_that_of_whoever_starts_the_club(over_socket: Workspace) -> None:
    assert "Europe/Berlin" in shown(await over_socket.command("club on thursday 16:00", user="UADMIN"))
