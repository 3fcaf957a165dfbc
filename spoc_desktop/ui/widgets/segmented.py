"""One of a few, side by side: a view, a level, a language."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from spoc_desktop.ui.painting import painting, text_line, text_width
from spoc_desktop.ui.theme import follow, theme

_PADDING = 12


class _Segment(QToolButton):
    """One choice; the current one is tinted and set in semibold."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._group = parent
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow(self._restyle)

    def _restyle(self) -> None:
        self.setFont(theme().font("small", weight=600 if self.isChecked() else 500))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = text_width(self.text(), theme().font("small", weight=600)) + 2 * _PADDING
        return QSize(ceil(width), theme().height(theme().tokens.control["height-small"]))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        frame = QPainterPath()
        whole = QRectF(-self.x(), 0, self._group.width(), self.height()).adjusted(0.5, 0.5, -0.5, -0.5)
        frame.addRoundedRect(whole, 8, 8)
        with painting(self) as painter:
            painter.save()
            painter.setClipPath(frame)
            fill = "accent-soft" if self.isChecked() else ("hover" if self.underMouse() else "surface")
            painter.fillRect(self.rect(), theme().colour(fill))
            painter.restore()
            painter.setPen(QPen(theme().colour("border-strong"), 1))
            painter.drawPath(frame)
            if self.x() > 0:
                painter.drawLine(QPointF(0.5, 0), QPointF(0.5, self.height()))
            ink = "accent-on-soft" if self.isChecked() else "muted"
            font = theme().font("small", weight=600 if self.isChecked() else 500)
            text_line(painter, self.text(), font, theme().colour(ink), QRectF(self.rect()), align="centre")


class Segmented(QWidget):
    """`picked` carries the key of the choice that the person made; `choose` sets it without a signal."""

    picked = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._parts: dict[str, _Segment] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for key, text in choices:
            part = _Segment(text, self)
            part.clicked.connect(lambda _checked=False, key=key: self.picked.emit(key))
            self._group.addButton(part)
            self._parts[key] = part
            row.addWidget(part)
        if choices:
            self.choose(choices[0][0])

    @property
    def current(self) -> str:
        """Key of the choice in force."""
        return next(key for key, part in self._parts.items() if part.isChecked())

    def choose(self, key: str) -> None:
        """Put a choice in force."""
        self._parts[key].setChecked(True)
        self.update()
