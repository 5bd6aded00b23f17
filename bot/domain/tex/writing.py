r"""Unicode -> TeX that prints it, and an author's own TeX where every LaTeX prints that."""

import re
import unicodedata
from functools import cache

from bot.domain.tex.symbols import BLACKBOARD, DOWN, OWN_SYMBOLS, UP, symbols

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_BARE = re.compile(r"(?<!\\)((?:\\\\)*)([%&#])")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_IN_MATH = re.compile(r"(?<!\\)\$(?:[^$\\]|\\.)*\$", re.DOTALL)
_STANDARD = frozenset(
    """emph textbf textit textrm textsf texttt textsc textsl text mbox mathbb mathbf mathcal mathfrak mathit mathrm
    mathsf mathtt operatorname frac sqrt binom left right big Big bigl bigr it bf rm sf tt sc em quad qquad ensuremath
    textsuperscript textsubscript boldsymbol mathscr bm prime not overline underline hat widehat tilde widetilde bar dot
    ddot vec acute grave breve check c v u H k r d b TeX LaTeX pmod limits
    """.split()  # noqa: SIM905
)


def write_tex(text: str) -> str:
    r"""A text in Unicode as LaTeX that prints it: special characters escaped, symbols as mathematics; letters stay.

    >>> write_tex("50% of ℝⁿ & α")
    '50\\% of $\\mathbb{R}^n$ \\& $\\alpha$'
    """
    if text.isascii():
        return "".join(_SPECIAL.get(char, char) for char in text)
    out: list[str] = []
    for is_math, part in _runs(text):
        out.append(f"${_formula(part)}$" if is_math else "".join(_SPECIAL.get(char, char) for char in part))
    return "".join(out)


def sound_tex(text: str) -> str | None:
    r"""A title as its author wrote it, with a bare `%` or `&` escaped; None where LaTeX would refuse or misread it.

    >>> sound_tex(r"$\alpha$-GAN: 50% more"), sound_tex(r"\ours on R^n")
    ('$\\\\alpha$-GAN: 50\\\\% more', None)
    """
    escaped = _BARE.sub(r"\1\\\2", text)
    rest = _IN_MATH.sub("", escaped)
    unescaped = re.sub(r"\\.", "", rest)
    known = all(name in _STANDARD or name in _plain_symbols() for name in _COMMAND.findall(escaped))
    is_text = not re.search(r"[$^_]", unescaped) and not any(
        name in _math_symbols() or name.startswith("math") for name in _COMMAND.findall(rest)
    )
    return escaped if known and is_text and _is_balanced(escaped) else None


def _is_balanced(text: str) -> bool:
    depth = 0
    for char in re.sub(r"\\.", "", text, flags=re.DOTALL):
        depth += {"{": 1, "}": -1}.get(char, 0)
        if depth < 0:
            return False
    return not depth


@cache
def _plain_symbols() -> frozenset[str]:
    """The commands of symbols that every LaTeX knows."""
    return frozenset(symbols()) - frozenset(OWN_SYMBOLS.keys() & {"eps", "R", "RR", "N", "Z", "Q", "C", "Zq"})


@cache
def _math_symbols() -> frozenset[str]:
    """The commands that are allowed in mathematics alone."""
    return frozenset(_written().values())


@cache
def _written() -> dict[str, str]:
    """The command of each symbol of mathematics."""
    found: dict[str, str] = {}
    for name, symbol in symbols().items():
        if len(symbol) == 1 and _is_symbol(symbol) and not name.startswith(("text", "up", "math")):
            found.setdefault(symbol, name)
    return found | {"ε": "varepsilon", "φ": "varphi", "→": "to", "≤": "leq", "≥": "geq", "≠": "neq", "⋆": "star"}


def _is_symbol(char: str) -> bool:
    return not char.isascii() and (
        unicodedata.category(char) in {"Sm", "So"} or "\u0370" <= char <= "\u03ff" or char in "ℓℵ∞′"
    )


_SCRIPTS = {char: ("^", plain) for plain, char in UP.items()} | {char: ("_", plain) for plain, char in DOWN.items()}
_DOUBLE_STRUCK = {char: letter for letter, char in BLACKBOARD.items()}


def _is_math(char: str) -> bool:
    return char in _written() or char in _SCRIPTS or char in _DOUBLE_STRUCK


def _runs(text: str) -> list[tuple[bool, str]]:
    runs: list[tuple[bool, str]] = []
    for char in text:
        kind = not char.isascii() and _is_math(char)
        if runs and runs[-1][0] == kind:
            runs[-1] = (kind, runs[-1][1] + char)
        else:
            runs.append((kind, char))
    return runs


def _formula(run: str) -> str:
    out = ""
    for match in re.finditer(f"[{re.escape(''.join(_SCRIPTS))}]+|.", run):
        if match[0][0] in _SCRIPTS:
            out += _script_of(match[0])
        elif match[0] in _DOUBLE_STRUCK:
            out += f"\\mathbb{{{_DOUBLE_STRUCK[match[0]]}}}"
        else:
            out += f"\\{_written()[match[0]]}"
    return out


def _script_of(run: str) -> str:
    out, last = "", ""
    for char in run:
        sign, plain = _SCRIPTS[char]
        if sign != last:
            out += ("}" if last else "") + sign + "{"
            last = sign
        out += plain
    out += "}"
    return re.sub(r"\{(.)\}", r"\1", out)
