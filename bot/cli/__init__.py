"""The command line: one module per group of commands."""

from bot.cli.app import main

__all__ = ["main"]
