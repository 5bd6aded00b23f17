"""The parser of bounces and complaints, whatever a mail server wrote."""

import json
import quopri
import subprocess
import sys
from base64 import b64encode
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.email import bounce_parser
from adapters.email.bounce_parser import parse
from tests.support.email.reports import TAG, dsn, report


@pytest.mark.parametrize(
    ("status", "hard"),
    [
        ("5.1.1", True), ("5.0.0", True), ("5.2.1", True), ("5.1.10", True), ("5.4.1", True),
        ("5.2.2", False), ("4.2.2", False), ("4.4.7", False), ("5.7.1", False), ("5.3.4", False),
    ],
)  # fmt: skip
def test_a_failure_is_for_good_or_not_by_its_status(status: str, hard: bool) -> None:
    [(reason, for_good)] = parse(dsn(status))
    assert for_good == hard
    assert reason == f"{status} smtp; 550 {status} as it is said on two lines"


def test_a_delay_is_no_bounce() -> None:
    assert parse(dsn("4.4.1", action="delayed")) == []


def test_a_complaint_is_for_good() -> None:
    fields = (
        "Feedback-Type: abuse\r\nUser-Agent: Some/1.0\r\nVersion: 1\r\n"
        f"Original-Mail-From: <bounces+{TAG}@example.org>\r\n"
    )
    [complaint] = parse(report("feedback-report", "message/feedback-report", fields, to="abuse@example.org"))
    assert complaint == ("complaint: abuse", True)


def test_an_answer_of_a_person_on_holiday_is_no_report() -> None:
    away = EmailMessage()
    away["To"] = f"bounces+{TAG}@example.org"
    away["Subject"] = "Out of office"
    away.set_content("Back on Monday.")
    assert parse(away.as_bytes(policy=SMTP)) == []


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading_of_reports(content: bytes) -> None:
    parse(content)


@given(st.text(max_size=200), st.sampled_from(["delivery-status", "feedback-report"]))
def test_no_fields_break_it_either(fields: str, kind: str) -> None:
    parse(report(kind, f"message/{kind}", fields.encode("ascii", "replace").decode()))


@pytest.mark.parametrize("encoding", ["8bit", "quoted-printable", "base64"])
def test_a_bounce_of_an_international_address_is_read_like_any_other(encoding: str) -> None:
    fields = (
        "Reporting-MTA: dns; mx.example.net\r\n\r\n"
        "Final-Recipient: utf-8; jos\u00e9@b\u00fccher.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 no such user\r\n"
    )
    encoded = {
        "8bit": fields,
        "quoted-printable": quopri.encodestring(fields.encode()).decode(),
        "base64": b64encode(fields.encode()).decode(),
    }[encoding]
    kind = f"message/global-delivery-status\r\nContent-Transfer-Encoding: {encoding}"
    assert parse(report("global-delivery-status", kind, encoded)) == [("5.1.1 smtp; 550 no such user", True)]


def test_as_a_program_it_reads_standard_input_and_prints_json() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", bounce_parser.__file__], input=dsn("5.1.1"), capture_output=True, check=True
    )
    assert json.loads(done.stdout) == [["5.1.1 smtp; 550 5.1.1 as it is said on two lines", True]]
