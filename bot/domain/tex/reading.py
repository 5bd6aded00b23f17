r"""TeX, as titles, abstracts and names are written with it -> Unicode: `H\"older` is `Hölder`."""

import re
from collections.abc import Callable, Mapping, Sequence

from bot.domain.tex.scanner import TOKEN, Scanner
from bot.domain.tex.symbols import (
    ACCENTS,
    CITATIONS,
    HIDDEN,
    LETTERS,
    LINKS,
    MATH_ACCENTS,
    NO_SIGNS,
    SIGNS,
    SWITCHES,
    blackboard,
    scripted,
    symbols,
)
from bot.domain.words import normalized

_MARKS = ("\\", "$", "{", "}", "^", "_", "--", "``")
_TIE = re.compile(r"(?<=\S)~(?=\S)")
_IF_IN_MATH = re.compile(
    r"\\ifmmode(?:(?!\\fi|\\else).){0,200}+\\else\s*((?:(?!\\fi).){0,200}+)\\fi\b(?:\{\})?", re.DOTALL
)
"""What APS writes: one accent for mathematics, the other for text; each is short."""
_ONE_WORD = re.compile(r"\w*")
_LETTER_FOLLOWS = re.compile(r"\s*\{|\s+[A-Za-z](?![A-Za-z]{2})|\s*\\[ij]\b|\s+[a-zA-Z]")
_ARGUMENT_FOLLOWS = re.compile(r"\s*(?:\[[^\]]*\]\s*)?\{")
_MORE_FOLLOWS = re.compile(r"[^\W_]{2}|.[\^_]")
_SOUND_MATH = re.compile(r"\S(?:.*\S)?", re.DOTALL)
_SURELY_MATH = re.compile(r"[\\^_{}=<>]|^\s*[A-Za-z]\s*$")
_WORD = re.compile(r"[A-Za-z]{3,}")
_LONE_LETTER = re.compile(r"(?:^|[^A-Za-z0-9_\\])[A-Za-z]$")
_SET = re.compile(r"[^{}\\]*,[^{}\\]*")
_BRACES_ALONE = re.compile(r"[^{}\\$^_~`]*+(?:\{[^{}\\$^_~`]*+\}[^{}\\$^_~`]*+)*+")
"""Words in braces, as titles have them to keep their capitals, and no other TeX."""

_DEEPEST = 40
"""Braces and arguments within each other; what is nested deeper stands as it is."""


def read_tex(text: str, *, braces: bool = False) -> str:
    r"""A text without its TeX: accents, symbols, sub- and superscripts as Unicode, commands of form without a trace.

    What has no such form stays readable, and no word is lost: `\frac{a}{b}` is `a/b`, an unknown `\method` is `method`.
    A bare `%` or `&` is itself, links stand as they are, and a `$` without its other half is money. `braces` says that
    all braces are TeX's, as in BibTeX; else `{0, 1}` is a set.

    >>> read_tex(r"H\"older regularity in $\mathbb{R}^n$ for {\em all} $\alpha$")
    'Hölder regularity in ℝⁿ for all α'
    """
    if not _may_be_tex(text):
        return text
    if braces and _BRACES_ALONE.fullmatch(text) and "--" not in text:
        return normalized("NFC", text.replace("{", "").replace("}", ""))
    return _read(text, braces=braces)


def _read(text: str, *, braces: bool, depth: int = 0) -> str:
    if "\\ifmmode" in text:
        text = _IF_IN_MATH.sub(r"\1", text)
    return normalized("NFC", _Reader(text, braces=braces, depth=depth).read())


def _may_be_tex(text: str) -> bool:
    """Whether anything of a text can be TeX; most texts have none, and looking for fixed strings costs the least."""
    return any(map(text.__contains__, _MARKS)) or ("~" in text and _TIE.search(text) is not None)


