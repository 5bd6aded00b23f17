"""How a function becomes a command on every platform.

The signature gives the options, the docstring the help, the decorator's marks who may run it and who sees the answer.
"""

import inspect
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

from bot.chat.meant import did_you_mean
from bot.domain.messages import Message
from bot.domain.people import quoted
from bot.errors import UserError

Completion = Literal[
    "papers", "queries", "topics", "timezones", "commands", "follows", "followed", "followed here", "posts"
]
"""What an option holds: a paper, a search, a search that goes on, a time zone, or the name of a command; what can be
followed, what somebody or the channel follows, what the channel follows, or the name of a post."""


@dataclass(frozen=True, slots=True)
class OptionHelp:
    """What an option means, for `Annotated`; `rest` takes everything up to the end of the line as it was typed.

    One with a `word` comes at the end of a line, after that word: `digest count 3 post robotics`. `synonyms` are other
    words for its choices. A `file` is brought by the platform, in its own way, and its name stands in the line.
    """

    description: str
    complete: Completion | None = None
    rest: bool = False
    word: str = ""
    file: bool = False
    synonyms: Mapping[str, str] = field(default_factory=dict)
    minimum: int | None = None
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a command."""

    name: str
    kind: type[str] | type[int]
    help: OptionHelp
    required: bool
    default: Any
    choices: tuple[str, ...] = ()

    def parse(self, typed: str) -> Any:
        """The value typed. Raises UserError saying what is expected."""
        if self.choices:
            return self._choose(typed)
        if self.kind is int:
            return self._count(typed)
        return typed

    def chosen(self, typed: str) -> str | None:
        """The choice that a word names; None for a word that is none of them."""
        word = self.help.synonyms.get(typed.lower(), typed.lower())
        return word if word in self.choices else None

    def _choose(self, typed: str) -> str:
        if found := self.chosen(typed):
            return found
        raise UserError(f"{self.name} must be one of {', '.join(self.choices)}, not “{typed}”.")

    def _count(self, typed: str) -> int:
        low, high = self.help.minimum, self.help.maximum
        if re.fullmatch(r"-?\d{1,9}", typed):
            number = int(typed)
            if (low is None or number >= low) and (high is None or number <= high):
                return number
        limits = f" from {low} to {high}" if low is not None and high is not None else ""
        raise UserError(f"{self.name} must be a number{limits}, not “{typed}”.")


@dataclass(frozen=True, slots=True)
class Command:
    """Something people can ask for: `digest time`, with its options, help and marks."""

    name: str
    run: Callable[..., Awaitable[Message]]
    summary: str
    details: str
    options: tuple[Option, ...]
    private: bool
    admin: bool
    workspace: bool
    """Whether it concerns the whole workspace: then it is for its admins alone, and not asked in a private talk."""
    undoes: bool = False
    """Whether it takes back what another did, or goes on from its answer: a button offers it there, and no menu."""
    costly: bool = False
    """Whether it counts for the limits of whoever asks, and waits for their workspace's turn."""

    @property
    def module(self) -> str:
        """The name of the module it stands in, without its package."""
        return self.run.__module__.rpartition(".")[2]

    @property
    def takes_file(self) -> bool:
        """Whether a file is to be brought with it."""
        return any(option.help.file for option in self.options)

    @property
    def usage(self) -> str:
        """`trending [day|week|month] [TOPIC]`."""
        return " ".join([self.name, *map(_usage, self.options)])

    def parse(self, rest: str) -> dict[str, Any]:
        """The options in what was typed after the command's name, in the signature's order.

        A choice that may be left out is skipped when the next word is none of its values. Raises UserError.
        """
        values, rest = self._at_the_end(rest)
        for option in self._in_order:
            word, after = _word(rest)
            if not word:
                break
            if option.help.rest:
                values[option.name], rest = option.parse(rest.strip()), ""
            elif option.choices and not option.required and not option.chosen(word) and self._more(option):
                continue
            else:
                values[option.name], rest = option.parse(word), after
        if rest.strip():
            raise UserError(f"`/papers {self.name}` does not take “{rest.strip()}”. Usage: `/papers {self.usage}`.")
        return self.complete(values)

    @property
    def _in_order(self) -> list[Option]:
        """The options that stand in a line by their order, without a word before them."""
        return [option for option in self.options if not option.help.word]

    def _more(self, option: Option) -> bool:
        return option is not self._in_order[-1]

    def _at_the_end(self, rest: str) -> tuple[dict[str, Any], str]:
        """The options that a line ends with, each after its word, and what comes before."""
        values: dict[str, Any] = {}
        for option in reversed(self.options):
            found = option.help.word and re.fullmatch(_ENDING.format(option.help.word), rest, re.DOTALL | re.IGNORECASE)
            if found:
                values[option.name], rest = option.parse(_word(found["value"])[0]), found["before"]
        return values, rest

    def accept(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The options as a platform has parsed them. Raises UserError."""
        known = {option.name: option for option in self.options}
        return self.complete({name: known[name].parse(str(value)) for name, value in options.items() if name in known})

    def complete(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values with defaults for the options left out. Raises UserError when one is needed."""
        for option in self.options:
            if option.required and not values.get(option.name):
                raise UserError(f"{self._lacks(option)} Usage: `/papers {self.usage}`.")
        return {option.name: values.get(option.name, option.default) for option in self.options}

    def _lacks(self, option: Option) -> str:
        description = option.help.description
        return f"Something is missing after `/papers {self.name}`: {description[0].lower()}{description[1:]}"

    def line(self, values: Mapping[str, Any]) -> str:
        """The line that would be typed for these values."""
        typed = [str(values.get(option.name, "")) for option in self._in_order]
        defaults = [str(option.default) for option in self._in_order]
        # A default says nothing at the end of a line; before other words it keeps them from being taken for it.
        while typed and typed[-1] in ("", defaults[-1]):
            typed.pop(), defaults.pop()
        worded = [option for option in self.options if option.help.word and values.get(option.name)]
        ending = [f"{option.help.word} {quoted(str(values[option.name]))}" for option in worded]
        return " ".join([self.name, *filter(None, typed), *ending])


_ENDING = r"(?P<before>(?:.*\s)?){}\s+(?P<value>\"[^\"]{{1,80}}\"|“[^”]{{1,80}}”|[^\s\"“”]{{1,80}})\s*"
"""A line that ends with a word and what comes after it."""


def _usage(option: Option) -> str:
    name = "|".join(option.choices) if option.choices else option.name.upper().replace("_", "-")
    name = f"{option.help.word} {name}" if option.help.word else name
    return name if option.required else f"[{name}]"


class Registry:
    """Every command there is, by name, in the order they were added."""

    def __init__(self) -> None:
        self._commands: dict[str, Command] = {}

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())

    def __getitem__(self, name: str) -> Command:
        return self._commands[name]

    def command(
        self,
        name: str = "",
        *,
        private: bool = False,
        admin: bool = False,
        workspace: bool = False,
        undoes: bool = False,
        costly: bool = False,
    ) -> Callable[[Callable[..., Awaitable[Message]]], Callable[..., Awaitable[Message]]]:
        """Make a function a command, named like the function unless a name is given.

        Its first parameter is the Call; the others are its options, `Annotated` with what they say.
        """

        def add(run: Callable[..., Awaitable[Message]]) -> Callable[..., Awaitable[Message]]:
            called = name or run.__name__.replace("_", "-")
            summary, _, details = inspect.cleandoc(run.__doc__ or "").partition("\n")
            if not summary or called in self._commands:
                raise ValueError(f"the command {called} needs a docstring and a name of its own")
            self._commands[called] = Command(
                called, run, summary, details.strip(), _options(run), private, admin, workspace, undoes, costly
            )
            return run

        return add

    def find(self, line: str) -> tuple[Command, str]:
        """The command a line begins with, and the rest of the line. Raises UserError with what was perhaps meant."""
        first, after = _word(line)
        second, after_second = _word(after)
        alone = [] if second else [(f"{first} {_SHOW}", "")]
        for name, rest in ((f"{first} {second}", after_second), (first, after), *alone):
            if found := self._commands.get(name.lower()):
                return found, rest
        raise UserError(self._unknown(f"{first} {second}" if first.lower() in self.groups() else first))

    def groups(self) -> dict[str, list[Command]]:
        """The first words that several commands share, such as `digest`, with those commands."""
        groups: dict[str, list[Command]] = {}
        for command in self:
            first, _, second = command.name.partition(" ")
            if second:
                groups.setdefault(first, []).append(command)
        return groups

    def _unknown(self, typed: str) -> str:
        if not typed.strip():
            return "Say what to do, e.g. `/papers search diffusion models`; `/papers help` lists everything."
        group = self.groups().get(typed.split(maxsplit=1)[0].lower())
        if group and len(typed.split()) == 1:
            return f"`/papers {typed.strip()}` needs one more word: {', '.join(c.name.split()[1] for c in group)}."
        meant = did_you_mean(typed, self._commands)
        return f"There is no command `{typed.strip()}`.{meant} `/papers help` lists everything."


