"""A mail server that misbehaves, and Paperboy with e-mail."""

import pytest

from tests.support.email.world import Post, dkim_key, opened, post, server

__all__ = [
    "dkim_key",
    "opened",
    "post",
    "server",
]


@pytest.fixture
async def settings(post: Post) -> str:
    """The link to the settings of a mailbox."""
    await post.confirmed()
    post.clock.moment = post.clock.moment.replace(day=20, hour=7, minute=30)
    await post.deliver()
    return post.link("settings")
