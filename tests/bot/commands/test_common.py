"""What commands share."""

from bot.chat.dispatch import Dispatcher
from bot.domain.messages import plain_text
from bot.domain.paper_ids import PaperId
from tests.support.commands import ask

MAGMA = PaperId("2601.03236")


async def test_every_button_of_an_answer_is_a_command(dispatcher: Dispatcher) -> None:
    for line in ("search memory", "similar 2601.03236", f"save {MAGMA}", "saved", "forget-me"):
        answer = await ask(dispatcher, line)
        buttons = [*answer.buttons, *(button for card in answer.cards for button in card.buttons)]
        for command in (button.command for button in buttons if button.command):
            pressed = await ask(dispatcher, command)
            assert "went wrong" not in plain_text(pressed)
            assert "There is no command" not in plain_text(pressed)


async def test_one_can_go_back_in_lists_that_stay_as_they_are(dispatcher: Dispatcher) -> None:
    second = await ask(dispatcher, "search model --page 2")
    assert [button.command for button in second.buttons] == ["search model --page 1", "search model --page 3"]
    first = await ask(dispatcher, second.buttons[0].command)
    assert [button.label for button in first.buttons] == ["More"]
    assert first.cards == (await ask(dispatcher, "search model")).cards
    beyond = await ask(dispatcher, "search model --page 400")
    assert [button.label for button in beyond.buttons] == ["Back"]
    await ask(dispatcher, "topics follow robots")
    assert [b.label for b in (await ask(dispatcher, "foryou --page 2")).buttons if b.label == "Back"] == []
