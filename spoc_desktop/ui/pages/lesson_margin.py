"""The margin of a lesson: notes about its words, beside the lines that they are about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.services.notes import Placed
from spoc_desktop.ui.keymap import key_name
from spoc_desktop.ui.pages.lesson_notes import NoteKeeper
from spoc_desktop.ui.widgets.block_view import BlockView
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.flow import flow
from spoc_desktop.ui.widgets.margin_notes import MarginNotes
from spoc_desktop.ui.widgets.rich_text import RichText
from spoc_desktop.ui.widgets.text import Text
from sync.domain.anchors import Anchor
from sync.domain.notes import Note

if TYPE_CHECKING:
    from spoc_desktop.ui.pages.loaded import LoadedPage


class Shown(NamedTuple):
    """A piece of running text and where its words begin in the plain text of the part."""

    text: RichText
    start: int
    end: int


class LessonMargin(QWidget):
    """`words` is the plain text of the part that `view` shows."""

    def __init__(self, page: LoadedPage[Any], activity: bytes, part: int, words: str, view: BlockView) -> None:
        super().__init__()
        self._page, self._activity, self._part, self._words = page, activity, part, words
        self._shown = list(_shown(view, words))
        self._last: RichText | None = None
        self.keepers: list[NoteKeeper] = []
        self._spans: dict[NoteKeeper, tuple[int, int]] = {}
        self.layer = MarginNotes()
        self._empty = Text(_("No note yet. Select a sentence to write one."), "note", "muted", wrap=True)
        self.begin = Button(_("Note"), "quiet", "plus", size="small", key=key_name("note"))
        self.begin.setObjectName("begin_note")
        self.begin.setAccessibleDescription(_("Write a note about the words that are selected"))
        self.begin.clicked.connect(self.note_here)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(flow(Text(_("In the margin"), "section"), self.begin, spread=True))
        column.addWidget(self._empty)
        column.addWidget(self.layer)
        hint = _("Shift and the arrows select words; Ctrl N writes a note about them.")
        for shown in self._shown:
            shown.text.let_select()
            shown.text.setAccessibleDescription(hint)
            shown.text.selectionChanged.connect(lambda text=shown.text: self._chosen(text))
        page.body.margin_scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        bar = page.body.scroller.verticalScrollBar()
        bar.valueChanged.connect(self._scrolled)
        bar.rangeChanged.connect(self.arrange_soon)

    # -- which words

    def _chosen(self, text: RichText) -> None:
        """One selection at a time, wherever in the part it is."""
        if not text.textCursor().hasSelection():
            return
        for other in (shown.text for shown in self._shown if shown.text is not text):
            cursor = other.textCursor()
            if cursor.hasSelection():
                cursor.clearSelection()
                other.setTextCursor(cursor)
        self._last = text

    def _anchor(self) -> Anchor | None:
        for text, start, _end in self._shown:
            if text is self._last and (chosen := text.chosen_words()) is not None:
                first, last = start + chosen[0], start + chosen[1]
                return Anchor(start=first, end=last, quote=self._words[first:last], part=self._part)
        return None

    # -- notes

    def show_notes(self, notes: Sequence[Placed]) -> None:
        """The notes of this part; those about the whole lesson or about words that have gone stand after them."""
        for one in notes:
            if one.part not in (None, self._part):
                continue
            heading = ""
            if one.lost and one.note.anchor is not None:
                heading = _("About words that are no longer there: “{quote}”").format(quote=one.note.anchor.quote)
            keeper = NoteKeeper(self._page, one.note, one.id, heading=heading, gone=self._gone)
            self._keep(keeper, None if one.part is None else (one.start, one.end))
        self._changed()

    def note_here(self) -> None:
        """Begin a note about the selected words, or about the whole lesson when there are none."""
        anchor = self._anchor()
        now = self._page.workplace.desk.now()
        note = Note(activity=self._activity, text="", at=now, anchor=anchor)
        keeper = NoteKeeper(self._page, note, None, gone=self._gone)
        self._keep(keeper, None if anchor is None else (anchor.start, anchor.end))
        self._changed()
        if self._last is not None:
            cursor = self._last.textCursor()
            cursor.clearSelection()
            self._last.setTextCursor(cursor)
        keeper.widget.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep(self, keeper: NoteKeeper, span: tuple[int, int] | None) -> None:
        self.keepers.append(keeper)
        keeper.widget.resized.connect(self.layer.arrange_soon)
        if span is not None:
            self._spans[keeper] = span

    def _gone(self, keeper: NoteKeeper) -> None:
        if keeper in self.keepers:
            self.keepers.remove(keeper)
        self._spans.pop(keeper, None)
        keeper.widget.hide()
        keeper.widget.deleteLater()
        self._changed()

    def flush(self) -> None:
        """Save what was typed."""
        for keeper in self.keepers:
            keeper.widget.flush()

    # -- where they stand

    def _changed(self) -> None:
        self._empty.setVisible(not self.keepers)
        for text, start, end in self._shown:
            spans = [span for span in self._spans.values() if start <= span[0] and span[1] <= end]
            text.show_passages([(span[0] - start, span[1] - start) for span in spans])
        self.arrange()
        self.arrange_soon()

    def arrange_soon(self) -> None:
        """When the layout has settled."""
        QTimer.singleShot(0, self, self.arrange)

    def arrange(self) -> None:
        """Put each note beside its line; under the text they follow one another."""
        body = self._page.body
        content = body.scroller.widget()
        if body.stacked or content is None:
            self.layer.place([(keeper.widget, None) for keeper in self.keepers])
        else:
            top = self._top_of(self.layer)
            wanted = [(keeper.widget, self._beside(keeper, top)) for keeper in self.keepers]
            least = content.height() - top - 32
            self.layer.place(wanted, least if self.keepers else 0)
        self._scrolled()

    def _top_of(self, widget: QWidget) -> int:
        inside = self._page.body.margin_scroll.widget()
        return widget.mapTo(inside, QPoint(0, 0)).y() if inside is not None and inside.isAncestorOf(widget) else 0

    def _beside(self, keeper: NoteKeeper, top: int) -> int | None:
        line = self._line_of(keeper)
        return None if line is None else max(0, line - top - 2)

    def _line_of(self, keeper: NoteKeeper) -> int | None:
        """Height of the first line of the words in the scrolled text."""
        span, content = self._spans.get(keeper), self._page.body.scroller.widget()
        for text, start, end in self._shown:
            is_here = span is not None and start <= span[0] and span[1] <= end
            if span is not None and is_here and content is not None and content.isAncestorOf(text):
                rects = text.passage_rects(span[0] - start, span[1] - start)
                if rects:
                    return text.mapTo(content, rects[0].topLeft().toPoint()).y()
        return None

    def _scrolled(self) -> None:
        """The margin scrolls with the text; ticks on the rose line mark where the words are."""
        body = self._page.body
        if not body.isAncestorOf(self):
            return
        offset = body.scroller.verticalScrollBar().value()
        if not body.stacked:
            body.margin_scroll.verticalScrollBar().setValue(offset)
        lines = [line for keeper in self.keepers if (line := self._line_of(keeper)) is not None]
        body.splitter.line.set_ticks([(line - offset + 10, "highlight-line") for line in lines])


def _shown(view: BlockView, words: str) -> Iterator[Shown]:
    """Each running text in reading order with the place of its words; code and odd nestings are passed over."""
    place = 0
    for text in view.findChildren(RichText):
        own, _places = text.words()
        found = words.find(own, place) if own else -1
        if found >= 0:
            place = found + len(own)
            yield Shown(text, found, place)
