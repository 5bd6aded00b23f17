"""Where Discord is asked: the service itself, or a stand-in for it."""

from discord.http import Route

API_URL = "https://discord.com/api/v10"


def speak_to(url: str) -> None:
    """Let discord.py ask at an address, from now on and in all of this process: it knows one for every client."""
    if url != API_URL:
        Route.BASE = url.rstrip("/")
