"""The composition root: the only package of the core that knows adapters and storage, and puts everything together."""

from bot.bootstrap.app import load_encoder, open_app, open_index, open_store, rebuild_index, sound_index
from bot.bootstrap.database import back_up, migrate, require_sound_database, restore, schema_versions
from bot.bootstrap.papers import file_source, paper_sources, sample, service_names, share_pace, source_names
from bot.bootstrap.platforms import (
    Connected,
    check_platform,
    discord_commands,
    first_steps,
    open_email,
    open_metrics,
    open_platforms,
    open_tokens,
    platform_names,
    previews,
    slack_manifest,
    sync_discord,
    write_mail,
)
from bot.bootstrap.plots import plots
from bot.bootstrap.terminal import console_chat, dispatcher, play, serve_mcp, talk

__all__ = [
    "Connected",
    "back_up",
    "check_platform",
    "console_chat",
    "discord_commands",
    "dispatcher",
    "file_source",
    "first_steps",
    "load_encoder",
    "migrate",
    "open_app",
    "open_email",
    "open_index",
    "open_metrics",
    "open_platforms",
    "open_store",
    "open_tokens",
    "paper_sources",
    "platform_names",
    "play",
    "plots",
    "previews",
    "rebuild_index",
    "require_sound_database",
    "restore",
    "sample",
    "schema_versions",
    "serve_mcp",
    "service_names",
    "share_pace",
    "slack_manifest",
    "sound_index",
    "source_names",
    "sync_discord",
    "talk",
    "write_mail",
]
