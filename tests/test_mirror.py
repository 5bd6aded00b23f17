"""Every module has its test file, and every test file its module.

`bot/engine/query.py` is tested in `tests/bot/engine/test_query.py`. A package's `__init__` may have one of the
package's name: `adapters/sources/__init__.py` is tested in `tests/adapters/sources/test_sources.py`. Whole stories
stand in `tests/scenarios/`, tests of `tools/` in `tests/tools/`.
"""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "adapters", "storage")

WITHOUT = {
    "bot/errors.py": "names of errors",
    "bot/chat/platforms.py": "a Protocol and what goes with it; made use of in tests/adapters/test_platforms.py",
    "bot/ports/*.py": "Protocols: nothing runs; what stands behind them is tested in tests/storage and tests/adapters",
    "storage/sql/tables/*.py": "declarations, compared with the migrations in tests/storage/sql/test_schema.py",
    "storage/sql/migrations/env.py": "run by every migration of tests/storage/sql/migrations/test_migrations.py",
    "storage/sql/migrations/versions/*.py": "run by tests/storage/sql/migrations/test_migrations.py",
    "adapters/*/plugin.py": "a platform's entries, run by tests/adapters/test_platforms.py and tests/bot/cli",
}
"""Patterns of modules that need no test file of their own, and why."""


def place_of_test(module: Path) -> Path:
    """Where a module is tested."""
    name = module.parent.name if module.stem == "__init__" else module.stem.strip("_")
    return Path("tests") / module.parent / f"test_{name}.py"


def modules() -> list[Path]:
    return [path.relative_to(ROOT) for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def needs_test(module: Path) -> bool:
    return module.stem != "__init__" and not any(module.match(pattern) for pattern in WITHOUT)


@pytest.mark.parametrize("module", [str(module) for module in modules() if needs_test(module)])
def test_a_module_has_its_test_file(module: str) -> None:
    assert (ROOT / place_of_test(Path(module))).is_file()


def test_a_test_file_has_its_module() -> None:
    mirrored = {place_of_test(module) for module in modules()}
    found = {path.relative_to(ROOT) for name in PACKAGES for path in (ROOT / "tests" / name).rglob("test_*.py")}
    assert sorted(found - mirrored) == []


@pytest.mark.parametrize("pattern", WITHOUT)
def test_what_is_left_out_exists(pattern: str) -> None:
    assert any(module.match(pattern) for module in modules())
