"""The tests fail where a secret is logged: tried on tests that log one."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

HEAD = """
import logging
import subprocess
import sys

import pytest
import structlog
from pydantic import SecretStr
from structlog.testing import capture_logs
from tests.support.secret_watch import note

token = SecretStr("t0k3n-of-a-lab").get_secret_value()

def test_harmless():
    logging.getLogger("lab").info("a token was read")
    print("nothing to see")
"""

LEAKS = {
    "a line of the log": "structlog.get_logger().info('connects', token=token)",
    "a captured event": "with capture_logs():\n        structlog.get_logger().info('connects', token=token)",
    "a captured traceback": (
        "with capture_logs():\n        try:\n            raise ValueError(token)\n"
        "        except ValueError:\n            structlog.get_logger().exception('failed')"
    ),
    "a record of a library": "logging.getLogger('httpx').info('GET %s', token)",
    "a traceback": (
        "try:\n        raise ValueError(token)\n"
        "    except ValueError:\n        logging.getLogger('lab').exception('failed')"
    ),
    "standard error": "print(token, file=sys.stderr)",
    "a subprocess": "subprocess.run([sys.executable, '-c', f'print({token!r})'], capture_output=True)",
    "what a test notes": "logging.getLogger('lab').info(note('one-time-code'))",
    "a password of an address": (
        "SecretStr('postgresql://bot:pass-of-the-lab@db/x').get_secret_value()\n    print('pass-of-the-lab')"
    ),
    "Slack's shape": "logging.getLogger('slack').warning('xoxb-12-ab')",
    "an address with a password": "logging.getLogger('lab').info('redis://:hidden@cache')",
    "an address with a key": "logging.getLogger('lab').info('GET https://api.org/works?page=2&api_key=abcdef')",
    "a bearer": "logging.getLogger('lab').info(\"{'Authorization': 'Bearer abcdefgh'}\")",
    "a key": "logging.getLogger('lab').info('-----BEGIN RSA PRIVATE KEY-----')",
}


def run_of(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """A run of the tests in a folder, as all tests here are run."""
    command = [sys.executable, "-m", "pytest", "-p", "tests.support.secret_watch", "-p", "no:cacheprovider", "-o"]
    command += ["log_level=INFO", "--rootdir", str(folder), "-q", *options, str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)


def test_whatever_way_a_secret_gets_out_a_test_fails_and_does_not_show_it(tmp_path: Path) -> None:
    tests = [f"def test_{number}():\n    {leak}\n" for number, leak in enumerate(LEAKS.values())]
    (tmp_path / "test_leaks.py").write_text("\n".join([HEAD, *tests]))
    done = run_of(tmp_path, "-rE", "--show-capture=no")
    assert done.returncode == 1
    assert f"{len(LEAKS)} errors" in done.stdout
    assert f"{len(LEAKS) + 1} passed" in done.stdout, "they fail for the secret alone"
    assert "ERROR test_leaks.py::test_harmless" not in done.stdout
    assert done.stdout.count("[secret]") >= len(LEAKS)
    assert "t0k3n-of-a-lab" not in done.stdout


@pytest.mark.parametrize(("leak", "status"), [("token", 1), ("'nothing'", 0)])
def test_it_fails_among_several_workers_too(tmp_path: Path, leak: str, status: int) -> None:
    (tmp_path / "test_leaks.py").write_text(f"{HEAD}\ndef test_last():\n    logging.getLogger('lab').info({leak})\n")
    assert run_of(tmp_path, "-n", "2").returncode == status
