"""arXiv's API by id."""

import pytest

from bot.errors import SourceError
from tests.adapters.lookup.conftest import LookUp
from tests.support.lookup.bodies import BAD_ATOM, NO_ATOM, TITLE, atom
from tests.support.sources.world import ReplayServer, Reply


@pytest.mark.parametrize("number", ["2601.90001", "hep-th/9901001"])
async def test_a_paper_is_found_by_its_id_whatever_its_version(
    server: ReplayServer, look_up: LookUp, number: str
) -> None:
    server.script("/arxiv_api", Reply(atom(number)))
    [paper] = (await look_up("arxiv", number)).papers
    assert (paper.id, paper.title, paper.authors, paper.source) == (number, TITLE, ("Ada Example",), "arxiv")
    assert server.asked[0].query == {"id_list": number, "max_results": "1"}


async def test_there_is_none_where_arxiv_says_so(server: ReplayServer, look_up: LookUp) -> None:
    server.script("/arxiv_api", Reply(NO_ATOM), Reply(BAD_ATOM, status=400))
    assert (await look_up("arxiv", "2601.99999")).papers == ()
    assert (await look_up("arxiv", "2601.99998")).papers == ()


async def test_another_paper_is_no_answer(server: ReplayServer, look_up: LookUp) -> None:
    server.script("/arxiv_api", Reply(atom("2601.90002")))
    with pytest.raises(SourceError, match=r"about another paper than 2601\.90001"):
        await look_up("arxiv", "2601.90001")


async def test_a_web_page_in_place_of_atom_is_asked_again_and_then_no_answer(
    server: ReplayServer, look_up: LookUp
) -> None:
    server.script("/arxiv_api", Reply("<html><body>busy</body></html>"))
    with pytest.raises(SourceError, match=r"<html> instead of <feed> \(4 attempts\)"):
        await look_up("arxiv", "2601.90001")
    assert len(server.asked) == 4


async def test_an_error_of_arxiv_is_no_sign_that_there_is_no_such_paper(server: ReplayServer, look_up: LookUp) -> None:
    server.script("/arxiv_api", Reply(BAD_ATOM.replace("incorrect id format for {}", "internal error")))
    with pytest.raises(SourceError, match="arXiv says: internal error"):
        await look_up("arxiv", "2601.90001")
