"""Plays a script with a lab and writes it down: what people do, and everything that the bot says to it.

A script is Markdown, of which some lines are acts:

- `(2026-02-03 09:00)` lets it become a moment, UTC; the bot does what is due until then.
- `ana@discord: ACT`, `ana@slack: ACT` and `ana@terminal: ACT` are somebody who does something, where an act is
  `/papers …`, `[a button]`, `+🔖 words of a message` or `-🔖 …`, `Save paper > words of a message` of its menu,
  `vote 2` in a poll, `<file.ris>` brought to the bot, `"what is filled in"` in a form, or else a message.
- `> …` is something that happens besides, or a program that reads what the bot handed over.

`{code}` stands for the last link code that was given, `{feed}` for the token of the last feed.
"""

import json
import re
import textwrap
from collections.abc import Callable, Coroutine, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from tests.support.secret_watch import note
from tests.support.semester.discord_side import DiscordSide
from tests.support.semester.lab import BASE, Lab
from tests.support.semester.readers import READERS
from tests.support.semester.said import Said
from tests.support.semester.slack_side import SlackSide

_MOMENT = re.compile(r"\((\d{4}-\d\d-\d\d \d\d:\d\d)\)")
_ACT = re.compile(r"(\w+)@(discord|slack|terminal): (.+)")
_REACTION = re.compile(r"([+-])(\S+) (.+)")
_MENU = re.compile(r"((?:Show|Save|Similar) papers?) > (.+)")
_CODE = re.compile(r"link ([A-Z2-9]{8})\b")
_FEED = re.compile(rf"{BASE}(/feeds/([\w-]+)\.atom)")
_WIDTH = 110


