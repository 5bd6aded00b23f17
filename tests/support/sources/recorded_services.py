"""Hugging Face and arXiv as far as they were recorded, and what is in those records, read with nothing of ours."""

import json
import re
from collections.abc import Iterable
from itertools import accumulate
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from tests.support.sources.world import ReplayServer, Reply

_ATOM = "{http://www.w3.org/2005/Atom}"


class HuggingFace:
    """Daily Papers: one day with the first `listed` of the recorded entries, nothing on others; and what is trending.

    The first answer of all refuses for 55 seconds.
    """

    def __init__(self, server: ReplayServer, folder: Path, day: str) -> None:
        [recorded] = folder.glob("*sotawhat__hf_daily_papers.json")
        self.entries = json.loads(recorded.read_bytes())
        self.listed = len(self.entries)
        self._day = day
        self._server = server
        refusal = Reply(status=429, headers={"RateLimit": '"api";r=0;t=55'})
        server.script("/api/daily_papers", refusal, self._answer)

    def _answer(self, query: dict[str, str]) -> Reply:
        listed = self.entries[: self.listed]
        if query["sort"] == "trending":
            return Reply(json.dumps(listed[::-1]))
        if query["date"] != self._day:
            return Reply("[]")
        tag = f'"{self.listed}"'
        unchanged = self._server.asked[-1].headers.get("If-None-Match") == tag
        return Reply(status=304) if unchanged else Reply(json.dumps(listed), headers={"ETag": tag})


class ArxivApi:
    """The API: what was recorded of it as two searches, whose pages follow each other, with what goes wrong between.

    Each search is for one window of time; any further one finds nothing. The recorded pages tell the totals of longer
    searches; here they tell that of what is served, but for the first answer of all, whose search has too many.
    """

    def __init__(self, server: ReplayServer, folder: Path) -> None:
        self._told = {path.name: json.loads(path.read_bytes())["body"] for path in sorted(folder.glob("arxivpy__*"))}
        self.first = [self._body(f"q_testing_s{start}_m10_") for start in range(0, 60, 10)]
        nothing, never, refusal = map(self._body, ("id_0000.0000_", "id_0808.05394_s0_", "id_abc_"))
        [latest] = (path.read_text() for path in folder.glob("atom__CrSamson*.xml"))
        others = {nothing, never, refusal, *self.first}
        self.second = [body for body in (*self._told.values(), latest) if body not in others]
        trouble = [
            Reply(status=503),
            Reply(status=429, headers={"Retry-After": "40"}),
            Reply(nothing),
            Reply(self.first[3][:5_000]),
            Reply(fault="drop"),
            Reply("Rate exceeded."),
        ]
        troubled = zip(trouble, _pages(self.first), strict=True)
        *pages, (start, last) = _pages(self.second)
        self._scripts = [
            [(0, Reply(self.first[0]))],
            [(at, reply) for failure, (at, page) in troubled for reply in (failure, page)],
            [*pages, (start, Reply(refusal, status=400)), (start, last)],
        ]
        self._never = Reply(never)
        self._searches: dict[str, list[tuple[int, Reply]]] = {}
        server.script("/api/query", self._answer)

    def _body(self, name: str) -> str:
        found: str
        [found] = (body for recorded, body in self._told.items() if recorded.startswith(f"arxivpy__{name}"))
        return found

    def _answer(self, query: dict[str, str]) -> Reply:
        """The next reply for a search, which must be asked for just where its page begins."""
        search = query["search_query"]
        if search not in self._searches:
            self._searches[search] = self._scripts.pop(0) if self._scripts else [(0, self._never)]
        expected, reply = self._searches[search].pop(0)
        return reply if int(query["start"]) == expected else Reply(f"expected a start of {expected}", status=418)


def _pages(bodies: list[str]) -> list[tuple[int, Reply]]:
    """Replies that tell how many papers all of them have, each with how many come before it."""
    counts = [body.count("<entry>") for body in bodies]
    told = [re.sub(r"(totalResults[^>]*>)\d+", rf"\g<1>{sum(counts)}", body) for body in bodies]
    return [(before, Reply(body)) for before, body in zip(accumulate([0, *counts[:-1]]), told, strict=True)]


def atom_titles(feeds: Iterable[str]) -> dict[str, str]:
    """The titles in Atom feeds by arXiv id."""
    entries = [entry for feed in feeds for entry in ElementTree.fromstring(feed).findall(f"{_ATOM}entry")]
    found = [(entry.findtext(f"{_ATOM}id", ""), entry.findtext(f"{_ATOM}title", "")) for entry in entries]
    return {re.sub(r"^https?://arxiv.org/abs/|v\d+$", "", link): _plain(title) for link, title in found}


def rss_titles(feed: str) -> dict[str, str]:
    """The titles in an announcement by arXiv id."""
    items = ElementTree.fromstring(feed).findall("channel/item")
    return {item.findtext("link", "").rpartition("/")[2]: _plain(item.findtext("title", "")) for item in items}


def daily_titles(entries: Iterable[dict[str, Any]]) -> dict[str, str]:
    """The titles of daily papers by arXiv id."""
    return {entry["paper"]["id"]: _plain(entry["paper"]["title"]) for entry in entries}


def _plain(title: str) -> str:
    """A title on one line, without the control characters that one recorded title has."""
    return " ".join(re.sub(r"[\x7f-\x9f]", " ", title).split())
