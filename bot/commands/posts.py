"""Several posts in one place, each with a name: add, remove and list them."""

from typing import Annotated

from bot.chat.call import Call
from bot.chat.registry import OptionHelp
from bot.commands.common import paragraphs, registry
from bot.commands.digest import keep, next_line, post_here, topics_here
from bot.domain.destinations import Destination, destination_key
from bot.domain.messages import Message, Text, strong, text
from bot.domain.named_posts import MOST_POSTS, read_name
from bot.domain.post_settings import describe, describe_topics
from bot.domain.when import parse_when
from bot.errors import UserError

Name = Annotated[str, OptionHelp("What the post is called, and about, e.g. robotics.")]


@registry.command("digest add", admin=True)
async def add(
    call: Call,
    name: Name,
    when: Annotated[str, OptionHelp("Time and days, e.g. 09:00 mon,thu.", rest=True)] = "",
) -> Message:
    """Add another post to this channel, with a time, topics, scope, count and layout of its own.

    `digest add robotics 09:00 mon,thu` is about the topic of that name, else about robotics. All settings take its
    name: `digest count 3 post robotics`. No paper is in two posts of a channel. In a private talk they are your own.
    """
    called = read_name(name)
    known = await call.store.posts_of(call.place.key)
    if destination_key(call.place, called) in {each.key for each in known}:
        raise UserError(f"There is a post “{called}” here already. `/papers digest list` shows how it is set.")
    if len(known) > MOST_POSTS:
        raise UserError(f"A place has up to {MOST_POSTS} posts with names; `/papers digest remove NAME` makes room.")
    first = await post_here(call)
    own = call.person if call.place.private and not any(each.person is None for each in known) else first.person
    new = Destination(place=call.place, post=called, at=first.at, timezone=first.timezone, person=own)
    try:
        new = parse_when(when).applied(new)
    except UserError as error:
        if not when[0].isalpha():
            raise
        quotes = f'`/papers digest add "{called} {when.split()[0]}"`'
        raise UserError(f"{error} A name of several words stands in quotes, as in {quotes}.") from None
    about = text(strong("Topics: "), describe_topics(await topics_here(call, new)))
    return await keep(call, new, about)


@registry.command("digest remove", admin=True)
async def remove(
    call: Call, name: Annotated[str, OptionHelp("The name of the post.", complete="posts", rest=True)]
) -> Message:
    """Remove a post that was added, with its settings and topics."""
    post = await post_here(call, name)
    await call.store.remove_destination(post.key)
    return Message(body=paragraphs(f"Removed the post “{post.post}”. What it has shown is not posted here again."))


@registry.command("digest list", private=True)
async def list_(call: Call) -> Message:
    """List this channel's posts: when each comes, how it is set, and what it is about."""
    first, *named = await call.store.posts_of(call.place.key) or [await post_here(call)]
    if first.post:
        first, named = await post_here(call), [first, *named]
    lines = [line for each in (first, *named) for line in await _listed(call, each)]
    hint = "" if named else "`/papers digest add robotics 09:00 mon,thu` adds another."
    return Message(title="Daily posts", body=paragraphs(*lines, hint))


async def _listed(call: Call, post: Destination) -> list[str | Text]:
    topics = describe_topics(await topics_here(call, post)) or "everything that is trending"
    return [text(strong(post.post or "Daily post"), f": {describe(post)} Topics: {topics}. ", *next_line(call, post))]