class Play:
    """One performance of a script."""

    def __init__(self, lab: Lab) -> None:
        self._lab = lab
        self._lines: list[str] = []
        self._open = False
        self._code = ""
        self._feed = ""
        self._feeds: dict[str, str] = {}
        self._kept: list[tuple[str, dict[str, int]]] = []

    async def perform(self, script: str) -> str:
        """The transcript."""
        for line in script.splitlines():
            if found := _MOMENT.fullmatch(line):
                await self._later(datetime.fromisoformat(found[1]).replace(tzinfo=UTC))
            elif found := _ACT.fullmatch(line):
                await self._act(*found.groups())
            elif line.startswith("> "):
                await self._happens(line.removeprefix("> "))
            else:
                self._prose(line)
        self._close()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip() + "\n"

    # --- what is written

    def _prose(self, line: str) -> None:
        if line.strip():
            self._close()
        if not self._open:
            self._lines.append(line)

    def _close(self) -> None:
        if self._open:
            while not self._lines[-1]:
                self._lines.pop()
            self._lines += ["```", ""]
        self._open = False

    def _write(self, *lines: str) -> None:
        for line in lines:
            if not self._open and line:
                self._lines += ["", "```text"]
                self._open = True
            if self._open:
                self._lines.append(self._hidden(line))

    def _hidden(self, line: str) -> str:
        for secret, name in ((self._code, "{code}"), *((token, "{feed}") for token in self._feeds.values())):
            line = line.replace(secret, name) if secret else line
        return line.rstrip()

    def _say(self, lines: Iterable[str], who: str = "Paperboy") -> None:
        self._write(f"  {who}:")
        for line in lines:
            for part in textwrap.wrap(line, _WIDTH, break_on_hyphens=False) or [""]:
                self._write(f"    {part}")

    # --- what happens

    async def _later(self, moment: datetime) -> None:
        await self._lab.be(moment)
        self._write("", f"({moment:%A, %-d %b %Y, %H:%M} UTC)")
        self._hear()

    def _hear(self, person: str = "", side: DiscordSide | SlackSide | None = None) -> None:
        """Write down what the bot said; what one person alone sees was said to whoever acted."""
        for each in (self._lab.discord, self._lab.slack):
            for said in each.heard():
                if list(said.lines) == ["…"] or not said.lines:
                    continue
                self._look(said)
                self._say(said.lines, self._speaker(said, person, "" if each is side else each.name))
        self._write("")

    def _look(self, said: Said) -> None:
        """Remember codes and addresses that were told."""
        words = "\n".join(said.lines)
        if codes := _CODE.findall(words):
            self._code = note(codes[-1])
        for path, token in _FEED.findall(words):
            self._feeds[path] = note(token)
            self._feed = path

    @staticmethod
    def _speaker(said: Said, person: str, side: str) -> str:
        where = said.where or (f"to {person} alone" if said.private else "")
        parts = ["Paperboy", f"on {side}" if side == "Discord" else f"in {side}" if side else "", where]
        return " ".join(filter(None, [*parts, "(in place of what stood there)" if said.instead else ""]))

    async def _act(self, person: str, side: str, act: str) -> None:
        platform = {"discord": "on Discord", "slack": "in Slack", "terminal": "in the terminal"}[side]
        self._write(f"{person} {platform}: {act}")
        act = act.replace("{code}", self._code)
        if side == "terminal":
            self._say(await self._lab.terminal(person, act))
            self._hear()
            return
        where = self._lab.discord if side == "discord" else self._lab.slack
        await self._do(where, person, act)
        self._hear(person, where)

    async def _do(self, where: Any, person: str, act: str) -> None:
        if act.startswith("/"):
            await where.command(person, act, self._lab.files)
        elif act.startswith("["):
            await where.press(person, act[1:-1])
        elif act.startswith("vote "):
            await where.vote(person, int(act.removeprefix("vote ")))
        elif act.startswith("<"):
            await where.bring(person, self._lab.files / act[1:-1])
        elif act.startswith('"'):
            await where.fill_in(person, act[1:-1])
        elif found := _MENU.fullmatch(act):
            await where.menu(person, found[1], found[2])
        elif found := _REACTION.fullmatch(act):
            await where.react(person, found[2], found[3], on=found[1] == "+")
        else:
            await where.say(person, act)

    # --- what happens besides

    async def _happens(self, what: str) -> None:
        self._write(f"> {what}")
        for rule, run in self._events():
            if found := re.fullmatch(rule, what):
                await run(*found.groups())
                self._hear()
                return
        raise AssertionError(f"nothing is known of “{what}”")

    def _events(self) -> Sequence[tuple[str, Callable[..., Coroutine[Any, Any, None]]]]:
        return [
            ("Paperboy is installed in Slack", self._lab.install),
            ("Paperboy is stopped and started again", self._restart),
            ("Paperboy is removed from Discord", self._lab.discord.remove_bot),
            ("Paperboy is removed from Slack", self._lab.slack.uninstall),
            (r"(\w+)'s assistant: (\w+)(?: (\{.*\}))?", self._assistant),
            (r"(feedparser|validator) reads the feed", self._reads_feed),
            (r"(\w+) reads (\S+)", self._reads),
            (r"the file (\S+)", self._shows),
            (r"what is kept \((.+)\)", self._keep),
        ]

    async def _restart(self) -> None:
        await self._lab.stop()
        await self._lab.start()

    async def _assistant(self, person: str, tool: str, options: str | None) -> None:
        self._say(await self._lab.assistant(person, tool, **json.loads(options or "{}")))

    async def _reads(self, reader: str, name: str) -> None:
        self._say(READERS[reader](self._lab.handed(name)), reader)

    async def _shows(self, name: str) -> None:
        self._write(*(f"    {line}" for line in self._lab.handed(name).decode().strip().splitlines()))

    async def _reads_feed(self, reader: str) -> None:
        status, content = await self._lab.fetch(self._feed)
        self._say(READERS[reader](content) if status == 200 else [f"{status}"], reader)

    async def _keep(self, when: str) -> None:
        """How many rows each table has, beside what it had before."""
        self._kept.append((when, await self._lab.kept()))
        names = sorted({name for _, counts in self._kept for name in counts})
        self._write(f"  {'rows':18}" + "".join(f"{when:>15}" for when, _ in self._kept))
        for name in names:
            self._write(f"  {name:18}" + "".join(f"{counts.get(name, 0):>15}" for _, counts in self._kept))
