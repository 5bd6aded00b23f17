"""What a post shows of what is followed, and how it becomes part of a daily post."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.delivery.composer import PostComposer
from bot.delivery.followed import MOST
from bot.delivery.post import Post
from bot.domain.deliveries import Delivery, Status
from bot.domain.destinations import Destination, Kind, Layout, Quiet
from bot.domain.follows import Follow, FollowKind
from bot.domain.mailboxes import mailbox_place
from bot.domain.messages import plain_text
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.domain.people import Account, Place, Topic
from bot.library.alerts import find_matches
from bot.library.app import App
from bot.library.citing import read_citing
from bot.library.ingest import update_index
from bot.ports import Batch
from tests.conftest import TickingClock
from tests.support.lookup.services import FakeCitations

HERE = Place("slack", "T", "C1", "#papers")
POST = Destination(place=HERE, chosen_layout=Layout.COMPACT)


@pytest.fixture
def now(app: App) -> datetime:
    return app.clock.now()


def written(number: int, *authors: str) -> Paper:
    return Paper(id=PaperId(f"2601.9{number:04}"), title=f"An engine numbered {number}", authors=authors)


async def following(app: App, value: str, *, at_once: bool = False, mention: str = "") -> None:
    today = app.clock.now().date()
    follow = Follow(owner=HERE.key, place=HERE.key, kind=FollowKind.AUTHOR, value=value, at_once=at_once, since=today)
    kept, _ = await app.store.add_follow(follow)
    await app.store.change_follow(replace(kept, mention=mention))


async def come(app: App, *papers: Paper) -> None:
    await app.store.save_batch("test", Batch(papers=papers), now=app.clock.now())
    await update_index(app.store, app.index)
    await find_matches(app)


async def set_up(app: App, destination: Destination, now: datetime) -> None:
    await app.store.save_destination(destination, now=now - timedelta(days=1))


async def write(app: App, now: datetime, most: dict[str, int | None] | None = None) -> tuple[Delivery, Post]:
    """The next post that is due, composed."""
    await app.store.claim_due(now=now, limit=9)
    await app.store.claim_followed(now=now)
    until = now + timedelta(minutes=1)
    [delivery] = await app.store.lease("w", now=now, until=until, limit=9, reaches=lambda place: True)
    return delivery, (await PostComposer(app, daily_messages=most or {}).compose([delivery], now))[delivery.number]


async def test_what_is_followed_comes_first_in_a_daily_post_under_its_own_heading(app: App, now: datetime) -> None:
    await set_up(app, POST, now)
    await following(app, "Ada Lovelace")
    await come(app, written(1, "Ada Lovelace"))
    _, (first, second) = await write(app, now)
    assert first.title.startswith('Followed: author:"Ada Lovelace" · ')
    assert [(card.paper_id, card.why) for card in first.cards] == [("2601.90001", 'followed: author:"Ada Lovelace"')]
    assert second.title.startswith("Trending papers")
    assert "2601.90001" not in {card.paper_id for card in second.cards}
    assert first.mentions == ()


async def test_more_than_fit_wait_and_that_is_said(app: App, now: datetime) -> None:
    await set_up(app, replace(POST, enabled=False), now)
    await following(app, "Ada Lovelace")
    await come(app, *(written(number, "Ada Lovelace") for number in range(MOST + 2)))
    delivery, (post,) = await write(app, now)
    assert (delivery.kind, len(post.cards)) == (Kind.FOLLOWED, MOST)
    assert "2 more followed papers come at once." in plain_text(post)


async def test_posts_at_once_have_titles_of_their_own_and_mention_whom_they_should(app: App, now: datetime) -> None:
    await set_up(app, replace(POST, enabled=False), now)
    await following(app, "Ada Lovelace", mention="S1")
    titles = []
    for number in range(2):
        await come(app, written(number, "Ada Lovelace"))
        delivery, (post,) = await write(app, now)
        titles.append(post.title)
        assert post.mentions == ("S1",)
        await app.store.freeze("w", {delivery.number: "post"}, as_of=now)
        await app.store.message_sent(delivery, "w", f"m{number}", [post.cards[0].paper_id], now=now)
        await app.store.end(delivery, "w", Status.SENT, now=now)
    assert titles[1] == f"{titles[0]} (2)"


async def test_a_day_with_nothing_but_what_is_followed_does_not_speak_of_the_rest(app: App, now: datetime) -> None:
    await set_up(app, replace(POST, quiet=Quiet.SAY), now)
    await app.store.follow(HERE.key, Topic("protein folding of kumquats"))
    await following(app, "Ada Lovelace")
    await come(app, written(1, "Ada Lovelace"))
    _, post = await write(app, now)
    assert [message.title.split(":")[0] for message in post] == ["Followed"]


async def test_the_message_counts_where_a_platform_takes_so_many(app: App, now: datetime) -> None:
    await set_up(app, replace(POST, chosen_layout=Layout.CARDS), now)
    await following(app, "Ada Lovelace")
    await come(app, written(1, "Ada Lovelace"))
    _, post = await write(app, now, {"slack": 4})
    assert len(post) == 4


async def test_readers_can_say_that_another_of_the_name_wrote_a_paper(app: App, now: datetime) -> None:
    await set_up(app, POST, now)
    await following(app, "Ada Lovelace")
    await come(app, written(1, "Ada Lovelace"))
    _, (first, *_) = await write(app, now)
    [select] = first.selects
    assert select.command == 'unfollow channel author:"Ada Lovelace" {value}'
    assert [choice.value for choice in select.choices] == ["2601.90001"]


MAIL = Destination(place=mailbox_place("ana@example.org"), person=1, chosen_layout=Layout.COMPACT)


async def own_follow(app: App, destination: Destination, value: str) -> None:
    """A person with a mailbox follows an author."""
    today, place = app.clock.now().date(), destination.place.key
    await app.store.add_follow(
        Follow(owner=destination.owner, place=place, kind=FollowKind.AUTHOR, value=value, since=today)
    )


async def test_a_mail_has_what_is_followed_under_its_own_heading_and_is_one(app: App, now: datetime) -> None:
    person = await app.store.person(Account("email", "ana@example.org", "ana"))
    mail = replace(MAIL, person=person)
    await set_up(app, mail, now)
    await own_follow(app, mail, "Ada Lovelace")
    await come(app, written(1, "Ada Lovelace"), written(2, "Ada Lovelace"))
    _, [whole] = await write(app, now)
    assert whole.title.startswith("Your papers · ")
    headings = [(card.rank, card.heading) for card in whole.cards if card.heading]
    assert headings == [(1, 'Followed: author:"Ada Lovelace"'), (3, "Also today")]
    assert [card.rank for card in whole.cards] == list(range(1, len(whole.cards) + 1))
    assert [card.paper_id for card in whole.cards[:2]] == ["2601.90001", "2601.90002"]
    assert len({card.paper_id for card in whole.cards}) == len(whole.cards)


async def test_a_mail_with_nothing_but_what_is_followed_is_that_alone(app: App, now: datetime) -> None:
    person = await app.store.person(Account("email", "ana@example.org", "ana"))
    mail = replace(MAIL, person=person)
    await set_up(app, mail, now)
    await app.store.follow(mail.owner, Topic("protein folding of kumquats"))
    await own_follow(app, mail, "Ada Lovelace")
    await come(app, written(1, "Ada Lovelace"))
    _, [whole] = await write(app, now)
    assert [card.paper_id for card in whole.cards] == ["2601.90001"]


async def test_a_preview_shows_what_is_followed_and_takes_nothing(app: App, now: datetime) -> None:
    await set_up(app, POST, now)
    await following(app, "Ada Lovelace")
    await come(app, *(written(number, "Ada Lovelace") for number in range(5)))
    for _ in range(2):
        preview = await PostComposer(app).preview(POST)
        assert [card.heading for card in preview.cards if card.heading] == [
            'Followed: author:"Ada Lovelace"',
            "Also today",
        ]
        assert [card.paper_id for card in preview.cards[:3]] == [f"2601.9000{number}" for number in range(3)]
        assert "2 more followed papers wait." in plain_text(preview)
        assert not any(card.title.startswith("An engine") for card in preview.cards[3:])
    _, (first, *_) = await write(app, now)
    assert len(first.cards) == 5


async def test_a_preview_of_a_mail_shows_all_that_the_mail_will(app: App, now: datetime) -> None:
    person = await app.store.person(Account("email", "ana@example.org", "ana"))
    mail = replace(MAIL, person=person)
    await set_up(app, mail, now)
    await own_follow(app, mail, "Ada Lovelace")
    await come(app, *(written(number, "Ada Lovelace") for number in range(5)))
    preview = await PostComposer(app).preview(mail)
    _, [whole] = await write(app, now)
    assert [card.paper_id for card in preview.cards] == [card.paper_id for card in whole.cards]


async def test_who_cites_a_paper_is_told_by_what_that_is_called(app: App, now: datetime) -> None:
    await set_up(app, POST, now)
    cited = written(9, "Grace Hopper")
    await come(app, cited)
    follow = Follow(
        owner=HERE.key, place=HERE.key, kind=FollowKind.CITED_BY, value=cited.id, since=app.clock.now().date()
    )
    await app.store.add_follow(follow)
    service = FakeCitations()
    await read_citing(app.store, service, app.clock)
    service.lists[cited.id] = [written(1, "Ada Lovelace")]
    assert isinstance(app.clock, TickingClock)
    app.clock.moment += timedelta(hours=13)
    await read_citing(app.store, service, app.clock)
    _, (first, *_) = await write(app, app.clock.now())
    assert first.title.startswith("Followed: who cites “An engine numbered 9” · ")
    assert [card.why for card in first.cards] == ["cites “An engine numbered 9”, as followed"]
