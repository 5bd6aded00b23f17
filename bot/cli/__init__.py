"""The command line: one module per group of commands."""

from bot.cli.app import run

__all__ = ["run"]
