"""Somebody who types at a shell."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.cli import main
from storage.sql.store import SqlStore


def in_store(folder: Path, action: Callable[[SqlStore], Awaitable[object]]) -> None:
    """Do something with the store of a data folder."""

    async def act() -> None:
        async with await SqlStore.open(f"sqlite:///{folder / 'paperboy.db'}") as store:
            await action(store)

    asyncio.run(act())


def failure(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a command that must fail tells."""
    assert main([*arguments]) == 1
    told = capsys.readouterr().err
    assert "Traceback" not in told
    return told


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    """The titles that a search finds."""
    assert main(["search", *arguments]) == 0
    return [each["title"] for each in json.loads(capsys.readouterr().out)["results"]]
