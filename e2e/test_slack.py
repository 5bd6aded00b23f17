"""Paperboy in a Slack that was not made for it: commands, buttons, reactions, the daily post, the home tab."""

from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import quote

from adapters.slack.wiring import Slack
from bot.delivery.clubs import ClubKeeper
from bot.delivery.composer import PostComposer
from bot.delivery.deliverer import Deliverer
from bot.domain.people import Account, FeedbackKind, Place
from bot.library.app import App
from e2e import preview
from e2e.browser import Page
from e2e.conftest import Keep, eventually
from e2e.emulator import BOT, CHANNEL, TEAM, Emulator
from tests.conftest import TickingClock

HERE = Place("slack", TEAM, CHANNEL, "#papers")


async def _said(people: Emulator, title: str, only_to: str | None = None) -> dict[str, Any] | None:
    """The newest message with this heading which everybody sees, or only one person."""
    found = [
        message
        for message in await people.messages()
        if message.get("blocks") and title in str(message["blocks"][:2]) and message.get("ephemeral_to") == only_to
    ]
    return found[-1] if found else None


async def _answer(people: Emulator, title: str, user: str = "U01ANA") -> dict[str, Any]:
    """The newest answer with this heading, which nobody but whoever asked sees."""

    return dict(await eventually(lambda: _said(people, title, only_to=user)))


async def _shared(people: Emulator, line: str, title: str) -> dict[str, Any]:
    """The message that everybody sees when Ana shares her answer to a command line."""
    await people.command(line)
    await people.press(await _answer(people, title), "Share to channel")

    return dict(await eventually(lambda: _said(people, title)))


def _papers(message: dict[str, Any]) -> list[str]:
    """The papers that can be saved in a message, in order."""
    values = [block["accessory"]["value"] for block in message["blocks"] if "accessory" in block]
    return [value.removeprefix("save ") for value in values]


