r"""TeX, as titles, abstracts and names are written with it, and Unicode: `H\"older` <-> `Hölder`."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache

from pylatexenc.latex2text import get_default_latex_context_db

_MARKS = ("\\", "$", "{", "}", "^", "_", "--", "``")
_TIE = re.compile(r"(?<=\S)~(?=\S)")
_IF_IN_MATH = re.compile(r"\\ifmmode(?:(?!\\fi).){0,200}?\\else\s*((?:(?!\\fi).){0,200}?)\\fi\b(?:\{\})?", re.DOTALL)
"""What APS writes: one accent for mathematics, the other for text; each is short."""

_TOKEN = re.compile(
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
_ONE_WORD = re.compile(r"\w*")
_LETTER_FOLLOWS = re.compile(r"\s*\{|\s+[A-Za-z](?![A-Za-z]{2})|\s*\\[ij]\b|\s+[a-zA-Z]")
_ARGUMENT_FOLLOWS = re.compile(r"\s*(?:\[[^\]]*\]\s*)?\{")
_MORE_FOLLOWS = re.compile(r"[^\W_]{2}|.[\^_]")

_ACCENTS = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "d": "\u0323",
    "c": "\u0327",
    "k": "\u0328",
    "b": "\u0331",
}
_MATH_ACCENTS = {
    "grave": "\u0300",
    "acute": "\u0301",
    "hat": "\u0302",
    "widehat": "\u0302",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "bar": "\u0304",
    "overline": "\u0304",
    "breve": "\u0306",
    "dot": "\u0307",
    "ddot": "\u0308",
    "mathring": "\u030a",
    "check": "\u030c",
    "vec": "\u20d7",
    "underline": "",
}
_LETTERS = frozenset({"o", "O", "l", "L", "ae", "AE", "oe", "OE", "aa", "AA", "ss", "i", "j", "dh", "DH", "th", "TH"})
"""Commands that are a letter of a word: the space after them is no space between words."""

_SWITCHES = frozenset(
    """em it bf rm sf tt sc sl cal frak Bbb itshape bfseries rmfamily sffamily ttfamily scshape normalfont upshape
    displaystyle textstyle scriptstyle limits nolimits left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl
    biggr large Large LARGE huge small footnotesize tiny noindent nonumber notag boldmath unboldmath centering mathop
    mathrel mathbin mathord mathstrut protect relax xspace newline par hfill break allowbreak nobreak bm pmb
    """.split()  # noqa: SIM905
)
"""Commands that change how things look, and are nothing themselves."""

_HIDDEN = {"label": 1, "hspace": 1, "vspace": 1, "begin": 1, "end": 1, "phantom": 1, "vphantom": 1, "tag": 1}
"""Commands that print nothing, and how many arguments they take."""

_LINKS = frozenset({"url", "path", "nolinkurl"})
_CITATIONS = frozenset({"cite", "citep", "citet", "citealp", "citealt", "citeauthor", "citeyear", "parencite"})
_OWN_SYMBOLS = {
    "eps": "ε",
    "R": "ℝ",
    "RR": "ℝ",
    "N": "ℕ",
    "Z": "ℤ",
    "Q": "ℚ",
    "C": "ℂ",
    "Zq": "ℤ",
    "ldots": "…",
    "dots": "…",
    "cdots": "⋯",
    "lq": "‘",
    "rq": "’",
    "quad": " ",
    "qquad": " ",
    "textless": "<",
    "textgreater": ">",
    "lt": "<",
    "gt": ">",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textbar": "|",
    "textunderscore": "_",
    "textquotesingle": "'",
    "textregistered": "®",
    "texttrademark": "™",
    "textcopyright": "©",
    "textperiodcentered": "·",
    "textdegree": "°",
    "degree": "°",
    "textmu": "µ",
    "lbrace": "{",
    "rbrace": "}",
    "lvert": "|",
    "rvert": "|",
    "vert": "|",
    "lVert": "‖",
    "rVert": "‖",
    "Vert": "‖",
    "colon": ":",
    "mid": "|",
    "ne": "≠",
    "to": "→",
    "gets": "←",
    "square": "□",
    "Box": "□",
    "bullet": "•",
    "star": "⋆",
    "ast": "*",
    "lceil": "⌈",
    "rceil": "⌉",
    "lfloor": "⌊",
    "rfloor": "⌋",
    "item": "•",
    "S": "§",
    "P": "¶",
    "epsilon": "ε",
    "varepsilon": "ε",
    "phi": "φ",
    "varphi": "φ",
    "backslash": "\\",
    "textbackslash": "\\",
    "i": "i",
    "j": "j",
    "dag": "†",
    "pounds": "£",
    "slash": "/",
    "hyp": "-",
}
_READ_OTHERWISE = frozenset({"today", "prime", "sqrt", "ensuremath", "footnote", "textcolor"})
_SIGNS = {" ": " ", "\n": " ", "\t": " ", ",": " ", ";": " ", ":": " ", "|": "‖", "\\": " "}
_NO_SIGNS = frozenset("!-/@>()[]*")
_DIGITS_UP = dict(zip("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾", strict=True))
_DIGITS_DOWN = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))
_UP = (
    _DIGITS_UP
    | dict(zip("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))
    | {"T": "ᵀ", "*": "*", "′": "′"}
)
_DOWN = _DIGITS_DOWN | dict(zip("aehijklmnoprstuvx", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_BLACKBOARD = {"C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ"}
_SOUND_MATH = re.compile(r"\S(?:.*\S)?", re.DOTALL)
_SURELY_MATH = re.compile(r"[\\^_{}=<>]|^\s*[A-Za-z]\s*$")
_WORD = re.compile(r"[A-Za-z]{3,}")
_LONE_LETTER = re.compile(r"(?:^|[^A-Za-z0-9_\\])[A-Za-z]$")
_SET = re.compile(r"[^{}\\]*,[^{}\\]*")
_DEEPEST = 40
"""Braces and arguments within each other; what is nested deeper stands as it is."""

_MOST_UNCLOSED = 40
"""Braces and formulas that are opened and never closed; in a text with so many, what opens after them stands as it is.

