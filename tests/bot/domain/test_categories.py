"""The categories of arXiv and their names."""

import pytest

from bot.domain.categories import called, written


@pytest.mark.parametrize(("key", "code", "name"), [("cs.lg", "cs.LG", "Machine Learning"), ("my.own", "my.own", "")])
def test_categories_are_written_as_arxiv_does(key: str, code: str, name: str) -> None:
    assert (written(key), called(key)) == (code, name)
