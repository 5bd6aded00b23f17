"""A lab's server on Discord: what its people do there, and everything that the bot sends."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import discord
import simcord
from simcord.actors import MemberActor

from adapters.discord.client import Client
from bot.chat.registry import Command
from bot.commands import registry
from tests.support.discord.limits import BUTTON, TEXT_INPUT, check_request, walk
from tests.support.semester.readable import of_discord
from tests.support.semester.said import Said

_EPHEMERAL = 1 << 6
_ANSWER, _IN_PLACE, _FORM = 4, 7, 9


class DiscordSide:
    """One server with one channel."""

    name = "Discord"

    def __init__(self, env: simcord.env.Env, people: list[str], admin: str) -> None:
        self._env = env
        self._guild = env.create_guild("The lab")
        self.channel = self._guild.create_text_channel("papers")
        admins = self._guild.create_role("Admins", permissions=discord.Permissions(manage_guild=True))
        self._people: dict[str, MemberActor] = {
            name: self._guild.add_member(env.create_user(name), roles=[admins] if name == admin else [])
            for name in people
        }
        self._answers: list[Any] = []
        self._private: dict[str, bool] = {}
        self._heard = 0

    async def restart(self, client: Client) -> None:
        """Have another client in place of the one there was."""
        await self._env.restart_bot(client)

    async def command(self, person: str, line: str, files: Path) -> None:
        """`/papers-admin club on when:thursday 16:00`: each option after its name."""
        root, _, rest = line.removeprefix("/").partition(" ")
        command = next(registry[name] for name in _names(rest))
        options = _options(command, rest.removeprefix(command.name).strip())
        for option in command.options:
            if option.help.file and option.name in options:
                options[option.name] = (options[option.name], (files / options[option.name]).read_bytes())
        self._note(await self._people[person].slash(self.channel, f"{root} {command.name}", **options))

    async def press(self, person: str, label: str) -> None:
        """Press the newest button of a label."""
        message = next(each for each in self._shown() if label in _labels(each))
        self._note(await self._people[person].click(message, label=label))

    async def react(self, person: str, emoji: str, words: str, *, on: bool) -> None:
        """React to the newest message of the channel that has some words, or take that back."""
        await self._people[person].set_reaction(self._message(words), emoji, reacted=on)

    async def menu(self, person: str, name: str, words: str) -> None:
        """Choose something of the menu of the newest message that has some words."""
        self._note(await self._people[person].context_menu(self.channel, name, self._message(words)))

    async def vote(self, person: str, number: int) -> None:
        """Vote in the newest poll."""
        asked = next(each for each in reversed(self.channel.history()) if each.poll)
        await self._people[person].vote(asked, answer=number)

    async def say(self, person: str, words: str) -> None:
        """Write a message."""
        await self._people[person].send(self.channel, words)

    async def fill_in(self, person: str, words: str) -> None:
        """Fill in the one field of the form that was shown last."""
        form = self._answers[-1]
        field = next(each["custom_id"] for each in walk(form.modal["components"]) if each["type"] == TEXT_INPUT)
        self._note(await self._people[person].submit_modal(form, {field: words}))

    async def remove_bot(self) -> None:
        """Somebody removes the bot from the server."""
        self._env.backend.remove_guild(self._guild.id)
        await self._env.settle()

    async def go_on(self, seconds: float) -> None:
        """Let time go by."""
        await self._env.advance_time(seconds)

    @property
    def seconds(self) -> float:
        """Discord's clock, since 1970."""
        return self._env.now().timestamp()

    def heard(self) -> Iterator[Said]:
        """What the bot sent since this was asked last, in its order; every request is checked."""
        requests = self._env.http_requests[self._heard :]
        self._heard += len(requests)
        for request in requests:
            check_request(request.method, request.path, request.json)
            yield from self._read(request.method, request.path.strip("/").split("/"), request.json)

    def handed(self) -> dict[str, bytes]:
        """The files that the bot handed over, by their names; of one name the newest."""
        files = [each for message in self._answers for each in getattr(message, "attachments", ())]
        return {file.filename: self._env.backend.cdn.get(file.url) or b"" for file in files}

    def _read(self, method: str, path: list[str], body: Any) -> Iterator[Said]:
        match method, path:
            case "POST", ["interactions", _, token, "callback"]:
                yield from self._callback(token, body)
            case ("PATCH", ["webhooks", _, token, "messages", "@original"]) | ("POST", ["webhooks", _, token]):
                private = bool(body.get("flags", 0) & _EPHEMERAL) or self._private.get(token, False)
                yield Said(of_discord(body), private=private)
            case "POST", ["channels", channel, "messages"]:
                yield Said(of_discord(body), where="" if channel == str(self.channel.id) else self._room(int(channel)))
            case "POST", ["channels", _, "messages", _, "threads"]:
                yield Said([f"(opens the thread “{body['name']}”)"])
            case "POST", ["guilds", _, "scheduled-events"]:
                yield Said([f"(event in the calendar: {body['name']}, {body['scheduled_start_time'][:16]})"])
            case "POST", ["channels", _, "polls", _, "expire"]:
                yield Said(["(ends the poll)"])
            case "DELETE", _:
                yield Said(["(takes the answer away)"])

    def _callback(self, token: str, body: Any) -> Iterator[Said]:
        data = body.get("data") or {}
        self._private[token] = bool(data.get("flags", 0) & _EPHEMERAL)
        match body["type"]:
            case kind if kind in {_ANSWER, _IN_PLACE, _FORM}:
                yield Said(of_discord(data), private=self._private[token] or kind == _FORM, instead=kind == _IN_PLACE)

    def _room(self, channel: int) -> str:
        return "in the thread" if channel in {each.id for each in self.channel.threads} else "in a direct message"

    def _message(self, words: str) -> discord.Message:
        return next(each for each in reversed(self.channel.history()) if words in _text(each))

    def _shown(self) -> list[Any]:
        return [*self._answers[::-1], *self.channel.history()[::-1]]

    def _note(self, result: Any) -> None:
        self._answers += [each for each in (result.response, *result.followups) if each]
        if result.modal:
            self._answers.append(result)


def _names(rest: str) -> Iterator[str]:
    """The names of commands that a line may begin with, the longest first."""
    words = rest.split()
    return (name for n in (3, 2, 1) if (name := " ".join(words[:n])) in {each.name for each in registry})


def _options(command: Command, typed: str) -> dict[str, Any]:
    kinds = {option.name: option.kind for option in command.options}
    parts = re.split(rf"(?:^| )({'|'.join(kinds)}):", typed)[1:] if kinds else []
    return {name: kinds[name](value) for name, value in zip(parts[::2], parts[1::2], strict=True)}


def _labels(message: Any) -> list[str]:
    return [part.get("label", "") for part in walk(_components(message)) if part["type"] == BUTTON]


def _text(message: discord.Message) -> str:
    return "\n".join([message.content, *of_discord({"components": _components(message)})])


def _components(message: Any) -> list[Any]:
    parts = getattr(message, "components", ())
    return [each if isinstance(each, dict) else each.to_dict() for each in parts]
