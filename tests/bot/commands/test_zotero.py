"""Libraries of Zotero, by command."""

from collections.abc import AsyncIterator

import pytest

from bot.chat.dispatch import Dispatcher, Request
from bot.domain.messages import Message, plain_text
from bot.domain.people import Account, Place, person_key, private_talk
from bot.library.app import App
from tests.support.commands import ANA, PAPERS, ask, saved
from tests.support.zotero import API_KEY, GROUP, READ_ONLY, FakeZotero, beside


@pytest.fixture
async def fake(app: App) -> AsyncIterator[FakeZotero]:
    async with beside(app) as serving:
        yield serving


async def connect(
    dispatcher: Dispatcher, whose: str = "me", key: str = API_KEY, *, place: Place = PAPERS, **more: object
) -> Message:
    """The answer to a form that was sent."""
    filled = {"key": key, "library": "", "collection": ""}
    return await dispatcher.answer(
        Request(ANA, place, "zotero connect", {"whose": whose}, filled=filled, **more)  # type: ignore[arg-type]
    )


def buttons(message: Message) -> dict[str, str]:
    return {button.label: button.command for button in message.buttons}


async def test_what_is_saved_and_what_is_added_there_meet(dispatcher: Dispatcher, fake: FakeZotero) -> None:
    fake.add("ITEM2345", "A paper from Zotero", url="https://arxiv.org/abs/2003.00001")
    await ask(dispatcher, "save 2601.03236")
    assert "Connected with ana." in plain_text(await connect(dispatcher))
    assert "read for the first time" in plain_text(await ask(dispatcher, "zotero"))
    answer = await ask(dispatcher, "zotero sync")
    assert "Connected with the library of ana: all of it is read, 2 papers." in plain_text(answer)
    assert "In step at " in plain_text(await ask(dispatcher, "zotero"))
    assert sorted(await saved(dispatcher)) == ["2003.00001", "2601.03236"]
    assert len(fake.titles(within="Paperboy")) == 1


async def test_who_has_none_is_led_to_the_form_and_the_key_is_never_typed(
    dispatcher: Dispatcher, fake: FakeZotero
) -> None:
    answer = await ask(dispatcher, "zotero")
    assert answer.private
    assert buttons(answer) == {"Connect": "zotero connect me", "For this channel": "zotero channel"}
    typed = plain_text(await ask(dispatcher, f"zotero connect me {API_KEY}"))
    assert "does not take" in typed
    assert "never typed into a chat" in plain_text(await ask(dispatcher, "zotero connect"))
    assert "No library of Zotero is connected" in plain_text(await ask(dispatcher, "zotero sync"))
    assert fake.asked == []


async def test_without_a_file_import_leads_to_zotero_where_it_is_on(dispatcher: Dispatcher, app: App) -> None:
    assert buttons(await ask(dispatcher, "import")) == {}
    async with beside(app):
        assert buttons(await ask(dispatcher, "import")) == {"Connect Zotero": "zotero"}


async def test_where_it_is_off_the_answer_says_who_can_switch_it_on(dispatcher: Dispatcher) -> None:
    assert "PAPERBOY_TOKEN_KEYS" in plain_text(await ask(dispatcher, "zotero"))
    assert "PAPERBOY_TOKEN_KEYS" in plain_text(await connect(dispatcher))


async def test_a_channel_is_connected_by_its_admins(dispatcher: Dispatcher, app: App, fake: FakeZotero) -> None:
    assert "for its admins" in plain_text(await connect(dispatcher, "channel"))
    assert "for its admins" in plain_text(await ask(dispatcher, "zotero off channel"))
    assert "Connected with Lab of eight." in plain_text(await connect(dispatcher, "channel", admin=True))
    fake.add("ITEM2345", "A paper of the group", path=GROUP)
    answer = plain_text(await ask(dispatcher, "zotero sync channel"))
    assert "Connected with a group Lab of eight" in answer
    listed = await ask(dispatcher, "library")
    assert "saved by Zotero" in plain_text(listed)
    assert await saved(dispatcher) == []
    assert await app.store.zotero_library(person_key(await app.store.person(ANA))) is None


async def test_a_private_talk_has_no_library_of_a_channel(dispatcher: Dispatcher, fake: FakeZotero) -> None:
    talk = private_talk(Account("slack", "T1/U1"))
    assert "private talk" in plain_text(await connect(dispatcher, "channel", place=talk, admin=True))
    assert fake.asked == []


async def test_a_key_that_may_not_write_is_refused_with_what_to_do(dispatcher: Dispatcher, fake: FakeZotero) -> None:
    assert "zotero.org/settings/keys/new" in plain_text(await connect(dispatcher, key=READ_ONLY))
    assert fake.titles() == []


async def test_trouble_and_a_refused_key_are_told(dispatcher: Dispatcher, fake: FakeZotero) -> None:
    await connect(dispatcher)
    fake.faults = [(500, {})] * 5
    assert "Zotero: 500 Internal Server Error (5 attempts). I try again" in plain_text(
        await ask(dispatcher, "zotero sync")
    )
    fake.faults = [(403, {})]
    assert "Connect it again." in plain_text(await ask(dispatcher, "zotero sync"))
    again = (await ask(dispatcher, "zotero")).buttons[0]
    assert (again.label, again.command) == ("Connect again", "zotero connect me")


async def test_disconnecting_deletes_the_key_and_leaves_the_papers(
    dispatcher: Dispatcher, app: App, fake: FakeZotero
) -> None:
    fake.add("ITEM2345", "A paper from Zotero", url="https://arxiv.org/abs/2003.00001")
    await connect(dispatcher)
    await ask(dispatcher, "zotero sync")
    answer = await ask(dispatcher, "zotero off")
    assert "its API key is deleted" in plain_text(answer)
    assert buttons(answer) == {"Connect again": "zotero connect me"}
    assert await saved(dispatcher) == ["2003.00001"]
    assert "No library of Zotero was connected." in plain_text(await ask(dispatcher, "zotero off"))
    assert (await app.store.count_zotero()).libraries == 0
