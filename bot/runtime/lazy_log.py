"""Logging for what a search on the command line imports: structlog is loaded when there is something to log."""

from typing import Any


def log() -> Any:
    """structlog's logger; loading it takes time that a cold search, which logs nothing, can save."""
    import structlog

    return structlog.get_logger()
