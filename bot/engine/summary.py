"""One sentence that says what a paper is about."""

import re
import unicodedata

_BOUNDARY = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]?[A-Z0-9$\\])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|et al|cf|vs|Fig|Eq|Sec|resp|approx|w\.r\.t|Dr|Prof|No)|\b[A-Z])\.[\"')\]]*$"
)
_LONGEST = 20_000
"""Characters of an abstract that are read: a dozen abstracts."""
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")

_TELLING = re.compile(
    r"\b(?:we|this (?:paper|work|article|study|report|survey)|our)\b.{0,40}?\b"
    r"(?:propos|introduc|present|develop|show|demonstrat|find|prove|stud(?:y|ies)|investigat|describ|design|build|built"
    r"|releas|provid|address|explor|analy[sz]|survey|review|train|offer|achiev|establish|measur)\w*",
    re.IGNORECASE,
)
_NAMED = re.compile(r"^[A-Z][\w^-]*[A-Z0-9⁰-⁹][\w^-]*\s+(?!is\b|has\b|was\b|does\b)[a-z]+s\b")
"""Begins with an invented name that does something: `GEM filters …`, unlike `LLMs have …`."""
_ANSWER = re.compile(r"\b(?:in this (?:paper|work)|to (?:address|tackle|solve|overcome|bridge|fill) th)", re.IGNORECASE)
_CONNECTIVE = re.compile(
    r"(?:however|moreover|furthermore|in addition|additionally|also|thus|therefore|hence|then|finally|consequently"
    r"|as a result|in particular|specifically|more specifically|to this end|here|nevertheless|besides|instead"
    r"|meanwhile|overall|concretely|as a consequence|in contrast|for example|accordingly|notably"
    r"|to (?:address|tackle|solve|overcome|bridge|fill|mitigate) (?:this|these|that|those|it)\b[^,]{0,40}),\s+(?=\w)",
    re.IGNORECASE,
)
_OWN = r"(?! (?:\w+ )?(?:paper|work|article|study|report|survey|thesis|letter|chapter|review|note)s?\b)"
_DANGLING = re.compile(rf"(?:also|those|they|it|its|their|such|(?:this|these|that){_OWN})\b", re.IGNORECASE)
_POINTING = re.compile(rf"\b(?:this{_OWN}|these{_OWN}|such an?)\b", re.IGNORECASE)
"""Points back, perhaps to the sentence before: `a pipeline writes these criteria`."""
_ENDED = re.compile(r"[.!?][\"')\]}*$]*$")
_HOUSEKEEPING = re.compile(r"https?://|\b(?:code|project page|github|available at|publicly available)\b", re.IGNORECASE)


def sentences(abstract: str) -> list[str]:
    """The sentences of an abstract, in order; `et al.`, `e.g.` and initials do not end one."""
    found: list[list[str]] = []
    for piece in _BOUNDARY.split(" ".join(abstract[:_LONGEST].split())):
        if found and _ABBREVIATION.search(found[-1][-1]):
            found[-1].append(piece)
        elif piece:
            found.append([piece])
    return [" ".join(pieces) for pieces in found]


def telling_sentence(title: str, abstract: str) -> str:
    """The sentence of an abstract that says most about the paper; empty when there is no abstract.

    A sentence scores higher if it says what the authors did ("we propose ..."), shares words with the title, does not
    refer to the one before, is complete, and is of a length that is quick to read. A connective at its beginning
    (`However, `), which means nothing without the sentence before, is left out.
    """
    candidates = [_freed(sentence) for sentence in sentences(abstract)]
    if not candidates:
        return ""
    title_words = _content_words(title)
    scored = [(_score(sentence, title_words, place), -place) for place, sentence in enumerate(candidates)]
    return candidates[-max(scored)[1]]


def _freed(sentence: str) -> str:
    """A sentence without the connectives it begins with."""
    while match := _CONNECTIVE.match(sentence):
        sentence = sentence[match.end()].upper() + sentence[match.end() + 1 :]
    return sentence


def _score(sentence: str, title_words: set[str], place: int) -> float:
    words = _WORD.findall(sentence)
    score = 2.0 if _TELLING.search(sentence) else 0.0
    score += 1.0 if _NAMED.match(sentence) else 0.0
    score += 0.5 if _ANSWER.search(sentence) else 0.0
    score += 1.5 * len(title_words & _content_words(sentence)) / max(len(title_words), 1)
    score -= 1.0 if _HOUSEKEEPING.search(sentence) else 0.0
    score -= 1.5 if _DANGLING.match(sentence) else 0.3 if _POINTING.search(sentence) else 0.0
    score -= 0.0 if _ENDED.search(sentence) else 1.0
    score -= 0.05 * max(0, len(words) - 40) + 0.1 * max(0, 8 - len(words))
    return score - 0.02 * place


def _content_words(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKC", text).replace("^", "")
    return {word.lower() for word in _WORD.findall(plain) if len(word) > 3}


def shorten(text: str, limit: int) -> str:
    """A text of at most `limit` characters, cut between words and marked with an ellipsis where it was cut."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    cut = head.rfind(" ")
    return (head[:cut] if cut > limit // 2 else head).rstrip(" ,;:.-–—") + "…"