def _options(run: Callable[..., Any]) -> tuple[Option, ...]:
    hints = get_type_hints(run, include_extras=True)
    parameters = list(inspect.signature(run).parameters.values())[1:]
    return tuple(_option(parameter, hints[parameter.name]) for parameter in parameters)


def _option(parameter: inspect.Parameter, hint: Any) -> Option:
    """An option from a parameter like `window: Annotated[Literal["day", "week"], OptionHelp("...")] = "day"`."""
    if get_origin(hint) is not Annotated:
        raise TypeError(f"the option {parameter.name} does not say what it means")
    kind, *marks = get_args(hint)
    help_ = next(mark for mark in marks if isinstance(mark, OptionHelp))
    required = parameter.default is inspect.Parameter.empty
    return Option(
        name=parameter.name,
        kind=int if kind is int else str,
        help=help_,
        required=required,
        default="" if required else parameter.default,
        choices=get_args(kind) if get_origin(kind) is Literal else (),
    )


_SHOW = "show"
"""What a group of commands does where only its name was typed, if it has a command of that name."""

_WORD = re.compile(r"\s*(?:\"([^\"]*)\"|“([^”]*)”|(\S+))(.*)", re.DOTALL)


def _word(line: str) -> tuple[str, str]:
    """The first word of a line, without quotes that hold it together, and the rest."""
    match = _WORD.match(line)
    if not match:
        return "", ""
    return next(group for group in match.groups()[:3] if group is not None), match[4]
