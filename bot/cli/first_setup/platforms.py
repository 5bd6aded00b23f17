"""A platform's part of the first set-up: its questions, each answer checked as it comes, and a test message."""

from collections.abc import Sequence

from pydantic import ValidationError

from bot.chat.platforms import FirstSteps, Question
from bot.cli.first_setup.answers import Answers
from bot.cli.first_setup.terminal import Terminal
from bot.domain.messages import Message, code, text
from bot.domain.people import Place
from bot.errors import UserError

_SHOWN_PLACES = 24
_SKIP = {"skip", "no", "none", "-"}

GREETING = Message(
    title="Paperboy is here",
    body=(
        text(
            "This is a test message, and it arrived. An admin sets up this channel's daily post with ",
            code("/papers digest setup"),
            "; ",
            code("/papers help"),
            " says what else there is.",
        ),
    ),
)


class MissingAnswerError(UserError):
    """An answer that a script has not given; the text says by which option."""


def option_of(setting: str) -> str:
    """The option that answers for a setting: `--discord-token`."""
    return "--" + setting.removeprefix("PAPERBOY_").lower().replace("_", "-")


class PlatformPart:
    """The part of one platform."""

    def __init__(self, terminal: Terminal, answers: Answers, steps: FirstSteps) -> None:
        self._terminal = terminal
        self._answers = answers
        self._steps = steps

    def set_up(self) -> None:
        """Ask, check and make it known to the platform. Raises UserError where nobody can be asked again."""
        terminal, answers, steps = self._terminal, self._answers, self._steps
        questions = steps.questions(answers.settings())
        while True:
            for question in questions:
                self._answer_for(self._as_asked_now(question))
            for setting, value in steps.made(answers.settings()).items():
                answers.answer(setting, value)
            try:
                lines = terminal.wait(f"asking {steps.title} …", steps.arrive(answers.settings()))
            except UserError as error:
                terminal.bad(str(error))
                if not terminal.asks:
                    raise
                if terminal.agrees("Answer these again?", default=True):
                    continue
                lines = []
            break
        for sentence in lines:
            self._tell(sentence)

    def greet(self, channel: str) -> None:
        """Send a test message to a channel, which is asked for where none is given. Raises UserError."""
        while self._steps.greets(self._answers.settings()):
            chosen = channel or self._choose_place()
            if not chosen:
                return
            try:
                work = self._steps.greet(chosen, GREETING, self._answers.settings())
                self._terminal.wait(f"sending a test message by {self._steps.title} …", work)
            except UserError as error:
                if channel or not self._terminal.asks:
                    raise
                self._terminal.bad(str(error))
                continue
            self._terminal.good(f"A test message is on {self._steps.title}: have a look.")
            return

    def _as_asked_now(self, question: Question) -> Question:
        """A question whose default goes by what was answered before, such as the port by the encryption."""
        now = self._steps.questions(self._answers.settings())
        return next((each for each in now if each.setting == question.setting), question)

    def _answer_for(self, question: Question) -> None:
        """Ask until the answer is one."""
        answers, terminal, setting = self._answers, self._terminal, question.setting
        if question.if_set and not answers.value(question.if_set):
            return
        if question.unless_set and answers.value(question.unless_set):
            return
        asked = terminal.asks and not answers.is_given(setting) and not answers.is_fixed(setting)
        if asked and not answers.value(setting):
            if question.paste:
                terminal.verbatim(question.paste)
            terminal.steps(question.how)
        value = "" if asked else answers.value(setting) or question.default
        unchecked = ""
        while True:
            value = self._ask(question, unchecked) if asked else value
            taken = False
            try:
                self._take(question, value)
                taken = True
                told = self._checked(question, value, known_wrong=value == unchecked)
            except UserError as error:
                if not terminal.asks:
                    raise
                terminal.bad(str(error))
                asked, unchecked = True, value if taken else ""
                continue
            if told:
                terminal.good(told)
            return

    def _ask(self, question: Question, unchecked: str) -> str:
        """What is typed. After an answer that did not pass, Enter is that answer once more."""
        standing = unchecked or self._answers.value(question.setting)
        if question.secret:
            keeps = "Enter keeps it, unchecked" if unchecked else "Enter keeps what stands there" if standing else ""
            hint = "; ".join(filter(None, ["hidden", keeps]))
            return self._terminal.ask_secret(question.text, hint) or standing
        return self._terminal.ask(_with_choices(question), standing or question.default)

    def _take(self, question: Question, value: str) -> None:
        """Take an answer that can be one. Raises UserError."""
        setting, before = question.setting, self._answers.value(question.setting)
        if not value and not question.may_be_empty:
            raise MissingAnswerError(
                f"{self._steps.title} needs {setting}; give it with {option_of(setting)} or in .env."
            )
        if question.choices and value not in question.choices:
            raise UserError(f"{setting} is one of {', '.join(question.choices)}.")
        self._answers.answer(setting, value)
        try:
            self._answers.settings()
        except ValidationError as error:
            self._answers.answer(setting, before)
            raise UserError(f"{setting}: {error.errors()[0]['msg']}.") from error

    def _checked(self, question: Question, value: str, *, known_wrong: bool) -> str:
        """What an answer turned out to be. Raises UserError, but for one that somebody insists on."""
        if known_wrong and value:
            self._terminal.mind(f"{question.setting} is kept without being checked.")
            return ""
        title = self._steps.title
        return self._terminal.wait(f"asking {title} …", self._steps.check(question.setting, self._answers.settings()))

    def _tell(self, sentence: str) -> None:
        """What was done is marked; a link stands on a line of its own."""
        words, link, target = sentence.partition(": https://")
        if link:
            self._terminal.copied(f"{words}:", f"https://{target}")
        else:
            self._terminal.good(sentence)

    def _choose_place(self) -> str:
        """The id of a channel, or an address; empty for none."""
        terminal, title = self._terminal, self._steps.title
        while terminal.asks:
            try:
                places = terminal.wait(f"asking {title} …", self._steps.places(self._answers.settings()))
            except UserError as error:
                terminal.bad(str(error))
                places = []
            terminal.listed((place.name, False) for place in places[:_SHOWN_PLACES])
            if not places and self._steps.where == "channel":
                terminal.say(f"{title} tells of no channel yet: add Paperboy there first.")
                typed = terminal.ask("A channel's id, or Enter to look again", hint="skip: no test message")
            else:
                kinds = f"Which {self._steps.where} gets a test message? (a number or an id)"
                plain = f"Which {self._steps.where} gets a test message?"
                typed = terminal.ask(kinds if places else plain, hint="Enter: none") or "skip"
            if typed.lower() in _SKIP:
                return ""
            if typed:
                return _place_of(typed, places)
        return ""


def _with_choices(question: Question) -> str:
    return f"{question.text}: {', '.join(question.choices)}" if question.choices else question.text


def _place_of(typed: str, places: Sequence[Place]) -> str:
    """The channel that a number of the list, a name or an id means."""
    if typed.isdecimal() and 0 < int(typed) <= min(len(places), _SHOWN_PLACES):
        return places[int(typed) - 1].channel
    named = [place.channel for place in places if place.name.partition(" ")[0] == f"#{typed.removeprefix('#')}"]
    return named[0] if len(named) == 1 else typed
