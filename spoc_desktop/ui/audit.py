"""Walking an open window for what would shut somebody out; used by the test that opens every page.

Rules are those of EN 301 549 chapter 11 and WCAG 2.2 AA that a program can check on itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from spoc_desktop.ui.page import Page
from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.tokens import Tokens
from spoc_desktop.ui.widgets.tag import Tag
from spoc_desktop.ui.widgets.text import Text

SMALLEST_TARGET = 24
TEXT_RATIO, TEXT_RATIO_HIGH, MARK_RATIO = 4.5, 7.0, 3.0
_INPUTS = QAbstractButton | QLineEdit | QComboBox | QAbstractSpinBox | QPlainTextEdit | QTextEdit | QAbstractItemView
_GROUNDS = ("background", "surface", "raised", "hover", "sunken")


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: which rule, which widget, what is wrong."""

    rule: str
    widget: str
    detail: str


def all_findings(window: QWidget) -> list[Finding]:
    """Every check on what is visible in the window now."""
    checks = (unnamed, label_not_in_name, small_targets, clipped, tab_inversions, low_contrast, invisible_focus)
    return [finding for check in checks for finding in check(window)]


def controls(root: QWidget) -> list[QWidget]:
    """Visible widgets that can be clicked, typed into or reached with Tab."""
    return [
        widget
        for widget in root.findChildren(QWidget)
        if widget.isVisible()
        and (isinstance(widget, _INPUTS) or bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus))
        and not isinstance(widget, QHeaderView)
        and not widget.objectName().startswith("qt_")
        and not isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox)
    ]


def name_of(widget: QWidget) -> str:
    """What a screen reader calls a widget."""
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def unnamed(root: QWidget) -> Iterator[Finding]:
    """11.4.1.2: every control has a name."""
    for widget in controls(root):
        if not name_of(widget).strip() and not isinstance(widget, Page):
            yield Finding("unnamed", _path(widget), "no accessible name")


def label_not_in_name(root: QWidget) -> Iterator[Finding]:
    """11.2.5.3: the name begins with the words that are seen."""
    for widget in controls(root):
        if isinstance(widget, QAbstractButton) and widget.text():
            shown = widget.text().replace("&", "")
            if not name_of(widget).replace("&", "").startswith(shown):
                yield Finding("label in name", _path(widget), f"{shown!r} is called {name_of(widget)!r}")


def small_targets(root: QWidget) -> Iterator[Finding]:
    """2.5.8: nothing to click is smaller than 24 by 24 px."""
    for widget in controls(root):
        if min(widget.width(), widget.height()) < SMALLEST_TARGET and not isinstance(widget, QTextEdit):
            yield Finding("target", _path(widget), f"{widget.width()}×{widget.height()}")


def clipped(root: QWidget) -> Iterator[Finding]:
    """11.1.4.4: every label and button has the room it asks for, and lies inside what holds it."""
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or not isinstance(widget, QLabel | QAbstractButton | QLineEdit):
            continue
        wanted = widget.minimumSizeHint()
        height = widget.heightForWidth(widget.width()) if widget.hasHeightForWidth() else wanted.height()
        if wanted.width() > widget.width() or height > widget.height():
            detail = f"asks {wanted.width()}×{height}, has {widget.width()}×{widget.height()}"
            yield Finding("clipped", _path(widget), detail)
        elif (cut := _cut_off(widget)) > 0:
            yield Finding("clipped", _path(widget), f"{cut} px lie outside what holds it")


def _cut_off(widget: QWidget) -> int:
    """Pixels of the widget's width that a parent cuts off; scrolling up and down reaches the rest of its height."""
    host = _viewport(widget)
    if isinstance(host.parentWidget(), QAbstractItemView):
        return 0
    left = widget.mapTo(host, QPoint(0, 0)).x()
    return max(0, -left, left + widget.width() - host.width())


def tab_inversions(root: QWidget) -> Iterator[Finding]:
    """11.2.4.3: within a part, Tab never goes up, nor left on a line."""
    for before, after in pairwise(_tab_chain(root)):
        if _pane(before) is not _pane(after):
            continue
        first, second = _place(before, root), _place(after, root)
        above = second.bottom() <= first.top()
        same_line = second.top() < first.bottom() and first.top() < second.bottom()
        if above or (same_line and second.right() <= first.left()):
            yield Finding("tab order", _path(after), f"comes after {_path(before)} and stands before it")


def _tab_chain(root: QWidget) -> list[QWidget]:
    chain: list[QWidget] = []
    widget = root.nextInFocusChain()
    while widget is not None and widget is not root:
        reached = widget.isVisible() and widget.isEnabled() and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        if reached and root.isAncestorOf(widget) and widget.focusProxy() is None:
            chain.append(widget)
        widget = widget.nextInFocusChain()
    return chain


