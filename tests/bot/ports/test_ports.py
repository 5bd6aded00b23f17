"""The ports, which are imported when they are asked for."""

import subprocess
import sys

import pytest

from bot import ports


@pytest.mark.parametrize("name", ports.__all__)
def test_every_port_is_in_the_module_it_is_imported_from(name: str) -> None:
    assert getattr(ports, name) is not None


def test_what_is_no_port_is_told() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Nothing'"):
        _ = getattr(ports, "Nothing")  # noqa: B009  mypy knows that there is none


def test_one_port_brings_no_other() -> None:
    code = "import sys\nfrom bot.ports import Clock\nprint(*(name for name in sys.modules if name.startswith('bot.')))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["bot.ports", "bot.ports.clock"]
