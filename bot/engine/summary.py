"""One sentence that says what a paper is about."""

import re

from bot.domain.words import normalized

_BOUNDARY = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]?[A-Z0-9$\\])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|et al|cf|vs|Fig|Eq|Sec|resp|approx|w\.r\.t|Dr|Prof|No)|\b[A-Z])\.[\"')\]]*$"
)
_AFTER_PRONOUN = re.compile(r"\s+(?:with|by|to|in|for|at|on|is|are|can|and|as|into)\b")
_GOES_ON = re.compile(r"(?:[,;]|\b(?:and|but)\b) (?:\w+ )?$")
"""The sentence goes on after a clause: `writes dialogues and makes` these harder."""
_CLAUSE = 8
"""Words of a clause long enough to name what a later pronoun means."""

_MUCH = 0.6
"""A sentence with this share of a title's words speaks of what the title does."""

_LONGEST = 20_000
"""Characters of an abstract that are read: a dozen abstracts."""
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")

_TELLING = re.compile(
    r"\b(?:we|this (?:paper|work|article|study|report|survey)|our)\b.{0,40}?\b"
    r"(?:propos|introduc|present|develop|show|demonstrat|find|prove|stud(?:y|ies)|investigat|describ|design|build|built"
    r"|releas|provid|address|explor|analy[sz]|survey|review|train|offer|achiev|establish|measur|deriv|consider|obtain"
    r"|give|construct|generali[sz]|extend|compar|formulat|leverag|argu|characteri[sz]|creat|evaluat)\w*"
    r"|\b(?:is|are) (?:presented|proposed|introduced|described|developed|shown|proved|proven|studied|investigated)\b",
    re.IGNORECASE,
)
_NAMED = re.compile(r"^[A-Z][\w^-]*[A-Z0-9⁰-⁹][\w^-]*\s+(?!is\b|has\b|was\b|does\b)[a-z]+s\b")
"""Begins with an invented name that does something: `GEM filters …`, unlike `LLMs have …`."""
_ANSWER = re.compile(
    r"\b(?:(?:in )?this (?:paper|work|study|article)|to (?:address|tackle|solve|overcome|bridge|fill) th)",
    re.IGNORECASE,
)

_OWN = r"(?! (?:\w+ )?(?:paper|work|article|study|report|survey|thesis|letter|chapter|review|note|manuscript)s?\b)"
_CONNECTIVE = re.compile(
    r"(?:however|moreover|furthermore|in addition|additionally|also|thus|therefore|hence|then|finally|consequently"
    r"|as a result|in particular|specifically|more specifically|to this end|here|nevertheless|besides|instead"
    r"|meanwhile|overall|in response|in conjunction|concretely"
    r"|next|lastly|as a consequence|in contrast|for example|accordingly|notably|informally|lastly"
    r"|(?:first|second|third|fourth)(?:ly)?|on the other hand|(?:in|by) doing so"
    r"|to do so|based on (?:their|its) [^,]{0,60}"
    r"|to (?:address|tackle|solve|overcome|bridge|fill|mitigate)"
    r" (?:this|these|that|those|it|both|the (?:first|second|third|former|latter|other))\b[^,]{0,40}"
    rf"|[^,]{{0,90}}\b(?:(?:this|these|those|such){_OWN}|that|them|it)\b[^,]{{0,60}}(?=, (?:we|I)\b))"
    r"(?:,\s+(?=\w)|\s+(?=we\b))",
    re.IGNORECASE,
)
"""What a sentence begins with that means nothing without the one before."""

_DANGLING = re.compile(
    r"(?:also|another|but|and|yet|so|both|those|they|its|their|such"
    r"|it(?! (?:is|was|has been) (?:shown|proved|proven|well))"
    r"|the (?:two|three|four|five|proposed|resulting|obtained|developed|other|first|second|third|main|key)(?!-)"
    rf"|(?:this|these|that){_OWN})\b",
    re.IGNORECASE,
)
_LEANING = re.compile(
    r"\b(?:the (?:latter|former|above|aforementioned|two|three|proposed|resulting"
    r"|(?:first|second|third)(?: and| one| of))(?!-)\b"
    r"|(?:we|I) (?:also|further(?:more)?|then|additionally|next|finally|again)\b"
    r"|(?:we|I)(?: will| can)? \w+ (?:their|its|them|it|both)\b"
    r"|(?:argu|show|find|demonstrat|prov)\w* that (?:it|they)\b"
    r"|(?:aforementioned|as (?:above|before)|an extensive set of|extensive experiments|we hope)\b"
    r"|(?:experiment(?:al|s)?|evaluation|empirical|simulation|numerical) results? .{0,20}"
    r"(?:show|demonstrat|indicat)\w*)"
    r"|^(?:experiments\b|\(\w+\) |our (?!(?:main )?(?:aim|goal|contribution|work|paper|study)\b))"
    r"|\[\d+\]"
    r"|, our (?:\w+ )?(?:model|method|approach|framework|algorithm|system|technique|result|experiment|finding)s?\b",
    re.IGNORECASE,
)
"""Speaks of what another sentence named, or of results alone."""

