"""The progress matrix: a person a row, a week a column, a cell for how far; as pictures or as plain numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Literal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from spoc_desktop.i18n import _, percent
from spoc_desktop.ui.icons import draw_icon
from spoc_desktop.ui.language import on_language
from spoc_desktop.ui.painting import box, text_line, text_width
from spoc_desktop.ui.theme import follow, theme

CellState = Literal["done", "part", "late", "todo", "closed", "text"]
CELL = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_ICON_GAP = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """How far somebody is in one week: `share` (0 to 1) for "part", `words` for "text" (the last column).

    `words` stand in any other cell too, instead of the word for its state; `said` is then all that is meant by them.
    """

    state: CellState
    share: float = 0.0
    words: str = ""
    said: str = ""

    def text(self) -> str:
        """What a screen reader and the plain table say."""
        if self.said:
            return self.said
        fixed = {"done": _("Done"), "late": _("Late"), "todo": _("To do"), "closed": _("Not open")}
        return fixed.get(self.state) or (percent(self.share) if self.state == "part" else self.words)


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One person; `key` comes back when a cell is opened."""

    key: bytes
    name: str
    cells: tuple[Cell, ...]


class MatrixModel(QAbstractTableModel):
    """Rows as they were handed over; names stand in the vertical header, so they stay when the weeks scroll."""

    def __init__(self, rows: Sequence[MatrixRow], headers: Sequence[str], *, current: int = -1) -> None:
        super().__init__()
        self.rows = tuple(rows)
        self.headers = tuple(headers)
        self.current = current

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.headers)

    def cell(self, index: Index) -> Cell:
        """The cell at a place."""
        return self.rows[index.row()].cells[index.column()]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell(index).text()
        if role == Qt.ItemDataRole.AccessibleTextRole:
            row = self.rows[index.row()]
            return f"{row.name}, {self.headers[index.column()]}, {self.cell(index).text()}"
        return self.cell(index) if role == CELL else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        across = orientation == Qt.Orientation.Horizontal
        if role == Qt.ItemDataRole.DisplayRole:
            return self.headers[section] if across else self.rows[section].name
        if role == Qt.ItemDataRole.TextAlignmentRole:
            last = across and section == len(self.headers) - 1
            side = Qt.AlignmentFlag.AlignRight if last else Qt.AlignmentFlag.AlignHCenter
            return (side if across else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.FontRole and across:
            return theme().font("small", weight=600 if section == self.current else 400)
        if role == Qt.ItemDataRole.ForegroundRole and across:
            return theme().colour("text" if section == self.current else "muted")
        return None


class MatrixDelegate(QStyledItemDelegate):
    """Draws a cell: check, share, "Late", "To do", a dot where the week is not open."""

    plain = False

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        cell = index.data(CELL)
        shown = cell.words if isinstance(cell, Cell) and cell.words else index.data() or ""
        words = text_width(shown, theme().font("caption", weight=600))
        icon = theme().icon(16) + _ICON_GAP if isinstance(cell, Cell) and cell.state in ("done", "late") else 0
        return QSize(round(words) + icon + 14, theme().height(36))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell = index.data(CELL)
        if not isinstance(cell, Cell):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(option.rect)
        painter.fillRect(QRectF(whole.x(), whole.bottom() - 1, whole.width(), 1), theme().colour("border"))
        if self.plain or cell.state in ("text", "closed"):
            _paint_words(painter, cell, whole, plain=self.plain)
        else:
            height = theme().height(24)
            place = QRectF(whole.x() + 3, whole.y() + (whole.height() - height) / 2, whole.width() - 6, height)
            _paint_cell(painter, cell, place)
        if option.state & QStyle.StateFlag.State_HasFocus:
            box(painter, whole.adjusted(1, 1, -1, -2), 8, line=theme().colour("focus"), width=2)
        painter.restore()


def _paint_words(painter: QPainter, cell: Cell, place: QRectF, *, plain: bool) -> None:
    text = cell.text() if plain or cell.state == "text" else "·"
    align = "right" if cell.state == "text" else "centre"
    text_line(painter, text, theme().font("small"), theme().colour("muted"), place, align=align)


def _paint_cell(painter: QPainter, cell: Cell, place: QRectF) -> None:
    colour = theme().colour
    font: QFont = theme().font("caption", weight=600)
    if cell.state == "done":
        box(painter, place, 5, fill=colour("accent"))
        _paint_marked(painter, "check", cell.words, colour("accent-text"), place)
    elif cell.state == "late":
        box(painter, place, 5, fill=colour("human-soft"), line=colour("human"), width=1.5)
        if cell.words:
            _paint_marked(painter, "corner-down-left", cell.words, colour("human"), place)
        else:
            text_line(painter, cell.text(), font, colour("human"), place, align="centre")
    elif cell.state == "todo":
        box(painter, place, 5, line=colour("border-strong"))
        words, face = cell.words or cell.text(), theme().font("caption", weight=400)
        text_line(painter, words, face, colour("muted"), place, align="centre")
    else:
        painter.save()
        painter.setClipRect(QRectF(place.x(), place.y(), place.width() * cell.share, place.height()))
        box(painter, place, 5, fill=colour("todo"))
        painter.restore()
        box(painter, place, 5, line=colour("todo-line"))
        text_line(painter, cell.text(), font, colour("text"), place, align="centre")


def _paint_marked(painter: QPainter, icon: str, words: str, ink: QColor, place: QRectF) -> None:
    """An icon in the middle of a cell, or an icon and words."""
    font, size = theme().font("caption", weight=600), theme().icon(16)
    left = (place.width() - size - (text_width(words, font) + _ICON_GAP if words else 0)) / 2
    draw_icon(painter, icon, ink, place.x() + left, place.center().y() - size / 2, size)
    text_line(painter, words, font, ink, place.adjusted(left + size + _ICON_GAP, 0, 0, 0))


class _Header(QHeaderView):
    """Names or weeks in the small face, with the hairline of their row."""

    def __init__(self, orientation: Qt.Orientation) -> None:
        super().__init__(orientation)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSectionsClickable(orientation == Qt.Orientation.Vertical)
        self.setHighlightSections(False)

    def paintSection(self, painter: QPainter, rect: Any, section: int) -> None:  # noqa: N802  # Qt's own name
        """Draw one header."""
        across = self.orientation() == Qt.Orientation.Horizontal
        model = self.model()
        text = str(model.headerData(section, self.orientation()))
        last = across and section == model.columnCount() - 1
        painter.save()
        painter.setPen(QPen(theme().colour("border"), 1))
        painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())
        if across:
            font = model.headerData(section, self.orientation(), Qt.ItemDataRole.FontRole)
            ink = model.headerData(section, self.orientation(), Qt.ItemDataRole.ForegroundRole)
            text_line(painter, text, font, ink, QRectF(rect), align="right" if last else "centre")
        else:
            shown = QRectF(rect)
            font = theme().font("body", weight=500)
            text_line(painter, text, font, theme().colour("text"), shown)
        painter.restore()

    def sectionSizeFromContents(self, section: int) -> QSize:  # noqa: N802  # Qt's own name
        """Room for the words of one header."""
        across = self.orientation() == Qt.Orientation.Horizontal
        text = str(self.model().headerData(section, self.orientation()))
        font = theme().font("small", weight=600) if across else theme().font("body", weight=500)
        return QSize(round(text_width(text, font)) + (12 if across else 24), theme().height(32 if across else 36))


