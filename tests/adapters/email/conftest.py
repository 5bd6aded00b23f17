"""A mail server that misbehaves, and Paperboy with e-mail."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.email.smtp_server import Received
from tests.support.email.world import Post, dkim_key, opened, post, server

__all__ = [
    "dkim_key",
    "opened",
    "post",
    "server",
]


class FirstMail:
    """The first daily mail to a mailbox: written for the first test that asks, and there already for the others."""

    def __init__(self, kept: Path) -> None:
        self._kept = kept
        self._received: list[Received] = []

    async def comes(self, post: Post, database: Path) -> None:
        """Let a mailbox be confirmed and its mail be there, as after a start since."""
        if not self._received:
            await post.confirmed()
        post.clock.moment = post.clock.moment.replace(day=20, hour=7, minute=30)
        if self._received:
            _copy(self._kept, database)
            post.server.received += self._received
            return
        await post.deliver()
        _copy(database, self._kept)
        self._received += post.server.received


def _copy(source: Path, target: Path) -> None:
    """Copy a database while both may be open."""
    with closing(sqlite3.connect(source)) as taken, closing(sqlite3.connect(target)) as given:
        taken.backup(given)


@pytest.fixture(scope="session")
def first_mail(tmp_path_factory: pytest.TempPathFactory) -> FirstMail:
    return FirstMail(tmp_path_factory.mktemp("first_mail") / "paperboy.db")


@pytest.fixture
async def settings(post: Post, first_mail: FirstMail, tmp_path: Path) -> str:
    """The link to the settings of a mailbox."""
    await first_mail.comes(post, tmp_path / "data" / "paperboy.db")
    return post.link("settings")
