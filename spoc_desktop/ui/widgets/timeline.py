"""What happened, line by line: the day at the left, an icon on a thread, words at the right."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from spoc_desktop.ui.icons import draw_icon
from spoc_desktop.ui.painting import box, painting
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.row import Composed
from spoc_desktop.ui.widgets.text import Text

_DOT = 30


@dataclass(frozen=True, slots=True)
class Moment:
    """One line. `colour`: a role for icon and ring; `quote`: words of a person; `opens`: a click leads somewhere."""

    day: str
    icon: str
    title: str
    detail: str = ""
    quote: str = ""
    colour: str = "muted"
    opens: bool = False


class _Dot(QWidget):
    """The icon in its ring, and the thread that goes on below it."""

    def __init__(self, icon: str, colour: str, *, is_last: bool) -> None:
        super().__init__()
        self._icon, self._colour, self._is_last = icon, colour, is_last
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        follow(self._restyle)

    def _restyle(self) -> None:
        self.setFixedWidth(theme().icon(_DOT))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        edge, size = theme().icon(_DOT), theme().icon(16)
        with painting(self) as painter:
            if not self._is_last:
                painter.fillRect(QRectF(edge / 2 - 1, edge, 2, self.height() - edge), theme().colour("border"))
            place = QRectF(0, 0, edge, edge)
            box(painter, place, edge / 2, fill=theme().colour("surface"), line=theme().colour(self._colour), width=1.5)
            inset = (edge - size) / 2
            draw_icon(painter, self._icon, theme().colour(self._colour), inset, inset, size)


class TimelineRow(Composed):
    """One line of the timeline; a line that opens nothing takes no focus."""

    def __init__(self, moment: Moment, *, is_last: bool = False) -> None:
        super().__init__()
        self._opens = moment.opens
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        self._day = Text(moment.day, "small", "muted", wrap=True, align="right")
        beside = QVBoxLayout()
        beside.setContentsMargins(0, 4, 0, 0)
        beside.addWidget(self._day)
        beside.addStretch(1)
        layout.addLayout(beside)
        layout.addWidget(_Dot(moment.icon, moment.colour, is_last=is_last))
        layout.addLayout(self._words(moment), 1)
        self.setText(moment.title)
        parts = (moment.title, moment.day, moment.detail, moment.quote)
        self.setAccessibleName(", ".join(part for part in parts if part))
        self.let_clicks_through()
        if moment.opens:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        follow(self._restyle)

    def _words(self, moment: Moment) -> QVBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.setContentsMargins(0, 4, 0, 12)
        title = Text(moment.title, "body", wrap=True)
        title.set_weight(500)
        words.addWidget(title)
        if moment.detail:
            words.addWidget(Text(moment.detail, "small", "muted", wrap=True))
        if moment.quote:
            words.addWidget(Text(moment.quote, "note", wrap=True))
        words.addStretch(1)
        return words

    def _restyle(self) -> None:
        self._day.setFixedWidth(theme().text_px(96))
        self.setMinimumHeight(theme().height(60))

    def minimumSizeHint(self) -> QSize:
        return self.parts.minimumSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._opens and self.underMouse():
            with painting(self) as painter:
                box(painter, self.rect(), 8, fill=theme().colour("hover"))
