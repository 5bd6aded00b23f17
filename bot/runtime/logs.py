"""What the program tells of itself on standard error."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

from bot.config import Settings
from bot.domain.messages import printable


def configure_logging(settings: Settings) -> None:
    """Send log lines, those of libraries too, to standard error, for people or as JSON lines."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    plain = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
    as_json: list[Processor] = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    written = as_json if settings.log_format == "json" else [_printable, plain]
    structlog.configure(
        processors=[*shared, *written],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    without_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[without_meta, *written])
    )
    root = logging.getLogger()
    for before in root.handlers[:]:
        if isinstance(before.formatter, structlog.stdlib.ProcessorFormatter):
            root.removeHandler(before)
    root.addHandler(handler)
    # What libraries tell while they are being debugged is no line of ours.
    root.setLevel(max(level, logging.INFO))


def _printable(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Log lines quote servers and names of files, which must not take over the terminal they are read in."""
    return {name: printable(value) if isinstance(value, str) else value for name, value in event.items()}
