"""The questions of a platform, and its test message."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bot.chat.platforms import Question
from bot.cli.first_setup.answers import Answers
from bot.cli.first_setup.platforms import MissingAnswerError, PlatformPart, option_of
from bot.cli.first_setup.terminal import Terminal
from bot.config import Settings
from bot.domain.messages import Message
from bot.domain.people import Place
from bot.errors import UserError

TOKEN = Question(setting="DISCORD_TOKEN", text="Token", how=("Go there.",), paste="{manifest}", secret=True)
KIND = Question(setting="PAPERBOY_SMTP_SECURITY", text="Kind", choices=("tls", "none"))
PORT = Question(setting="PAPERBOY_SMTP_PORT", text="Port", default="25")
USER = Question(setting="PAPERBOY_SMTP_USER", text="User", may_be_empty=True)
PASSWORD = Question(setting="PAPERBOY_SMTP_PASSWORD", text="Password", secret=True, if_set="PAPERBOY_SMTP_USER")


class Steps:
    """A platform that takes the token `right`, and of whose channels there is one."""

    title = "Chat"
    where = "channel"

    def __init__(self, *questions: Question) -> None:
        self._questions = questions
        self.greeted: list[str] = []
        self.rooms = [Place("chat", "1", "77", "#papers in A lab")]
        self.refusals = 0
        self.can_greet = True

    def questions(self, _settings: Settings) -> Sequence[Question]:
        return self._questions

    def made(self, _settings: Settings) -> Mapping[str, str]:
        return {"PAPERBOY_TOKEN_KEYS": "made"}

    async def check(self, setting: str, settings: Settings) -> str:
        if setting == "DISCORD_TOKEN" and settings.discord_token.get_secret_value() != "right":
            raise UserError("DISCORD_TOKEN is wrong; get it there.")
        return f"{setting} is right."

    async def arrive(self, _settings: Settings) -> Sequence[str]:
        if self.refusals:
            self.refusals -= 1
            raise UserError("It does not let us in.")
        return ["Registered.", "Open this: https://chat.example/invite"]

    def greets(self, _settings: Settings) -> bool:
        return self.can_greet

    async def places(self, _settings: Settings) -> Sequence[Place]:
        return self.rooms

    async def greet(self, channel: str, _message: Message, _settings: Settings) -> None:
        if channel != "77":
            raise UserError("There is no such channel.")
        self.greeted.append(channel)


class Session:
    """Somebody at the keyboard, or a script (`answers` is None)."""

    def __init__(self, tmp_path: Path, steps: Steps, answers: Sequence[str] | None, **given: str) -> None:
        self.left, self.screen = list(answers or ()), StringIO()
        self.answers = Answers(tmp_path / ".env", {}, given)
        terminal = Terminal(Console(file=self.screen, width=200), None if answers is None else self._read)
        self.part = PlatformPart(terminal, self.answers, steps)

    def _read(self, hiding: str) -> str:
        self.screen.write(hiding)
        return self.left.pop(0)

    @property
    def said(self) -> str:
        return self.screen.getvalue()


def test_a_wrong_token_is_told_and_asked_for_again(tmp_path: Path) -> None:
    session = Session(tmp_path, Steps(TOKEN), ["", "wrong", "right"])
    session.part.set_up()
    assert session.answers.value("DISCORD_TOKEN") == "right"
    assert session.said.index("{manifest}") < session.said.index("Go there.")
    assert "✗ Chat needs DISCORD_TOKEN" in session.said
    assert "✗ DISCORD_TOKEN is wrong; get it there." in session.said
    assert "✓ DISCORD_TOKEN is right." in session.said
    assert "→ Open this:\nhttps://chat.example/invite\n" in session.said
    assert session.answers.value("PAPERBOY_TOKEN_KEYS") == "made"
    assert "wrong\n" not in session.said.replace("is wrong", "")


def test_an_answer_given_twice_is_kept_unchecked(tmp_path: Path) -> None:
    session = Session(tmp_path, Steps(TOKEN), ["offline", ""])
    session.part.set_up()
    assert session.answers.value("DISCORD_TOKEN") == "offline"
    assert "! DISCORD_TOKEN is kept without being checked." in session.said


def test_what_stands_is_offered(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DISCORD_TOKEN=right\n")
    session = Session(tmp_path, Steps(TOKEN), [""])
    session.part.set_up()
    assert "Enter keeps what stands there" in session.said
    assert "Go there." not in session.said


def test_answers_that_cannot_be_are_asked_for_again(tmp_path: Path) -> None:
    session = Session(tmp_path, Steps(KIND, PORT, USER, PASSWORD), ["ssl", "tls", "many", "", ""])
    session.part.set_up()
    assert "✗ PAPERBOY_SMTP_SECURITY is one of tls, none." in session.said
    assert "✗ PAPERBOY_SMTP_PORT: Input should be a valid integer" in session.said
    assert (session.answers.value("PAPERBOY_SMTP_PORT"), session.left) == ("25", []), "no user, so no password"


def test_a_script_is_told_what_is_missing_and_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(MissingAnswerError, match="--discord-token"):
        Session(tmp_path, Steps(TOKEN), None).part.set_up()
    with pytest.raises(UserError, match="DISCORD_TOKEN is wrong"):
        Session(tmp_path, Steps(TOKEN), None, DISCORD_TOKEN="wrong").part.set_up()
    session = Session(tmp_path, Steps(TOKEN), None, DISCORD_TOKEN="right")
    session.part.set_up()
    assert "{manifest}" not in session.said
    assert option_of("PAPERBOY_SMTP_HOST") == "--smtp-host"


def test_where_the_platform_refuses_all_is_asked_again(tmp_path: Path) -> None:
    steps = Steps(TOKEN)
    steps.refusals = 1
    session = Session(tmp_path, steps, ["right", "y", ""])
    session.part.set_up()
    assert "✗ It does not let us in." in session.said
    steps.refusals = 1
    with pytest.raises(UserError, match="let us in"):
        Session(tmp_path, steps, None, DISCORD_TOKEN="right").part.set_up()


@pytest.mark.parametrize("typed", ["1", "papers", "#papers", "77"])
def test_a_test_message_goes_to_a_channel_of_the_list(tmp_path: Path, typed: str) -> None:
    steps = Steps()
    session = Session(tmp_path, steps, ["99", typed])
    session.part.greet("")
    assert "✗ There is no such channel." in session.said
    assert steps.greeted == ["77"]


def test_a_test_message_can_be_left_out_or_wait_for_the_invitation(tmp_path: Path) -> None:
    steps = Steps()
    Session(tmp_path, steps, [""]).part.greet("")
    steps.rooms = []
    session = Session(tmp_path, steps, ["", "skip"])
    session.part.greet("")
    assert session.said.count("add Paperboy there first") == 2
    Session(tmp_path, steps, None).part.greet("")
    assert steps.greeted == []
    with pytest.raises(UserError, match="no such channel"):
        Session(tmp_path, steps, ["77"]).part.greet("99")


def test_what_another_answer_makes_needless_is_not_asked(tmp_path: Path) -> None:
    token = replace(TOKEN, unless_set="PAPERBOY_SMTP_USER")
    Session(tmp_path, Steps(USER, token), ["ana"]).part.set_up()
    session = Session(tmp_path, Steps(USER, token), ["", "right"])
    session.part.set_up()
    assert session.left == []


def test_where_no_test_message_can_be_sent_yet_none_is_asked_for(tmp_path: Path) -> None:
    steps = Steps()
    steps.can_greet = False
    Session(tmp_path, steps, []).part.greet("")
    assert steps.greeted == []
