"""Layouts are emptied and walked without their items, whose wrappers outlive them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget

import spoc_desktop.ui
from spoc_desktop.ui import layouts

# Pages come, are walked by Tab and go, as on a long day. While items were taken in hand this ended in a segmentation
# fault at once: the wrapper of a freed item was found in place of the widget that had its address next.
LONG_DAY = """
import gc
import random

import spoc_desktop.ui
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from spoc_desktop.ui import theme
from spoc_desktop.ui.tab_order import chain
from spoc_desktop.ui.widgets.flow import column, flow, row

chance = random.Random(3)
app = QApplication([])
theme.install(app)
outer = QWidget()
pages = QVBoxLayout(outer)
for turn in range(400):
    shapes = chance.choices((row, row, column, flow), k=chance.randint(2, 12))
    pages.addWidget(column(*(shape(*(QPushButton() for _ in range(chance.randint(1, 4)))) for shape in shapes)))
    chain(outer)
    shown = [child for child in outer.children() if isinstance(child, QWidget)]
    for page in chance.sample(shown, min(3, len(shown)) if turn > 4 else 0):
        page.deleteLater()
    page = shown = None
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if turn % 7 == 0:
        gc.collect()
print("survived")
"""

SOURCES = sorted(Path(spoc_desktop.ui.__file__).parent.rglob("*.py"))


@pytest.mark.parametrize(
    "source", SOURCES, ids=lambda path: str(path.relative_to(Path(spoc_desktop.ui.__file__).parent))
)
def test_no_code_of_the_window_takes_an_item_of_a_layout_in_hand(source: Path) -> None:
    found = re.findall(r"\.(?:itemAt|takeAt|itemAtPosition)\(", source.read_text("utf-8"))
    assert found == [], "use spoc_desktop.ui.layouts: Qt frees items without telling Python"


def test_the_parts_of_a_layout_come_in_its_order_whatever_order_they_were_made_in(app: QApplication) -> None:
    holder = QWidget()
    outer = QVBoxLayout(holder)
    inner = QHBoxLayout()
    last, first, inside = QLabel("last"), QLabel("first"), QLabel("inside")
    outer.addWidget(last)
    outer.insertWidget(0, first)
    outer.insertLayout(1, inner)
    inner.addWidget(inside)
    assert layouts.parts_of(outer) == [first, inner, last]
    assert layouts.parts_of(inner) == [inside]


def test_an_emptied_layout_holds_no_widget_and_no_free_room(app: QApplication) -> None:
    holder = QWidget()
    box = QVBoxLayout(holder)
    layouts.stretch(box, 0, 100)
    layouts.gap(box, 1, 24)
    box.addWidget(QLabel("words"))
    layouts.empty(box)
    assert box.count() == 0
    assert list(layouts.widgets_of(box)) == []


def test_pages_that_come_and_go_and_are_walked_by_tab_leave_the_memory_whole() -> None:
    ended = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", LONG_DAY],
        cwd=Path(spoc_desktop.ui.__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout.strip()) == (0, "survived"), ended.stderr
