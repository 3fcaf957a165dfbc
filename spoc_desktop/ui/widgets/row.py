"""A line of a list: icon, title and detail, and what stands at its right end; a hairline below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from spoc_desktop.ui.painting import box, painting
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.glyph import Glyph
from spoc_desktop.ui.widgets.tag import Tag
from spoc_desktop.ui.widgets.text import Span, Text

_BLEED = 12


class Composed(QPushButton):
    """A button made of other widgets: its size is that of its layout, clicks on its parts are its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        # Qt itself repaints under the pointer: a Python `event` would run for each event until the C++ side is gone.
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @property
    def parts(self) -> QLayout:
        """The layout that holds the parts."""
        layout = self.layout()
        if layout is None:
            raise TypeError(f"{type(self).__name__} was built without parts")
        return layout

    def sizeHint(self) -> QSize:
        return self.parts.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self.parts.minimumSize()

    def let_clicks_through(self) -> None:
        """Make every part hand its clicks to the whole; call once the parts are in place."""
        for part in self.findChildren(QWidget):
            if not isinstance(part, QAbstractButton):
                part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


class Row(Composed):
    """Opens something when clicked. `end` is a word or widgets; `current` tints the row; `small` is 40 px, not 56.

    `passive` makes a row that only tells: no focus, no hover.
    """

    def __init__(
        self,
        title: str,
        detail: str = "",
        *,
        icon: str = "",
        icon_colour: str = "muted",
        end: str | Sequence[QWidget] = "",
        end_colour: str = "muted",
        title_role: str = "body",
        title_colour: str = "text",
        leading: QWidget | None = None,
        small: bool = False,
        current: bool = False,
        passive: bool = False,
        line: bool = True,
    ) -> None:
        super().__init__()
        self._current = current
        self._line = line
        self._small = small
        self._passive = passive
        layout = QHBoxLayout(self)
        layout.setSpacing(12 if small else 16)
        if leading is None and icon:
            leading = Glyph(icon, "accent" if current else icon_colour, 16 if small else 20)
        if leading is not None:
            layout.addWidget(leading)
        layout.addLayout(self._words(title, detail, title_role, title_colour), 1)
        for widget in self._ends(end, end_colour):
            layout.addWidget(widget)
        self._finish(title, detail, end)

    def _finish(self, title: str, detail: str, end: str | Sequence[QWidget]) -> None:
        words = [end] if isinstance(end, str) else [part.text() for part in end if isinstance(part, Text | Tag)]
        self.setText(title)
        self.setAccessibleName(", ".join(part for part in (title, detail, *words) if part))
        self.let_clicks_through()
        if self._passive:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        else:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        follow(self._restyle)

    def _words(self, title: str, detail: str, role: str, colour: str) -> QVBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        heading = Text(title, role, colour, wrap=True)
        if role == "body":
            heading.set_weight(600 if self._current else (400 if self._small else 500))
        words.addWidget(heading)
        if detail:
            words.addWidget(Text(detail, "small", "muted", wrap=True))
        words.addStretch(1)
        return words

    def _ends(self, end: str | Sequence[QWidget], colour: str) -> Sequence[QWidget]:
        if not isinstance(end, str):
            return end
        weight = 400 if colour == "muted" else 500
        return [Text([Span(end, weight, colour)], "small", colour)] if end else []

    def _restyle(self) -> None:
        side = _BLEED if self._small else 0
        self.parts.setContentsMargins(side, 7, side, 7)
        height = theme().tokens.control["row-small" if self._small else "row"]
        self.setMinimumHeight(34 if self._small and theme().scale == 1 else theme().height(height))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            if self._current:
                box(painter, self.rect(), 8, fill=theme().colour("accent-soft"))
            elif self.underMouse() and not self._passive:
                box(painter, QRectF(self.rect()).adjusted(0, 0, 0, -1), 8, fill=theme().colour("hover"))
            if self._line and not self._small:
                painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme().colour("border"))
