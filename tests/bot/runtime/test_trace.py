"""One id for one piece of work."""

import asyncio
import contextvars
from collections.abc import Callable
from contextlib import suppress

import pytest
import structlog
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from bot.runtime.trace import begin, current, traced

log = structlog.get_logger()


@pytest.fixture(autouse=True)
def _nothing_has_begun() -> None:
    structlog.contextvars.clear_contextvars()


def apart(act: Callable[[], str]) -> str:
    """What comes of an act in a context of its own, as each task has one."""
    return contextvars.copy_context().run(act)


def test_each_piece_of_work_has_an_id_of_its_own() -> None:
    ids = {apart(lambda: begin("command")) for _ in range(100)}
    assert len(ids) == 100
    assert {len(each) for each in ids} == {8}
    assert not current()


def test_a_post_keeps_its_id_in_whichever_process_it_goes_on() -> None:
    monday, again, tuesday = (apart(lambda day=day: begin("post", day)) for day in ("mon", "mon", "tue"))  # type: ignore[misc]
    assert monday == again != tuesday


async def test_what_a_command_starts_has_the_id_of_the_command() -> None:
    def in_thread() -> None:
        log.info("in a thread")

    async def in_task() -> None:
        await asyncio.to_thread(in_thread)
        log.info("in a task")

    with capture_logs(processors=[merge_contextvars]) as lines, traced("command") as trace:
        log.info("at once")
        await asyncio.create_task(in_task())
    told = {(line["event"], line["trace"], line["work"]) for line in lines}
    assert told == {(event, trace, "command") for event in ("at once", "in a thread", "in a task")}


def test_what_stands_within_other_work_shares_its_id_and_leaves_it() -> None:
    outer = begin("interaction")
    with traced("command") as inner:
        assert inner == outer
    assert current() == outer


def test_work_that_has_ended_leaves_no_id_behind() -> None:
    with suppress(ValueError), traced("command"):
        raise ValueError("no")
    assert not current()
