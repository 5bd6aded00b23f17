"""The part of the first set-up that asks what is read, and where it comes from."""

from collections.abc import Sequence

from bot.cli.first_setup.answers import Answers
from bot.cli.first_setup.terminal import Terminal
from bot.domain.reading_fields import BY_FIELD, FIELDS, ReadingField, named_fields, read_field, settings_of
from bot.errors import UserError

IN_WORDS = {
    "huggingface": "Hugging Face's daily papers",
    "arxiv": "arXiv",
    "biorxiv": "bioRxiv",
    "medrxiv": "medRxiv",
    "pubmed": "PubMed, by queries",
    "europepmc": "preprints of Europe PMC, by queries",
    "journals": "journals, by ISSN",
    "openreview": "conferences on OpenReview",
    "feeds": "RSS and Atom feeds",
    "citations": "how often papers are cited (OpenAlex)",
}
"""Sources -> what they bring."""

_NEEDS = {
    "pubmed": ("PAPERBOY_PUBMED_QUERIES", "Queries for PubMed, separated by semicolons, e.g. crispr[tiab] AND cancer"),
    "europepmc": ("PAPERBOY_EUROPEPMC_QUERIES", "Queries for Europe PMC, separated by semicolons"),
    "journals": ("PAPERBOY_JOURNALS", "ISSNs, separated by commas, e.g. 0028-0836 for Nature"),
    "openreview": ("PAPERBOY_OPENREVIEW_VENUES", "Venues, separated by commas, e.g. ICLR.cc/2025/Conference"),
    "feeds": ("PAPERBOY_FEEDS", "Addresses of feeds, separated by commas"),
}
"""Sources that read nothing until a setting says what."""

_NONE = {"none", "no", "-"}


class PapersPart:
    """What is read, and from which of `sources`, the sources there are."""

    def __init__(self, terminal: Terminal, answers: Answers, sources: Sequence[str]) -> None:
        self._terminal = terminal
        self._answers = answers
        self._others = [name for name in sources if name not in BY_FIELD]

    def choose(self, fields: Sequence[str], sources: Sequence[str]) -> None:
        """Take the fields and further sources given, else ask for them. Raises UserError."""
        chosen = _fields(fields) if fields else self._ask_for_fields()
        standing = [name for name in self._answers.settings().sources if name not in BY_FIELD]
        others = self._known(sources) if sources else self._ask_for_others(standing)
        if chosen:
            for setting, value in settings_of(chosen, others).items():
                self._answers.answer(setting, value)
        elif others != standing:
            kept = [name for name in self._answers.settings().sources if name in BY_FIELD]
            self._answers.answer("PAPERBOY_SOURCES", ",".join(dict.fromkeys([*kept, *others])))
        for name in others:
            self._ask_for_need(name)
        read = self._answers.settings().sources
        self._terminal.good(f"Papers come from {'; '.join(IN_WORDS.get(name, name) for name in read)}.")

    def _ask_for_fields(self) -> list[ReadingField]:
        """The fields somebody names; none where all stays as it is."""
        loaded = self._answers.settings()
        named = named_fields(loaded.arxiv_categories) if "arxiv" in loaded.sources else []
        while self._terminal.asks:
            self._terminal.say(
                "What do you read? Several are fine; others are found by name, such as genomics or cs.CR."
            )
            self._terminal.listed((field.name, field.name in named) for field in FIELDS)
            typed = self._terminal.ask("Fields", hint=f"Enter keeps {', '.join(named) or 'what is set'}")
            try:
                return _fields(typed.split(","))
            except UserError as error:
                self._terminal.bad(str(error))
        return []

    def _ask_for_others(self, standing: list[str]) -> list[str]:
        while self._terminal.asks:
            self._terminal.say("More can be read beside them:")
            self._terminal.listed((IN_WORDS[name], name in standing) for name in self._others)
            keeps = f"Enter keeps {', '.join(standing)}" if standing else "Enter: none of them"
            typed = self._terminal.ask("More sources", hint=keeps)
            if not typed or typed.lower() in _NONE:
                return [] if typed else standing
            try:
                return self._known(typed.split(","))
            except UserError as error:
                self._terminal.bad(str(error))
        return standing

    def _known(self, typed: Sequence[str]) -> list[str]:
        """Sources by their numbers or names. Raises UserError."""
        numbered = {str(number): name for number, name in enumerate(self._others, start=1)}
        names = [numbered.get(each.strip(), each.strip().lower()) for each in typed if each.strip()]
        if unknown := [name for name in names if name not in {*self._others, *BY_FIELD}]:
            raise UserError(f"There is no source “{unknown[0]}”; there are {', '.join([*BY_FIELD, *self._others])}.")
        return list(dict.fromkeys(names))

    def _ask_for_need(self, source: str) -> None:
        """What a source is to read, where nothing is set."""
        if source not in _NEEDS or self._answers.value(_NEEDS[source][0]):
            return
        setting, question = _NEEDS[source]
        if typed := self._terminal.ask(question, hint="Enter: later, in .env"):
            self._answers.answer(setting, typed)
        else:
            self._terminal.mind(f"{source} reads nothing until {setting} says what.")


def _fields(typed: Sequence[str]) -> list[ReadingField]:
    return [read_field(each) for each in typed if each.strip()]
