"""Texts that every database can hold."""


def is_storable(text: str) -> bool:
    """Whether every database can hold a text: PostgreSQL has no NUL, and no encoding has half a surrogate pair."""
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def storable_text(text: str) -> str:
    """A text without the characters that not every database can hold."""
    return text if is_storable(text) else text.encode(errors="ignore").decode().replace("\0", "")
