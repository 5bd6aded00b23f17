"""The mail server: connections that are used again, a pace, and what became of each mail."""

import asyncio
import re
import ssl
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

import aiosmtplib
import structlog

from bot.errors import BusyError, DeliveryError, PostponedError, RefusedError, UnclearError

log = structlog.get_logger()

_COMMAND_SECONDS = 15.0
_DATA_SECONDS = 600.0
"""Servers may look at a mail for ten minutes before they answer (RFC 5321, 4.5.3.2.6)."""

LONGEST = 2 * 5 * _COMMAND_SECONDS + _DATA_SECONDS
"""Seconds that a mail may take at most: connecting and a transaction, perhaps twice, and its content."""

_MAILS_A_CONNECTION = 100
_IDLE_SECONDS = 30.0
_DOWN_SECONDS = 30.0
_MINUTE = 60.0

_GONE = re.compile(r"\b5\.(?:1\.[1236]|2\.1)\b")


class GoneError(RefusedError):
    """There is no such mailbox: every mail to it will be refused."""


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and how to log in there; `tls` says which certificates are believed."""

    host: str
    port: int
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)
    tls: ssl.SSLContext | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """Where a mail goes, and where it comes back to."""

    sender: str
    recipient: str
    mail: bytes = field(repr=False)
    utf8: bool = False


class _Connection:
    """One connection, with what it has been used for."""

    def __init__(self, server: Server) -> None:
        self.client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=server.tls if server.security != "none" else None,
            timeout=_COMMAND_SECONDS,
        )
        self.mails = 0
        self.used_at = 0.0


class Mailer:
    """Sends mails over at most `connections` connections, and at most `per_minute` of them in a minute."""

    def __init__(
        self, server: Server, *, connections: int, per_minute: int, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._server = server
        self._per_minute = per_minute
        self._now = now
        self._gate = asyncio.Semaphore(connections)
        self._idle: list[_Connection] = []
        self._sent: deque[float] = deque()
        self._down_until = 0.0

    def wait(self, share: float = 1.0) -> float:
        """Seconds until a mail may be sent; 0 when one may be now. With a share, until so much of the pace is free."""
        allowed = max(1, int(self._per_minute * share))
        now = self._now()
        while self._sent and self._sent[0] <= now - _MINUTE:
            self._sent.popleft()
        pace = self._sent[-allowed] + _MINUTE - now if len(self._sent) >= allowed else 0.0
        return max(pace, self._down_until - now, 0.0)

    async def send(self, envelope: Envelope, handing_over: Callable[[], None] = lambda: None) -> None:
        """Send a mail; `handing_over` is called when its content follows: before that nothing can have been delivered.

        Raises BusyError, PostponedError, RefusedError, GoneError or UnclearError.
        """
        if wait := self.wait():
            raise BusyError("the mail server takes no more mail for now", retry_after=wait)
        self._sent.append(self._now())
        async with self._gate:
            connection = await self._begin(envelope)
            handing_over()
            try:
                await self._finish(connection, envelope)
            except (RefusedError, PostponedError):
                await self._keep(connection, reset=True)
                raise
            except BaseException:
                connection.client.close()
                raise
            await self._keep(connection)

    async def check(self) -> str:
        """Log in and out again; returns what the server calls itself. Raises PostponedError when that fails."""
        connection = await self._connect()
        greeting = connection.client.last_ehlo_response
        await self._quit(connection)
        return (greeting.message.splitlines() or [""])[0] if greeting else ""

    async def close(self) -> None:
        """Close the connections that are not in use."""
        idle, self._idle = self._idle, []
        for connection in idle:
            await self._quit(connection)

    async def _begin(self, envelope: Envelope) -> _Connection:
        """A connection that has taken sender and recipient: up to here nothing can have been delivered."""
        connection, used = self._reusable(), True
        while True:
            if connection is None:
                connection, used = await self._connect(), False
            try:
                await self._address(connection, envelope)
            except (RefusedError, PostponedError):
                await self._keep(connection, reset=True)
                raise
            except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError, OSError) as error:
                connection.client.close()
                if not used:
                    raise PostponedError(f"the mail server closed the connection: {error}") from error
                connection = None  # it was open for too long, perhaps: once more over a new one
            except BaseException:
                connection.client.close()
                raise
            else:
                return connection

    def _reusable(self) -> _Connection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.client.is_connected and self._now() - connection.used_at < _IDLE_SECONDS:
                return connection
            connection.client.close()
        return None

    async def _connect(self) -> _Connection:
        connection = _Connection(self._server)
        try:
            await connection.client.connect()
            with suppress(aiosmtplib.SMTPHeloError):  # an old server is greeted in the old way with the first mail
                await connection.client.ehlo()
        except (aiosmtplib.SMTPException, OSError) as error:
            connection.client.close()
            self._down_until = self._now() + _DOWN_SECONDS
            log.warning("the mail server cannot be used", server=self._server.host, reason=str(error))
            raise PostponedError(f"the mail server cannot be used: {error}", retry_after=_DOWN_SECONDS) from error
        except BaseException:
            connection.client.close()
            raise
        return connection

    async def _address(self, connection: _Connection, envelope: Envelope) -> None:
        client, encoding = connection.client, "utf-8" if envelope.utf8 else "ascii"
        if envelope.utf8 and not client.supports_extension("smtputf8"):
            raise RefusedError("the mail server does not accept addresses with characters like these")
        options = ["SMTPUTF8", "BODY=8BITMIME"] if envelope.utf8 else []
        try:
            await client.mail(envelope.sender, options=options, encoding=encoding)
        except aiosmtplib.SMTPResponseException as error:
            if error.code == _CLOSING:
                raise aiosmtplib.SMTPServerDisconnected(error.message) from error
            # Whatever the server has against the sender, it is no fault of the mailbox.
            raise PostponedError(f"the mail server does not accept our mail: {_answer(error)}") from error
        try:
            await client.rcpt(envelope.recipient, encoding=encoding)
        except aiosmtplib.SMTPResponseException as error:
            raise _refusal(error) from error

    async def _finish(self, connection: _Connection, envelope: Envelope) -> None:
        """Hand the content over: when the connection is lost from here on, nobody knows whether it was taken."""
        try:
            await connection.client.data(envelope.mail, timeout=_DATA_SECONDS)
        except aiosmtplib.SMTPResponseException as error:
            raise _outcome(error) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise UnclearError(f"the mail server did not say whether it accepted the mail: {error}") from error

    async def _keep(self, connection: _Connection, *, reset: bool = False) -> None:
        """Put a connection aside for the next mail, unless it has served long enough; `reset` ends what was begun."""
        connection.mails += 1
        if connection.mails >= _MAILS_A_CONNECTION:
            await self._quit(connection)
            return
        try:
            if reset:
                await connection.client.rset()
        except (aiosmtplib.SMTPException, OSError):
            connection.client.close()
            return
        connection.used_at = self._now()
        self._idle.append(connection)

    async def _quit(self, connection: _Connection) -> None:
        try:
            await connection.client.quit(timeout=_COMMAND_SECONDS)
        except (aiosmtplib.SMTPException, OSError):
            connection.client.close()


_CLOSING = 421
_TEMPORARY, _PERMANENT = 400, 500


def _outcome(error: aiosmtplib.SMTPResponseException) -> DeliveryError:
    """What an answer to the content means: one that is neither a yes nor a no leaves open whether it was taken."""
    if _PERMANENT <= error.code < 600:
        return RefusedError(_answer(error))
    if _TEMPORARY <= error.code < _PERMANENT:
        return PostponedError(_answer(error))
    return UnclearError(f"the mail server's answer is unclear: {_answer(error)}")


def _refusal(error: aiosmtplib.SMTPResponseException) -> PostponedError | RefusedError:
    """What a refused recipient means: try again, not now or ever, or no such mailbox."""
    if error.code < _PERMANENT:
        return PostponedError(_answer(error))
    # A bare 550 may be a block of our server as well.
    return GoneError(_answer(error)) if _GONE.search(error.message) else RefusedError(_answer(error))


def _answer(error: aiosmtplib.SMTPResponseException) -> str:
    return f"{error.code} {' '.join(error.message.split())}"
