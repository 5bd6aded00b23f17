"""Reports of bounces and complaints, as mail servers write them."""

from tests.support.email.world import YOU

TAG = "0123456789abcdef0123"


def report(kind: str, content_type: str, fields: str, to: str = f"bounces+{TAG}@example.org") -> bytes:
    """A multipart/report, as mail servers write them."""
    lines = [
        "From: MAILER-DAEMON@mx.example.net",
        f"To: {to}",
        "Subject: Undelivered Mail Returned to Sender",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type={kind}; boundary="b0"',
        "",
        "--b0",
        "Content-Type: text/plain",
        "",
        "This is the mail system.",
        "--b0",
        f"Content-Type: {content_type}",
        "",
        fields.rstrip("\r\n"),
        "",
        "--b0",
        "Content-Type: text/rfc822-headers",
        "",
        "Subject: Your papers",
        "From: papers@example.org",
        "--b0--",
        "",
    ]
    return "\r\n".join(lines).encode()


def dsn(status: str, action: str = "failed", **changed: str) -> bytes:
    fields = (
        "Reporting-MTA: dns; mx.example.net\r\nArrival-Date: Mon, 19 Jan 2026 08:00:00 +0000\r\n\r\n"
        f"Final-Recipient: rfc822; {YOU}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; 550 {status} as it is said\r\n    on two lines\r\n"
    )
    return report("delivery-status", "message/delivery-status", fields, **changed)
