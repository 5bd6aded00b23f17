"""`paperboy mcp`, started by an assistant as its settings say."""

import shutil
import sys
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters

from tests.support.command_line import failure

REPOSITORY = Path(__file__).parents[3]


async def test_an_assistant_that_starts_it_finds_and_saves(sample_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(sample_folder, tmp_path / "data")
    command = ["-m", "bot", "--data-dir", str(folder), "mcp", "--person", "ana"]
    command += ["--channel", "console:terminal:#papers"]
    started = StdioServerParameters(command=sys.executable, args=command, env={"PYTHONPATH": str(REPOSITORY)})
    async with Client(started) as client:
        found = (await client.call_tool("search", {"query": "diffusion"})).structured_content["papers"]
        await client.call_tool("save", {"paper": found[0]["id"]})
        saved = (await client.call_tool("saved")).structured_content["papers"]
        assert [paper["title"] for paper in saved] == [found[0]["title"]]
        assert (await client.call_tool("library")).structured_content["papers"] == []


def test_over_http_a_token_is_needed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PAPERBOY_MCP_TOKEN", raising=False)
    assert "--http needs PAPERBOY_MCP_TOKEN" in failure(capsys, "mcp", "--http")


def test_a_channel_is_named_by_its_key(capsys: pytest.CaptureFixture[str]) -> None:
    for wrong in ("#papers", "slack:T1", "slack::C1"):
        assert "--channel is written like" in failure(capsys, "mcp", "--channel", wrong)
