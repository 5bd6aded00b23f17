"""A logger that is loaded late."""

from structlog.testing import capture_logs

from bot.runtime.lazy_log import log


def test_what_is_logged_arrives() -> None:
    with capture_logs() as logs:
        log().info("said", number=1)
    assert logs == [{"event": "said", "number": 1, "log_level": "info"}]
