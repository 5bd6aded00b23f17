"""Files and pictures, uploaded to where a message is."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.client import Api, web_client
from adapters.slack.files import Files
from bot.domain.messages import Attachment, Image, Message
from bot.errors import DeliveryError
from tests.support.slack.fake_slack import FakeSlack, Fault
from tests.support.waits import Waits

BIB = Attachment("papers.bib", b"@misc{a}")
CURVE = Image(b"\x89PNG", "A curve\x00 that <rises>", "curve.png")


@pytest.fixture
def files(waits: Waits) -> Files:
    return Files(Api(waits))


@pytest.fixture
def client(fake: FakeSlack) -> AsyncWebClient:
    return web_client("xoxb-T1", url=fake.url)


def named(fake: FakeSlack) -> list[str]:
    """The names of the files whose upload began."""
    return [said["filename"] for method, said in fake.calls if method == "files.getUploadURLExternal"]


async def test_attachments_and_pictures_are_uploaded_to_the_channel(
    files: Files, client: AsyncWebClient, fake: FakeSlack
) -> None:
    await files.upload(client, "C1", Message(attachments=(BIB,), images=(CURVE,)))
    assert named(fake) == ["papers.bib", "curve.png"]
    assert [*fake.uploads.values()] == [b"@misc{a}", b"\x89PNG"]
    assert [upload["channel_id"] for upload in fake.files] == ["C1", "C1"]


async def test_a_picture_is_described_in_words_of_a_length_slack_takes(
    files: Files, client: AsyncWebClient, fake: FakeSlack
) -> None:
    long = Image(b"\x89PNG", "rising " * 300)
    await files.upload(client, "C1", Message(images=(CURVE, long)))
    told = [said["alt_txt"] for method, said in fake.calls if method == "files.getUploadURLExternal"]
    assert told[0] == "A curve that <rises>"
    assert len(told[1]) <= 1000
    assert told[1].startswith("rising rising")


@pytest.mark.parametrize("person", ["U1", "W1"])
async def test_a_file_for_a_person_goes_into_the_talk_with_them(
    files: Files, client: AsyncWebClient, fake: FakeSlack, person: str
) -> None:
    await files.upload(client, person, Message(attachments=(BIB,)))
    assert [upload["channel_id"] for upload in fake.files] == [f"D{person}"]


async def test_after_a_file_that_is_refused_no_other_is_uploaded(
    files: Files, client: AsyncWebClient, fake: FakeSlack
) -> None:
    fake.fail("files.getUploadURLExternal", Fault(error="missing_scope", needed="files:write"))
    with pytest.raises(DeliveryError, match="the app lacks a permission: files:write"):
        await files.upload(client, "C1", Message(attachments=(BIB,), images=(CURVE,)))
    assert (named(fake), fake.files) == (["papers.bib"], [])
