"""Papers in and out as files."""

import csv
import io
import json
import re

import pytest

from bot.chat.dispatch import Dispatcher, Outcome, Request
from bot.domain.feeds import MOST_FEEDS
from bot.domain.messages import Attachment, Message, plain_text
from bot.domain.people import Account, FeedbackKind, Place
from bot.library import imports
from bot.library.app import App
from tests.support.commands import ANA, PAPERS, ask, saved

MAGMA = "2601.03236"
BIBTEX = b"""@article{shannon1948,
  title = {A Mathematical Theory of Communication},
  author = {Shannon, Claude E.},
  year = {1948},
  doi = {10.1002/j.1538-7305.1948.tb01338.x},
}
@misc{magma,
  title = {What somebody calls it},
  eprint = {2601.03236},
  archiveprefix = {arXiv},
}
@article{untitled,
  author = {Nobody},
}
"""
SHANNON = "doi:10.1002/j.1538-7305.1948.tb01338.x"


async def bring(
    dispatcher: Dispatcher, content: bytes, name: str = "refs.bib", *, account: Account = ANA, place: Place = PAPERS
) -> Message:
    return await dispatcher.answer(Request(account, place, "import", {"file": name}, file=Attachment(name, content)))


async def press(dispatcher: Dispatcher, message: Message, label: str) -> Message:
    return await ask(dispatcher, next(button.command for button in message.buttons if button.label == label))


async def test_a_file_becomes_saves_and_bad_records_are_named(dispatcher: Dispatcher, app: App) -> None:
    answer = await bring(dispatcher, BIBTEX)
    said = plain_text(answer)
    assert answer.private
    assert "2 papers saved from refs.bib." in said
    assert "1 record could not be read:" in said
    assert "line 12: no title" in said
    assert set(await saved(dispatcher)) == {SHANNON, MAGMA}
    found = await ask(dispatcher, "search mathematical theory of communication")
    assert found.cards[0].paper_id == SHANNON, "it can be searched at once"


async def test_an_import_is_taken_back_in_one_step(dispatcher: Dispatcher) -> None:
    await ask(dispatcher, f"save {MAGMA}")
    answer = await bring(dispatcher, BIBTEX)
    assert "1 of its papers was on your list already." in plain_text(answer)
    assert "1 paper is off your list again." in plain_text(await press(dispatcher, answer, "Take this one back"))
    assert await saved(dispatcher) == [MAGMA], "what was saved before stays"
    assert "Nothing of this import" in plain_text(await press(dispatcher, answer, "Take this one back"))


async def test_nobody_takes_back_what_others_brought(dispatcher: Dispatcher) -> None:
    answer = await bring(dispatcher, BIBTEX)
    command = next(button.command for button in answer.buttons if "back" in button.label)
    ben = Account("console", "ben", "ben")
    assert "Nothing of this import" in plain_text(await ask(dispatcher, command, account=ben))
    assert len(await saved(dispatcher)) == 2


async def test_what_a_file_tells_changes_no_paper_that_is_here(dispatcher: Dispatcher, app: App) -> None:
    before = (await app.library.find(MAGMA)).paper
    forged = {
        "id": MAGMA,
        "title": "Buy this",
        "abstract": "Nothing but this.",
        "updated": "2099-01-01",
        "upvotes": 9999,
        "code": "https://evil.example/code",
        "doi": "10.1000/forged",
    }
    upvotes = (await app.library.readings([before.id], app.clock.now()))[before.id].upvotes
    await bring(dispatcher, json.dumps([forged]).encode(), "refs.json")
    assert (await app.library.find(MAGMA)).paper == before
    assert (await app.library.readings([before.id], app.clock.now()))[before.id].upvotes == upvotes
    same_title = {"title": before.title, "link": "https://evil.example/", "code": "https://evil.example/code"}
    await bring(dispatcher, json.dumps([same_title]).encode(), "refs.json")
    assert (await app.library.find(MAGMA)).paper == before
    assert await saved(dispatcher) == [MAGMA], "the paper is found by its title"


