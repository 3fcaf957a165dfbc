"""Tab goes in reading order: the order in which the layouts hold the controls, whatever order they were made in."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QSplitter, QStackedWidget, QWidget

from spoc_desktop.ui.layouts import parts_of


def chain(*roots: QWidget) -> None:
    """Let Tab walk the controls of the parts in the order given, and within each in the order of its layouts."""
    controls = [control for root in roots for control in in_reading_order(root)]
    for before, after in pairwise(controls):
        QWidget.setTabOrder(before, after)


def in_reading_order(root: QWidget) -> Iterator[QWidget]:
    """Controls under `root` that take the keyboard, in the order of the layouts that hold them.

    A page is no stop for Tab, but it has the keyboard when it opens: its place is before its first control.
    """
    if root.focusPolicy() & Qt.FocusPolicy.TabFocus or root.property("landing"):
        yield root
    if isinstance(root, QSplitter | QStackedWidget):
        for place in range(root.count()):
            part = root.widget(place)
            if part is not None:
                yield from in_reading_order(part)
        return
    if isinstance(root, QScrollArea):
        content = root.widget()
        if content is not None:
            yield from in_reading_order(content)
        return
    layout = root.layout()
    if layout is not None:
        yield from _in_layout(layout)


def _in_layout(layout: QLayout) -> Iterator[QWidget]:
    for part in parts_of(layout):
        if isinstance(part, QLayout):
            yield from _in_layout(part)
        else:
            yield from in_reading_order(part)
