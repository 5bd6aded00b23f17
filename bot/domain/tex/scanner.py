r"""A place in a text of TeX that moves on: tokens, and arguments as they stand."""

import re

TOKEN = re.compile(
    r"""(?P<link>https?://[^\s{}$\\]+(?:\\[_%\#&~][^\s{}$\\]*)*)
    |\\(?P<word>[A-Za-z]+)\*?
    |\\(?P<sign>[^A-Za-z])
    |(?P<math>\$\$?)
    |(?P<open>\{)|(?P<close>\})
    |(?P<script>[\^_])
    |(?P<dash>---?)
    |(?P<quotes>``|'')
    |(?P<tie>~)
    |(?P<plain>(?:[^\\${}^_~`'h-]++|h(?!ttps?://)|-(?!-)|'(?!')|`(?!`))++)""",
    re.VERBOSE | re.DOTALL,
)
_SPACE = re.compile(r"\s*")

_MOST_UNCLOSED = 40
"""Braces and formulas that are opened and never closed; in a text with so many, what opens after them stands as it is.

Each makes the rest of the text be read again.
"""


class Scanner:
    """A text, how far it has been read (`at`), and what was opened in it and is never closed (`unclosed`)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.unclosed: set[int] = set()

    def may_close(self, begin: int) -> bool:
        """Whether what opens before `begin` may be closed: without asking, braces in braces would be read 2ⁿ times."""
        return begin not in self.unclosed and len(self.unclosed) < _MOST_UNCLOSED

    def skip_space(self) -> None:
        space = _SPACE.match(self.text, self.at)
        self.at = space.end() if space else self.at

    def optional(self) -> str:
        """An argument in square brackets, as it stands."""
        end = self.text.find("]", self.at)
        if not self.text.startswith("[", self.at) or end < 0:
            return ""
        found, self.at = self.text[self.at + 1 : end], end + 1
        return found

    def raw_argument(self) -> str:
        """An argument in braces, as it stands."""
        self.skip_space()
        depth, begin = 0, self.at + 1
        if not self.text.startswith("{", self.at) or not self.may_close(begin):
            return ""
        for at in range(self.at, len(self.text)):
            depth += {"{": 1, "}": -1}.get(self.text[at], 0)
            if not depth:
                self.at = at + 1
                return self.text[begin:at]
        self.unclosed.add(begin)
        return ""
