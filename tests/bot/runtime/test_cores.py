"""How much can be done at once."""

import os

import pytest

from bot.runtime.cores import cores


def test_there_are_as_many_cores_as_the_process_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {2, 5, 7}, raising=False)
    assert cores() == 3


@pytest.mark.parametrize(("counted", "used"), [(8, 8), (None, 1)])
def test_where_that_is_not_told_all_cores_count(
    counted: int | None, used: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: counted)
    assert cores() == used
