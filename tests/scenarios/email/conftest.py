"""A mail server that misbehaves, and Paperboy with e-mail."""

from tests.support.email.world import dkim_key, opened, post, server

__all__ = [
    "dkim_key",
    "opened",
    "post",
    "server",
]
