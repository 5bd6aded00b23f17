import gzip
import resource
import socket
import ssl
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from adapters.sources.client import Answer, Client, Transient, Validators, trusted
from bot.errors import SourceError
from tests.support.sources.world import FakeClock, ReplayServer


@pytest.fixture
def client(server: ReplayServer, clock: FakeClock) -> Client:
    return make_client(server, clock)


def make_client(server: ReplayServer, clock: FakeClock, **settings: Any) -> Client:
    settings = {"origins": frozenset({server.url}), "contact": "https://example.org/bot", **settings}
    return Client(clock=clock, sleep=clock.sleep, **settings)


async def fetch(client: Client, url: str, **options: Any) -> Answer:
    async with client.session() as session:
        return await session.get(url, lambda answer: answer, **options)


async def failure(client: Client, url: str, **options: Any) -> str:
    with pytest.raises(SourceError) as caught:
        await fetch(client, url, **options)
    return str(caught.value)


async def test_a_request_names_the_bot_and_whom_to_ask(server: ReplayServer, client: Client) -> None:
    server.script("/x", server.Reply("hello"))
    assert (await fetch(client, f"{server.url}/x", params={"q": "a b"})).body == b"hello"
    assert server.asked[0].headers["User-Agent"].startswith("paperboy-bot/")
    assert server.asked[0].headers["User-Agent"].endswith("(+https://example.org/bot)")
    assert server.asked[0].query == {"q": "a b"}
    assert "Authorization" not in server.asked[0].headers


async def test_a_token_is_sent_where_there_is_one(server: ReplayServer, clock: FakeClock) -> None:
    server.script("/x", server.Reply("hello"))
    await fetch(make_client(server, clock, token="secret"), f"{server.url}/x")
    assert server.asked[0].headers["Authorization"] == "Bearer secret"


async def test_requests_keep_their_interval_across_sessions(server: ReplayServer, clock: FakeClock) -> None:
    server.script("/x", server.Reply("hello"))
    client = make_client(server, clock, interval=3.0)
    for _ in range(3):
        await fetch(client, f"{server.url}/x")
    moments = [asked.at for asked in server.asked]
    assert [later - earlier for earlier, later in pairwise(moments)] == [timedelta(seconds=3)] * 2


async def test_a_clock_set_back_does_not_stop_requests_for_long(server: ReplayServer, clock: FakeClock) -> None:
    server.script("/x", server.Reply("hello"))
    client = make_client(server, clock, interval=3.0)
    await fetch(client, f"{server.url}/x")
    clock.moment -= timedelta(days=30)
    await fetch(client, f"{server.url}/x")
    assert sum(clock.sleeps) <= 900


@pytest.mark.parametrize("status", [429, 500, 502, 503])
async def test_a_busy_service_is_asked_again_later(
    server: ReplayServer, clock: FakeClock, client: Client, status: int
) -> None:
    server.script("/x", server.Reply(status=status), server.Reply("hello"))
    assert (await fetch(client, f"{server.url}/x")).body == b"hello"
    assert sum(clock.sleeps) >= 2


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "90"}, 90),
        ({"Retry-After": "Wed, 07 Jan 2026 12:02:00 GMT"}, 120),
        ({"RateLimit": '"api";r=0;t=200'}, 200),
    ],
)
async def test_a_service_is_left_alone_as_long_as_it_asks(
    server: ReplayServer, client: Client, headers: dict[str, str], seconds: float
) -> None:
    server.script("/x", server.Reply(status=429, headers=headers), server.Reply("hello"))
    await fetch(client, f"{server.url}/x")
    assert server.asked[1].at - server.asked[0].at >= timedelta(seconds=seconds)


async def test_a_limit_used_up_by_a_good_answer_holds_the_next_request(server: ReplayServer, client: Client) -> None:
    server.script("/x", server.Reply("hello", headers={"RateLimit": '"api";r=0;t=200'}))
    await fetch(client, f"{server.url}/x")
    await fetch(client, f"{server.url}/x")
    assert server.asked[1].at - server.asked[0].at >= timedelta(seconds=200)


async def test_a_service_that_wants_hours_is_not_waited_for(
    server: ReplayServer, clock: FakeClock, client: Client
) -> None:
    server.script("/x", server.Reply(status=429, headers={"Retry-After": "7200"}))
    assert "asks to be left alone for 7200 s" in await failure(client, f"{server.url}/x")
    assert clock.sleeps == []


