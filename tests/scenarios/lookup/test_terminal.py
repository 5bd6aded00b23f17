"""Papers that are not here, named in every way, in the terminal; and what is said when a service fails."""

import io
from datetime import timedelta

import pytest
from rich.console import Console

from adapters.console.chat import Chat
from bot.chat.dispatch import Dispatcher
from bot.chat.reactions import Reactions
from bot.commands import registry
from bot.domain.paper_ids import PaperId
from bot.library.app import App
from tests.scenarios.lookup.conftest import LATE
from tests.support.lookup.bodies import HTML, TITLE
from tests.support.lookup.kinds import EACH, KINDS, SAYS_NONE, TROUBLES, Kind, in_trouble, late, script, script_missing
from tests.support.sources.world import FakeClock, ReplayServer, Reply

ARXIV = KINDS["arXiv link"]


class Terminal:
    """Somebody who types, and what they read."""

    def __init__(self, app: App, screen: io.StringIO | None = None) -> None:
        self._screen = screen or io.StringIO()
        console = Console(file=self._screen, width=300, color_system=None)
        self._chat = Chat(app, Dispatcher(registry, app), Reactions(app.store), console)

    async def ask(self, line: str) -> str:
        self._screen.seek(0)
        self._screen.truncate()
        await self._chat.take(f"/papers {line}")
        return self._screen.getvalue()


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
async def test_a_paper_is_saved_however_it_is_named(app: App, server: ReplayServer, kind: Kind) -> None:
    script(server, kind)
    terminal = Terminal(app)
    assert f"Saved {TITLE}." in await terminal.ask(f"save {kind.typed}")
    asked = len(server.asked)
    assert TITLE in await terminal.ask(f"show {kind.typed}")
    assert "Similar to" in await terminal.ask(f"similar {kind.paper_id}")
    assert TITLE in await terminal.ask("search invented cells that count invented stars")
    assert TITLE in await terminal.ask("saved")
    assert len(server.asked) == asked, "what is here is not asked for again"


@pytest.mark.parametrize("line", ["show", "search", "similar", "like", "dislike", "unsave", "foryou me"])
async def test_every_command_about_a_paper_fetches_it(app: App, server: ReplayServer, line: str) -> None:
    script(server, ARXIV)
    told = await Terminal(app).ask(f"{line} {ARXIV.typed}")
    assert await app.store.paper(PaperId("2601.90001"))
    assert "could not" not in told
    assert "No paper" not in told


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (Reply(status=503), "503 Service Unavailable (4 attempts)"),
        (Reply(status=429), "429 Too Many Requests (4 attempts)"),
        (
            Reply(status=429, headers={"Retry-After": "600"}),
            "429 Too Many Requests, and asks to be left alone for 600 s",
        ),
        (Reply(ARXIV.answers["/arxiv_api"].body[:300]), "not XML: no element found"),
        (Reply(fault="drop"), "(4 attempts)"),
        (HTML, "not XML"),
    ],
    ids=["503", "429", "retry after", "truncated", "dropped", "html"],
)
async def test_a_service_that_fails_is_told_in_one_sentence_and_asked_again_later(
    app: App, server: ReplayServer, trouble: Reply, said: str
) -> None:
    server.script("/arxiv_api", trouble)
    told = await Terminal(app).ask(f"save {ARXIV.typed}")
    [line] = [line for line in told.splitlines() if "arXiv" in line]
    assert line.strip().startswith("arXiv could not be asked for 2601.90001: ")
    assert line.strip().endswith("Try again later.")
    assert said in line
    [state] = await app.store.service_states()
    assert said in state.error