class _Reader(Scanner):
    """Reads one text from its beginning to its end."""

    def __init__(self, text: str, *, braces: bool, depth: int) -> None:
        super().__init__(text)
        self._depth = depth
        self._braces = braces
        self._quoting = False

    def read(self) -> str:
        out = self._run(math=False)
        while self.at < len(self.text):  # A brace that closes nothing.
            out += self.text[self.at]
            self.at += 1
            out += self._run(math=False)
        return out

    def _run(self, *, math: bool, end: str = "") -> str:
        """What is read up to a closing brace or `end`, which are left to the caller."""
        out: list[str] = []
        while self.at < len(self.text) and not (end and self.text.startswith(end, self.at)):
            token = TOKEN.match(self.text, self.at)
            if token is None or token.lastgroup == "close":
                break
            self.at = token.end()
            # Most of a text is plain: that should cost the least.
            out.append(token[0] if token.lastgroup == "plain" and not math else self._token(token, out, math=math))
        return "".join(out)

    def _token(self, token: re.Match[str], out: Sequence[str], *, math: bool) -> str:
        """What a token is read as, after what was read before it."""
        if token.lastgroup == "plain":
            return token[0].replace("'", "′") if math else token[0]
        return _TOKENS[token.lastgroup or ""](self, token, "".join(out[-2:]), math)

    def tie(self, token: re.Match[str], *, math: bool) -> str:
        around = self.text[token.start() - 1 : token.start()], self.text[token.end() : token.end() + 1]
        is_between = all(char and not char.isspace() and char not in "([" for char in around)
        return " " if math or is_between else "~"

    def dash(self, dash: str, before: str, *, math: bool) -> str:
        is_option = (not before or before[-1].isspace()) and self.text[self.at : self.at + 1].isalpha()
        if math or is_option:
            return dash
        return "—" if len(dash) == 3 else "–"

    def quotes(self, quotes: str) -> str:
        if quotes == "``":
            self._quoting = True
            return "“"
        return "”" if self._quoting else quotes

    def group(self, *, math: bool) -> str:
        begin = self.at
        inner = self._inside(math=math)
        if inner is None:
            self.at = begin
            return "{"
        raw = self.text[begin : self.at - 1]
        return f"{{{inner}}}" if not (math or self._braces) and _SET.fullmatch(raw) else inner

    def _inside(self, *, math: bool) -> str | None:
        """What is read up to the brace that closes; None where none does."""
        begin = self.at
        if self._depth >= _DEEPEST or not self.may_close(begin) or not self.has_other_half(begin):
            return None
        self._depth += 1
        inner = self._run(math=math)
        self._depth -= 1
        if not self.text.startswith("}", self.at):
            self.was_in_vain(begin)
            return None
        self.at += 1
        return inner

    def mathematics(self, sign: str, before: str) -> str:
        end = self.text.find(sign, self.at)
        while end > 0 and self.text[end - 1] == "\\":
            end = self.text.find(sign, end + 1)
        content = self.text[self.at : end] if end >= 0 else ""
        is_followed_by_digit = self.text[end + len(sign) : end + len(sign) + 1].isdigit()
        is_sound = _SOUND_MATH.fullmatch(content) or not _WORD.search(content)
        if not content.strip() or not (_SURELY_MATH.search(content) or (is_sound and not is_followed_by_digit)):
            return sign
        inner = self._math_up_to(sign)
        goes_on = self.text[self.at : self.at + 1].isalnum()
        first = " " if inner[:1].isspace() and before[-1:].isalnum() else ""
        return f"{first}{inner.strip()}{' ' if inner[-1:].isspace() and goes_on else ''}"

    def _math_up_to(self, end: str) -> str:
        begin = self.at
        if not self.may_close(begin):
            return ""
        out = self._run(math=True, end=end)
        while self.at < len(self.text) and not self.text.startswith(end, self.at):
            out += self.text[self.at]
            self.at += 1
            out += self._run(math=True, end=end)
        if self.at >= len(self.text) and end != "$":
            self.was_in_vain(begin)
            self.at = begin  # Never closed: read on as text.
            return ""
        self.at += len(end)
        return out

    def sign(self, sign: str, *, math: bool) -> str:
        if sign in ACCENTS and not (math and sign in "=`"):
            return self._accented(ACCENTS[sign], sign, math=math)
        if sign in "([" and not math:
            return self._math_up_to("\\)" if sign == "(" else "\\]").strip()
        return "" if sign in NO_SIGNS else SIGNS.get(sign, sign)

    def command(self, name: str, before: str, *, math: bool) -> str:
        mark = MATH_ACCENTS.get(name)
        if name in ACCENTS and not math and self._takes_letter():
            mark = ACCENTS[name]
        if name in LETTERS and not (math and name in "ij"):
            self.skip_space()
            read = symbols()[name]
        elif mark is not None:
            read = self._accented(mark, "", math=math)
        elif name in SWITCHES:
            self.skip_space()
            read = ""
        elif name in HIDDEN:
            read = self._hidden(name)
        elif name in symbols():
            read = self._symbol(symbols()[name], before)
        else:
            read = self._with_arguments(name, before, math=math)
        return read

    def _takes_letter(self) -> bool:
        """Whether `\\c`, `\\d` and the like stand before what they accent, and are no name somebody gave."""
        return bool(_LETTER_FOLLOWS.match(self.text[self.at : self.at + 8]))

    def _symbol(self, symbol: str, before: str) -> str:
        if self.text.startswith("{}", self.at):
            self.at += 2
        return self._apart(symbol, before) if len(symbol) > 1 and symbol.isalpha() else symbol

    def _apart(self, word: str, before: str) -> str:
        """A word with the spaces that mathematics does not write: `n\\log n` is three things."""
        first = " " if before[-1:].isalnum() else ""
        last = " " if self.text[self.at : self.at + 1].isalnum() else ""
        return f"{first}{word}{last}"

    def _hidden(self, name: str) -> str:
        is_list = self.text.startswith(("{itemize}", "{enumerate}"), self.at)
        for _ in range(HIDDEN[name]):
            self.raw_argument()
        return " " if is_list or name in {"begin", "end"} else ""

    def _with_arguments(self, name: str, before: str, *, math: bool) -> str:
        if name in LINKS:
            return _unescaped(self.raw_argument() or name)
        if name in CITATIONS:
            self.optional()
            return f"[{self.raw_argument()}]"
        if name in {"href", "footnote"}:
            address = self.raw_argument() if name == "href" else ""
            read = self._argument(math=False)
            return read if address else f" ({read})"
        if name in {"textcolor", "color", "texorpdfstring"}:
            return self._second_of_two(name, math=math)
        if name in _FORMULAS and (math or name in _FORMULAS_IN_TEXT):
            return _FORMULAS[name](self)
        return self._unknown(name, before, math=math)

    def _second_of_two(self, name: str, *, math: bool) -> str:
        first = self.raw_argument()
        if name == "color":
            return ""
        second = self._argument(math=math)
        if name != "texorpdfstring" or second or self._depth >= _DEEPEST:
            return second
        return _read(first, braces=False, depth=self._depth + 1)

    def fraction(self) -> str:
        """`a/b`, each in brackets where it is more than one thing."""
        return f"{_bracketed(self._argument())}/{_bracketed(self._argument())}"

    def root(self) -> str:
        """`√n`, or `³√n`."""
        degree = self.optional()
        return f"{scripted('^', degree) if degree else ''}√{_bracketed(self._argument())}"

    def binomial(self) -> str:
        """`(n choose k)`."""
        return f"({self._argument()} choose {self._argument()})"

    def blackboard(self) -> str:
        """`ℝ`."""
        return "".join(map(blackboard, self._argument()))

    def formula(self) -> str:
        """An argument, as mathematics."""
        return self._argument()

    def words(self) -> str:
        """An argument, as text."""
        return self._argument(math=False)

    def raised(self) -> str:
        """An argument as a superscript."""
        return scripted("^", self._argument(math=False))

    def lowered(self) -> str:
        """An argument as a subscript."""
        return scripted("_", self._argument(math=False))

    def negated(self) -> str:
        """The next symbol, struck through."""
        self.skip_space()
        token = TOKEN.match(self.text, self.at)
        if token is None or token["close"]:
            return ""
        read = self._next(token, math=True)
        return f"{read[:1]}\u0338{read[1:]}"

    def modulo(self) -> str:
        """`(mod n)`."""
        return f"(mod {self._argument()})"

    def prime(self) -> str:
        """`′`."""
        return "′"

    def _unknown(self, name: str, before: str, *, math: bool) -> str:
        """The arguments of a command, which it only dresses; the name of one that has none."""
        has_argument = _ARGUMENT_FOLLOWS.match(self.text[self.at : self.at + 80])
        if has_argument and not self.text.startswith("{}", self.at):
            self.skip_space()
            self.optional()
            return self._argument(math=math)
        if math and name.startswith(("math", "text")):
            return self._argument(math=math)
        if self.text.startswith("{}", self.at):
            self.at += 2
        return self._apart(name, before) if math else name

    def _argument(self, *, math: bool = True) -> str:
        """What is read of a group or of the next token."""
        self.skip_space()
        if self.text.startswith("{", self.at):
            self.at += 1
            begin = self.at
            inner = self._inside(math=math)
            if inner is None:
                self.at = begin
            return inner or ""
        token = TOKEN.match(self.text, self.at)
        if token is None or token["close"] or token["math"]:
            return ""
        if token["plain"] or token["link"]:
            self.at += 1
            return token[0][0]
        return self._next(token, math=math)

    def _next(self, token: re.Match[str], *, math: bool) -> str:
        """What a token that is the argument of a command is read as; nothing where arguments are nested too deep."""
        if self._depth >= _DEEPEST:
            return ""
        self.at = token.end()
        self._depth += 1
        read = self._token(token, (), math=math)
        self._depth -= 1
        return read

    def _accented(self, mark: str, sign: str, *, math: bool) -> str:
        if sign and self.text[self.at : self.at + 1].isspace() and not self.text[self.at + 1 : self.at + 2].isalpha():
            return sign
        if sign == "'" and re.match(r"s\b", self.text[self.at : self.at + 2]):
            return sign  # `it\\'s`
        letters = self._argument(math=math).replace("ı", "i").replace("ȷ", "j")
        if not letters or not letters[0].isalpha():
            return (sign if sign in "'`" else "") + letters
        return letters[0] + mark + letters[1:] if len(letters) == 1 or not math else letters

    def script(self, sign: str, before: str, *, math: bool) -> str:
        following = self.text[self.at : self.at + 1]
        if not math and not self._is_script(sign, before, following):
            return sign
        if not following or following in "$}":
            return sign
        return scripted(sign, self._argument())

    def _is_script(self, sign: str, before: str, following: str) -> bool:
        """Whether `^` or `_` outside of mathematics is a script: `R^n`, `L^{2}`, `G_2`, but not `foo_bar`."""
        base = before[-1:]
        if not (base.isalnum() or (base and base in ")]}|")):
            return False
        if following == "{" or (sign == "^" and (following.isdigit() or following == "\\")):
            return True
        is_alone = not _MORE_FOLLOWS.match(self.text[self.at : self.at + 2])
        return following.isalnum() and is_alone and bool(sign == "^" or _LONE_LETTER.search(before))


