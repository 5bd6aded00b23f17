"""From asking to the first mail and out again: nobody is written to who did not say yes."""

import re
from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.domain.deliveries import Status
from bot.domain.mailboxes import PER_ADDRESS, PER_REQUESTER, mailbox_place
from bot.domain.messages import plain_text
from bot.domain.people import Account, FeedbackKind, person_key
from tests.support.email.world import ANA, YOU, Open, Post, body

MAILBOX = mailbox_place(YOU).key


async def test_an_address_typed_into_the_page_is_asked_and_only_a_press_on_its_link_opens_it(post: Post) -> None:
    status, page = await post.subscribe(days="weekdays", count="3")
    assert (status, "Check your inbox" in page) == (200, True)
    await post.deliver()
    [letter] = post.mails()
    assert letter["Subject"] == "Would you like papers from Paperboy?"
    assert "Up to 3 papers, Mon-Fri at 08:00 Europe/Berlin" in body(letter)
    status, page = await post.get(post.link("confirm"))
    assert (status, "Send me papers" in page) == (200, True)
    assert await post.store.destination(MAILBOX) is None
    status, page = await post.post(post.link("confirm"))
    assert "The next mail comes on Tue 20 Jan 2026, 08:00 Europe/Berlin." in page
    mailbox = await post.store.destination(MAILBOX)
    assert mailbox
    assert (mailbox.at, mailbox.timezone, mailbox.days, mailbox.count) == (
        time(8),
        "Europe/Berlin",
        frozenset(range(5)),
        3,
    )


async def test_the_page_answers_the_same_whether_the_address_is_known_unknown_or_suppressed(post: Post) -> None:
    await post.confirmed("known@example.org")
    await post.store.suppress("gone@example.org", "no such user", now=post.clock.now())
    answers = {}
    for address in ("known@example.org", "gone@example.org", "new@example.org"):
        status, page = await post.subscribe(address)
        answers[address] = (status, page.replace(address, "ADDRESS"))
    assert len(set(answers.values())) == 1
    await post.deliver()
    assert post.mails("gone@example.org") == []
    assert post.mails("new@example.org")[-1]["Subject"] == "Would you like papers from Paperboy?"
    assert post.mails("known@example.org")[-1]["Subject"] == "You already get papers"


async def test_an_address_gets_a_few_letters_a_day_and_the_page_does_not_tell(post: Post) -> None:
    pages = {(await post.subscribe())[1] for _ in range(PER_ADDRESS + 2)}
    await post.deliver()
    assert (len(pages), len(post.mails())) == (1, PER_ADDRESS)


async def test_a_requester_is_stopped_after_some_addresses(post: Post) -> None:
    answers = [await post.subscribe(f"{number}@example.org") for number in range(PER_REQUESTER + 1)]
    assert [status for status, _ in answers] == [200] * PER_REQUESTER + [400]
    assert "Too many requests" in answers[-1][1]


async def test_requesters_behind_a_proxy_are_told_apart(opened: Open) -> None:
    post = await opened(http_proxies=1)
    _, page = await post.get("/mail")
    form = re.search(r'name="form" value="([^"]+)"', page)
    assert form
    fields = {"form": form[1], "at": "08:00", "timezone": "UTC", "days": "daily", "count": "5"}
    statuses = []
    for number in range(PER_REQUESTER + 1):
        forged = {"X-Forwarded-For": f"198.51.100.{number}, 203.0.113.7"}
        statuses.append((await post.post("/mail", forged, address=f"{number}@example.org", **fields))[0])
    other = {"X-Forwarded-For": "203.0.113.8"}
    statuses.append((await post.post("/mail", other, address="a@example.org", **fields))[0])
    assert statuses == [200] * PER_REQUESTER + [400, 200]


async def test_a_link_to_confirm_expires(post: Post) -> None:
    await post.subscribe()
    await post.deliver()
    link = post.link("confirm")
    post.clock.moment += timedelta(days=4)
    status, page = await post.post(link)
    assert (status, "expired" in page) == (400, True)
    assert await post.store.destination(MAILBOX) is None


async def test_confirming_twice_is_confirming_once(post: Post) -> None:
    mailbox = await post.confirmed()
    status, _ = await post.post(post.link("confirm"))
    assert status == 200
    assert await post.store.destination(MAILBOX) == mailbox


