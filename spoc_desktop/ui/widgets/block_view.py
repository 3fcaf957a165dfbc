"""A block tree as typeset widgets: text, callouts, figures, tables and code, down one column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from spoc_desktop.i18n import _
from spoc_desktop.ui.painting import box, painting
from spoc_desktop.ui.theme import follow, theme
from spoc_desktop.ui.widgets.block_download import DownloadRow
from spoc_desktop.ui.widgets.callout import Callout, CalloutKind
from spoc_desktop.ui.widgets.figure import FigureView, PictureLoader
from spoc_desktop.ui.widgets.rich_text import RichText
from spoc_desktop.ui.widgets.running import Running, needs_update
from spoc_desktop.ui.widgets.text import Span, Text
from sync.domain import blocks
from sync.domain.blocks import Tone

_TONES: dict[Tone, CalloutKind] = {
    Tone.UNKNOWN: "info",
    Tone.ATTENTION: "attention",
    Tone.INFO: "info",
    Tone.TIP: "tip",
    Tone.RULE: "rule",
}
_GAP = 16


def inline(spans: Sequence[blocks.Span], *, weight: int | None = None, italic: bool = False) -> list[Span]:
    """Spans of a block as spans of a `Text`, for short texts such as options and captions; links lose their way out."""
    made: list[Span] = []
    for span in spans:
        if isinstance(span, blocks.Text):
            made.append(Span(span.text, weight, italic=italic))
        elif isinstance(span, blocks.CodeSpan):
            made.append(Span(span.text, weight, mono=True))
        elif isinstance(span, blocks.LineBreak):
            made.append(Span("\n"))
        elif isinstance(span, blocks.Strong):
            made += inline(span.spans, weight=600, italic=italic)
        elif isinstance(span, blocks.Emphasis):
            made += inline(span.spans, weight=weight, italic=not italic)
        else:
            made += inline(span.spans, weight=weight, italic=italic)
    return made


class BlockView(QWidget):
    """`link_wanted` carries the address of a link; `role` is the text role of running text ("lesson", "note").

    `file_opened` and `file_saved` carry the `Attachment` of a document that the person clicked.
    """

    link_wanted = Signal(str)
    file_opened = Signal(object)
    file_saved = Signal(object)

    def __init__(
        self,
        content: Sequence[blocks.Block] = (),
        role: str = "lesson",
        *,
        pictures: PictureLoader | None = None,
        first_figure: int = 1,
    ) -> None:
        super().__init__()
        self._role = role
        self._pictures = pictures
        self._figure = first_figure
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(_GAP)
        for part in _runs(content):
            self._column.addWidget(self._make(part))

    def _make(self, part: list[Running] | blocks.Block) -> QWidget:
        if isinstance(part, list):
            text = RichText(part, self._role)
            text.link_wanted.connect(self.link_wanted)
            return text
        if isinstance(part, blocks.Callout):
            return self._callout(part)
        if isinstance(part, blocks.Figure):
            return self._figure_view(part)
        if isinstance(part, blocks.Table):
            return TableBlock(part)
        if isinstance(part, blocks.CodeBlock):
            return CodeView(part.text)
        if isinstance(part, blocks.Download):
            return self._download(part)
        if isinstance(part, blocks.Unknown):
            return Callout("info", _("Needs an update"), needs_update())
        raise TypeError(f"no widget shows {type(part).__name__}")

    def _callout(self, callout: blocks.Callout) -> QWidget:
        made = Callout(_TONES.get(callout.tone, "info"), callout.title)
        inner = BlockView(callout.blocks, "note", pictures=self._pictures, first_figure=self._figure)
        inner.link_wanted.connect(self.link_wanted)
        inner.file_opened.connect(self.file_opened)
        inner.file_saved.connect(self.file_saved)
        made.body.addWidget(inner)
        return made

    def _download(self, download: blocks.Download) -> QWidget:
        made = DownloadRow(download)
        made.open_wanted.connect(lambda: self.file_opened.emit(download.file))
        made.save_wanted.connect(lambda: self.file_saved.emit(download.file))
        return made

    def _figure_view(self, figure: blocks.Figure) -> QWidget:
        caption: list[Span] = []
        if figure.caption:
            caption = [Span(_("Figure {number}.").format(number=self._figure) + " ", 600, "text")]
            caption += inline(figure.caption)
            self._figure += 1
        view = FigureView(figure.alternative, caption)

        def show(data: bytes | None) -> None:
            if isValid(view):
                view.show_bytes(data)

        if self._pictures is None:
            show(None)
        else:
            self._pictures(figure.file.sha256, show)
        return view


def _runs(content: Sequence[blocks.Block]) -> Iterator[list[Running] | blocks.Block]:
    """Neighbouring running text in one piece, so that it can be selected across paragraphs; the rest one by one."""
    run: list[Running] = []
    for block in content:
        if isinstance(block, blocks.Paragraph | blocks.Heading | blocks.ItemList | blocks.Quote):
            run.append(block)
            continue
        if run:
            yield run
            run = []
        yield block
    if run:
        yield run


class CodeView(QWidget):
    """Lines kept as they are, on a sunken ground; long ones break rather than scroll sideways."""

    def __init__(self, text: str) -> None:
        super().__init__()
        lines: list[blocks.Span] = []
        for number, line in enumerate(text.rstrip("\n").split("\n")):
            lines += [blocks.LineBreak()] if number else []
            lines.append(blocks.Text(text=line.replace(" ", "\u00a0") if line.startswith(" ") else line))
        self.text = RichText([blocks.Paragraph(spans=tuple(lines))], "mono")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.addWidget(self.text)
        follow(self._restyle)

    def _restyle(self) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            box(painter, self.rect(), 10, fill=theme().colour("sunken"), line=theme().colour("border"))


class TableBlock(QWidget):
    """A small table in running text: a head in semibold, hairlines between rows, cells that wrap.

    To a screen reader each cell begins with the head of its column.
    """

    def __init__(self, table: blocks.Table) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(17)
        heads = ["".join(span.text for span in inline(cell)) for cell in table.head]
        for column, cell in enumerate(table.head):
            head = Text(inline(cell, weight=600), "small", "muted", wrap=True)
            self._grid.addWidget(head, 0, column)
            self._grid.setColumnStretch(column, max(1, min(4, self._width(table, column) // 12)))
        for line, row in enumerate(table.rows, 1):
            for column, cell in enumerate(row):
                made = Text(inline(cell), "body", wrap=True)
                made.setAccessibleName(f"{heads[column]}: {made.text()}" if heads[column] else made.text())
                self._grid.addWidget(made, line, column)
        self.setAccessibleName(_("Table: {heads}").format(heads=", ".join(heads)))
        follow(self._restyle)

    @staticmethod
    def _width(table: blocks.Table, column: int) -> int:
        return max((len("".join(s.text for s in inline(row[column]))) for row in table.rows), default=1)

    def _restyle(self) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with painting(self) as painter:
            for line in range(1, self._grid.rowCount()):
                top = self._grid.cellRect(line, 0).top() - 9
                strong = "border-strong" if line == 1 else "border"
                painter.fillRect(QRectF(0, top, self.width(), 1), theme().colour(strong))
