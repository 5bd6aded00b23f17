"""The pages: what browsers are told besides what they show, whom they believe, and the settings."""

import re
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from adapters.email.signed_links import Purpose
from bot.domain.people import Account
from tests.support.email.pages import MAILBOX, enabled, filled
from tests.support.email.world import BASE, YOU, Post


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
    ("kind", "sent"),
    [
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=do\r\n\r\nsave\r\n--x--"),
        ("multipart/form-data", b"do=save"),
        ("application/json", b'{"do": "save"}'),
        ("application/x-www-form-urlencoded", b"&".join(b"a=b" for _ in range(60))),
        ("application/x-www-form-urlencoded", b"do=save&topics=" + b"a" * 100_000),
    ],
)
async def test_what_is_no_form_of_ours_changes_nothing(post: Post, settings: str, kind: str, sent: bytes) -> None:
    before = await post.store.destination(MAILBOX)
    async with post.browser.post(settings, data=sent, headers={"Content-Type": kind}) as answer:
        assert answer.status == 400
    assert await post.store.destination(MAILBOX) == before
