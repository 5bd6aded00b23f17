"""What admins set for a channel or a workspace apart from its post, from the command to what follows from it."""

from dataclasses import replace

import pytest

from bot.chat.dispatch import Dispatcher, Request
from bot.chat.reactions import Reaction, Reactions
from bot.chat.shared_links import LinkWatch, SharedMessage
from bot.delivery.composer import PostComposer
from bot.domain.destinations import Destination
from bot.domain.messages import Message, plain, plain_text
from bot.domain.paper_ids import PaperId
from bot.domain.people import Account, FeedbackKind, Place
from bot.library.app import App

ADMIN, ANA = Account("slack", "T1/U0", "olga"), Account("slack", "T1/U1", "ana")
PAPERS = Place("slack", "T1", "C1", "#papers")
TALK = Place("slack", "T1", "U1", private=True)
MAGMA = PaperId("2601.03236")


async def ask(
    dispatcher: Dispatcher, line: str, account: Account = ADMIN, *, place: Place = PAPERS, admin: bool | None = None
) -> Message:
    is_admin = account == ADMIN if admin is None else admin
    return await dispatcher.answer(Request(account, place, line, admin=is_admin))


async def picked(app: App, place: Place = PAPERS) -> list[str]:
    return [card.paper_id for card in (await PostComposer(app).preview(Destination(place=place))).cards]


async def react(app: App, emoji: str, *linked: PaperId, message: str = "m1") -> Message | None:
    at = app.clock.now()
    return await Reactions(app.store).take(Reaction(ANA, PAPERS, message, emoji, True, at), linked=linked)


async def feedback_kinds(app: App) -> set[FeedbackKind]:
    return {entry.kind for entry in await app.store.feedback_of(await app.store.person(ANA))}


async def test_a_paper_that_somebody_shared_is_not_posted_where_links_are_watched(
    dispatcher: Dispatcher, app: App
) -> None:
    watch, first = LinkWatch(app.store), (await picked(app))[0]
    shared = SharedMessage("m1", ANA, PAPERS, app.clock.now())
    await watch.shared(shared, [PaperId(first)])
    assert first in await picked(app)
    assert "are watched" in plain_text(await ask(dispatcher, "watch on"))
    await watch.shared(shared, [PaperId(first)])
    assert first not in await picked(app)
    assert first in await picked(app, replace(PAPERS, channel="C2"))
    assert "not watched" in plain_text(await ask(dispatcher, "watch off"))
    assert not await watch.watches(PAPERS)


async def test_a_reaction_to_a_link_counts_where_links_are_watched(dispatcher: Dispatcher, app: App) -> None:
    reactions = Reactions(app.store)
    assert not await reactions.wants_links(PAPERS, "🔖")
    assert await react(app, "🔖", MAGMA) is None
    assert await feedback_kinds(app) == set()
    await ask(dispatcher, "watch on")
    assert [await reactions.wants_links(PAPERS, emoji) for emoji in ("🔖", "1️⃣", "🎉")] == [True, True, False]
    assert await react(app, "🔖", MAGMA, MAGMA) is not None
    await react(app, "👍", MAGMA, PaperId("2601.08079"))
    assert await feedback_kinds(app) == {FeedbackKind.SAVE}


async def test_a_workspace_chooses_its_emoji_and_posts_tell_them(dispatcher: Dispatcher, app: App) -> None:
    assert "🔖 saves a paper" in plain_text(await ask(dispatcher, "reactions"))
    assert "🎉 saves a paper" in plain_text(await ask(dispatcher, "reactions save :tada:"))
    assert ":nope: less like it" in plain_text(await ask(dispatcher, "reactions dislike :nope:"))
    await app.store.record_post(PAPERS.key, "m1", [MAGMA])
    await react(app, "🔖")
    assert await feedback_kinds(app) == set()
    await react(app, "🎉")
    assert await feedback_kinds(app) == {FeedbackKind.SAVE}
    await react(app, ":nope:")
    assert await feedback_kinds(app) == {FeedbackKind.DISLIKE}
    footer = plain((await PostComposer(app).preview(Destination(place=PAPERS))).footer)
    assert footer == "🎉 saves a paper, 👍 more like it, :nope: less like it."
    elsewhere = Destination(place=Place("slack", "T2", "C1"))
    assert "🔖" in plain((await PostComposer(app).preview(elsewhere)).footer)
    assert "React with 🎉" in plain_text(await ask(dispatcher, "saved", Account("slack", "T1/U7")))
    assert "🔖 saves a paper" in plain_text(await ask(dispatcher, "reactions reset"))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("reactions save", "Say which emoji"),
        ("reactions save star", "not an emoji"),
        ("reactions save 👎", "already means something else"),
        ("reactions like :thumbsdown:", "already means something else"),
        ("reactions save 2️⃣", "by its number"),
    ],
)
async def test_emoji_that_would_not_work_are_refused(dispatcher: Dispatcher, line: str, reason: str) -> None:
    assert reason in plain_text(await ask(dispatcher, line))
    assert "🔖 saves a paper, 👍 more like it, 👎 less like it." in plain_text(await ask(dispatcher, "reactions"))


