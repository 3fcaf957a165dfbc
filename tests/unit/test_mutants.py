"""The known bugs still fit the code: whether each is caught is the night's work (`make mutants`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutants.known import KNOWN, Mutant
from tools.mutants import Misfit, applied

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("mutant", KNOWN, ids=[mutant.name for mutant in KNOWN])
def test_a_known_bug_still_fits_the_code(mutant: Mutant) -> None:
    for change in mutant.changes:
        text = (ROOT / change.path).read_text("utf-8")
        assert applied(text, change) != text


def test_no_two_bugs_have_one_name() -> None:
    assert len({mutant.name for mutant in KNOWN}) == len(KNOWN)


def test_lines_that_are_not_there_or_twice_are_a_misfit() -> None:
    change = KNOWN[0].changes[0]
    for text in ("", change.before * 2):
        with pytest.raises(Misfit):
            applied(text, change)
