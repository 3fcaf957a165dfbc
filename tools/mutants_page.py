"""docs/mutants.md: each protection that is taken out, where, and the test that must fail.

`python -m tools.mutants_page` makes the page from the known bugs themselves (`tests/mutants`); a test holds it to them.
"""

from pathlib import Path

from tests.mutants.known import KNOWN
from tests.mutants.mutant import Mutant, Seed

PAGE = Path(__file__).resolve().parents[1] / "docs" / "mutants.md"
_HEAD = """# Known bugs, and what catches them

`make mutants` puts each of these bugs into a copy of the tree, one at a time; the test or the seed beside it must fail
there. What a bug changes stands under `tests/mutants`; that it still fits the code is a test of every day. Made by
`python -m tools.mutants_page`: {count} bugs.

| bug | where | caught by |
|---|---|---|
"""


def page() -> str:
    """The whole page."""
    return _HEAD.format(count=len(KNOWN)) + "".join(_row(mutant) for mutant in KNOWN)


def _row(mutant: Mutant) -> str:
    where = ", ".join(sorted({f"`{change.path}`" for change in mutant.changes}))
    return f"| {mutant.name.replace('_', ' ')} | {where} | {_caught_by(mutant.caught_by)} |\n"


def _caught_by(told: Seed | str) -> str:
    if isinstance(told, Seed):
        return f"seed {told.number} of the simulation{' with the real server' if told.real else ''}"
    return f"`{told}`"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
