"""A real mail server on a port of this machine, which misbehaves on request."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

FAULTS = {
    "4xx at rcpt": "451 4.2.0 greylisted, come again",
    "5xx at rcpt": "550 5.1.1 no such user here",
    "policy at rcpt": "554 5.7.1 we do not like you",
    "4xx at data": "452 4.3.1 disk full",
    "5xx at data": "554 5.6.0 cannot take this",
    "odd at data": "252 perhaps",
}
"""What the server answers; `cut after data` takes the mail and hangs up, `cut at data` hangs up without taking it."""


@dataclass
class Received:
    """A mail that the server took."""

    sender: str
    recipient: str
    content: bytes
    options: list[str]


@dataclass
class MailServer:
    """Takes mails, except where a fault is planned for the recipient; counts connections."""

    faults: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    most_open: int = 0
    refuse_senders: bool = False
    slow: Callable[[], Any] | None = None
    """Waited for before a mail is taken."""
    slow_at_rcpt: Callable[[], Any] | None = None
    """Waited for before a recipient is."""
    options: dict[str, Any] = field(default_factory=dict)
    port: int = 0
    arrivals: asyncio.Queue[Received] = field(default_factory=asyncio.Queue)
    """What was taken, to wait for."""
    protocols: set["_Protocol"] = field(default_factory=set)
    _server: asyncio.Server | None = None

    def fail(self, recipient: str, *faults: str) -> None:
        """Plan what becomes of the next mails to an address."""
        self.faults[recipient] += faults

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Protocol(self), "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server
        self._server.close()
        self.hang_up()
        await asyncio.sleep(0)
        await self._server.wait_closed()

    def hang_up(self) -> None:
        """Close every connection, as servers do with idle ones."""
        for protocol in list(self.protocols):
            if protocol.transport:
                protocol.transport.close()

    def to(self, recipient: str) -> list[Received]:
        return [mail for mail in self.received if mail.recipient == recipient]

    # What aiosmtpd asks of a handler.

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refuse_senders:
            return "550 5.7.1 you may not send as this"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 ok"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, _: list[str]) -> str:
        if self.slow_at_rcpt:
            await self.slow_at_rcpt()
        planned = self.faults[address]
        if planned and planned[0].endswith("at rcpt"):
            return FAULTS[planned.pop(0)]
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        [recipient] = envelope.rcpt_tos
        fault = self.faults[recipient].pop(0) if self.faults[recipient] else ""
        if self.slow:
            await self.slow()
        if fault in FAULTS:
            return FAULTS[fault]
        if fault != "cut at data":
            content = envelope.original_content
            assert isinstance(content, bytes)
            mail = Received(envelope.mail_from or "", recipient, content, list(envelope.mail_options))
            self.received.append(mail)
            self.arrivals.put_nowait(mail)
        if fault.startswith("cut"):
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 taken"


class _Protocol(SMTP):
    """A connection; tells the server when it opens and closes."""

    def __init__(self, mails: MailServer) -> None:
        options = {"enable_SMTPUTF8": True, "hostname": "mail.example.org", **mails.options}
        super().__init__(mails, **options)
        self._mails = mails

    def connection_made(self, transport: Any) -> None:
        if self.transport is None:
            self._mails.connections += 1
            self._mails.open += 1
            self._mails.most_open = max(self._mails.most_open, self._mails.open)
            self._mails.protocols.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._mails.open -= 1
        self._mails.protocols.discard(self)
        super().connection_lost(error)


def password(expected: str) -> Callable[..., AuthResult]:
    """An authenticator that knows one password."""

    def check(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and data.password.decode() == expected
        return AuthResult(success=right, handled=False)

    return check
