from datetime import UTC, datetime

import pytest

from adapters.sources.limits import wait_asked

NOW = datetime(2026, 1, 7, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"Retry-After": "30"}, 30),
        ({"Retry-After": "Wed, 07 Jan 2026 12:01:00 GMT"}, 60),
        ({"Retry-After": "Wed, 07 Jan 2026 11:00:00 GMT"}, 0),
        ({"Retry-After": "soon"}, 0),
        ({"Retry-After": "Mon, 1 Jan 99999999999 00:00:00 GMT"}, 0),
        ({"RateLimit": '"api";r=0;t=55', "RateLimit-Policy": '"fixed window";"api";q=500;w=300'}, 55),
        ({"RateLimit": '"api";r=12;t=55'}, 0),
        ({"RateLimit": "nonsense"}, 0),
        ({"RateLimit": f"r=0;t={'9' * 5000}"}, 0),
        ({"RateLimit": f"r={'0' * 5000};t=55"}, 0),
        ({"Retry-After": "9" * 5000}, 7 * 24 * 3600),
        ({"RateLimit": '"api";r=0;t=55', "Retry-After": "70"}, 70),
    ],
)
def test_a_service_says_how_long_to_wait(headers: dict[str, str], seconds: float) -> None:
    assert wait_asked(headers, NOW) == seconds