_TOKENS: Mapping[str, Callable[[_Reader, re.Match[str], str, bool], str]] = {
    "link": lambda reader, token, before, math: _unescaped(token[0]),
    "word": lambda reader, token, before, math: reader.command(token["word"], before, math=math),
    "sign": lambda reader, token, before, math: reader.sign(token["sign"], math=math),
    "math": lambda reader, token, before, math: reader.mathematics(token[0], before),
    "open": lambda reader, token, before, math: reader.group(math=math),
    "script": lambda reader, token, before, math: reader.script(token[0], before, math=math),
    "dash": lambda reader, token, before, math: reader.dash(token[0], before, math=math),
    "quotes": lambda reader, token, before, math: reader.quotes(token[0]),
    "tie": lambda reader, token, before, math: reader.tie(token, math=math),
}
"""What reads each kind of token."""

_FORMULAS: Mapping[str, Callable[[_Reader], str]] = {
    **dict.fromkeys(("frac", "tfrac", "dfrac", "nicefrac", "sfrac"), _Reader.fraction),
    "sqrt": _Reader.root,
    "binom": _Reader.binomial,
    **dict.fromkeys(("mathbb", "mathbbm", "mathds"), _Reader.blackboard),
    "ensuremath": _Reader.formula,
    **dict.fromkeys(
        ("operatorname", "mathrm", "text", "textrm", "mbox", "hbox", "mathit", "mathbf", "textbf"), _Reader.words
    ),
    "textsuperscript": _Reader.raised,
    "textsubscript": _Reader.lowered,
    "not": _Reader.negated,
    **dict.fromkeys(("pmod", "mod"), _Reader.modulo),
    "prime": _Reader.prime,
}
_FORMULAS_IN_TEXT = frozenset({"frac", "sqrt", "mathbb", "ensuremath", "textsuperscript", "textsubscript"})
"""Commands of mathematics that stand in texts as well."""


def _unescaped(link: str) -> str:
    """A link as it is followed: TeX needs a backslash before some of its characters."""
    return re.sub(r"\\([_%#&~])", r"\1", link)


def _bracketed(text: str) -> str:
    """The operand of a fraction or a root, in brackets where it is more than one thing."""
    return text if _ONE_WORD.fullmatch(text) else f"({text})"
