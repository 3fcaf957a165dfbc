"""The réglette: time as a strip of segments, each as wide as the planned minutes of an activity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QToolTip, QWidget

from spoc_desktop.i18n import _, duration
from spoc_desktop.ui.language import on_language
from spoc_desktop.ui.painting import box, painting
from spoc_desktop.ui.theme import follow, theme

SegmentState = Literal["done", "part", "todo", "returned", "closed"]

_GAP = 3
_SMALLEST = 4


@dataclass(frozen=True, slots=True)
class Segment:
    """One activity: planned minutes, state, share done (0 to 1, for "part") and its title for the tooltip."""

    minutes: float
    state: SegmentState = "todo"
    share: float = 0.0
    title: str = ""

    @property
    def done(self) -> float:
        """Minutes of it that are done."""
        return self.minutes * {"done": 1.0, "part": self.share}.get(self.state, 0.0)


class Reglette(QProgressBar):
    """Filled = done, part-filled = begun, pale = to do, rose outline = returned or late, dashed = not open.

    To a screen reader it is a progress bar named `name`, in minutes, described as "1 h 11 of 2 h 12" unless
    `value` gives other words ("Question 4 of 10").
    """

    def __init__(
        self,
        segments: Sequence[Segment] = (),
        name: str = "",
        *,
        value: str = "",
        height: int = 10,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._height = height
        self._value = value
        self.segments: tuple[Segment, ...] = ()
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_segments(segments, name, value=value)
        follow(self._restyle)
        on_language(self._describe)

    def show_segments(self, segments: Sequence[Segment], name: str = "", *, value: str = "") -> None:
        """Show other activities; an empty name keeps the old one."""
        self.segments = tuple(segments)
        self._value = value
        if name:
            self.setAccessibleName(name)
        self.setRange(0, max(1, round(sum(segment.minutes for segment in segments))))
        self.setValue(round(sum(segment.done for segment in segments)))
        self._describe()
        self.update()

    def words(self) -> str:
        """How far it is, in words: "1 h 11 of 2 h 12"."""
        done, planned = duration(self.value()), duration(self.maximum())
        return self._value or _("{done} of {planned}").format(done=done, planned=planned)

    def _describe(self) -> None:
        self.setAccessibleDescription(self.words())

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(max(40, (_SMALLEST + _GAP) * len(self.segments)), self._height)

    def places(self) -> list[QRectF]:
        """Where each segment lies: as wide as its minutes, and wide enough to be seen."""
        if not self.segments:
            return []
        room = self.width() - _GAP * (len(self.segments) - 1) - _SMALLEST * len(self.segments)
        total = sum(segment.minutes for segment in self.segments) or 1.0
        places, x = [], 0.0
        for segment in self.segments:
            width = _SMALLEST + max(0.0, room) * segment.minutes / total
            places.append(QRectF(x, (self.height() - self._height) / 2, width, self._height))
            x += width + _GAP
        return places

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            for segment, place in zip(self.segments, self.places(), strict=True):
                _paint_segment(painter, segment, place)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            position = event.pos().toPointF()
            hit = [s for s, place in zip(self.segments, self.places(), strict=True) if place.contains(position)]
            QToolTip.showText(event.globalPos(), _tip(hit[0]) if hit and hit[0].title else "", self)
            return True
        return super().event(event)


def _tip(segment: Segment) -> str:
    return _("{title}: {duration}, {state}").format(
        title=segment.title, duration=duration(round(segment.minutes)), state=_state_word(segment)
    )


def _state_word(segment: Segment) -> str:
    words = {
        "done": _("done"),
        "part": _("begun"),
        "todo": _("to do"),
        "returned": _("to revise"),
        "closed": _("not open yet"),
    }
    return words[segment.state]


def _paint_segment(painter: QPainter, segment: Segment, place: QRectF) -> None:
    colour = theme().colour
    if segment.state == "done":
        box(painter, place, 3, fill=colour("accent"))
    elif segment.state == "closed":
        box(painter, place, 3, line=colour("border-strong"), dashed=True)
    elif segment.state == "returned":
        box(painter, place, 3, fill=colour("human-soft"), line=colour("human"))
    else:
        box(painter, place, 3, fill=colour("todo"), line=colour("todo-line"))
        _paint_part(painter, segment, place)


def _paint_part(painter: QPainter, segment: Segment, place: QRectF) -> None:
    if segment.state != "part" or segment.share <= 0:
        return
    painter.save()
    painter.setClipRect(QRectF(place.x(), place.y(), place.width() * segment.share, place.height()))
    box(painter, place, 3, fill=theme().colour("accent"))
    painter.restore()