async def test_a_number_in_a_file_is_no_paper_of_another_file(dispatcher: Dispatcher) -> None:
    first, second = ({"id": "1", "title": f"On {what} and their habitats"} for what in ("herons", "storks"))
    await bring(dispatcher, json.dumps([first]).encode(), "a.json")
    await bring(dispatcher, json.dumps([second]).encode(), "b.json")
    assert len(set(await saved(dispatcher))) == 2


async def test_what_is_imported_in_a_channel_is_on_ones_own_list_alone(dispatcher: Dispatcher) -> None:
    await bring(dispatcher, BIBTEX)
    assert (await ask(dispatcher, "library")).cards == ()


async def test_a_disliked_paper_is_disliked_again_after_the_import_is_taken_back(
    dispatcher: Dispatcher, app: App
) -> None:
    await ask(dispatcher, f"dislike {MAGMA}")
    answer = await bring(dispatcher, BIBTEX)
    assert MAGMA in await saved(dispatcher)
    await press(dispatcher, answer, "Take these 2 back")
    kinds = [entry.kind for entry in await app.store.feedback_of(await app.store.person(ANA))]
    assert kinds == [FeedbackKind.DISLIKE]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("notes.txt", b"Dear all,\n", "I could not read notes.txt: none of the formats"),
        ("empty.bib", b"", "I could not read empty.bib: no papers in it."),
        ("refs.json", b"", "I could not read refs.json: empty file."),
        ("refs.bib.gz", b"\x1f\x8bnothing", "I could not read refs.bib.gz: "),
        ("../../etc/passwd", b"root: x and more\n", "I could not read ../../etc/passwd: none of the formats"),
        ("large.bib", b" " * 10_000_001, "large.bib is larger than 10 MB"),
    ],
)
async def test_a_file_that_is_none_is_told(dispatcher: Dispatcher, name: str, content: bytes, said: str) -> None:
    assert said in plain_text(await bring(dispatcher, content, name))
    assert await saved(dispatcher) == []


async def test_many_records_are_read_in_parts(dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "MOST_RECORDS", 1_000)
    lines = "\n".join(json.dumps({"id": f"10.1000/{n}", "title": f"Paper {n} of many"}) for n in range(1_200))
    answer = plain_text(await bring(dispatcher, lines.encode(), "many.jsonl"))
    assert "1,000 papers saved from many.jsonl." in answer
    assert "bring the rest in a file of its own" in answer


async def test_without_a_file_one_is_told_how_to_bring_it(dispatcher: Dispatcher) -> None:
    answer, outcome = await dispatcher.answer_with_outcome(Request(ANA, PAPERS, "import refs.bib"))
    assert outcome is Outcome.REFUSED
    assert plain_text(answer).startswith("Which file? On Discord attach it")


async def test_posts_and_searches_are_exported_too(dispatcher: Dispatcher) -> None:
    assert "Nothing was posted here lately" in plain_text(await ask(dispatcher, "export posts"))
    assert "Which search?" in plain_text(await ask(dispatcher, "export search"))
    found = await ask(dispatcher, "export search json memory for agents")
    assert found.title.startswith("Search: memory for agents (")
    days = [each["published"] for each in json.loads(found.attachments[0].content)]
    assert len(days) > 5
    assert days == sorted(days, reverse=True), "the newest first"


async def test_a_list_is_exported_with_its_tags(dispatcher: Dispatcher) -> None:
    await ask(dispatcher, f"tag {MAGMA} club")
    await ask(dispatcher, "save 2601.08079")
    rows = (await ask(dispatcher, "export me csv #club")).attachments[0].content.decode()
    [row] = csv.DictReader(io.StringIO(rows))
    assert (row["id"], row["tags"]) == (MAGMA, "club")
    assert "No paper there has these words or tags" in plain_text(await ask(dispatcher, "export me csv #none"))


async def test_a_setting_says_what_citation_keys_are_made_of(dispatcher: Dispatcher, app: App) -> None:
    app.citation_key = "{id}"
    await ask(dispatcher, f"save {MAGMA}")
    assert b"@misc{260103236," in (await ask(dispatcher, "export")).attachments[0].content