def low_contrast(root: QWidget) -> Iterator[Finding]:
    """11.1.4.3: words on the ground they stand on, 4.5 to 1, or 7 to 1 in the high-contrast themes."""
    least = TEXT_RATIO_HIGH if theme().high_contrast else TEXT_RATIO
    for widget in root.findChildren(QLabel):
        if not widget.isVisible() or not widget.isEnabled():
            continue
        for ink, ground in _pairs(widget):
            ratio = contrast(theme().colour(ink), theme().colour(ground))
            if ratio < least:
                yield Finding("contrast", _path(widget), f"{ink} on {ground} is {ratio:.2f}")


def _pairs(label: QLabel) -> list[tuple[str, str]]:
    if isinstance(label, Tag):
        return [label.colour_pair]
    if isinstance(label, Text):
        return [(label.colour_role, ground) for ground in _GROUNDS[:3]]
    return []


def token_faults(tokens: Tokens) -> list[str]:
    """Colour pairs of the token file under their limit: texts on every ground, marks and the focus ring at 3 to 1."""
    faults = []
    for name, colours in tokens.colours.items():
        least = TEXT_RATIO_HIGH if name.startswith("contrast") else TEXT_RATIO
        inks = ("text", "muted", "accent", "human", "success", "warning", "danger", "info")
        pairs = [(ink, ground, least) for ink in inks for ground in _GROUNDS]
        pairs += [(ink, f"{ink}-soft", least) for ink in inks[2:]]
        pairs += [("accent-text", "accent", least), ("danger-text", "danger", least)]
        pairs += [("selection-text", "selection", least), ("accent-on-soft", "accent-soft", least)]
        marks = ("focus", "border-strong", "margin-line", "todo-line")
        pairs += [(mark, ground, MARK_RATIO) for mark in marks for ground in ("background", "surface", "raised")]
        for ink, ground, limit in pairs:
            ratio = contrast(QColor(colours[ink]), QColor(colours[ground]))
            if ratio < limit:
                faults.append(f"{name}: {ink} on {ground} is {ratio:.2f}, needs {limit}")
    return faults


def contrast(first: QColor, second: QColor) -> float:
    """WCAG 2 contrast of two colours, 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: QColor) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def invisible_focus(root: QWidget) -> Iterator[Finding]:
    """11.2.4.7: pixels change around every control when it takes the keyboard."""
    window = root.window()
    before_focus = QApplication.focusWidget()
    for widget in _tab_chain(root):
        if isinstance(widget, Page):
            continue
        _focus(window, None)
        area = _place(widget, window).adjusted(-4, -4, 4, 4).intersected(_visible(widget, window))
        if area.isEmpty():
            continue
        plain = _grab(window, area)
        _focus(window, widget)
        area_now = _place(widget, window).adjusted(-4, -4, 4, 4).intersected(_visible(widget, window))
        if widget.hasFocus() and area_now == area and _grab(window, area) == plain:
            yield Finding("focus", _path(widget), "nothing is drawn when it has the keyboard")
    _focus(window, before_focus)


def _focus(window: QWidget, widget: QWidget | None) -> None:
    if widget is not None:
        widget.setFocus(Qt.FocusReason.TabFocusReason)
    elif (focused := QApplication.focusWidget()) is not None:
        focused.clearFocus()
    QApplication.processEvents()
    window.repaint()


def _grab(window: QWidget, area: QRect) -> QImage:
    return window.grab(area).toImage()


def _visible(widget: QWidget, window: QWidget) -> QRect:
    host = _viewport(widget)
    return QRect(host.mapTo(window, QPoint(0, 0)), host.size()).intersected(window.rect())


def _pane(widget: QWidget) -> QWidget:
    """The part of the window that Tab walks as one: rail, top bar, footer, or what scrolls together."""
    host = _viewport(widget)
    parent: QWidget | None = widget
    while parent is not None and parent is not host:
        if parent.property("pane"):
            return parent
        parent = parent.parentWidget()
    return host


def _viewport(widget: QWidget) -> QWidget:
    """The nearest viewport that scrolls the widget, or its window."""
    parent = widget.parentWidget()
    while parent is not None and not parent.isWindow():
        above = parent.parentWidget()
        if isinstance(above, QAbstractScrollArea) and above.viewport() is parent:
            return parent
        parent = above
    return widget.window()


def _place(widget: QWidget, root: QWidget) -> QRect:
    return QRect(widget.mapTo(root.window(), QPoint(0, 0)), widget.size())


def _path(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    words = widget.objectName() or widget.accessibleName() or (text() if callable(text) else "")
    return f"{type(widget).__name__} {str(words)[:60]!r}"
