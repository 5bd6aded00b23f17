"""Break Paperboy's delivery in one small way at a time and see whether a test notices.

    python -m tools.mutants [WORD ...] [--jobs 2] [--limit 300]

The files of `tools/mutant_lists/` list the mutants: a module, an old text, the new one, and what would break. Each is
made in a copy of the tree, and the tests about the module are run there. A mutant is `killed` when a test fails or the
tests do not end within `--limit` seconds, and `lived` when all pass; one that is marked `equivalent`, with the reason,
is left out. With words, only mutants whose module or text has one of them are tried. Exit status 1 when more than a
tenth lived, or when the list is wrong: an old text is not in its module exactly once, or a mutant does not even load.
"""

import argparse
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parent.parent
LISTS = Path(__file__).with_name("mutant_lists")

CORE = [f"tests/bot/delivery/test_{name}.py" for name in ("delivery_log", "deliverer", "sender")]
STORED = [f"tests/storage/sql/test_{name}.py" for name in ("deliveries", "destinations")]
SCENARIOS = ["tests/scenarios/deliveries/test_clock_skew.py", "tests/scenarios/deliveries/test_simulation.py"]
THOROUGH = "season and not every_local_day"
"""What would take long and is about time zones."""

# Failing examples are not made shorter here: that a test fails is enough.
_PYTEST = """
import signal
import sys
import pytest

signal.signal(signal.SIGINT, signal.default_int_handler)  # also where the tool was started to ignore it

class Once:
    def pytest_configure(self):
        from hypothesis import Phase, settings
        settings.register_profile("once", phases=[Phase.explicit, Phase.generate], database=None)
        settings.load_profile("once")

sys.exit(pytest.main(sys.argv[1:], plugins=[Once()]))
"""
PLUGINS = ["-p", "pytest_asyncio.plugin", "-p", "_hypothesis_pytestplugin"]
_FAILED = 1
"""What pytest's exit status is when tests failed; 2 and more is when they could not be run."""


class WrongListError(Exception):
    """A mutant that cannot be made."""


@dataclass(frozen=True)
class Mutant:
    """One way to break a module; `equivalent` says why nobody could notice."""

    file: str
    breaks: str
    old: str
    new: str
    equivalent: str = ""

    def made_of(self, text: str) -> str:
        """The module's text with the mutation. Raises WrongListError unless the old text is there exactly once."""
        if text.count(self.old) != 1:
            raise WrongListError(f"{self.file}: {text.count(self.old)} times instead of once:\n{self.old}")
        return text.replace(self.old, self.new)


@dataclass(frozen=True)
class Outcome:
    """What became of a mutant: `killed` or `lived`, and by which test."""

    mutant: Mutant
    verdict: str
    by: str
    seconds: float


def read_list(path: Path) -> list[Mutant]:
    """The mutants of one list."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return [Mutant(file=told["file"], **each) for each in told["mutant"]]


def check_list(mutants: Sequence[Mutant]) -> None:
    """Raises WrongListError for a mutant that cannot be made of the modules as they are."""
    for mutant in mutants:
        made = mutant.made_of((ROOT / mutant.file).read_text(encoding="utf-8"))
        compile(made, mutant.file, "exec")


def tests_about(file: str) -> list[list[str]]:
    """The tests that are run for a mutant of a module, as arguments of pytest: most fall to the first, quick ones."""
    own = str(Path("tests") / Path(file).with_name(f"test_{Path(file).name}"))
    if file.startswith("storage/"):
        quick = [own, "-k", "not memory and not postgres"]
        return [quick, [*STORED, *SCENARIOS, "-k", f"(postgres or database) and not memory and not {THOROUGH}"]]
    return [[own], [*CORE, *SCENARIOS, "-k", f"not on_a_database and not {THOROUGH}"]]


def copy_tree(to: Path) -> None:
    """Copy what git knows of, so that nothing here is touched."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, to / name)


