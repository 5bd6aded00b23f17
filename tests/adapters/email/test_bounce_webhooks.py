"""What services tell of bounces."""

import json
from base64 import b64encode

import pytest

from adapters.email.bounce_webhooks import from_json
from bot.domain.mailboxes import mailbox_place
from tests.support.email.bounces import send
from tests.support.email.reports import dsn
from tests.support.email.world import SECRET, YOU, Open, Post

MAILBOX = mailbox_place(YOU).key


async def test_a_service_tells_by_json(post: Post) -> None:
    await post.confirmed()
    told = b'{"address": "You@example.org", "type": "complaint", "reason": "spam button"}'
    assert await send(post, told, kind="application/json") == (200, '{"noted": 1}')
    assert await post.store.suppression(YOU) == "complaint: spam button"


async def test_one_bad_address_keeps_none_of_the_others_back(post: Post) -> None:
    await post.confirmed()
    told = [
        {"email": "no address", "event": "bounce", "type": "bounce"},
        {"event": "bounce"},
        {"email": YOU, "event": "spamreport"},
    ]
    status, answer = await send(post, json.dumps(told).encode(), kind="application/json")
    noted = json.loads(answer)
    assert (status, noted["noted"], len(noted["wrong"])) == (200, 1, 2)
    assert any(each.startswith("no address: This is not a mail address") for each in noted["wrong"])
    assert any(each.startswith("entry 2: This is not a report") for each in noted["wrong"])
    assert await post.store.suppression(YOU) == "complaint: "


async def test_a_report_of_a_bad_address_alone_is_told_to_be_bad(post: Post) -> None:
    told = b'{"address": "nonsense", "type": "bounce"}'
    status, answer = await send(post, told, kind="application/json")
    assert (status, json.loads(answer)["noted"]) == (400, 0)


@pytest.mark.parametrize(
    "told", [b"", b"{", b"[1]", b'{"address": 1}', b'{"address": "a@example.org", "type": "praise"}']
)
async def test_json_that_is_no_report_is_told_why(post: Post, told: bytes) -> None:
    assert (await send(post, told, kind="application/json"))[0] == 400


SES = {
    "notificationType": "Bounce",
    "bounce": {
        "bounceType": "Permanent",
        "bouncedRecipients": [{"emailAddress": YOU, "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 no"}],
    },
    "mail": {"source": "papers@example.org"},
}

COMPLAINT = {
    "eventType": "Complaint",
    "complaint": {"complainedRecipients": [{"emailAddress": YOU}], "complaintFeedbackType": "abuse"},
}

TRANSIENT = {**SES, "bounce": {**SES["bounce"], "bounceType": "Transient"}}  # type: ignore[dict-item]


def mailgun(event: str, **told: str) -> dict[str, object]:
    return {"signature": {}, "event-data": {"event": event, "recipient": YOU, **told}}


@pytest.mark.parametrize(
    ("told", "hard"),
    [
        ({"RecordType": "Bounce", "Type": "HardBounce", "Email": YOU, "Description": "unknown user"}, [True]),
        ({"RecordType": "Bounce", "Type": "SoftBounce", "Email": YOU}, [False]),
        ({"RecordType": "SpamComplaint", "Type": "SpamComplaint", "Email": YOU}, [True]),
        ({"RecordType": "Bounce", "Type": "AutoResponder", "Email": YOU}, []),
        (mailgun("failed", severity="permanent", reason="bounce"), [True]),
        (mailgun("failed", severity="permanent", reason="generic"), [False]),
        (mailgun("failed", severity="temporary", reason="generic"), []),
        (mailgun("complained"), [True]),
        (mailgun("delivered"), []),
        ([{"email": YOU, "event": "bounce", "type": "bounce", "reason": "550 5.1.1"}], [True]),
        ([{"email": YOU, "event": "bounce", "type": "blocked"}, {"email": YOU, "event": "processed"}], [False]),
        ([{"email": YOU, "event": "spamreport"}], [True]),
        (SES, [True]),
        (TRANSIENT, [False]),
        (COMPLAINT, [True]),
        ({"Type": "Notification", "Message": json.dumps(SES)}, [True]),
        ({"Type": "SubscriptionConfirmation", "Message": "…", "SubscribeURL": "https://sns.example"}, []),
    ],
)
def test_the_services_are_understood(told: object, hard: list[bool]) -> None:
    reports, wrong = from_json(json.dumps(told).encode())
    assert wrong == []
    assert [each.hard for each in reports] == hard
    assert {each.address for each in reports} <= {YOU}


async def test_a_service_that_knows_no_more_than_a_url_says_the_secret_as_a_password(post: Post) -> None:
    await post.confirmed()
    basic = {"Authorization": f"Basic {b64encode(f'paperboy:{SECRET}'.encode()).decode()}"}
    told = json.dumps({"Type": "Notification", "Message": json.dumps(SES)}).encode()
    assert await send(post, told, basic, kind="text/plain") == (200, '{"noted": 1}')
    assert await post.store.suppression(YOU) == "bounce: smtp; 550 5.1.1 no"
    for wrong in ("Basic", "Basic ???", f"Basic {b64encode(b'paperboy:guessed').decode()}"):
        assert (await send(post, told, {"Authorization": wrong}))[0] == 401


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer guessed"}, {"Authorization": "Bearer ü"}])
async def test_who_does_not_know_the_secret_reports_nothing(post: Post, headers: dict[str, str]) -> None:
    await post.confirmed()
    tag = await post.store.mailbox_tag(MAILBOX)
    assert (await send(post, dsn("5.1.1", to=f"bounces+{tag}@example.org"), headers))[0] == 401
    assert await post.store.suppression(YOU) == ""


async def test_without_a_secret_there_is_no_such_page(opened: Open) -> None:
    post = await opened(mail_hook_secret="")
    assert (await send(post, dsn("5.1.1")))[0] == 404


async def test_a_report_larger_than_any_of_our_mails_is_refused(post: Post) -> None:
    status, _ = await send(post, b"To: bounces@example.org\r\n\r\n" + b"x" * 256 * 1024)
    assert status == 413
