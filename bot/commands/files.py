"""Papers in and out: files that are brought, files and feeds that are handed over."""

from dataclasses import replace
from typing import Annotated, Literal

from bot.chat.call import Call
from bot.chat.registry import OptionHelp
from bot.commands.common import paragraphs, registry, require_channel
from bot.domain.counts import counted
from bot.domain.feeds import Collection, Feed
from bot.domain.messages import Attachment, Button, Message, Text, code, strong, text
from bot.errors import UserError
from bot.library.citations import References
from bot.library.collected import papers_of
from bot.library.export import FORMATS
from bot.library.feeds import Address, give_address
from bot.library.imports import MOST_RECORDS, Imported, import_papers
from bot.library.imports import take_back as take_import_back
from bot.library.shelves import Kept, asked

_BAD_NAMED = 10
"""Bad records of a file that are named."""

_WHICH_FILE = (
    "Which file? On Discord attach it to this command, on Slack send it to me in a direct message, in the terminal "
    "name it: `/papers import refs.bib`. I read BibTeX, RIS, PubMed, CSL-JSON, EndNote, Web of Science and CSV."
)


@registry.command("import", private=True, costly=True)
async def import_(
    call: Call,
    file: Annotated[str, OptionHelp("A file of references, such as .bib or .ris.", rest=True, file=True)] = "",
) -> Message:
    """Save all papers of a file: BibTeX, RIS, PubMed, CSL-JSON, what a reference manager exports.

    On Discord attach it, on Slack send it to me in a direct message, in the terminal name it. Records that cannot be
    read are named, and the rest is saved, on your list alone; groups of JabRef become tags. Without a file a button
    connects your Zotero library, which is then kept in step, both ways (`zotero`).
    """
    if call.file is None and call.app.zotero is None:
        raise UserError(_WHICH_FILE)
    if call.file is None:
        return Message(body=paragraphs(_WHICH_FILE), buttons=(Button("Connect Zotero", command="zotero"),))
    done = await import_papers(call.app, call.person, call.file)
    buttons = [Button("Saved papers", command="saved")] if done.papers else []
    if done.saved:
        these = "this one" if done.saved == 1 else f"these {done.saved:,}"
        buttons.append(Button(f"Take {these} back", command=f"unimport {done.key}"))
    return Message(body=paragraphs(*_told(call.file.name, done)), buttons=tuple(buttons))


def _told(name: str, done: Imported) -> list[Text]:
    """What came of a file, in words."""
    known = done.papers - done.saved
    lines = [text(strong(f"{counted(done.saved, 'paper')} saved"), f" from {name}.")]
    if known:
        lines.append(text(f"{known:,} of its papers {'was' if known == 1 else 'were'} on your list already."))
    if done.bad:
        lines.append(text(f"{counted(len(done.bad), 'record')} could not be read:"))
        lines += [text(f"{each.where}: {each.reason}") for each in done.bad[:_BAD_NAMED]]
    if len(done.bad) > _BAD_NAMED:
        lines.append(text(f"… and {len(done.bad) - _BAD_NAMED:,} more."))
    if done.cut:
        lines.append(text(f"I read the first {MOST_RECORDS:,} records; bring the rest in a file of its own."))
    if done.error:
        lines.append(text(f"The file could not be read to its end: {done.error}."))
    return lines


@registry.command(private=True, undoes=True)
async def unimport(call: Call, key: Annotated[str, OptionHelp("Which import.")]) -> Message:
    """Take back what an import saved."""
    count = await take_import_back(call.app, call.person, key)
    if not count:
        return Message(body=paragraphs("Nothing of this import is on your list any more."))
    gone = "1 paper is" if count == 1 else f"{count:,} papers are"
    return Message(body=paragraphs(f"{gone} off your list again."), buttons=(Button("Saved papers", command="saved"),))


