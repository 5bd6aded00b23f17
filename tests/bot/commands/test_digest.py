"""The settings of a channel's daily post."""

from bot.chat.dispatch import Dispatcher, Request
from bot.domain.messages import Message, plain_text
from bot.domain.people import Account, Place, private_talk

PAPERS = Place("slack", "T1", "C1", "#papers")


async def ask(dispatcher: Dispatcher, line: str) -> Message:
    return await dispatcher.answer(Request(Account("slack", "T1/U0", "olga"), PAPERS, line, admin=True))


async def test_the_form_of_a_channel_shows_how_it_is_set_and_every_choice_is_a_command(dispatcher: Dispatcher) -> None:
    await ask(dispatcher, "digest count 3")
    form = await ask(dispatcher, "digest setup")
    assert form.private
    assert "3 papers" in plain_text(form)
    [count, days, scope, layout] = form.selects
    assert [choice.value for choice in count.choices if choice.selected] == ["3"]
    for select, value in ((count, "7"), (days, "weekdays"), (scope, "topics-first"), (layout, "compact")):
        assert (await ask(dispatcher, select.command.replace("{value}", value))).title == "Daily post"
    assert "7 papers" in plain_text(await ask(dispatcher, "digest setup"))


async def test_a_layout_follows_the_number_of_papers_until_one_is_chosen(dispatcher: Dispatcher) -> None:
    async def described(line: str) -> str:
        return plain_text(await ask(dispatcher, line))

    assert "all in one message" in await described("digest on")
    assert "a message for each" in await described("digest count 3")
    assert "all in one message" in await described("digest layout compact")
    assert "all in one message" in await described("digest count 2")
    assert "a message for each" in await described("digest layout auto")
    assert "all in one message" in await described("digest count 10")


async def test_the_form_starts_and_stops_the_post(dispatcher: Dispatcher) -> None:
    for label in ("Start", "Stop", "Start"):
        form = await ask(dispatcher, "digest setup")
        [switch] = [button for button in form.buttons if button.label in {"Start", "Stop"}]
        assert switch.label == label
        await ask(dispatcher, switch.command)


async def test_a_post_of_ones_own_is_told_from_the_channels_and_where_to_change_it(dispatcher: Dispatcher) -> None:
    own = await ask(dispatcher, "digest me 18:00 Berlin")
    assert own.title == "Your daily post"
    assert "/papers digest setup in that talk changes the rest." in plain_text(own)
    talk = private_talk(Account("slack", "T1/U0"))
    request = Request(Account("slack", "T1/U0", "olga"), talk, "digest count 2", admin=True)
    there = plain_text(await dispatcher.answer(request))
    assert there.startswith("Your daily post\n\n2 papers at 18:00 Europe/Berlin")
    assert "in that talk" not in there


async def test_days_alone_leave_the_time_as_it_is(dispatcher: Dispatcher) -> None:
    await ask(dispatcher, "digest on 17:30")
    assert "at 17:30 UTC, Mon," in plain_text(await ask(dispatcher, "digest time every monday"))
    assert "not a time of day" in plain_text(await ask(dispatcher, "digest time soon"))
