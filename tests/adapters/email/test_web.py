"""What every page does."""

import pytest
from aiohttp.test_utils import make_mocked_request

from adapters.email.web import requester
from bot.domain.people import Account
from tests.support.email.pages import MAILBOX, enabled
from tests.support.email.world import BASE, YOU, Post


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


async def test_a_program_that_asks_for_the_head_of_a_page_does_nothing(post: Post, settings: str) -> None:
    person = await post.store.person(Account("email", YOU))
    for link in (post.link("save"), post.link("less"), post.link("unsubscribe"), settings):
        async with post.browser.head(link) as answer:
            assert answer.status == 405
    assert await post.store.feedback_of(person) == []
    assert await enabled(post)


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


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:1::1", "2001:db8:1:ffff::1", True),
        ("2001:db8:1::1", "2001:db8:2::1", False),
        ("203.0.113.7", "203.0.113.8", True),
        ("203.0.113.7", "203.0.114.7", False),
        ("unknown", "unknown", True),
    ],
)
def test_the_networks_of_who_asks_are_told_apart_without_being_kept(one: str, other: str, *, same: bool) -> None:
    asked = [make_mocked_request("POST", "/mail", headers={"X-Forwarded-For": each}) for each in (one, other)]
    networks = [requester(request, 1).rpartition(":")[0] for request in asked]
    assert (networks[0] == networks[1]) == same