async def test_a_tag_and_a_part_of_the_list_leave_citation_keys_as_they_are(dispatcher: Dispatcher) -> None:
    for number in (1, 2):
        entry = "@misc{one, title = {Deep Nets}, author = {Ann Smith}, year = {2020}, doi = {10.1000/%d}}"
        await bring(dispatcher, (entry % number).encode())
    await ask(dispatcher, "tag doi:10.1000/2 club")
    await ask(dispatcher, "tag doi:10.1000/1 best")
    assert await saved(dispatcher) == ["doi:10.1000/2", "doi:10.1000/1"], "a tag is no news"

    async def keys(line: str) -> list[tuple[str, str]]:
        written = (await ask(dispatcher, line)).attachments[0].content.decode()
        return re.findall(r"@misc\{(\S+),.*?10\.1000/(\d)", written, re.DOTALL)

    assert await keys("export") == [("smith2020deep-2", "2"), ("smith2020deep", "1")]
    assert await keys("export me bibtex #club") == [("smith2020deep-2", "2")], "a part of the list"


async def test_without_an_address_of_its_own_there_are_no_feeds(dispatcher: Dispatcher) -> None:
    assert "PAPERBOY_PUBLIC_URL" in plain_text(await ask(dispatcher, "export me feed"))
    await ask(dispatcher, f"save {MAGMA}")
    assert "Feed" not in [button.label for button in (await ask(dispatcher, "saved")).buttons]


async def test_a_feed_has_one_address_that_is_shown_once_and_can_be_revoked(dispatcher: Dispatcher, app: App) -> None:
    app.public_url = "https://papers.example.org"
    await ask(dispatcher, f"save {MAGMA}")
    listed = await ask(dispatcher, "saved #none")
    assert listed.cards == ()
    first = await press(dispatcher, await ask(dispatcher, "saved"), "Feed")
    assert first.private
    assert "https://papers.example.org/feeds/" in plain_text(first)
    assert "works no longer" not in plain_text(first)
    second = await ask(dispatcher, "export me feed")
    assert "The address that you had for it works no longer." in plain_text(second)
    assert "This address was revoked before." in plain_text(await press(dispatcher, first, "Revoke"))
    assert plain_text(await press(dispatcher, second, "Revoke")) == "The address works no longer."


async def test_admins_revoke_the_feeds_of_their_channel(dispatcher: Dispatcher, app: App) -> None:
    app.public_url = "https://papers.example.org"
    ben = Account("console", "ben", "ben")
    for account in (ANA, ben):
        assert "Papers saved here" in (await ask(dispatcher, "export channel feed", account=account)).title
    await ask(dispatcher, "export me feed")
    told = await ask(dispatcher, "feeds", admin=True)
    assert "2 feeds of this channel's papers are in use." in plain_text(told)
    assert "Revoked: 2 feeds." in plain_text(await ask(dispatcher, "feeds off", admin=True))
    assert await app.store.count_feeds() == 1, "what is somebody's own stays"
    assert "admins" in plain_text(await ask(dispatcher, "feeds off"))


async def test_nobody_revokes_the_feeds_of_others(dispatcher: Dispatcher, app: App) -> None:
    app.public_url = "https://papers.example.org"
    [revoke] = (await ask(dispatcher, "export me feed")).buttons
    answer = await ask(dispatcher, revoke.command, account=Account("console", "ben", "ben"))
    assert "revoked before" in plain_text(answer)
    assert "revoked before" in plain_text(await ask(dispatcher, "unfeed %"))
    assert await app.store.count_feeds() == 1


async def test_there_is_an_end_to_how_many_feeds_one_has(dispatcher: Dispatcher, app: App) -> None:
    app.public_url = "https://papers.example.org"
    for number in range(MOST_FEEDS):
        await ask(dispatcher, f"export search feed memory {number}")
    assert "as many as one can have" in plain_text(await ask(dispatcher, "export me feed"))
    assert "works no longer" in plain_text(await ask(dispatcher, "export search feed memory 1"))
    assert await app.store.count_feeds() == MOST_FEEDS
