"""The margin of a video: its transcript, which follows it, with the person's notes at their moments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from spoc_desktop.i18n import _
from spoc_desktop.services.notes import OwnNote
from spoc_desktop.ui.layouts import empty, stretch, widgets_of
from spoc_desktop.ui.pages.lesson_notes import NoteKeeper
from spoc_desktop.ui.painting import box, painting
from spoc_desktop.ui.player.film import Film
from spoc_desktop.ui.theme import theme
from spoc_desktop.ui.widgets.button import draw_key
from spoc_desktop.ui.widgets.flow import Hairline, flow
from spoc_desktop.ui.widgets.glyph import Glyph
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.row import Composed
from spoc_desktop.ui.widgets.sheet import Scroll
from spoc_desktop.ui.widgets.text import Text
from spoc_desktop.ui.widgets.video_slider import timecode
from spoc_desktop.ui.widgets.video_transcript import CueLine, Transcript, TranscriptSearch, reveal
from sync.domain.notes import Note

if TYPE_CHECKING:
    from PySide6.QtGui import QFont

    from spoc_desktop.ui.pages.loaded import LoadedPage

KEY = "Ctrl N"
_STACKED_HEIGHT = 420


class NoteHere(Composed):
    """The way to a new note, with its key painted at the right."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("note_here")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._words = Text("", "body", wrap=True)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 8, 64, 8)
        line.setSpacing(8)
        line.addWidget(Glyph("sticky-note", "muted", 16))
        line.addWidget(self._words, 1)
        self.let_clicks_through()

    def say(self, words: str) -> None:
        """What a click does."""
        if words != self._words.text():
            self._words.say(words)
            self.setText(words)
            self.setAccessibleName(words)

    def painted_texts(self) -> list[tuple[str, QFont]]:
        """The key's name, for the search for foreign fonts."""
        return [(KEY, theme().font("caption"))]

    def paintEvent(self, event: QPaintEvent) -> None:
        height = theme().line("caption") + 4
        width = min(60, 14 + self.fontMetrics().horizontalAdvance(KEY))
        with painting(self) as painter:
            if self.underMouse():
                box(painter, self.rect(), 6, fill=theme().colour("hover"))
            if self.width() > theme().text_px(180):
                place = self.rect().adjusted(self.width() - width, 0, 0, 0)
                place.setTop((self.height() - height) // 2)
                place.setHeight(height)
                draw_key(painter, KEY, place.toRectF())


class VideoMargin(QWidget):
    """Heading, search, lines and notes, and the way to a new note at the foot."""

    def __init__(
        self, page: LoadedPage[Any], activity: bytes, film: Film, notes: Sequence[OwnNote], *, follows: bool
    ) -> None:
        super().__init__()
        self._page, self._activity, self._film = page, activity, film
        self._notes = list(notes)
        self.keepers: list[NoteKeeper] = []
        self.follows = follows
        self._heading = Text(_("Transcript"), "section")
        self.follow_button = LinkButton("", colour="text", role="small", wrap=False)
        self.search = TranscriptSearch()
        self.search.setObjectName("transcript_search")
        self.here = NoteHere()
        self.here.clicked.connect(self.note_here)
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(2)
        holder = QWidget()
        holder.setLayout(self._list)
        self._scroll = Scroll(holder)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._head = flow(self._heading, self._make_follow(), spread=True)
        for part in (self._head, self.search, self._scroll):
            self._column.addWidget(part, 1 if part is self._scroll else 0)
        self._column.addWidget(Hairline())
        self._column.addWidget(self.here)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.search.textChanged.connect(self._find)
        self.search.stepped.connect(self._step)
        film.moved.connect(self._show_moment)
        film.changed.connect(self._follow_language)
        self._language = self._wanted_language()
        self.transcript = self._fill()
        self._show_moment(film.moment)

    def _make_follow(self) -> LinkButton:
        self.follow_button = LinkButton(
            _("Follows the video") if self.follows else _("Follow the video"), colour="text", role="small", wrap=False
        )
        self.follow_button.setObjectName("follow")
        self.follow_button.clicked.connect(self._toggle_follow)
        return self.follow_button

    # -- the lines

    def _wanted_language(self) -> str:
        film = self._film
        return film.language or (film.tracks[0].language if film.tracks else "")

    def _fill(self) -> Transcript:
        cues = next((track.cues for track in self._film.tracks if track.language == self._language), ())
        transcript = Transcript(cues, self.search)
        self.search.setVisible(bool(cues))
        self.follow_button.setVisible(bool(cues))
        empty(self._list)
        for number, line in enumerate(transcript.lines):
            line.setObjectName(f"cue_{number}")
            line.clicked.connect(lambda _checked=False, at=line.cue.start: self._film.seek(at))
            self._list.addWidget(line)
        if not cues:
            self._list.addWidget(Text(_("The captions arrive with the next synchronisation."), "note", wrap=True))
        stretch(self._list, self._list.count())
        self.keepers = []
        for own in self._notes:
            self._place(NoteKeeper(self._page, own.note, own.id, heading=_heading(own.note), gone=self._gone))
        return transcript

    def _follow_language(self) -> None:
        wanted = self._wanted_language()
        if wanted != self._language:
            self._language = wanted
            self.flush()
            self.transcript = self._fill()
            self._show_moment(self._film.moment)
            self._find(self.search.text())

    def _show_moment(self, moment: int) -> None:
        self.here.say(_("Note at {moment}").format(moment=timecode(moment)))
        line = self.transcript.show_moment(moment)
        if line is not None and self.follows:
            self._reveal(line)

    def _reveal(self, line: CueLine | None) -> None:
        if line is not None:
            QTimer.singleShot(0, line, lambda: reveal(line))

    def _toggle_follow(self) -> None:
        self._set_follows(follows=not self.follows)
        said = [line for line in self.transcript.lines if line.accessibleDescription()]
        if self.follows and said:
            self._reveal(said[0])

    def _set_follows(self, *, follows: bool) -> None:
        if follows == self.follows:
            return
        self.follows = follows
        words = _("Follows the video") if follows else _("Follow the video")
        self.follow_button.setText(words)
        self.follow_button.setAccessibleName(words)
        for label in self.follow_button.findChildren(Text):
            label.say(words)

    def _find(self, words: str) -> None:
        line = self.transcript.find(words)
        if words.strip():
            self._set_follows(follows=False)
        self._reveal(line)

    def _step(self, step: int) -> None:
        self._reveal(self.transcript.step(step))

    # -- the notes

    def note_here(self) -> None:
        """Begin a note at the moment that is shown."""
        note = Note(activity=self._activity, text="", at=self._page.workplace.desk.now(), moment=self._film.moment)
        keeper = NoteKeeper(self._page, note, None, heading=_heading(note), gone=self._gone)
        self._place(keeper)
        keeper.widget.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, keeper.widget, lambda: reveal(keeper.widget))

    def _place(self, keeper: NoteKeeper) -> None:
        """Under the line that is said at its moment."""
        after = 0
        for index, widget in enumerate(widgets_of(self._list)):
            if isinstance(widget, CueLine) and widget.cue.start <= (keeper.note.moment or 0):
                after = index + 1
        self._list.insertWidget(after, keeper.widget)
        self.keepers.append(keeper)

    def _gone(self, keeper: NoteKeeper) -> None:
        if keeper in self.keepers:
            self.keepers.remove(keeper)
        self._notes = [own for own in self._notes if own.id != keeper.id]
        keeper.widget.hide()
        keeper.widget.deleteLater()

    def flush(self) -> None:
        """Save what was typed."""
        for keeper in self.keepers:
            keeper.widget.flush()

    # -- its place

    def fit(self, height: int | None) -> None:
        """As high as the margin beside the film; under it (None) a list of its own height."""
        self.setFixedHeight(max(theme().text_px(240), height or theme().text_px(_STACKED_HEIGHT)))


def _heading(note: Note) -> str:
    return timecode(note.moment) if note.moment is not None else ""
