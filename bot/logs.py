"""What the program tells of itself on standard error."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from bot.config import Settings
from bot.messages import printable


def configure_logging(settings: Settings) -> None:
    """Send log lines to standard error, for people or as JSON lines."""
    plain = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
    as_json = (structlog.processors.format_exc_info, structlog.processors.JSONRenderer())
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *(as_json if settings.log_format == "json" else (_printable, plain)),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[settings.log_level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def _printable(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Log lines quote servers and names of files, which must not take over the terminal they are read in."""
    return {name: printable(value) if isinstance(value, str) else value for name, value in event.items()}
