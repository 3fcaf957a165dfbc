"""F6: the keyboard goes from one part of the window to the next, back to where it was in each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from spoc_desktop.ui.main_window import MainWindow


def focus_pane(window: MainWindow, by: int) -> None:
    """Put the focus on the first control of the next (1) or previous (-1) part that has one."""
    panes = [pane for pane in _panes(window) if pane.isVisible() and first_control(pane) is not None]
    if not panes:
        return
    focused = QApplication.focusWidget()
    inside = [place for place, pane in enumerate(panes) if focused is not None and pane.isAncestorOf(focused)]
    start = inside[-1] if inside else (-1 if by > 0 else 0)
    control = first_control(panes[(start + by) % len(panes)])
    if control is not None:
        control.setFocus(Qt.FocusReason.ShortcutFocusReason)


def _panes(window: MainWindow) -> list[QWidget]:
    page = window.page
    inner: list[QWidget] = [page.main, page.margin, page.footer] if page is not None else []
    return [window.rail, window.top_bar, *inner]


def first_control(pane: QWidget) -> QWidget | None:
    """The first control of a part in Tab order, or None."""
    for widget in pane.findChildren(QWidget):
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            return widget
    return None
