"""Papers by mail, as somebody asks for them, sets them and ends them from a chat."""

import pytest

from bot.chat.dispatch import Dispatcher
from bot.domain.destinations import Destination
from bot.domain.mailboxes import Ask, mailbox_place
from bot.domain.messages import plain_text
from bot.domain.people import Account
from bot.library.app import App
from bot.library.subscriptions import Subscriptions
from tests.support.commands import ANA, PAPERS, ask

YOU, OTHER = "reader@example.org", "other@example.org"
EVE = Account("console", "eve", "eve")


@pytest.fixture
def subscriptions(app: App) -> Subscriptions:
    """Mailboxes, which the app has from now on."""
    app.subscriptions = Subscriptions(app.store, app.clock)
    return app.subscriptions


async def asks(app: App) -> list[Ask]:
    """What letters are to be sent for."""
    return await app.store.begin_asks(now=app.clock.now(), limit=100)


async def opened(app: App, subscriptions: Subscriptions, address: str = YOU) -> Destination:
    """A mailbox of ana's that is confirmed."""
    person = await app.store.person(ANA)
    number = await subscriptions.ask(Ask(address=address, requester="console:ana", person=person))
    return await subscriptions.confirm(number)


async def mailbox(app: App, address: str = YOU) -> Destination | None:
    return await app.store.destination(mailbox_place(address).key)


async def test_an_address_is_asked_before_anything_is_mailed_to_it(
    dispatcher: Dispatcher, app: App, subscriptions: Subscriptions
) -> None:
    answer = await ask(dispatcher, f"email {YOU} on 7:30 Europe/Berlin mon count 3")
    assert answer.private
    assert "get 3 papers at 07:30 Europe/Berlin, Mon." in plain_text(answer)
    [asked] = await asks(app)
    assert (asked.address, asked.asked_by, asked.person) == (YOU, "ana on Console", await app.store.person(ANA))
    assert await mailbox(app) is None


@pytest.mark.parametrize(
    "said",
    [
        "every monday at 7:30 Berlin",
        "on at 7:30 in Berlin on mondays",
        "mondays 7.30 am Berlin time",
        "7:30 Europe/Berlin mon",
        "Berlin mon 07:30",
    ],
)
async def test_time_zone_and_days_may_be_said_in_any_order(
    dispatcher: Dispatcher, app: App, subscriptions: Subscriptions, said: str
) -> None:
    told = plain_text(await ask(dispatcher, f"email {YOU} {said} count 3"))
    assert "get 3 papers at 07:30 Europe/Berlin, Mon." in told


async def test_in_a_menu_words_may_be_in_any_field(
    dispatcher: Dispatcher, app: App, subscriptions: Subscriptions
) -> None:
    told = plain_text(await ask(dispatcher, "email", address=YOU, at="weekdays at 9", timezone="New York"))
    assert "at 09:00 America/New_York, Mon-Fri." in told


async def test_a_mail_comes_in_the_time_zone_of_the_channel_where_it_was_asked_for(
    dispatcher: Dispatcher, app: App, subscriptions: Subscriptions
) -> None:
    await app.store.save_destination(Destination(place=PAPERS, timezone="Asia/Tokyo"), now=app.clock.now())
    await ask(dispatcher, f"email {YOU}")
    await ask(dispatcher, "email", address=OTHER, timezone="Europe/Paris")
    assert {asked.address: asked.timezone for asked in await asks(app)} == {YOU: "Asia/Tokyo", OTHER: "Europe/Paris"}


async def test_ones_own_mails_change_at_once_and_keep_what_was_not_named(
    dispatcher: Dispatcher, app: App, subscriptions: Subscriptions
) -> None:
    before = await opened(app, subscriptions)
    told = plain_text(await ask(dispatcher, "email", address=YOU, at="18:15", count=1))
    assert told == f"{YOU}: 1 paper at 18:15 UTC, every day. Next: Tue 20 Jan 2026, 18:15 UTC."
    after = await mailbox(app)
    assert after
    assert (after.count, after.days, after.timezone) == (1, before.days, before.timezone)


async def test_mails_are_ended_without_typing_the_address_where_there_is_one(
    dispatcher: Dispatcher, app: App, subscriptions: Subscriptions
) -> None:
    assert "No papers are mailed to you" in plain_text(await ask(dispatcher, "email off"))
    await opened(app, subscriptions)
    assert plain_text(await ask(dispatcher, "email OFF")) == f"{YOU}: off."
    ended = await mailbox(app)
    assert ended
    assert not ended.enabled


