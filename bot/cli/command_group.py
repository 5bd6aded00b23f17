"""The groups of the command line: help without types of Python, and what a mistyped command may have meant."""

from typing import Any

from typer.core import TyperArgument, TyperGroup, TyperOption

from bot.chat.meant import did_you_mean


class CommandGroup(TyperGroup):
    """A group of commands, for Typer's `cls`."""

    def get_params(self, ctx: Any) -> list[Any]:
        """What the group itself takes."""
        return _plain(super().get_params(ctx))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name; None where there is none."""
        command = super().get_command(ctx, cmd_name)
        if command is not None:
            _plain(command.get_params(ctx))
        return command

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that arguments begin with, and the rest of them. Raises a usage error with what was meant."""
        typed = args[0]
        if self.get_command(ctx, typed) is None and not typed.startswith("-") and not ctx.resilient_parsing:
            ctx.fail(f"No such command '{typed}'.{_meant(typed, self.commands)}")
        return super().resolve_command(ctx, args)


def _meant(typed: str, known: Any) -> str:
    """What a mistyped command may have meant; what is said in a chat is told so."""
    if offered := did_you_mean(typed, known, "'"):
        return offered
    from bot.commands import registry

    if typed.lower() in {command.name.split()[0] for command in registry} - {"help"}:
        return f" It is said in a chat: 'paperboy chat' opens one, then /papers {typed.lower()}."
    return ""


def _plain(parameters: list[Any]) -> list[Any]:
    """Let flags and arguments be shown without the types that Typer would name: `<bool>`, `<list[str]>`."""
    for each in parameters:
        if isinstance(each, TyperArgument):
            each.display_type_rich = _no_type  # type: ignore[method-assign]
        elif isinstance(each, TyperOption) and each.is_flag and each.metavar is None:
            each.metavar = ""
    return parameters


def _no_type(ctx: Any) -> None:
    """An argument's name says what it is; Typer has no switch for this."""
