"""Settings are documented once, and the documentation is true."""

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from bot.config import Settings, variable_of

EXAMPLE = Path(__file__).parents[2] / ".env.example"


def variables() -> set[str]:
    """The environment variables of all settings."""
    return set(map(variable_of, Settings.model_fields))


def test_every_setting_is_in_the_example_and_nothing_else() -> None:
    assert set(re.findall(r"^([A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE)) == variables()


def test_the_example_shows_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in variables():
        monkeypatch.delenv(variable, raising=False)
    assert Settings(_env_file=EXAMPLE) == Settings(_env_file=None)
    assert Settings(_env_file=EXAMPLE).model_fields_set


def test_what_is_given_counts_before_the_environment_and_that_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(
        "PAPERBOY_SMTP_HOST=file\nPAPERBOY_SMTP_USER=file\npaperboy_mail_from=file\nHF_TOKEN=file"
    )
    monkeypatch.setenv("paperboy_smtp_host", "environment")
    monkeypatch.setenv("PAPERBOY_SMTP_USER", "")
    monkeypatch.setenv("HF_TOKEN", "environment")
    read = Settings()
    assert (read.smtp_host, read.smtp_user, read.mail_from) == ("environment", "file", "file")
    assert read.hf_token.get_secret_value() == "environment"
    assert Settings(smtp_host="given", HF_TOKEN="given").smtp_host == "given"
    assert read.model_fields_set == {"smtp_host", "smtp_user", "mail_from", "hf_token"}


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERBOY_ARXIV_CATEGORIES", "q-bio.NC, cs.NE,")
    assert Settings(_env_file=None).arxiv_categories == ("q-bio.NC", "cs.NE")


@pytest.mark.parametrize("value", ["export.arxiv.org", "ftp://arxiv.org", "https://"])
def test_an_address_of_a_service_must_be_one(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PAPERBOY_ARXIV_API_URL", value)
    with pytest.raises(ValidationError, match="arxiv_api_url"):
        Settings()


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_hidden")
    monkeypatch.setenv("PAPERBOY_DATABASE_URL", "postgresql://me:hidden@host/db")
    assert "hidden" not in repr(Settings(_env_file=None))


def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERBOY_LOG_LEVEL", "loud")
    with pytest.raises(ValidationError, match="log_level"):
        Settings(_env_file=None)


@pytest.mark.parametrize(
    "written",
    ["'pa${HOME}ss'", '"pa${HOME}ss"', "pa${HOME}ss", "'pa ss # word'", "pa#ss", "pa$$ss"],
)
def test_a_secret_comes_out_of_the_env_file_as_it_stands_there(tmp_path: Path, written: str) -> None:
    (tmp_path / ".env").write_text(f"PAPERBOY_SMTP_PASSWORD={written}\n")
    read = Settings(_env_file=tmp_path / ".env").smtp_password.get_secret_value()
    assert read == written.strip("'\"")


@pytest.mark.parametrize(("name", "value"), [("http_port", -1), ("http_port", 65_536), ("lookup_seconds", "inf")])
def test_a_number_that_cannot_be_is_refused(name: str, value: Any) -> None:
    with pytest.raises(ValidationError, match=name):
        Settings(_env_file=None, **{name: value})
