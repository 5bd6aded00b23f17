"""What the tests of the command line share."""

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def _log_of_the_command() -> Iterator[None]:
    """A command sends log lines to the standard error of its own test, which later tests must not write to."""
    yield
    structlog.reset_defaults()
