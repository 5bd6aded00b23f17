"""Paperboy on Discord. All knowledge of Discord, its markup and its limits is in this folder."""

from adapters.discord.platform import from_settings

__all__ = ["from_settings"]
