"""The day's papers by mail."""

from dataclasses import replace
from typing import Annotated, Literal, cast, get_args

from bot.chat.call import Call
from bot.chat.registry import OptionHelp
from bot.commands.common import paragraphs, registry
from bot.commands.digest import Clock24, Zone
from bot.domain.counts import counted
from bot.domain.dates import local_moment, long_date
from bot.domain.destinations import Destination, next_run
from bot.domain.mailboxes import ASKS_LAST, Ask, parse_address
from bot.domain.messages import Message, printable, strong, text
from bot.domain.post_settings import describe_days
from bot.domain.when import parse_when
from bot.domain.zones import zone_name
from bot.engine.summary import shorten
from bot.errors import UserError
from bot.library.subscriptions import Subscriptions, proposed

_NAME = 40
"""Characters of a requester's name in a letter: it has no room for a message of theirs."""


Action = Literal["on", "off", "resend"]


@registry.command(private=True)
async def email(
    call: Call,
    address: Annotated[str, OptionHelp("Your e-mail address; leave it out to see what is mailed to you.")] = "",
    action: Annotated[
        Action,
        OptionHelp("Whether to send mails; resend: the last one again, if it may be lost."),
    ] = "on",
    at: Clock24 = "",
    timezone: Zone = "",
    days: Annotated[str, OptionHelp("daily, weekdays, mon,wed,fri; or one day, for a weekly mail.")] = "",
    count: Annotated[int, OptionHelp("How many papers; 0 leaves it as it is.", minimum=0, maximum=10)] = 0,
) -> Message:
    """Get the day's papers by e-mail, based on what you follow, save and like.

    First you get a mail asking you to confirm. Later, the same command changes when mails come and how many papers they
    have; `topics` sets what they are about.
    """
    subscriptions = call.app.subscriptions
    if subscriptions is None:
        raise UserError("E-mail is not set up here. `/papers digest me` sends you a daily post of your own.")
    if address.lower() in get_args(Action):
        address, action = await _only_mailbox(call, address.lower()), cast(Action, address.lower())
    if not address:
        return await _listed(call)
    known = await subscriptions.own(call.person, parse_address(address))
    if action == "resend":
        return await _resent(subscriptions, known)
    wished = known or replace(proposed(parse_address(address)), timezone=await _zone_here(call))
    wished = replace(wished, enabled=action == "on", count=count or wished.count)
    wished = parse_when(f"{at} {timezone}").applied(wished)
    wished = parse_when(days, needs="days").applied(wished) if days else wished
    if known:
        await subscriptions.save(wished)
        return Message(body=paragraphs(_described(call, wished)))
    if action == "off":
        raise UserError("You get no mails at that address. Every mail has a link to unsubscribe.")
    return await _ask(call, subscriptions, wished)


async def _only_mailbox(call: Call, action: str) -> str:
    """The one address that somebody's mails go to. Raises UserError where there is none, or more than one."""
    known = [mailbox.place.channel for mailbox in await call.store.mailboxes_of(call.person)]
    if len(known) == 1:
        return known[0]
    if not known:
        raise UserError("No papers are mailed to you. `/papers email you@example.org` starts them.")
    raise UserError(f"Say which address: {', '.join(f'`/papers email {address} {action}`' for address in known[:3])}.")


async def _resent(subscriptions: Subscriptions, mailbox: Destination | None) -> Message:
    """Have a mail sent again of which nobody knows whether it arrived."""
    delivery = await subscriptions.resend(mailbox) if mailbox else None
    if delivery is None:
        raise UserError("No mail to that address needs resending; `/papers status` shows how the last ones went.")
    return Message(body=paragraphs(f"The mail of {long_date(delivery.day)} will be sent again."))


async def _zone_here(call: Call) -> str:
    """The time zone of this channel's post."""
    here = await call.store.destination(call.place.key)
    return here.timezone if here else "UTC"


async def _ask(call: Call, subscriptions: Subscriptions, wished: Destination) -> Message:
    address = wished.place.channel
    name = shorten(printable(" ".join(call.account.name.split())), _NAME) or "somebody"
    await subscriptions.ask(
        Ask(
            address=address,
            requester=f"{call.account.platform}:{call.account.id}",
            asked_by=f"{name} on {call.account.platform.title()}",
            person=call.person,
            at=wished.at,
            timezone=wished.timezone,
            days=wished.days,
            count=wished.count,
        )
    )
    sent = text("If ", strong(address), " can receive our mail, a confirmation is on its way.")
    after = f"Open its link within {ASKS_LAST.days} days to get {_when(wished)}."
    return Message(title="Check your inbox", body=paragraphs(sent, after))


async def _listed(call: Call) -> Message:
    lines = [_described(call, mailbox) for mailbox in await call.store.mailboxes_of(call.person)]
    return Message(
        title="Papers by mail",
        body=paragraphs(*lines or ["No papers are mailed to you. `/papers email you@example.org` starts them."]),
    )


def _described(call: Call, mailbox: Destination) -> str:
    due = next_run(mailbox, call.now())
    if due is None:
        return f"{mailbox.place.channel}: off."
    return f"{mailbox.place.channel}: {_when(mailbox)}. Next: {local_moment(due, mailbox.timezone)}."


def _when(mailbox: Destination) -> str:
    papers = counted(mailbox.count, "paper")
    return f"{papers} at {mailbox.at:%H:%M} {zone_name(mailbox.timezone)}, {describe_days(mailbox.days)}"
