"""Reads Discord's markdown as its clients do, to tell what a reader sees: what is formatted, mentioned and linked.

Written from Discord's help pages on markdown and its reference on message formatting. What both leave out is what its
clients do: a label is formatted like any text, but a backslash in it is shown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a text: `text`, or what it is besides; `inside` is what a link's label or a format holds."""

    kind: str
    text: str
    target: str = ""
    inside: list["Node"] = field(default_factory=list)


_FORMATS = (
    ("code", re.compile(r"(`+)(?P<inside>.*?[^`])\1(?!`)", re.DOTALL)),
    ("bold", re.compile(r"\*\*(?P<inside>.+?)\*\*(?!\*)", re.DOTALL)),
    ("underline", re.compile(r"__(?P<inside>.+?)__(?!_)", re.DOTALL)),
    ("italic", re.compile(r"\*(?=\S)(?P<inside>(?:\*\*|\s+[^*\s]|[^\s*])+?)\*(?!\*)", re.DOTALL)),
    ("italic", re.compile(r"_(?P<inside>(?:__|[^_])+?)_(?![0-9A-Za-z_])", re.DOTALL)),
    ("struck", re.compile(r"~~(?P<inside>.+?)~~", re.DOTALL)),
    ("spoiler", re.compile(r"\|\|(?P<inside>.+?)\|\|", re.DOTALL)),
)
_MENTIONS = (
    ("mention", re.compile(r"<(?:@[!&]?|#)\d+>|@(?:everyone|here)")),
    ("command", re.compile(r"</[^<>:]+:\d+>")),
    ("time", re.compile(r"<t:-?\d+(?::\w)?>")),
    ("navigation", re.compile(r"<\d*:?id:\w+(?::\d+)?>|<id:\w+>")),
    ("custom emoji", re.compile(r"<a?:\w+:\d+>")),
    ("shortcode", re.compile(r":[a-z0-9_+-]+:(?=\s|$|:)", re.IGNORECASE)),
    ("address", re.compile(r"<?https?://[^\s<>]+|<[\w.+-]+@[\w-]+(?:\.[\w-]+)+>|<\+\d+>")),
    ("invite", re.compile(r"discord(?:app)?\.(?:gg|com|me|io)/\S+", re.IGNORECASE)),
    ("emoji", re.compile("[\u2600-\u26ff\U0001f300-\U0001faff]")),
)
_LINK = re.compile(r"\[(?P<label>(?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]\(\s*<?(?P<target>[^\s<>()]*)>?\s*\)")
_PLAIN = re.compile(r"[ 0-9ABCE-Zabce-gi-z,.;()'-]+")
"""What begins nothing; read in one step, because most of a text is such."""
_ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")


def parse(text: str) -> list[Node]:
    """The parts of a text, in its order; neighbours that are plain are one."""
    return list(_joined(_nodes(text, in_label=False)))


def _nodes(text: str, *, in_label: bool) -> Iterator[Node]:
    at = 0
    while at < len(text):
        node, at = _next(text, at, in_label=in_label)
        yield node


def _next(text: str, at: int, *, in_label: bool) -> tuple[Node, int]:
    """The part that begins at a position, and where it ends."""
    if plain := _PLAIN.match(text, at):
        return Node("text", plain[0]), plain.end()
    escaped = None if in_label else _ESCAPED.match(text, at)
    if escaped:
        return Node("text", escaped[1]), escaped.end()
    for read in (_link, _format, _mention):
        found = read(text, at)
        if found and not (in_label and found[0].kind == "link" and not found[0].target.startswith("http")):
            return found
    return Node("text", text[at]), at + 1


def _link(text: str, at: int) -> tuple[Node, int] | None:
    match = _LINK.match(text, at)
    if not match:
        return None
    inside = list(_joined(_nodes(match["label"], in_label=True)))
    return Node("link", "".join(node.text for node in inside), match["target"], inside), match.end()


def _format(text: str, at: int) -> tuple[Node, int] | None:
    for kind, rule in _FORMATS:
        if match := rule.match(text, at):
            return Node(kind, match["inside"]), match.end()
    return None


def _mention(text: str, at: int) -> tuple[Node, int] | None:
    for kind, rule in _MENTIONS:
        if match := rule.match(text, at):
            return Node(kind, match[0]), match.end()
    return None


def _joined(nodes: Iterator[Node]) -> Iterator[Node]:
    plain = ""
    for node in nodes:
        if node.kind == "text":
            plain += node.text
            continue
        if plain:
            yield Node("text", plain)
        plain = ""
        yield node
    if plain:
        yield Node("text", plain)
