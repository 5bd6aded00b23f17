"""Which papers the messages of a channel show or link to."""

from dataclasses import replace

import pytest

from adapters.slack.posts import Posts
from bot.domain.paper_ids import PaperId
from bot.domain.people import Account, Place, private_talk
from bot.library.app import App

HERE = Place("slack", "T1", "C1", "#papers")
SEEN_FROM_ELSEWHERE = replace(HERE, workspace="T2")
MAGMA, OTHER = PaperId("2601.03236"), PaperId("2601.11087")


@pytest.fixture
def posts(app: App) -> Posts:
    return Posts(app.store)


async def test_a_message_is_found_from_every_workspace_that_shares_its_channel(posts: Posts, app: App) -> None:
    await app.store.record_post(HERE.key, "1.1", [MAGMA, OTHER])
    for seen in (HERE, SEEN_FROM_ELSEWHERE):
        found = await posts.place(seen, "1.1")
        assert found
        assert found.key == HERE.key
        assert await posts.shown(seen, "1.1") == [MAGMA, OTHER]


async def test_a_message_belongs_to_the_workspace_it_was_posted_for_else_to_one_of_its_channel(
    posts: Posts, app: App
) -> None:
    await app.store.record_post("slack:T3:C1", "1.1", [MAGMA])
    await app.store.record_post("slack:T1:C1", "2.2", [MAGMA])
    await app.store.record_post("discord:T4:C5", "5.5", [MAGMA])
    assert (await posts.workspace("C1", "1.1"), await posts.workspace("C1", "2.2")) == ("T3", "T1")
    assert await posts.workspace("C1", "") in {"T1", "T3"}
    assert (await posts.workspace("C5", "5.5"), await posts.workspace("1", "")) == ("", "")


async def test_a_message_that_shows_no_papers_is_nowhere(posts: Posts) -> None:
    assert await posts.place(HERE, "9.9") is None
    assert await posts.shown(HERE, "9.9") == []


async def test_what_a_person_links_to_is_kept_apart_from_what_is_posted(posts: Posts) -> None:
    await posts.record_links(HERE, "2.2", [MAGMA])
    assert await posts.linked(HERE, "2.2") == [MAGMA]
    assert await posts.shown(HERE, "2.2") == []
    found = await posts.place(SEEN_FROM_ELSEWHERE, "2.2")
    assert found
    assert found.workspace == "T1"


async def test_a_private_talk_is_where_it_is(posts: Posts) -> None:
    talk = private_talk(Account("slack", "T1/U1"))
    assert await posts.place(talk, "1.1") == talk
