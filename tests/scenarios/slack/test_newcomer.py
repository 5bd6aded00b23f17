"""Somebody's first day in a workspace, with the slips of somebody who is new; others see what they share."""

from datetime import UTC, datetime

from bot.library.app import App
from tests.conftest import TickingClock
from tests.support.slack.fake_slack import Channel
from tests.support.slack.harness import Workspace, button, shown


async def test_a_first_day(workspace: Workspace, app: App) -> None:
    async def told(line: str, user: str = "U1") -> str:
        answer = await workspace.command(line, user=user)
        assert answer["response_type"] == "ephemeral"
        return shown(answer)

    # A search, its second page, and a paper saved from it and let go again.
    second = await workspace.press(button(await workspace.command("search robot manipulation"), "More"))
    assert "page 2" in shown(second)
    saved = await workspace.press(button(second, "Save"))
    undone = await workspace.press(button(saved, "Undo"))
    assert "Removed from your list" in shown(undone)
    assert "Nothing saved yet" in await told("saved")

    # Slips are answered with what to do.
    assert "“someday” is not a weekday; write one, such as fri." in await told("digest weekly someday", user="UADMIN")
    assert "Something is missing after" in await told("digest time", user="UADMIN")
    assert "/papers digest topics" in await told("digest topics remove zebra", user="UADMIN")
    assert "Say what to do with “unfollow robots”" in await told("topics unfollow robots")
    assert "name one at a time" in await told("similar 2601.03236 2601.04194")
    assert "Nobody has saved a paper here yet" in await told("foryou channel")

    # Saved, and handed over where only they see it.
    assert "Saved *MAGMA" in await told("save 2601.03236")
    assert "in a direct message to you" in await told("export csv")
    assert workspace.fake.files[0]["channel_id"] == "DU1"

    # A daily post of one's own, asked for in a channel.
    workspace.fake.add(Channel("DU1"))
    assert (await told("digest me 9am Berlin")).startswith("Your daily post\n5 papers at 09:00 Europe/Berlin")
    clock = app.clock
    assert isinstance(clock, TickingClock)
    clock.moment = datetime(2026, 1, 19, 23, 30, tzinfo=UTC)
    assert "|Tue 20 Jan 2026, 09:00 Europe/Berlin>" in await told("status")
    assert "Posts" not in await told("status", user="U2"), "nobody else is told of it"
    assert not workspace.fake.channels["T1", "C1"].messages

    # What they share has the numbers that they saw, and these save.
    shared = await workspace.press(button(second, "Share to channel"))
    assert "page 2\nShared by u1\n6. \n" in shown(shared)
    [ts] = workspace.fake.channels["T1", "C1"].messages
    await workspace.react("seven", ts, user="U2")
    assert "1 paper" in await told("saved", user="U2")
