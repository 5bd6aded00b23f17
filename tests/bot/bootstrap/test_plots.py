"""Pictures, where what draws them is installed."""

import pytest

from adapters.plots import Drawing
from bot.bootstrap.plots import plots


def test_there_are_pictures_where_what_draws_them_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(plots(), Drawing)
    monkeypatch.setattr("adapters.plots.find_spec", lambda name: None)
    assert plots() is None
