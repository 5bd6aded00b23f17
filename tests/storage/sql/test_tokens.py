"""What is kept of workspaces the bot was installed in, on every database."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from bot.errors import StoreError
from bot.ports import Installation
from storage.sql.tokens import EVENTS_KEPT, Tokens

NOW = datetime(2026, 1, 19, 9, tzinfo=UTC)
OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()
LAB = Installation("slack", "T1", '{"bot_token": "a secret"}')


@pytest.fixture
async def tokens(url: str) -> AsyncIterator[Tokens]:
    async with Tokens(url, [OLD]) as opened:
        yield opened


async def test_an_installation_is_found_again_and_replaced_by_a_newer_one(tokens: Tokens) -> None:
    assert await tokens.installation("slack", "T1") is None
    await tokens.save_installation(LAB)
    assert await tokens.installation("slack", "T1") == LAB
    newer = Installation("slack", "T1", "{}")
    await tokens.save_installation(newer)
    assert await tokens.installation("slack", "T1") == newer
    assert await tokens.installation("other", "T1") is None


async def test_nothing_of_a_token_can_be_read_in_the_database_or_a_log(tokens: Tokens) -> None:
    await tokens.save_installation(LAB)
    async with tokens.reading() as connection:
        kept = (await connection.execute(text("SELECT * FROM installations"))).one()
    assert "secret" not in str(kept)
    assert "secret" not in repr(LAB)


async def test_a_new_key_reads_what_the_old_one_wrote_and_replaces_it(tokens: Tokens, url: str) -> None:
    await tokens.save_installation(LAB)
    async with Tokens(url, [NEW, OLD]) as both:
        assert await both.installation("slack", "T1") == LAB
        await both.encrypt_anew()
    async with Tokens(url, [NEW]) as new:
        assert await new.installation("slack", "T1") == LAB
    with pytest.raises(StoreError, match="T1 cannot be read with the keys"):
        await tokens.installation("slack", "T1")


async def test_without_a_key_nothing_is_kept_and_the_error_names_the_setting(url: str) -> None:
    async with Tokens(url, []) as without:
        with pytest.raises(StoreError, match="PAPERBOY_TOKEN_KEYS"):
            await without.save_installation(LAB)
        assert await without.installation("slack", "T1") is None
    with pytest.raises(StoreError, match="is invalid"):
        Tokens(url, ["short"])


async def test_without_a_key_what_was_kept_is_unreadable_and_said_so(tokens: Tokens, url: str) -> None:
    await tokens.save_installation(LAB)
    async with Tokens(url, []) as without:
        with pytest.raises(StoreError, match="cannot be read"):
            await without.installation("slack", "T1")


async def test_a_workspace_of_an_organisation_acts_with_the_organisations_leave(tokens: Tokens) -> None:
    organisation = Installation("slack", "E1", "{}")
    await tokens.save_installation(organisation)
    await tokens.save_installation(Installation("slack", "T1", parent="E1"))
    assert await tokens.installation("slack", "T1") == organisation
    assert await tokens.remove_installation("slack", "E1") == ["E1", "T1"]
    assert await tokens.installation("slack", "T1") is None


async def test_removing_one_workspace_leaves_the_others(tokens: Tokens) -> None:
    for workspace in ("T1", "T2"):
        await tokens.save_installation(Installation("slack", workspace, "{}"))
    assert await tokens.remove_installation("slack", "T1") == ["T1"]
    assert await tokens.remove_installation("slack", "T1") == []
    assert await tokens.installation("slack", "T2")


async def test_a_state_is_taken_once_and_before_it_expires(tokens: Tokens) -> None:
    await tokens.issue_state("one", now=NOW, expires=NOW + timedelta(minutes=10))
    await tokens.issue_state("two", now=NOW, expires=NOW + timedelta(minutes=10))
    assert not await tokens.consume_state("three", now=NOW)
    assert await tokens.consume_state("one", now=NOW)
    assert not await tokens.consume_state("one", now=NOW)
    assert not await tokens.consume_state("two", now=NOW + timedelta(minutes=10))


async def test_an_event_is_seen_once_by_however_many_processes(tokens: Tokens, url: str) -> None:
    async with Tokens(url, []) as other:
        taken = [each.first_sight("slack", "Ev1", now=NOW) for each in (tokens, other, tokens, other)]
        assert sorted(await asyncio.gather(*taken)) == [False, False, False, True]
        assert await other.first_sight("slack", "Ev2", now=NOW)


async def test_events_are_forgotten_after_days(tokens: Tokens) -> None:
    await tokens.first_sight("slack", "Ev1", now=NOW)
    assert not await tokens.first_sight("slack", "Ev1", now=NOW + EVENTS_KEPT)
    assert await tokens.first_sight("slack", "Ev1", now=NOW + EVENTS_KEPT + timedelta(seconds=1))
