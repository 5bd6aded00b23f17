"""The mutants of delivery can all be made, and what becomes of one is told from the tests."""

from pathlib import Path

import pytest

from tools.mutants import LISTS, ROOT, Mutant, WrongListError, check_list, read_list, run_tests

MUTANT = Mutant(file="m.py", breaks="It is not one.", old="return 1", new="return 2")


@pytest.mark.parametrize("path", sorted(LISTS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_mutant_can_be_made_of_its_module_as_it_is(path: Path) -> None:
    mutants = read_list(path)
    check_list(mutants)
    assert all(each.breaks for each in mutants)
    assert {(ROOT / each.file).stem for each in mutants} == {path.stem}


@pytest.mark.parametrize("text", ["return 3", "return 1; return 1"])
def test_a_text_that_is_not_there_exactly_once_is_told(text: str) -> None:
    with pytest.raises(WrongListError, match="instead of once"):
        MUTANT.made_of(text)


@pytest.mark.parametrize(("number", "passed", "by"), [(1, True, ""), (2, False, "test_one")])
def test_a_mutant_is_killed_by_the_first_test_that_fails(tmp_path: Path, number: int, passed: bool, by: str) -> None:
    (tmp_path / "test_m.py").write_text(f"def test_one():\n    assert {number} == 1\n")
    assert run_tests(tmp_path, ["test_m.py"], 60) == (passed, by)


def test_tests_that_cannot_be_run_kill_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_m.py").write_text("import nothing_of_this_name\n")
    with pytest.raises(WrongListError, match="could not be run"):
        run_tests(tmp_path, ["test_m.py"], 60)
