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

_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_BARE_BRACE = re.compile(r"[{}]")

_MOST_IN_VAIN = 20_000
"""Characters, or the length of a longer text, that are read in vain because what opened before them is never closed.

In a text with more of them, what opens after that stands as it is.
"""


class Scanner:
    """A text, and how far it has been read (`at`)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self._unclosed: set[int] = set()
        self._left = max(_MOST_IN_VAIN, len(text))
        self._closed: set[int] | None = None

    def may_close(self, begin: int) -> bool:
        """Whether what opens before `begin` may be closed: without asking, braces in braces would be read 2ⁿ times."""
        return begin not in self._unclosed and self._left >= 0

    def has_other_half(self, begin: int) -> bool:
        """Whether the brace before `begin` has another that closes it, by counting them alone."""
        if self._closed is None:
            self._closed = _closed(self.text)
        return begin in self._closed

    def was_in_vain(self, begin: int) -> None:
        """Note that all from `begin` to the end was read, and nothing closes what opens before it."""
        self._unclosed.add(begin)
        self._left -= len(self.text) - begin

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
        for brace in _BARE_BRACE.finditer(self.text, self.at):
            depth += 1 if brace[0] == "{" else -1
            if not depth:
                self.at = brace.end()
                return self.text[begin : brace.start()]
        self.was_in_vain(begin)
        return ""


def _closed(text: str) -> set[int]:
    """Where the insides begin of all braces that another closes."""
    opened: list[int] = []
    found: set[int] = set()
    for brace in _BRACE.finditer(text):
        if brace[0] == "{":
            opened.append(brace.end())
        elif brace[0] == "}" and opened:
            found.add(opened.pop())
    return found