async def test_a_link_to_confirm_does_not_undo_an_unsubscription(post: Post) -> None:
    mailbox = await post.confirmed()
    await post.subscriptions.close(mailbox)
    status, page = await post.post(post.link("confirm"))
    assert (status, "used before" in page) == (400, True)
    assert await post.store.destination(MAILBOX) == replace(mailbox, enabled=False)


async def test_what_came_back_is_not_begun_again_by_its_owner_either(post: Post) -> None:
    await post.say(f"email {YOU}")
    await post.deliver()
    await post.post(post.link("confirm"))
    await post.store.suppress(YOU, "550 5.1.1 no such user", now=post.clock.now())
    assert "bounced or was reported as spam (550 5.1.1" in plain_text(await post.say(f"email {YOU} on"))
    await post.store.allow(YOU)
    assert "Next: Tue 20 Jan 2026" in plain_text(await post.say(f"email {YOU} on"))


async def test_what_came_back_joins_nobody_when_its_link_is_pressed(post: Post) -> None:
    own = await post.store.person(Account("email", YOU))
    await post.say(f"email {YOU}")
    await post.deliver()
    await post.store.suppress(YOU, "550 5.1.1 no such user", now=post.clock.now())
    status, page = await post.post(post.link("confirm"))
    assert (status, "bounced or was reported as spam" in page) == (400, True)
    assert await post.store.person(Account("email", YOU)) == own != await post.store.person(ANA)
    assert await post.store.destination(MAILBOX) is None


async def test_asked_for_from_a_chat_it_becomes_the_mailbox_of_who_asked(post: Post) -> None:
    answer = await post.say(f"email {YOU} 7:30 Europe/Berlin mon count 3")
    assert "If you@example.org can receive our mail, a confirmation is on its way" in plain_text(answer)
    assert answer.private
    await post.deliver()
    said = body(post.mails()[0])
    assert "ana on Slack asked" in said
    assert "will be one list" in said
    await post.post(post.link("confirm"))
    mailbox = await post.store.destination(MAILBOX)
    assert mailbox
    assert mailbox.person == await post.store.person(ANA) == await post.store.person(Account("email", YOU))
    assert plain_text(await post.say("email")) == (
        "Papers by mail\n\nyou@example.org: 3 papers at 07:30 Europe/Berlin, Mon. "
        "Next: Mon 26 Jan 2026, 07:30 Europe/Berlin."
    )


async def test_from_a_chat_one_changes_and_ends_ones_own(post: Post) -> None:
    await post.say(f"email {YOU}")
    await post.deliver()
    await post.post(post.link("confirm"))
    told = plain_text(await post.say(f"email <mailto:{YOU}|{YOU}> on 18:15 America/New_York weekdays count 7"))
    assert told == f"{YOU}: 7 papers at 18:15 America/New_York, Mon-Fri. Next: Mon 19 Jan 2026, 18:15 America/New_York."
    assert plain_text(await post.say(f"email {YOU} off")) == f"{YOU}: off."
    mailbox = await post.store.destination(MAILBOX)
    assert mailbox
    assert (mailbox.enabled, mailbox.count) == (False, 7)


async def test_nobody_changes_the_mailbox_of_somebody_else(post: Post) -> None:
    mailbox = await post.confirmed()
    other = Account("discord", "7", "eve")
    told = plain_text(await post.say(f"email {YOU} on 3:00", other))
    assert "a confirmation is on its way" in told
    assert "You get no mails at that address" in plain_text(await post.say(f"email {YOU} off", other))
    assert await post.store.destination(MAILBOX) == mailbox


async def test_a_mailbox_of_a_person_with_other_accounts_is_not_taken_over_by_a_link(post: Post) -> None:
    await post.say(f"email {YOU}")
    await post.deliver()
    await post.post(post.link("confirm"))
    eve = Account("discord", "7", "eve")
    await post.say(f"email {YOU}", eve)
    await post.deliver()
    status, page = await post.post(post.link("confirm"))
    assert (status, "/papers link" in page) == (400, True)
    assert await post.store.person(eve) != await post.store.person(ANA)


async def test_a_name_has_no_room_for_a_message_of_its_own(post: Post) -> None:
    spammer = Account("discord", "9", "WIN A PRIZE\nat https://evil.example/" + "x" * 200)
    await post.say(f"email {YOU}", spammer)
    await post.deliver()
    assert "evil.example/xxxxx" not in body(post.mails()[0])


