"""Running text of a course: paragraphs, headings, lists and quotes typeset from the block tree, never from HTML.

Nothing is loaded from outside, and a link opens only after its whole address has been shown.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QRectF, QSignalBlocker, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPaintEvent,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from spoc_desktop.ui.documents import fragments
from spoc_desktop.ui.painting import painting
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.caret import is_for_the_page, keep_in_view
from spoc_desktop.ui.widgets.running import Running, running
from sync.domain import blocks

_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End)

SIGN = QTextFormat.Property.UserProperty.value + 1
"""Marks the signs before the items of a list: they are no words of the author."""

_HEADING = {2: "lesson-h2", 3: "card", 4: "label"}
_INDENT = 24


class RichText(QTextEdit):
    """Read-only text as high as its content; can be selected and copied; Tab walks its links.

    `link_wanted` carries the address of a link that was clicked or entered.
    """

    link_wanted = Signal(str)

    # Painting begins before the constructors of heirs have ended.
    _passages: tuple[tuple[int, int], ...] = ()
    _selectable = False

    def __init__(self, content: Sequence[Running] = (), role: str = "lesson", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self._content: tuple[Running, ...] = ()
        self._link = -1
        self._heights: dict[int, int] = {}
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setTabChangesFocus(True)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDocumentMargin(0)
        self.viewport().setAutoFillBackground(False)
        self.viewport().setMouseTracking(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.show_blocks(content)
        follow(self._typeset)

    def show_blocks(self, content: Sequence[Running]) -> None:
        """Show other text."""
        self._content = tuple(content)
        self._typeset()

    def let_select(self) -> None:
        """Let the keyboard choose words as the mouse does: a caret that the arrows move, with Shift they select."""
        self._selectable = True
        self._typeset()

    def loadResource(self, kind: int, url: QUrl | str) -> Any:
        """Text loads nothing: neither files of this computer nor addresses of outside."""
        return None

    # -- size

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width not in self._heights:
            # Told that its document changes, the edit would set its own width again in the middle of the measuring.
            with QSignalBlocker(self.document().documentLayout()):
                copy_width = self.document().textWidth()
                self.document().setTextWidth(width)
                self._heights[width] = int(self.document().size().height() + 0.99)
                self.document().setTextWidth(copy_width)
        return self._heights[width]

    def sizeHint(self) -> QSize:
        width = theme().text_px(560)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme().text_px(120), theme().line(self._role))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    # -- typesetting

    def _typeset(self) -> None:
        self._heights.clear()
        self.document().clear()
        self.setFont(theme().font(self._role))
        cursor = QTextCursor(self.document())
        setter = _Setter(cursor, self._role)
        for number, block in enumerate(self._content):
            setter.block(block, first=number == 0)
        has_links = bool(self.links())
        flags = Qt.TextInteractionFlag.TextSelectableByMouse
        if self._selectable:
            flags |= Qt.TextInteractionFlag.TextSelectableByKeyboard
            self.setTextCursor(QTextCursor(self.document()))
        if has_links:
            flags |= Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        self.setTextInteractionFlags(flags)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if has_links or self._selectable else Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(self.toPlainText()[:120])
        self._link = -1
        self.updateGeometry()

    # -- passages with notes

    def words(self) -> tuple[str, list[int]]:
        """The author's words as `sync.content.reading.plain_text` has them, and where each letter is in the document.

        The list has one place more than there are letters: the end.
        """
        letters: list[str] = []
        places: list[int] = []
        last = -1
        for piece in fragments(self.document()):
            block = self.document().findBlock(piece.position()).blockNumber()
            for _empty in range(last, block) if last >= 0 else ():
                letters.append("\n")
                places.append(piece.position() - 1)
            last = block
            place = piece.position()
            for letter in piece.text():
                if not piece.charFormat().hasProperty(SIGN):
                    letters.append("\n" if letter == "\u2028" else letter)
                    places.append(place)
                place += len(letter.encode("utf-16-le")) // 2
        end = self.document().characterCount() - 1
        return "".join(letters), [*places, end]

    def chosen_words(self) -> tuple[int, int] | None:
        """The letters of `words` that are selected."""
        cursor = self.textCursor()
        if not cursor.hasSelection() or self._link >= 0:
            return None
        text, places = self.words()
        start = bisect_left(places, cursor.selectionStart())
        end = min(bisect_left(places, cursor.selectionEnd()), len(text))
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        return (start, end) if start < end else None

    def show_passages(self, passages: Sequence[tuple[int, int]]) -> None:
        """Underline letters of `words` in yellow: somebody wrote a note about them."""
        self._passages = tuple(passages)
        self.viewport().update()

    def passage_rects(self, start: int, end: int) -> list[QRectF]:
        """Where letters of `words` lie in this widget, a rectangle a line."""
        _text, places = self.words()
        if not 0 <= start < end < len(places):
            return []
        first, last = places[start], places[end - 1] + 1
        height = self.fontMetrics().height() + 2
        found = []
        block = self.document().findBlock(first)
        while block.isValid() and block.position() < last:
            corner = self.document().documentLayout().blockBoundingRect(block).topLeft()
            for number in range(block.layout().lineCount()):
                line = block.layout().lineAt(number)
                left = max(first - block.position(), line.textStart())
                right = min(last - block.position(), line.textStart() + line.textLength())
                if left < right:
                    x, to = letter_x(line.cursorToX(left)), letter_x(line.cursorToX(right))
                    middle = corner.y() + line.y() + line.height() / 2
                    found.append(QRectF(corner.x() + x, middle - height / 2, to - x, height))
            block = block.next()
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._passages:
            with painting(self.viewport()) as painter:
                for rect in (rect for passage in self._passages for rect in self.passage_rects(*passage)):
                    painter.fillRect(rect, theme().colour("highlight"))
                    line = QRectF(rect.x(), rect.bottom() - 1, rect.width(), 2)
                    painter.fillRect(line, theme().colour("highlight-line"))
        super().paintEvent(event)

    # -- links

    def links(self) -> list[tuple[int, int, str]]:
        """Start, end and address of each link, in reading order."""
        found: list[tuple[int, int, str]] = []
        for fragment in fragments(self.document()):
            href = fragment.charFormat().anchorHref()
            start, end = fragment.position(), fragment.position() + fragment.length()
            if href and found and found[-1][1:] == (start, href):
                found[-1] = (found[-1][0], end, href)
            elif href:
                found.append((start, end, href))
        return found

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001  # Qt's own signature
        links = self.links()
        wanted = self._link + (1 if next else -1)
        if self.hasFocus() and 0 <= wanted < len(links):
            self._go_to_link(wanted)
            return True
        self._link = -1 if next else len(links)
        cursor = self.textCursor()
        cursor.clearSelection()
        self.setTextCursor(cursor)
        return QWidget.focusNextPrevChild(self, next)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and self.links() and not self.textCursor().hasSelection():
            self._go_to_link(0 if self._link < 0 else len(self.links()) - 1)
        return super().event(event)

    def _go_to_link(self, place: int) -> None:
        start, end, _href = self.links()[place]
        self._link = place
        cursor = self.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and 0 <= self._link < len(self.links()):
            self.link_wanted.emit(self.links()[self._link][2])
            return
        if self._selectable and is_for_the_page(self, event):
            event.ignore()
            return
        if self._selectable and event.key() in _ARROWS:
            self._link = -1
        super().keyPressEvent(event)
        if self._selectable and event.key() in _ARROWS:
            keep_in_view(self)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self.anchorAt(event.position().toPoint())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.IBeamCursor)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        href = self.anchorAt(event.position().toPoint())
        super().mouseReleaseEvent(event)
        if href and not self.textCursor().hasSelection():
            self.link_wanted.emit(href)


class _Setter:
    """Writes blocks into a document, one after the other."""

    def __init__(self, cursor: QTextCursor, role: str) -> None:
        self._cursor = cursor
        self._role = role
        self._begun = False
        self._after_heading = False

    def block(self, block: Running, *, first: bool, indent: int = 0) -> None:
        """Write one block; `first` has no space above it."""
        gap = 0 if first else round(theme().scale * (6 if self._after_heading else theme().type(self._role).line / 2))
        self._after_heading = isinstance(block, blocks.Heading)
        if isinstance(block, blocks.Heading):
            self._heading(block, first=first)
        elif isinstance(block, blocks.Paragraph):
            self._line(self._format(self._role, gap, indent))
            self._spans(block.spans, self._char(self._role))
        elif isinstance(block, blocks.ItemList):
            self._list(block, gap, indent)
        else:
            self._quote(block, gap, indent)

    def _heading(self, heading: blocks.Heading, *, first: bool) -> None:
        role = _HEADING.get(heading.level, "label")
        above = 0 if first else round(18 * theme().scale)
        shape = self._format(role, above, 0)
        shape.setHeadingLevel(heading.level)
        shape.setBottomMargin(0)
        self._line(shape)
        self._spans(heading.spans, self._char(role))

    def _list(self, block: blocks.ItemList, gap: int, indent: int) -> None:
        for number, item in enumerate(block.items):
            mark = f"{block.start + number}." if block.ordered else "•"
            for place, inner in enumerate(item):
                above = gap if number == 0 and place == 0 else round(4 * theme().scale)
                if place == 0 and isinstance(inner, blocks.Paragraph):
                    self._item(inner, mark, above, indent + 1)
                else:
                    self.block(running(inner), first=False, indent=indent + 1)

    def _item(self, paragraph: blocks.Paragraph, mark: str, above: int, indent: int) -> None:
        # The mark is a character and a tab rather than a QTextList: it is selected, copied and read out with its item.
        hang = round(_INDENT * theme().scale)
        shape = self._format(self._role, above, indent)
        shape.setTextIndent(-hang)
        shape.setTabPositions([QTextOption.Tab(hang, QTextOption.TabType.LeftTab)])
        self._line(shape)
        style = self._char(self._role)
        style.setForeground(theme().colour("muted"))
        style.setProperty(SIGN, 1)
        self._cursor.insertText(f"{mark}\t", style)
        self._spans(paragraph.spans, self._char(self._role))

    def _quote(self, quote: blocks.Quote, gap: int, indent: int) -> None:
        for place, inner in enumerate(quote.blocks):
            words = running(inner)
            if not isinstance(words, blocks.Paragraph):
                self.block(words, first=False, indent=indent + 1)
                continue
            self._line(self._format(self._role, gap if place == 0 else 4, indent + 1))
            style = self._char(self._role)
            style.setFontItalic(True)
            style.setForeground(theme().colour("muted"))
            self._spans(words.spans, style)

    def _line(self, shape: QTextBlockFormat) -> None:
        if self._begun:
            self._cursor.insertBlock(shape, QTextCharFormat())
        else:
            self._cursor.setBlockFormat(shape)
            self._begun = True

    def _format(self, role: str, above: int, indent: int) -> QTextBlockFormat:
        shape = QTextBlockFormat()
        shape.setLineHeight(theme().line(role), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        shape.setTopMargin(above)
        shape.setLeftMargin(round(indent * _INDENT * theme().scale))
        return shape

    def _char(self, role: str) -> QTextCharFormat:
        style = QTextCharFormat()
        style.setFont(theme().font(role))
        style.setForeground(theme().colour("text"))
        return style

    def _spans(self, spans: Sequence[blocks.Span], style: QTextCharFormat) -> None:
        for span in spans:
            self._span(span, QTextCharFormat(style))

    def _span(self, span: blocks.Span, style: QTextCharFormat) -> None:
        if isinstance(span, blocks.Text):
            self._cursor.insertText(span.text, style)
        elif isinstance(span, blocks.LineBreak):
            self._cursor.insertText("\u2028", style)
        elif isinstance(span, blocks.CodeSpan):
            style.setFontFamilies([theme().tokens.families["mono"], "Inter"])
            size = round(theme().type(self._role).size * 0.88 * theme().scale)
            style.setProperty(QTextFormat.Property.FontPixelSize.value, size)
            style.setBackground(theme().colour("sunken"))
            self._cursor.insertText(span.text, style)
        elif isinstance(span, blocks.Strong):
            style.setFontWeight(600)
            self._spans(span.spans, style)
        elif isinstance(span, blocks.Emphasis):
            style.setFontItalic(not style.fontItalic())
            self._spans(span.spans, style)
        else:
            style.setAnchor(True)
            style.setAnchorHref(span.href)
            style.setForeground(theme().colour("accent"))
            style.setFontUnderline(True)
            self._spans(span.spans, style)


def letter_x(found: object) -> float:
    """Qt gives the place of a letter in a line alone, or with the letter that was meant."""
    return float(found[0]) if isinstance(found, tuple) else float(found)  # type: ignore[arg-type]
