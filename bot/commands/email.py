"""The day's papers by mail."""

from dataclasses import replace
from typing import Annotated, Literal, NamedTuple, cast, get_args

from bot.chat.call import Call
from bot.chat.registry import OptionHelp
from bot.commands.common import paragraphs, registry
from bot.commands.digest import Clock24, Zone
from bot.domain.counts import counted
from bot.domain.dates import long_date, shown_moment
from bot.domain.destinations import Destination, next_run
from bot.domain.mailboxes import ASKS_LAST, Ask, parse_address
from bot.domain.messages import Message, Text, printable, strong, text
from bot.domain.named_posts import read_name
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
    days: Annotated[str, OptionHelp("daily, weekdays, mon,wed,fri; or one day, for a weekly mail.", rest=True)] = "",
    count: Annotated[
        int, OptionHelp("How many papers; 0 leaves it as it is.", minimum=0, maximum=10, word="count")
    ] = 0,
    post: Annotated[str, OptionHelp("A mail of its own: its name, and what it is about.", word="post")] = "",
) -> Message:
    """Get the day's papers by e-mail, based on what you follow, save and like.

    First you get a mail asking you to confirm. Later, the same command changes when mails come and how many papers they
    have, as in `email you@example.org every monday at 7:30 Berlin count 3`; `topics` sets what they are about.
    `email you@example.org on 07:00 Berlin mon,thu post robotics` adds a mail about your topic of that name, else about
    robotics; `email you@example.org off post robotics` removes it.
    """
    subscriptions = call.app.subscriptions
    if subscriptions is None:
        raise UserError("E-mail is not set up here. `/papers digest me` sends you a daily post of your own.")
    if address.lower() in get_args(Action):
        address, action = await _only_mailbox(call, address.lower()), cast(Action, address.lower())
    if not address:
        return await _listed(call)
    known = await subscriptions.own(call.person, parse_address(address))
    wish = _Wish(action, f"{at} {timezone} {days}", count)
    if post:
        return await _posted(call, subscriptions, known, read_name(post), wish)
    if action == "resend":
        return await _resent(subscriptions, known)
    wished = known or replace(proposed(parse_address(address)), timezone=await _zone_here(call))
    wished = wish.applied(wished)
    if known:
        await subscriptions.save(wished)
        return Message(body=paragraphs(_described(call, wished)))
    if action == "off":
        raise UserError("You get no mails at that address. Every mail has a link to unsubscribe.")
    return await _ask(call, subscriptions, wished)


class _Wish(NamedTuple):
    """How mails are to come, as it was typed."""

    action: Action
    when: str
    papers: int

    def applied(self, mailbox: Destination) -> Destination:
        """A mailbox set so. Raises UserError."""
        wished = replace(mailbox, enabled=self.action == "on", count=self.papers or mailbox.count)
        return parse_when(self.when).applied(wished)


async def _posted(
    call: Call, subscriptions: Subscriptions, mailbox: Destination | None, name: str, wish: _Wish
) -> Message:
    """Add, change or remove a mail with a name, to an address whose owner has confirmed it."""
    if mailbox is None:
        raise UserError("Confirm the address first: `/papers email you@example.org` sends a mail to it.")
    known = await subscriptions.own(call.person, mailbox.place.channel, name)
    if wish.action == "resend":
        raise UserError(
            f"Leave the name out: `/papers email {mailbox.place.channel} resend` sends the last mail again."
        )
    if wish.action == "off":
        if known is None or not await call.store.remove_destination(known.key):
            raise UserError(f"There is no mail “{name}”. `/papers email` lists what is mailed to you.")
        return Message(body=paragraphs(f"Removed the mail “{name}”."))
    wished = wish.applied(known or await subscriptions.another(mailbox, name))
    await subscriptions.save(wished)
    return Message(body=paragraphs(_described(call, wished)))


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
    known = [await call.store.posts_of(mailbox.place.key) for mailbox in await call.store.mailboxes_of(call.person)]
    lines = [_described(call, post) for posts in known for post in posts]
    none = "No papers are mailed to you. `/papers email you@example.org` starts them."
    return Message(title="Papers by mail", body=paragraphs(*lines) if lines else paragraphs(none))


def _described(call: Call, mailbox: Destination) -> Text:
    due = next_run(mailbox, call.now())
    name = f"{mailbox.place.channel}, {mailbox.post}" if mailbox.post else mailbox.place.channel
    if due is None:
        return text(f"{name}: off.")
    return text(f"{name}: {_when(mailbox)}. Next: ", shown_moment(due, mailbox.timezone), ".")


def _when(mailbox: Destination) -> str:
    papers = counted(mailbox.count, "paper")
    return f"{papers} at {mailbox.at:%H:%M} {zone_name(mailbox.timezone)}, {describe_days(mailbox.days)}"