class MatrixView(QTableView):
    """`opened` carries the person's key and the column, by click or Enter; `person_opened` the key alone."""

    opened = Signal(bytes, int)
    person_opened = Signal(bytes)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setProperty("own_focus", True)  # noqa: FBT003  # Qt's setProperty takes its value so
        self._delegate = MatrixDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalHeader(_Header(Qt.Orientation.Horizontal))
        self.setVerticalHeader(_Header(Qt.Orientation.Vertical))
        self.verticalHeader().sectionClicked.connect(self._open_person)
        self.setCornerButtonEnabled(False)
        self.viewport().setAutoFillBackground(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self._open)
        follow(self._restyle)
        on_language(self._restyle)

    def show_rows(self, rows: Sequence[MatrixRow], headers: Sequence[str], *, current: int = -1) -> None:
        """Show people; `current` is the column of this week."""
        self.setModel(MatrixModel(rows, headers, current=current))
        across = self.horizontalHeader()
        across.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        if rows and rows[0].cells[-1].state == "text":
            across.setSectionResizeMode(len(headers) - 1, QHeaderView.ResizeMode.ResizeToContents)
        self._restyle()

    def show_plain(self, *, plain: bool) -> None:
        """Plain words instead of pictures."""
        self._delegate.plain = plain
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def _widest_words(self) -> int:
        """What the widest cell with words of its own needs; such words are never cut."""
        model = self.model()
        rows = model.rows if isinstance(model, MatrixModel) else ()
        font, icon = theme().font("caption", weight=600), theme().icon(16) + _ICON_GAP
        own = [
            text_width(cell.words, font) + (icon if cell.state in ("done", "late") else 0) + 12
            for row in rows
            for cell in row.cells
            if cell.words and cell.state != "text"
        ]
        return ceil(max(own, default=0))

    def _fit_height(self) -> None:
        # The page scrolls as a whole, so every row is visible; weeks that do not fit scroll sideways.
        rows = self.model().rowCount() if self.model() is not None else 0
        sideways = self.horizontalHeader().length() > self.viewport().width()
        bar = self.horizontalScrollBar().sizeHint().height() if sideways else 0
        self.setFixedHeight(theme().height(32) + rows * theme().height(36) + bar + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        model = self.model()
        if isinstance(model, MatrixModel):
            self.opened.emit(model.rows[index.row()].key, index.column())

    def _open_person(self, row: int) -> None:
        model = self.model()
        if isinstance(model, MatrixModel):
            self.person_opened.emit(model.rows[row].key)

    def _restyle(self) -> None:
        self.verticalHeader().setDefaultSectionSize(theme().height(36))
        self.horizontalHeader().setMinimumSectionSize(max(theme().text_px(52), self._widest_words()))
        self.horizontalHeader().setFixedHeight(theme().height(32))
        model = self.model()
        if model is not None:
            names = [self.verticalHeader().sectionSizeFromContents(row).width() for row in range(model.rowCount())]
            self.verticalHeader().setFixedWidth(min(max(names, default=0), theme().text_px(240)))
        self._fit_height()
        self.viewport().update()
