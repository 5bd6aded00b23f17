"""What channels get of the sample's papers."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from bot.delivery.composer import PostComposer
from bot.delivery.post import Post
from bot.domain.deliveries import Delivery, Status
from bot.domain.destinations import Destination, Kind, Layout, Quiet, Scope
from bot.domain.messages import Card, plain_text
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.domain.people import Account, FeedbackAct, FeedbackKind, Place, Topic
from bot.library.app import App
from bot.ports import Batch

HERE = Place("slack", "T", "C1", "#papers")
POST = Destination(place=HERE, chosen_layout=Layout.COMPACT)


@pytest.fixture
def now(app: App) -> datetime:
    return app.clock.now()


async def write(
    app: App,
    destination: Destination,
    at: datetime,
    kind: Kind = Kind.DAILY,
    daily_messages: Mapping[str, int | None] = {},
) -> Post:
    """The post of a destination at a moment."""
    day = destination.local_day(at)
    claim = Delivery(number=1, destination=destination, kind=kind, day=day, status=Status.CLAIMED, claimed_at=at)
    return (await PostComposer(app, daily_messages=daily_messages).compose([claim], at))[1]


def cards(post: Post) -> list[Card]:
    return [card for message in post for card in message.cards]


async def goes_out(app: App, destination: Destination, post: Post, at: datetime) -> None:
    """Let the post be sent, as the deliverer does."""
    store = app.store
    await store.save_destination(destination, now=at - timedelta(days=1))
    await store.claim_due(now=at, limit=10)
    [delivery] = await store.lease("w", now=at, until=at, limit=10, reaches=lambda place: True)
    await store.freeze("w", {delivery.number: "post"}, as_of=at)
    [delivery] = await store.lease("w", now=at, until=at, limit=10, reaches=lambda place: True)
    await store.message_sent(delivery, "w", "m1", [card.paper_id for card in cards(post)], now=at)
    await store.end(delivery, "w", Status.SENT, now=at)


async def test_a_channel_without_topics_gets_what_is_trending(app: App, now: datetime) -> None:
    post = await write(app, POST, now)
    assert len(cards(post)) == 5
    assert [card.rank for card in cards(post)] == [1, 2, 3, 4, 5]
    assert "upvotes" in cards(post)[0].signals


async def test_papers_go_under_the_header_only_where_a_platform_takes_no_more_messages(app: App, now: datetime) -> None:
    each = Destination(place=HERE, count=10, chosen_layout=Layout.CARDS)
    claim = Delivery(
        number=1, destination=each, kind=Kind.DAILY, day=each.local_day(now), status=Status.CLAIMED, claimed_at=now
    )
    assert [len(message.cards) for message in await write(app, each, now)] == [0, *[1] * 10]
    narrow = await PostComposer(app, daily_messages={"slack": 3, "discord": 2}).compose([claim], now)
    assert [len(message.cards) for message in narrow[1]] == [8, 1, 1]


async def test_posts_follow_the_topics_of_their_channel_and_say_why(app: App, now: datetime) -> None:
    await app.store.follow(HERE.key, Topic("robot manipulation"))
    assert any("“robot manipulation”" in card.why for card in cards(await write(app, POST, now)))


async def test_a_channel_that_follows_a_topic_gets_papers_about_it_and_no_others(app: App, now: datetime) -> None:
    await app.store.follow(HERE.key, Topic("robot manipulation"))
    post = await write(app, POST, now)
    assert cards(post)
    assert all(card.why.startswith("about “robot manipulation”") for card in cards(post))
    assert post[0].title.startswith("New papers")
    assert re.search(r"On robot manipulation: \d+ match, \d+ new did not\.", plain_text(post[0]))


async def test_a_topic_without_papers_brings_no_filler_but_one_line(app: App, now: datetime) -> None:
    await app.store.follow(HERE.key, Topic("protein folding of kumquats"))
    post = await write(app, POST, now)
    assert not cards(post)
    assert re.search(r"None of \d+ new papers is about protein folding of kumquats\.", plain_text(post[0]))


async def test_where_all_papers_are_about_the_topics_nothing_is_said_of_others(app: App, now: datetime) -> None:
    await app.store.follow(HERE.key, Topic("robot manipulation"))
    for scope in (Scope.TOPICS_FIRST, Scope.EVERYTHING):
        post = await write(app, replace(POST, scope=scope, count=1), now)
        assert cards(post)[0].why.startswith("about “robot manipulation”")
        assert plain_text(post[0]).split("\n\n")[1].endswith("new did not.")


async def test_topics_first_says_where_the_topics_end(app: App, now: datetime) -> None:
    await app.store.follow(HERE.key, Topic("protein folding of kumquats"))
    post = await write(app, replace(POST, scope=Scope.TOPICS_FIRST), now)
    assert len(cards(post)) == 5
    assert not any("about “" in card.why for card in cards(post))
    assert "0 match" in plain_text(post[0])
    assert "What else is trending follows." in plain_text(post[0])


async def test_everything_is_what_is_trending_with_the_topics_in_front(app: App, now: datetime) -> None:
    await app.store.follow(HERE.key, Topic("protein folding of kumquats"))
    everything = await write(app, replace(POST, scope=Scope.EVERYTHING), now)
    header = plain_text(everything[0])
    assert re.search(
        r"On protein folding of kumquats: 0 match, \d+ new did not\. What else is trending is here, too\.", header
    )
    await app.store.unfollow(HERE.key, "protein folding of kumquats")
    assert [card.paper_id for card in cards(everything)] == [
        card.paper_id for card in cards(await write(app, POST, now))
    ]


async def test_posts_learn_from_what_a_channel_saved(app: App, now: datetime) -> None:
    store = app.store
    person = await store.person(Account("slack", "T/U"))
    unheeded = (await app.library.pool(timedelta(days=3))).papers[-1]
    for result in await app.library.similar([unheeded.id], 6):
        saved = FeedbackAct(person, result.stored.paper.id, FeedbackKind.SAVE, present=True, at=now, place=HERE.key)
        await store.give_feedback(saved)
    before = cards(await write(app, replace(POST, place=Place("slack", "T", "C2")), now))
    learned = {card.paper_id: card.why for card in cards(await write(app, POST, now))}
    assert unheeded.id not in {card.paper_id for card in before}
    assert "people here liked" in learned[unheeded.id]


async def test_no_paper_comes_twice_and_a_day_without_new_ones_says_why(app: App, now: datetime) -> None:
    first = await write(app, POST, now)
    await goes_out(app, POST, first, now)
    again = await write(app, POST, now + timedelta(hours=1))
    assert cards(again) == []
    assert "No new papers" in plain_text(again[0])
    quiet = Destination(place=HERE, quiet=Quiet.SKIP)
    assert await write(app, quiet, now + timedelta(hours=1)) == ()


async def test_papers_that_a_source_told_of_late_come_with_the_next_post(app: App, now: datetime) -> None:
    first = await write(app, POST, now)
    await goes_out(app, POST, first, now)
    told = Paper(id=PaperId("2601.99999"), title="Announced on a Friday, told of on a Monday", abstract="It was late.")
    told = replace(told, first_seen=now - timedelta(days=1))
    await app.store.save_batch("huggingface", Batch(papers=[told], cursor="1"), now=now + timedelta(minutes=30))
    following = await write(app, POST, now + timedelta(hours=1))
    assert cards(following)
    assert not {card.paper_id for card in cards(first)} & {card.paper_id for card in cards(following)}


async def test_a_late_source_is_told_in_the_post(app: App, now: datetime) -> None:
    await app.store.record_attempt("huggingface", now=now - timedelta(hours=5))
    assert await PostComposer(app).awaits_papers(now)
    assert "Hugging Face was last read" in plain_text((await write(app, POST, now))[0])


async def test_a_persons_own_post_goes_by_what_they_follow(app: App, now: datetime) -> None:
    person = await app.store.person(Account("slack", "T/ana"))
    mine = Destination(place=Place("slack", "T", "@ana", private=True), person=person, chosen_layout=Layout.COMPACT)
    await app.store.follow(mine.owner, Topic("robot manipulation"))
    post = await write(app, mine, now)
    assert post[0].title.startswith("Your papers")
    assert any("“robot manipulation”" in card.why for card in cards(post))


async def test_a_post_without_papers_names_what_is_set_here_and_nothing_else(app: App, now: datetime) -> None:
    strict = replace(POST, minimum=10_000)
    assert "followed" not in plain_text((await write(app, strict, now))[0])
    assert "reach 10,000 upvotes" in plain_text((await write(app, strict, now))[0])
    pool = await app.library.pool(timedelta(days=3))
    await app.store.mark_shown(HERE.key, [paper.id for paper in pool.papers], at=now)
    assert "followed" not in plain_text((await write(app, POST, now))[0])
    await app.store.follow(HERE.key, Topic("robot manipulation"))
    assert "No new paper is about robot manipulation." in plain_text((await write(app, POST, now))[0])


async def test_a_post_on_topics_does_not_deny_the_papers_that_are_expected_to_reach_too_little(
    app: App, now: datetime
) -> None:
    await app.store.follow(HERE.key, Topic("robot manipulation"))
    assert cards(await write(app, POST, now))
    said = plain_text((await write(app, replace(POST, minimum=10_000), now))[0])
    assert "No new paper expected to reach 10,000 upvotes is about robot manipulation." in said


async def test_two_posts_of_a_channel_never_show_the_same_paper(app: App, now: datetime) -> None:
    agents = replace(POST, post="agents", count=2)
    post = await write(app, agents, now)
    await goes_out(app, agents, post, now)
    assert len(cards(post)) == 2
    others = await write(app, replace(POST, post="more agents", count=10), now)
    first = await write(app, replace(POST, count=10), now)
    shown = {card.paper_id for card in cards(post)}
    assert not shown & {card.paper_id for card in (*cards(first), *cards(others))}


async def test_a_post_with_a_name_says_it_and_goes_by_the_topic_of_that_name(app: App, now: datetime) -> None:
    await app.store.follow(HERE.key, Topic("agents -memory", name="acting"))
    await app.store.follow(HERE.key, Topic("benchmark", wanted=False))
    post = await write(app, replace(POST, post="Acting"), now)
    told = plain_text(post[0])
    assert told.startswith("Acting · ")
    assert re.search(r"On acting: \d+ match, \d+ new did not\.", told)
    assert {"about “acting”" in card.why for card in cards(post)} == {True}
    stored = await app.store.papers([card.paper_id for card in cards(post)])
    assert not any("memory" in each.paper.text.lower() for each in stored)
    assert not any("benchmark" in each.paper.title.lower() for each in stored)
    own = await write(app, replace(POST, post="agents", person=7), now)
    assert own[0].title.startswith("Your papers: agents · ")


async def test_posts_of_the_same_hour_share_the_messages_that_a_platform_takes(app: App, now: datetime) -> None:
    each = replace(POST, count=5, chosen_layout=Layout.CARDS)
    for post in ("", "agents"):
        await app.store.save_destination(replace(each, post=post), now=now)
    assert len(await write(app, each, now, daily_messages={"slack": 6})) == 3
    later = replace(each, post="agents", at=time(15))
    await app.store.save_destination(later, now=now)
    assert len(await write(app, each, now, daily_messages={"slack": 6})) == 6
