"""Text -> text that Slack shows as it is: the one place that escapes, cleans and measures.

Nothing that goes through here can become a mention, a link of its own, an emoji or a style.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from bot.domain.messages import Span, Style, Text

LINK_LENGTH = 1000
"""Characters of an address, escaped: a longer one is no link, so that a title and a summary fit beside it."""
SECTION_LENGTH = 3000

# Control and direction characters, zero-width ones, tags, half surrogates: invisible, and apt to deceive.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
# Joiners count between letters of scripts that are written with them, and in emoji that are made of several.
_JOINER = re.compile(
    "(?<=[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u17ff\u1800-\u18af])[\u200c\u200d]"
    "|(?<=[\u203c-\u3299\ufe0f\U0001f000-\U0001faff])\u200d(?=[\u203c-\u3299\U0001f000-\U0001faff])"
)
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_STYLE_MARKS = {"*": "∗", "`": "ˋ", "_": "ˍ", "~": "∼"}
# An underscore or tilde within a word is no style: flash_attn stays as it is.
_STYLE = re.compile(r"[*`]|(?<![^\W_])[_~]+|[_~]+(?![^\W_])")
_EMOJI = re.compile(r":(?=[\w+'-]+:)")
_SHORTCODE = re.compile(r":[\w+'-]{1,100}:", re.ASCII)
_QUOTE = re.compile(r"^([^\S\n]*)>", re.MULTILINE)
_WORDS = re.compile(r"\s*\S{1,200}|\s+")


def length(text: str) -> int:
    """How long Slack takes a text to be: in UTF-16 units, never less than the characters it counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str, *, lines: bool = False) -> str:
    """A text without what cannot be seen, on one line unless `lines` may stay."""
    visible = _visible(text)
    return visible.strip() if lines else " ".join(visible.split())


def _visible(text: str) -> str:
    """A text without what cannot be seen, but for joiners where a script or an emoji needs them."""
    return _INVISIBLE.sub(lambda found: found[0] if _JOINER.match(text, found.start()) else "", text)


def shorten(text: str, limit: int) -> str:
    """A text of at most `limit` units; what is cut off shows as an ellipsis."""
    if length(text) <= limit:
        return text
    kept = text.encode("utf-16-le", "surrogatepass")[: 2 * (limit - 1)]
    return kept.decode("utf-16-le", "ignore").rstrip() + "…"


def plain(text: str, limit: int, *, lines: bool = False) -> dict[str, Any] | None:
    """A plain_text object; None for a text with nothing to see, which Slack refuses."""
    shown = shorten(clean(text, lines=lines), limit)
    return {"type": "plain_text", "text": shown, "emoji": False} if shown else None


def mrkdwn(text: str) -> dict[str, Any]:
    """A mrkdwn object of a text that is escaped already; verbatim, so that Slack finds no names or links in it."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def entities(text: str) -> str:
    """A text in which nothing is a mention, a link or an entity."""
    return "".join(_ENTITIES.get(char, char) for char in text)


def neutral(text: str) -> str:
    """A text of the same length in which nothing is a style, a quotation or an emoji; marks become look-alikes."""
    unstyled = _STYLE.sub(lambda match: "".join(_STYLE_MARKS[mark] for mark in match[0]), text)
    return _QUOTE.sub(r"\1›", _EMOJI.sub("∶", unstyled))


def escape(text: str) -> str:
    """A text as it is, in mrkdwn."""
    return entities(neutral(text))


def fallback(text: str, limit: int = 3900) -> str:
    """The text beside blocks: for notifications and screen readers."""
    shown = shorten(clean(text, lines=True), limit)
    while length(entities(shown)) > limit:
        shown = shorten(shown, max(2, length(shown) * 9 // 10))
    return entities(shown)


def safe_url(url: str) -> str:
    """The address when it may be linked to: http(s) with a host and nothing that ends a link early; else nothing."""
    if not url.lower().startswith(("https://", "http://")) or length(entities(url)) > LINK_LENGTH:
        return ""
    if _INVISIBLE.search(url) or re.search(r"[\s<>|\"\\^`{}]", url):
        return ""
    try:
        parts = urlsplit(url)
        good = bool(parts.hostname) and "@" not in parts.netloc and (parts.port or 1) > 0
    except ValueError:
        return ""
    return url if good else ""


def linked(label: str, url: str, limit: int) -> str:
    """A link in mrkdwn, or its label alone where the address cannot be linked to."""
    shown = _escaped_within(clean(label), limit)
    target = safe_url(url)
    return f"<{entities(target)}|{shown}>" if target and shown else shown


def strong(escaped: str) -> str:
    """Escaped words in bold."""
    return f"*{escaped}*" if escaped else ""


def italic(escaped: str) -> str:
    """Escaped words in italics."""
    return f"_{escaped}_" if escaped else ""


def paragraphs(body: Iterable[Text], limit: int = SECTION_LENGTH) -> Iterator[str]:
    """Texts as mrkdwn, a line each, packed into as few strings of at most `limit` units as there need be."""
    packed = ""
    for paragraph in body:
        for number, piece in enumerate(piece for span in paragraph for piece in _pieces(span)):
            joint = "\n" if packed and number == 0 else ""
            if length(packed) + len(joint) + length(piece) > limit:
                yield from _nonempty(packed)
                packed, joint = "", ""
            packed += joint + piece
    yield from _nonempty(packed)


def _nonempty(packed: str) -> Iterator[str]:
    if packed.strip():
        yield packed.strip("\n")


def _pieces(span: Span) -> Iterator[str]:
    """A span as strings of mrkdwn that must not be cut."""
    if span.moment:
        seconds, words = int(span.moment.timestamp()), _escaped_within(span.text, 100)
        yield f"<!date^{seconds}^{{date_short_pretty}}, {{time}}|{words}>"
    elif target := safe_url(span.url):
        yield linked(span.text, target, 500)
    elif span.style is Style.EMOJI and _SHORTCODE.fullmatch(span.text):
        yield span.text
    elif span.style in {Style.PLAIN, Style.QUIET, Style.EMOJI}:
        visible = neutral(_visible(span.text))
        yield from map(entities, _WORDS.findall(visible))
    else:
        yield from _styled(span)


def _styled(span: Span) -> Iterator[str]:
    """Marks count only next to a word, so spaces at the ends go outside."""
    words = clean(span.text)
    if not words:
        return
    before, after = span.text[:1].isspace() * " ", span.text[-1:].isspace() * " "
    if span.style in {Style.CODE, Style.COMMAND}:
        yield before + f"`{entities(shorten(words.replace('`', 'ˋ'), 400))}`" + after
        return
    mark = strong if span.style is Style.STRONG else italic
    yield before + mark(_escaped_within(words, 1000)) + after


def _escaped_within(text: str, limit: int) -> str:
    """A text shortened so that it has at most `limit` units once escaped."""
    shown = shorten(text, limit)
    while length(escape(shown)) > limit:
        shown = shorten(shown, max(2, length(shown) * 9 // 10))
    return escape(shown)
