"""What is kept of places."""

from pathlib import Path

import pytest

from bot.domain.destinations import Destination
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper, title_id
from bot.domain.people import Account, Place, Topic, private_talk
from bot.ports import Batch
from storage.sql.store import SqlStore
from tests.support.everything import OF_WORKSPACE, give_everything, tables_with
from tests.support.stored_people import ANA, BEN, NOW, ONE, PAPERS, TWO, act, saves, tell


@pytest.mark.usefixtures("two_papers")
async def test_a_workspace_that_leaves_takes_what_was_said_there_and_nothing_else(store: SqlStore) -> None:
    other = Place("slack", "T10", "C1")
    ana, ben = await store.person(ANA), await store.person(BEN)
    await store.give_feedback(act(ana))
    await store.give_feedback(act(ben, place=other.key, origin="there"))
    for place in (PAPERS, other):
        await store.record_post(place.key, "m1", [ONE])
        await store.follow(place.key, Topic("GANs"))
        await store.save_destination(Destination(place=place), now=NOW)
    await store.forget_workspace("slack", "T1")
    assert await store.destination(PAPERS.key) is None
    assert await store.posted(PAPERS.key, "m1") == []
    assert await store.topics(PAPERS.key) == []
    assert await store.person(ANA) != ana
    assert await store.destination(other.key) is not None
    assert await store.posted(other.key, "m1") == [ONE]
    assert await saves(store, ben) == [ONE]


@pytest.mark.usefixtures("two_papers")
async def test_topics_are_kept_in_order_whatever_their_case(store: SqlStore) -> None:
    assert await store.follow("person:1", Topic("Diffusion"))
    assert await store.follow("person:1", Topic("crypto", wanted=False))
    assert not await store.follow("person:1", Topic("DIFFUSION"))
    assert await store.follow("person:1", Topic("diffusion", wanted=False))
    assert await store.topics("person:1") == [Topic("crypto", wanted=False), Topic("diffusion", wanted=False)]
    assert await store.unfollow("person:1", "CRYPTO")
    assert not await store.unfollow("person:1", "crypto")


@pytest.mark.usefixtures("two_papers")
async def test_what_anybody_follows_by_a_field_is_listed_once_the_first_followed_first(store: SqlStore) -> None:
    for owner, text, wanted in (
        ("person:1", "cat:cs.LG", True),
        ("discord:1:2", "source:biorxiv", True),
        ("discord:1:2", "protein folding", True),
        ("discord:1:2", "cat:cs.CR", False),
        ("discord:1:2", "cat:cs.LG", True),
    ):
        await store.follow(owner, Topic(text, wanted=wanted))
    assert await store.followed() == ["cat:cs.LG", "source:biorxiv"]


async def test_a_message_knows_its_papers_in_order(store: SqlStore) -> None:
    await store.record_post(PAPERS.key, "m1", [TWO, ONE])
    assert await store.posted(PAPERS.key, "m1") == [TWO, ONE]
    assert await store.posted("slack:T1:other", "m1") == []


HERE, THERE = Place("slack", "T1", "C1"), Place("slack", "T10", "C1")


async def test_a_paper_shown_before_it_was_known_is_shown_once_it_is(store: SqlStore) -> None:
    await tell(store, ONE)
    for _ in range(2):
        await store.mark_shown(HERE.key, [ONE, TWO], at=NOW)
    assert await store.shown(HERE.key) == {1}
    await tell(store, TWO)
    assert await store.shown(HERE.key) == {1, 2}
    [here, there] = await store.audiences([Destination(place=HERE), Destination(place=THERE)])
    assert (here.shown, there.shown) == (frozenset({1, 2}), frozenset())


async def test_a_paper_shown_by_an_id_it_gave_up_is_shown(store: SqlStore) -> None:
    title = "One title that two ids turn out to have in common"
    by_title, by_arxiv = title_id(title), PaperId("2601.00003")
    await store.mark_shown(HERE.key, [by_title], at=NOW)
    for paper_id in (by_title, by_arxiv):
        await store.save_batch("test", Batch(papers=[Paper(id=paper_id, title=title)]), now=NOW)
    assert await store.count_papers() == 1
    assert await store.shown(HERE.key) == {1}


@pytest.mark.parametrize("odd", ["2601.0\0", "\ud800"])
async def test_an_id_that_no_database_holds_is_left_out(store: SqlStore, odd: str) -> None:
    await store.mark_shown(HERE.key, [PaperId(odd), TWO], at=NOW)
    await tell(store, TWO)
    assert await store.shown(HERE.key) == {1}


async def test_the_workspaces_of_a_platform_are_those_of_the_bot_that_came_first(store: SqlStore) -> None:
    assert [await store.is_kept_for("discord", bot) for bot in ("100", "200", "100")] == [True, False, True]
    assert await store.is_kept_for("elsewhere", "200")


async def test_the_workspaces_that_anything_is_kept_of_are_told(store: SqlStore) -> None:
    assert await store.workspaces("slack") == frozenset()
    await store.watch(HERE.key, on=True)
    await store.add_delegate(THERE.workspace_key, ANA)
    await store.save_destination(Destination(place=Place("discord", "7", "8")), now=NOW)
    await store.save_destination(Destination(place=private_talk(Account("discord", "9"))), now=NOW)
    assert await store.workspaces("slack") == {"T1", "T10"}
    assert await store.workspaces("discord") == {"7"}
    await store.forget_workspace("slack", "T1")
    assert await store.workspaces("slack") == {"T10"}


async def test_nothing_names_a_workspace_or_who_was_there_once_it_is_uninstalled(store: SqlStore, url: str) -> None:
    await give_everything(store)
    ben = Account("slack", "TWORK1/UPERSON2", "word of una")
    await store.person(ben)
    assert len(await tables_with(store, OF_WORKSPACE)) > 8
    await store.forget_workspace("slack", "TWORK1")
    left = await tables_with(store, OF_WORKSPACE)
    # Una is still there by mail and on Discord, and follows the same elsewhere.
    assert left == {"topics", "kept_lines", "notes", "tags", "feeds"}
    assert await tables_with(store, OF_WORKSPACE[:-1]) == set()
    if url.startswith("sqlite"):
        file = Path(url.removeprefix("sqlite:///"))
        content = b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))
        assert [needle for needle in OF_WORKSPACE[:-1] if needle.encode() in content] == []


async def test_a_topic_has_a_name_and_is_found_by_it(store: SqlStore) -> None:
    graphs = Topic('"graph neural" -survey', name="Graphs")
    assert await store.follow("here", graphs)
    assert not await store.follow("here", graphs)
    assert not await store.follow("here", Topic('"GRAPH neural" -survey')), "it keeps the name it had"
    assert await store.topics("here") == [graphs]
    assert await store.follow("here", Topic("graph transformers", name="graphs"))
    assert await store.topics("here") == [Topic("graph transformers", name="graphs")], "of a name there is one"
    assert await store.follow("here", Topic("graph transformers", wanted=False))
    assert await store.unfollow("here", "GRAPHS")
    assert await store.topics("here") == []