Each makes the rest of the text be read again.
"""


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
    return _read(text, braces=braces)


def _read(text: str, *, braces: bool, depth: int = 0) -> str:
    if "\\ifmmode" in text:
        text = _IF_IN_MATH.sub(r"\1", text)
    return unicodedata.normalize("NFC", _Reader(text, braces=braces, depth=depth).read())


def _may_be_tex(text: str) -> bool:
    """Whether anything of a text can be TeX; most texts have none, and looking for fixed strings costs the least."""
    return any(map(text.__contains__, _MARKS)) or ("~" in text and _TIE.search(text) is not None)


@cache
def _symbols() -> dict[str, str]:
    """What commands without arguments stand for, by their names."""
    known = {
        spec.macroname: spec.simplify_repl
        for spec in get_default_latex_context_db().iter_macro_specs()
        if isinstance(spec.simplify_repl, str) and not re.search("%|<.", spec.simplify_repl)
    }
    return {name: symbol for name, symbol in known.items() if name not in _READ_OTHERWISE} | _OWN_SYMBOLS


class _Reader:
    """Reads one text from its beginning to its end."""

    def __init__(self, text: str, *, braces: bool, depth: int) -> None:
        self._text = text
        self._at = 0
        self._depth = depth
        self._braces = braces
        self._quoting = False
        self._unclosed: set[int] = set()

    def read(self) -> str:
        out = self._run(math=False)
        while self._at < len(self._text):  # A brace that closes nothing.
            out += self._text[self._at]
            self._at += 1
            out += self._run(math=False)
        return out

    def _run(self, *, math: bool, end: str = "") -> str:
        """What is read up to a closing brace or `end`, which are left to the caller."""
        out: list[str] = []
        while self._at < len(self._text) and not (end and self._text.startswith(end, self._at)):
            token = _TOKEN.match(self._text, self._at)
            if token is None or token.lastgroup == "close":
                break
            self._at = token.end()
            out.append(self._token(token, out, math=math))
        return "".join(out)

    def _token(self, token: re.Match[str], out: Sequence[str], *, math: bool) -> str:
        """What a token is read as, after what was read before it."""
        if token.lastgroup == "plain":
            return token[0].replace("'", "′") if math else token[0]
        return _TOKENS[token.lastgroup or ""](self, token, "".join(out[-2:]), math)

    def tie(self, token: re.Match[str], *, math: bool) -> str:
        around = self._text[token.start() - 1 : token.start()], self._text[token.end() : token.end() + 1]
        is_between = all(char and not char.isspace() and char not in "([" for char in around)
        return " " if math or is_between else "~"

    def dash(self, dash: str, before: str, *, math: bool) -> str:
        is_option = (not before or before[-1].isspace()) and self._text[self._at : self._at + 1].isalpha()
        if math or is_option:
            return dash
        return "—" if len(dash) == 3 else "–"

    def quotes(self, quotes: str) -> str:
        if quotes == "``":
            self._quoting = True
            return "“"
        return "”" if self._quoting else quotes

    def group(self, *, math: bool) -> str:
        begin = self._at
        inner = self._inside(math=math)
        if inner is None:
            self._at = begin
            return "{"
        raw = self._text[begin : self._at - 1]
        return f"{{{inner}}}" if not (math or self._braces) and _SET.fullmatch(raw) else inner

    def _inside(self, *, math: bool) -> str | None:
        """What is read up to the brace that closes; None where none does."""
        begin = self._at
        if self._depth >= _DEEPEST or not self._may_close(begin):
            return None
        self._depth += 1
        inner = self._run(math=math)
        self._depth -= 1
        if not self._text.startswith("}", self._at):
            self._unclosed.add(begin)
            return None
        self._at += 1
        return inner

    def _may_close(self, begin: int) -> bool:
        """Whether what opens before `begin` may be closed: without asking, braces in braces would be read 2ⁿ times."""
        return begin not in self._unclosed and len(self._unclosed) < _MOST_UNCLOSED

    def mathematics(self, sign: str, before: str) -> str:
        end = self._text.find(sign, self._at)
        while end > 0 and self._text[end - 1] == "\\":
            end = self._text.find(sign, end + 1)
        content = self._text[self._at : end] if end >= 0 else ""
        is_followed_by_digit = self._text[end + len(sign) : end + len(sign) + 1].isdigit()
        is_sound = _SOUND_MATH.fullmatch(content) or not _WORD.search(content)
        if not content.strip() or not (_SURELY_MATH.search(content) or (is_sound and not is_followed_by_digit)):
            return sign
        inner = self._math_up_to(sign)
        goes_on = self._text[self._at : self._at + 1].isalnum()
        first = " " if inner[:1].isspace() and before[-1:].isalnum() else ""
        return f"{first}{inner.strip()}{' ' if inner[-1:].isspace() and goes_on else ''}"

    def _math_up_to(self, end: str) -> str:
        begin = self._at
        if not self._may_close(begin):
            return ""
        out = self._run(math=True, end=end)
        while self._at < len(self._text) and not self._text.startswith(end, self._at):
            out += self._text[self._at]
            self._at += 1
            out += self._run(math=True, end=end)
        if self._at >= len(self._text) and end != "$":
            self._unclosed.add(begin)
            self._at = begin  # Never closed: read on as text.
            return ""
        self._at += len(end)
        return out

    def sign(self, sign: str, *, math: bool) -> str:
        if sign in _ACCENTS and not (math and sign in "=`"):
            return self._accented(_ACCENTS[sign], sign, math=math)
        if sign in "([" and not math:
            return self._math_up_to("\\)" if sign == "(" else "\\]").strip()
        return "" if sign in _NO_SIGNS else _SIGNS.get(sign, sign)

    def command(self, name: str, before: str, *, math: bool) -> str:
        mark = _MATH_ACCENTS.get(name)
        if name in _ACCENTS and not math and self._takes_letter():
            mark = _ACCENTS[name]
        if name in _LETTERS and not (math and name in "ij"):
            self._skip_space()
            read = _symbols()[name]
        elif mark is not None:
            read = self._accented(mark, "", math=math)
        elif name in _SWITCHES:
            self._skip_space()
            read = ""
        elif name in _HIDDEN:
            read = self._hidden(name)
        elif name in _symbols():
            read = self._symbol(_symbols()[name], before)
        else:
            read = self._with_arguments(name, before, math=math)
        return read

    def _takes_letter(self) -> bool:
        """Whether `\\c`, `\\d` and the like stand before what they accent, and are no name somebody gave."""
        return bool(_LETTER_FOLLOWS.match(self._text[self._at : self._at + 8]))

    def _symbol(self, symbol: str, before: str) -> str:
        if self._text.startswith("{}", self._at):
            self._at += 2
        return self._apart(symbol, before) if len(symbol) > 1 and symbol.isalpha() else symbol

    def _apart(self, word: str, before: str) -> str:
        """A word with the spaces that mathematics does not write: `n\\log n` is three things."""
        first = " " if before[-1:].isalnum() else ""
        last = " " if self._text[self._at : self._at + 1].isalnum() else ""
        return f"{first}{word}{last}"

    def _hidden(self, name: str) -> str:
        is_list = self._text.startswith(("{itemize}", "{enumerate}"), self._at)
        for _ in range(_HIDDEN[name]):
            self._raw_argument()
        return " " if is_list or name in {"begin", "end"} else ""

    def _with_arguments(self, name: str, before: str, *, math: bool) -> str:
        if name in _LINKS:
            return _unescaped(self._raw_argument() or name)
        if name in _CITATIONS:
            self._optional()
            return f"[{self._raw_argument()}]"
        if name in {"href", "footnote"}:
            address = self._raw_argument() if name == "href" else ""
            read = self._argument(math=False)
            return read if address else f" ({read})"
        if name in {"textcolor", "color", "texorpdfstring"}:
            return self._second_of_two(name, math=math)
        if name in _FORMULAS and (math or name in _FORMULAS_IN_TEXT):
            return _FORMULAS[name](self)
        return self._unknown(name, before, math=math)

    def _second_of_two(self, name: str, *, math: bool) -> str:
        first = self._raw_argument()
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
        degree = self._optional()
        return f"{_scripted('^', degree) if degree else ''}√{_bracketed(self._argument())}"

    def binomial(self) -> str:
        """`(n choose k)`."""
        return f"({self._argument()} choose {self._argument()})"

    def blackboard(self) -> str:
        """`ℝ`."""
        return "".join(map(_blackboard, self._argument()))

    def formula(self) -> str:
        """An argument, as mathematics."""
        return self._argument()

    def words(self) -> str:
        """An argument, as text."""
        return self._argument(math=False)

    def raised(self) -> str:
        """An argument as a superscript."""
        return _scripted("^", self._argument(math=False))

    def lowered(self) -> str:
        """An argument as a subscript."""
        return _scripted("_", self._argument(math=False))

    def negated(self) -> str:
        """The next symbol, struck through."""
        self._skip_space()
        token = _TOKEN.match(self._text, self._at)
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
        has_argument = _ARGUMENT_FOLLOWS.match(self._text[self._at : self._at + 80])
        if has_argument and not self._text.startswith("{}", self._at):
            self._skip_space()
            self._optional()
            return self._argument(math=math)
        if math and name.startswith(("math", "text")):
            return self._argument(math=math)
        if self._text.startswith("{}", self._at):
            self._at += 2
        return self._apart(name, before) if math else name

    def _skip_space(self) -> None:
        space = _SPACE.match(self._text, self._at)
        self._at = space.end() if space else self._at

    def _optional(self) -> str:
        """An argument in square brackets, as it stands."""
        end = self._text.find("]", self._at)
        if not self._text.startswith("[", self._at) or end < 0:
            return ""
        found, self._at = self._text[self._at + 1 : end], end + 1
        return found

    def _raw_argument(self) -> str:
        """An argument in braces, as it stands."""
        self._skip_space()
        depth, begin = 0, self._at + 1
        if not self._text.startswith("{", self._at) or not self._may_close(begin):
            return ""
        for at in range(self._at, len(self._text)):
            depth += {"{": 1, "}": -1}.get(self._text[at], 0)
            if not depth:
                self._at = at + 1
                return self._text[begin:at]
        self._unclosed.add(begin)
        return ""

    def _argument(self, *, math: bool = True) -> str:
        """What is read of a group or of the next token."""
        self._skip_space()
        if self._text.startswith("{", self._at):
            self._at += 1
            begin = self._at
            inner = self._inside(math=math)
            if inner is None:
                self._at = begin
            return inner or ""
        token = _TOKEN.match(self._text, self._at)
        if token is None or token["close"] or token["math"]:
            return ""
        if token["plain"] or token["link"]:
            self._at += 1
            return token[0][0]
        return self._next(token, math=math)

    def _next(self, token: re.Match[str], *, math: bool) -> str:
        """What a token that is the argument of a command is read as; nothing where arguments are nested too deep."""
        if self._depth >= _DEEPEST:
            return ""
        self._at = token.end()
        self._depth += 1
        read = self._token(token, (), math=math)
        self._depth -= 1
        return read

    def _accented(self, mark: str, sign: str, *, math: bool) -> str:
        if (
            sign
            and self._text[self._at : self._at + 1].isspace()
            and not self._text[self._at + 1 : self._at + 2].isalpha()
        ):
            return sign
        if sign == "'" and re.match(r"s\b", self._text[self._at : self._at + 2]):
            return sign  # `it\\'s`
        letters = self._argument(math=math).replace("ı", "i").replace("ȷ", "j")
        if not letters or not letters[0].isalpha():
            return (sign if sign in "'`" else "") + letters
        return letters[0] + mark + letters[1:] if len(letters) == 1 or not math else letters

    def script(self, sign: str, before: str, *, math: bool) -> str:
        following = self._text[self._at : self._at + 1]
        if not math and not self._is_script(sign, before, following):
            return sign
        if not following or following in "$}":
            return sign
        return _scripted(sign, self._argument())

    def _is_script(self, sign: str, before: str, following: str) -> bool:
        """Whether `^` or `_` outside of mathematics is a script: `R^n`, `L^{2}`, `G_2`, but not `foo_bar`."""
        base = before[-1:]
        if not (base.isalnum() or (base and base in ")]}|")):
            return False
        if following == "{" or (sign == "^" and (following.isdigit() or following == "\\")):
            return True
        is_alone = not _MORE_FOLLOWS.match(self._text[self._at : self._at + 2])
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


def _blackboard(char: str) -> str:
    try:
        return _BLACKBOARD.get(char) or unicodedata.lookup(f"MATHEMATICAL DOUBLE-STRUCK CAPITAL {char}")
    except KeyError:
        return char


def _scripted(sign: str, text: str) -> str:
    """Text raised or lowered, in Unicode where it has all of its characters, else as `^(...)`."""
    text = text.strip().replace("−", "-")
    raised = _UP if sign == "^" else _DOWN
    if text and all(char in raised for char in text):
        return "".join(raised[char] for char in text)
    if text == "∘" and sign == "^":
        return "°"
    return f"{sign}({text})" if len(text) > 1 else f"{sign}{text}"


# --- writing

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
    return frozenset(_symbols()) - frozenset(_OWN_SYMBOLS.keys() & {"eps", "R", "RR", "N", "Z", "Q", "C", "Zq"})


@cache
def _math_symbols() -> frozenset[str]:
    """The commands that are allowed in mathematics alone."""
    return frozenset(_written().values())


@cache
def _written() -> dict[str, str]:
    """The command of each symbol of mathematics."""
    found: dict[str, str] = {}
    for name, symbol in _symbols().items():
        if len(symbol) == 1 and _is_symbol(symbol) and not name.startswith(("text", "up", "math")):
            found.setdefault(symbol, name)
    return found | {"ε": "varepsilon", "φ": "varphi", "→": "to", "≤": "leq", "≥": "geq", "≠": "neq", "⋆": "star"}


def _is_symbol(char: str) -> bool:
    return not char.isascii() and (
        unicodedata.category(char) in {"Sm", "So"} or "\u0370" <= char <= "\u03ff" or char in "ℓℵ∞′"
    )


_SCRIPTS = {char: ("^", plain) for plain, char in _UP.items()} | {char: ("_", plain) for plain, char in _DOWN.items()}
_DOUBLE_STRUCK = {char: letter for letter, char in _BLACKBOARD.items()}


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
