"""Events, each taken once."""

import asyncio
from contextlib import suppress

from bot.domain.paper_ids import PaperId
from bot.library.app import App
from storage.sql.tokens import Tokens
from tests.support.slack.fake_slack import FakeSlack
from tests.support.slack.harness import Workspace, settled, slack, socket_settings
from tests.support.slack.reactions import feedback_kinds


async def test_an_event_delivered_three_times_to_two_processes_is_taken_once(
    over_socket: Workspace, fake: FakeSlack, app: App, tokens: Tokens, paper: PaperId
) -> None:
    other = asyncio.create_task(slack(socket_settings(fake), app, tokens).platform.run())
    await fake.until(lambda: fake.connections == 2)
    on = await over_socket.react("bookmark", "5.5", at="1768863700.0001")
    # A later command takes the save back; the same event again must not bring it back.
    await over_socket.command(f"unsave {paper}")
    for socket in (0, 1, 1):
        await fake.deliver("events_api", on, socket=socket)
    await settled()
    assert await feedback_kinds(app) == set()
    assert len(fake.ephemerals) == 1
    other.cancel()
    with suppress(asyncio.CancelledError):
        await other


async def test_a_command_or_button_delivered_again_is_answered_once(over_socket: Workspace) -> None:
    payload = {
        "command": "/papers",
        "text": "status",
        "team_id": "T1",
        "user_id": "U1",
        "channel_id": "C1",
        "channel_name": "papers",
        "response_url": f"{over_socket.fake.root}/response/1",
        "trigger_id": "the same",
    }
    for _ in range(3):
        await over_socket.transport.send("slash_commands", payload)
    await settled()
    assert len(over_socket.fake.responses) == 1
