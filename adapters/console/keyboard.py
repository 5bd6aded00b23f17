"""The keyboard: a prompt with history and tab completion."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, InMemoryHistory

from bot.chat.registry import Completion as OptionCompletion
from bot.chat.registry import Option, Registry
from bot.domain.messages import Choice

Complete = Callable[[OptionCompletion, str], Awaitable[Sequence[Choice]]]
"""(kind of option, what is typed so far) -> choices."""

_WORDS = ("/papers ", "/as ", "/join ", "/quit", ":bookmark: ", ":+1: ", ":-1: ", "more")


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
        part = line[len(named[-1].name) + 1 :]
        for option in named[-1].options:
            word, space, rest = part.partition(" ")
            if not (option.choices and space and option.chosen(word)):
                return part, await self._option(option, part)
            part = rest
        return part, ()

    async def _option(self, option: Option, typed: str) -> Sequence[Choice]:
        if option.choices:
            return _beginning(option.choices, typed)
        return await self._complete(option.help.complete, typed) if option.help.complete else ()


def _beginning(names: Iterable[str], typed: str) -> list[Choice]:
    return [Choice(name, name) for name in names if name.startswith(typed.lower())]
