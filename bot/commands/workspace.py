"""What admins set for a channel or a workspace apart from its post: watch, reactions, admins."""

import re
from dataclasses import replace
from typing import Annotated, Literal

from bot.chat.call import Call
from bot.chat.registry import OptionHelp
from bot.commands.common import paragraphs, registry
from bot.domain.emoji import EmojiSet, hint, normal, parse_emoji
from bot.domain.messages import Message, Text, code, strong, text
from bot.domain.people import Account
from bot.errors import UserError

_MENTION = re.compile(r"<@!?(?P<id>[^<>|@\s]{1,64})(?:\|(?P<name>[^<>]*))?>")


@registry.command(admin=True)
async def watch(
    call: Call,
    links: Annotated[Literal["show", "on", "off"], OptionHelp("Whether to watch shared links here.")] = "show",
    cards: Annotated[
        Literal["show", "on", "off"],
        OptionHelp("Whether links to papers unfurl as cards; in Slack alone.", word="cards"),
    ] = "show",
) -> Message:
    """Watch the links to papers that people share in this channel.

    A paper that somebody has shared is not posted here again, reactions to their message count as saves, likes and
    dislikes, and who shares or searches it later is told once when it came up here before. Kept are the papers, when
    and by whom they were shared; nothing else of a message is read or kept.

    `watch cards on` lets links of arXiv, DOIs, bioRxiv, medRxiv and OpenReview unfurl as cards in a channel of Slack.
    On Discord, *Show paper* in the menu of a message shows its card.
    """
    if cards != "show":
        if call.place.platform != "slack":
            raise UserError(
                "Links unfurl in Slack alone. On Discord, Show paper in the menu of a message shows its card."
            )
        await call.store.unfurl(call.place.key, on=cards == "on")
    if links != "show":
        await call.store.watch(call.place.key, on=links == "on")
    if await call.store.is_watched(call.place.key):
        line = (
            "Links to papers are watched here: what people share is not posted again, reactions to it count, and who "
            "shares or looks it up later is told who shared it first."
        )
    else:
        line = "Links to papers are not watched here. `/papers watch on` changes that."
    unfurl = "Links to papers unfurl as cards." if await call.store.unfurls(call.place.key) else ""
    return Message(body=paragraphs(line, unfurl))


@registry.command(admin=True, workspace=True)
async def reactions(
    call: Call,
    action: Annotated[
        Literal["show", "save", "like", "dislike", "reset"], OptionHelp("show, reset, or what the emoji should do.")
    ] = "show",
    emoji: Annotated[str, OptionHelp("The emoji, e.g. 🔖 or one of your own.", rest=True)] = "",
) -> Message:
    """Show or set the emoji that save, like and dislike papers here.

    `reactions save` with an emoji sets the one that saves, `reactions reset` restores the defaults.
    """
    chosen = await call.emoji()
    if action == "reset":
        chosen = EmojiSet()
    elif action != "show":
        chosen = _chosen(chosen, action, emoji)
    if action != "show":
        await call.store.set_emoji(call.place.workspace_key, chosen)
    return Message(title="Reactions", body=(hint(chosen),))


def _chosen(known: EmojiSet, action: str, typed: str) -> EmojiSet:
    """The emoji with one of them changed. Raises UserError."""
    if not typed.strip():
        raise UserError(f"Say which emoji, e.g. `/papers reactions {action} :star:`.")
    emoji = parse_emoji(typed)
    chosen = replace(known, **{action: emoji})
    if len({normal(each) for each in (chosen.save, chosen.like, chosen.dislike)}) < 3:
        raise UserError(f"{emoji} already means something else here; `/papers reactions` shows what.")
    return chosen


@registry.command(admin=True, workspace=True, private=True)
async def admins(
    call: Call,
    action: Annotated[Literal["list", "add", "remove"], OptionHelp("list, add or remove.")] = "list",
    person: Annotated[str, OptionHelp("The person, as a mention: @ana.", rest=True)] = "",
) -> Message:
    """Name people besides the admins who may change the daily posts here.

    They may do whatever admins of a channel may, except name others.
    """
    store, workspace = call.store, call.place.workspace_key
    line: Text = ()
    if action != "list":
        named = await _named(call, action, person)
        changed = await (store.add_delegate if action == "add" else store.remove_delegate)(workspace, named)
        now = "may change daily posts now" if action == "add" else "may no longer change daily posts"
        line = text(strong(_called(named)), f" {now}." if changed else ": nothing to change.")
    others = ", ".join(_called(each) for each in await store.delegates(workspace))
    listed = text(strong("Besides admins: "), others or "nobody; add somebody with ", "" if others else _ADD)
    return Message(title="Who may change daily posts", body=paragraphs(line, listed))


def _called(account: Account) -> str:
    """Somebody's name; else their id as people of their workspace see it."""
    return account.name or account.id.rpartition("/")[2]


_ADD = code("/papers admins add @ana")


async def _named(call: Call, action: str, typed: str) -> Account:
    """The account that was mentioned, or whose id was typed and is known. Raises UserError."""
    mention = _MENTION.fullmatch(typed.strip())
    workspace, slash, _ = call.account.id.rpartition("/")
    user = mention["id"] if mention else typed.strip().removeprefix("@")
    account = Account(call.account.platform, f"{workspace}{slash}{user}", (mention and mention["name"]) or "")
    if mention or await call.store.is_known(account):
        return account
    listed = [each for each in await call.store.delegates(call.place.workspace_key) if each.name == user]
    if action == "remove" and len(listed) == 1:
        return listed[0]
    if not user:
        raise UserError(f"Say who, e.g. `/papers admins {action} @ana`.")
    raise UserError(f"Who is “{typed.strip()}”? Mention the person, e.g. `/papers admins {action} @ana`.")
