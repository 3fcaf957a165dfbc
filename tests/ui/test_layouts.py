"""Layouts are emptied and walked without their items, whose wrappers outlive them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget

import spoc_desktop.ui
from spoc_desktop.ui import layouts

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
