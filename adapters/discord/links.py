"""Links: where they may lead, and how their labels are written."""

import re
from collections.abc import Iterable
from itertools import pairwise
from urllib.parse import SplitResult, quote, urlsplit

from adapters.discord.escape import AT, clean, fit, units

URL_LENGTH = 512
"""Characters of the longest link Discord takes on a button."""

JUMP = "https://discord.com/channels/"
"""What the address of a message begins with."""
_JUMP = re.compile(rf"{re.escape(JUMP)}\d{{1,20}}(?:/\d{{1,20}}){{1,2}}")

_NAME = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]+")

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


def safe_url(url: str) -> str:
    """The link, fit to be followed and to stand in markdown, or empty: https only, to known hosts or to a message."""
    if _JUMP.fullmatch(url):
        return url
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


_PAIRS = (
    ("*", "∗", re.compile(r"\*\S.*\*|\*\*")),
    ("_", "ˍ", re.compile(r"_.*_(?![0-9A-Za-z_])|__")),
    ("~", "∼", re.compile(r"~~.*~~")),
    ("|", "∣", re.compile(r"\|\|.*\|\|")),
    (":", "꞉", re.compile(r":[^\s:]+:")),
    ("`", "ˋ", re.compile("`")),  # one alone could pair with code outside the link
)
"""What formats in pairs, what looks like it and does not, and when there is a pair."""
_BALANCED = re.compile(r"(?:[^\[\]]|\[[^\[\]]*\](?!\())*")
"""Brackets that a link's label may hold: closed, not in each other, and no link of their own."""
_MENTION = re.compile(r"<(?=[@#:/+]|\w+:)")
_BACKSLASH = re.compile(r"\\(?=[\\\[\]()*_~|`<>@:]|$)")
_SCHEME = re.compile(r"(?i)(?<=[a-z]):(?=//)")
_INVITE = re.compile(r"(?i)(discord(?:app)?)(?=\.(?:gg|com|me|io))")
_EMOJI = re.compile(
    "(?:[\xa9\xae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf\u23e9-\u23fa\u24c2\u25aa\u25ab"
    "\u25b6\u25c0\u25fb-\u25fe\u2600-\u27bf\u2934\u2935\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001ffff]"
    "|[0-9#*]\ufe0f?\u20e3)[\ufe0e\ufe0f]*"
)


def label(text: str) -> str:
    """The clean text as the label of a link. Discord formats there, but shows every backslash.

    What would pair to format, mention or link is replaced by what looks like it or gets a word joiner; all else stays.
    """
    shown = clean(text)
    for mark, alike, pair in _PAIRS:
        shown = shown.replace(mark, alike) if pair.search(shown) else shown
    if not _BALANCED.fullmatch(shown):
        shown = shown.replace("[", "［").replace("]", "］")
    shown = _BACKSLASH.sub("∖", _MENTION.sub("‹", shown))
    return _INVITE.sub("\\1\u2060", _SCHEME.sub(":\u2060", shown)).replace("@", AT)


def masked(text: str, url: str, limit: int) -> str:
    """A link with a text, at most `limit` units; one that leads to no known host leaves the text alone.

    An emoji would break the label, so the longest part without one is the link, and the rest stands beside it.
    """
    target = safe_url(url)
    around = len(f"[]({target})")
    if not target or around + 1 > limit:
        return fit(text, limit)
    before, middle, after = _around_emoji(clean(text))
    start = fit(before, limit - around) + _gap(before) if before.strip() else ""
    words = fit(middle, limit - around - units(start), label)
    if not words:
        return fit(text, limit)
    linked = f"{start}[{words}]({target})"
    end = _gap(after, first=True) + fit(after, limit - units(linked) - 1) if after.strip() else ""
    return linked + end if end.strip() and units(linked + end) <= limit else linked


def _gap(part: str, *, first: bool = False) -> str:
    """The space with which a part ends, or begins."""
    return " " if (part[:1] if first else part[-1:]).isspace() else ""


def _around_emoji(text: str) -> tuple[str, str, str]:
    """The longest part of a text without emoji, with what stands before and after it."""
    ends = [(0, 0), *(match.span() for match in _EMOJI.finditer(text)), (len(text), len(text))]
    parts = [(end, start) for (_, end), (start, _) in pairwise(ends)]
    start, end = max(parts, key=lambda part: len(text[part[0] : part[1]].strip()))
    middle = text[start:end]
    start += len(middle) - len(middle.lstrip())
    end -= len(middle) - len(middle.rstrip())
    return text[:start], text[start:end], text[end:]
