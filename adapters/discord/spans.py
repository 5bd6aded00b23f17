"""Text with styles -> Discord's markdown."""

import re
from collections.abc import Callable

from adapters.discord.escape import as_code, clean, fit, units
from adapters.discord.links import masked
from bot.domain.messages import Span, Style, Text

Code = Callable[[str], str]
"""What writes something to type as markdown."""

_CUSTOM_EMOJI = re.compile(r"<a?:\w{2,32}:\d{15,20}>")
_WRAPPED = {Style.STRONG: "**{}**", Style.EMPHASIS: "*{}*"}


def markdown(content: Text, limit: int, code: Code = as_code) -> str:
    """A text with its styles, at most `limit` units: what does not fit is left out, shown by an ellipsis."""
    shown: list[str] = []
    left = limit
    for span in content:
        part = _span(span, left, code)
        if not part and clean(span.text):
            return "".join(shown).rstrip() + ("…" if left > 0 else "")
        shown.append(part)
        left -= units(part)
    return "".join(shown).strip()


def _span(span: Span, limit: int, code: Code) -> str:
    before = " " if span.text[:1].isspace() else ""
    after = " " if span.text[-1:].isspace() and span.text.strip() else ""
    room = limit - len(before) - len(after)
    inside = _styled(span, room, code)
    return f"{before}{inside}{after}" if inside or not span.text.strip() else ""


def _styled(span: Span, limit: int, code: Code) -> str:
    if not clean(span.text):
        return ""
    if (shown := _whole(span, code)) is not None:
        return shown if units(shown) <= limit else ""
    if span.moment:
        seconds = int(span.moment.timestamp())
        shown = f"<t:{seconds}:F> (<t:{seconds}:R>)"
        return shown if units(shown) <= limit else ""
    wrapped = _WRAPPED.get(span.style, "{}")
    room = limit - len(wrapped) + 2
    if span.url:
        # One asterisk alone could pair with those around the link.
        inside = masked(span.text.replace("*", "∗") if span.style in _WRAPPED else span.text, span.url, room)
    else:
        inside = fit(span.text, room)
    return wrapped.format(inside) if inside else ""


def _whole(span: Span, code: Code) -> str | None:
    """Markdown that is shown as a whole or not at all; None for a text that may be cut."""
    match span.style:
        case Style.CODE:
            return code(span.text)
        case Style.COMMAND:
            return code(f"/papers {span.text}")
        case Style.EMOJI if _CUSTOM_EMOJI.fullmatch(span.text):
            return span.text
    return None
