"""The keyboard: a prompt with history and tab completion."""

import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, InMemoryHistory

from bot.chat.registry import Command, Option, Registry
from bot.chat.registry import Completion as OptionCompletion
from bot.domain.messages import Choice

Complete = Callable[[OptionCompletion, str, Mapping[str, str]], Awaitable[Sequence[Choice]]]
"""(kind of option, what is typed so far, the options before it) -> choices."""

_AFTER_POST = re.compile(r"(?:.*\s)?post\s+(?P<name>[^\s\"]*)", re.IGNORECASE | re.DOTALL)
"""The end of a line that names a post."""

_WORDS = ("/papers ", "/as ", "/join ", "/quit", ":bookmark: ", ":+1: ", ":-1: ", ":vote: ", "more")


class Keyboard:
    """Asks for lines; `history` keeps them from one day to the next."""

    def __init__(self, registry: Registry, complete: Complete, history: Path | None = None) -> None:
        self._history = history
        kept = FileHistory(str(history)) if history else InMemoryHistory()
        self._session: PromptSession[str] = PromptSession(
            history=kept, completer=ChatCompleter(registry, complete), complete_while_typing=False
        )

    async def read(self, prompt: str) -> str:
        """One line. Raises EOFError when the person ends the conversation."""
        return await self._session.prompt_async(prompt)

    def forget(self) -> None:
        """Delete the lines that are kept from one day to the next."""
        if self._history:
            self._history.unlink(missing_ok=True)


class ChatCompleter(Completer):
    """Completes words of the chat, names of commands, and what their options may become."""

    def __init__(self, registry: Registry, complete: Complete) -> None:
        self._registry = registry
        self._complete = complete

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        return ()

    async def get_completions_async(
        self, document: Document, complete_event: CompleteEvent
    ) -> AsyncGenerator[Completion, None]:
        part, choices = await self.choices(document.text_before_cursor)
        for choice in choices:
            yield Completion(choice.value, start_position=-len(part), display=choice.label)

    async def choices(self, typed: str) -> tuple[str, Sequence[Choice]]:
        """The end of a line that can be completed, and what it may become."""
        if not typed.startswith("/papers "):
            return typed, _beginning(_WORDS, typed)
        line = typed.removeprefix("/papers ")
        named = [command for command in self._registry if line.lower().startswith(command.name + " ")]
        if not named:
            return line, _beginning((command.name for command in self._registry), line)
        return await self._of_command(named[-1], line[len(named[-1].name) + 1 :])

    async def _of_command(self, command: Command, part: str) -> tuple[str, Sequence[Choice]]:
        """What the options of a command may become, of which some are typed already."""
        given: dict[str, str] = {}
        last = _AFTER_POST.fullmatch(part)
        for option in command.options:
            if last and option.help.word == "post":
                return last["name"], await self._option(option, last["name"], given)
        for option in command.options:
            if option.help.word:
                continue
            word, space, rest = part.partition(" ")
            if option.choices and space and (chosen := option.chosen(word)):
                given[option.name], part = chosen, rest
            elif not (option.choices and not option.required and part and not _beginning(option.choices, part)):
                return part, await self._option(option, part, given)
        return part, ()

    async def _option(self, option: Option, typed: str, given: Mapping[str, str]) -> Sequence[Choice]:
        if option.choices:
            return _beginning(option.choices, typed)
        return await self._complete(option.help.complete, typed, given) if option.help.complete else ()


def _beginning(names: Iterable[str], typed: str) -> list[Choice]:
    return [Choice(name, name) for name in names if name.startswith(typed.lower())]
