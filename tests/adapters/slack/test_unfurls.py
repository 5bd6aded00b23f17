"""Links that unfurl in Slack."""

from typing import Any

import pytest

from adapters.slack.unfurls import unfurled
from bot.domain.paper_ids import PaperId
from bot.library.app import App
from tests.support.slack.harness import Workspace, button, shown

MAGMA = PaperId("2601.03236")
LINK = f"https://arxiv.org/abs/{MAGMA}v2"


async def shared(workspace: Workspace, *urls: str, ts: str = "1770000000.000200", **more: Any) -> None:
    """Somebody's message with links, as Slack tells of it: the message, and its links."""
    text = " ".join(f"<{url}>" for url in urls)
    await workspace.event({"type": "message", "channel": "C1", "user": "U2", "ts": ts, "text": text})
    links = [{"domain": "arxiv.org", "url": url} for url in urls]
    event = {"type": "link_shared", "channel": "C1", "user": "U2", "message_ts": ts, "links": links}
    await workspace.event({**event, "source": "conversations_history", **more})


def unfurls(workspace: Workspace) -> list[dict[str, Any]]:
    """What links were shown as."""
    return [said for method, said in workspace.fake.calls if method == "chat.unfurl"]


async def test_links_unfurl_where_an_admin_switched_that_on(workspace: Workspace) -> None:
    await shared(workspace, LINK)
    assert unfurls(workspace) == []
    assert "unfurl as cards" in shown(await workspace.command("watch cards on", user="UADMIN"))
    await shared(workspace, LINK, "https://arxiv.org/list/cs.LG", f"https://arxiv.org/pdf/{MAGMA}")
    [shown_as] = unfurls(workspace)
    assert (shown_as["channel"], shown_as["ts"]) == ("C1", "1770000000.000200")
    assert list(shown_as["unfurls"]) == [LINK]
    card = shown_as["unfurls"][LINK]
    assert "MAGMA" in shown(card)
    assert button(card, "Save")["value"] == f"save {MAGMA}"
    await workspace.command("watch cards off", user="UADMIN")
    await shared(workspace, LINK)
    assert len(unfurls(workspace)) == 1


async def test_what_nobody_knows_and_what_is_being_typed_stays_as_it_is(workspace: Workspace) -> None:
    await workspace.command("watch cards on", user="UADMIN")
    await shared(workspace, "https://arxiv.org/abs/2601.99999")
    await shared(workspace, LINK, source="composer")
    await shared(workspace, "https://openreview.net/about")
    assert unfurls(workspace) == []


async def test_a_card_tells_that_the_channel_knows_the_paper_and_nothing_else_does(
    workspace: Workspace, app: App
) -> None:
    await workspace.command("watch on", user="UADMIN")
    await workspace.command("watch cards on", user="UADMIN")
    await shared(workspace, LINK, ts="1768000000.000100")
    await shared(workspace, LINK, ts="1770000000.000200")
    first, second = (shown(each["unfurls"][LINK]) for each in unfurls(workspace))
    assert "Shared here" not in first
    assert "Shared here <https://lab.slack.com/archives/C1/p1768000000000100|3 weeks ago>" in second
    assert [said for method, said in workspace.fake.calls if method == "chat.postMessage" and "thread_ts" in said] == []


@pytest.mark.parametrize(
    ("text", "papers"),
    [
        (f"<{LINK}|arxiv.org/abs>", {MAGMA}),
        ("<https://www.biorxiv.org/content/10.1101/2024.01.02.573849v1>", {"doi:10.1101/2024.01.02.573849"}),
        ("<https://huggingface.co/papers/2601.03236> and 2601.03236", set()),
        ("<https://notarxiv.org/abs/2601.03236>", set()),
    ],
)
def test_only_links_of_sites_that_slack_tells_of_unfurl(text: str, papers: set[str]) -> None:
    assert unfurled(text) == papers
