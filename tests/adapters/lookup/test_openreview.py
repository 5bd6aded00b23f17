"""OpenReview's two APIs by the id of a forum."""

import pytest

from bot.errors import SourceError
from tests.adapters.lookup.conftest import LookUp
from tests.support.lookup.bodies import TITLE, openreview
from tests.support.sources.world import ReplayServer, Reply

SECOND, FIRST = "/openreview_api/notes", "/openreview_old_api/notes"
NONE = '{"notes":[],"count":0}'


@pytest.mark.parametrize("is_first", [False, True])
async def test_a_submission_is_found_in_either_api(server: ReplayServer, look_up: LookUp, is_first: bool) -> None:
    told = Reply(openreview("B11bwYgfM", first=is_first))
    server.script(SECOND, Reply(NONE) if is_first else told)
    server.script(FIRST, told if is_first else Reply(NONE))
    [paper] = (await look_up("openreview", "openreview:B11bwYgfM")).papers
    assert (paper.id, paper.title, paper.authors) == ("openreview:B11bwYgfM", TITLE, ("Ada Example",))


async def test_authors_whom_not_everybody_may_see_are_not_told(server: ReplayServer, look_up: LookUp) -> None:
    content = {"title": {"value": TITLE}, "authors": {"value": ["Ada Example"], "readers": ["V/Authors"]}}
    server.script(SECOND, Reply(openreview("B11bwYgfM", content=content)))
    server.script(FIRST, Reply(NONE))
    [paper] = (await look_up("openreview", "openreview:B11bwYgfM")).papers
    assert paper.authors == ()


async def test_there_is_none_where_both_say_so(server: ReplayServer, look_up: LookUp) -> None:
    server.script(SECOND, Reply('{"name":"NotFoundError"}', status=404))
    server.script(FIRST, Reply(NONE))
    assert (await look_up("openreview", "openreview:B11bwYgfM")).papers == ()


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply('{"name":"ForbiddenError"}', status=403), "is not public"),
        (Reply(openreview("B11bwYgfM", forum="another1")), "is a comment, not a paper"),
        (Reply('{"notes":null}'), "without a list of notes"),
    ],
)
async def test_what_is_no_paper_is_told(server: ReplayServer, look_up: LookUp, reply: Reply, reason: str) -> None:
    server.script(SECOND, reply)
    with pytest.raises(SourceError, match=reason):
        await look_up("openreview", "openreview:B11bwYgfM")
