"""docs/attacks.md is true: a line for each attack by what is imported, and each test that it names is there."""

from __future__ import annotations

from tests.unit.named_tests import is_there, lines_of, named

LINES = lines_of("attacks.md", "A")
BY_IMPORT = (*range(11, 15), 16, 18, *range(21, 27), *range(28, 31))


def test_each_attack_by_an_import_has_its_line() -> None:
    assert [line[0] for line in LINES] == [f"A{number}" for number in BY_IMPORT]
    assert all(len(line) == 4 and all(line) for line in LINES)


def test_every_test_that_is_named_is_there() -> None:
    for number, _, _, tests in LINES:
        assert named(tests), number
        assert [test for test in named(tests) if not is_there(test)] == []
