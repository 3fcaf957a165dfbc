"""The ring around whatever has the keyboard: 2 px wide with a gap of 2 px, outside the control.

An overlay rather than a style: it can lie outside the control, it follows every class of widget alike, and Qt does not
have to call into Python for each measure of a style.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from shiboken6 import isValid

from spoc_desktop.ui.painting import box, painting
from spoc_desktop.ui.theme import theme

WIDTH, GAP = 2, 2
_REACH = WIDTH + GAP
_MOVES = {
    QEvent.Type.Move,
    QEvent.Type.Resize,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.ParentChange,
    QEvent.Type.LayoutRequest,
}


class _Ring(QWidget):
    """The drawn ring; lets every click through."""

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setObjectName("focus_ring")

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            box(painter, QRectF(self.rect()), 11, line=theme().colour("focus"), width=WIDTH)


class FocusRing(QObject):
    """Follows the keyboard through the window that owns it and its dialogs."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._ring: _Ring | None = None
        self._target: QWidget | None = None
        self._watched: list[QWidget] = []
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._moved)

    def _moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        self._release()
        if new is None or new.isWindow() or not _wants_ring(new):
            return
        by_mouse = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        if by_mouse and not new.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled):
            return
        self._target = new
        host = _host(new)
        self._ring = _Ring()
        self._ring.setParent(host)
        widget: QWidget | None = new
        while widget is not None and widget is not host:
            widget.installEventFilter(self)
            self._watched.append(widget)
            widget = widget.parentWidget()
        self._place()

    def _release(self) -> None:
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._watched.clear()
        if self._ring is not None and isValid(self._ring):
            self._ring.hide()
            self._ring.deleteLater()
        self._ring, self._target = None, None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self._place()
        return False

    def _place(self) -> None:
        ring, target = self._ring, self._target
        if ring is None or target is None or not isValid(ring) or not isValid(target):
            return
        host = _host(target)
        place = QRect(target.mapTo(host, QPoint(0, 0)), target.size())
        place.adjust(-_REACH, -_REACH, _REACH, _REACH)
        ring.setGeometry(place.intersected(host.rect()))
        ring.setVisible(target.isVisible())
        ring.raise_()


def _wants_ring(widget: QWidget) -> bool:
    # A whole page of text or a table shows its own cursor or current cell; a ring around it would be cut off anyway.
    return not widget.property("own_focus")


def _host(widget: QWidget) -> QWidget:
    """The nearest viewport or window: the ring is drawn there, above everything and clipped with it."""
    parent = widget.parentWidget()
    while parent is not None and not parent.isWindow():
        above = parent.parentWidget()
        if isinstance(above, QAbstractScrollArea) and above.viewport() is parent:
            return parent
        parent = above
    return widget.window()
