"""A thousand mailboxes due at once on a mail server that misbehaves: who got what, and how long it took.

    python benchmarks/mail.py [--mailboxes 1000] [--seed 1] [--calm] [--dkim KEY.pem]

A real SMTP server in a process of its own answers part of the mails with 4xx and 5xx, hangs up after and before it
took others, and is slow at times; a fifth of the mailboxes meet two such faults in a row. Papers are the bundled
sample's, composed for each mailbox. The clock runs ten minutes at each look, until the day is over. Exit status 1 when
a mailbox has two mails, or none without a record of why. With `--calm` the server takes everything.
"""

import argparse
import asyncio
import json
import logging
import multiprocessing
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Any

import structlog

from adapters.email.smtp import Server
from adapters.email.wiring import from_settings
from bot import bootstrap
from bot.config import Settings, make_key
from bot.delivery.composer import PostComposer
from bot.delivery.deliverer import Deliverer
from bot.domain.deliveries import Status
from bot.domain.destinations import Destination, Layout
from bot.domain.mailboxes import mailbox_place
from bot.domain.people import Account
from bot.library.ingest import read_source, update_index
from bot.library.subscriptions import Subscriptions
from tests.support.email.smtp_server import MailServer

FAULTS = ["4xx at rcpt", "5xx at rcpt", "policy at rcpt", "4xx at data", "5xx at data", "cut after data", "cut at data"]
WEIGHTS = [12, 2, 2, 12, 2, 3, 3]
START = datetime(2026, 1, 19, 4, tzinfo=UTC)


class Clock:
    """A clock that is set by hand."""

    moment = START

    def now(self) -> datetime:
        return self.moment


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mailboxes", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--calm", action="store_true")
    parser.add_argument("--dkim", type=Path)
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    random = Random(options.seed)
    addresses = [f"reader{number}@example.org" for number in range(options.mailboxes)]
    planned = {
        address: [] if options.calm else random.choices(FAULTS, WEIGHTS, k=random.choice([0, 0, 1, 1, 2]))
        for address in addresses
    }
    with mail_server(planned) as (port, ask), tempfile.TemporaryDirectory() as folder:
        ends, figures = asyncio.run(day(Path(folder), addresses, port, options.dkim))
        received = ask()
    problems = [
        f"{address}: {received.get(address, 0)} mails, {ends[address].value}, {planned[address]}"
        for address in addresses
        if not plausible(received.get(address, 0), ends[address])
    ]
    counts = Counter(end.value for end in ends.values())
    mails = Counter(received.get(address, 0) for address in addresses)
    print(json.dumps({"ended": counts, "mails to a mailbox": {str(n): count for n, count in mails.items()}, **figures}))
    print("\n".join(problems) or "every mailbox has one mail, or a record of why not")
    sys.exit(bool(problems))


def plausible(mails: int, end: Status) -> bool:
    """Whether what a mailbox has fits what is on record."""
    allowed = {Status.SENT: (1,), Status.FAILED: (0,), Status.UNKNOWN: (0, 1)}
    return mails in allowed.get(end, ())


async def day(
    folder: Path, addresses: list[str], port: int, dkim: Path | None
) -> tuple[dict[str, Status], dict[str, Any]]:
    """One day of the bot; returns how each mailbox's delivery ended, and what it took."""
    settings = Settings(
        _env_file=None,
        data_dir=folder,
        mail_from="Paperboy <papers@example.org>",
        mail_bounces="bounces@example.org",
        smtp_host="127.0.0.1",
        smtp_security="none",
        smtp_per_minute=1_000_000,
        public_url="https://papers.example.org",
        token_keys=(make_key(),),
        dkim_key_file=dkim,
    )
    clock = Clock()
    async with bootstrap.open_app(settings, clock=clock, create=True) as app:
        with bootstrap.sample() as papers:
            await read_source(bootstrap.file_source(papers), app.store, clock)
        await update_index(app.store, app.index)
        assert isinstance(app.subscriptions, Subscriptions)
        for address in addresses:
            person = await app.store.person(Account("email", address))
            mailbox = Destination(place=mailbox_place(address), at=time(7), chosen_layout=Layout.COMPACT, person=person)
            await app.store.save_destination(mailbox, now=clock.now())
        email = from_settings(settings, app, bootstrap.dispatcher(app), to=Server("127.0.0.1", port, "none"))
        rules = email.rules(disable_after=5, wait_for_papers=timedelta(0))
        deliverer = Deliverer(app.store, PostComposer(app), [email.platform], clock, rules)
        clock.moment = START.replace(hour=7)
        began, worked = perf_counter(), process_time()
        for tick in range(6 * 17):
            await deliverer.tick()
            if not tick:
                first = perf_counter() - began
            clock.moment += timedelta(minutes=10)
        figures = {
            "first look, s": round(first, 1),
            "whole day, s": round(perf_counter() - began, 1),
            "processor, s": round(process_time() - worked, 1),
        }
        await email.platform.close()
        upcoming = await app.store.upcoming(deliveries=1)
        return {each.destination.place.channel: each.deliveries[0].status for each in upcoming}, figures


@contextmanager
def mail_server(planned: dict[str, list[str]]) -> Iterator[tuple[int, Any]]:
    """A mail server in a process of its own: its port, and what asks how many mails each address has."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs, planned))
    process.start()
    try:
        port = ours.recv()

        def ask() -> dict[str, int]:
            ours.send("how many?")
            return dict(ours.recv())

        yield port, ask
    finally:
        process.terminate()
        process.join()


def _serve(pipe: Connection, planned: dict[str, list[str]]) -> None:
    async def serve() -> None:
        random = Random(len(planned))

        async def slow() -> None:
            await asyncio.sleep(0.2 if random.random() < 0.05 else 0)

        async with MailServer() as server:
            for address, faults in planned.items():
                server.fail(address, *faults)
            server.slow = slow if any(planned.values()) else None
            pipe.send(server.port)
            while await asyncio.to_thread(pipe.recv):
                pipe.send(Counter(mail.recipient for mail in server.received))

    asyncio.run(serve())


if __name__ == "__main__":
    main()