async def test_waiting_grows_and_ends(server: ReplayServer, clock: FakeClock, client: Client) -> None:
    server.script("/x", server.Reply(status=503))
    assert await failure(client, f"{server.url}/x") == f"GET {server.url}/x: 503 Service Unavailable (5 attempts)"
    assert len(server.asked) == 5
    assert clock.sleeps == sorted(clock.sleeps)
    assert len(set(clock.sleeps)) == 4  # with jitter


async def test_a_dropped_connection_is_tried_again(server: ReplayServer, client: Client) -> None:
    server.script("/x", server.Reply(fault="drop"), server.Reply("hello"))
    assert (await fetch(client, f"{server.url}/x")).body == b"hello"


async def test_without_a_network_there_is_little_waiting(
    server: ReplayServer, client: Client, clock: FakeClock
) -> None:
    await server.stop()
    assert await failure(client, f"{server.url}/x") == (
        "127.0.0.1 cannot be reached: All connection attempts failed (2 attempts)"
    )
    assert sum(clock.sleeps) < 10


async def test_a_host_without_an_address_is_told_in_words(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_asked: object, **_how: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    nowhere = "http://nowhere.invalid"
    client = Client(origins=frozenset({nowhere}), clock=clock, sleep=clock.sleep)
    assert await failure(client, nowhere) == "nowhere.invalid cannot be reached: Name or service not known (2 attempts)"


async def test_a_body_that_never_ends_is_given_up(server: ReplayServer, clock: FakeClock) -> None:
    server.script("/x", server.Reply(fault="hang"))
    client = make_client(server, clock, timeout=0.05)
    assert "no complete answer within 0.05 s" in await failure(client, f"{server.url}/x")


async def test_an_oversize_body_is_not_read(server: ReplayServer, clock: FakeClock) -> None:
    server.script("/x", server.Reply(b"x" * 2_000))
    client = make_client(server, clock, max_bytes=1_000)
    assert await failure(client, f"{server.url}/x") == f"GET {server.url}/x: more than 1,000 bytes"
    assert len(server.asked) == 1


@pytest.mark.parametrize(("packings", "length"), [(1, 50_000_000), (2, 50_000_000)])
async def test_a_packed_answer_is_unpacked_once_and_no_further_than_its_bound(
    server: ReplayServer, clock: FakeClock, packings: int, length: int
) -> None:
    body, told = b"x" * length, ", ".join(["gzip"] * packings)
    for _ in range(packings):
        body = gzip.compress(body)
    server.script("/x", server.Reply(body, headers={"Content-Encoding": told}))
    client = make_client(server, clock, max_bytes=1_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if packings == 1:
        assert "more than 1,000,000 bytes" in await failure(client, f"{server.url}/x")
    else:
        assert (await fetch(client, f"{server.url}/x")).body == body
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000  # kilobytes


async def test_a_packed_answer_is_read_and_one_that_breaks_off_or_is_damaged_is_asked_for_again(
    server: ReplayServer, client: Client
) -> None:
    packed, told = gzip.compress(b"invented " * 1_000), {"Content-Encoding": "gzip"}
    for body in (packed[:-20], b"no" + packed):
        server.script("/x", server.Reply(body, headers=told), server.Reply(packed + b"more", headers=told))
        assert (await fetch(client, f"{server.url}/x")).body == b"invented " * 1_000
        assert len(server.asked) == 2
        server.asked.clear()


async def test_an_answer_that_breaks_its_reader_is_an_error_like_any_other(
    server: ReplayServer, client: Client
) -> None:
    server.script("/x", server.Reply("{}"))
    async with client.session() as session:
        with pytest.raises(SourceError, match=r"no known shape \(KeyError: 'paper'\)"):
            await session.get(f"{server.url}/x", lambda _answer: dict[str, str]()["paper"])


async def test_redirects_are_followed_on_known_hosts(server: ReplayServer, client: Client) -> None:
    server.script("/old", server.Reply(status=301, headers={"Location": "/new"}))
    server.script("/new", server.Reply("hello"))
    assert (await fetch(client, f"{server.url}/old")).body == b"hello"


@pytest.mark.parametrize(
    "target", ["https://evil.example/x", "http://127.0.0.1:1/x", "//evil.example/x", "http://127.0.0.1@evil.example/"]
)
async def test_no_redirect_leads_off_the_known_hosts(server: ReplayServer, client: Client, target: str) -> None:
    server.script("/x", server.Reply(status=302, headers={"Location": target}))
    assert "no host of this source" in await failure(client, f"{server.url}/x")
    assert len(server.asked) == 1


async def test_redirects_in_a_circle_end(server: ReplayServer, client: Client) -> None:
    server.script("/x", server.Reply(status=302, headers={"Location": "/x"}))
    assert "more than 3 redirects" in await failure(client, f"{server.url}/x")


async def test_a_refusal_is_reported_with_what_was_said(server: ReplayServer, client: Client) -> None:
    server.script("/x", server.Reply("no such  day", status=404))
    assert await failure(client, f"{server.url}/x") == f"GET {server.url}/x: 404 Not Found: no such day"
    assert len(server.asked) == 1


async def test_a_web_page_is_not_quoted(server: ReplayServer, client: Client) -> None:
    server.script("/x", server.Reply("<html>Login</html>", status=403))
    assert await failure(client, f"{server.url}/x") == f"GET {server.url}/x: 403 Forbidden"


async def test_validators_make_a_request_conditional(server: ReplayServer, client: Client) -> None:
    validators = {"ETag": '"v1"', "Last-Modified": "Tue, 06 Jan 2026 00:00:00 GMT"}
    server.script("/x", server.Reply("hello", headers=validators), server.Reply(status=304))
    first = await fetch(client, f"{server.url}/x")
    assert first.validators == Validators(etag='"v1"', last_modified="Tue, 06 Jan 2026 00:00:00 GMT")
    assert (await fetch(client, f"{server.url}/x", validators=first.validators)).unchanged
    assert server.asked[1].headers["If-None-Match"] == '"v1"'
    assert server.asked[1].headers["If-Modified-Since"] == "Tue, 06 Jan 2026 00:00:00 GMT"


async def test_an_answer_that_makes_no_sense_is_asked_for_again(server: ReplayServer, client: Client) -> None:
    def parse(answer: Answer) -> bytes:
        if answer.body == b"half":
            raise Transient("half a body")
        return answer.body

    server.script("/x", server.Reply("half"), server.Reply("whole"))
    async with client.session() as session:
        assert await session.get(f"{server.url}/x", parse) == b"whole"


async def test_time_is_asked_of_the_clock_alone(server: ReplayServer, clock: FakeClock, client: Client) -> None:
    clock.moment = datetime(1999, 1, 1, tzinfo=UTC)
    server.script(
        "/x", server.Reply(status=429, headers={"Retry-After": "Fri, 01 Jan 1999 00:01:00 GMT"}), server.Reply("hi")
    )
    await fetch(client, f"{server.url}/x")
    assert server.asked[1].at >= datetime(1999, 1, 1, 0, 1, tzinfo=UTC)


async def test_what_a_service_says_is_told_without_control_characters(server: ReplayServer, client: Client) -> None:
    server.script("/x", server.Reply("no \x1b]0;owned\x07\nsuch\u202epage", status=404))
    told = await failure(client, f"{server.url}/x")
    assert told.endswith("404 Not Found: no ]0;owned such page")


@pytest.mark.parametrize("name", ["api_key", "token", "X-Signature"])
async def test_a_key_in_an_address_is_not_told(server: ReplayServer, client: Client, name: str) -> None:
    server.script("/x", server.Reply(status=404))
    told = await failure(client, f"{server.url}/x", params={"q": "cells", name: "s3cret"})
    assert "s3cret" not in told
    assert f"/x?q=cells&{name}=hidden: 404" in told
    server.script("/loop", server.Reply(status=302, headers={"Location": f"/loop?{name}=s3cret"}))
    assert "s3cret" not in await failure(client, f"{server.url}/loop")


def test_certificates_and_the_names_in_them_are_checked() -> None:
    assert (trusted().verify_mode, trusted().check_hostname) == (ssl.CERT_REQUIRED, True)
    assert trusted().cert_store_stats()["x509_ca"] > 0
