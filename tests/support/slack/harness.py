"""What Slack sends, in its shapes, and two ways to send it: signed HTTP and Socket Mode."""

import asyncio
import itertools
import json
import time
from collections.abc import Mapping
from typing import Any, Protocol
from urllib.parse import urlencode

from aiohttp.test_utils import TestClient
from pydantic import SecretStr
from slack_sdk.signature import SignatureVerifier

from adapters.slack.client import Api
from adapters.slack.wiring import Slack, from_settings
from bot.chat.dispatch import Dispatcher
from bot.chat.reactions import Reactions
from bot.commands import registry
from bot.config import Settings
from bot.library.app import App
from storage.sql.tokens import Tokens
from tests.support.slack.checker import check_view
from tests.support.slack.fake_slack import BOT_USER, FakeSlack
from tests.support.waits import Waits

SIGNING_SECRET = "signing-hidden"
Browser = TestClient[Any, Any]
numbers = itertools.count(1)
SETUP: Mapping[str, Any] = {
    "time": {"time": {"type": "timepicker", "selected_time": "08:15"}},
    "timezone": {"timezone": {"type": "external_select", "selected_option": {"value": "Asia/Tokyo"}}},
    "days": {"days": {"type": "checkboxes", "selected_options": [{"value": "monday"}, {"value": "friday"}]}},
    "count": {"count": {"type": "static_select", "selected_option": {"value": "3"}}},
    "layout": {"layout": {"type": "radio_buttons", "selected_option": {"value": "compact"}}},
    "scope": {"scope": {"type": "radio_buttons", "selected_option": {"value": "topics-first"}}},
    "topic": {"topic": {"type": "plain_text_input", "value": "protein folding"}},
    "watch": {"watch": {"type": "checkboxes", "selected_options": [{"value": "on"}]}},
}
"""A daily post as the modal of its settings is filled in."""


def socket_settings(fake: FakeSlack, *, bot_token: str = "xoxb-T1", **more: Any) -> Settings:
    return Settings(
        _env_file=None,
        SLACK_BOT_TOKEN=SecretStr(bot_token),
        SLACK_APP_TOKEN=SecretStr("xapp-1"),
        slack_api_url=fake.url,
        **more,
    )


def http_settings(fake: FakeSlack, key: str, **more: Any) -> Settings:
    return Settings(
        _env_file=None,
        SLACK_SIGNING_SECRET=SecretStr(SIGNING_SECRET),
        SLACK_CLIENT_ID="client",
        SLACK_CLIENT_SECRET=SecretStr("client-hidden"),
        token_keys=(SecretStr(key),),
        slack_api_url=fake.url,
        **more,
    )


def slack(
    settings: Settings,
    app: App,
    tokens: Tokens,
    waits: Waits | None = None,
    reactions: Reactions | None = None,
) -> Slack:
    """Slack as a process puts it together."""
    api = Api(waits or Waits())
    taken = reactions or Reactions(app.store, app.library.lookup)
    return from_settings(settings, app, Dispatcher(registry, app), taken, tokens, api=api)


class Transport(Protocol):
    """A way for Slack to send something; returns what the acknowledgement carries."""

    async def send(self, kind: str, payload: Mapping[str, Any]) -> Any: ...


class OverSocket:
    """Through the Socket Mode connection of a process."""

    def __init__(self, fake: FakeSlack, socket: int = -1) -> None:
        self._fake = fake
        self._socket = socket

    async def send(self, kind: str, payload: Mapping[str, Any]) -> Any:
        return await self._fake.deliver(kind, payload, socket=self._socket)


