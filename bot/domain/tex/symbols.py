r"""The commands and signs of TeX, and the Unicode they stand for."""

import re
import unicodedata
from functools import cache

from pylatexenc.latex2text import get_default_latex_context_db

ACCENTS = {
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
MATH_ACCENTS = {
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
LETTERS = frozenset({"o", "O", "l", "L", "ae", "AE", "oe", "OE", "aa", "AA", "ss", "i", "j", "dh", "DH", "th", "TH"})
"""Commands that are a letter of a word: the space after them is no space between words."""

SWITCHES = frozenset(
    """em it bf rm sf tt sc sl cal frak Bbb itshape bfseries rmfamily sffamily ttfamily scshape normalfont upshape
    displaystyle textstyle scriptstyle limits nolimits left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl
    biggr large Large LARGE huge small footnotesize tiny noindent nonumber notag boldmath unboldmath centering mathop
    mathrel mathbin mathord mathstrut protect relax xspace newline par hfill break allowbreak nobreak bm pmb
    """.split()  # noqa: SIM905
)
"""Commands that change how things look, and are nothing themselves."""

HIDDEN = {"label": 1, "hspace": 1, "vspace": 1, "begin": 1, "end": 1, "phantom": 1, "vphantom": 1, "tag": 1}
"""Commands that print nothing, and how many arguments they take."""

LINKS = frozenset({"url", "path", "nolinkurl"})
CITATIONS = frozenset({"cite", "citep", "citet", "citealp", "citealt", "citeauthor", "citeyear", "parencite"})
OWN_SYMBOLS = {
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
SIGNS = {" ": " ", "\n": " ", "\t": " ", ",": " ", ";": " ", ":": " ", "|": "‖", "\\": " "}
NO_SIGNS = frozenset("!-/@>()[]*")
_DIGITS_UP = dict(zip("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾", strict=True))
_DIGITS_DOWN = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))
UP = (
    _DIGITS_UP
    | dict(zip("abcdefghijklmnoprstuvwxyz", "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", strict=True))
    | {"T": "ᵀ", "*": "*", "′": "′"}
)
DOWN = _DIGITS_DOWN | dict(zip("aehijklmnoprstuvx", "ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
BLACKBOARD = {"C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ"}


@cache
def symbols() -> dict[str, str]:
    """What commands without arguments stand for, by their names."""
    known = {
        spec.macroname: spec.simplify_repl
        for spec in get_default_latex_context_db().iter_macro_specs()
        if isinstance(spec.simplify_repl, str) and not re.search("%|<.", spec.simplify_repl)
    }
    return {name: symbol for name, symbol in known.items() if name not in _READ_OTHERWISE} | OWN_SYMBOLS


def blackboard(char: str) -> str:
    try:
        return BLACKBOARD.get(char) or unicodedata.lookup(f"MATHEMATICAL DOUBLE-STRUCK CAPITAL {char}")
    except KeyError:
        return char


def scripted(sign: str, text: str) -> str:
    """Text raised or lowered, in Unicode where it has all of its characters, else as `^(...)`."""
    text = text.strip().replace("−", "-")
    raised = UP if sign == "^" else DOWN
    if text and all(char in raised for char in text):
        return "".join(raised[char] for char in text)
    if text == "∘" and sign == "^":
        return "°"
    return f"{sign}({text})" if len(text) > 1 else f"{sign}{text}"
