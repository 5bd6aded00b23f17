"""Papers in and out as files: import, export."""

from typing import Annotated, Literal

from bot.chat.call import Call
from bot.chat.registry import OptionHelp
from bot.commands.common import paragraphs, registry, require_channel
from bot.domain.counts import counted
from bot.domain.messages import Attachment, Button, Message, Text, code, strong, text
from bot.errors import UserError
from bot.library.export import FORMATS
from bot.library.imports import MOST_RECORDS, Imported, import_papers
from bot.library.imports import take_back as take_import_back
from bot.library.shelves import place_papers, saved_papers

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
    read are named, and the rest is saved, on your list alone.
    """
    if call.file is None:
        raise UserError(_WHICH_FILE)
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
    whose: Annotated[Literal["me", "channel"], OptionHelp("What you saved, or what was saved in this channel.")] = "me",
    format: Annotated[  # noqa: A002  (the option's name is what people read)
        Literal["bibtex", "ris", "csl", "json", "csv"], OptionHelp("The format of the file.")
    ] = "bibtex",
) -> Message:
    """Export saved papers as a file: for BibTeX, for a reference manager (RIS, CSL-JSON), or as JSON or CSV."""
    if whose == "channel":
        require_channel(call)
        kept = await place_papers(call.app, call.place)
        what, where = "Papers saved here", " here"
    else:
        kept = await saved_papers(call.app, call.person)
        what, where = "Your saved papers", ""
    if not kept:
        how = text("Nothing saved", where, " yet, so there is nothing to export. ", code("/papers save PAPER"))
        return Message(body=paragraphs(text(*how, " saves a paper.")))
    chosen = FORMATS[format]
    content = chosen.write([each.stored.paper for each in kept]).encode()
    return Message(
        title=f"{what} ({counted(len(kept), 'paper')})",
        attachments=(Attachment(chosen.name, content, chosen.media_type),),
    )
