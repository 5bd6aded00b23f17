"""Whatever fails after a button, a select or a form was used, the person is told, and it is logged."""

from typing import Any

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from tests.support.discord.world import World, answered, texts

FAILED = "an interaction failed"


@pytest.fixture
def broken(world: World) -> Any:
    """Lets the store fail from now on wherever a place's settings or a message's papers are touched."""

    class Broken:
        def __getattr__(self, name: str) -> Any:
            if name in {"destination", "record_post", "saved_command", "topics"}:
                raise RuntimeError(f"{name} is broken")
            return getattr(whole, name)

    whole = world.app.store

    def smash() -> None:
        world.app.store = Broken()

    return smash


async def test_a_failing_public_command_says_so_to_the_person_alone(world: World) -> None:
    world.env.inject_error("PATCH", "/webhooks/*/*/messages/@original", status=400, times=1)
    with capture_logs(processors=[merge_contextvars]) as logged:
        result = await world.ben.slash(world.papers, "papers search", query="robot")
    assert result.response is None, "nothing stays where everybody sees it"
    [told] = result.followups
    assert told.ephemeral
    assert "Something went wrong" in texts(told)
    [failed] = [entry for entry in logged if entry["event"] == FAILED]
    assert f"tell an admin: error `{failed['trace']}`." in texts(told)
    [answered] = [entry for entry in logged if entry["event"] == "command answered"]
    assert answered["trace"] == failed["trace"], "one id from the command to its answer"
    assert len(world.env.errors) == 1


async def test_a_public_answer_stays_when_something_fails_after_it(world: World, broken: Any) -> None:
    broken()
    result = await world.ben.slash(world.papers, "papers search", query="robot")
    assert result.response
    assert "Search: robot" in texts(result.response)
    [told] = result.followups
    assert told.ephemeral
    assert "Something went wrong" in texts(told)
    assert len(world.env.errors) == 1


async def test_a_failing_button_says_so(world: World, broken: Any) -> None:
    found = answered(await world.ben.slash(world.papers, "papers search", query="robot"))
    broken()
    with capture_logs() as logged:
        pressed = await world.ben.click(found, label="More")
    assert "Something went wrong" in "".join(map(texts, pressed.followups))
    assert pressed.followups[0].ephemeral
    assert FAILED in {entry["event"] for entry in logged}


async def test_a_failing_select_button_and_form_of_the_setup_say_so(world: World, broken: Any) -> None:
    panel = answered(await world.ana.slash(world.papers, "papers-admin digest on"))
    here = world.papers.id
    form = await world.ana.click(panel, custom_id=f"setup:{here}:form")
    broken()
    with capture_logs() as logged:
        told = [
            await world.ana.select(panel, ["3"], custom_id=f"setup:{here}:count"),
            await world.ana.select(panel, [world.papers], custom_id="setup:channel"),
            await world.ana.click(panel, custom_id=f"setup:{here}:start"),
            await world.ana.submit_modal(form, {"time": "06:00", "timezone": "UTC", "topics": ""}),
        ]
        unopened = await world.ana.click(panel, custom_id=f"setup:{here}:form")
    for result in told:
        assert "Something went wrong" in "".join(map(texts, result.followups))
    assert "Something went wrong" in texts(unopened.response)
    assert unopened.ephemeral
    assert [entry["event"] for entry in logged].count(FAILED) == 5