@pytest.mark.parametrize(
    "trouble",
    [Reply(status=503), Reply(status=429, headers={"Retry-After": "5"}), Reply(fault="drop"), HTML],
    ids=["503", "retry after", "dropped", "html"],
)
async def test_trouble_that_passes_is_not_told(app: App, server: ReplayServer, trouble: Reply) -> None:
    server.script("/arxiv_api", trouble, ARXIV.answers["/arxiv_api"])
    told = await Terminal(app).ask(f"save {ARXIV.typed}")
    assert f"Saved {TITLE}." in told
    assert "could not" not in told


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_no_trouble_of_any_service_is_taken_for_an_answer(
    app: App, server: ReplayServer, clock: FakeClock, trouble: str
) -> None:
    terminal = Terminal(app)
    for name, kind in in_trouble(trouble).items():
        script(server, kind, TROUBLES[trouble])
        told = await terminal.ask(f"save {kind.typed}")
        assert "could not be asked for" in told, name
        assert "Saved" not in told, name
        clock.moment += timedelta(minutes=20)
    assert await app.store.count_papers() == 200
    for name, kind in EACH.items():
        script(server, kind)
        assert TITLE in await terminal.ask(f"show {kind.typed}"), name
        clock.moment += timedelta(minutes=20)


async def test_every_service_can_say_that_there_is_no_such_paper(app: App, server: ReplayServer) -> None:
    terminal = Terminal(app)
    for name, kind in EACH.items():
        script_missing(server, kind)
        told = await terminal.ask(f"save {kind.typed}")
        assert SAYS_NONE.search(told), name
        asked = len(server.asked)
        await terminal.ask(f"show {kind.typed}")
        assert len(server.asked) == asked, f"{name} is asked again"
    assert await app.store.count_papers() == 200


async def test_a_paper_that_nobody_has_is_told_and_not_asked_for_again(app: App, server: ReplayServer) -> None:
    for path in ("/crossref_api/works/10.5555/none", "/datacite_api/dois/10.5555/none"):
        server.script(path, Reply("{}", status=404))
    terminal = Terminal(app)
    for _ in range(2):
        assert "None of Crossref, DataCite has a paper doi:10.5555/none." in await terminal.ask("save 10.5555/none")
    assert len(server.asked) == 2


async def test_several_papers_are_saved_with_what_became_of_each(app: App, server: ReplayServer) -> None:
    script(server, ARXIV)
    server.script("/europepmc_api/search", Reply('{"resultList":{"result":[]}}'))
    told = await Terminal(app).ask(f"save {ARXIV.typed} PMID:31452104 10.5555/none 2601.03236")
    assert f"Saved {TITLE}." in told
    assert "Saved MAGMA" in told
    assert "Europe PMC has no paper pmid:31452104." in told
    assert "Crossref could not be asked for doi:10.5555/none" in told


async def test_a_link_to_another_site_is_told(app: App, server: ReplayServer) -> None:
    for command in ("search", "save", "foryou me"):
        told = await Terminal(app).ask(f"{command} https://www.nytimes.com/2026/01/05/science/cells.html")
        assert "I cannot read papers from nytimes.com." in told
    assert server.asked == []


class Screen(io.StringIO):
    """A screen; whoever reads there that a paper is being fetched lets it come."""

    def __init__(self, server: ReplayServer) -> None:
        super().__init__()
        self._server = server

    def write(self, words: str) -> int:
        if "it is being fetched" in words:
            self._server.gate.set()
        return super().write(words)


class TestLate:
    """A service that takes longer than somebody waits."""

    @pytest.fixture
    def patience(self) -> float:
        return LATE

    async def test_the_wait_is_told_and_then_the_answer(self, app: App, server: ReplayServer) -> None:
        script(server, ARXIV, late)
        terminal = Terminal(app, Screen(server))
        told = await terminal.ask(f"save {ARXIV.typed}")
        assert told.index("2601.90001 is not here yet; it is being fetched from arXiv.") < told.index(f"Saved {TITLE}")

    @pytest.mark.parametrize("kind", EACH.values(), ids=EACH)
    async def test_the_wait_for_any_service_is_told(self, app: App, server: ReplayServer, kind: Kind) -> None:
        script(server, kind, late)
        told = await Terminal(app, Screen(server)).ask(f"save {kind.typed}")
        assert told.index("it is being fetched from") < told.index(f"Saved {TITLE}")
