"""What to talk about: questions about sentences of a paper's own abstract. Nothing is claimed that it does not say."""

import re
from typing import NamedTuple

from bot.engine.summary import sentences, shorten

MOST = 3
"""Questions about one paper."""

_QUOTE = 280
"""Characters of a sentence that is quoted."""


class Question(NamedTuple):
    """Something to ask about a sentence of a paper."""

    asks: str
    quote: str


_OFFERS = re.compile(
    r"\b(?:we|this (?:paper|work|article|study))\b.{0,30}?\b"
    r"(?:propos|introduc|present|develop|design|releas|describ|formulat|construct|prov(?:e|id)|deriv|establish)\w*",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"\d\s?%|\d(?:\.\d+)?\s?(?:x|×|times|points?|fold)\b|\b(?:outperform|surpass|exceed|state[- ]of[- ]the[- ]art"
    r"|improv(?:es?|ing|ements?) (?:over|upon|on)|significantly (?:better|lower|higher|faster|fewer|more|less))\w*",
    re.IGNORECASE,
)
_OWN_LIMIT = re.compile(
    r"\b(?:limitations? of (?:our|this)|we (?:only|assume|do not|leave|restrict|limit|acknowledge|caution)\b"
    r"|(?:our|this) (?:\w+ )?(?:method|approach|model|study|work|analysis|result|finding)s?\b.{0,60}"
    r"\b(?:limited|restricted|only|cannot|do(?:es)? not|fails?)|under the assumption|assuming that|future work"
    r"|remains? (?:open|unclear|unknown|challenging|to be)\b)",
    re.IGNORECASE,
)
_GAP = re.compile(
    r"\b(?:however|yet|but|existing|prior|previous|current|conventional|traditional|despite|while|although)\b"
    r".{0,120}\b(?:fails?|limited|lacks?|struggles?|ignores?|overlooks?|suffers?|unclear|unknown|underexplored|expensive"
    r"|costly|difficult|challeng\w+|neglects?|insufficient|poorly|bottleneck|hard to|unexplored|open)\b",
    re.IGNORECASE,
)

_ASKED = (
    (_OFFERS, "What is new in this, and what was known before?"),
    (_MEASURED, "What was compared here, on which data, and is the difference one that matters?"),
    (_OWN_LIMIT, "How much does this narrow what one may conclude?"),
    (_GAP, "Does the paper close this gap, and how could one tell?"),
)
"""What marks a sentence, and what is asked about it; the first kinds before the last."""


def questions(abstract: str) -> list[Question]:
    """Up to three questions, each about another sentence and of another kind; none where nothing gives rise to one."""
    left, found = sentences(abstract), list[Question]()
    for marks, asks in _ASKED:
        quote = next((sentence for sentence in left if marks.search(sentence)), "")
        if quote and len(found) < MOST:
            left.remove(quote)
            found.append(Question(asks, shorten(quote, _QUOTE)))
    return found