async def test_of_several_addresses_one_has_to_be_named(
    dispatcher: Dispatcher, app: App, subscriptions: Subscriptions
) -> None:
    for address in (YOU, OTHER):
        await opened(app, subscriptions, address)
    told = plain_text(await ask(dispatcher, "email off"))
    assert f"/papers email {YOU} off" in told
    assert f"/papers email {OTHER} off" in told
    for address in (YOU, OTHER):
        kept = await mailbox(app, address)
        assert kept
        assert kept.enabled


async def test_somebody_elses_mailbox_is_neither_shown_nor_changed(
    dispatcher: Dispatcher, app: App, subscriptions: Subscriptions
) -> None:
    before = await opened(app, subscriptions)
    assert YOU in plain_text(await ask(dispatcher, "email"))
    assert YOU not in plain_text(await ask(dispatcher, "email", account=EVE))
    assert "You get no mails at that address" in plain_text(await ask(dispatcher, f"email {YOU} off", account=EVE))
    assert "needs resending" in plain_text(await ask(dispatcher, f"email {YOU} resend", account=EVE))
    assert await mailbox(app) == before


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("email nonsense", "This is not a mail address like you@example.org"),
        ('email "you@example.org\r\nBcc: all@example.org"', "This is not a mail address"),
        ("email you@example.org 25:00", "not a time of day"),
        ("email you@example.org on 8:00 Mars", "not a time zone"),
        ("email you@example.org on 8:00 UTC never", "“UTC never” is not a time zone"),
        ("email you@example.org on 8:00 UTC daily count 11", "count must be a number from 0 to 10"),
    ],
)
async def test_what_cannot_be_understood_is_said_and_nobody_is_asked(
    dispatcher: Dispatcher, app: App, subscriptions: Subscriptions, line: str, told: str
) -> None:
    assert told in plain_text(await ask(dispatcher, line))
    assert await asks(app) == []


async def test_without_e_mail_the_command_says_what_there_is_instead(dispatcher: Dispatcher) -> None:
    assert "/papers digest me" in plain_text(await ask(dispatcher, f"email {YOU}"))


async def test_a_name_has_no_room_for_a_message_of_its_own(
    dispatcher: Dispatcher, app: App, subscriptions: Subscriptions
) -> None:
    spammer = Account("discord", "9", "WIN A PRIZE\nat https://evil.example/" + "x" * 200)
    await ask(dispatcher, f"email {YOU}", account=spammer)
    [asked] = await asks(app)
    name, _, platform = asked.asked_by.rpartition(" on ")
    assert (platform, "\n" in name) == ("Discord", False)
    assert len(name) <= 40


async def test_a_mailbox_gets_several_mails_each_by_its_name(
    dispatcher: Dispatcher, app: App, subscriptions: Subscriptions
) -> None:
    assert "Confirm the address first" in plain_text(await ask(dispatcher, f"email {YOU} on 07:00 post robotics"))
    await opened(app, subscriptions)
    told = plain_text(await ask(dispatcher, f"email {YOU} on 07:00 Berlin mon,thu count 3 post robotics"))
    assert told.startswith(f"{YOU}, robotics: 3 papers at 07:00 Europe/Berlin, Mon, Thu. Next: ")
    changed = plain_text(await ask(dispatcher, f"email {YOU} on 06:00 post robotics"))
    assert "3 papers at 06:00 Europe/Berlin, Mon, Thu" in changed
    listed = plain_text(await ask(dispatcher, "email"))
    assert listed.count(YOU) == 2
    assert "Leave the name out" in plain_text(await ask(dispatcher, f"email {YOU} resend post robotics"))
    assert "Removed the mail “robotics”." in plain_text(await ask(dispatcher, f"email {YOU} off post robotics"))
    assert "There is no mail “robotics”" in plain_text(await ask(dispatcher, f"email {YOU} off post robotics"))
    assert [each.post for each in await app.store.posts_of(mailbox_place(YOU).key)] == [""]


async def test_who_is_taken_off_the_list_gets_none_of_several_mails(
    dispatcher: Dispatcher, app: App, subscriptions: Subscriptions
) -> None:
    first = await opened(app, subscriptions)
    await ask(dispatcher, f"email {YOU} on 07:00 post robotics")
    await subscriptions.close(first)
    assert [each.enabled for each in await app.store.posts_of(first.place.key)] == [False, False]
    await ask(dispatcher, f"email {YOU} on 07:00 post robotics")
    await app.store.suppress(YOU, "it bounced", now=app.clock.now())
    assert [each.enabled for each in await app.store.posts_of(first.place.key)] == [False, False]
