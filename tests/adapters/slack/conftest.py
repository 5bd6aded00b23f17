"""A fake Slack, and Paperboy in it over both transports."""

from tests.support.slack.world import browser, fake, over_http, over_socket, tokens, waits, workspace

__all__ = [
    "browser",
    "fake",
    "over_http",
    "over_socket",
    "tokens",
    "waits",
    "workspace",
]
