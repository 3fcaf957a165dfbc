"""The chapters of a film side by side; a click jumps, the current one is told by its line and weight."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.ui.painting import painting
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.row import Composed
from spoc_desktop.ui.widgets.text import Text
from spoc_desktop.ui.widgets.video_slider import timecode
from sync.domain.videos import Chapter

_NARROWEST = 140
_MOST = 4


class ChapterButton(Composed):
    """Title and moment of a chapter."""

    def __init__(self, chapter: Chapter) -> None:
        super().__init__()
        self.chapter = chapter
        self._current = False
        self._title = Text(chapter.title, "body", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 10, 0, 4)
        column.setSpacing(0)
        column.addWidget(self._title)
        column.addWidget(Text(timecode(chapter.at), "small", "muted"))
        column.addStretch(1)
        self.let_clicks_through()
        self.set_current(current=False)
        follow(self.update)

    def set_current(self, *, current: bool) -> None:
        """Whether the film is in this chapter."""
        self._current = current
        self._title.set_weight(600 if current else 500)
        self._title.set_colour("accent" if current else "text")
        said = _("Chapter {title}, {moment}").format(title=self.chapter.title, moment=timecode(self.chapter.at))
        self.setAccessibleName(said + (", " + _("current") if current else ""))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        role = "accent" if self._current else "text" if self.underMouse() else "border"
        with painting(self) as painter:
            painter.fillRect(QRectF(0, 0, self.width(), 2), theme().colour(role))


class VideoChapters(QWidget):
    """As many in a row as there is room for. `wanted`: where to jump (ms)."""

    wanted = Signal(int)

    def __init__(self, chapters: Sequence[Chapter]) -> None:
        super().__init__()
        self.buttons = [ChapterButton(chapter) for chapter in chapters]
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(12)
        for number, button in enumerate(self.buttons):
            button.setObjectName(f"chapter_{number}")
            button.clicked.connect(lambda _checked=False, at=button.chapter.at: self.wanted.emit(at))
        self._arrange(1)
        follow(self._fit)

    def show_moment(self, moment: int) -> None:
        """Mark the chapter that a moment lies in."""
        begun = [button for button in self.buttons if button.chapter.at <= moment]
        for button in self.buttons:
            button.set_current(current=bool(begun) and button is begun[-1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._arrange(max(1, min(_MOST, len(self.buttons), self.width() // theme().text_px(_NARROWEST))))

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for number, button in enumerate(self.buttons):
            self._grid.addWidget(button, number // columns, number % columns)
        for column in range(_MOST):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