class OverHttp:
    """As a signed request."""

    def __init__(self, client: TestClient[Any, Any], secret: str = SIGNING_SECRET) -> None:
        self._client = client
        self._secret = secret

    async def send(self, kind: str, payload: Mapping[str, Any]) -> Any:
        status, body = await self.post(kind, payload)
        assert status == 200, body
        return json.loads(body) if body.startswith("{") else None

    async def post(
        self, kind: str, payload: Mapping[str, Any], *, age: int = 0, headers: Mapping[str, str] | None = None
    ) -> tuple[int, str]:
        form = {"slash_commands": payload, "interactive": {"payload": json.dumps(payload)}}
        body = json.dumps(payload) if kind == "events_api" else urlencode(form[kind])
        content = "application/json" if kind == "events_api" else "application/x-www-form-urlencoded"
        timestamp = str(int(time.time()) - age)
        signature = SignatureVerifier(self._secret).generate_signature(timestamp=timestamp, body=body) or ""
        signed = {"Content-Type": content, "X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature}
        async with self._client.post("/slack/events", data=body, headers={**signed, **(headers or {})}) as answer:
            return answer.status, await answer.text()


async def settled() -> None:
    """Wait until everything that was acknowledged is also done."""
    while running := [task for task in asyncio.all_tasks() if "run_ack_function" in str(task.get_coro())]:
        await asyncio.gather(*running)


class Workspace:
    """People in a workspace, doing things."""

    def __init__(self, fake: FakeSlack, transport: Transport, team: str = "T1") -> None:
        self.fake = fake
        self.transport = transport
        self.team = team

    async def command(
        self, text: str, *, user: str = "U1", channel: str = "C1", channel_name: str = "papers"
    ) -> dict[str, Any]:
        """`/papers …`; returns the answer, wherever it was shown."""
        name = "directmessage" if channel.startswith("D") else channel_name
        payload = {
            "command": "/papers",
            "text": text,
            "team_id": self.team,
            "user_id": user,
            "user_name": self._name(user),
            "channel_id": channel,
            "channel_name": name,
            **self._interaction(),
        }
        return await self._answered("slash_commands", payload)

    async def press(
        self,
        action: Mapping[str, Any],
        *,
        user: str = "U1",
        channel: str = "C1",
        message: str = "",
        person: Mapping[str, Any] | None = None,
        **around: Any,
    ) -> dict[str, Any]:
        """A button or select in the message with a timestamp, or in an answer for one person; returns the answer."""
        payload = {
            **self._from(user, channel),
            "type": "block_actions",
            "actions": [{"type": "button", **action}],
            "container": {"type": "message", "message_ts": message or "1.1", "is_ephemeral": not message},
            **around,
            **({"user": person} if person else {}),
        }
        return await self._answered("interactive", payload)

    async def press_in_view(self, action: Mapping[str, Any], view: Mapping[str, Any], *, user: str = "U1") -> None:
        """A button in the home tab or in a modal."""
        payload = {**self._from(user), "type": "block_actions", "actions": [action], "view": view}
        await self.transport.send("interactive", payload)
        await settled()

    async def shortcut(self, name: str, message: Mapping[str, Any] | None = None, *, user: str = "U1") -> Any:
        """A global shortcut, or one on a message; the latter returns the answer."""
        payload = {**self._from(user, "C1" if message else ""), "callback_id": name}
        if message is None:
            await self.transport.send("interactive", {**payload, "type": "shortcut"})
            await settled()
            return None
        return await self._answered("interactive", {**payload, "type": "message_action", "message": message})

    async def submit(self, view_id: str, state: Mapping[str, Any], *, user: str = "U1") -> Any:
        """Send a modal as it is now, filled in; returns what the acknowledgement carries."""
        view = {**self.fake.views[view_id], "id": view_id, "state": {"values": state}}
        payload = {**self._from(user), "type": "view_submission", "view": view}
        ack = await self.transport.send("interactive", payload)
        await settled()
        if ack and "view" in ack:
            check_view(ack["view"])
        return ack

    async def react(
        self,
        name: str,
        ts: str,
        *,
        user: str = "U1",
        channel: str = "C1",
        on: bool = True,
        at: str = "1768863700.0001",
    ) -> dict[str, Any]:
        """A reaction; returns the event, so that it can be sent again."""
        known = self.fake.channels.get((self.team, channel))
        message = known.messages.get(ts) if known else None
        event = {
            "type": "reaction_added" if on else "reaction_removed",
            "user": user,
            "reaction": name,
            "item": {"type": "message", "channel": channel, "ts": ts},
            "item_user": message["user"] if message else BOT_USER,
            "event_ts": at,
        }
        return await self.event(event)

    async def event(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """An event; returns what was sent."""
        payload = {
            "type": "event_callback",
            "team_id": self.team,
            "api_app_id": "A1",
            "event_id": f"Ev{next(numbers)}",
            "event_time": 1768863600,
            "event": event,
            "authorizations": [{"team_id": self.team, "user_id": "UBOT", "is_bot": True}],
        }
        await self.transport.send("events_api", payload)
        await settled()
        return payload

    def _from(self, user: str, channel: str = "") -> dict[str, Any]:
        where = {"channel": {"id": channel, "name": "papers"}} if channel else {}
        team = {"id": self.team, "domain": "lab"}
        person = {"id": user, "username": self._name(user), "team_id": self.team}
        return {"team": team, "user": person, **where, **self._interaction()}

    def _name(self, user: str) -> str:
        return str(self.fake.users.get(user, {}).get("name", user.lower()))

    def _interaction(self) -> dict[str, str]:
        number = next(numbers)
        return {"response_url": f"{self.fake.root}/response/{number}", "trigger_id": f"trigger-{number}"}

    async def _answered(self, kind: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        """Send an interaction and wait for what it brings about: the last response or message, else nothing."""
        responses, posts = len(self.fake.responses), len(self.fake.calls)
        await self.transport.send(kind, payload)
        await settled()
        if len(self.fake.responses) > responses:
            return self.fake.responses[-1][1]
        said = [arguments for method, arguments in self.fake.calls[posts:] if method == "chat.postMessage"]
        return said[-1] if said else {}


def button(answer: Mapping[str, Any], label: str) -> dict[str, Any]:
    """The first button of this label."""
    beside = [block["accessory"] for block in answer["blocks"] if "accessory" in block]
    rows = [beside, *(block["elements"] for block in answer["blocks"] if block["type"] == "actions")]
    return next(e for row in rows for e in row if e["type"] == "button" and e["text"]["text"] == label)


def choice(answer: Mapping[str, Any], label: str) -> dict[str, Any]:
    """The choice of the first option of this label in the menu of a list."""
    selects = [e for b in answer["blocks"] if b["type"] == "actions" for e in b["elements"] if "option_groups" in e]
    options = [option for select in selects for group in select["option_groups"] for option in group["options"]]
    chosen = next(option for option in options if option["text"]["text"] == label)
    return {"type": "static_select", "action_id": selects[0]["action_id"], "selected_option": chosen}


def shown(answer: Mapping[str, Any]) -> str:
    """All text of an answer's blocks."""
    return "\n".join(_texts(answer["blocks"]))


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["text"]] if isinstance(value.get("text"), str) else []
        return own + [text for each in value.values() for text in _texts(each)]
    return [text for each in value for text in _texts(each)] if isinstance(value, list) else []
