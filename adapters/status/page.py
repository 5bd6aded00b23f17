"""The status page: what `paperboy status` tells, for a browser; nobody's name, address or secret is on it."""

import base64
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Literal

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from adapters.http import brings
from bot.domain.counts import counted, size_in_words
from bot.domain.dates import ago, shown_moment
from bot.domain.deliveries import Status, Upcoming, what_to_do
from bot.domain.mailboxes import PLATFORM as MAIL
from bot.library.app import App
from bot.library.overview import Overview, Space, overview

_SHOWN_POSTS = 20
_TEMPLATES = Path(__file__).parent / "templates"

Mood = Literal["good", "mind", "bad", ""]

_WENT: dict[Status, tuple[str, Mood]] = {
    Status.CLAIMED: ("is being prepared", ""),
    Status.READY: ("is about to be sent", ""),
    Status.SENDING: ("is being sent", ""),
    Status.SENT: ("was sent", "good"),
    Status.FAILED: ("failed", "bad"),
    Status.UNKNOWN: ("may not have arrived", "mind"),
    Status.SKIPPED: ("was left out", ""),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A fact: what it is about, its state in a word, and more of it."""

    name: str
    state: str
    more: str = ""
    mood: Mood = ""


class StatusPage:
    """Answers whoever brings the secret of the metrics: as a bearer token, or a browser as the password of a login."""

    def __init__(self, app: App, secret: str) -> None:
        self._app = app
        self._secret = secret

    def route(self) -> web.RouteDef:
        """Where the page is. 401 without the secret."""

        async def answer(request: web.Request) -> web.StreamResponse:
            if not brings(request, self._secret, from_browsers=True):
                asks = {"WWW-Authenticate": 'Basic realm="Paperboy: any name, the metrics secret as the password"'}
                return web.Response(status=401, text="The secret is not right.\n", headers=asks)
            page = rendered(await overview(self._app))
            return web.Response(text=page, content_type="text/html", headers=_headers())

        return web.get("/status", answer)


def rendered(told: Overview) -> str:
    """The page of some facts."""
    return _template().render(
        now=f"{told.now:%Y-%m-%d %H:%M} UTC",
        trouble=list(_troubles(told)),
        figures=_figures(told),
        posts=_posts(told),
        sources=_sources(told),
        services=_services(told),
        space=_space(told),
        style=_style(),
    )


def _figures(told: Overview) -> list[Row]:
    waiting = sum(told.counts.due.values()) + sum(told.counts.open.values())
    return [
        Row("papers", f"{told.papers:,}", f"{told.pending:,} not indexed yet" if told.pending else "all indexed"),
        Row("sent in 24 hours", f"{told.counts.ended(Status.SENT):,}", counted(waiting, "post") + " waiting"),
        Row("looked up now", f"{told.lookups:,}", "papers that somebody named"),
    ]


def _troubles(told: Overview) -> Iterator[str]:
    """What somebody should look at."""
    if told.space.is_short:
        yield "Little space is left on the disk; make room."
    if failing := [source.name for source in told.sources if source.error]:
        yield f"Failing: {', '.join(failing)}. The next sync tries again; `paperboy doctor` says more."
    for status in (Status.FAILED, Status.UNKNOWN):
        if many := told.counts.ended(status):
            yield f"In the last 24 hours: {counted(many, 'post')} that {_WENT[status][0]}."
    if off := sum(post.next_run_at is None and post.refusals > 0 for post in told.posts):
        yield f"Off after too many refusals: {counted(off, 'post')}."


def _posts(told: Overview) -> list[Row]:
    """The next posts of channels, then private talks and mailboxes as numbers: their names are people's."""
    channels = [post for post in told.posts if not _is_somebodys(post)]
    rows = [_channel(post) for post in channels[:_SHOWN_POSTS]]
    if len(channels) > _SHOWN_POSTS:
        rows.append(Row(f"and {len(channels) - _SHOWN_POSTS:,} more channels", ""))
    private = Counter(
        "mailboxes" if post.destination.place.platform == MAIL else "private talks"
        for post in told.posts
        if _is_somebodys(post)
    )
    return [*rows, *(Row(kind, f"{many:,}") for kind, many in sorted(private.items()))]


def _is_somebodys(post: Upcoming) -> bool:
    return post.destination.person is not None or post.destination.place.private or (
        post.destination.place.platform == MAIL
    )  # fmt: skip


def _channel(post: Upcoming) -> Row:
    destination, last = post.destination, post.deliveries[0] if post.deliveries else None
    name = f"{destination.place.name or destination.place.channel} on {destination.place.platform.title()}"
    name = f"{name}, {destination.post}" if destination.post else name
    following = f"next {shown_moment(post.next_run_at, destination.timezone).text}" if post.next_run_at else "off"
    if last is None:
        return Row(name, following, what_to_do(post))
    went, mood = _WENT[last.status]
    reason = f": {last.error}" if last.error else ""
    advice = what_to_do(post)
    return Row(name, following, f"{last.day} {went}{reason}" + (f"; {advice}" if advice else ""), mood)


def _sources(told: Overview) -> list[Row]:
    return [
        Row(
            state.name,
            f"read {ago(state.succeeded_at, told.now)}" if state.succeeded_at else "never read",
            f"failed: {state.error}" if state.error else state.note or _newest(state.newest_at, told),
            "bad" if state.error else "mind" if state.note else "good",
        )
        for state in told.sources
    ]


def _newest(moment: datetime | None, told: Overview) -> str:
    return f"newest paper {ago(moment, told.now)}" if moment else ""


def _services(told: Overview) -> list[Row]:
    return [
        Row(
            state.name,
            f"answered {ago(state.answered_at, told.now)}" if state.answered_at else "never answered",
            f"failed: {state.error}" if state.error else "",
            "mind" if state.error else "good",
        )
        for state in told.services
    ]


def _space(told: Overview) -> list[Row]:
    space: Space = told.space
    rows = [Row("database", size_in_words(space.database)), Row("index", size_in_words(space.index))]
    if space.free is not None:
        rows.append(Row("free", size_in_words(space.free), mood="bad" if space.is_short else "good"))
    backup = space.backup
    if backup is None:
        return [*rows, Row("last backup", "none was made here", "`paperboy backup FILE`", "mind")]
    size = size_in_words(backup.size) if backup.size is not None else "the file is no longer there"
    return [*rows, Row("last backup", ago(backup.made_at, told.now), size, "good" if backup.size else "mind")]


def _headers() -> dict[str, str]:
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": f"default-src 'none'; style-src {_hash(_style())}; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(content.encode()).digest()).decode()}'"


@cache
def _style() -> str:
    return (_TEMPLATES / "status.css").read_text(encoding="utf-8")


@cache
def _template() -> Template:
    loader = FileSystemLoader(_TEMPLATES)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    environment.filters["coded"] = _coded
    return environment.get_template("status.html")


def _coded(words: str) -> Markup:
    """Words in which what stands between backquotes is to be typed."""
    parts = str(escape(words)).split("`")
    if len(parts) % 2 == 0:
        return Markup("`".join(parts))  # noqa: S704 - escaped above
    return Markup("".join(f"<code>{part}</code>" if n % 2 else part for n, part in enumerate(parts)))  # noqa: S704
