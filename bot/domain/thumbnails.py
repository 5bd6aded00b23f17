"""Pictures of papers: where they may come from."""

import re

_KNOWN = re.compile(r"https://cdn-thumbnails\.huggingface\.co/social-thumbnails/papers/[A-Za-z0-9./-]{1,100}\.png")


def safe_thumbnail(url: str) -> str:
    """The address of a picture that a platform may fetch, or empty: only Hugging Face's thumbnails of papers.

    Any other address could tell a stranger who reads what.
    """
    return url if _KNOWN.fullmatch(url) else ""
