"""The command reference, written from the registry: `python -m bot.cli.reference > docs/commands.md`."""

from bot.chat.registry import Command, Option, Registry
from bot.commands import registry

_INTRODUCTION = (
    "Every command works on every platform, as `/papers …`; on Discord those marked *admins only* are "
    "`/papers-admin …`. `make docs` generates this page from the registry."
)


def markdown(commands: Registry) -> str:
    """Every command with its options and marks, as Markdown."""
    parts = [
        "# Commands",
        _INTRODUCTION,
        *map(_section, commands),
    ]
    return "\n\n".join(parts) + "\n"


def _section(command: Command) -> str:
    admins = "workspace admins only" if command.workspace else "admins only" if command.admin else ""
    marks = [mark for mark in (admins, "private answer" if command.private else "") if mark]
    lines = [f"## {command.name}", f"`/papers {command.usage}`" + (f" · {', '.join(marks)}" if marks else "")]
    lines += [part for part in (command.summary, command.details) if part]
    if command.options:
        lines.append("\n".join(map(_line, command.options)))
    return "\n\n".join(lines)


def _line(option: Option) -> str:
    default = f" Default: `{option.default}`." if option.default not in ("", None) else ""
    return f"- `{option.name}`: {option.help.description}{default}"


if __name__ == "__main__":
    print(markdown(registry), end="")  # noqa: T201
