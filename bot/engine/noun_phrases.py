"""Which words may stand where in a noun phrase, read without a grammar of the language.

A phrase stands whole between words that may come before one (`of`, `the`) and after one (`for`, `is`), or at the end of
a clause. What follows `to` or `we`, or comes before `the`, may be a verb, and is left out.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_TOKEN = re.compile(r"[^\W_]+(?:[-'’+.][^\W_]+|\+)*|[^\w\s]")
_NAME = re.compile(r"(?:.*-)?(?:[A-Z][^-]*[A-Z0-9]|[a-z]+[A-Z]|[^-]*\d[^-]*[A-Z])|[A-Z].*\d")


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_LINKS = _words(
    "of in at for with on via by from between across into through over under within without toward towards using as"
    " and or than versus vs plus against among beyond about like including during before after since until upon despite"
)
"""Words that stand before a noun phrase as well as after it."""

_BEFORE = _LINKS | _words(
    "a an the its their our his her this these those any each every all some no both such whose another other"
)
_AFTER = _LINKS | _words(
    "is are was were be been can could may might will would should must has have had do does that which who where"
    " when while if to because but however"
)
_OTHER = _words(
    "we i it they you he she them us not also very too only more most less least how what why then thus here there"
    " so just even still yet well often never always rather quite almost already again further furthermore moreover"
    " hence therefore namely e.g i.e etc either neither nor up down out off now me my your"
)
_GENERAL = _words(
    "new novel same own one two three four five six first second third next last several various different many"
    " much few existing recent previous prior proposed following given certain good better best bad high higher low"
    " lower large larger small smaller long short easy hard fast slow strong weak main key major minor general"
    " simple complex effective efficient important significant single multiple entire whole full real true common"
    " popular current modern fewer wider above below latter former aforementioned corresponding resulting known"
    " particular specific additional state-of-the-art"
)
"""Adjectives and numbers that a phrase may begin with, and that say nothing of it."""

_VERBS = _words(
    "achieve address aim allow analyze apply argue assume base become begin belong bring build call capture carry"
    " combine involve teach"
    " compare compute conduct consider consist construct contain contribute create decide deliver demonstrate depend"
    " derive describe determine develop draw discover discuss employ enable encounter encourage enhance ensure"
    " establish estimate evaluate examine exhibit exist expand explain explore express extend extract fail find"
    " focus follow formulate generate give go guarantee handle happen hear help hold identify implement improve"
    " include incorporate increase indicate infer integrate introduce investigate keep know lack lead learn leave"
    " let leverage lie limit make maintain match mean meet mitigate move need observe obtain occur offer outperform"
    " overcome perform play possess predict present preserve prevent produce propose prove provide range reach"
    " reduce refer regard rely remain remove report represent require resolve reveal satisfy say see seek select"
    " serve show solve specify start state study suffer suggest support tackle take tell tend test try turn underlie"
    " understand use utilize vary verify want win work yield"
)
_VAGUE = _words(
    "problem method approach framework paper work setting case result performance experiment study example way type"
    " progress direction paradigm"
    " kind number set technique strategy trade-off simulation issue challenge task analysis scheme term role impact"
    " effect ability capability condition property solution information process procedure application context scenario"
    " aspect level section article author fact rate surge speedup score behavior object mechanism"
)
"""What ends a phrase without saying more."""

_COMMON = _words(
    "user person people human model data system agent image text language feature network dataset benchmark sample"
    " domain question answer tool step research world scale input output space point group time"
)
"""Nouns that say little alone, however rare they are in a small collection."""

_NO_NOUN = re.compile(
    r".*(?:ive|ous|ful|less|able|ible|ed|ly|ic|(?<!iev)(?<!ov)al|ary|ant|(?<!m)(?<!sc)(?<!di)(?<!ag)ent|est|ish|like|type|wise|based|aware"
    r"|driven|given|known|shown|drawn|taken|written|proven|hidden)"
    r"|(?:few|zero|one|two|multi|large|small|low|high|real|open|long|short|single|end|state|full)-.*(?<!ing|ion|ess)"
)
"""How words end or begin that say which thing is meant, and are none: `spatial`, `low-rank`."""

_TAKES_OBJECT = _words("by for without when while after before in from via through")
"""After these, a word in -ing is what is done to the rest: `without compromising quality`. So it is at the beginning of
a text: `Advancing LLM reasoning`."""


class Chunk(NamedTuple):
    """Words that stand together, whether a noun phrase may begin and end so, and how many words come before them."""

    words: tuple[str, ...]
    begins: bool
    ends: bool
    start: int

    @property
    def is_whole(self) -> bool:
        """Whether they are a whole noun phrase."""
        return self.begins and self.ends


def chunks(text: str) -> Iterator[Chunk]:
    """The runs of words between function words and marks, in order."""
    run: list[str] = []
    before = ""
    place = 0
    for token in [*_TOKEN.findall(text), "."]:
        after = token.casefold()
        place += token[0].isalnum()
        if _is_content(token):
            run.append(token)
            continue
        if after in _GENERAL and not run:
            continue
        if run and run[0].endswith("ing") and (before in _TAKES_OBJECT or (not before and len(run) > 1)):
            run = run[1:]
        if run:
            start = place - len(run) - token[0].isalnum()
            yield Chunk(tuple(run), _may_begin(before), _may_end(run, after), start)
        run, before = [], after


def _may_begin(before: str) -> bool:
    """Whether a noun phrase may begin after a token; a lone hyphen is what is left of a word or of two."""
    return not before or before in _BEFORE or not (before[0].isalnum() or before == "-")


def _may_end(run: Sequence[str], after: str) -> bool:
    """Whether a noun phrase may end with some words before a token.

    Before `to`, a word in -s may be a verb. What looks like a verb may be a noun that belongs to the words before it:
    `Strichartz estimates`, `two-sample test`, `reinforcement learning`.
    """
    last = run[-1]
    if after == "-" or (after == "to" and last.endswith("s")):
        return False
    if not after[0].isalnum() or after in _AFTER:
        return True
    if not is_verb(after) or is_name(last):
        return is_verb(after)
    if after.endswith("ing") and not last.endswith("s"):
        return False
    if after in _VERBS and not last.endswith("s"):
        return len(run) > 1 and may_name(last)
    return len(run) > 1 or not after.endswith("s")


def _is_content(token: str) -> bool:
    low = token.casefold()
    if not token[0].isalnum() or low in _BEFORE or low in _AFTER or low in _OTHER or low in _GENERAL:
        return False
    return is_name(token) or not is_verb(low)


def is_verb(word: str) -> bool:
    """Whether a word in lower case is a form of a common verb, or an adverb."""
    if word.endswith("ly"):
        return True
    stems = (word, word[:-1], word[:-2], f"{word[:-3]}y", f"{word[:-3]}e", word[:-3], word[:-4])
    return any(stem in _VERBS for stem in (stems if word.endswith(("s", "ed", "ing")) else stems[:1]))


def is_link(word: str) -> bool:
    """Whether a word in lower case only links others or says which: `from`, `could`, `existing`."""
    return word in _BEFORE or word in _AFTER or word in _OTHER or word in _GENERAL


def is_function_word(word: str) -> bool:
    """Whether a word in lower case names nothing by itself: a function word, a verb or an adverb."""
    return is_link(word) or is_verb(word)


def is_vague(word: str) -> bool:
    """Whether a noun, as it is written, says nothing of its own: `methods`, `studies`."""
    low = word.casefold()
    return low in _VAGUE or low.removesuffix("s") in _VAGUE or f"{low.removesuffix('ies')}y" in _VAGUE


def is_common(word: str) -> bool:
    """Whether a noun, as it is written, says little alone: `person`, `models`."""
    return word.casefold().removesuffix("s") in _COMMON


def is_name(word: str) -> bool:
    """Whether a word is an acronym or an invented name: `NER`, `ResNet`, `GPT-4`, and not `Few-Shot` in a title."""
    return bool(_NAME.match(word))


def may_name(word: str) -> bool:
    """Whether a word may be a noun or a name, by its form."""
    if is_name(word):
        return True
    low = word.casefold()
    return len(low) > 3 and word.isascii() and not low.endswith(("'s", "’s")) and not _NO_NOUN.fullmatch(low)
