"""The commands of a reading group."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.chat.dispatch import Dispatcher, Request
from bot.domain.messages import Message, plain_text
from bot.domain.people import Account
from tests.support.clubs import Calendar, FakeTerminal
from tests.support.commands import ANA, PAPERS, ask

BEN = Account("console", "ben", "ben")
OPENS, CLOSES = (datetime(2026, 1, day, 16, tzinfo=UTC) for day in (24, 26))


async def say(dispatcher: Dispatcher, line: str, account: Account = ANA, *, admin: bool = False) -> str:
    return plain_text(await ask(dispatcher, line, account=account, admin=admin))


async def start(dispatcher: Dispatcher) -> list[str]:
    """Start a club on Thursdays with two papers proposed, by ana and ben; returns their ids."""
    assert "Thursday, 16:00 UTC, every week" in await say(dispatcher, "club on thursday 16:00", admin=True)
    ids = [str(found.stored.paper.id) for found in await dispatcher.app.library.search("diffusion", 2)]
    assert "Nominated: " in await say(dispatcher, f"club propose {ids[0]}")
    assert "Nominated: " in await say(dispatcher, f"club propose {ids[1]}", BEN)
    return ids


async def test_only_admins_start_a_club(dispatcher: Dispatcher) -> None:
    assert "is for admins" in await say(dispatcher, "club on thursday 16:00")
    assert await dispatcher.app.store.club(PAPERS.key) is None
    assert "An admin can start one" in await say(dispatcher, "club show")


async def test_a_club_needs_a_day_and_a_time_first_and_keeps_them(dispatcher: Dispatcher) -> None:
    assert "Say when the club meets" in await say(dispatcher, "club on thursday", admin=True)
    told = await say(dispatcher, "club on thursday 16:00 Berlin every 2 weeks", admin=True)
    assert "Thursday, 16:00 Europe/Berlin, every 2 weeks. The vote opens 5 days before" in told
    assert "Thursday, 17:30 Europe/Berlin, every 2 weeks" in await say(dispatcher, "club on 17:30", admin=True)
    assert "No more meetings here" in await say(dispatcher, "club off", admin=True)
    assert "It is off; /papers club on starts it again" in await say(dispatcher, "club show")
    assert "Thursday, 17:30 Europe/Berlin" in await say(dispatcher, "club on", admin=True)


async def test_the_days_of_the_vote_can_be_set(dispatcher: Dispatcher) -> None:
    await start(dispatcher)
    assert "opens 4 days before and closes 2 days before" in await say(dispatcher, "club days 4 2", admin=True)
    assert "closes after it opens" in await say(dispatcher, "club days 3 3", admin=True)
    assert "must be a number from 3 to 6" in await say(dispatcher, "club days 9 2", admin=True)


async def test_the_name_alone_shows_what_is_planned(dispatcher: Dispatcher) -> None:
    await start(dispatcher)
    told = await say(dispatcher, "club")
    assert "Next meeting: Thu 29 Jan 2026, 16:00 UTC" in told
    assert told.count("(proposed)") == 2


async def test_who_proposed_a_paper_or_an_admin_can_withdraw_it(dispatcher: Dispatcher) -> None:
    one, two = await start(dispatcher)
    assert "Already nominated" in await say(dispatcher, f"club propose {one}", BEN)
    assert "Somebody else proposed it" in await say(dispatcher, f"club withdraw {one}", BEN)
    assert "No longer nominated" in await say(dispatcher, f"club withdraw {one}")
    assert "was not proposed here" in await say(dispatcher, f"club withdraw {one}")
    assert "No longer nominated" in await say(dispatcher, f"club withdraw {two}", admin=True)


async def test_people_vote_by_number_and_may_change_their_vote(dispatcher: Dispatcher) -> None:
    await start(dispatcher)
    calendar = Calendar(dispatcher.app, [FakeTerminal()])
    assert "There is no vote here now" in await say(dispatcher, "club vote 1")
    await calendar.be(OPENS)
    assert "The vote is open until Mon 26 Jan 2026, 16:00 UTC" in await say(dispatcher, "club show")
    assert "no 7" in await say(dispatcher, "club vote 7")
    await say(dispatcher, "club vote 1")
    await say(dispatcher, "club vote 2", BEN)
    answer = await ask(dispatcher, "club vote 2")
    assert answer.renewed
    assert "· 2 votes" in plain_text(answer.renewed)
    late = await dispatcher.app.library.search("robots", 1)
    assert "for the meeting after" in await say(dispatcher, f"club propose {late[0].stored.paper.id}")
    await calendar.be(CLOSES)
    assert "There is no vote here now" in await say(dispatcher, "club vote 1")
    assert "We read " in await say(dispatcher, "club show")


async def test_one_paper_alone_is_not_voted_on(dispatcher: Dispatcher) -> None:
    one, two = await start(dispatcher)
    await say(dispatcher, f"club withdraw {two}", admin=True)
    calendar = Calendar(dispatcher.app, [FakeTerminal()])
    await calendar.be(OPENS)
    assert "so there is no vote" in await say(dispatcher, "club vote 1")
    await say(dispatcher, f"club withdraw {one}")
    await say(dispatcher, f"club propose {two}")
    await calendar.be(CLOSES)
    assert "vote" not in await say(dispatcher, "club history"), "none was cast for what was withdrawn"


async def test_what_was_read_is_listed_and_exported(dispatcher: Dispatcher) -> None:
    _, two = await start(dispatcher)
    assert "Nothing yet" in await say(dispatcher, "club history")
    assert "has read nothing yet" in await say(dispatcher, "export club bibtex")
    calendar = Calendar(dispatcher.app, [FakeTerminal()])
    await calendar.be(OPENS)
    await say(dispatcher, "club vote 2")
    await calendar.be(CLOSES)
    assert "29 Jan 2026: " in await say(dispatcher, "club history")
    assert "(1 of 1 vote)" in await say(dispatcher, "club history")
    exported: Message = await ask(dispatcher, "export club bibtex")
    assert two in exported.attachments[0].content.decode()
    assert "was read here already" in await say(dispatcher, f"club propose {two}")


async def test_a_club_that_is_switched_off_and_on_goes_on_with_its_vote(dispatcher: Dispatcher) -> None:
    await start(dispatcher)
    calendar = Calendar(dispatcher.app, [FakeTerminal()])
    await calendar.be(OPENS)
    await say(dispatcher, "club vote 2")
    assert "The meeting of Thursday, 29 Jan 2026 is called off" in await say(dispatcher, "club off", admin=True)
    assert "There is no vote here now" in await say(dispatcher, "club vote 1")
    assert "The vote is open until" in await say(dispatcher, "club on", admin=True)
    await calendar.be(CLOSES)
    assert "(1 of 1 vote)" in await say(dispatcher, "club history")


async def test_a_new_day_holds_from_the_meeting_after_the_one_that_is_voted_on(dispatcher: Dispatcher) -> None:
    await start(dispatcher)
    await Calendar(dispatcher.app, [FakeTerminal()]).be(OPENS)
    told = await say(dispatcher, "club on friday 10:00", admin=True)
    assert "Friday, 10:00 UTC" in told
    assert "Next meeting: Thu 29 Jan 2026, 16:00 UTC" in told
    club = await dispatcher.app.store.club(PAPERS.key)
    assert club
    assert f"{club.first}" == "2026-01-30"


async def test_a_private_talk_has_no_club(dispatcher: Dispatcher) -> None:
    private = replace(PAPERS, private=True)
    answer = await dispatcher.answer(Request(ANA, private, "club on thursday 16:00", admin=True))
    assert "A reading group is a channel's" in plain_text(answer)
