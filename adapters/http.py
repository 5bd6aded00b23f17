"""One web server, on which platforms mount their routes."""

import asyncio
import base64
import codecs
import hmac
import ipaddress
import logging
from collections.abc import Awaitable, Callable, Iterable

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.typedefs import Middleware
from aiohttp.web_protocol import RequestPayloadError

from bot.ports import unheard
from bot.runtime.trace import begin

log = structlog.get_logger()

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_BODY_SECONDS = 30.0
"""How long the body of a request may take to come."""

_SHUTDOWN_SECONDS = 10.0
_LARGEST = 1024 * 1024
_LARGEST_OF = "_largest_body"


def application(routes: Iterable[web.RouteDef] = (), *, patience: float = _BODY_SECONDS) -> web.Application:
    """An application with the routes given, and `/healthz`, which answers as long as the process does.

    The body of a request must come within `patience` (seconds), and what cannot be read is 4xx and one line in the log.
    What fails here is a 500 that names the id of the request in the log.
    Routes read bodies whole, never as `multipart`; they have at most a megabyte, but for those that `takes_files`.
    """
    app = web.Application(client_max_size=_LARGEST, middlewares=[_apologising, _reading(patience)])
    app.add_routes([web.get("/healthz", _healthy), *routes])
    return app


def takes_files(handler: _Handler, largest: int) -> _Handler:
    """Let a route be sent bodies of so many bytes."""
    setattr(handler, _LARGEST_OF, largest)
    return handler


async def serve(
    app: web.Application,
    host: str,
    port: int,
    ready: Callable[[], None] = unheard,
    *,
    shutdown: float = _SHUTDOWN_SECONDS,
) -> None:
    """Serve until cancelled; requests then have `shutdown` seconds. Raises OSError when the port is taken.

    `ready` is called once it listens.
    """
    # Addresses of requests can hold one-time codes, so they are not logged.
    logging.getLogger("aiohttp.server").addFilter(_without_traceback)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=shutdown, lingering_time=0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        ready()
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


@web.middleware
async def _apologising(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Gives each request an id in the log, and tells it to whom we failed."""
    trace = begin("request")
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception:
        log.exception("a request failed", path=request.path)
        sorry = f"Something went wrong here; nothing was lost. Tell an admin: error {trace}.\n"
        return web.Response(status=500, text=sorry)


def _reading(patience: float) -> Middleware:
    """Reads the body before a route does, so that what cannot be read is refused in one place."""

    @web.middleware
    async def read(request: web.Request, handler: _Handler) -> web.StreamResponse:
        body = b""
        request = _with_room(request)
        try:
            if request.can_read_body:
                async with asyncio.timeout(patience):
                    body = await request.read()
            return await handler(request)
        except TimeoutError:
            if body:
                raise
            return _refused(request, 408, "its body did not come in time")
        except RequestPayloadError as error:
            return _refused(request, 400, f"{type(error).__name__}: {error}")
        except LookupError:
            if _has_known_charset(request):
                raise
            return _refused(request, 400, "its charset is not known")
        except UnicodeDecodeError as error:
            if error.object != body:
                raise
            return _refused(request, 400, f"it is not in {error.encoding}")

    return read


def _with_room(request: web.Request) -> web.Request:
    """The request, with as much room for its body as its route has."""
    largest = getattr(request.match_info.handler, _LARGEST_OF, _LARGEST)
    return request.clone(client_max_size=largest) if largest > _LARGEST else request


def _has_known_charset(request: web.Request) -> bool:
    """Whether a body is in a charset that there is, and one of texts."""
    try:
        "".encode(codecs.lookup(request.charset or "utf-8").name)
    except (LookupError, ValueError):
        return False
    return True


def _refused(request: web.Request, status: int, reason: str) -> web.Response:
    log.warning("a request that cannot be read was refused", path=request.path, reason=reason)
    response = web.Response(status=status, text="This request cannot be read.\n")
    response.force_close()
    return response


def _without_traceback(record: logging.LogRecord) -> bool:
    """Tell in one line of what aiohttp itself could not read: anybody can send it, and it is no fault of ours."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, RequestPayloadError):
        return False  # `_reading` has told of it.
    if isinstance(error, (HttpProcessingError, ConnectionError)):
        record.msg, record.args = f"a request that cannot be read was refused: {type(error).__name__}", ()
        record.exc_info = record.exc_text = None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True


def brings(request: web.Request, secret: str, *, from_browsers: bool = False) -> bool:
    """Whether a request brings a secret as its bearer token, or where browsers may, as the password of a login."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if from_browsers and scheme.lower() == "basic":
        try:
            given = base64.b64decode(given.strip(), validate=True).decode().partition(":")[2]
        except ValueError:
            return False
    elif scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(given.strip().encode(errors="replace"), secret.encode())


async def _healthy(_request: web.Request) -> web.Response:
    return web.Response(text="ok\n")


def client_network(address: str) -> str:
    """The network around an address, as `client_address` gives it, that one customer may have: /48, or /24 of IPv4."""
    try:
        one = ipaddress.ip_network(address, strict=False)
    except ValueError:
        return address
    return str(one.supernet(new_prefix=48 if one.version == 6 else 24))


def client_address(request: web.Request, proxies: int) -> str:
    """The address a request comes from, of an IPv6 one the network; `proxies` of our own stand in front."""
    passed = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    addresses = [each.strip() for each in passed if each.strip()]
    seen = addresses[-proxies] if 0 < proxies <= len(addresses) else request.remote or ""
    try:
        address = ipaddress.ip_address(seen)
    except ValueError:
        return seen
    if address.version == 6:
        return str(address.ipv4_mapped or ipaddress.ip_network(f"{address}/64", strict=False))
    return seen
