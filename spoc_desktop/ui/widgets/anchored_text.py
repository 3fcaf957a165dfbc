"""A plain text with passages that remarks speak of: underlined in yellow, numbered, one of them current.

Read-only. A click on a passage or its number, the arrow keys and the digits go to it; `picked` says which.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QScrollArea, QWidget

from spoc_desktop.i18n import _, ngettext
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.digits import digit_of
from spoc_desktop.ui.painting import painting
from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.widgets.remark_number import BADGE, NUMBER, NumberObject
from spoc_desktop.ui.widgets.rich_text import RichText

_BREAKS = "\n\u2029"
_ONE_FOR_ONE = str.maketrans({"\r": " ", "\ufdd0": "\ufffd", "\ufdd1": "\ufffd", "\ufffc": "\ufffd", "\0": "\ufffd"})
"""What Qt would read as the structure of its document; the places of all other letters stay what they were."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A passage: letters `start` to `end` of the text (as Python counts them). `said`: the remark, for a reader."""

    number: int
    start: int
    end: int
    said: str = ""


class AnchoredText(RichText):
    """Text as high as its content. `selectable`: the caret moves by keyboard, so that a passage can be chosen.

    `picked` carries the number of the mark that the person went to; `selected` the letters chosen, (0, 0) for none.
    """

    picked = Signal(int)
    selected = Signal(int, int)

    # Typesetting begins inside the constructor of the base, before anything of this one is there.
    _text = ""
    _marks: tuple[Mark, ...] = ()
    _starts: Sequence[int] = (0,)
    _badge: NumberObject | None = None
    _selectable = False
    current = 0

    def __init__(
        self,
        text: str = "",
        marks: Sequence[Mark] = (),
        *,
        name: str = "",
        role: str = "lesson",
        selectable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(role=role, parent=parent)
        self._name = name
        self._selectable = selectable
        self.selectionChanged.connect(self._tell_selection)
        self.show_text(text, marks)

    def show_text(self, text: str, marks: Sequence[Mark] = ()) -> None:
        """Show another text, or other passages; a current mark that is still there stays it."""
        self._text = text.translate(_ONE_FOR_ONE)
        inside = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
        self._marks = tuple(sorted(inside, key=lambda mark: (mark.start, mark.end, mark.number)))
        if self.current not in [mark.number for mark in self._marks]:
            self.current = 0
        self._typeset()

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The passages that are shown, in reading order."""
        return self._marks

    def set_current(self, number: int, *, reveal: bool = False) -> None:
        """Show another passage as the current one, 0 for none; `picked` is not said."""
        self.current = number
        self.viewport().update()
        if reveal:
            self._reveal(number)

    def chosen(self) -> tuple[int, int] | None:
        """The letters that are selected, as places in the text."""
        cursor = self.textCursor()
        if not cursor.hasSelection():
            return None
        start = bisect_left(self._starts, cursor.selectionStart())
        end = min(bisect_left(self._starts, cursor.selectionEnd()), len(self._text))
        return (start, end) if start < end else None

    def place_of(self, number: int) -> QRectF:
        """Where a passage lies in this widget; empty when it is not shown."""
        whole = QRectF()
        for mark in self._marks:
            if mark.number == number:
                for rect in self._rects(mark):
                    whole = whole.united(rect)
        return whole

    def createMimeDataFromSelection(self) -> QMimeData:  # noqa: N802  # Qt's own name
        """What is copied holds the words alone, without the numbers."""
        copied = QMimeData()
        if (chosen := self.chosen()) is not None:
            copied.setText(self._text[slice(*chosen)])
        return copied

    # -- typesetting

    def _typeset(self) -> None:
        self._heights.clear()
        document = self.document()
        document.clear()
        self._badge = NumberObject(lambda number: number == self.current, self)
        document.documentLayout().registerHandler(BADGE, self._badge)
        self.setFont(theme().font(self._role))
        self._starts = self._write(QTextCursor(document))
        flags = Qt.TextInteractionFlag.TextSelectableByMouse
        if self._selectable:
            flags |= Qt.TextInteractionFlag.TextSelectableByKeyboard
        self.setTextInteractionFlags(flags)
        focusable = self._selectable or self._marks
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if focusable else Qt.FocusPolicy.ClickFocus)
        self._describe()
        self.updateGeometry()
        self.viewport().update()

    def _write(self, cursor: QTextCursor) -> list[int]:
        """Write the text with its numbers; the place in the document at which each letter begins."""
        style = QTextCharFormat()
        style.setFont(theme().font(self._role))
        style.setForeground(theme().colour("text"))
        cursor.setBlockFormat(self._shape(0))
        ends: dict[int, list[int]] = {}
        for mark in self._marks:
            ends.setdefault(mark.end, []).append(mark.number)
        starts: list[int] = []
        run = ""
        for place, letter in enumerate(self._text):
            if place in ends or letter in _BREAKS:
                cursor.insertText(run, style)
                run = ""
                self._write_badges(cursor, ends.get(place, []), style)
            if letter in _BREAKS:
                starts.append(cursor.position())
                cursor.insertBlock(self._shape(8), style)
            else:
                starts.append(cursor.position() + len(run.encode("utf-16-le")) // 2)
                run += letter
        cursor.insertText(run, style)
        starts.append(cursor.position())
        self._write_badges(cursor, ends.get(len(self._text), []), style)
        return starts

    def _write_badges(self, cursor: QTextCursor, numbers: Sequence[int], style: QTextCharFormat) -> None:
        for number in numbers:
            badge = QTextCharFormat(style)
            badge.setObjectType(BADGE)
            badge.setProperty(NUMBER, number)
            badge.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
            cursor.insertText("\ufffc", badge)

    def _shape(self, above: int) -> QTextBlockFormat:
        shape = QTextBlockFormat()
        shape.setLineHeight(theme().line(self._role), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        shape.setTopMargin(round(above * theme().scale))
        return shape

    def _describe(self) -> None:
        self.setAccessibleName(getattr(self, "_name", "") or self._text[:120])
        count = len(self._marks)
        many = ngettext("{count} passage with a remark", "{count} passages with a remark", count)
        self.setAccessibleDescription(many.format(count=count) if count else "")

    # -- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self.viewport()) as painter:
            for mark in self._marks:
                for rect in self._rects(mark):
                    self._paint_passage(painter, rect, is_current=mark.number == self.current)
        super().paintEvent(event)

    def _paint_passage(self, painter: QPainter, rect: QRectF, *, is_current: bool) -> None:
        thick = 3 if is_current else 2
        painter.fillRect(rect, theme().colour("highlight"))
        painter.fillRect(
            QRectF(rect.x(), rect.bottom() - thick + 1, rect.width(), thick), theme().colour("highlight-line")
        )

    def _rects(self, mark: Mark) -> Iterator[QRectF]:
        """A passage, a rectangle a line."""
        first = self._starts[mark.start]
        last = self._starts[mark.end - 1] + len(self._text[mark.end - 1].encode("utf-16-le")) // 2
        height = self.fontMetrics().height() + 2
        block = self.document().findBlock(first)
        while block.isValid() and block.position() < last:
            layout = block.layout()
            corner = self.document().documentLayout().blockBoundingRect(block).topLeft()
            for number in range(layout.lineCount()):
                line = layout.lineAt(number)
                start = max(first - block.position(), line.textStart())
                end = min(last - block.position(), line.textStart() + line.textLength())
                if start < end:
                    left, right = _x(line.cursorToX(start)), _x(line.cursorToX(end))
                    middle = corner.y() + line.y() + line.height() / 2
                    yield QRectF(corner.x() + left, middle - height / 2, right - left, height)
            block = block.next()

    # -- going to a passage

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step, digit = _STEPS.get(Qt.Key(event.key()), 0), digit_of(event)
        alone = not self._selectable and event.modifiers() == Qt.KeyboardModifier.NoModifier
        if step and self._marks and (alone or event.modifiers() == Qt.KeyboardModifier.AltModifier):
            self._step(step)
        elif alone and digit is not None and self._is_mark(digit):
            self._pick(digit)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if not self.textCursor().hasSelection() and (number := self.mark_at(event.position().toPoint())):
            self._pick(number)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        over = self.mark_at(event.position().toPoint())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.IBeamCursor)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason) and self._marks:
            announce(self, self.accessibleDescription())

    def mark_at(self, point: QPoint) -> int:
        """The number of the passage or badge under a point, 0 for none."""
        badge = self._badge_at(point)
        hit = [mark.number for mark in self._marks if any(rect.contains(QPointF(point)) for rect in self._rects(mark))]
        return badge or (hit[-1] if hit else 0)

    def _badge_at(self, point: QPoint) -> int:
        position = self.document().documentLayout().hitTest(QPointF(point), Qt.HitTestAccuracy.ExactHit)
        cursor = QTextCursor(self.document())
        for place in (position, position + 1):
            if 0 < place < self.document().characterCount():
                cursor.setPosition(place)
                style = cursor.charFormat()
                if style.objectType() == BADGE and self.cursorRect(cursor).adjusted(-28, 0, 4, 0).contains(point):
                    return int(style.property(NUMBER))
        return 0

    def _is_mark(self, number: int) -> bool:
        return any(mark.number == number for mark in self._marks)

    def _step(self, step: int) -> None:
        numbers = [mark.number for mark in self._marks]
        if self.current not in numbers:
            self._pick(numbers[0 if step > 0 else -1])
            return
        self._pick(numbers[max(0, min(len(numbers) - 1, numbers.index(self.current) + step))])

    def _pick(self, number: int) -> None:
        self.set_current(number, reveal=True)
        mark = next(mark for mark in self._marks if mark.number == number)
        words = _("Remark {number}, on “{passage}”: {said}")
        announce(self, words.format(number=number, passage=self._text[mark.start : mark.end], said=mark.said))
        self.picked.emit(number)

    def _reveal(self, number: int) -> None:
        place = self.place_of(number)
        around = self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        inside = around.widget() if around is not None else None
        if around is not None and inside is not None and not place.isEmpty():
            centre = self.mapTo(inside, place.center().toPoint())
            around.ensureVisible(centre.x(), centre.y(), 0, round(place.height() / 2) + theme().line(self._role) * 2)

    def _tell_selection(self) -> None:
        self.selected.emit(*(self.chosen() or (0, 0)))


_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}


def _x(found: object) -> float:
    """Qt gives the place of a letter in a line alone, or with the letter that was meant."""
    return float(found[0]) if isinstance(found, tuple) else float(found)  # type: ignore[arg-type]
