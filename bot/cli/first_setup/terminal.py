"""What is said and asked during the first set-up; where nobody is asked, questions take their defaults."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from getpass import getpass
from typing import Any, TypeVar

from rich.columns import Columns
from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from bot.cli.output import line

T = TypeVar("T")

Read = Callable[[str], str]
"""Reads a line that somebody types. With a prompt it hides the line, and shows the prompt only when it does."""


def keyboard(hiding: str) -> str:
    """A line from the keyboard. What is pasted as soon as a prompt is there must be hidden already."""
    return getpass(hiding) if hiding else input()


class Terminal:
    """Talks to whoever sets Paperboy up; without `read` nobody is asked."""

    def __init__(self, console: Console, read: Read | None = None) -> None:
        self.console = console
        self._read = read

    @property
    def asks(self) -> bool:
        """Whether there is somebody to ask."""
        return self._read is not None

    def heading(self, words: str) -> None:
        """Begin a part."""
        self.console.print()
        self.console.print(Rule(Text(words, style="bold"), align="left", style="dim cyan"))

    def say(self, words: str, style: str = "") -> None:
        """A sentence."""
        self.console.print(Padding(line(words, style), (0, 0, 0, 2)))

    def good(self, words: str) -> None:
        """Something that went well."""
        self._marked("✓", "green", words)

    def bad(self, words: str) -> None:
        """Something that went wrong."""
        self._marked("✗", "bold red", words)

    def mind(self, words: str) -> None:
        """Something to look at."""
        self._marked("!", "yellow", words)

    def steps(self, steps: Sequence[str]) -> None:
        """What to do elsewhere, step by step."""
        for number, step in enumerate(steps, start=1):
            mark = f"{number}." if len(steps) > 1 else "→"
            self._marked(mark, "cyan", step)

    def verbatim(self, text: str) -> None:
        """Something to copy, as it is and without anything beside it."""
        self.console.print(Text(text, style="dim"), soft_wrap=True)

    def copied(self, words: str, target: str) -> None:
        """A sentence and below it something to copy, on a line of its own that is not broken."""
        self._marked("→", "cyan", words)
        self.console.print(line(target, "bold cyan"), soft_wrap=True)

    def listed(self, entries: Iterable[tuple[str, bool]]) -> None:
        """Choices with numbers, beside each other where there is room; those that stand are marked."""
        shown = [
            Text.assemble((f"{number:>3} ", "cyan"), line(words, "bold" if on else ""), (" ✓" if on else "", "green"))
            for number, (words, on) in enumerate(entries, start=1)
        ]
        self.console.print(Padding(Columns(shown, padding=(0, 3), column_first=True), (0, 0, 0, 1)))

    def ask(self, question: str, default: str = "", *, hint: str = "") -> str:
        """What somebody answers; Enter, or nobody to ask, is the default. `hint` says what Enter does."""
        if self._read is None:
            return default
        self.console.print(_prompt(question, hint or default), end="", soft_wrap=True)
        return self._read("").strip() or default

    def ask_secret(self, question: str, hint: str) -> str:
        """Something that is not shown while it is typed, and never printed."""
        if self._read is None:
            return ""
        with self.console.capture() as prompt:
            self.console.print(_prompt(question, hint), end="", soft_wrap=True)
        return self._read(prompt.get()).strip()

    def agrees(self, question: str, *, default: bool) -> bool:
        """Whether somebody says yes."""
        answer = self.ask(f"{question} (y/n)", "y" if default else "n")
        return answer.lower().startswith("y")

    def wait(self, what: str, work: Coroutine[Any, Any, T]) -> T:
        """What some work gives; meanwhile it is said what is waited for."""
        with self.console.status(line(what, "dim"), spinner="dots"):
            return asyncio.run(work)

    def _marked(self, mark: str, style: str, words: str) -> None:
        if not self.console.is_terminal:  # what programs read is not broken into lines
            self.console.print(Text.assemble("  ", (mark, style), " ", line(words)), soft_wrap=True)
            return
        grid = Table.grid(padding=(0, 1, 0, 0))
        grid.add_row(Text(f"  {mark}", style=style), line(words))
        self.console.print(grid)


def _prompt(question: str, hint: str) -> Text:
    return Text.assemble("  ", line(question, "bold"), (f" [{hint}]" if hint else "", "dim"), (" › ", "cyan"))
