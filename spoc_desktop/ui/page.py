"""What every page is: a main column, a margin and a footer, filled by `fill` from what the page has loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSlider, QApplication, QVBoxLayout, QWidget

from spoc_desktop.ui.tab_order import chain
from spoc_desktop.ui.widgets.sheet import Body, Column, Footer
from spoc_desktop.ui.workers import Workers


class Frame(Protocol):
    """What a page may ask of the window around it."""

    @property
    def workers(self) -> Workers:
        """Where work off the main thread runs."""
        ...

    def open(self, route: str, **params: object) -> None:
        """Go to another page."""
        ...

    def go_back(self) -> None:
        """Go to the page before."""
        ...

    def toast(self, words: Callable[[], str], undo: Callable[[], None] | None = None) -> None:
        """Say at the foot of the sheet what was done, and how to undo it."""
        ...

    def notify(self, changes: object) -> None:
        """Tell the open page what a write has changed."""
        ...


_Step = QAbstractSlider.SliderAction
SCROLL_KEYS = {
    Qt.Key.Key_Down: _Step.SliderSingleStepAdd,
    Qt.Key.Key_Up: _Step.SliderSingleStepSub,
    Qt.Key.Key_PageDown: _Step.SliderPageStepAdd,
    Qt.Key.Key_PageUp: _Step.SliderPageStepSub,
    Qt.Key.Key_Space: _Step.SliderPageStepAdd,
    Qt.Key.Key_Home: _Step.SliderToMinimum,
    Qt.Key.Key_End: _Step.SliderToMaximum,
}


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way to a page; without a route it only tells."""

    text: str
    route: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """A page as the window knows it before it is made.

    `route` names it for `open`; `section` is the route of the rail item that is current while it is open; `title`
    (called at each drawing, so it follows the language) and `icon` put it into the rail, an empty icon leaves it out;
    `order` sorts the rail.
    """

    route: str
    make: Callable[[Frame], Page]
    title: Callable[[], str]
    icon: str = ""
    order: int = 0
    section: str = ""


class Page(QWidget):
    """Base of all pages. A page loads in `opened`, draws in `fill`, and calls `redraw` when its data has changed."""

    margin_width: ClassVar[int] = 312
    measure: ClassVar[int] = 0
    has_margin: ClassVar[bool] = True
    bare: ClassVar[bool] = False
    centred: ClassVar[bool] = False

    crumbs_changed = Signal()

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        for mark in ("own_focus", "landing"):
            self.setProperty(mark, True)  # noqa: FBT003  # Qt's setProperty takes its value so
        self.frame = frame
        self.crumbs: tuple[Crumb, ...] = ()
        self.body = self.make_body()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.body)

    # -- what pages override

    def make_body(self) -> Body:
        """How main column, margin and footer lie on the sheet."""
        return Body(margin_width=self.margin_width, measure=self.measure, margin=self.has_margin, centred=self.centred)

    def opened(self, **params: object) -> None:
        """The window shows the page for these parameters: load what is needed, then `redraw`."""
        self.redraw()

    def fill(self) -> None:
        """Fill `main`, `margin` and `footer` and set the crumbs from what is loaded; also called for a new language."""
        raise NotImplementedError

    def refresh(self, changes: object) -> None:
        """A write or a sync has changed something: reload if this page shows it."""

    def submit(self) -> None:
        """Ctrl+Enter."""

    def save(self) -> None:
        """Ctrl+S."""

    def retranslate(self) -> None:
        """The language has changed. A page that holds unsaved text overrides this and changes only its own words."""
        self.redraw()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.body.scroller.verticalScrollBar()
        step = SCROLL_KEYS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            bar.triggerAction(step)

    # -- what pages use

    @property
    def main(self) -> Column:
        """The work: `main.add(widget, gap)`."""
        return self.body.main

    @property
    def margin(self) -> Column:
        """The people."""
        return self.body.margin

    @property
    def footer(self) -> Footer:
        """Actions that stay in view."""
        return self.body.footer

    def set_crumbs(self, *crumbs: Crumb) -> None:
        """Say where this page is; the last one is the page itself."""
        self.crumbs = crumbs
        self.crumbs_changed.emit()

    def redraw(self) -> None:
        """Empty the page and `fill` it again; reading position and keyboard focus (by object name) are kept."""
        position = self.body.scroller.verticalScrollBar().value()
        focused = QApplication.focusWidget()
        inside = focused is not None and self.isAncestorOf(focused)
        name = focused.objectName() if focused is not None and inside else ""
        if inside:
            # A control that is taken away with the focus on it would leave the window without any.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        for part in (self.main, self.margin, self.footer):
            part.clear()
        self.fill()
        chain(self)
        if position:
            self.body.scroller.return_to(position)
        again = self.findChild(QWidget, name) if name else None
        if again is not None:
            again.setFocus(Qt.FocusReason.OtherFocusReason)
