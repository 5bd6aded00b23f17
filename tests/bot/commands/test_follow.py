"""Following: what is told, who may, and that it can be undone."""

from dataclasses import replace

import pytest

from bot.chat.dispatch import Dispatcher, Request
from bot.commands import registry
from bot.config import Settings
from bot.domain.messages import Message, plain_text
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.domain.people import Account, Place, private_talk
from bot.library.app import App
from bot.library.following import Following
from bot.library.ingest import update_index
from bot.ports import Batch
from tests.support.commands import ANA, ask
from tests.support.lookup.services import FakeService, fetched_paper, with_services

ADA = Paper(id=PaperId("2601.90001"), title="An engine that weaves", authors=("Ada Lovelace", "Charles Babbage"))
OTHER = Paper(id=PaperId("2601.90002"), title="A botany of small islands", authors=("Ada Lovelace", "Jane Doe"))


async def said(dispatcher: Dispatcher, line: str, *, admin: bool = False) -> str:
    return plain_text(await ask(dispatcher, line, admin=admin))


async def read(app: App, *papers: Paper) -> None:
    await app.store.save_batch("test", Batch(papers=papers), now=app.clock.now())
    await update_index(app.store, app.index)


async def test_following_says_what_comes_and_can_be_undone(dispatcher: Dispatcher) -> None:
    answer = await ask(dispatcher, 'follow author:"Nobody Atall"')
    assert 'Following author:"Nobody Atall"' in plain_text(answer)
    assert "There is no daily post yet, so each new paper comes at once, as a private message." in plain_text(answer)
    assert "No paper by Nobody Atall is here yet" in plain_text(answer)
    undo = answer.buttons[0]
    assert (undo.label, undo.command) == ("Undo", 'unfollow author:"Nobody Atall"')
    assert len(answer.buttons) == 1, "without a daily post there is nothing to choose between"
    listed = await said(dispatcher, "follow")
    assert 'author:"Nobody Atall": at once, as long as there is no daily post' in listed
    assert "No longer followed" in await said(dispatcher, undo.command)
    assert "Nothing yet" in await said(dispatcher, "follow")


async def test_with_a_daily_post_papers_come_with_it_unless_they_are_to_come_at_once(dispatcher: Dispatcher) -> None:
    await ask(dispatcher, "digest me on 9:00")
    assert "come with the next daily post" in await said(dispatcher, "follow lab:deepmind")
    assert "comes at once, as a private message" in await said(dispatcher, "follow now lab:deepmind")
    listed = await said(dispatcher, "follow")
    assert listed.count("lab:deepmind") == 1
    assert "at once" in listed


async def test_now_is_understood_after_what_is_followed_too(dispatcher: Dispatcher) -> None:
    await ask(dispatcher, "digest me on 9:00")
    answer = await said(dispatcher, 'follow "state space models" now')
    assert 'Following "state space models". Each new paper comes at once' in answer
    assert 'Following "right now". New papers come with the next daily post' in await said(
        dispatcher, 'follow "right now"'
    )


@pytest.mark.parametrize("first", ["cited-by:2601.90001", "2601.90001"])
async def test_a_paper_alone_ends_its_versions_and_no_other_follow(
    app: App, dispatcher: Dispatcher, first: str
) -> None:
    await read(app, ADA)
    app.following = Following(Settings(_env_file=None))
    for what in (first, "cited-by:2601.90001", "2601.90001"):
        await ask(dispatcher, f"follow {what}")
    assert "No longer followed: version:2601.90001" in await said(dispatcher, "unfollow 2601.90001")
    assert "No longer followed: cited-by:2601.90001" in await said(dispatcher, "unfollow 2601.90001")


async def test_a_query_that_is_named_as_a_lab_is_ended_by_its_own_name(dispatcher: Dispatcher) -> None:
    for what in ("lab:deepmind", "deepmind"):
        await ask(dispatcher, f"follow {what}")
    assert "No longer followed: deepmind." in await said(dispatcher, "unfollow deepmind")


async def test_a_channel_follows_what_its_admins_say(dispatcher: Dispatcher) -> None:
    assert "Only admins" in await said(dispatcher, "follow channel lab:deepmind")
    assert "comes at once, here" in await said(dispatcher, "follow channel lab:deepmind", admin=True)
    assert "Only admins" in await said(dispatcher, "unfollow channel lab:deepmind")
    assert "This channel follows: lab:deepmind" in await said(dispatcher, "topics")
    assert "This channel follows: lab:deepmind" in await said(dispatcher, "status")
    assert "No longer followed" in await said(dispatcher, "unfollow channel LAB:DeepMind", admin=True)


async def test_a_query_says_how_many_papers_it_would_have_brought(dispatcher: Dispatcher) -> None:
    assert "papers match." in await said(dispatcher, "follow robot manipulation")