async def test_a_letter_that_cannot_go_now_goes_later_and_once(post: Post) -> None:
    post.server.fail(YOU, "4xx at rcpt", "4xx at data")
    await post.subscribe()
    for _ in range(3):
        await post.deliver()
        post.clock.moment += timedelta(minutes=10)
    await post.deliver()
    assert len(post.mails()) == 1


@pytest.mark.parametrize("fault", ["cut after data", "cut at data"])
async def test_a_letter_of_which_nobody_knows_is_not_repeated(post: Post, fault: str) -> None:
    post.server.fail(YOU, fault)
    await post.subscribe()
    for _ in range(3):
        await post.deliver()
        post.clock.moment += timedelta(hours=1)
    assert len(post.mails()) == (1 if fault == "cut after data" else 0)


async def test_a_letter_to_nobody_ends_there(post: Post) -> None:
    post.server.fail(YOU, "5xx at rcpt")
    await post.subscribe()
    await post.deliver()
    await post.subscribe()
    await post.deliver()
    assert post.mails() == []
    assert "5.1.1" in await post.store.suppression(YOU)


async def test_the_mail_comes_at_its_time_is_saved_from_and_ended(post: Post) -> None:
    mailbox = await post.confirmed()
    post.clock.moment += timedelta(hours=8, minutes=5)
    await post.deliver()
    mail = post.mails()[-1]
    assert mail["Subject"] == "Your papers · Tuesday, 20 Jan 2026"
    [upcoming] = await post.store.upcoming([MAILBOX])
    [delivery] = upcoming.deliveries
    assert (delivery.status, delivery.sent) == (Status.SENT, (mail["Message-ID"],))
    papers = await post.store.posted(MAILBOX, mail["Message-ID"])
    assert len(papers) == 5

    assert mailbox.person is not None
    save, less = post.link("save"), post.link("less")
    status, page = await post.get(save)
    assert (status, "Save this paper?" in page) == (200, True)
    assert (await post.app.library.find(papers[0])).paper.authors[0] in page
    assert await post.store.feedback_of(mailbox.person) == []
    for link, kind in ((save, FeedbackKind.SAVE), (less, FeedbackKind.DISLIKE)):
        await post.post(link, do="yes")
        given = {entry.kind: entry.paper_id for entry in await post.store.feedback_of(mailbox.person)}
        assert given == {kind: papers[0]}
    await post.post(save, do="undo")
    assert [entry.kind for entry in await post.store.feedback_of(mailbox.person)] == [FeedbackKind.DISLIKE]

    status, page = await post.get(post.link("unsubscribe"))
    assert (status, "Unsubscribe?" in page) == (200, True)
    assert await post.store.destination(MAILBOX) == mailbox
    status, page = await post.post(post.link("unsubscribe"))
    assert (status, "No more mails will come" in page) == (200, True)
    assert await post.store.destination(MAILBOX) == replace(mailbox, enabled=False)


async def test_what_was_mailed_once_is_not_mailed_again(post: Post) -> None:
    await post.confirmed()
    post.clock.moment += timedelta(hours=8)
    await post.deliver()
    first = set(await post.store.posted(MAILBOX, post.mails()[-1]["Message-ID"]))
    person = await post.store.person(Account("email", YOU))
    assert len(first) == len(await post.store.shown(person_key(person))) == 5


async def test_a_mail_that_may_be_lost_is_told_and_sent_again_by_its_owner_alone(post: Post) -> None:
    await post.say(f"email {YOU}")
    await post.deliver()
    await post.post(post.link("confirm"))
    assert "needs resending" in plain_text(await post.say(f"email {YOU} resend"))
    post.server.fail(YOU, "cut at data")
    post.clock.moment += timedelta(hours=9, minutes=5)
    for _ in range(3):
        await post.deliver()
        post.clock.moment += timedelta(hours=1)
    told = plain_text(await post.say("status"))
    assert f"Mails to {YOU}: next on Wed 21 Jan 2026, 08:00 UTC" in told
    assert "mail of 20 Jan 2026 may not have arrived" in told
    assert f"/papers email {YOU} resend continues it" in told
    eve = Account("discord", "7", "eve")
    assert "needs resending" in plain_text(await post.say(f"email {YOU} resend", eve))
    await post.say(f"email {YOU} off")
    assert "are off, so nothing is resent" in plain_text(await post.say(f"email {YOU} resend"))
    await post.say(f"email {YOU} on")
    assert "will be sent again" in plain_text(await post.say(f"email {YOU} resend"))
    sent = len(post.mails())
    await post.deliver()
    assert len(post.mails()) == sent + 1
