"""A lab's workspace in Slack: what its people do there, and everything that the bot sends."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.support.semester.readable import of_slack
from tests.support.semester.said import Said
from tests.support.slack.fake_slack import Channel, FakeSlack
from tests.support.slack.harness import Transport, Workspace, button

_NAMES = {"\U0001f516": "bookmark", "\U0001f44d": "+1", "\U0001f44e": "-1"}


class SlackSide:
    """One workspace with one channel."""

    name = "Slack"

    def __init__(self, fake: FakeSlack, people: list[str]) -> None:
        self._fake = fake
        self._people = {name: f"U{name.upper()}" for name in people}
        self._channel = fake.add(Channel("C1"))
        for name, user in self._people.items():
            fake.add(Channel(f"D{user}"))
            fake.users[user] = {"name": name}
        self._workspace: Workspace
        self._heard, self._answered, self._written = 0, 0, 0
        self._seen: list[Mapping[str, Any]] = []
        self._pressed = ""

    def connect(self, transport: Transport) -> None:
        """Send what people do this way from now on."""
        self._workspace = Workspace(self._fake, transport)

    async def command(self, person: str, line: str, _: Path) -> None:
        """A line as it is typed."""
        await self._workspace.command(line.removeprefix("/papers").strip(), user=self._people[person])

    async def press(self, person: str, label: str) -> None:
        """Press the newest button of a label."""
        for message in self._newest():
            if _has(message, label):
                self._pressed = message.get("ts", "")
                await self._workspace.press(button(message, label), user=self._people[person], message=self._pressed)
                return
        raise AssertionError(f"there is no button {label}")

    async def react(self, person: str, emoji: str, words: str, *, on: bool) -> None:
        """React to the newest message of the channel that has some words, or take that back."""
        user, at = self._people[person], f"{self._fake.seconds():.6f}"
        await self._workspace.react(_NAMES[emoji], self._message(words)["ts"], user=user, on=on, at=at)

    async def menu(self, person: str, name: str, words: str) -> None:
        """Choose something of the menu of the newest message that has some words."""
        names = {"Save paper": "save_paper", "Similar papers": "similar_papers"}
        await self._workspace.shortcut(names[name], self._message(words), user=self._people[person])

    async def say(self, person: str, words: str) -> None:
        """Write a message; Slack tells of links that the app asked for."""
        self._written += 1
        ts = f"{int(self._fake.seconds())}.9{self._written:05}"
        text = re.sub(r"(https?://\S+)", r"<\1>", words)
        about = {"channel": "C1", "user": self._people[person], "text": text}
        self._channel.messages[ts] = {**about, "ts": ts}
        await self._workspace.event({"type": "message", "ts": ts, **about})
        links = [{"domain": url.split("/")[2], "url": url} for url in re.findall(r"https?://\S+", words)]
        if links:
            shared = {"type": "link_shared", "channel": "C1", "user": about["user"], "message_ts": ts, "links": links}
            await self._workspace.event({**shared, "source": "conversations_history"})

    async def bring(self, person: str, file: Path) -> None:
        """Send the bot a file in a direct message."""
        user = self._people[person]
        about = {"type": "message", "subtype": "file_share", "channel": f"D{user}", "channel_type": "im", "user": user}
        brought = self._fake.bring(file.name, file.read_bytes())
        await self._workspace.event({**about, "ts": f"{int(self._fake.seconds())}.8", "text": "", "files": [brought]})

    async def fill_in(self, person: str, words: str) -> None:
        """Fill in the one field of the modal that was shown last."""
        view_id = list(self._fake.views)[-1]
        field = next(block for block in self._fake.views[view_id]["blocks"] if block["type"] == "input")
        state = {field["block_id"]: {field["element"]["action_id"]: {"type": "plain_text_input", "value": words}}}
        await self._workspace.submit(view_id, state, user=self._people[person])

    async def uninstall(self) -> None:
        """Somebody removes the app from the workspace."""
        await self._workspace.event({"type": "app_uninstalled"})
        await self._workspace.event({"type": "tokens_revoked", "tokens": {"bot": ["UBOT"]}})

    def heard(self) -> Iterator[Said]:
        """What the bot sent since this was asked last: messages in their order, then answers to one person.

        An answer that replaces a message of the channel takes its place there.
        """
        calls, answers = self._fake.calls[self._heard :], self._fake.responses[self._answered :]
        self._heard += len(calls)
        self._answered += len(answers)
        for method, body in calls:
            yield from self._call(method, body)
        for _, body in answers:
            if body.get("delete_original"):
                yield Said(["(takes the answer away)"])
                continue
            instead = bool(body.get("replace_original"))
            if instead and self._pressed:
                self._channel.messages[self._pressed] = {**self._channel.messages[self._pressed], **body}
            else:
                self._seen.append(body)
            yield Said(
                of_slack(body), private=body.get("response_type") != "in_channel" and not instead, instead=instead
            )

    def handed(self) -> dict[str, bytes]:
        """The files that the bot handed over, by their names; of one name the newest."""
        files = [each for told in self._fake.files for each in told["files"]]
        return {file["title"]: self._fake.uploads[file["id"]] for file in files}

    def _call(self, method: str, body: Mapping[str, Any]) -> Iterator[Said]:
        match method:
            case "chat.postMessage" | "chat.update":
                where = (
                    "in the thread" if "thread_ts" in body else "" if body["channel"] == "C1" else "in a direct message"
                )
                yield Said(of_slack(body), where=where, instead=method == "chat.update")
            case "chat.postEphemeral":
                yield Said(of_slack(body), private=True)
            case "chat.unfurl":
                for card in body["unfurls"].values():
                    yield Said(of_slack(card), where="under the link")
            case "files.completeUploadExternal":
                where = "" if body.get("channel_id") == "C1" else "in a direct message"
                yield Said([f"(file: {each['title']})" for each in body["files"]], where=where)
            case "views.open" | "views.push":
                yield Said([body["view"]["title"]["text"], *_fields(body["view"])], private=True)

    def _message(self, words: str) -> Mapping[str, Any]:
        messages = reversed(self._channel.messages.values())
        return next(each for each in messages if words in "\n".join([each.get("text", ""), *of_slack(each)]))

    def _newest(self) -> list[Mapping[str, Any]]:
        return [*self._seen[::-1], *list(self._channel.messages.values())[::-1]]


def _has(message: Mapping[str, Any], label: str) -> bool:
    return f"[{label}]" in "\n".join(of_slack(message))


def _fields(view: Mapping[str, Any]) -> list[str]:
    return [f"{block['label']['text']}: [ ]" for block in view["blocks"] if block["type"] == "input"]
