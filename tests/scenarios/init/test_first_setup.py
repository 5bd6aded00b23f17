"""From nothing to a message in a channel: `paperboy init` beside a small Discord, a small Slack and Hugging Face."""

import asyncio
import json
from pathlib import Path

import pytest
from discord.http import Route
from rich.console import Console

from bot.cli import main
from bot.cli.first_setup.terminal import Terminal
from bot.cli.init import FirstSetup, Given
from tests.support.discord.fake_discord import FakeDiscord
from tests.support.discord.wire import PAPERS
from tests.support.discord.world import texts_of
from tests.support.email.smtp_server import MailServer
from tests.support.email.world import YOU, body, parse
from tests.support.slack.fake_slack import Channel, FakeSlack
from tests.support.sources.world import Bodies, ReplayServer, Reply

BOT, APP, TOKEN = "xoxb-T1", "xapp-1", "a.token.here"


@pytest.fixture
def addresses(discord_: FakeDiscord, slack_: FakeSlack, server: ReplayServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the services are, by the environment."""
    server.script("/api/daily_papers", Reply(Bodies.daily(Bodies.daily_paper("2601.90001"))), Reply("[]"))
    monkeypatch.setattr(Route, "BASE", discord_.url)
    monkeypatch.setenv("PAPERBOY_DISCORD_API_URL", discord_.url)
    monkeypatch.setenv("PAPERBOY_SLACK_API_URL", slack_.url)
    monkeypatch.setenv("PAPERBOY_HUGGINGFACE_URL", server.url)
    monkeypatch.setenv("PAPERBOY_SOURCES", "huggingface")
    monkeypatch.setenv("COLUMNS", "200")


@pytest.mark.usefixtures("addresses")
async def test_a_script_goes_from_nothing_to_a_message(
    discord_: FakeDiscord, slack_: FakeSlack, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    channel = slack_.add(Channel("C2", is_member=False))
    arguments = ["init", "--yes", "--platform", "discord,slack", "--discord-token", TOKEN, "--slack-bot-token", BOT]
    arguments += ["--slack-app-token", APP, "--discord-channel", PAPERS, "--slack-channel", "C2"]
    assert await asyncio.to_thread(main, arguments) == 0
    told = capsys.readouterr()
    assert "Discord knows the bot as Paperboy." in told.out
    assert "client_id=100" in told.out
    assert "✓ slack: Socket Mode in T1 as paperboy" in told.out
    assert "huggingface: 1 new" in told.out
    assert "Paperboy is here" in texts_of(discord_.messages[PAPERS][-1])
    assert "Paperboy is here" in json.dumps(list(channel.messages.values()))
    assert discord_.commands
    assert not [secret for secret in (TOKEN, BOT, APP) if secret in told.out + told.err]
    assert f"DISCORD_TOKEN={TOKEN}\n" in (tmp_path / ".env").read_text()
    assert (tmp_path / "data" / "index").is_dir()


@pytest.mark.usefixtures("addresses")
async def test_an_app_for_many_workspaces_is_set_up_by_a_script(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["init", "--yes", "--no-sync", "--platform", "slack", "--public-url", "https://papers.example.org"]
    arguments += ["--slack-client-id", "12.34", "--slack-client-secret", "client-hidden"]
    assert await asyncio.to_thread(main, [*arguments, "--slack-signing-secret", "5eed" * 8]) == 0
    told, written = capsys.readouterr().out, (tmp_path / ".env").read_text()
    assert "✓ Slack knows the app." in told
    assert "✓ slack: OAuth; install at https://papers.example.org/slack/install" in told
    assert "SLACK_SIGNING_SECRET=" in written
    assert "PAPERBOY_TOKEN_KEYS=" in written
    assert "SLACK_BOT_TOKEN" not in written
    assert await asyncio.to_thread(main, arguments) == 0
    assert (tmp_path / ".env").read_text() == written


@pytest.mark.usefixtures("addresses")
async def test_a_wrong_token_ends_a_script_with_where_to_get_one(
    discord_: FakeDiscord, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    discord_.fail("GET", "/users/@me", 401)
    arguments = ["init", "--yes", "--platform", "discord", "--discord-token", "wrong"]
    assert await asyncio.to_thread(main, arguments) == 1
    assert "Discord does not accept DISCORD_TOKEN; reset it in" in capsys.readouterr().err
    assert not (tmp_path / ".env").exists()


@pytest.mark.usefixtures("addresses")
async def test_somebody_answers_question_by_question(
    discord_: FakeDiscord, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    discord_.fail("GET", "/users/@me", 401)
    typed = ["discord", "wrong", TOKEN, "", "", "y", "news"]
    terminal = Terminal(Console(width=200), lambda _hidden: typed.pop(0))
    setup = FirstSetup(terminal, tmp_path / ".env", {}, Given())
    assert await asyncio.to_thread(setup.run)
    told = capsys.readouterr().out
    assert "✗ Discord does not accept DISCORD_TOKEN" in told
    assert "✓ A test message is on Discord: have a look." in told
    assert typed == []
    assert (tmp_path / ".env").read_text().endswith(f"DISCORD_TOKEN={TOKEN}\n")


@pytest.mark.usefixtures("addresses")
async def test_a_service_that_gives_nothing_ends_nothing(
    server: ReplayServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server.script("/api/daily_papers", Reply(status=404))
    assert await asyncio.to_thread(main, ["init", "--yes"]) == 0
    told = capsys.readouterr().out
    assert "! Not all of it came; `paperboy run` and `paperboy sync` go on from there." in told
    assert "! sources: huggingface (failed:" in told


@pytest.mark.usefixtures("addresses")
async def test_mail_is_set_up_and_a_test_mail_comes(
    mails: MailServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["init", "--yes", "--no-sync", "--platform", "email", "--mail-from", "Paperboy <papers@example.org>"]
    arguments += ["--public-url", "http://localhost:8080", "--smtp-host", "127.0.0.1", "--smtp-security", "none"]
    arguments += ["--smtp-port", str(mails.port), "--mail-to", YOU]
    assert await asyncio.to_thread(main, arguments) == 0
    assert [body(parse(each.content)).count("This is a test message") for each in mails.to(YOU)] == [1]
    env = (tmp_path / ".env").read_text()
    assert "PAPERBOY_MAIL_FROM='Paperboy <papers@example.org>'\n" in env
    key = env.partition("PAPERBOY_TOKEN_KEYS=")[2].partition("\n")[0]
    assert len(key) == 44
    assert key not in capsys.readouterr().out
    assert await asyncio.to_thread(main, ["init", "--yes", "--no-sync"]) == 0
    assert (tmp_path / ".env").read_text() == env, "another run makes no other key"
