"""The known bugs still fit the code: whether each is caught is the night's work (`make mutants`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutants.known import KNOWN
from tests.mutants.mutant import Mutant
from tools.mutants import Misfit, Verdict, applied, caught_before, keep
from tools.mutants_page import PAGE, page

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


def test_a_run_that_goes_on_leaves_out_what_was_caught_in_the_same_tree(tmp_path: Path) -> None:
    kept, (first, second, *_) = tmp_path / "build" / "mutants.jsonl", KNOWN
    assert caught_before(kept, "tree") == set()
    keep(kept, "tree", Verdict(first, caught=True, said="", seconds=1.0))
    keep(kept, "tree", Verdict(second, caught=False, said="", seconds=1.0))
    assert caught_before(kept, "tree") == {first.name}
    assert caught_before(kept, "changed since") == set()


def test_the_page_of_known_bugs_is_made_of_them() -> None:
    assert PAGE.read_text("utf-8") == page(), "python -m tools.mutants_page"