_POINTING = re.compile(
    rf"\b(?:this|these|those|such(?! as\b| that\b| \w+ as\b))\b{_OWN}(?: an?\b)?(?P<rest>[^,;:.]*)", re.IGNORECASE
)
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
    """The sentence of an abstract that says most about the paper; empty where none stands alone or says anything.

    A sentence scores higher if it says what the authors did ("we propose ..."), shares words with the title, is
    complete, and is of a length that is quick to read. One that refers to another does not stand alone. A beginning
    that means nothing without the sentence before (`However, `) is left out.
    """
    name, colon, _ = title.partition(":")
    title_words = _content_words(title)
    alone = [sentence for each in sentences(abstract) if _stands_alone(sentence := _freed(each))]
    name = name if colon else ""
    scored = [(_score(sentence, title_words, name, place), -place) for place, sentence in enumerate(alone)]
    best, place = max(scored, default=(-1.0, 0))
    return alone[-place] if best >= 0 else ""


def _stands_alone(sentence: str) -> bool:
    """Whether a sentence refers to nothing that another one named."""
    if _DANGLING.match(sentence) or _LEANING.search(sentence):
        return False
    return all(_is_named_before(match, sentence) for match in _POINTING.finditer(sentence))


def _is_named_before(pointing: re.Match[str], sentence: str) -> bool:
    """Whether what `this ...` points to stands earlier in the same sentence: its noun, or a clause before a pronoun."""
    earlier = sentence[: pointing.start()]
    named = [word for word in _WORD.findall(pointing["rest"])[:3] if len(word) > 3]
    if any(word[:5].casefold() in earlier.casefold() for word in named):
        return True
    is_pronoun = not named or bool(_AFTER_PRONOUN.match(pointing["rest"]) or _GOES_ON.search(earlier))
    return is_pronoun and len(_WORD.findall(earlier)) >= _CLAUSE


def _freed(sentence: str) -> str:
    """A sentence without the connectives it begins with."""
    while match := _CONNECTIVE.match(sentence):
        sentence = sentence[match.end()].upper() + sentence[match.end() + 1 :]
    return sentence


def _score(sentence: str, title_words: set[str], name: str, place: int) -> float:
    """How much a sentence says; below 0 where it neither says what was done nor what the title does."""
    words = _WORD.findall(sentence)
    done = 2.0 if _TELLING.search(sentence) else 0.0
    named = name and f" {name} " in f" {sentence}"
    done += 1.0 if _NAMED.match(sentence) or sentence.startswith(f"{name} ") else 0.5 if named else 0.0
    done += 0.5 if _ANSWER.search(sentence) else 0.0
    shared = len(title_words & _content_words(sentence)) / max(len(title_words), 1)
    if not done and shared < _MUCH:
        return -1.0
    score = done + 1.5 * shared
    score -= 1.0 if _HOUSEKEEPING.search(sentence) else 0.0
    score -= 0.0 if _ENDED.search(sentence) else 1.0
    score -= 0.05 * max(0, len(words) - 40) + 0.1 * max(0, 8 - len(words))
    return score - 0.02 * place


def _content_words(text: str) -> set[str]:
    plain = normalized("NFKC", text).replace("^", "")
    return {word.lower() for word in _WORD.findall(plain) if len(word) > 3}


def shorten(text: str, limit: int) -> str:
    """A text of at most `limit` characters, cut between words and marked with an ellipsis where it was cut."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    cut = head.rfind(" ")
    return (head[:cut] if cut > limit // 2 else head).rstrip(" ,;:.-–—") + "…"
