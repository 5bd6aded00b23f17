"""A plugin of pytest: a test fails when what it logs or prints holds a secret that was used in the run.

Secrets are the values of every `SecretStr` that is unpacked, passwords in their addresses, and what tests `note`, such
as OAuth codes. Log lines, of libraries from `info` on, are also searched for what looks like a secret. Read are
the records of `logging`, the lines and captured events of structlog, what tests and their subprocesses print.
"""

import asyncio.subprocess
import copy
import logging
import re
import subprocess
import traceback
from collections.abc import Callable, Generator
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

import pytest
import structlog
from pydantic import SecretStr
from structlog.testing import LogCapture

_SHORTEST = 8
"""Characters: something shorter is in too many lines by chance."""

_LOOKS_SECRET = re.compile(
    r"xox[a-z]-[\w-]+|xapp-[\w-]+"  # Slack's tokens
    r"|\bhf_\w{8,}"  # Hugging Face's
    r"|\b[\w-]{24,28}\.[\w-]{6}\.[\w-]{27,}"  # Discord's
    r"|/(?:webhooks|interactions)/\d+/[\w-]{20,}"  # of an interaction
    r"|\b(?:Bearer|Basic) [\w+/=.-]{8,}"
    r"|://[^/@\s:]*:[^/@\s]+@"  # a password in an address
    r"|[?&](?:api_key|apikey|key|code|state|token|t|access_token|client_secret|password)=[^&\s'\"]{5,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)

_secrets: set[str] = set()
_logged: list[str] = []
_printed: list[str] = []


def note(secret: str) -> str:
    """Let nothing that is logged or printed from now on hold this. Returns it."""
    if len(secret) >= _SHORTEST:
        _secrets.add(secret)
    if "://" in secret and (password := urlsplit(secret).password):
        note(password)
    return secret


def leaks(logged: list[str], printed: list[str]) -> list[str]:
    """The lines that hold a secret, with the secret left out."""
    found = [
        line for text in (*logged, *printed) for line in text.splitlines() if any(map(line.__contains__, _secrets))
    ]
    found += [line for text in logged for line in text.splitlines() if _LOOKS_SECRET.search(line)]
    return [_hidden(line) for line in dict.fromkeys(found)]


def _hidden(line: str) -> str:
    for secret in sorted(_secrets, key=len, reverse=True):
        line = line.replace(secret, "[secret]")
    return _LOOKS_SECRET.sub("[secret]", line)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "teardown":
        printed = [content for name, content in report.sections if "log" not in name]
        found = leaks(_logged, [*_printed, *printed])
        _logged.clear()
        _printed.clear()
        if found:
            report.outcome = "failed"
            report.longrepr = "\n".join(["A secret was logged or printed:", *found])
    return report


def pytest_configure(config: pytest.Config) -> None:
    _watch(SecretStr, "get_secret_value", lambda value, *_given: note(value))
    _watch(logging.Logger, "handle", _handled)
    printing = vars(structlog.PrintLogger)
    for name in [name for name, method in printing.items() if method is printing["msg"]]:
        _watch(structlog.PrintLogger, name, lambda _none, _logger, line: _logged.append(line))
    capture = LogCapture.__call__

    def captured(self: LogCapture, logger: Any, method: str, event: Any) -> Any:
        _logged.append(f"{event} {_traceback(event.get('exc_info'))}")
        return capture(self, logger, method, event)

    setattr(LogCapture, "__call__", captured)  # noqa: B010  (mypy lets no method be assigned)
    _watch(subprocess.Popen, "communicate", lambda outputs, *_given: _printed.extend(map(_text, outputs)))
    communicate = asyncio.subprocess.Process.communicate

    async def communicated(self: Any, *given: Any, **named: Any) -> tuple[bytes, bytes]:
        outputs = await communicate(self, *given, **named)
        _printed.extend(map(_text, outputs))
        return outputs

    setattr(asyncio.subprocess.Process, "communicate", communicated)  # noqa: B010


def _watch(owner: type, name: str, tell: Callable[..., object]) -> None:
    """Let a method tell what came of it, and what it was given in order."""
    method = getattr(owner, name)

    @wraps(method)
    def watched(*given: Any, **named: Any) -> Any:
        result = method(*given, **named)
        tell(result, *given)
        return result

    setattr(owner, name, watched)


def _handled(_none: None, logger: logging.Logger, record: logging.LogRecord) -> None:
    # Servers of tests log each request; that of Paperboy does not (`serve` in `adapters/http.py`).
    if logger.name != "aiohttp.access":
        _logged.append(logging.Formatter().format(copy.copy(record)))


def _traceback(error: Any) -> str:
    if isinstance(error, BaseException):
        return "".join(traceback.format_exception(error))
    return traceback.format_exc() if error else ""


def _text(output: Any) -> str:
    return output.decode(errors="replace") if isinstance(output, bytes) else str(output or "")
