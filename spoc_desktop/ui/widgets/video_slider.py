"""The réglette of a film: its chapters as segments, filled up to the moment, with a knob to drag."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QSlider

from spoc_desktop.i18n import _
from spoc_desktop.ui.painting import box, painting
from spoc_desktop.ui.theme import follow, theme
from sync.domain.videos import Chapter

_GAP = 3
_STRIP = 8
_KNOB = 6
STEP_MS = 5_000
_ARROWS = {
    Qt.Key.Key_Left: -STEP_MS,
    Qt.Key.Key_Down: -STEP_MS,
    Qt.Key.Key_Right: STEP_MS,
    Qt.Key.Key_Up: STEP_MS,
}


def timecode(milliseconds: int) -> str:
    """A moment as films write it: "2:46", "1:02:05"."""
    seconds = max(0, milliseconds) // 1000
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


class VideoSlider(QSlider):
    """In milliseconds. Arrows: 5 seconds; Page up and down: chapters; Home and End. `wanted`: where to jump."""

    wanted = Signal(int)

    def __init__(self, milliseconds: int, chapters: Sequence[Chapter]) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._chapters = tuple(chapter for chapter in chapters if 0 <= chapter.at < milliseconds)
        self.setRange(0, milliseconds)
        self.setSingleStep(STEP_MS)
        self.setAccessibleName(_("Place in the video"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow(self._restyle)
        self.show_moment(0)

    def show_moment(self, moment: int) -> None:
        """Move the knob; whoever drags it keeps it."""
        if not self.isSliderDown():
            self.setValue(moment)
        words = _("{moment} of {length}").format(moment=timecode(moment), length=timecode(self.maximum()))
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
        self.update()

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, theme().tokens.control["target-min"])

    def minimumSizeHint(self) -> QSize:
        return QSize(80, theme().tokens.control["target-min"])

    # -- keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ARROWS:
            self._go(self.value() + _ARROWS[key])
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._go(self._chapter(1 if key == Qt.Key.Key_PageDown else -1))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._go(0 if key == Qt.Key.Key_Home else self.maximum())
        else:
            event.ignore()

    def _chapter(self, step: int) -> int:
        starts = [chapter.at for chapter in self._chapters] or [0]
        if step > 0:
            return next((start for start in starts if start > self.value()), self.maximum())
        return next((start for start in reversed(starts) if start < self.value() - 2_000), 0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._go(self._moment_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._go(self._moment_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)

    def _go(self, moment: int) -> None:
        inside = max(0, min(moment, self.maximum()))
        self.setValue(inside)
        self.wanted.emit(inside)

    # -- drawing

    def _spans(self) -> list[tuple[int, int]]:
        starts = sorted({0, *(chapter.at for chapter in self._chapters)})
        return list(zip(starts, [*starts[1:], self.maximum()], strict=True))

    def _room(self) -> float:
        return max(1.0, self.width() - _GAP * (len(self._spans()) - 1))

    def _x(self, moment: int) -> float:
        """Where a moment lies: segments are as wide as their time, gaps between them."""
        before = sum(1 for start, _end in self._spans() if start <= moment) - 1
        return moment / max(1, self.maximum()) * self._room() + before * _GAP

    def _moment_at(self, x: float) -> int:
        for number, (start, end) in enumerate(self._spans()):
            left = start / max(1, self.maximum()) * self._room() + number * _GAP
            right = end / max(1, self.maximum()) * self._room() + number * _GAP
            if x <= right:
                share = max(0.0, x - left) / max(1.0, right - left)
                return round(start + share * (end - start))
        return self.maximum()

    def paintEvent(self, event: QPaintEvent) -> None:
        top = (self.height() - _STRIP) / 2
        moment, scale = self.value(), self._room() / max(1, self.maximum())
        with painting(self) as painter:
            for number, (start, end) in enumerate(self._spans()):
                place = QRectF(start * scale + number * _GAP, top, max(2.0, (end - start) * scale), _STRIP)
                box(painter, place, 2, fill=theme().colour("todo"), line=theme().colour("todo-line"))
                if moment > start:
                    place.setWidth(max(2.0, (min(moment, end) - start) * scale))
                    box(painter, place, 2, fill=theme().colour("accent"))
            centre = QPointF(max(_KNOB + 2.0, min(self._x(moment), self.width() - _KNOB - 2.0)), self.height() / 2)
            painter.setPen(theme().colour("surface"))
            painter.setBrush(theme().colour("surface"))
            painter.drawEllipse(centre, _KNOB + 2, _KNOB + 2)
            painter.setBrush(theme().colour("accent"))
            painter.drawEllipse(centre, _KNOB, _KNOB)
