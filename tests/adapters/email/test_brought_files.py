"""A file that is uploaded on the settings page."""

import io
import re
from html import unescape

import pytest
from aiohttp import FormData

from bot.domain.people import Account
from tests.support.email.world import YOU, Post

RIS = b"TY  - JOUR\nTI  - A Mathematical Theory of Communication\nAU  - Shannon, Claude\nPY  - 1948\nER  - \n"


@pytest.fixture
async def address(post: Post, settings: str) -> str:
    """Where the form of the settings page is sent."""
    _, page = await post.get(settings)
    form = re.search(r'action="(import\?t=[^"]+)" enctype="multipart/form-data"', page)
    assert form
    return f"/mail/{unescape(form[1])}"


async def upload(post: Post, address: str, content: bytes, name: str = "refs.ris", **headers: str) -> tuple[int, str]:
    form = FormData()
    form.add_field("file", io.BytesIO(content), filename=name, content_type="application/octet-stream")
    async with post.browser.post(address, data=form, headers=headers) as answer:
        return answer.status, unescape(await answer.text())


async def saved(post: Post) -> int:
    return len(await post.store.feedback_of(await post.store.person(Account("email", YOU, YOU))))


async def test_a_file_becomes_saves_and_is_taken_back(post: Post, address: str) -> None:
    status, page = await upload(post, address, RIS)
    assert (status, "1 paper saved from refs.ris." in page) == (200, True)
    assert await saved(post) == 1
    press = re.search(r'value="(unimport \w+)"', page)
    assert press
    status, page = await post.post(address, do=press[1])
    assert (status, "1 paper is off your list again." in page) == (200, True)
    assert await saved(post) == 0


async def test_a_file_from_another_site_is_not_taken(post: Post, address: str) -> None:
    status, page = await upload(post, address, RIS, Origin="https://evil.example")
    assert (status, "sent from another site" in page) == (400, True)
    assert await saved(post) == 0


async def test_a_file_may_be_larger_than_other_forms(post: Post, address: str) -> None:
    entries = b"".join(b"TY  - JOUR\nTI  - Paper %d\nN2  - %s\nER  - \n" % (n, b"word " * 2000) for n in range(200))
    status, page = await upload(post, address, entries)
    assert (status, "200 papers saved" in page) == (200, True)
    assert (await upload(post, address, b" " * 10_200_000))[0] == 413


async def test_other_forms_stay_as_small_as_they_were(post: Post, settings: str) -> None:
    async with post.browser.post(settings, data=io.BytesIO(b"topics=" + b"x" * 2_000_000)) as answer:
        assert answer.status == 413


@pytest.mark.parametrize(
    ("headers", "body", "said"),
    [
        ({"Content-Type": "multipart/form-data"}, b"x", "not sent from our page"),
        ({"Content-Type": "multipart/form-data; boundary=b"}, b"--x\r\nnothing", "not sent from our page"),
        ({"Content-Type": "multipart/form-data; boundary=b"}, b"--b--\r\n", "No file was chosen"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"do=forget-me+yes", "not sent from our page"),
    ],
)
async def test_what_is_no_form_of_ours_is_told(
    post: Post, address: str, headers: dict[str, str], body: bytes, said: str
) -> None:
    async with post.browser.post(address, data=body, headers=headers) as answer:
        assert answer.status == 400
        assert said in await answer.text()


async def test_without_a_link_of_a_mail_nothing_is_taken(post: Post) -> None:
    status, _ = await upload(post, "/mail/import?t=guessed", RIS)
    assert status == 400
