"""F6: the keyboard goes from one part of the window to the first control of the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from spoc_desktop.ui.tab_order import in_reading_order


def focus_pane(parts: Sequence[QWidget], by: int) -> None:
    """Put the focus on the first control of the next (1) or previous (-1) part that has one."""
    panes = [pane for pane in parts if pane.isVisible() and first_control(pane) is not None]
    if not panes:
        return
    focused = QApplication.focusWidget()
    inside = [place for place, pane in enumerate(panes) if focused is not None and pane.isAncestorOf(focused)]
    start = inside[-1] if inside else (-1 if by > 0 else 0)
    control = first_control(panes[(start + by) % len(panes)])
    if control is not None:
        control.setFocus(Qt.FocusReason.ShortcutFocusReason)


def first_control(pane: QWidget) -> QWidget | None:
    """The first control of a part in reading order, or None."""
    reached = (widget for widget in in_reading_order(pane) if widget.isVisible() and widget.isEnabled())
    return next(reached, None)
