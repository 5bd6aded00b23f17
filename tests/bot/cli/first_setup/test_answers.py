"""Which answer counts, and what is written."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.cli.first_setup.answers import Answers
from bot.errors import UserError


@pytest.fixture
def env(tmp_path: Path) -> Path:
    path = tmp_path / ".env"
    path.write_text("# mine\nDISCORD_TOKEN=standing\nPAPERBOY_SMTP_PORT=25\n")
    return path


def test_an_answer_counts_before_an_option_the_environment_and_the_file(env: Path) -> None:
    assert Answers(env, {}, {}).value("DISCORD_TOKEN") == "standing"
    assert Answers(env, {"DISCORD_TOKEN": "of the machine"}, {}).value("DISCORD_TOKEN") == "of the machine"
    answers = Answers(env, {"DISCORD_TOKEN": "of the machine"}, {"DISCORD_TOKEN": "given"})
    assert answers.value("DISCORD_TOKEN") == answers.settings().discord_token.get_secret_value() == "given"
    answers.answer("DISCORD_TOKEN", "token-answered")
    assert answers.settings().discord_token.get_secret_value() == "token-answered"
    assert answers.overruled() == ["DISCORD_TOKEN"]


def test_what_only_repeats_the_environment_is_not_written(env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    answers = Answers(env, {"SLACK_BOT_TOKEN": "xoxb-1"}, {})
    answers.answer("SLACK_BOT_TOKEN", "xoxb-1")
    assert not answers.write()
    assert answers.overruled() == []
    answers.answer("PAPERBOY_SMTP_PORT", "465")
    assert answers.write()
    assert env.read_text() == "# mine\nDISCORD_TOKEN=standing\nPAPERBOY_SMTP_PORT=465\n"


def test_an_empty_answer_is_the_default_again(env: Path) -> None:
    answers = Answers(env, {}, {"PAPERBOY_SMTP_PORT": "", "PAPERBOY_JOURNALS": "0028-0836,1476-4687"})
    assert answers.settings().smtp_port == 587
    assert answers.settings().journals == ("0028-0836", "1476-4687")


def test_what_cannot_be_is_refused(env: Path) -> None:
    with pytest.raises(UserError, match="There is no setting PAPERBOY_COLOR"):
        Answers(env, {}, {"PAPERBOY_COLOR": "red"})
    with pytest.raises(ValidationError, match="smtp_port"):
        Answers(env, {}, {"PAPERBOY_SMTP_PORT": "many"}).settings()
