"""The ACL Anthology and DBLP, by the entries of BibTeX they give."""

import pytest

from bot.errors import SourceError
from tests.adapters.lookup.conftest import LookUp
from tests.support.lookup.bodies import ABSTRACT, TITLE, bibtex
from tests.support.sources.world import ReplayServer, Reply

ACL = "/acl/2026.acl-long.1.bib"


async def test_a_paper_of_the_anthology_is_found(server: ReplayServer, look_up: LookUp) -> None:
    server.script(ACL, Reply(bibtex("https://aclanthology.org/2026.acl-long.1/")))
    [paper] = (await look_up("acl", "acl:2026.acl-long.1")).papers
    assert (paper.id, paper.title, paper.abstract) == ("acl:2026.acl-long.1", TITLE, ABSTRACT)
    assert paper.authors == ("Ada Example", "Ben Sample")


async def test_a_paper_of_dblp_has_the_doi_it_is_told_with(server: ReplayServer, look_up: LookUp) -> None:
    server.script("/dblp/rec/conf/inv/Example26.bib", Reply(bibtex("https://doi.org/10.5555/inv.1")))
    batch = await look_up("dblp", "dblp:conf/inv/Example26")
    assert batch.papers[0].id == "doi:10.5555/inv.1"
    assert ("doi:10.5555/inv.1", "dblp:conf/inv/Example26") in batch.aliases


async def test_there_is_none_where_the_site_has_no_such_page(server: ReplayServer, look_up: LookUp) -> None:
    server.script(ACL, Reply("<html>Not found</html>", status=404))
    assert (await look_up("acl", "acl:2026.acl-long.1")).papers == ()


@pytest.mark.parametrize("body", ["<html>hello</html>", "", bibtex("https://x.org") * 2, "@inproceedings{a, title = "])
async def test_what_is_not_one_entry_is_no_answer(server: ReplayServer, look_up: LookUp, body: str) -> None:
    server.script(ACL, Reply(body))
    with pytest.raises(SourceError, match="not one entry of BibTeX"):
        await look_up("acl", "acl:2026.acl-long.1")


@pytest.mark.parametrize(
    ("service", "asked", "path", "body"),
    [
        ("acl", "acl:2026.acl-long.1", ACL, bibtex("https://aclanthology.org/2026.acl-long.2/")),
        ("acl", "acl:2026.acl-long.1", ACL, bibtex("https://aclanthology.org/P19-1001.pdf")),
        (
            "dblp",
            "dblp:conf/inv/Example26",
            "/dblp/rec/conf/inv/Example26.bib",
            bibtex("https://doi.org/10.5555/inv.1").replace("example-2026-invented", "DBLP:conf/inv/Other26"),
        ),
    ],
)
async def test_another_paper_than_the_one_asked_for_is_no_answer(
    server: ReplayServer, look_up: LookUp, service: str, asked: str, path: str, body: str
) -> None:
    server.script(path, Reply(body))
    with pytest.raises(SourceError, match="not about"):
        await look_up(service, asked)


async def test_an_entry_of_dblp_has_the_key_that_was_asked_for(server: ReplayServer, look_up: LookUp) -> None:
    body = bibtex("https://doi.org/10.5555/inv.1").replace("example-2026-invented", "DBLP:conf/inv/Example26")
    server.script("/dblp/rec/conf/inv/Example26.bib", Reply(body))
    [paper] = (await look_up("dblp", "dblp:conf/inv/Example26")).papers
    assert paper.title == TITLE