def _all_blocks(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [block for message in messages for block in message.get("blocks") or ()]


async def _calls(people: Emulator, method: str) -> list[dict[str, Any]]:
    """Everything that was logged of a method."""
    return [entry for entry in await people.log() if method in str(entry.get("summary", ""))]


async def _saved(app: App, user: str) -> list[str]:
    person = await app.store.person(Account("slack", f"{TEAM}/{user}"))
    return [entry.paper_id for entry in await app.store.feedback_of(person) if entry.kind is FeedbackKind.SAVE]


async def test_a_command_a_button_and_a_reaction(paperboy: Slack, people: Emulator, app: App) -> None:
    await people.command("search diffusion")
    answer = await _answer(people, "Search: diffusion")
    assert answer["user"] == BOT
    await people.press(answer, "Save")
    await _answer(people, "Saved")
    assert await _saved(app, "U01ANA") == _papers(answer)[:1]
    shared = await _shared(people, "search diffusion", "Search: diffusion")
    # What a message shows is recorded after Slack has given it a timestamp.
    shown = await eventually(lambda: app.store.posted(HERE.key, shared["ts"]))
    assert shown == _papers(answer)
    await people.react(shared["ts"], "two", user="U02BEN")
    assert await eventually(lambda: _saved(app, "U02BEN")) == [shown[1]]
    await people.react(shared["ts"], "two", user="U02BEN", present=False)

    async def taken_back() -> bool:
        return not await _saved(app, "U02BEN")

    assert await eventually(taken_back)


async def test_an_event_that_comes_three_times_is_answered_once(paperboy: Slack, people: Emulator) -> None:
    shared = await _shared(people, "search diffusion", "Search: diffusion")
    await people.react(shared["ts"], "one")
    await _answer(people, "Saved to your list")
    await people.open_home()
    await eventually(lambda: _calls(people, "views.publish"))
    # What comes after them all is answered when they are done with.
    await people.command("trending month")
    await _answer(people, "Trending this month")
    assert len([m for m in await people.messages() if "Saved to your list" in str(m.get("blocks"))]) == 1
    assert len(await _calls(people, "views.publish")) == 1


async def test_shortcuts(paperboy: Slack, people: Emulator, app: App) -> None:
    shared = await _shared(people, "search diffusion", "Search: diffusion")
    await people.shortcut("save_paper", shared["ts"], user="U02BEN")
    which = await _answer(people, "about several papers", "U02BEN")
    paper = which["blocks"][1]["elements"][0]["options"][0]
    await people.choose(which, paper["text"]["text"], user="U02BEN")
    assert await eventually(lambda: _saved(app, "U02BEN")) == [paper["value"]]
    await _answer(people, "Saved", "U02BEN")
    one = await _shared(people, "show 2601.11087", "PhysRVG")
    await people.shortcut("similar_papers", one["ts"], user="U02BEN")
    await _answer(people, "Similar to", "U02BEN")
    await people.shortcut("search_papers", user="U02BEN")
    [opened] = await eventually(lambda: _calls(people, "views.open"))
    assert "Search papers" in str(opened)


async def test_the_menu_of_a_list_that_all_see_answers_whoever_chose(paperboy: Slack, people: Emulator) -> None:
    shared = await _shared(people, "search diffusion", "Search: diffusion")
    await people.choose(shared, "Similar", user="U02BEN")
    similar = await _answer(people, "Similar to", "U02BEN")
    assert _papers(similar)


async def test_more_updates_the_message(paperboy: Slack, people: Emulator) -> None:
    await people.command("trending month")
    first = await _answer(people, "Trending this month")
    await people.press(first, "More")
    second = await _answer(people, "page 2")
    assert second["ts"] == first["ts"]
    assert not set(_papers(first)) & set(_papers(second))


async def test_the_daily_post_from_its_setup_to_a_save(
    paperboy: Slack, people: Emulator, app: App, page: Page, keep: Keep
) -> None:
    """Set up in the page by an admin, posted when its time comes, saved by a click on a reaction."""
    await people.command("digest on")
    await page.shows("Papers in a post")
    for day in ("Monday", "Tuesday", "Friday"):
        await page.click(day, among="label")
    await page.click("Switch on", among="button")
    await page.shows("5 papers at 09:00 UTC, Mon, Tue, Fri")
    await page.click("Close", among="button")

    clock = app.clock
    assert isinstance(clock, TickingClock)
    clock.moment = datetime(2026, 1, 20, 9, 0, 30, tzinfo=UTC)
    deliverer = Deliverer(app.store, PostComposer(app), [paperboy.platform], clock)
    assert await deliverer.tick() == 1
    assert await deliverer.tick() == 0
    posted = [message for message in await people.messages() if message.get("blocks") and message["user"] == BOT]
    assert "Trending papers · Tuesday, 20 Jan 2026" in str(posted[0]["blocks"])
    [post] = posted
    assert "ephemeral_to" not in post
    await page.shows("Trending papers")
    await keep(page, "slack-digest", post["blocks"], height=1080, phone=True)

    _, paper, *_ = papers = await app.store.posted(HERE.key, post["ts"])
    assert len(papers) == 5
    await people.react(post["ts"], "two", user="U03CHEN")
    assert await eventually(lambda: _saved(app, "U03CHEN")) == [paper]
    await page.click("2️⃣ 1")
    assert await eventually(lambda: _saved(app, "U01ANA")) == [paper]


async def test_every_command_is_answered(paperboy: Slack, people: Emulator) -> None:
    for line in ("help", "trending month", "show 2601.11087", "topics", "saved", "foryou", "digest preview", "link"):
        await people.command(line)
    titles = ("What Paperboy can do", "Trending this month", "PhysRVG", "Saved papers", "For you", "Trending papers")
    for title in (*titles, "Link another account"):
        await _answer(people, title)


async def test_a_reading_group_votes(paperboy: Slack, people: Emulator, app: App, page: Page, keep: Keep) -> None:
    """Three papers are nominated; people vote with the buttons under them, which show how many did."""
    await people.command("club on thursday 16:00 Berlin")
    await _answer(people, "Reading group")
    for user, paper in (("U01ANA", "2601.03236"), ("U02BEN", "2601.08079"), ("U03CHEN", "2601.04726")):
        await people.command(f"club propose {paper}", user=user)
        await eventually(partial(_proposed, app, paper))
    clock = app.clock
    assert isinstance(clock, TickingClock)
    clock.moment = datetime(2026, 1, 24, 15, 0, 30, tzinfo=UTC)
    await ClubKeeper(app.store, [paperboy.platform], clock).tick()
    assert await Deliverer(app.store, PostComposer(app), [paperboy.platform], clock).tick() == 1
    ballot = await eventually(lambda: _said(people, "Which paper do we read"))
    for user, number in (("U01ANA", 2), ("U02BEN", 2), ("U03CHEN", 1)):
        await people.press(ballot, f"Vote {number}", user=user)
        await _answer(people, "You voted for", user)
    await page.shows("2 votes")
    await page.run(_HIDE_WHAT_ONE_ALONE_SEES)
    await keep(page, "slack-vote", _all_blocks(await people.messages()), height=900)


_HIDE_WHAT_ONE_ALONE_SEES = """[...document.querySelectorAll('.messages > *')]
    .filter(e => e.innerText.includes('only visible to you')).forEach(e => e.style.display = 'none')"""


async def _proposed(app: App, paper: str) -> bool:
    return paper in [each.paper_id for each in await app.store.proposals(HERE.key)]


async def test_what_people_see(paperboy: Slack, people: Emulator, page: Page, keep: Keep) -> None:
    """The page, used by hand: a search, a save, the home tab with its modals."""
    await people.command("search diffusion models")
    await page.shows("Search: diffusion models")
    await keep(page, "slack-search", _all_blocks(await people.messages()), height=1160)
    await page.click("Save", among="button")
    await page.shows("Saved ")
    await page.click("🏠 Paperboy", among="button")
    await page.shows("Notifications")
    published = await _calls(people, "views.publish")
    await keep(page, "slack-home", published[-1]["detail"]["view"]["blocks"], height=1000)
    await page.click("Search papers", among="button")
    await page.type("video diffusion", into=".bk-plain-input")
    await page.click("Search", among="button")
    await page.shows("Search: video diffusion")
    updated = await _calls(people, "views.update")
    await people.press_in_view(updated[-1]["detail"]["view"], "Save")
    await page.until("document.querySelector('.modal').innerText.includes('Remove')")
    await page.until("document.querySelector('.modal').innerText.includes('Saved ')")
    await page.shows("Search: video diffusion")
    await page.click("Close", among="button")
    await page.click("Send me a daily post", among="button")
    await page.shows("You get 5 papers at 09:00 Europe/Berlin")
    await page.click("Change", among="button")
    await page.shows("The day's trending papers for you")


async def test_the_setup_as_slack_draws_it(paperboy: Slack, people: Emulator, page: Page, keep: Keep) -> None:
    await people.command("digest on")
    [opened] = await eventually(lambda: _calls(people, "views.open"))
    view = opened["detail"]["view"]
    await page.open("data:text/html;charset=utf-8," + quote(preview.page(view)))
    await page.shows("Switch on")
    await keep(page, "slack-setup", width=640, height=1080, phone=True)
