"""Tables of the documents that name tests: each named test must be there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def lines_of(page: str, letter: str) -> list[list[str]]:
    """The rows of a page whose first cell is the letter and a number."""
    text = (ROOT / "docs" / page).read_text("utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text if re.match(rf"\| {letter}\d", line)]


def named(cell: str) -> list[str]:
    """What stands between backticks in a cell."""
    return re.findall(r"`([^`]+)`", cell)


def is_there(test: str) -> bool:
    """Whether a test named as path::function is in its file."""
    path, _, function = test.partition("::")
    return f"def {function}(" in (ROOT / path).read_text("utf-8")
