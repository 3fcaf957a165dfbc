"""One answer of a question being written: whether it is right, its words, and what is said to who chose it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.ui.icons import draw_icon
from spoc_desktop.ui.painting import box, painting
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.field import TextArea, WideEdit, text_of
from spoc_desktop.ui.widgets.flow import Hairline, row
from spoc_desktop.ui.widgets.icon_button import IconButton
from spoc_desktop.ui.widgets.text import Text


class RightMark(QAbstractButton):
    """An empty circle, or a tick in one: this answer is right. Space turns it over."""

    def __init__(self, word: str, *, is_right: bool) -> None:
        super().__init__()
        self.setCheckable(True)
        self.setChecked(is_right)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(word)
        self.setToolTip(word)
        follow(self._restyle)

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        edge = theme().icon(20) + 12
        return QSize(edge, edge)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        size = theme().icon(20)
        with painting(self) as painter:
            if self.underMouse():
                box(painter, self.rect(), 8, fill=theme().colour("hover"))
            icon, colour = ("circle-check", "success") if self.isChecked() else ("circle", "muted")
            draw_icon(
                painter, icon, theme().colour(colour), (self.width() - size) / 2, (self.height() - size) / 2, size
            )


class AnswerEdit(QWidget):
    """`said` and `remarked` carry Markdown, `marked` whether it is right, `moved` a step, `taken` asks to remove it."""

    said = Signal(str)
    remarked = Signal(str)
    marked = Signal(bool)
    moved = Signal(int)
    taken = Signal()

    def __init__(
        self, place: int, count: int, number: int, words: str, remark: str, *, is_right: bool, least: int = 2
    ) -> None:
        super().__init__()
        name = _("Answer {number}").format(number=place + 1)
        self.mark = RightMark(_("{answer} is right").format(answer=name), is_right=is_right)
        self.mark.setObjectName(f"right_{number}")
        self.mark.toggled.connect(self.marked)
        self.line = WideEdit()
        self.line.setObjectName(f"choice_{number}")
        self.line.setAccessibleName(name)
        self.line.begin(words)
        self.line.textEdited.connect(self.said)
        self.remark = TextArea(1, most=6)
        self.remark.setObjectName(f"remark_{number}")
        self.remark.setAccessibleName(_("Remark on answer {number}").format(number=place + 1))
        self.remark.setPlainText(remark)
        self.remark.textChanged.connect(self._remarked)
        self._missing = Text(_("Remark missing: what would you say to this person?"), "small", "warning", wrap=True)
        self._missing.setVisible(False)
        self._missing.set_weight(500)
        up = IconButton("chevron-up", _("Move answer {number} up").format(number=place + 1))
        down = IconButton("chevron-down", _("Move answer {number} down").format(number=place + 1))
        away = IconButton("trash-2", _("Remove answer {number}").format(number=place + 1))
        for button, word in ((up, "up"), (down, "down"), (away, "away")):
            button.setObjectName(f"{word}_{number}")
        up.setEnabled(place > 0)
        down.setEnabled(place < count - 1)
        away.setEnabled(count > least)
        up.clicked.connect(lambda _checked=False: self.moved.emit(-1))
        down.clicked.connect(lambda _checked=False: self.moved.emit(1))
        away.clicked.connect(lambda _checked=False: self.taken.emit())
        head = row(self.mark, self.line, up, down, away, gap=6, stretch=1)
        parts = QVBoxLayout(self)
        parts.setContentsMargins(0, 0, 0, 0)
        parts.setSpacing(6)
        for part in (head, self._indented(self.remark), self._indented(self._missing), Hairline()):
            parts.addWidget(part)
        self._show_missing()

    @staticmethod
    def _indented(widget: QWidget) -> QWidget:
        made = row(widget, gap=0, stretch=0)
        layout = made.layout()
        if layout is not None:
            layout.setContentsMargins(theme().icon(20) + 18, 0, 0, 0)
        return made

    def _remarked(self) -> None:
        self._show_missing()
        self.remarked.emit(text_of(self.remark))

    def _show_missing(self) -> None:
        self._missing.setVisible(not text_of(self.remark).strip())
