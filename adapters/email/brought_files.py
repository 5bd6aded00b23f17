"""A file of references that somebody uploads on the settings page."""

from aiohttp import web
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File, create_form_parser

from adapters.email.web import Page, Press
from bot.chat.dispatch import Dispatcher, Request
from bot.domain.destinations import Destination
from bot.domain.mailboxes import PLATFORM
from bot.domain.messages import Attachment, Message, plain
from bot.domain.people import Account
from bot.errors import UserError
from bot.library.imports import LARGEST_FILE

LARGEST_BODY = LARGEST_FILE + 100_000
"""Bytes of a form with a file in it."""

_TAKES_BACK = "unimport"


async def import_file(dispatcher: Dispatcher, mailbox: Destination, request: web.Request) -> Page:
    """Import what was uploaded, for whose mailbox it is. Raises UserError."""
    return _page(await _ask(dispatcher, mailbox, "import", await _uploaded(request)))


async def take_back(dispatcher: Dispatcher, mailbox: Destination, pressed: str) -> Page:
    """Take an import back, by the button of its page. Raises UserError."""
    word, _, key = pressed.partition(" ")
    if word != _TAKES_BACK:
        raise UserError("This was not sent from our page. Open the link from the mail again.")
    return _page(await _ask(dispatcher, mailbox, f"{_TAKES_BACK} {key}"))


async def _ask(dispatcher: Dispatcher, mailbox: Destination, line: str, file: Attachment | None = None) -> Message:
    address = mailbox.place.channel
    account = Account(PLATFORM, address, address)
    return await dispatcher.answer(Request(account, mailbox.place, line, ephemeral=True, file=file))


def _page(answer: Message) -> Page:
    presses = [Press(each.label, each.command, primary=False) for each in answer.buttons]
    return Page(
        title="Your papers",
        lines=tuple(plain(each) for each in answer.body),
        presses=tuple(press for press in presses if press.value.startswith(_TAKES_BACK)),
    )


async def _uploaded(request: web.Request) -> Attachment:
    """The file of a form. Raises UserError where there is none."""
    fields: list[Field] = []
    files: list[File] = []
    headers = {"Content-Type": request.headers.get("Content-Type", "").encode()}
    in_memory = {"MAX_MEMORY_FILE_SIZE": LARGEST_BODY}
    try:
        parser = create_form_parser(headers, fields.append, files.append, in_memory)
        parser.write(await request.read())
        parser.finalize()
    except (FormParserError, ValueError) as error:
        raise UserError("This was not sent from our page. Open the link from the mail again.") from error
    if not files or not files[0].file_name:
        raise UserError("No file was chosen.")
    files[0].file_object.seek(0)
    return Attachment(files[0].file_name.decode("utf-8", "replace"), files[0].file_object.read())
