"""The pages: what browsers are told besides what they show, whom they believe, and the settings."""

import re
from dataclasses import replace
from datetime import time, timedelta

import pytest
from aiohttp.test_utils import make_mocked_request
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from adapters.email.signed_links import Purpose
from adapters.email.web import requester
from bot.domain.mailboxes import mailbox_place
from bot.domain.people import Account, Topic
from tests.support.email.world import BASE, YOU, Post

MAILBOX = mailbox_place(YOU).key


@pytest.fixture
async def settings(post: Post) -> str:
    """The link to the settings of a mailbox."""
    await post.confirmed()
    post.clock.moment = post.clock.moment.replace(day=20, hour=7, minute=30)
    await post.deliver()
    return post.link("settings")


def filled(page: str) -> dict[str, str]:
    """What a form would send as it stands."""
    fields = {"at": re.search(r'name="at"[^>]* value="([^"]*)"', page)}
    found = {name: match[1] for name, match in fields.items() if match}
    for name in ("days", "timezone", "count"):
        select = re.search(rf'name="{name}">(.*?)</select>', page, re.DOTALL)
        assert select
        chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', select[1])
        assert chosen
        found[name] = chosen[1] or chosen[2]
    topics = re.search(r'name="topics"[^>]*>([^<]*)</textarea>', page)
    return found | ({"topics": topics[1]} if topics else {})


async def test_every_page_keeps_itself_to_itself(post: Post, settings: str) -> None:
    pages = ["/mail", "/mail/save?t=none", settings, post.link("save"), post.link("unsubscribe")]
    for link in pages:
        async with post.browser.get(link) as answer:
            headers, page = answer.headers, await answer.text()
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert ("script-src" in policy) == ("<script>" in page) == (link == "/mail")
        assert "Set-Cookie" not in headers


async def enabled(post: Post) -> bool:
    mailbox = await post.store.destination(MAILBOX)
    assert mailbox
    return mailbox.enabled


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_a_form_of_another_site_does_nothing(post: Post, settings: str, headers: dict[str, str]) -> None:
    before = await post.store.destination(MAILBOX)
    for link, fields in ((settings, {"do": "unsubscribe"}), (post.link("save"), {"do": "yes"}), ("/mail", {})):
        status, page = await post.post(link, headers, **fields)
        assert (status, "from another site" in page) == (400, True)
    assert await post.store.destination(MAILBOX) == before


async def test_a_form_of_ours_does(post: Post, settings: str) -> None:
    for headers in ({"Origin": BASE}, {"Sec-Fetch-Site": "same-origin", "Origin": BASE}):
        status, _ = await post.post(post.link("save"), headers, do="yes")
        assert status == 200


async def test_a_subscription_needs_a_form_that_was_opened_here(post: Post) -> None:
    status, page = await post.post("/mail", address=YOU, at="08:00", timezone="UTC", days="daily", count="5")
    assert (status, "open for too long" in page) == (400, True)
    await post.deliver()
    assert post.server.received == []


async def test_a_mail_program_unsubscribes_by_one_request_of_its_own(post: Post, settings: str) -> None:
    unsubscribe = re.search(rf"<{BASE}(.+)>", post.mails()[-1]["List-Unsubscribe"])
    assert unsubscribe
    body = {"List-Unsubscribe": "One-Click"}
    async with post.browser.post(unsubscribe[1], data=body, headers={"Origin": "https://mail.example"}) as answer:
        assert answer.status == 200
    mailbox = await post.store.destination(MAILBOX)
    assert mailbox
    assert not mailbox.enabled


@pytest.mark.parametrize("purpose", ["confirm", "settings", "unsubscribe", "save", "less"])
@pytest.mark.parametrize("token", ["", "?t=", "?t=guessed", "?t=WzAsInRhZyJd.AAAA"])
async def test_a_link_that_was_not_made_here_does_nothing(post: Post, purpose: str, token: str) -> None:
    assert (await post.get(f"/mail/{purpose}{token}"))[0] == 400
    assert (await post.post(f"/mail/{purpose}{token}"))[0] == 400


async def test_a_link_for_one_thing_does_no_other(post: Post, settings: str) -> None:
    for wrong in (post.link("save").replace("/save", "/settings"), settings.replace("/settings", "/unsubscribe")):
        assert (await post.post(wrong))[0] == 400


async def test_old_links_die_but_for_the_one_that_ends_the_mails(post: Post, settings: str) -> None:
    post.clock.moment += timedelta(days=92)
    for link in (settings, post.link("save"), post.link("less")):
        status, page = await post.get(link)
        assert (status, "expired" in page) == (400, True)
    assert (await post.post(post.link("unsubscribe")))[0] == 200
    assert not await enabled(post)


async def test_a_settings_link_unsubscribes_by_its_own_button_alone(post: Post, settings: str) -> None:
    forms: list[dict[str, str]] = [{}, {"List-Unsubscribe": "One-Click"}, {"do": "confirm"}]
    for fields in forms:
        await post.post(settings, **fields)
    assert await enabled(post)