async def test_a_paper_is_followed_for_its_new_versions(app: App, dispatcher: Dispatcher) -> None:
    await read(app, ADA)
    assert "Following version:2601.90001" in await said(dispatcher, "follow 2601.90001")
    assert "No longer followed" in await said(dispatcher, "unfollow https://arxiv.org/abs/2601.90001")


async def test_it_is_followed_who_cites_a_paper_however_that_is_named(app: App) -> None:
    await read(app, ADA)
    app.following = Following(Settings(_env_file=None))
    dispatcher = Dispatcher(registry, app)
    for named in ("cited-by:2601.90001", "cites:https://arxiv.org/abs/2601.90001v2", f'cited-by:"{ADA.title}"'):
        answer = await said(dispatcher, f"follow {named}")
        assert "ollowing cited-by:2601.90001" in answer or "ollowed: cited-by:2601.90001" in answer
        assert f"It is “{ADA.title}”." in answer
        assert "Semantic Scholar is asked twice a day" in answer
    assert (await said(dispatcher, "follow")).count(f"cited-by:2601.90001 (“{ADA.title}”): ") == 1
    assert "No longer followed: cited-by:2601.90001" in await said(dispatcher, "unfollow cited-by:arXiv:2601.90001")


async def test_a_paper_that_is_not_here_is_looked_up_to_follow_who_cites_it(app: App) -> None:
    paper = fetched_paper("2601.90005")
    asking = with_services(app, FakeService({paper.id: paper}))
    asking.following = Following(Settings(_env_file=None))
    assert paper.title in await said(Dispatcher(registry, asking), f"follow cited-by:{paper.id}")


@pytest.mark.parametrize("following", [None, Following(Settings(_env_file=None, lookup=("arxiv",)))])
async def test_where_nobody_is_asked_who_cites_a_paper_that_is_said(app: App, following: Following | None) -> None:
    await read(app, ADA)
    app.following = following
    assert "is not asked here" in await said(Dispatcher(registry, app), "follow cited-by:2601.90001")


async def test_two_people_of_one_name_are_told_apart_and_one_is_left_out(app: App, dispatcher: Dispatcher) -> None:
    await read(app, ADA, OTHER)
    answer = await ask(dispatcher, 'follow author:"Ada Lovelace"')
    assert "with Charles Babbage" in plain_text(answer)
    assert "with Jane Doe" in plain_text(answer)
    [people] = answer.selects
    choice = next(each for each in people.choices if "Jane Doe" in each.label)
    left_out = await ask(dispatcher, people.command.replace("{value}", choice.value))
    assert "but not who writes with Jane Doe" in plain_text(left_out)
    [follow] = await app.store.follows("", private_talk(ANA).key)
    assert follow.others == ("Jane Doe",)
    await ask(dispatcher, left_out.buttons[0].command)
    [follow] = await app.store.follows("", private_talk(ANA).key)
    assert follow.others == ()


async def test_who_wrote_alone_is_left_out_with_that_paper_only(app: App, dispatcher: Dispatcher) -> None:
    await read(app, replace(ADA, authors=("Ada Lovelace",)))
    await ask(dispatcher, 'follow author:"Ada Lovelace"')
    assert "other papers that match author:" in await said(dispatcher, 'unfollow author:"Ada Lovelace" 2601.90001')


async def test_what_is_not_followed_is_said_with_where_to_look(dispatcher: Dispatcher) -> None:
    assert "“lab:openai” is not followed. /papers follow lists" in await said(dispatcher, "unfollow lab:openai")


async def test_a_role_is_mentioned_for_what_a_channel_follows_if_an_admin_says_so(app: App) -> None:
    here = Place("discord", "1", "2", "#papers")
    dispatcher = Dispatcher(registry, app)

    async def answer(line: str, *, admin: bool = True, place: Place = here) -> Message:
        return await dispatcher.answer(Request(Account("discord", "7", "ana"), place, line, admin=admin))

    await answer("follow channel lab:deepmind")
    assert "is for" in plain_text(await answer("notify <@&77> lab:deepmind", admin=False))
    for wrong in ("@everyone", "<@&1>", "<@77>", "<!subteam^S1>"):
        assert "is no role or user group" in plain_text(await answer(f"notify {wrong} lab:deepmind"))
    assert "is mentioned with every paper" in plain_text(await answer("notify <@&77> lab:deepmind"))
    assert [each.mention for each in await app.store.follows(here.key, here.key)] == ["77"]
    await answer("notify off lab:deepmind")
    assert [each.mention for each in await app.store.follows(here.key, here.key)] == [""]


@pytest.mark.parametrize("line", ["follow", "follow channel", "unfollow"])
async def test_without_anything_named_what_is_followed_is_listed(dispatcher: Dispatcher, line: str) -> None:
    assert "Nothing yet." in await said(dispatcher, line, admin=True)


async def test_a_category_there_is_not_and_a_field_there_is_not_are_told(dispatcher: Dispatcher) -> None:
    assert "There is no category cs.XX." in await said(dispatcher, "follow cat:cs.XX")
    assert "There is no category" not in await said(dispatcher, "follow cat:cs.CV robots")
