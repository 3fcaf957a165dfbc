"""docs/faults.md is true: each fault of the list has its line, each test and each known bug that it names is there."""

from __future__ import annotations

from tests.mutants.known import KNOWN
from tests.unit.named_tests import is_there, lines_of, named

LINES = lines_of("faults.md", "F")
NOT_YET = "not yet"


def test_each_fault_has_one_line_with_what_a_person_sees() -> None:
    assert [line[0] for line in LINES] == [f"F{number}" for number in range(1, 38)]
    assert all(len(line) == 5 and all(line) for line in LINES)


def test_every_test_that_is_named_is_there() -> None:
    for number, _, _, tests, _ in LINES:
        assert named(tests) or tests == NOT_YET, number
        assert [test for test in named(tests) if not is_there(test)] == []


def test_every_known_bug_that_is_named_is_there() -> None:
    known = {mutant.name for mutant in KNOWN}
    for number, *_, bugs in LINES:
        assert named(bugs) or bugs == NOT_YET, number
        assert set(named(bugs)) <= known, number
