"""Command lines in the custom ids of buttons and selects: they survive a restart without any memory of messages.

Discord gives a custom id 100 characters of any Unicode. A line that is too long is deflated and written with 14 bits
to a character. A page of a list whose line is still too long goes by a key, by which the line is kept elsewhere.
"""

import re
import zlib
from hashlib import blake2b

from bot.chat.paging import split_page, with_page

LIMIT = 100
"""Characters of a custom id."""

_PLAIN, _DEFLATED, _KEPT = "p", "z", "k"
_KEY = re.compile(r"kept:([0-9a-f]{24})")
_FIRST = 0x4E00  # 16,384 ideographs from here on stay as they are under every Unicode normalisation
_BITS = 14

# What lines are made of; zlib finds these words without them being in the line.
_DICTIONARY = (
    b" language models reasoning diffusion transformer retrieval augmented generation reinforcement learning neural "
    b"networks large vision multimodal with for and the of in from using video image text graph robot efficient "
    b"attention training data optimization deep representation author: cat:cs. cat:stat. after:2025 before:2026 "
    b"sort:new sort:top trending month week day similar search --page 2"
)


def pack(line: str, room: int = LIMIT) -> str:
    """The line in at most `room` characters, or empty when it does not fit."""
    line = " ".join(line.split())
    if not line:
        return ""
    if len(line) < room and line.isprintable():
        return _PLAIN + line
    try:
        raw = line.encode()
    except UnicodeEncodeError:  # half a surrogate pair; Discord would not take it either
        return ""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=_DICTIONARY)
    packed = _DEFLATED + _to_characters(deflater.compress(raw) + deflater.flush())
    return packed if len(packed) <= room else ""


def pack_by_key(line: str) -> tuple[str, str]:
    """The line of a page in a few characters, and the key by which to keep it without its page; both else empty."""
    command, page = split_page(line)
    if page is None:
        return "", ""
    key = blake2b(command.encode(errors="surrogatepass"), digest_size=12).hexdigest()
    return _KEPT + with_page(f"kept:{key}", page), key


def key_of(line: str) -> str:
    """The key in a line that `unpack` gave, empty for a line that says all itself."""
    match = _KEY.match(line)
    return match[1] if match else ""


def unpack(packed: str) -> str:
    """The line that was packed, perhaps with a key; empty for what never came from here."""
    kind, rest = packed[:1], packed[1:]
    if kind in {_PLAIN, _KEPT}:
        return rest
    try:
        inflater = zlib.decompressobj(-15, zdict=_DICTIONARY)
        return inflater.decompress(_to_bytes(rest), 4096).decode()
    except (zlib.error, UnicodeDecodeError, ValueError, OverflowError):
        return ""


def _to_characters(content: bytes) -> str:
    """Bytes as characters of 14 bits; a leading one keeps the zeros in front."""
    number = int.from_bytes(b"\x01" + content, "big")
    characters = []
    while number:
        number, digit = divmod(number, 1 << _BITS)
        characters.append(chr(_FIRST + digit))
    return "".join(reversed(characters))


def _to_bytes(characters: str) -> bytes:
    number = 0
    for character in characters:
        digit = ord(character) - _FIRST
        if not 0 <= digit < 1 << _BITS:
            raise ValueError(f"{character!r} is no digit")
        number = (number << _BITS) | digit
    return number.to_bytes((number.bit_length() + 7) // 8, "big")[1:]
