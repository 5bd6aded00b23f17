"""Paperboy in a Slack that was not made for it: commands, buttons, reactions, the daily post, the home tab."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from adapters.slack.wiring import Slack
from bot.cards import cards
from bot.digest import Edition, compose
from bot.library import Library
from bot.people import Account, Attitude, Place
from e2e.browser import browser
from e2e.conftest import eventually
from e2e.emulator import BOT, CHANNEL, TEAM, URL, Emulator
from tests.adapters.slack.checker import check_blocks, check_view

HERE = Place("slack", TEAM, CHANNEL, "#papers")


async def _said(people: Emulator, title: str) -> dict[str, Any] | None:
    """The newest message with this heading."""
    found = [m for m in await people.messages() if m.get("blocks") and title in str(m["blocks"][:2])]
    return found[-1] if found else None


async def _calls(people: Emulator, method: str) -> list[dict[str, Any]]:
    """Everything that was logged of a method."""
    return [entry for entry in await people.log() if method in str(entry.get("summary", ""))]


async def _saved(library: Library, user: str) -> list[str]:
    person = await library.store.person(Account("slack", f"{TEAM}/{user}"))
    return [entry.paper_id for entry in await library.store.judged(person) if entry.attitude is Attitude.SAVE]


async def test_a_command_a_button_and_a_reaction(paperboy: Slack, people: Emulator, library: Library) -> None:
    await people.command("search diffusion")
    answer = await eventually(lambda: _said(people, "Search: diffusion"))
    check_blocks(answer["blocks"])
    assert answer["user"] == BOT
    await people.press(answer, "Save")
    told = await eventually(lambda: _said(people, "Saved"))
    assert told["ephemeral_to"] == "U01ANA"
    [saved] = await _saved(library, "U01ANA")
    shown = await library.store.posted(HERE.key, answer["ts"])
    assert saved == shown[0]
    await people.react(answer["ts"], "two", user="U02BEN")
    assert await eventually(lambda: _saved(library, "U02BEN")) == [shown[1]]
    await people.react(answer["ts"], "two", user="U02BEN", present=False)

    async def taken_back() -> bool:
        return not await _saved(library, "U02BEN")

    assert await eventually(taken_back)


async def test_an_event_that_comes_three_times_is_answered_once(paperboy: Slack, people: Emulator) -> None:
    await people.command("search diffusion")
    answer = await eventually(lambda: _said(people, "Search: diffusion"))
    await people.react(answer["ts"], "one")
    await eventually(lambda: _said(people, "Saved to your list"))
    await people.open_home()
    await eventually(lambda: _calls(people, "views.publish"))
    # What comes after them all is answered when they are done with.
    await people.command("trending month")
    await eventually(lambda: _said(people, "Trending this month"))
    assert len([m for m in await people.messages() if "Saved to your list" in str(m.get("blocks"))]) == 1
    assert len(await _calls(people, "views.publish")) == 1


async def test_shortcuts(paperboy: Slack, people: Emulator, library: Library) -> None:
    await people.command("search diffusion")
    answer = await eventually(lambda: _said(people, "Search: diffusion"))
    await people.press(answer, "Similar", user="U02BEN")
    similar = await eventually(lambda: _said(people, "Similar to"))
    await people.shortcut("save_paper", similar["ts"], user="U02BEN")
    which = await eventually(lambda: _said(people, "Which paper?"))
    check_blocks(which["blocks"])
    paper = which["blocks"][1]["elements"][0]["value"].removeprefix("save ")
    await people.press(which, which["blocks"][1]["elements"][0]["text"]["text"], user="U02BEN")
    assert await eventually(lambda: _saved(library, "U02BEN")) == [paper]
    told = await eventually(lambda: _said(people, "Saved"))
    await people.shortcut("similar_papers", told["ts"], user="U02BEN")
    await people.shortcut("search_papers", user="U02BEN")
    [opened] = await eventually(lambda: _calls(people, "views.open"))
    assert "Search papers" in str(opened)


async def test_more_updates_the_message(paperboy: Slack, people: Emulator) -> None:
    await people.command("trending month")
    first = await eventually(lambda: _said(people, "Trending this month"))
    await people.press(first, "More")
    second = await eventually(lambda: _said(people, "page 2"))
    assert second["ts"] == first["ts"]


async def test_the_daily_post_and_a_save_by_reaction(paperboy: Slack, people: Emulator, library: Library) -> None:
    sent = await _post_digest(paperboy, library)
    messages = {message["ts"]: message for message in await people.messages()}
    assert all(ts in messages for ts in sent)
    await people.react(sent[1], "bookmark", user="U03CHEN")
    assert len(await eventually(lambda: _saved(library, "U03CHEN"))) == 1


async def test_every_payload_of_the_evening_is_good(paperboy: Slack, people: Emulator) -> None:
    for line in ("help", "trending month", "show 2601.11087", "topics", "saved", "foryou", "digest preview"):
        await people.command(line)
    await people.open_home()

    async def published() -> bool:
        return "views.publish" in str(await people.log())

    await eventually(published)
    for entry in await people.log():
        _check(entry)


def _check(entry: Any) -> None:
    """Check every list of blocks and every view in something that was logged."""
    if isinstance(entry, dict):
        if entry.get("type") in {"home", "modal"} and "blocks" in entry and "id" not in entry:
            check_view(entry)
        elif "text" in entry and isinstance(entry.get("blocks"), list) and "channel" in entry and "ts" not in entry:
            check_blocks(entry["blocks"])
        for value in entry.values():
            _check(value)
    elif isinstance(entry, list):
        for value in entry:
            _check(value)


async def test_what_people_see(paperboy: Slack, people: Emulator, library: Library, tmp_path: Path) -> None:
    """The page in a browser, used by hand; `SCREENSHOTS=docs/images` keeps the pictures."""
    folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
    async with browser(tmp_path) as page:
        await page.open(URL)
        await _post_digest(paperboy, library)
        await page.shows("Trending papers")
        await page.screenshot(folder / "slack-digest.png", height=760)
        await people.reset()
        await people.command("search diffusion models")
        await page.shows("Search: diffusion models")
        await page.screenshot(folder / "slack-search.png", height=900)
        await page.click("Save", among="button")
        await page.shows("Saved ")
        await page.click("🏠 Paperboy", among="button")
        await page.shows("Notifications")
        await page.screenshot(folder / "slack-home.png", height=1000)
        await page.click("Send me a daily post", among="button")
        await page.shows("Papers in a post")
        await page.screenshot(folder / "slack-setup.png", height=800)
    for name in ("digest", "search", "home", "setup"):
        assert (folder / f"slack-{name}.png").stat().st_size < 200_000


async def _post_digest(paperboy: Slack, library: Library) -> list[str]:
    """The daily post, a message for each paper; returns the ids of its messages."""
    now = library.clock.now()
    shown = await cards(library, await library.front_page(3), as_of=now)
    post = compose(Edition(now.date()), shown)
    parts = [replace(post, cards=(), footer=()), *[replace(post, title="", cards=(card,), footer=()) for card in shown]]
    sent = [await paperboy.platform.send(HERE, part, nonce="n") for part in parts]
    for ts, card in zip(sent[1:], shown, strict=True):
        await library.store.record_post(HERE.key, ts, [card.paper_id])
    return sent
