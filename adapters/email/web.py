"""How pages are answered: escaped, with headers that keep them to themselves, and only to forms of our own."""

import base64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from markupsafe import Markup

from adapters.email.render import Link, templates
from adapters.http import client_address, client_network
from bot.errors import UserError


@dataclass(frozen=True, slots=True)
class Press:
    """A button of a page: what it says, and what it does."""

    label: str
    value: str
    primary: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a browser is shown. `fields` are for templates that need more; `script` is run, and nothing else is."""

    title: str
    lines: tuple[str, ...] = ()
    presses: tuple[Press, ...] = ()
    links: tuple[Link, ...] = ()
    wrong: str = ""
    template: str = "page.html"
    fields: Mapping[str, Any] = field(default_factory=dict)
    script: str = ""
    status: int = 200


Handler = Callable[[web.Request], Awaitable[Page]]


def answering(handler: Handler, base: str, *, guarded: bool = True) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A handler of requests; `guarded` ones take forms of our own pages alone. A mistake becomes a page."""

    async def answer(request: web.Request) -> web.Response:
        try:
            if guarded and request.method == "POST":
                _require_ours(request, base)
            page = await handler(request)
        except UserError as error:
            page = Page(title="That did not work", wrong=str(error), status=400)
        return respond(page)

    return answer


def respond(page: Page) -> web.Response:
    """A page as a response that no cache keeps, no frame holds and no other site hears of."""
    style = _style()
    fields = {
        "title": page.title,
        "lines": page.lines,
        "presses": page.presses,
        "links": page.links,
        "wrong": page.wrong,
        "style": Markup(style),  # noqa: S704  (our own file)
        "script": Markup(page.script),  # noqa: S704  (our own constants)
    }
    html = templates().get_template(page.template).render({**fields, **page.fields})
    policy = ["default-src 'none'", f"style-src {_hash(style)}", "form-action 'self'", "base-uri 'none'"]
    policy += ["frame-ancestors 'none'", *([f"script-src {_hash(page.script)}"] if page.script else [])]
    headers = {
        "Content-Security-Policy": "; ".join(policy),
        "Referrer-Policy": "same-origin",  # addresses hold tokens
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    return web.Response(text=html, status=page.status, content_type="text/html", charset="utf-8", headers=headers)


def requester(request: web.Request, proxies: int) -> str:
    """What asks from a browser are counted by: hashes of the network it is in and of its address."""
    address = client_address(request, proxies)
    hashes = (blake2b(part.encode(errors="ignore"), digest_size=12) for part in (client_network(address), address))
    return ":".join(("web", *(each.hexdigest() for each in hashes)))


def _require_ours(request: web.Request, base: str) -> None:
    """Raise UserError for a form that was sent from another site; programs that are no browsers do not say."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    own = urlsplit(base)
    ours = site in {"same-origin", "none"} if site else origin in {None, f"{own.scheme}://{own.netloc}"}
    if not ours:
        raise UserError("This was sent from another site. Open the link from the mail again.")


@cache
def _style() -> str:
    return (Path(__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(content.encode()).digest()).decode()}'"
