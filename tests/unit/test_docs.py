"""What the pages at the root say is true: every path, link and command that they name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
MADE_LATER = ("build/", ".venv", "media/", "../media/")
"""Folders that the commands or an author make; a fresh checkout has none of them."""

PATH = re.compile(r"`([A-Za-z_.][\w.-]*/[\w./-]*|[\w-]+\.(?:md|py|toml|lock|sh))`")
EXAMPLE = re.compile(r"```.*?```", re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)\)")
TARGET = re.compile(r"\bmake ([a-z-]+)`|^make ([a-z-]+)$", re.MULTILINE)


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_path_that_a_page_names_is_there(page: Path) -> None:
    """A file alone stands for one somewhere: the page says in words where."""
    for path in PATH.findall(page.read_text("utf-8")):
        if not path.startswith(MADE_LATER):
            assert (ROOT / path).exists() or ("/" not in path and list(ROOT.rglob(f"[!.]*/{path}"))), path


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(EXAMPLE.sub("", page.read_text("utf-8"))):
        assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_that_a_page_names_is_a_target(page: Path) -> None:
    named = {target for pair in TARGET.findall(page.read_text("utf-8")) for target in pair if target}
    assert named <= TARGETS
