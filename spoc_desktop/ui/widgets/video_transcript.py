"""What is said in a film, line by line: follows it, can be searched, and a click on a line jumps there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QLineEdit, QPushButton, QSizePolicy, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.services.videos import Cue, find_words, line_at
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.icons import draw_icon
from spoc_desktop.ui.painting import box, painting, text_line, text_width
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.rich_text import letter_x
from spoc_desktop.ui.widgets.video_slider import timecode

_BLEED, _PAD, _MOMENT = 6, 8, 44


class CueLine(QPushButton):
    """One caption with its moment. Words that were searched for are marked, the current hit more strongly."""

    def __init__(self, cue: Cue) -> None:
        super().__init__()
        self.cue = cue
        self._current = False
        self._marks: Sequence[tuple[int, int, bool]] = ()
        self.setAccessibleName(f"{timecode(cue.start)}, {cue.line}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        follow(self._restyle)

    def set_current(self, *, current: bool) -> None:
        """Whether this is said now."""
        if current != self._current:
            self._current = current
            self.setAccessibleDescription(_("said now") if current else "")
            self.update()

    def show_marks(self, marks: Sequence[tuple[int, int, bool]]) -> None:
        """Mark letters: start, end, whether it is the hit that is looked at."""
        if marks != self._marks:
            self._marks = marks
            self.update()

    @property
    def marks(self) -> Sequence[tuple[int, int, bool]]:
        """What is marked."""
        return self._marks

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def _left(self) -> int:
        return _BLEED + max(theme().text_px(_MOMENT), round(text_width(timecode(self.cue.start), self._font())) + 12)

    @staticmethod
    def _font() -> QFont:
        return theme().font("small", weight=500)

    def _lay(self, width: int) -> QTextLayout:
        layout = QTextLayout(self.cue.line, theme().font("note"))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        height = theme().line("note")
        y = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(40, width - self._left() - _BLEED))
            line.setPosition(QPointF(0, y + (height - line.height()) / 2))
            y += height
        layout.endLayout()
        return layout

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lay(width).lineCount() * theme().line("note") + 2 * _PAD

    def sizeHint(self) -> QSize:
        width = theme().text_px(286)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().text_px(150), theme().line("note") + 2 * _PAD)

    def painted_texts(self) -> list[tuple[str, QFont]]:
        """Its words, for the search for foreign fonts."""
        return [(self.cue.line, theme().font("note")), (timecode(self.cue.start), self._font())]

    def paintEvent(self, event: QPaintEvent) -> None:
        layout = self._lay(self.width())
        origin = QPointF(self._left(), _PAD)
        with painting(self) as painter:
            if self._current or self.underMouse():
                fill = "accent-soft" if self._current else "hover"
                box(painter, self.rect(), 8, fill=theme().colour(fill))
            colour = theme().colour("accent-on-soft" if self._current else "muted")
            place = QRectF(_BLEED, _PAD, self._left(), theme().line("note"))
            text_line(painter, timecode(self.cue.start), self._font(), colour, place)
            for start, end, is_hit in self._marks:
                self._paint_mark(painter, layout, origin, (start, end), is_hit=is_hit)
            painter.setPen(theme().colour("text"))
            layout.draw(painter, origin)

    @staticmethod
    def _paint_mark(
        painter: QPainter, layout: QTextLayout, origin: QPointF, span: tuple[int, int], *, is_hit: bool
    ) -> None:
        for number in range(layout.lineCount()):
            line = layout.lineAt(number)
            start, end = max(span[0], line.textStart()), min(span[1], line.textStart() + line.textLength())
            if start >= end:
                continue
            left, right = letter_x(line.cursorToX(start)), letter_x(line.cursorToX(end))
            place = QRectF(origin.x() + left, origin.y() + line.y(), right - left, line.height())
            painter.fillRect(place, theme().colour("highlight"))
            thick = 3 if is_hit else 2
            under = QRectF(place.x(), place.bottom() - thick + 1, place.width(), thick)
            painter.fillRect(under, theme().colour("highlight-line"))


class TranscriptSearch(QLineEdit):
    """Enter goes to the next place, Shift+Enter to the one before; how many there are stands at its right."""

    stepped = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._count = ""
        self.setPlaceholderText(_("Search"))
        self.setAccessibleName(_("Search in the transcript"))
        follow(self._restyle)

    def show_count(self, count: str) -> None:
        """As "2 of 4"."""
        self._count = count
        self.setAccessibleDescription(count)
        self._restyle()

    def _restyle(self) -> None:
        self.setFont(theme().font("body"))
        self.setFixedHeight(theme().height(theme().tokens.control["height"]))
        taken = round(text_width(self._count, theme().font("small"))) + 12 if self._count else 0
        self.setTextMargins(theme().icon(16) + 8, 0, taken, 0)
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().text_px(120), self.height())

    def painted_texts(self) -> list[tuple[str, QFont]]:
        """The count, for the search for foreign fonts."""
        return [(self._count, theme().font("small"))] if self._count else []

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.stepped.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
            return
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        size, font = theme().icon(16), theme().font("small")
        with painting(self) as painter:
            draw_icon(painter, "search", theme().colour("muted"), 12, (self.height() - size) / 2, size)
            room = QRectF(0, 0, self.width() - 14, self.height())
            text_line(painter, self._count, font, theme().colour("muted"), room, align="right")


class Transcript:
    """The lines of a film, the search in them and the line that is said; holds no widget's place itself."""

    def __init__(self, cues: tuple[Cue, ...], search: TranscriptSearch) -> None:
        self.cues = cues
        self.lines = [CueLine(cue) for cue in cues]
        self.search = search
        self.hits: tuple[tuple[int, int, int], ...] = ()
        self.hit = 0
        self._said: int | None = None

    def show_moment(self, moment: int) -> CueLine | None:
        """Mark the line that is said; the line, where it is another one than before."""
        said = line_at(self.cues, moment)
        if said == self._said:
            return None
        if self._said is not None:
            self.lines[self._said].set_current(current=False)
        self._said = said
        if said is None:
            return None
        self.lines[said].set_current(current=True)
        return self.lines[said]

    def find(self, words: str) -> CueLine | None:
        """Mark words in all lines; the line of the first place from the one that is said on."""
        self.hits = find_words(self.cues, words)
        begin = self._said or 0
        self.hit = next((n for n, (line, _start, _end) in enumerate(self.hits) if line >= begin), 0)
        return self._show_hits(words)

    def step(self, step: int) -> CueLine | None:
        """Go to the next place, or the one before, round the end."""
        if self.hits:
            self.hit = (self.hit + step) % len(self.hits)
        return self._show_hits(self.search.text())

    def _show_hits(self, words: str) -> CueLine | None:
        marks: dict[int, list[tuple[int, int, bool]]] = {}
        for number, (line, start, end) in enumerate(self.hits):
            marks.setdefault(line, []).append((start, end, number == self.hit))
        for place, line_widget in enumerate(self.lines):
            line_widget.show_marks(marks.get(place, []))
        count = _("{place} of {count}").format(place=self.hit + 1, count=len(self.hits)) if self.hits else ""
        self.search.show_count(count or (_("Not found") if words.strip() else ""))
        if words.strip():
            announce(self.search, count or _("Not found"))
        return self.lines[self.hits[self.hit][0]] if self.hits else None


def reveal(line: QWidget) -> None:
    """Bring a line into view in the list around it."""
    from spoc_desktop.ui.widgets.sheet import Scroll

    around = line.parentWidget()
    while around is not None and not isinstance(around, Scroll):
        around = around.parentWidget()
    inside = around.widget() if around is not None else None
    if around is not None and inside is not None:
        top = line.mapTo(inside, line.rect().topLeft()).y()
        around.ensureVisible(0, top + line.height() // 2, 0, min(around.height() // 2, line.height() * 2))