@registry.command(private=True, costly=True)
async def export(
    call: Call,
    papers: Annotated[
        Literal["me", "channel", "posts", "club", "search"],
        OptionHelp("What you saved; what was saved, posted or read together here; or what a search finds."),
    ] = "me",
    format: Annotated[  # noqa: A002  (the option's name is what people read)
        Literal["bibtex", "ris", "csl", "json", "csv", "feed"], OptionHelp("The format of the file, or a feed.")
    ] = "bibtex",
    query: Annotated[str, OptionHelp("Words and #tags that they must have, or the search.", rest=True)] = "",
) -> Message:
    """Export papers as a file, or as a feed: for BibTeX, a reference manager, a spreadsheet, a feed reader.

    `export me ris #club` has those you tagged club; tags come along as keywords. `export channel` has what was saved in
    this channel, `export posts` what was posted here lately, `export search csl diffusion` the newest papers of a
    search. `export me feed` gives you an address for your feed reader, where new papers appear; you alone see it, and
    can revoke it.
    """
    feed = _asked(call, Collection(papers), query.strip())
    if format == "feed":
        return _given(await give_address(call.app, feed), feed)
    listed, kept = await _whole_and_part(call, feed)
    if not kept:
        return _nothing(feed)
    chosen = FORMATS[format]
    tags = {each.stored.paper.id: each.tags for each in kept}
    references = References(call.app.citation_key, tags, [each.stored.paper for each in listed])
    content = chosen.write([each.stored.paper for each in kept], references).encode()
    return Message(
        title=f"{feed.title} ({counted(len(kept), 'paper')})",
        attachments=(Attachment(chosen.name, content, chosen.media_type),),
    )


async def _whole_and_part(call: Call, feed: Feed) -> tuple[list[Kept], list[Kept]]:
    """The list that papers are exported from, and those that are; a search is of no list, so it is all of it."""
    if feed.collection is Collection.SEARCH:
        found = await papers_of(call.app, feed)
        return found, found
    whole = await papers_of(call.app, replace(feed, query=""))
    return whole, await asked(call.app, whole, feed.query)


def _asked(call: Call, collection: Collection, query: str) -> Feed:
    """What is to be exported. Raises UserError where there is no such thing."""
    if collection is Collection.CHANNEL:
        require_channel(call)
    if collection is Collection.SEARCH and not query:
        raise UserError("Which search? For example `/papers export search bibtex diffusion models`.")
    place = call.place.key if collection.is_of_place else ""
    here = "here" if call.place.private or not call.place.name else f"in {call.place.name}"
    title = _TITLES[collection].format(here=here)
    return Feed(call.person, collection, place, query, f"{title}: {query}" if query else title)


_TITLES = {
    Collection.ME: "Your saved papers",
    Collection.CHANNEL: "Papers saved {here}",
    Collection.POSTS: "Papers posted {here}",
    Collection.CLUB: "What the reading group has read {here}",
    Collection.SEARCH: "Search",
}


def _nothing(feed: Feed) -> Message:
    if feed.query:
        formats = "A format is bibtex, ris, csl, json, csv or feed."
        return Message(body=paragraphs(f"No paper there has these words or tags. {formats}"))
    if feed.collection is Collection.POSTS:
        return Message(body=paragraphs("Nothing was posted here lately, so there is nothing to export."))
    if feed.collection is Collection.CLUB:
        return Message(body=paragraphs("The reading group of this channel has read nothing yet."))
    where = " here" if feed.collection is Collection.CHANNEL else ""
    how = text("Nothing saved", where, " yet, so there is nothing to export. ", code("/papers save PAPER"))
    return Message(body=paragraphs(text(*how, " saves a paper.")))


def _given(address: Address, feed: Feed) -> Message:
    """The address of a feed, to whom it was given."""
    before = "The address that you had for it works no longer." if address.replaced else ""
    return Message(
        title=f"Feed: {feed.title}",
        body=paragraphs(
            text("Give your feed reader this address: ", code(address.url)),
            "Whoever has it can read along, so keep it to yourself. I keep only a fingerprint of it and cannot show it "
            "again; asking again gives you another.",
            before,
        ),
        buttons=(Button("Revoke", command=f"unfeed {address.key}"),),
    )


@registry.command(private=True, undoes=True)
async def unfeed(call: Call, key: Annotated[str, OptionHelp("Which feed.")]) -> Message:
    """Revoke the address of a feed."""
    closed = len(key) >= _SHORTEST_KEY and await call.store.close_feed(call.person, key)
    return Message(body=paragraphs("The address works no longer." if closed else "This address was revoked before."))


_SHORTEST_KEY = 8


@registry.command(admin=True, private=True)
async def feeds(
    call: Call, switch: Annotated[Literal["list", "off"], OptionHelp("off: revoke them all.")] = "list"
) -> Message:
    """Show how many feeds people read of this channel's papers, or revoke them all."""
    if switch == "off":
        count = await call.store.close_feeds(call.place.key)
        return Message(body=paragraphs(f"Revoked: {counted(count, 'feed')}."))
    count = await call.store.count_feeds(place=call.place.key)
    off = (Button("Revoke all", command="feeds off"),) if count else ()
    told = f"{counted(count, 'feed')} of this channel's papers {'is' if count == 1 else 'are'} in use."
    return Message(body=paragraphs(told), buttons=off)
