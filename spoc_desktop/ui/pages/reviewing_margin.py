"""The margin of a review: rubric, remarks with the bank, the opinion; or what was said about an earlier version."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.services.bank import Kept
from spoc_desktop.ui.painting import box, painting, text_line
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.field import TextArea, text_of
from spoc_desktop.ui.widgets.flow import column, flow
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.remark import Remark as RemarkLine
from spoc_desktop.ui.widgets.remark_number import RemarkNumber, edge
from spoc_desktop.ui.widgets.row import Composed
from spoc_desktop.ui.widgets.text import Span, Text
from sync.domain.exercises import Criterion, Remark, Review

_LONGEST = 60


class RemarkEditor(QWidget):
    """The current remark, on rose: its words can be written. `typed` at every keystroke."""

    typed = Signal(str)
    keep_wanted = Signal()
    drop_wanted = Signal()

    def __init__(self, remark: Remark) -> None:
        super().__init__()
        self.area = TextArea(2, most=6, role="note")
        self.area.setObjectName(f"remark_{remark.number}")
        self.area.setAccessibleName(_("Remark {number}").format(number=remark.number))
        self.area.setPlainText(remark.text)
        self.area.textChanged.connect(lambda: self.typed.emit(text_of(self.area)))
        keep = LinkButton(_("Keep"), "library", role="small")
        keep.setObjectName("keep_remark")
        keep.setAccessibleName(_("Keep in the bank"))
        keep.clicked.connect(self.keep_wanted)
        drop = LinkButton(_("Delete"), "trash-2", role="small")
        drop.setObjectName("drop_remark")
        drop.setAccessibleName(_("Delete remark {number}").format(number=remark.number))
        drop.clicked.connect(self.drop_wanted)
        words = QVBoxLayout()
        words.setSpacing(4)
        if remark.anchor is None:
            words.addWidget(Text(_("About the whole"), "small", "muted", wrap=True))
        words.addWidget(self.area)
        words.addWidget(flow(keep, drop, gap=16))
        outer = QHBoxLayout(self)
        outer.setContentsMargins(12, 10, 12, 8)
        outer.setSpacing(12)
        outer.addWidget(RemarkNumber(remark.number, is_current=True), 0, Qt.AlignmentFlag.AlignTop)
        outer.addLayout(words, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            outline = theme().colour("human") if theme().high_contrast else None
            box(painter, self.rect(), 8, fill=theme().colour("human-soft"), line=outline)


class FoldedRemark(Composed):
    """A remark that is not the current one, on one line; `picked` opens it."""

    picked = Signal(int)

    def __init__(self, remark: Remark) -> None:
        super().__init__()
        self._words = " ".join(remark.text.split()) or _("Empty remark")
        self.setObjectName(f"open_remark_{remark.number}")
        self.setText(self._words)
        self.setToolTip(self._words)
        said = _("{text}, change remark {number}").format(number=remark.number, text=self._words)
        self.setAccessibleName(said)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(lambda: self.picked.emit(remark.number))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 4)
        layout.setSpacing(12)
        layout.addWidget(RemarkNumber(remark.number))
        layout.addStretch(1)
        self.let_clicks_through()
        follow(self._restyle)

    def _restyle(self) -> None:
        self.setMinimumHeight(theme().height(30))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        left = 12 + edge() + 12
        font, place = theme().font("note"), QRectF(left, 0, self.width() - left - 12, self.height())
        shown = QFontMetricsF(font).elidedText(self._words, Qt.TextElideMode.ElideRight, place.width())
        with painting(self) as painter:
            if self.underMouse():
                box(painter, self.rect(), 8, fill=theme().colour("hover"))
            text_line(painter, shown, font, theme().colour("text"), place)


class BankButton(LinkButton):
    """« Banque »: the kept remarks as a menu. `taken` carries the one that was chosen, `dropped` one to forget."""

    taken = Signal(object)
    dropped = Signal(object)

    def __init__(self, kept: Sequence[Kept]) -> None:
        super().__init__(_("Bank"), "library")
        self.setObjectName("bank")
        self.setAccessibleName(_("Bank of remarks"))
        self._kept = tuple(kept)
        self.clicked.connect(self._open)

    def _open(self) -> None:
        menu = self.menu_of_bank()
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def menu_of_bank(self) -> QMenu:
        """The menu as it opens."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if not self._kept:
            empty = menu.addAction(_("No remark is kept yet. Write one, then keep it."))
            empty.setEnabled(False)
            return menu
        for kept in self._kept:
            action = menu.addAction(_shortened(kept.text))
            action.triggered.connect(lambda _checked=False, kept=kept: self.taken.emit(kept))
        away = menu.addMenu(_("Take out of the bank"))
        for kept in self._kept:
            action = away.addAction(_shortened(kept.text))
            action.triggered.connect(lambda _checked=False, kept=kept: self.dropped.emit(kept))
        return menu


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    shown = words if len(words) <= _LONGEST else words[: _LONGEST - 1].rstrip() + "…"
    return shown.replace("&", "&&")


def said(title: str, review: Review, criteria: Sequence[Criterion]) -> QWidget:
    """A review to read: of an earlier version, or by another trainer."""
    parts: list[QWidget] = [Text(title, "section", wrap=True)]
    chosen = {mark.criterion: mark.level for mark in review.marks}
    for criterion in criteria:
        level = chosen.get(criterion.number, -1)
        reached = criterion.levels[level].title if 0 <= level < len(criterion.levels) else _("no level")
        parts.append(Text([Span(f"{criterion.title} · ", 500), Span(reached)], "body", wrap=True))
    parts += [RemarkLine(one.number, one.text) for one in review.remarks]
    if review.opinion:
        parts += [Text(_("Opinion"), "section"), Text(review.opinion, "note", wrap=True)]
    return column(*parts, gap=12)