async def test_settings_are_shown_changed_and_kept(post: Post, settings: str) -> None:
    _, page = await post.get(settings)
    assert filled(page) == {"at": "08:00", "days": "daily", "timezone": "Europe/Berlin", "count": "5", "topics": ""}
    typed = {"at": "18:30", "days": "fri", "timezone": "Asia/Tokyo", "count": "3", "topics": "diffusion\n-crypto\n"}
    status, page = await post.post(settings, do="save", **typed)
    assert (status, "Friday, 23 Jan 2026 at 18:30 (Asia/Tokyo)" in page) == (200, True)
    mailbox = await post.store.destination(MAILBOX)
    assert mailbox
    assert (mailbox.at, mailbox.timezone, mailbox.days, mailbox.count) == (
        time(18, 30),
        "Asia/Tokyo",
        frozenset({4}),
        3,
    )
    assert await post.store.topics(mailbox.owner) == [Topic("diffusion"), Topic("crypto", wanted=False)]
    _, page = await post.get(settings)
    assert filled(page) == {**typed, "topics": "diffusion\n-crypto"}
    await post.post(settings, do="save", **{**typed, "topics": "Crypto"})
    assert await post.store.topics(mailbox.owner) == [Topic("Crypto")]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("at", "25:00", "not a time of day"),
        ("timezone", "Mars/Olympus", "not a time zone"),
        ("days", "never", "is not a day or range of days"),
        ("days", "", "is not a day or range of days"),
        ("count", "11", "from 1 to 10"),
        ("count", "²", "from 1 to 10"),
        ("topics", "after:yesterday", "after:"),
        ("topics", "x" * 201, "A topic has"),
        ("topics", "-", "A topic has"),
        ("topics", "\n".join(f"topic {n}" for n in range(51)), "more than 50"),
    ],
)
async def test_a_mistake_in_the_settings_is_told_and_changes_nothing(
    post: Post, settings: str, field: str, value: str, told: str
) -> None:
    before = await post.store.destination(MAILBOX)
    typed = {"at": "09:00", "days": "daily", "timezone": "UTC", "count": "5", "topics": ""}
    status, page = await post.post(settings, do="save", **{**typed, field: value})
    assert (status, told in page) == (400, True)
    assert await post.store.destination(MAILBOX) == before
    assert await post.store.topics(before.owner if before else "") == []


async def test_days_that_no_list_has_are_kept(post: Post, settings: str) -> None:
    mailbox = await post.store.destination(MAILBOX)
    assert mailbox
    await post.subscriptions.save(replace(mailbox, days=frozenset({0, 2})))
    _, page = await post.get(settings)
    assert filled(page)["days"] == "mon,wed"
    assert "Mon, Wed" in page


async def test_who_unsubscribed_can_begin_again(post: Post, settings: str) -> None:
    status, page = await post.post(settings, do="unsubscribe")
    assert (status, "Unsubscribed" in page) == (200, True)
    _, page = await post.get(settings)
    assert "No mails are sent at the moment." in page
    assert "Save and send me papers" in page
    await post.post(settings, do="save", **filled(page))
    mailbox = await post.store.destination(MAILBOX)
    assert mailbox
    assert mailbox.enabled


async def test_forgetting_is_asked_for_twice_and_leaves_nothing(post: Post, settings: str) -> None:
    _, page = await post.post(settings, do="forget")
    assert "Forget you?" in page
    assert await post.store.destination(MAILBOX)
    _, page = await post.post(settings, do="forget-yes")
    assert "Nothing about you is kept." in page
    assert await post.store.destination(MAILBOX) is None
    status, page = await post.get(settings)
    assert (status, "This mailbox is no longer known" in page) == (400, True)
    person = await post.store.person(Account("email", YOU))
    assert await post.store.feedback_of(person) == []


async def test_a_program_that_asks_for_the_head_of_a_page_does_nothing(post: Post, settings: str) -> None:
    person = await post.store.person(Account("email", YOU))
    for link in (post.link("save"), post.link("less"), post.link("unsubscribe"), settings):
        async with post.browser.head(link) as answer:
            assert answer.status == 405
    assert await post.store.feedback_of(person) == []
    assert await enabled(post)


async def test_a_paper_that_is_gone_is_said(post: Post, settings: str) -> None:
    tag = await post.store.mailbox_tag(MAILBOX)
    links = post.email.confirmations._writer.links
    status, page = await post.get(links.to(Purpose.SAVE, tag, "2601.99999").removeprefix(BASE))
    assert (status, "No paper 2601.99999 here" in page) == (400, True)


@hypothesis_settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(
    address=st.text(max_size=60),
    fields=st.fixed_dictionaries({}, optional={n: st.text(max_size=20) for n in ("at", "days", "timezone", "count")}),
)
async def test_whatever_is_typed_the_page_answers(post: Post, address: str, fields: dict[str, str]) -> None:
    clean = {name: value.encode(errors="ignore").decode() for name, value in {"address": address, **fields}.items()}
    address = clean.pop("address")
    status, page = await post.subscribe(address, **clean)
    assert status in {200, 400}
    assert page.count("<form") <= 1
    assert "<main>" in page


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8::1", "2001:db8::2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.8", False),
        ("unknown", "unknown", True),
    ],
)
def test_who_asks_is_told_apart_by_address_and_of_ipv6_by_network(one: str, other: str, *, same: bool) -> None:
    asked = [make_mocked_request("POST", "/mail", headers={"X-Forwarded-For": each}) for each in (one, other)]
    names = [requester(request, 1) for request in asked]
    assert (names[0] == names[1]) == same
    assert one not in names[0]