def run_tests(tree: Path, tests: Sequence[str], limit: float) -> tuple[bool, str]:
    """Whether the tests pass, and what failed first. Raises WrongListError when they cannot be run."""
    options = ["-x", "-q", "-p", "no:cacheprovider", "--hypothesis-seed=1", "--tb=no", "--no-header", *PLUGINS]
    program = [sys.executable, "-c", _PYTEST, *options, *tests]
    environment = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # other plugins take longer to load than tests
    with subprocess.Popen(
        program, cwd=tree, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        try:
            told, _ = running.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGINT)  # pytest then stops the database servers that it started
            running.communicate()
            return False, f"no end within {limit:.0f} s"
    failed = [line for line in told.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    if running.returncode > _FAILED or bool(running.returncode) != bool(failed):
        raise WrongListError(f"the tests could not be run:\n{told[-3000:]}")
    return not failed, failed[0].split(" - ")[0].split("::")[-1] if failed else ""


def run_stages(tree: Path, file: str, limit: float) -> tuple[bool, str]:
    """Whether all tests about a module pass, and what failed first."""
    for tests in tests_about(file):
        passed, by = run_tests(tree, tests, limit)
        if not passed:
            return False, by
    return True, ""


def attempt(tree: Path, mutant: Mutant, limit: float) -> Outcome:
    """Make a mutant in a copy of the tree, run the tests about it, and put the module back."""
    module, began = tree / mutant.file, perf_counter()
    text = module.read_text(encoding="utf-8")
    module.write_text(mutant.made_of(text), encoding="utf-8")
    try:
        passed, by = run_stages(tree, mutant.file, limit)
    finally:
        module.write_text(text, encoding="utf-8")
    return Outcome(mutant, "lived" if passed else "killed", by, perf_counter() - began)


@contextmanager
def copies(count: int) -> Iterator["queue.Queue[Path]"]:
    """Some copies of the tree, to take and to give back."""
    with tempfile.TemporaryDirectory(prefix="paperboy-mutants-") as folder:
        free: queue.Queue[Path] = queue.Queue()
        for number in range(count):
            copy_tree(Path(folder) / str(number))
            free.put(Path(folder) / str(number))
        yield free


def try_all(mutants: Sequence[Mutant], jobs: int, limit: float) -> list[Outcome]:
    """What became of each mutant; tells each as soon as it is known. Raises WrongListError."""
    with copies(jobs) as free, ThreadPoolExecutor(jobs) as pool:

        def one(mutant: Mutant) -> Outcome:
            tree = free.get()
            try:
                outcome = attempt(tree, mutant, limit)
            finally:
                free.put(tree)
            how = f" by {outcome.by}" if outcome.by else ""
            print(f"{outcome.verdict} {outcome.seconds:4.0f} s  {mutant.file}: {mutant.breaks}{how}", flush=True)
            return outcome

        return list(pool.map(one, mutants))


def require_healthy(files: Sequence[str], limit: float) -> None:
    """Raises WrongListError when tests fail without any mutant: then they would kill everything."""
    with copies(1) as free:
        tree = free.get()
        for file in files:
            passed, by = run_stages(tree, file, limit)
            if not passed:
                raise WrongListError(f"without a mutant a test fails already: {by}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", metavar="WORD", help="only mutants with one of these words")
    parser.add_argument("--jobs", type=int, default=2, help="mutants tried at a time")
    parser.add_argument("--limit", type=float, default=300.0, help="seconds for the tests of one mutant")
    given = parser.parse_args()
    listed = [mutant for path in sorted(LISTS.glob("*.toml")) for mutant in read_list(path)]
    chosen = [each for each in listed if not each.equivalent and _has(each, given.words)]
    try:
        check_list(listed)
        require_healthy(sorted({each.file for each in chosen}), given.limit)
        outcomes = try_all(chosen, given.jobs, given.limit)
    except WrongListError as error:
        print(error, file=sys.stderr)
        return 1
    lived = [each.mutant for each in outcomes if each.verdict == "lived"]
    print(f"{len(outcomes)} mutants, {len(outcomes) - len(lived)} killed, {len(lived)} lived:")
    print(*(f"- {each.file}: {each.breaks}\n    {each.old.strip()}" for each in lived), sep="\n")
    return int(len(lived) * 10 > len(outcomes))


def _has(mutant: Mutant, words: Sequence[str]) -> bool:
    text = f"{mutant.file} {mutant.breaks} {mutant.old}".casefold()
    return not words or any(word.casefold() in text for word in words)


if __name__ == "__main__":
    sys.exit(main())
