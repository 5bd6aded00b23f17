"""The registry -> Discord's commands, with their options, choices, limits and completion."""

import inspect
from collections.abc import Callable, Coroutine
from typing import Any

import discord
from discord import app_commands

from adapters.discord.command_names import ADMIN, ROOT, root_of
from adapters.discord.components import CHOICE, CHOICES, comes_back
from adapters.discord.escape import cut
from adapters.discord.interactions import asker, interactions_of
from adapters.discord.places import Interaction
from adapters.discord.setup import SETUP, setup_of
from bot.chat.registry import Command, Completion, Option, Registry
from bot.domain.messages import Choice

DESCRIPTION, TYPED = 100, 300
"""Characters of a description, and of what somebody may type."""

INSTALLS = app_commands.AppInstallationType(guild=True, user=True)
CONTEXTS = app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True)

Run = Callable[..., Coroutine[Any, Any, None]]
Suggest = Callable[[Interaction, str], Coroutine[Any, Any, list[app_commands.Choice[str]]]]


def slash_commands(registry: Registry) -> list[app_commands.Group]:
    """`/papers` and `/papers-admin`, which Discord offers to those who manage the server and whom they allow it."""
    roots = {
        ROOT: app_commands.Group(
            name=ROOT,
            description=_said("Find, save and follow research papers."),
            allowed_installs=INSTALLS,
            allowed_contexts=CONTEXTS,
        ),
        ADMIN: app_commands.Group(
            name=ADMIN,
            description=_said("Set up what is posted here, and how."),
            allowed_installs=INSTALLS,
            allowed_contexts=CONTEXTS,
            default_permissions=discord.Permissions(manage_guild=True),
        ),
    }
    for name, root in roots.items():
        _fill(root, [each for each in registry if root_of(each) == name and not each.undoes])
    return [root for root in roots.values() if root.commands]


def _fill(root: app_commands.Group, commands: list[Command]) -> None:
    """Put a subcommand for each command; those of two words into a group named by the first."""
    groups: dict[str, app_commands.Group] = {}
    for command in commands:
        first, _, second = command.name.partition(" ")
        if second and first not in groups:
            same = [each for each in commands if each.name.startswith(f"{first} ")]
            groups[first] = app_commands.Group(name=first, description=_said(_purpose(first, same)), parent=root)
        (groups[first] if second else root).add_command(_leaf(command, second or first))


def _purpose(first: str, commands: list[Command]) -> str:
    return f"{first.title()}: {', '.join(command.name.split()[1] for command in commands)}."


def _said(words: str) -> app_commands.locale_str:
    """A description as Discord takes it, ready to be translated."""
    return app_commands.locale_str(cut(words, DESCRIPTION) or "…")


def _leaf(command: Command, name: str) -> app_commands.Command[Any, ..., None]:
    return app_commands.Command(name=name, description=_said(command.summary), callback=_callback(command))


def _callback(command: Command) -> Run:
    """The function discord.py calls for a command; its signature is made from the command's options."""

    async def run(interaction: Interaction, **typed: Any) -> None:
        options = {name: value for name, value in typed.items() if value is not None}
        if command.name in SETUP and not options:
            await setup_of(interaction).open(interaction, command.name)
        else:
            await interactions_of(interaction).command(interaction, command.name, options)

    first = inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Interaction)
    run.__signature__ = inspect.Signature([first, *map(_parameter, command.options)])  # type: ignore[attr-defined]
    marked: Run = run
    for mark in _marks(command):
        marked = mark(marked)
    return marked


def _parameter(option: Option) -> inspect.Parameter:
    return inspect.Parameter(
        option.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=inspect.Parameter.empty if option.required else None,
        annotation=_annotation(option),
    )


def _annotation(option: Option) -> Any:
    if option.help.file:
        return discord.Attachment
    if option.kind is int:
        return app_commands.Range[int, option.help.minimum, option.help.maximum]
    return str if option.choices else app_commands.Range[str, 1, TYPED]


def _marks(command: Command) -> list[Callable[[Any], Any]]:
    """The decorators that say what the options mean, may be, and may become."""
    described = {option.name: _said(option.help.description) for option in command.options}
    chosen = {o.name: [app_commands.Choice(name=c, value=c) for c in o.choices] for o in command.options if o.choices}
    completed = {o.name: _suggest(o.help.complete) for o in command.options if o.help.complete and not o.choices}
    return [
        *([app_commands.describe(**described)] if described else []),
        *([app_commands.choices(**chosen)] if chosen else []),
        *([app_commands.autocomplete(**completed)] if completed else []),
    ]


def _suggest(kind: Completion) -> Suggest:
    async def suggest(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return suggestions(await interactions_of(interaction).suggest(kind, typed, asker(interaction)))

    return suggest


def suggestions(choices: list[Choice]) -> list[app_commands.Choice[str]]:
    """The choices as Discord takes them: none too long, none without a name."""
    fitting = [choice for choice in choices if comes_back(choice.value)]
    return [app_commands.Choice(name=cut(c.label, CHOICE) or c.value, value=c.value) for c in fitting[:CHOICES]]
