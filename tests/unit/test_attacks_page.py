"""docs/attacks.md is true: a line for each attack that it promises, and each test that it names is there."""

from __future__ import annotations

from tests.unit.named_tests import is_there, lines_of, named

LINES = lines_of("attacks.md", "A")
BY_IMPORT = {*range(11, 15), 16, 18, *range(21, 27), *range(28, 31)}
TIME_AND_PROOF = {10, 44, 59, 60}


def test_each_attack_that_is_promised_has_one_line_in_its_order() -> None:
    numbers = [int(line[0][1:]) for line in LINES]
    assert numbers == sorted(set(numbers))
    assert set(numbers) >= BY_IMPORT | TIME_AND_PROOF
    assert all(len(line) == 4 and all(line) for line in LINES)


def test_every_test_that_is_named_is_there() -> None:
    for number, _, _, tests in LINES:
        assert named(tests), number
        assert [test for test in named(tests) if not is_there(test)] == []
