"""A small Zotero on this machine: its Web API as documented, for one user and one group, with faults on request."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from adapters.zotero.service import ZoteroWeb
from bot.library.app import App
from bot.library.zotero import Zotero
from tests.support.secret_watch import note

USER, GROUP = "users/1000001", "groups/169947"
API_KEY = note("Zk7secretOfAnasLibrary01")
READ_ONLY = note("Zk7secretThatReadsAlone1")

_TYPES = {
    "journalArticle": {"publicationTitle", "volume", "issue", "pages", "DOI"},
    "conferencePaper": {"proceedingsTitle", "volume", "pages", "DOI"},
    "preprint": {"repository", "archiveID", "DOI"},
    "webpage": {"websiteTitle"},
    "note": {"note", "parentItem"},
}
_COMMON = {
    "key", "version", "itemType", "title", "creators", "abstractNote", "date", "url", "extra", "collections", "tags",
    "relations", "deleted",
}  # fmt: skip


@asynccontextmanager
async def beside(app: App) -> AsyncIterator["FakeZotero"]:
    """A Zotero in which the people of an app may connect libraries."""

    async def slept(_seconds: float) -> None:
        """Nobody waits in tests."""

    async with FakeZotero().serving() as fake:
        service = ZoteroWeb(fake.url, app.clock, app.store, sleep=slept)
        app.zotero = Zotero(app.store, app.index, app.clock, lambda: service)
        yield fake


@dataclass
class Library:
    """A library: what is in it, and what was deleted in which version."""

    version: int = 1
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    collections: dict[str, dict[str, Any]] = field(default_factory=dict)
    deleted: dict[str, dict[str, int]] = field(default_factory=lambda: {"items": {}, "collections": {}})


@dataclass
class FakeZotero:
    """What is in Zotero, and what its people do there by hand.

    `faults` are answered to the next requests, a status and headers each; after a request for which `breaks` says so
    the connection is broken, and nobody learns of the answer. `asked` are the requests, without the service's address.
    """

    libraries: dict[str, Library] = field(default_factory=lambda: {USER: Library(), GROUP: Library()})
    faults: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    breaks: Callable[[str], bool] = lambda _asked: False
    page: int = 100
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def add(self, key: str, title: str = "", *, path: str = USER, **fields: Any) -> None:
        """Somebody adds an item, or changes one."""
        library = self.libraries[path]
        library.version += 1
        item = library.items.get(key, {"itemType": "preprint", "collections": [], "tags": [], "creators": []})
        known = {"title": title} if title else {}
        library.items[key] = {**item, "key": key, **known, **fields, "version": library.version}

    def collect(self, key: str, name: str, parent: str | bool = False, *, path: str = USER) -> str:
        """Somebody makes or renames a collection; returns its key."""
        library = self.libraries[path]
        library.version += 1
        new = {"key": key, "name": name, "parentCollection": parent, "version": library.version}
        library.collections[key] = new
        return key

    def delete(self, what: str, key: str, *, path: str = USER) -> None:
        """Somebody deletes something for good; what is in a collection stays in the library."""
        library = self.libraries[path]
        library.version += 1
        getattr(library, what).pop(key)
        library.deleted[what][key] = library.version
        if what == "collections":
            for item in library.items.values():
                if key in item["collections"]:
                    item["collections"].remove(key)
                    item["version"] = library.version

    def titles(self, path: str = USER, *, within: str = "", trashed: bool = False) -> list[str]:
        """The titles of the items in a library, or in a collection by its name."""
        library = self.libraries[path]
        keys = {key for key, each in library.collections.items() if each["name"] == within}
        found = [each for each in library.items.values() if bool(each.get("deleted")) is trashed]
        return sorted(each["title"] for each in found if not within or keys & set(each["collections"]))

    def item(self, title: str, path: str = USER) -> dict[str, Any]:
        """The one item of a title."""
        [found] = [each for each in self.libraries[path].items.values() if each["title"] == title]
        return found

    def collection(self, name: str, path: str = USER) -> str:
        """The key of the one collection of a name."""
        [found] = [key for key, each in self.libraries[path].collections.items() if each["name"] == name]
        return found

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["FakeZotero"]:
        """Answer at an address of this machine."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        async with TestServer(app) as server:
            self.url = str(server.make_url("")).rstrip("/")
            yield self

    async def _answer(self, request: web.Request) -> web.Response:
        self.asked.append(f"{request.method} {request.path_qs}")
        assert request.headers["Zotero-API-Version"] == "3"
        if self.faults:
            status, headers = self.faults.pop(0)
            return web.Response(status=status, headers=headers)
        response = self._answered(request, await request.text())
        response.headers.update(self.headers)
        if self.breaks(self.asked[-1]):
            assert request.transport
            request.transport.close()
        return response

    def _answered(self, request: web.Request, body: str) -> web.Response:  # noqa: PLR0911
        key, path = request.headers.get("Zotero-API-Key"), request.match_info["path"]
        if key not in {API_KEY, READ_ONLY}:
            return web.Response(status=403, text="Invalid key")
        if path == "keys/current":
            right = {"library": True, "files": False, "notes": False, "write": key == API_KEY}
            access = {"user": right, "groups": {GROUP.removeprefix("groups/"): right}}
            return web.json_response({"key": key, "userID": 1000001, "username": "ana", "access": access})
        if path == GROUP:
            return web.json_response({"id": 169947, "version": 1, "data": {"id": 169947, "name": "Lab of eight"}})
        name = "/".join(path.split("/")[:2])
        if name not in self.libraries:
            return web.Response(status=403, text="Forbidden")
        library, rest = self.libraries[name], path.split("/")[2:]
        if request.method == "GET":
            return _read(library, rest, request, self.page)
        if key == READ_ONLY:
            return web.Response(status=403, text="Write access denied")
        if request.method == "POST":
            return _post(library, rest[0], json.loads(body))
        assert request.method == "PATCH"
        return _patch(library, rest[1], json.loads(body), int(request.headers["If-Unmodified-Since-Version"]))


