"""Where feeds are served: to whoever has their address, and only where something changed."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from math import ceil

from aiohttp import web

from adapters.feeds.atom import write_feed
from bot.library.app import App
from bot.library.feeds import PATH, fingerprint, read_feed
from bot.runtime.limits import Buckets
from bot.runtime.rate_limit import REAL_TIME, Timer

_PER_HOUR = 120
"""How often a feed is read in an hour at most."""

_FRESH = 900
"""Seconds for which a reader need not ask again."""


class FeedPages:
    """Answers feed readers. What is at an address nobody has (any more) is not found."""

    def __init__(self, app: App, timer: Timer = REAL_TIME) -> None:
        self._app = app
        self._reads = Buckets(_PER_HOUR, timer)

    def routes(self) -> Sequence[web.RouteDef]:
        """Where feed readers come in."""
        return [web.get(PATH + "/{token}.atom", self._serve)]

    async def _serve(self, request: web.Request) -> web.Response:
        token = request.match_info["token"]
        opened = await self._app.store.opened_feed(fingerprint(token))
        if opened is None:
            raise web.HTTPNotFound(text="There is no such feed, or it was revoked.\n")
        if wait := self._reads.wait(opened.fingerprint):
            raise web.HTTPTooManyRequests(headers={"Retry-After": str(ceil(wait))})
        self._reads.take(opened.fingerprint)
        page = await read_feed(self._app, opened)
        body = write_feed(page, f"{self._app.public_url}{PATH}/{token}.atom")
        return _answer(request, body, page.updated.replace(microsecond=0))


def _answer(request: web.Request, body: bytes, modified: datetime) -> web.Response:
    """The feed; where the reader has it already, that nothing changed."""
    tag = sha256(body).hexdigest()[:32]
    answer = web.Response(status=304) if _has(request, tag, modified) else web.Response(body=body)
    answer.etag, answer.last_modified = tag, modified
    answer.headers["Cache-Control"] = f"private, max-age={_FRESH}"
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    if answer.status == 200:
        answer.content_type, answer.charset = "application/atom+xml", "utf-8"
    return answer


def _has(request: web.Request, tag: str, modified: datetime) -> bool:
    """Whether a reader says that it has the feed as it is; a tag says more than a moment."""
    if request.if_none_match is not None:
        return any(each.value in {tag, "*"} for each in request.if_none_match)
    return request.if_modified_since is not None and modified <= request.if_modified_since
