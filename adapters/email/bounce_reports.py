"""Bounces and complaints as mail servers write them, read apart from the bot."""

import asyncio
import json
import re
import sys
from asyncio.subprocess import DEVNULL, PIPE
from dataclasses import dataclass
from pathlib import Path

from bot.errors import UserError

_TAG = re.compile(rb"\+((?:a[0-9a-f]{1,15}-)?[0-9a-f]{20})@", re.IGNORECASE)
_HEADER = re.compile(rb"\s*(?:From [^\n]*\n)?[!-9;-~]+[ \t]*:")
_PARSER = Path(__file__).with_name("bounce_parser.py")
_PATIENCE = 10.0
"""Seconds a report may take to be read, where the machine is so busy that its bound of processor time is not met."""


@dataclass(frozen=True, slots=True)
class BounceReport:
    """A mail came back, or was complained of.

    `tag` names the mailbox or the confirmation mail; `address` does where a service names no tag.
    """

    reason: str
    hard: bool
    tag: str = ""
    address: str = ""


def find_tag(body: bytes) -> str:
    """The tag of the first return path of ours in a mail; empty when there is none.

    Only a mail with one is believed: anybody can write the rest of it. Raises UserError for what is no mail.
    """
    if not _HEADER.match(body):
        raise UserError("This is not a mail.")
    match = _TAG.search(body)
    return match[1].decode().lower() if match else ""


async def read_report(body: bytes, tag: str) -> list[BounceReport]:
    """What a mail reports of the mailbox with a tag, at most one thing. Raises UserError for what cannot be read."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-S", str(_PARSER), stdin=PIPE, stdout=PIPE, stderr=DEVNULL
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            output, _ = await process.communicate(body)
    except TimeoutError:
        process.kill()
        await process.wait()
        raise UserError("This report takes too long to be read.") from None
    if process.returncode:
        raise UserError("This report cannot be read.")
    return [BounceReport(reason, hard, tag) for reason, hard in json.loads(output)[:1]]