def _read(  # noqa: PLR0911
    library: Library, rest: list[str], request: web.Request, most: int
) -> web.Response:
    query, told = request.query, {"Last-Modified-Version": str(library.version)}
    since = int(query.get("since", 0))
    if request.headers.get("If-Modified-Since-Version") == str(library.version):
        return web.Response(status=304, headers=told)
    if rest == ["deleted"]:
        if "since" not in query:
            return web.Response(status=400, text="since is required")
        gone = {what: [key for key, at in each.items() if at > since] for what, each in library.deleted.items()}
        return web.json_response({**gone, "searches": [], "tags": [], "settings": []}, headers=told)
    if rest == ["collections"]:
        start, limit = int(query.get("start", 0)), min(int(query.get("limit", 25)), most)
        known = sorted(library.collections.values(), key=lambda each: str(each["key"]))
        page = [{"key": each["key"], "version": each["version"], "data": each} for each in known[start : start + limit]]
        return web.json_response(page, headers={**told, "Total-Results": str(len(known))})
    if rest == ["items"]:
        keys = query["itemKey"].split(",")
        assert len(keys) <= 50
        assert query["includeTrashed"] == "1"
        found = [library.items[key] for key in keys if key in library.items]
        children = [each.get("parentItem") for each in library.items.values()]
        items = [
            {
                "key": each["key"],
                "version": each["version"],
                "meta": {"numChildren": children.count(each["key"])},
                "data": each,
            }
            for each in found
        ]
        return web.json_response(items, headers=told)
    assert rest[-2:] == ["items", "top"]
    assert query["format"] == "versions"
    top = [each for each in library.items.values() if not each.get("parentItem") and each["version"] > since]
    if rest[0] == "collections":
        if rest[1] not in library.collections:
            return web.Response(status=404, text="Collection not found")
        top = [each for each in top if rest[1] in each["collections"]]
    return web.json_response({each["key"]: each["version"] for each in top}, headers=told)


def _post(library: Library, what: str, objects: list[dict[str, Any]]) -> web.Response:
    """What a request to make several things comes to: each by itself, all in one new version."""
    if len(objects) > 50:
        return web.Response(status=413, text="Too many objects submitted")
    known = getattr(library, what)
    success, failed = dict[str, str](), dict[str, object]()
    version = library.version + 1
    for number, each in enumerate(objects):
        if reason := _invalid(each) if what == "items" else "":
            failed[str(number)] = {"key": each["key"], "code": 400, "message": reason}
        elif not set(each.get("collections", ())) <= library.collections.keys():
            failed[str(number)] = {"key": each["key"], "code": 409, "message": "Collection doesn't exist"}
        elif each["key"] in known:
            failed[str(number)] = {"key": each["key"], "code": 412, "message": "modified since specified version"}
        else:
            assert each["version"] == 0
            known[each["key"]] = {**each, "version": version}
            success[str(number)] = each["key"]
    library.version = version if success else library.version
    told = {"Last-Modified-Version": str(library.version)}
    return web.json_response(
        {"successful": {}, "success": success, "unchanged": [], "failed": failed or []}, headers=told
    )


def _invalid(item: dict[str, Any]) -> str:
    unknown = item.keys() - _COMMON - _TYPES.get(item["itemType"], set())
    if item["itemType"] not in _TYPES:
        return f"'{item['itemType']}' is not a valid item type"
    if unknown:
        return f"'{min(unknown)}' is not a valid field for type '{item['itemType']}'"
    return "" if len(item["title"]) < 1_000 else "title is too long"


def _patch(library: Library, key: str, fields: dict[str, Any], version: int) -> web.Response:
    item = library.items.get(key)
    if item is None:
        return web.Response(status=404, text="Item does not exist")
    if item["version"] != version:
        return web.Response(status=412, headers={"Last-Modified-Version": str(item["version"])})
    library.version += 1
    item |= {**fields, "version": library.version}
    return web.Response(status=204, headers={"Last-Modified-Version": str(library.version)})
