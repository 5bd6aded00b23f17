"""What `paperboy status` tells, laid out for a terminal; times are those of this machine."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.output import line
from bot.domain.counts import counted, size_in_words
from bot.domain.dates import WEEKDAYS, ago, long_date

_SHOWN_POSTS = 10
_TROUBLED = {"failed", "unknown"}


def print_status(facts: Mapping[str, Any], now: datetime, to: Console) -> None:
    """Print the facts of `paperboy status --json` for people."""
    pending = f", {counted(facts['pending'], 'change')} not indexed yet (`paperboy index`)" if facts["pending"] else ""
    to.print(f"{counted(facts['papers'], 'paper')}, {facts['indexed']:,} in the index{pending}")
    if reader := facts["reader"]:
        to.print(f"{reader['read']:,} of them read by {reader['name'].partition('+')[0]}")
    if facts["sources"]:
        _print_sources(facts["sources"], now, to)
    else:
        to.print("No source has been synced yet; run `paperboy sync`.")
    if facts["followed"]:
        to.print(line(f"also read, because it is followed: {', '.join(facts['followed'])}"))
    if facts["services"]:
        _print_services(facts["services"], now, to)
    if facts["posts"]:
        _print_posts(facts["posts"], to)
    _print_queue(facts["queue"], to)
    _print_space(facts["space"], now, to)


def _print_sources(sources: Sequence[Mapping[str, Any]], now: datetime, to: Console) -> None:
    table = _table("source", "last success", "last new paper", "what happened")
    for source in sources:
        well = source["note"] or ("ok" if source["succeeded"] else "not synced")
        text = f"failed: {source['error']}; the next sync tries again" if source["error"] else well
        style = "red" if source["error"] else ""
        table.add_row(
            line(source["name"]),
            _ago(source["succeeded"], now, "never"),
            _ago(source["newest"], now),
            line(text, style),
        )
    to.print(table)


def _print_services(services: Sequence[Mapping[str, Any]], now: datetime, to: Console) -> None:
    """How the services are doing that are asked for single papers and searches."""
    table = _table("asked for papers", "last answer", "what happened")
    for service in services:
        text = f"failed: {service['error']}" if service["error"] else "ok"
        answered = _ago(service["answered"], now, "never")
        table.add_row(line(service["name"]), answered, line(text, "red" if service["error"] else ""))
    to.print(table)


def _print_posts(posts: Sequence[Mapping[str, Any]], to: Console) -> None:
    """The destinations that are due next, and every one that has trouble."""
    troubled = [post for post in posts if post["last"] and post["last"]["status"] in _TROUBLED]
    shown = {post["place"]: post for post in [*posts[:_SHOWN_POSTS], *troubled]}
    table = _table("posts to", "next", "last", "what to do")
    for post in shown.values():
        last = post["last"]
        text = f"{last['day']} {last['status']}{': ' + last['error'] if last['error'] else ''}" if last else "-"
        style = "red" if last and last["status"] in _TROUBLED else ""
        following = _local(post["next"]) if post["next"] else "off"
        table.add_row(line(_place(post)), following, line(text, style), line(post["advice"] or ""))
    to.print(table)
    if len(shown) < len(posts):
        to.print(f"and {len(posts) - len(shown):,} more")


def _place(post: Mapping[str, Any]) -> str:
    """Where a post goes, and which one of several: `slack #papers: robots`."""
    where = f"{post['platform']} {post['name']}" if post["name"] else post["place"]
    return f"{where}: {post['post']}" if post["name"] and post["post"] else where


def _print_queue(queue: Mapping[str, Any], to: Console) -> None:
    waiting = [
        f"{counted(queue['due'], 'post')} due" if queue["due"] else "",
        f"{counted(queue['open'], 'post')} under way" if queue["open"] else "",
        f"{counted(queue['lookups'], 'paper')} being looked up" if queue["lookups"] else "",
    ]
    ended = ", ".join(f"{many:,} {status}" for status, many in queue["last_day"].items())
    to.print(f"waiting: {', '.join(filter(None, waiting)) or 'nothing'}; posts of the last 24 hours: {ended or 'none'}")


def _print_space(space: Mapping[str, Any], now: datetime, to: Console) -> None:
    parts = [f"database {size_in_words(space['database'])}", f"index {size_in_words(space['index'])}"]
    if space["free"] is not None:
        parts.append(f"{size_in_words(space['free'])} free")
    to.print(f"space: {', '.join(parts)}")
    if space["short"]:
        to.print(line("Little space is left; make room before the database or the index cannot grow.", "red"))
    backup = space["backup"]
    if backup is None:
        to.print("no backup was made here yet: `paperboy backup FILE`")
        return
    size = size_in_words(backup["size"]) if backup["size"] is not None else "the file is no longer there"
    to.print(line(f"last backup: {_ago(backup['made'], now)}, {backup['file']} ({size})"), soft_wrap=True)


def _table(*columns: str) -> Table:
    return Table(*columns, box=None, header_style="bold", padding=(0, 2, 0, 0))


def _ago(moment: str | None, now: datetime, never: str = "-") -> Text:
    return line(ago(datetime.fromisoformat(moment), now) if moment else never)


def _local(moment: str) -> str:
    """`Mon 19 Jan 2026, 09:00` in the time of this machine."""
    local = datetime.fromisoformat(moment).astimezone()
    return f"{WEEKDAYS[local.weekday()][:3]} {long_date(local.date())}, {local:%H:%M}"
