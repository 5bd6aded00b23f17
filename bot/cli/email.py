"""`paperboy email`: mailboxes, for whoever runs the bot."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import time
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from bot import bootstrap
from bot.cli.app import BOT, AsJson, AsOf, DataDir, app, logging_settings, moment, waits
from bot.cli.command_group import CommandGroup
from bot.cli.output import console, line, print_json, print_line
from bot.config import Settings
from bot.delivery.composer import PostComposer
from bot.domain.dates import long_date
from bot.domain.deliveries import Upcoming
from bot.domain.destinations import Destination
from bot.domain.mailboxes import OPERATOR, PER_ADDRESS, PLATFORM, Ask, AskStatus, mailbox_place, parse_address
from bot.domain.messages import Message
from bot.domain.post_settings import describe_days
from bot.domain.when import parse_days, parse_when
from bot.domain.zones import parse_zone, zone_name
from bot.errors import UserError
from bot.library.app import App
from bot.library.subscriptions import Subscriptions
from bot.ports import Clock
from bot.runtime.clocks import StandingClock

group = typer.Typer(cls=CommandGroup, help="The day's papers by mail.", no_args_is_help=True)
app.add_typer(group, name="email", rich_help_panel=BOT)

Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="A mail address.")]


def write_mail(message: Message, clock: Clock, path: Path) -> None:
    """Write a message as a mail to look at, and say where."""
    path.parent.mkdir(parents=True, exist_ok=True)
    bootstrap.write_mail(message, clock, path)
    print_line(f"The mail is in {path}; its links lead to papers.example.org, a stand-in for your server.", console())


@asynccontextmanager
async def _open(loaded: Settings) -> AsyncIterator[tuple[App, Subscriptions]]:
    """The app and its subscriptions. Raises UserError when there is no e-mail."""
    async with bootstrap.open_app(loaded) as opened:
        if opened.subscriptions is None:
            raise UserError(
                "E-mail is not set up; `.env.example` lists what it needs, starting with PAPERBOY_MAIL_FROM."
            )
        yield opened, opened.subscriptions


@group.command()
@waits
async def subscribe(
    address: Address,
    at: Annotated[str, typer.Option(metavar="TIME", help="Local time; days and zone may be said with it.")] = "08:00",
    timezone: Annotated[str, typer.Option(metavar="ZONE", help="Time zone, e.g. Europe/Berlin.")] = "UTC",
    days: Annotated[
        str, typer.Option(metavar="DAYS", help="daily, weekdays, mon,wed,fri; or one day, for a weekly mail.")
    ] = "daily",
    count: Annotated[int, typer.Option(metavar="N", min=1, max=10, help="Papers in a mail.")] = 5,
    data_dir: DataDir = None,
) -> None:
    """Ask an address whether it wants papers; they come once its owner opens the link in that mail.

    An address that already gets papers is sent a link to its settings; nothing else changes.
    """
    loaded = logging_settings(data_dir)
    said = parse_when(at, needs="at")
    ask = Ask(
        address=parse_address(address),
        requester=f"{OPERATOR}{address}",  # whoever runs the bot may ask many
        at=said.at or time(8),
        timezone=said.timezone or parse_zone(timezone),
        days=said.days or parse_days(days),
        count=count,
    )
    async with _open(loaded) as (opened, subscriptions):
        email = bootstrap.open_email(loaded, opened)
        if reason := await opened.store.suppression(ask.address):
            raise UserError(_suppressed(ask.address, reason))
        known = await opened.store.destination(mailbox_place(ask.address).key)
        number = await subscriptions.ask(ask)
        try:
            outcome = (await email.confirmations.tick(at_once=True)).get(number)
        finally:
            await email.platform.close()
        kept = await opened.store.ask(number)
    status = kept[1] if kept else AskStatus.FAILED
    mailbox = known if known and known.enabled else None
    print_line(_outcome_text(ask.address, status, outcome.reason if outcome else "", mailbox), console())


def _outcome_text(address: str, status: AskStatus, reason: str, mailbox: Destination | None) -> str:
    """What became of a letter; `mailbox` is where papers come already. Raises UserError where none was sent."""
    before, link = "", "a confirmation link"
    if mailbox:
        when = f"{describe_days(mailbox.days)} at {mailbox.at:%H:%M} {zone_name(mailbox.timezone)}"
        before, link = f"{address} already gets papers, {when}; nothing changed. ", "a link to the settings"
    match status:
        case AskStatus.SENT:
            return f"{before}A mail with {link} was sent to {address}."
        case AskStatus.SENDING:
            return f"{before}The running bot sends a mail with {link} to {address}."
        case AskStatus.WAITING:
            raise UserError(
                f"{before}No mail was sent to {address} yet: {reason or 'the mail server is busy'}. "
                "The running bot tries again; `paperboy doctor` looks at the mail server."
            )
        case AskStatus.DROPPED:
            raise UserError(
                f"{before}{address} was sent {PER_ADDRESS} such mails within a day, so it gets no more today."
            )
        case _:
            raise UserError(
                f"{before}The mail to {address} failed: {reason or 'it is lost'}. Once that is fixed, "
                f"run `paperboy email allow {address}` and subscribe again."
            )


def _suppressed(address: str, reason: str) -> str:
    return (
        f"Mail to {address} bounced or was reported as spam ({reason}), so none is sent. "
        f"`paperboy email allow {address}` lets it subscribe again."
    )


@group.command("list")
@waits
async def list_(as_json: AsJson = False, data_dir: DataDir = None) -> None:
    """List the mailboxes, when the next mail comes to each, and how the last one went."""
    async with bootstrap.open_app(logging_settings(data_dir)) as opened:
        mailboxes = [
            each
            for each in await opened.store.upcoming(deliveries=1)
            if each.destination.place.platform == PLATFORM
        ]  # fmt: skip
    rows = [_row(each) for each in mailboxes]
    if as_json:
        print_json({"mailboxes": rows})
        return
    table = Table("address", "mail", "next", "last", box=None)
    for row in rows:
        table.add_row(
            line(row["address"] or ""), line(row["mail"] or ""), row["next"] or "off", line(row["last"] or "-")
        )
    console().print(table if rows else "No mailbox yet.")


def _row(mailbox: Upcoming) -> dict[str, str | None]:
    last = mailbox.deliveries[0] if mailbox.deliveries else None
    went = f"{last.day} {last.status.value}{': ' + last.error if last.error else ''}" if last else None
    due = mailbox.next_run_at.isoformat(timespec="seconds") if mailbox.next_run_at else None
    return {"address": mailbox.destination.place.channel, "mail": mailbox.destination.post, "next": due, "last": went}


@group.command()
@waits
async def unsubscribe(address: Address, data_dir: DataDir = None) -> None:
    """Send no more mails to an address."""
    async with _open(logging_settings(data_dir)) as (opened, subscriptions):
        await subscriptions.close(await _mailbox(opened, address))
    print_line("No more mails go to this address.", console())


@group.command()
@waits
async def allow(address: Address, data_dir: DataDir = None) -> None:
    """Let an address that bounced or complained subscribe again."""
    async with _open(logging_settings(data_dir)) as (opened, _):
        lifted = await opened.store.allow(parse_address(address))
    print_line("It can subscribe again." if lifted else "It was not blocked.", console())


@group.command()
@waits
async def resend(address: Address, data_dir: DataDir = None) -> None:
    """Resend a mail that may not have arrived; one that did will appear twice."""
    async with _open(logging_settings(data_dir)) as (opened, subscriptions):
        delivery = await subscriptions.resend(await _mailbox(opened, address))
    if delivery is None:
        raise UserError("The last mail to this address needs no resending; `paperboy email list` shows how it went.")
    print_line(f"The running bot sends the mail of {long_date(delivery.day)} again.", console())


async def _mailbox(opened: App, address: str) -> Destination:
    known = await opened.store.destination(mailbox_place(parse_address(address)).key)
    if known is None:
        raise UserError("No mails go to this address; `paperboy email list` lists the mailboxes.")
    return known


@group.command()
@waits
async def preview(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A web page, or the mail itself if it ends in .eml.")],
    count: Annotated[int, typer.Option(metavar="N", min=1, max=10, help="How many papers.")] = 5,
    as_of: AsOf = None,
    data_dir: DataDir = None,
) -> None:
    """Write today's mail to a file, to look at."""
    at = moment(as_of)
    async with bootstrap.open_app(logging_settings(data_dir), clock=StandingClock(at) if at else None) as opened:
        mailbox = Destination(place=mailbox_place("you@example.org"), count=count, person=0)
        write_mail(await PostComposer(opened).preview(mailbox), opened.clock, file)
