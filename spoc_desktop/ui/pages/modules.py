"""A module in the outline: a line that opens and closes, and its activities below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from spoc_desktop.i18n import _, duration
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.page import Frame
from spoc_desktop.ui.pages.standing import (
    COLOURS,
    STATE_ICONS,
    can_open,
    first_day,
    icon_of,
    kind_word,
    last_day,
    opener,
    segments,
    state_word,
)
from spoc_desktop.ui.painting import box, painting
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.flow import Hairline
from spoc_desktop.ui.widgets.glyph import Glyph
from spoc_desktop.ui.widgets.reglette import Reglette
from spoc_desktop.ui.widgets.row import Composed, Row
from spoc_desktop.ui.widgets.text import Span, Text
from sync.domain.progress import State

if TYPE_CHECKING:
    from spoc_desktop.services.courses import ActivityRow, ModuleRow

_STRIP, _SHORTEST_STRIP = 180, 90
_ROOM_FOR_WORDS = 520


class ModuleBlock(QWidget):
    """One week. `opened` holds the ids of modules whose state the person turned from what it is by itself."""

    def __init__(
        self,
        frame: Frame,
        cohort_id: bytes,
        module: ModuleRow,
        number: int,
        *,
        opened: set[bytes],
        is_current: bool,
    ) -> None:
        super().__init__()
        self._module = module
        self._turned = opened
        self._is_current = is_current
        self.head = ModuleHead(module, number)
        self.head.setObjectName(f"module_{module.module.id.hex()}")
        self.head.clicked.connect(self._turn)
        self._rows = QWidget()
        rows = QVBoxLayout(self._rows)
        rows.setContentsMargins(28, 0, 0, 16)
        rows.setSpacing(0)
        begun = next((one for one in module.activities if one.standing.state is State.BEGUN), None)
        for activity in module.activities:
            rows.addWidget(activity_row(frame, cohort_id, activity, is_current=activity is begun))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.head, self._rows, Hairline()):
            column.addWidget(part)
        self._show()

    @property
    def is_open(self) -> bool:
        """Whether the activities are shown."""
        return self._is_current != (self._module.module.id in self._turned)

    def _turn(self) -> None:
        self._turned ^= {self._module.module.id}
        self._show()
        announce(self.head, _("unfolded") if self.is_open else _("folded"))

    def _show(self) -> None:
        self._rows.setVisible(self.is_open)
        self.head.show_open(is_open=self.is_open)


class ModuleHead(Composed):
    """The line of a week: state, title and dates, réglette, minutes. Opens and closes its activities."""

    def __init__(self, module: ModuleRow, number: int) -> None:
        super().__init__()
        state = module.standing.state
        is_closed = state is State.CLOSED
        title = _("{number}. {title}").format(number=number, title=module.module.title)
        self._row = QHBoxLayout(self)
        self._row.setSpacing(16)
        self._row.addWidget(Glyph(STATE_ICONS[state], COLOURS[state]))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Text(title, "card", "muted" if is_closed else "text", wrap=True))
        detail = Text(when(module), "small", "human" if state is State.LATE else "muted", wrap=True)
        words.addWidget(detail)
        self._row.addLayout(words, 1)
        self._strip = Reglette(segments(module), title)
        self._strip.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._row.addWidget(self._strip)
        self._minutes = Text(_minutes(module), "small", "muted", align="right")
        self._row.addWidget(self._minutes)
        self._chevron = Glyph("chevron-down", "muted", 16)
        self._row.addWidget(self._chevron)
        self.setText(title)
        self._said = f"{title}, {detail.text()}, {self._minutes.text()}"
        self.let_clicks_through()
        follow(self._restyle)

    def show_open(self, *, is_open: bool) -> None:
        """Tell a screen reader and the eye whether the activities are shown."""
        state = _("unfolded") if is_open else _("folded")
        self.setAccessibleName(f"{self._said}, {state}")
        self._chevron.show_icon("chevron-up" if is_open else "chevron-down", "muted")

    def _restyle(self) -> None:
        self._row.setContentsMargins(0, 6, 0, 6)
        self._minutes.setMinimumWidth(theme().text_px(100))
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Where the line is narrow the minutes alone tell how far the week is."""
        room = min(_STRIP, self.width() - theme().text_px(_ROOM_FOR_WORDS))
        self._strip.setVisible(room >= _SHORTEST_STRIP)
        self._strip.setFixedWidth(max(_SHORTEST_STRIP, room))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.parts.minimumSize().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.underMouse():
            with painting(self) as painter:
                box(painter, QRectF(self.rect()), 8, fill=theme().colour("hover"))


def when(module: ModuleRow) -> str:
    """When the week is, and what became of it."""
    state = module.standing.state
    if state is State.DONE:
        return _("Finished")
    if state is State.CLOSED:
        return _("Opens {day}").format(day=first_day(module.opens))
    if state is State.LATE:
        return _("Was planned until {day}").format(day=last_day(module.closes))
    return _("This week, until {day}").format(day=last_day(module.closes))


def _minutes(module: ModuleRow) -> str:
    if 0 < module.minutes_done < module.minutes:
        return _("{done} / {planned}").format(done=duration(module.minutes_done), planned=duration(module.minutes))
    return duration(module.minutes)


def activity_row(frame: Frame, cohort_id: bytes, row: ActivityRow, *, is_current: bool = False) -> Row:
    """An activity of a module: its kind, its state in words, its minutes."""
    state = row.standing.state
    word = Text([Span(state_word(row), 400 if state in (State.TODO, State.CLOSED) else 500)], "small", COLOURS[state])
    minutes = Text(duration(row.activity.minutes), "small", "muted", align="right")
    minutes.setMinimumWidth(theme().text_px(52))
    is_open = can_open(row)
    made = Row(
        row.activity.title,
        icon=icon_of(row.activity.type),
        end=[word, minutes],
        small=True,
        current=is_current,
        passive=not is_open,
        title_colour="text" if is_open else "muted",
    )
    made.setAccessibleName(f"{row.activity.title}, {kind_word(row.activity.type)}, {word.text()}, {minutes.text()}")
    made.setObjectName(f"activity_{row.activity.id.hex()}")
    if is_open:
        made.clicked.connect(opener(frame, cohort_id, row))
    return made
