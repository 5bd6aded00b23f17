"""Who you are to Paperboy: topics, link, forget-me."""

import secrets
from datetime import timedelta
from typing import Annotated, Literal

from bot.chat.call import Call
from bot.chat.registry import OptionHelp
from bot.commands.common import paragraphs, registry
from bot.commands.follow import followed_lines
from bot.domain.messages import Button, Message, Text, strong, text
from bot.domain.messages import code as as_code
from bot.domain.people import Account, Topic
from bot.domain.post_settings import describe_topics
from bot.errors import UserError
from bot.library.slips import slips
from bot.library.topics import LONGEST_TOPIC, read_topics

_CODE_LASTS = timedelta(minutes=15)
_CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"

_ACT = OptionHelp("What to do: show, add, block or remove a topic.", synonyms={"follow": "add"})
TopicAct = Annotated[Literal["show", "add", "block", "remove"], _ACT]

_TEXT = OptionHelp("Words or a query, perhaps with a name: cat:cs.CV -survey as vision.", complete="topics", rest=True)
TopicText = Annotated[str, _TEXT]


@registry.command(private=True)
async def topics(call: Call, action: TopicAct = "show", topic: TopicText = "") -> Message:
    """Show or change your topics; For you and your own digest go by them.

    `topics add protein folding` brings more of it, `topics block crypto` keeps it out, `topics remove crypto` undoes
    either. A topic may be a query: `topics add "graph neural" -survey cat:cs.LG as graphs` keeps it under a name, and a
    paper must meet all of it.
    """
    if action != "show" or topic:
        reply = await change_topics(call, call.owner, "topics", action, topic)
        elsewhere = _for_channel(topic) if action == "add" and call.admin and not call.place.private else ()
        return Message(body=paragraphs(reply, elsewhere))
    yours = describe_topics(await call.store.topics(call.owner))
    here = describe_topics(await call.store.topics(call.place.key))
    return Message(
        title="Topics",
        body=paragraphs(
            text(
                strong("You: "),
                yours or "nothing yet; add one with ",
                "" if yours else as_code("/papers topics add TOPIC"),
            ),
            text(strong("This channel: "), here or "everything that is trending"),
            *await followed_lines(call),
        ),
    )


def _for_channel(topic: str) -> Text:
    """How somebody who may change a channel's post has it follow a topic that they took for themselves."""
    return text("That is for you; the post of this channel: ", as_code(f"/papers digest topics add {topic.strip()}"))


async def change_topics(call: Call, owner: str, command: str, action: str, topic: str) -> Text:
    """Follow, block or remove a topic of a person or a place by a command; says what was done. Raises UserError."""
    if action == "show":
        does = [f"`/papers {_line(command, f'{each} TOPIC')}`" for each in ("add", "block", "remove")]
        raise UserError(f"Say what to do with “{topic.strip()}”: {', '.join(does[:2])} or {does[2]}.")
    if not topic.strip():
        raise UserError(f"Say which topic, e.g. `/papers {_line(command, f'{action} protein folding')}`.")
    if action == "remove":
        return await _remove_topics(call, owner, command, topic)
    asked = read_topics(topic, wanted=action != "block")
    new = [each for each in asked if await call.store.follow(owner, each)]
    named = ", ".join(each.typed for each in new or asked)
    if not new:
        done = "followed" if action == "add" else "blocked"
        return text("Nothing changed: ", strong(named), f" {'is' if len(asked) == 1 else 'are'} already {done}.")
    if action == "block":
        return text("Blocked ", strong(named), ".")
    texts = [each.text for each in new]
    unread = await call.app.following.tell(call.store, texts) if call.app.following else ""
    wrong = [slip for each in texts for slip in slips(call.app.index, each)]
    wrong += [hint for each in new if (hint := _name_hint(each))]
    spaced = [span for each in wrong for span in (*text(" "), *each)]
    return text("Following ", strong(named), ".", f" {unread}" if unread else "", *spaced)


def _name_hint(topic: Topic) -> Text:
    """How the last word after an `as` becomes a name, where it was read as a word of the topic; else empty."""
    *_, before, last = ["", "", *topic.text.split()]
    if topic.name or before.lower() != "as":
        return ()
    named = topic.text.removesuffix(last) + f'"{last}"'
    return text("If ", strong(last), " is to be its name, put that in quotes: ", as_code(named), ".")


async def _remove_topics(call: Call, owner: str, command: str, topic: str) -> Text:
    """Remove the topic of this name or these words, commas included, else each that commas part."""
    whole = " ".join(topic.split())
    for called in (whole, whole.strip('"“”')):
        if called and await call.store.unfollow(owner, called):
            return text("Removed ", strong(called), ".")
    removed = [each.typed for each in read_topics(topic) if await call.store.unfollow(owner, each.text)]
    if not removed:
        raise UserError(f"“{whole[:LONGEST_TOPIC]}” is not among the topics. `/papers {command}` lists them.")
    return text("Removed ", strong(", ".join(removed)), ".")


def _line(command: str, words: str) -> str:
    """A command with words, which come before the name of a post."""
    name, post, of = command.partition(" post ")
    return f"{name} {words}{post}{of}"


@registry.command(private=True)
async def link(call: Call, code: Annotated[str, OptionHelp("The code you got on the other platform.")] = "") -> Message:
    """Link your accounts on two platforms, so that they share your saves.

    Without a code you get one; enter it on the other platform within 15 minutes.
    """
    store, now = call.store, call.now()
    if not code:
        fresh = "".join(secrets.choice(_CODE_LETTERS) for _ in range(8))
        await store.offer_link(call.person, fresh, expires=now + _CODE_LASTS)
        return Message(
            title="Link another account",
            body=paragraphs(text("On the other platform, within 15 minutes: ", as_code(f"/papers link {fresh}"))),
        )
    other = await store.take_link(code.strip().upper(), taker=call.person, now=now)
    if other is None:
        raise UserError(
            "This code is your own, unknown or expired. Get one with `/papers link` on the other platform "
            "and enter it here."
        )
    await store.join_people(other, call.person)
    names = ", ".join(map(_named, await store.accounts(other)))
    return Message(body=paragraphs(text("Linked. These accounts now count as one person: ", strong(names), ".")))


def _named(account: Account) -> str:
    """`ana on Discord`."""
    where = _WHERE.get(account.platform, f"on {account.platform.title()}")
    return f"{account.name or account.id} {where}"


_WHERE = {"console": "in the terminal", "email": "by mail"}
"""Where accounts of a platform are, where it is not `on` the platform."""


@registry.command("forget-me", private=True)
async def forget_me(
    call: Call, sure: Annotated[Literal["no", "yes"], OptionHelp("yes: really delete everything.")] = "no"
) -> Message:
    """Delete everything Paperboy knows about you: saves, likes, notes, tags, topics, follows, linked accounts."""
    if sure != "yes":
        return Message(
            title="Forget you?",
            body=paragraphs(
                "This deletes your saves, likes, dislikes, notes, tags, topics, feeds, what you follow, keys of "
                "Zotero and linked accounts, for good, and ends your own daily posts and mails."
            ),
            buttons=(Button("Export first", command="export bibtex"), Button("Forget me", command="forget-me yes")),
        )
    await call.store.forget_person(call.person)
    return Message(body=paragraphs("Forgotten. Nothing about you is kept."))
