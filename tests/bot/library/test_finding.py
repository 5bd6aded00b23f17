"""The paper that somebody names."""

import pytest

from bot.domain.paper_ids import PaperId
from bot.errors import BeingFetchedError, LookupFailedError, PaperNotFoundError
from bot.library.app import App
from bot.library.finding import being_fetched
from tests.support.lookup.services import FakeService, fetched_paper, with_services

ID, KNOWN = PaperId("2601.90001"), PaperId("2601.03236")


@pytest.mark.parametrize(
    "typed", ["2601.90001", "https://arxiv.org/abs/2601.90001v3?context=cs", "arXiv:2601.90001v2 [cs.CL]"]
)
async def test_a_paper_that_is_not_here_is_fetched_however_it_is_named(app: App, typed: str) -> None:
    found = await with_services(app, FakeService({ID: fetched_paper(ID)})).library.find(typed)
    assert found.paper.id == ID
    assert await app.library.find(typed) == found


@pytest.mark.parametrize(
    "typed", ["Mistral 7B\nhttps://arxiv.org/abs/2601.90001v1", "[x](<https://hf.co/papers/2601.90001>)"]
)
async def test_a_paper_is_fetched_that_is_named_among_words(app: App, typed: str) -> None:
    service = FakeService({ID: fetched_paper(ID)})
    library = with_services(app, service).library
    assert (await library.find(typed)).paper.id == ID
    [found] = await library.search(typed, fetch=True)
    assert found.stored.paper.id == ID
    assert service.asked == [ID]


async def test_a_search_fetches_what_it_names_among_words_or_says_why_not(app: App) -> None:
    service = FakeService({ID: fetched_paper(ID)})
    library = with_services(app, service).library
    [found] = await library.search(f"agents, as in https://arxiv.org/abs/{ID}", fetch=True)
    assert found.stored.paper.id == ID
    with pytest.raises(PaperNotFoundError, match=r"^arXiv has no paper 2601\.90009\."):
        await library.search("agents, as in https://arxiv.org/abs/2601.90009", fetch=True)
    assert await library.search("agents, as in https://arxiv.org/abs/2601.90009")


async def test_a_paper_that_is_here_is_not_asked_for(app: App) -> None:
    service = FakeService()
    assert (await with_services(app, service).library.find(f"https://arxiv.org/abs/{KNOWN}")).paper.id == KNOWN
    assert service.asked == []


async def test_that_there_is_none_is_told_with_what_was_perhaps_meant(app: App) -> None:
    with pytest.raises(PaperNotFoundError, match=r"^arXiv has no paper 2601\.03237\. Did you mean .*2601\.03236 \("):
        await with_services(app, FakeService()).library.find("2601.03237")


async def test_where_nobody_can_be_asked_it_is_said_that_nobody_was(app: App) -> None:
    told = r"^No paper pmid:1 here\. Looking such papers up is switched off; search for its title\.$"
    with pytest.raises(PaperNotFoundError, match=told):
        await with_services(app, FakeService()).library.find("PMID: 1")


async def test_what_names_no_paper_is_answered_with_what_to_do(app: App) -> None:
    with pytest.raises(
        PaperNotFoundError, match=r"^No paper is called “zzzqqq”\. Check its spelling, or name it by its"
    ):
        await app.library.find("zzzqqq")
    with pytest.raises(PaperNotFoundError, match=r"^That names 2 papers; name one at a time\.$"):
        await app.library.find(f"{KNOWN} {ID}")


@pytest.mark.parametrize("typed", ["LoRA:lowrank", "Attention is all you need, again and again"])
async def test_words_are_not_asked_for(app: App, typed: str) -> None:
    service = FakeService()
    with pytest.raises(PaperNotFoundError):
        await with_services(app, service).library.find(typed)
    assert service.asked == []


async def test_an_address_that_holds_a_title_names_the_paper_of_that_title(app: App) -> None:
    title = (await app.library.find(KNOWN)).paper.title
    slug = "-".join("".join(char if char.isalnum() else " " for char in title.lower()).split())
    assert (await app.library.find(f"https://paperswithcode.com/paper/{slug}")).paper.id == KNOWN


async def test_several_papers_are_found_at_once_and_what_is_missing_is_said(app: App) -> None:
    service = FakeService({ID: fetched_paper(ID)})
    wanted = [KNOWN, ID, PaperId("2601.90002"), PaperId("doi:10.5555/1")]
    found, problems = await with_services(app, service).library.find_all(wanted)
    assert [stored.paper.id for stored in found] == [KNOWN, ID]
    assert [str(problem).split(".")[0] for problem in problems] == ["arXiv has no paper 2601", "No paper doi:10"]
    assert sorted(service.asked) == [ID, "2601.90002"]


async def test_of_very_many_papers_only_the_first_are_looked_up(app: App) -> None:
    service = FakeService()
    _, problems = await with_services(app, service).library.find_all([PaperId(f"2601.9{n:04}") for n in range(25)])
    assert len(service.asked) == 20
    assert str(problems[-1]).startswith("Too many papers for one message; not looked up: 2601.90020, 2601.90021")
    assert len(problems) == 21


async def test_papers_that_are_being_fetched_are_waited_for_together(app: App) -> None:
    service = FakeService({ID: fetched_paper(ID)}, trouble=["503", "503"])
    service.open.clear()
    library = with_services(app, service, patience=0.01).library
    _, problems = await library.find_all([ID, PaperId("2601.90002")])
    waiting = being_fetched([*problems, PaperNotFoundError("x")])
    assert isinstance(waiting, BeingFetchedError)
    assert "2601.90001" in str(waiting)
    service.open.set()
    await waiting.done
    with pytest.raises(LookupFailedError):
        await library.find(ID)
    assert being_fetched([PaperNotFoundError("x")]) is None


async def test_a_search_asks_for_the_paper_it_names_only_where_it_may(app: App) -> None:
    service = FakeService({ID: fetched_paper(ID)})
    library = with_services(app, service).library
    with pytest.raises(PaperNotFoundError, match=r"^No paper 2601\.90001 here"):
        await library.search("2601.90001")
    assert service.asked == []
    [result] = await library.search("2601.90001", fetch=True)
    assert result.stored.paper.id == ID
