"""Regular expressions that are compiled when they are first used: those of all links take longer than a search."""

import re
from typing import Any, cast


def later(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A regular expression, used like what `re.compile` returns; it raises re.error only when it is used."""
    return cast("re.Pattern[str]", _Later(pattern, flags))


class _Later:
    """What looks for an attribute of the expression compiles it; the attribute is this object's own from then on."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self._wanted = flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(self.pattern, self._wanted), name)
        setattr(self, name, found)
        return found
