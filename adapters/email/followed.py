"""What a reader follows, as lines of a form: `author:"Ada Lovelace"`."""

from collections.abc import Sequence

from bot.domain.destinations import Destination
from bot.domain.follows import Follow
from bot.errors import UserError
from bot.library.app import App
from bot.library.follows import read_follow, resolved
from bot.ports import FollowStore

_MOST = 50
"""Follows of one form."""


def follows_text(follows: Sequence[Follow]) -> str:
    """What is followed, a line each."""
    return "\n".join(follow.name for follow in follows)


async def read_follows(app: App, mailbox: Destination, known: Sequence[Follow], typed: str) -> list[Follow]:
    """What lines ask to follow, those that are `known` as they are. Raises UserError for a line that cannot be had."""
    lines = list(dict.fromkeys(line.strip() for line in typed.splitlines() if line.strip()))
    if len(lines) > max(_MOST, len(known)):
        raise UserError(f"That is more than {_MOST} things to follow.")
    by_name = {follow.name.casefold(): follow for follow in known}
    return [by_name.get(line.casefold()) or await _asked(app, mailbox, line) for line in lines]


async def _asked(app: App, mailbox: Destination, line: str) -> Follow:
    """A new follow, of which papers come in the daily mail."""
    asked = read_follow(line)
    about = await resolved(asked, app.library, app.following, app.clock.now().date())
    return Follow(owner=mailbox.owner, place=mailbox.place.key, kind=asked.kind, value=about.value, since=about.since)


async def set_follows(store: FollowStore, known: Sequence[Follow], wanted: Sequence[Follow]) -> None:
    """Follow what is wanted and is not known yet, and nothing more that is known and not wanted."""
    kept = {follow.number for follow in wanted}
    for follow in known:
        if follow.number not in kept:
            await store.remove_follow(follow.number)
    for follow in wanted:
        if not follow.number:
            await store.add_follow(follow)
