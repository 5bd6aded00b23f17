"""Files in a direct message: fetched from Slack alone, read, and answered in place."""

from typing import Any

import pytest

from bot.library.app import App
from tests.support.slack.fake_slack import Channel, FakeSlack
from tests.support.slack.harness import Workspace, button, shown

RIS = b"TY  - JOUR\nTI  - A Mathematical Theory of Communication\nAU  - Shannon, Claude\nPY  - 1948\nER  - \n"


@pytest.fixture(autouse=True)
def _talk(fake: FakeSlack) -> None:
    fake.add(Channel("D1"))


async def send(workspace: Workspace, *files: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Send files in a direct message; returns the event."""
    event = {"type": "message", "subtype": "file_share", "channel": "D1", "channel_type": "im", "user": "U1"}
    return await workspace.event({**event, "ts": "9.9", "text": "", "files": list(files), **more})


def said(fake: FakeSlack) -> list[str]:
    """What the talk shows."""
    return [shown(message) for message in fake.channels["T1", "D1"].messages.values()]


async def test_a_file_becomes_saves_and_the_answer_takes_the_place_of_the_wait(workspace: Workspace) -> None:
    fake = workspace.fake
    event = await send(workspace, fake.bring("refs.ris", RIS))
    begun = [arguments for method, arguments in fake.calls if method == "chat.postMessage"]
    assert "Reading refs.ris" in shown(begun[-1])
    [answer] = said(fake)
    assert "1 paper saved" in answer
    await workspace.transport.send("events_api", event)
    assert len(said(fake)) == 1, "an event that comes again is not read again"
    assert "Mathematical Theory" in shown(await workspace.command("saved", channel="D1"))
    [message] = fake.channels["T1", "D1"].messages.values()
    undone = await workspace.press(button(message, "Take this one back"), channel="D1", message=message["ts"])
    assert "1 paper is off your list again." in shown(undone)


async def test_a_token_that_may_not_read_files_is_told(workspace: Workspace) -> None:
    workspace.fake.scopes = "commands,chat:write"
    await send(workspace, workspace.fake.bring("refs.ris", RIS))
    assert "I may not read files here" in said(workspace.fake)[0]


async def test_a_file_is_fetched_from_slack_alone(workspace: Workspace) -> None:
    elsewhere = {"id": "F9", "name": "refs.bib", "size": 9, "url_private": "http://127.0.0.1:9/refs.bib"}
    await send(workspace, elsewhere)
    assert "does not lie in Slack" in said(workspace.fake)[0]


async def test_a_large_file_is_not_fetched(workspace: Workspace) -> None:
    await send(workspace, {**workspace.fake.bring("refs.bib", b""), "size": 10_000_001})
    assert "refs.bib is larger than 10 MB" in said(workspace.fake)[0]


async def test_a_file_that_is_larger_than_told_is_given_up(workspace: Workspace) -> None:
    await send(workspace, {**workspace.fake.bring("refs.bib", b" " * 10_000_001), "size": 10})
    assert "refs.bib is larger than 10 MB" in said(workspace.fake)[0]


async def test_about_a_file_of_a_shared_channel_slack_is_asked(workspace: Workspace) -> None:
    about = workspace.fake.bring("refs.ris", RIS)
    await send(workspace, {"id": about["id"], "name": about["name"], "file_access": "check_file_info"})
    assert "1 paper saved" in said(workspace.fake)[0]


async def test_what_is_no_file_of_a_person_is_left_alone(workspace: Workspace, app: App) -> None:
    await send(workspace)
    await send(workspace, workspace.fake.bring("papers.bib", RIS), bot_id="B1")
    assert said(workspace.fake) == []
