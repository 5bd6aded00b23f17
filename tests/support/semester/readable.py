"""What a message shows, as lines of plain text: of Discord's components and of Slack's blocks alike.

Links are their words, with an arrow where they lead to a message; `[…]` is something to press, `[… ▾]` a menu.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from html import unescape
from typing import Any

from tests.support.discord.limits import (
    ACTION_ROW,
    BUTTON,
    FILE,
    MEDIA,
    STRING_SELECT,
    TEXT_DISPLAY,
    TEXT_INPUT,
)

Json = Mapping[str, Any]

_MASKED = re.compile(r"\[((?:\\.|[^\]\\])*)\]\(<?([^\s)>]+)>?\)")
_TIME = re.compile(r"<t:(\d+):F>(?: \(<t:\d+:R>\))?")
_COMMAND = re.compile(r"<(/[\w -]+):\d+>")
_MARKS = re.compile(r"^(?:#{1,3} |-# )|\*\*|(?<!\\)\*|`", re.MULTILINE)
_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")

_DATE = re.compile(r"<!date\^(\d+)\^[^|]*\|[^>]*>")
_LINKED = re.compile(r"<(https?://[^|>]+)\|([^>]*)>")
_UNSEEN = re.compile("[`\u2060\u200b]")
_BOLD = re.compile(r"(?<![\w*])\*([^*\n]+)\*(?!\w)")


def of_discord(payload: Json) -> list[str]:
    """The lines of a message, a modal's title and fields, or a poll."""
    lines = [payload["title"]] if "title" in payload else []
    for component in payload.get("components", ()):
        lines += _component(component)
    if poll := payload.get("poll"):
        lines.append(f"Poll, open for {poll['duration']:.0f} hours: {poll['question']['text']}")
        lines += [f"  ( ) {each['poll_media']['text']}" for each in poll["answers"]]
    return lines


def _component(component: Json) -> Iterator[str]:
    if alone := _ALONE.get(component["type"]):
        yield from alone(component)
        return
    inside = [line for each in component.get("components", ()) for line in _component(each)]
    yield from [" ".join(inside)] if component["type"] == ACTION_ROW else inside
    if "component" in component:
        yield from (f"{component['label']}: {line}" for line in _component(component["component"]))


_ALONE: Mapping[int, Callable[[Json], Iterable[str]]] = {
    TEXT_DISPLAY: lambda part: _markdown(part["content"]).splitlines(),
    BUTTON: lambda part: [f"[{part.get('label') or part['emoji']['name']}]"],
    STRING_SELECT: lambda part: [f"[{part.get('placeholder') or 'choose'} ▾]"],
    TEXT_INPUT: lambda part: [f"[{part.get('value') or part.get('placeholder') or ''}]"],
    MEDIA: lambda part: [f"(picture: {item['description']})" for item in part["items"]],
    FILE: lambda part: [f"(file: {part['file']['url'].removeprefix('attachment://')})"],
}
"""How the components that hold no others are read."""


def _markdown(content: str) -> str:
    words = _TIME.sub(lambda found: _moment(found[1]), content)
    words = _MASKED.sub(lambda found: _link(found[1], found[2]), words)
    return _ESCAPE.sub(r"\1", _MARKS.sub("", _COMMAND.sub(r"\1", words)))


def _link(words: str, target: str) -> str:
    leads_to_message = target.startswith("https://discord.com/channels/") or ".slack.com/archives/" in target
    return f"{words} ↗" if leads_to_message else words


def _moment(seconds: str) -> str:
    return f"{datetime.fromtimestamp(int(seconds), UTC):%a %-d %b %Y, %H:%M} UTC"


def of_slack(payload: Json) -> list[str]:
    """The lines of a message's or a modal's blocks; of one without blocks its text."""
    if "blocks" not in payload:
        return [payload["text"]] if payload.get("text") else []
    return [line for block in payload["blocks"] for line in _block(block)]


def _block(block: Json) -> Iterator[str]:
    match block["type"]:
        case "actions":
            yield " ".join(map(_element, block["elements"]))
        case "context":
            yield " ".join(_mrkdwn(each["text"]) for each in block["elements"])
        case "rich_text":
            yield from (_runs(part["elements"]) for part in block["elements"])
        case "section" | "header":
            yield from _mrkdwn(block["text"]["text"]).splitlines()
            if "accessory" in block and "text" in block["accessory"]:
                yield _element(block["accessory"])
        case "image":
            yield f"(picture: {block['alt_text']})"
        case "divider":
            return
        case kind:
            raise AssertionError(f"a block of the type {kind} is not read here")


def _runs(elements: Sequence[Json]) -> str:
    return "".join(each.get("text", "") for each in elements)


def _element(element: Json) -> str:
    if element["type"] == "button":
        return f"[{element['text']['text']}]"
    label = element.get("placeholder", {}).get("text", "⋯")
    return f"[{label} ▾]"


def _mrkdwn(words: str) -> str:
    words = _DATE.sub(lambda found: _moment(found[1]), words)
    words = _LINKED.sub(lambda found: _link(found[2], found[1]), words)
    return unescape(_UNSEEN.sub("", _BOLD.sub(r"\1", words)))