@pytest.mark.parametrize("mention", ["<@U1>", "<@U1|ana>", "<@!U1>"])
async def test_whom_an_admin_names_may_change_the_daily_post(dispatcher: Dispatcher, mention: str) -> None:
    assert "admins of this workspace" in plain_text(await ask(dispatcher, "digest on", ANA))
    assert "may change daily posts now" in plain_text(await ask(dispatcher, f"admins add {mention}"))
    assert "nothing to change" in plain_text(await ask(dispatcher, f"admins add {mention}"))
    assert (await ask(dispatcher, "digest on", ANA)).title == "Daily post"
    assert "digest setup" in plain_text(await ask(dispatcher, "help", ANA))
    assert "ana" in plain_text(await ask(dispatcher, "admins"))
    elsewhere = Place("slack", "T2", "C1")
    assert "admins of this workspace" in plain_text(await ask(dispatcher, "digest on", ANA, place=elsewhere))
    assert "may no longer" in plain_text(await ask(dispatcher, f"admins remove {mention}"))
    assert "admins of this workspace" in plain_text(await ask(dispatcher, "digest off", ANA))


async def test_whoever_has_no_name_yet_is_listed_without_the_workspaces_id(dispatcher: Dispatcher) -> None:
    told = plain_text(await ask(dispatcher, "admins add <@U5>"))
    assert "U5 may change daily posts now." in told
    assert "Besides admins: U5" in told


async def test_whom_an_admin_named_can_name_nobody_else(dispatcher: Dispatcher) -> None:
    await ask(dispatcher, "admins add <@U1>")
    for line in ("admins add <@U2>", "admins", "reactions save 🎉", "reactions"):
        assert "admins of this workspace" in plain_text(await ask(dispatcher, line, ANA))
    assert "<@U2>" not in plain_text(await ask(dispatcher, "admins"))


async def test_nobody_becomes_an_admin_of_a_workspace_in_their_own_talk(dispatcher: Dispatcher) -> None:
    for line in ("admins add <@U1>", "reactions save 🎉"):
        assert "all channels of a group" in plain_text(await ask(dispatcher, line, ANA, place=TALK, admin=True))
    assert await dispatcher.app.store.delegates(PAPERS.workspace_key) == []


async def test_somebody_can_be_named_by_an_id_that_is_known_and_taken_off_by_name(dispatcher: Dispatcher) -> None:
    assert "Who is “@U1”?" in plain_text(await ask(dispatcher, "admins add @U1"))
    assert "Say who" in plain_text(await ask(dispatcher, "admins add"))
    await ask(dispatcher, "saved", ANA)
    assert "may change" in plain_text(await ask(dispatcher, "admins add @U1"))
    assert "may no longer" in plain_text(await ask(dispatcher, "admins remove @ana"))
    assert "nobody" in plain_text(await ask(dispatcher, "admins"))


async def test_links_unfurl_in_slack_alone(dispatcher: Dispatcher, app: App) -> None:
    on_discord = Place("discord", "1", "2", "#papers")
    assert "in Slack alone" in plain_text(await ask(dispatcher, "watch cards on", place=on_discord))
    assert plain_text(await ask(dispatcher, "watch cards on")).endswith("Links to papers unfurl as cards.")
    assert await app.store.unfurls(PAPERS.key)
    assert "unfurl as cards" not in plain_text(await ask(dispatcher, "watch cards off"))
    assert not await app.store.unfurls(PAPERS.key)
