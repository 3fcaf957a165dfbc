"""Words on the page: plain text in one of the text roles, with the line height of the drawn look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPaintEvent,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from spoc_desktop.ui.painting import painting
from spoc_desktop.ui.theme import follow, theme

UNBOUNDED = 1 << 20
MOST_WIDTHS = 8
_LONGEST_WORD = 14
"""Width in ems up to which a word is kept whole."""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text of its own weight, colour or slant inside a `Text`; None keeps what the role says.

    `marked`: highlighted and underlined, as words that differ.
    """

    text: str
    weight: int | None = None
    colour: str | None = None
    italic: bool = False
    mono: bool = False
    marked: bool = False


class Text(QLabel):
    """A label. `wrap` lets it break into lines; without, it keeps the width of its words.

    The text is always plain: nothing in it is read as HTML.
    """

    def __init__(
        self,
        text: str | Sequence[Span] = "",
        role: str = "body",
        colour: str | None = None,
        *,
        wrap: bool = False,
        align: str = "left",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self._role = role
        self._colour = colour or ("muted" if role == "section" else "text")
        self._weight: int | None = None
        self._align = align
        self._spans: tuple[Span, ...] = ()
        policy = QSizePolicy(
            QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum if wrap else QSizePolicy.Policy.Fixed
        )
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        # Layouts ask for the height at several widths in turn; each is worked out once.
        self._laid: dict[float, list[QTextLayout]] = {}
        self.say(text)
        follow(self._restyle)

    def say(self, text: str | Sequence[Span]) -> None:
        """Show other words."""
        self._spans = (Span(text),) if isinstance(text, str) else tuple(text)
        self._laid.clear()
        self.setText("".join(span.text for span in self._spans))
        self.updateGeometry()
        self.update()

    def set_colour(self, colour: str) -> None:
        """Draw in another colour role."""
        self._colour = colour
        self._laid.clear()
        self.update()

    def set_weight(self, weight: int) -> None:
        """Draw in another weight than the role's (400, 500, 600, 700)."""
        self._weight = weight
        self._restyle()

    @property
    def colour_role(self) -> str:
        """The colour role it is drawn in, for the contrast audit."""
        return self._colour

    @property
    def text_role(self) -> str:
        """The text role it is set in."""
        return self._role

    def _restyle(self) -> None:
        self._laid.clear()
        self.setFont(theme().font(self._role, weight=self._weight))
        self.updateGeometry()
        self.update()

    # -- measuring

    def sizeHint(self) -> QSize:
        width = min(self._natural_width(), theme().text_px(560)) if self.wordWrap() else self._natural_width()
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        if not self.wordWrap():
            return self.sizeHint()
        metrics = QFontMetricsF(self.font())
        widest = max((metrics.horizontalAdvance(word) for word in self.text().split(" ")), default=0.0)
        # Longer words, as addresses, break: one of them must not push the page wider than its window.
        return QSize(ceil(min(widest, _LONGEST_WORD * self.font().pixelSize())), theme().line(self._role))

    def heightForWidth(self, width: int) -> int:
        lines = sum(layout.lineCount() for layout in self._lay(width if self.wordWrap() else UNBOUNDED))
        return max(1, lines) * theme().line(self._role)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.update()

    def _natural_width(self) -> int:
        layouts = self._lay(UNBOUNDED)
        return ceil(max((layout.lineAt(0).naturalTextWidth() for layout in layouts if layout.lineCount()), default=0.0))

    def _lay(self, width: float) -> list[QTextLayout]:
        if width not in self._laid:
            if len(self._laid) >= MOST_WIDTHS:
                self._laid.clear()
            self._laid[width] = [self._paragraph(text, formats, width) for text, formats in self._paragraphs()]
        return self._laid[width]

    def _paragraphs(self) -> list[tuple[str, list[tuple[int, int, Span]]]]:
        paragraphs: list[tuple[str, list[tuple[int, int, Span]]]] = [("", [])]
        for span in self._spans:
            for number, piece in enumerate(span.text.split("\n")):
                if number:
                    paragraphs.append(("", []))
                text, formats = paragraphs[-1]
                paragraphs[-1] = (text + piece, [*formats, (len(text), len(piece), span)])
        return paragraphs

    def _paragraph(self, text: str, formats: list[tuple[int, int, Span]], width: float) -> QTextLayout:
        layout = QTextLayout(text, self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats([self._range(start, length, span) for start, length, span in formats if length])
        height = theme().line(self._role)
        layout.beginLayout()
        y = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, y + (height - line.height()) / 2))
            y += height
        layout.endLayout()
        return layout

    def _range(self, start: int, length: int, span: Span) -> QTextLayout.FormatRange:
        made = QTextLayout.FormatRange()
        made.start, made.length = start, length
        style = QTextCharFormat()
        style.setForeground(theme().colour(span.colour or self._colour))
        style.setFont(self._span_font(span))
        if span.marked:
            style.setBackground(theme().colour("highlight"))
            style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
            style.setUnderlineColor(theme().colour("highlight-line"))
        made.format = style
        return made

    def _span_font(self, span: Span) -> QFont:
        if span.mono:
            return theme().font("mono")
        return theme().font(self._role, weight=span.weight or self._weight, italic=span.italic)

    # -- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        width = self.width() if self.wordWrap() else UNBOUNDED
        line_height = theme().line(self._role)
        layouts = self._lay(width)
        used = sum(layout.lineCount() for layout in layouts) * line_height
        top = max(0.0, (self.height() - used) / 2)
        with painting(self) as painter:
            painter.setPen(self._ink())
            for layout in layouts:
                layout.draw(painter, QPointF(self._indent(layout), top))
                top += layout.lineCount() * line_height

    def _ink(self) -> QColor:
        return theme().colour(self._colour if self.isEnabled() else "disabled")

    def _indent(self, layout: QTextLayout) -> float:
        if self._align == "left" or not layout.lineCount():
            return 0.0
        free = self.width() - max(layout.lineAt(row).naturalTextWidth() for row in range(layout.lineCount()))
        return max(0.0, free if self._align == "right" else free / 2)
