"""The rubric of a review: a row a criterion, one of its levels chosen by click, arrow keys, or its digit first."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from spoc_desktop.i18n import _, ngettext
from spoc_desktop.ui.digits import digit_of
from spoc_desktop.ui.painting import box, painting, text_line, text_width
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.button import draw_key
from spoc_desktop.ui.widgets.flow import Hairline, row
from spoc_desktop.ui.widgets.text import Text
from sync.domain.exercises import Criterion, Level

_PADDING = 8
_MOST_DIGITS = 9
_STEPS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}


class _Level(QRadioButton):
    """One level; the chosen one is filled."""

    def __init__(self, level: Level, parent: QWidget) -> None:
        super().__init__(level.title, parent)
        points = ngettext("{count} point", "{count} points", level.points).format(count=level.points)
        self.setAccessibleName(f"{level.title}, {points}")
        self.setToolTip(level.description)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._natural = 0
        follow(self._restyle)

    def _restyle(self) -> None:
        # Layouts ask for it hundreds of times for one page.
        self._natural = round(text_width(self.text(), theme().font("small", weight=600))) + 2 * _PADDING
        self.updateGeometry()

    def natural_width(self) -> int:
        """Room for the words in the weight of the chosen level."""
        return self._natural

    def sizeHint(self) -> QSize:
        return QSize(self.natural_width(), theme().height(30))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: object) -> bool:  # noqa: N802  # Qt's own name
        """The whole box answers."""
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose the level beside, also where none is chosen yet; Qt would only move the focus there."""
        step = _STEPS.get(Qt.Key(event.key()), 0)
        levels = self.parentWidget()
        if not step or not isinstance(levels, _Levels):
            super().keyPressEvent(event)
            return
        place = max(0, min(len(levels.buttons) - 1, levels.buttons.index(self) + step))
        levels.buttons[place].setFocus(Qt.FocusReason.ShortcutFocusReason)
        levels.buttons[place].setChecked(True)

    def paintEvent(self, event: QPaintEvent) -> None:
        chosen, enabled = self.isChecked(), self.isEnabled()
        fill = "accent" if chosen else "hover" if self.underMouse() and enabled else None
        ink = "accent-text" if chosen else "muted"
        font = theme().font("small", weight=600 if chosen else 500)
        whole = QPainterPath()
        levels = self.parentWidget()
        if levels is not None:
            around = QRectF(levels.rect()).translated(-self.x(), -self.y())
            whole.addRoundedRect(around.adjusted(1, 1, -1, -1), 7, 7)
        with painting(self) as painter:
            painter.setClipPath(whole)
            if fill is not None:
                painter.fillRect(self.rect(), theme().colour(fill))
            text_line(painter, self.text(), font, theme().colour(ink), QRectF(self.rect()), align="centre")


class _Levels(QWidget):
    """The levels of a criterion side by side; in two lines, or one under the other, where their words do not fit."""

    def __init__(self, criterion: Criterion, chosen: int) -> None:
        super().__init__()
        self.setAccessibleName(criterion.title)
        self.buttons = [_Level(level, self) for level in criterion.levels]
        for place, button in enumerate(self.buttons):
            button.setObjectName(f"level_{criterion.number}_{place}")
            button.setChecked(place == chosen)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        follow(self._restyle)

    def _restyle(self) -> None:
        self._place()
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return len(self._lines(width)) * theme().height(30) + 2

    def sizeHint(self) -> QSize:
        return QSize(theme().text_px(240), self.heightForWidth(max(self.width(), theme().text_px(240))))

    def minimumSizeHint(self) -> QSize:
        return QSize(max((one.natural_width() for one in self.buttons), default=0) + 2, theme().height(30) + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _lines(self, width: int) -> list[list[_Level]]:
        """The levels line by line: as few lines as their words allow."""
        for lines in (1, 2):
            most = -(-len(self.buttons) // lines)
            found = [self.buttons[start : start + most] for start in range(0, len(self.buttons), most)]
            if all(sum(one.natural_width() for one in line) + 2 <= width for line in found):
                return found
        return [[one] for one in self.buttons]

    def _place(self) -> None:
        high, inner = theme().height(30), self.width() - 2
        for place, line in enumerate(self._lines(self.width())):
            free = inner - sum(one.natural_width() for one in line)
            x = 1.0
            for button in line:
                width = button.natural_width() + free / len(line)
                button.setGeometry(round(x), 1 + place * high, round(x + width) - round(x), high)
                x += width

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            box(painter, self.rect(), 8, fill=theme().colour("surface"), line=theme().colour("border-strong"))
            shape = QPainterPath()
            shape.addRoundedRect(QRectF(self.rect()), 8, 8)
            painter.setClipPath(shape)
            painter.setPen(QPen(theme().colour("border-strong"), 1))
            for one in self.buttons[1:]:
                if one.x() > 1:
                    painter.drawLine(one.x(), one.y(), one.x(), one.y() + one.height())
                else:
                    painter.drawLine(0, one.y(), self.width(), one.y())


class RubricForm(QWidget):
    """`marked` carries the number of a criterion and the place of the level chosen; `focus_row(2)` goes to a row."""

    marked = Signal(int, int)

    def __init__(self, criteria: Sequence[Criterion], chosen: dict[int, int], *, locked: bool = False) -> None:
        super().__init__()
        self.setAccessibleName(_("Rubric"))
        self._rows: list[_Levels] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for place, criterion in enumerate(criteria, 1):
            levels = _Levels(criterion, chosen.get(criterion.number, -1))
            levels.setEnabled(not locked)
            for at, button in enumerate(levels.buttons):
                button.toggled.connect(
                    lambda on, number=criterion.number, at=at: self.marked.emit(number, at) if on else None
                )
            self._rows.append(levels)
            if place > 1:
                column.addSpacing(8)
                column.addWidget(Hairline())
                column.addSpacing(8)
            column.addWidget(_heading(criterion, place))
            column.addSpacing(4)
            column.addWidget(levels)

    def focus_row(self, number: int) -> bool:
        """Put the focus on the row of a digit; the arrow keys then choose. False when there is no such row."""
        if not 1 <= number <= len(self._rows) or not self._rows[number - 1].buttons:
            return False
        buttons = self._rows[number - 1].buttons
        target = next((one for one in buttons if one.isChecked()), buttons[0])
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = digit_of(event)
        if digit is not None and self.focus_row(digit):
            event.accept()
            return
        super().keyPressEvent(event)


class _Digit(QWidget):
    """The key that goes to a row."""

    def __init__(self, digit: int) -> None:
        super().__init__()
        self._digit = digit
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        follow(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(theme().icon(18), theme().icon(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            draw_key(painter, str(self._digit), QRectF(self.rect()))


def _heading(criterion: Criterion, place: int) -> QWidget:
    title = Text(criterion.title, "body", wrap=True)
    title.set_weight(500)
    title.setToolTip(criterion.description)
    return row(title, _Digit(place), gap=8, stretch=0) if place <= _MOST_DIGITS else title
