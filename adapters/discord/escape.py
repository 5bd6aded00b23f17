"""Plain text -> Discord's markdown. What comes from papers and people can neither format, mention, nor link."""

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, quote, urlsplit

from bot.domain.messages import Span, Style, Text

URL_LENGTH = 512
"""Characters of the longest link Discord takes on a button."""

_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ud800-\udfff\ufeff\uffa0\ufff9-\uffff\U000e0000-\U000e0fff]"
)
_SPACE = re.compile(r"\s+")
_STACKED_MARKS = re.compile(
    "([\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{4})[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)
_MARKUP = re.compile(r"([\\`*_~|\[\]<>])")
_LINK = re.compile(r"(?i)(?<=[a-z])://")
_INVITE = re.compile(r"(?i)(discord(?:app)?)\.(gg|com|me|io)")
_LINE_START = re.compile(r"^(?=[#+-])")
_NUMBERED = re.compile(r"^(\d+)([.)])")
_NAME = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]+")
_AT = "@\u2060"
"""An @ that names nobody: a word joiner keeps it from what follows."""

_KNOWN_HOSTS = (
    "aaai.org", "aclanthology.org", "acm.org", "acs.org", "aip.org", "alphaxiv.org", "ams.org", "aps.org", "arxiv.org",
    "biorxiv.org", "cambridge.org", "cell.com", "chemrxiv.org", "dagstuhl.de", "doi.org", "elifesciences.org",
    "europepmc.org", "frontiersin.org", "github.com", "github.io", "gitlab.com", "hal.science", "hf.co",
    "huggingface.co", "iacr.org", "ieee.org", "ijcai.org", "iop.org", "isca-archive.org", "jmlr.org", "mdpi.com",
    "medrxiv.org", "mlr.press", "nature.com", "neurips.cc", "nih.gov", "openreview.net", "osf.io", "oup.com",
    "plos.org", "pnas.org", "rsc.org", "science.org", "sciencedirect.com", "semanticscholar.org", "siam.org",
    "springer.com", "ssrn.com", "tandfonline.com", "thecvf.com", "usenix.org", "wiley.com", "zenodo.org",
)  # fmt: skip
"""Where papers, their code and their pages are: links lead there (or below) and nowhere else."""


def clean(text: str) -> str:
    """A text on one line without invisible characters, ones that turn its direction, and towers of accents."""
    visible = _SPACE.sub(" ", _INVISIBLE.sub("", _SPACE.sub(" ", text)))
    return _STACKED_MARKS.sub(r"\1", visible).strip()


def units(text: str) -> int:
    """The length of a text as Discord's clients count it, in UTF-16 units; never less than its characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """The clean text, shortened to `limit` UTF-16 units."""
    text = clean(text)
    if units(text) <= limit:
        return text
    kept = text[: max(0, limit - 1)]
    while kept and units(kept) > limit - 1:
        kept = kept[: -max(1, (units(kept) - limit + 1) // 2)]
    return f"{kept.rstrip()}…" if limit > 0 else ""


def escape(text: str) -> str:
    """Markdown that shows the clean text exactly as it is."""
    text = _MARKUP.sub(r"\\\1", clean(text))
    text = _INVITE.sub(r"\1\\.\2", _LINK.sub(r"\\://", text)).replace("@", _AT)
    return _NUMBERED.sub(r"\1\\\2", _LINE_START.sub(r"\\", text))


def fit(text: str, limit: int) -> str:
    """The text escaped, and shortened so that its markdown has at most `limit` units."""
    text = cut(text, limit)  # no markdown is shorter than what it shows
    shown = escape(text)
    if units(shown) <= limit:
        return shown
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if units(escape(cut(text, middle))) <= limit else (low, middle - 1)
    return escape(cut(text, low)) if low else ""


def as_code(text: str) -> str:
    """A text in the style of code; nothing at all for an empty one."""
    inside = clean(text).replace("`", "ˋ").replace("@", _AT)
    return f"`{inside}`" if inside else ""


def safe_url(url: str) -> str:
    """The link, fit to be followed and to stand in markdown, or empty: https only, and to known hosts only."""
    parts = _split(url)
    if not parts or not _is_known(parts):
        return ""
    url = f"https{url[len(parts.scheme) :]}"
    safe = quote(url, safe="%/:?#@!$&'*+,;=~-._[]").replace("'", "%27").replace("[", "%5B").replace("]", "%5D")
    safe = safe.replace("*", "%2A").replace("_", "%5F") if "**" in safe or "__" in safe else safe
    return safe if len(safe) <= URL_LENGTH else ""


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        return parts if parts.hostname and parts.port is None and clean(url) == url and " " not in url else None
    except ValueError:
        return None


def _is_known(parts: SplitResult) -> bool:
    # The host is taken as it is written: what a client may read otherwise (an @, a backslash, an escape) is no name.
    host = parts.netloc.lower()
    return parts.scheme in {"http", "https"} and bool(_NAME.fullmatch(host)) and _within(host, _KNOWN_HOSTS)


def _within(host: str, domains: Iterable[str]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def masked(label: str, url: str, limit: int) -> str:
    """A link with a label, at most `limit` units; one that leads to no known host leaves the label alone."""
    target = safe_url(url)
    around = len(f"[]({target})")
    if not target or around + 1 > limit:
        return fit(label, limit)
    words = fit(label, limit - around)
    return f"[{words}]({target})" if words else ""


_CUSTOM_EMOJI = re.compile(r"<a?:\w{2,32}:\d{15,20}>")
_WRAPPED = {Style.STRONG: "**{}**", Style.EMPHASIS: "*{}*"}


def markdown(content: Text, limit: int) -> str:
    """A text with its styles, at most `limit` units: what does not fit is left out, shown by an ellipsis."""
    shown: list[str] = []
    left = limit
    for span in content:
        part = _span(span, left)
        if not part and clean(span.text):
            return "".join(shown).rstrip() + ("…" if left > 0 else "")
        shown.append(part)
        left -= units(part)
    return "".join(shown).strip()


def _span(span: Span, limit: int) -> str:
    before = " " if span.text[:1].isspace() else ""
    after = " " if span.text[-1:].isspace() and span.text.strip() else ""
    room = limit - len(before) - len(after)
    inside = _styled(span, room)
    return f"{before}{inside}{after}" if inside or not span.text.strip() else ""


def _styled(span: Span, limit: int) -> str:
    if not clean(span.text):
        return ""
    if span.style is Style.CODE or (span.style is Style.EMOJI and _CUSTOM_EMOJI.fullmatch(span.text)):
        shown = as_code(span.text) if span.style is Style.CODE else span.text
        return shown if units(shown) <= limit else ""
    wrapped = _WRAPPED.get(span.style, "{}")
    room = limit - len(wrapped) + 2
    inside = masked(span.text, span.url, room) if span.url else fit(span.text, room)
    return wrapped.format(inside) if inside else ""
