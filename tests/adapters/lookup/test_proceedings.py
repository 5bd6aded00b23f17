"""PMLR and NeurIPS, by what their pages tell search engines."""

from datetime import date

import pytest

from bot.errors import SourceError
from tests.adapters.lookup.conftest import LookUp
from tests.support.lookup.bodies import ABSTRACT, HASH, TITLE, neurips_page, page
from tests.support.sources.world import ReplayServer, Reply


async def test_a_page_of_pmlr_tells_its_paper(server: ReplayServer, look_up: LookUp) -> None:
    server.script("/pmlr/v97/tan19a.html", Reply(page()))
    [paper] = (await look_up("pmlr", "pmlr:v97/tan19a")).papers
    assert (paper.id, paper.title, paper.abstract) == ("pmlr:v97/tan19a", TITLE, ABSTRACT)
    assert (paper.authors, paper.published) == (("Ada Example",), date(2026, 1, 2))


@pytest.mark.parametrize(
    ("paper_id", "path"),
    [
        (f"neurips:2017/{HASH}", f"/paper_files/paper/2017/hash/{HASH}-Abstract.html"),
        (f"neurips:2022/{HASH}-Conference", f"/paper_files/paper/2022/hash/{HASH}-Abstract-Conference.html"),
        ("neurips:7181-invented-cells", "/paper/7181-invented-cells"),
    ],
)
async def test_a_page_of_neurips_tells_its_paper(
    server: ReplayServer, look_up: LookUp, paper_id: str, path: str
) -> None:
    server.script(f"/neurips{path}", Reply(neurips_page()))
    [paper] = (await look_up("neurips", paper_id)).papers
    assert (paper.id, paper.title, paper.abstract) == (paper_id, TITLE, ABSTRACT)
    assert paper.authors == ("Ada Example",)


async def test_the_first_year_of_data_sets_and_benchmarks_has_a_site_of_its_own(
    server: ReplayServer, look_up: LookUp
) -> None:
    path = f"/neurips_datasets/paper_files/paper/2021/hash/{HASH}-Abstract-round1.html"
    server.script(path, Reply(neurips_page()))
    [paper] = (await look_up("neurips", f"neurips:2021/{HASH}-round1")).papers
    assert (paper.id, paper.title) == (f"neurips:2021/{HASH}-round1", TITLE)
    assert server.paths() == [path]


async def test_there_is_none_where_the_site_has_no_such_page(server: ReplayServer, look_up: LookUp) -> None:
    server.script("/pmlr/v97/tan19a.html", Reply("<html>Not found</html>", status=404))
    assert (await look_up("pmlr", "pmlr:v97/tan19a")).papers == ()


async def test_half_a_page_is_no_answer(server: ReplayServer, look_up: LookUp) -> None:
    server.script("/pmlr/v97/tan19a.html", Reply(page()[:-20]))
    with pytest.raises(SourceError, match="half a page"):
        await look_up("pmlr", "pmlr:v97/tan19a")


async def test_a_page_that_names_no_paper_is_no_answer(server: ReplayServer, look_up: LookUp) -> None:
    server.script("/pmlr/v97/tan19a.html", Reply("<html><body>Log in first</body></html>"))
    with pytest.raises(SourceError, match="does not say which paper"):
        await look_up("pmlr", "pmlr:v97/tan19a")


@pytest.mark.parametrize(
    ("service", "paper_id", "path", "link"),
    [
        ("pmlr", "pmlr:v97/tan19a", "/v97/tan19a.html", "http://proceedings.mlr.press/v97/tan19b/tan19b.pdf"),
        (
            "neurips",
            f"neurips:2017/{HASH}",
            f"/paper_files/paper/2017/hash/{HASH}-Abstract.html",
            f"https://proceedings.neurips.cc/paper_files/paper/2017/file/{'1' * 32}-Paper.pdf",
        ),
    ],
)
async def test_another_paper_than_the_one_asked_for_is_no_answer(
    server: ReplayServer, look_up: LookUp, service: str, paper_id: str, path: str, link: str
) -> None:
    server.script(f"/{service}{path}", Reply(page(citation_pdf_url=link)))
    with pytest.raises(SourceError, match="not about"):
        await look_up(service, paper_id)


@pytest.mark.parametrize(
    ("service", "paper_id", "path", "link"),
    [
        ("pmlr", "pmlr:v97/tan19a", "/v97/tan19a.html", "http://proceedings.mlr.press/v97/tan19a/tan19a.pdf"),
        (
            "neurips",
            f"neurips:2022/{HASH}-Conference",
            f"/paper_files/paper/2022/hash/{HASH}-Abstract-Conference.html",
            f"https://papers.nips.cc/paper_files/paper/2022/file/{HASH}-Paper-Conference.pdf",
        ),
        (
            "neurips",
            "neurips:7181-invented-cells",
            "/paper/7181-invented-cells",
            f"https://papers.nips.cc/paper_files/paper/2017/file/{HASH}-Paper.pdf",
        ),
    ],
)
async def test_a_page_leads_to_the_pdf_of_its_paper(
    server: ReplayServer, look_up: LookUp, service: str, paper_id: str, path: str, link: str
) -> None:
    server.script(f"/{service}{path}", Reply(page(citation_pdf_url=link)))
    [paper] = (await look_up(service, paper_id)).papers
    assert paper.id == paper_id
