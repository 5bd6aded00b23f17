"""The app manifest: what to paste where Slack asks for one."""

from collections.abc import Mapping
from typing import Any

from bot.chat.registry import Registry

COMMAND = "/papers"
DOMAINS = ("arxiv.org", "biorxiv.org", "doi.org", "medrxiv.org", "openreview.net")
"""The sites whose links Slack tells of; it takes five of an app."""
EVENTS_PATH = "/slack/events"

SCOPES = {
    "commands": "answer /papers and the shortcuts",
    "chat:write": "post to channels it is a member of",
    "channels:join": "join a public channel whose daily post is switched on",
    "channels:read": "see whether a channel is archived and whether it is a member",
    "groups:read": "the same for private channels it was invited to",
    "reactions:read": "learn from reactions",
    "channels:history": "find papers shared where links are watched, and a post that may not have arrived",
    "groups:history": "the same in private channels it was invited to",
    "links:read": "see links to papers, where they unfurl as cards",
    "links:write": "show those cards",
    "im:history": "find a private post that may not have arrived",
    "users:read": "tell who manages the workspace, and their time zone",
    "files:write": "hand over exports, and the picture of the weekly round-up",
    "files:read": "read a file of references that somebody sends it in a direct message",
    "im:write": "hand them over privately",
}
"""What the bot may do in a workspace -> why it needs to."""


def missing_scopes(headers: Mapping[str, str]) -> list[str]:
    """The scopes that were not granted, by the headers of any answer; nothing where they do not tell."""
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")} - {""}
    return sorted(SCOPES.keys() - granted) if granted else []


EVENTS = (
    "app_home_opened",
    "app_uninstalled",
    "link_shared",
    "member_joined_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "reaction_added",
    "reaction_removed",
    "tokens_revoked",
)

_OF_LINKS = {"link_shared", "message.channels", "message.groups"}

SAVE_SHORTCUT, SIMILAR_SHORTCUT, SEARCH_SHORTCUT = "save_paper", "similar_papers", "search_papers"


def manifest(registry: Registry, *, public_url: str = "", links: bool = True) -> dict[str, Any]:
    """The manifest of an app that answers at a public URL, or through Socket Mode where there is none.

    Without `links` the app is sent no messages of channels and no links, and cannot watch which papers people share.
    """
    url = public_url.rstrip("/")
    return {
        "display_information": {
            "name": "Paperboy",
            "description": "The research papers that matter to this channel, every day",
            "background_color": "#1f3a5f",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Paperboy", "always_online": True},
            "slash_commands": [_slash_command(registry, url)],
            **({"unfurl_domains": list(DOMAINS)} if links else {}),
            "shortcuts": [
                _shortcut("Save paper", "message", SAVE_SHORTCUT, "Save the paper this message is about"),
                _shortcut("Similar papers", "message", SIMILAR_SHORTCUT, "Find papers like the one in this message"),
                _shortcut("Search papers", "global", SEARCH_SHORTCUT, "Find papers by words and by meaning"),
            ],
        },
        "oauth_config": {
            "scopes": {"bot": sorted(SCOPES)},
            **({"redirect_urls": [f"{url}/slack/oauth_redirect"]} if url else {}),
        },
        "settings": _settings(url, [name for name in EVENTS if links or name not in _OF_LINKS]),
    }


def _settings(url: str, events: list[str]) -> dict[str, Any]:
    answered_at = {"request_url": f"{url}{EVENTS_PATH}"} if url else {}
    options = {"message_menu_options_url": f"{url}{EVENTS_PATH}"} if url else {}
    return {
        "event_subscriptions": {**answered_at, "bot_events": events},
        "interactivity": {"is_enabled": True, **answered_at, **options},
        "org_deploy_enabled": bool(url),
        "socket_mode_enabled": not url,
        "token_rotation_enabled": bool(url),
    }


def _slash_command(registry: Registry, url: str) -> dict[str, Any]:
    return {
        "command": COMMAND,
        "description": "Find, follow and save research papers",
        "usage_hint": usage_hint(registry),
        "should_escape": True,
        **({"url": f"{url}{EVENTS_PATH}"} if url else {}),
    }


def usage_hint(registry: Registry, limit: int = 99) -> str:
    """`search QUERY | similar PAPER | …`: the first commands of the registry, as far as people see them in Slack."""
    hint = ""
    for usage in (command.usage for command in registry):
        longer = f"{hint} | {usage}" if hint else usage
        if len(longer) > limit:
            break
        hint = longer
    return hint


def _shortcut(name: str, kind: str, callback_id: str, description: str) -> dict[str, str]:
    return {"name": name, "type": kind, "callback_id": callback_id, "description": description}
