"""What a service's answer says about when to ask again."""

import re
from collections.abc import Mapping
from datetime import datetime

from adapters.sources import fields

_LONGEST = 7 * 24 * 3600.0
"""Seconds: nobody means to be left alone for longer, and no clock counts to infinity."""

_REMAINING = re.compile(r"\br\s*=\s*(\d{1,9})\b")
_RESET = re.compile(r"\bt\s*=\s*(\d{1,9})\b")


def wait_asked(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds that an answer asks its client to wait before the next request, a week at most; 0 for nothing.

    Read are `Retry-After` (seconds or a date) and `RateLimit` (`"api";r=0;t=55`: nothing remains for 55 seconds).
    """
    asked = max(_retry_after(headers.get("Retry-After", ""), now), _rate_limit(headers.get("RateLimit", "")))
    return min(asked, _LONGEST)


def _retry_after(value: str, now: datetime) -> float:
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, (fields.moment(value) - now).total_seconds())
    except ValueError:
        return 0.0


def _rate_limit(value: str) -> float:
    remaining, reset = _REMAINING.search(value), _RESET.search(value)
    return float(reset[1]) if remaining and reset and int(remaining[1]) == 0 else 0.0
