"""A lesson, part by part: text in a reading column, reading kept with the seconds it took, position kept."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShortcut, QShowEvent

from spoc_desktop.i18n import _, duration
from spoc_desktop.services.courses import LessonPage as Lesson
from spoc_desktop.services.notes import place
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.keymap import keys_of
from spoc_desktop.ui.links import ask_to_open
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages.lesson_files import LessonFiles
from spoc_desktop.ui.pages.lesson_foot import fill_foot
from spoc_desktop.ui.pages.lesson_margin import LessonMargin
from spoc_desktop.ui.pages.lesson_parts import PartsBar, part_minutes
from spoc_desktop.ui.pages.loaded import LoadedPage
from spoc_desktop.ui.pages.standing import route_of
from spoc_desktop.ui.widgets.block_view import BlockView
from spoc_desktop.ui.widgets.footed_body import FootedBody
from spoc_desktop.ui.widgets.text import Text
from sync.client.ports import Changes
from sync.content.reading import plain_text
from sync.domain.courses import ActivityType

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace
    from spoc_desktop.ui.page import Frame

SETTLED_MS = 3000
"""The end of a part counts as read when it has been in view so long."""

LONGEST_SECONDS = 1800
"""Somebody who left the screen open reads no longer than that in one part."""

_NEXT_KEYS = (Qt.Key.Key_PageDown, Qt.Key.Key_Space)


class LessonPage(LoadedPage[Lesson]):
    """One part at a time. A part is read when its end has been in view a while, or when the next one is asked for."""

    measure: ClassVar[int] = 616

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        self.lying = FootedBody(measure=self.measure)
        super().__init__(frame, workplace)
        self.part = 0
        self.beside: LessonMargin | None = None
        self._files = LessonFiles(self)
        for key in keys_of("note"):
            QShortcut(QKeySequence(key), self).activated.connect(self._note)
        self._shown: tuple[bytes, bytes, int] | None = None
        self._read: set[int] = set()
        self._since = monotonic()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLED_MS)
        self._settle.timeout.connect(self._end_seen)
        bar = self.body.scroller.verticalScrollBar()
        bar.valueChanged.connect(self._watch_end)
        bar.rangeChanged.connect(self._watch_end)

    def read(self, params: Mapping[str, Any]) -> Lesson:
        return self.workplace.courses.lesson(params["cohort_id"], params["activity_id"])

    def arrived(self, found: Lesson) -> None:
        if self._shown != (found.cohort_id, found.activity_id, len(found.parts)):
            self.part = found.part
        self._shown = (found.cohort_id, found.activity_id, len(found.parts))
        self._read = set(found.read)
        self._since = monotonic()

    # -- drawing

    def make_body(self) -> FootedBody:
        return self.lying

    def show_found(self, found: Lesson) -> None:
        week = _("Week {week}").format(week=found.module.week)
        self.set_crumbs(
            Crumb(_("My courses"), "courses"),
            Crumb(week, "course", {"cohort_id": found.cohort_id}),
            Crumb(_("Lesson")),
        )
        kicker = Text(" · ".join((week, found.module.title, duration(found.minutes))), "small", "muted", wrap=True)
        kicker.set_weight(500)
        self.main.add(kicker)
        self.main.add(Text(found.title, "title", wrap=True), 4)
        text = self._files.view(found.parts[self.part] if found.parts else (), self._first_figure(found))
        text.link_wanted.connect(lambda href: ask_to_open(href, self))
        self.main.add(self._files.absent())
        self.main.add(text, 16)
        self._fill_margin(found, text)
        self._fill_footer(found)
        QTimer.singleShot(0, self, self._watch_end)

    def _first_figure(self, found: Lesson) -> int:
        before = (block for part in found.parts[: self.part] for block in part)
        return 1 + sum(hasattr(block, "caption") and bool(block.caption) for block in before)

    def _fill_margin(self, found: Lesson, text: BlockView) -> None:
        if found.objectives and self.part == 0:
            self.margin.add(Text(_("What this lesson is for"), "section"))
            for objective in found.objectives:
                self.margin.add(Text(objective, "note", wrap=True), 12)
        words = [plain_text(part) for part in found.parts]
        here = words[self.part] if words else ""
        beside = self.beside = LessonMargin(self, found.activity_id, self.part, here, text)
        self.margin.add(beside, 24 if found.objectives and self.part == 0 else 0)
        self.frame.workers.run(
            lambda: place(self.workplace.notes.of(found.activity_id), words),
            beside.show_notes,
            self.fail,
            owner=beside,
        )
        fill_foot(self, self.lying, beside, found)

    def redraw(self) -> None:
        if self.beside is not None:
            self.beside.flush()
            self.body.splitter.line.set_ticks(())
            self.beside = None
        self.lying.foot.clear()
        super().redraw()
        self.lying.show_foot()

    def _note(self) -> None:
        if self.beside is not None:
            self.beside.note_here()

    def refresh(self, changes: Changes) -> None:  # type: ignore[override]  # the window hands over what services gave it
        if self._files.arrived(changes):
            self.redraw()
        super().refresh(changes)

    def _fill_footer(self, found: Lesson) -> None:
        bar = PartsBar(found.parts, part_minutes(found.parts, found.minutes), self.part, frozenset(self._read))
        bar.show_actions(_("Previous") if self.part else "", self._next_word(found))
        bar.before.clicked.connect(lambda: self.go_to(self.part - 1))
        bar.after.clicked.connect(self.go_on)
        self.footer.add(bar, stretch=True)

    def _next_word(self, found: Lesson) -> str:
        if self.part + 1 < len(found.parts):
            return _("Next part")
        if not self._goes_on(found):
            return _("Finish the lesson")
        is_quiz = found.following is not None and found.following.type is ActivityType.QUIZ
        return _("Go on to the quiz") if is_quiz else _("Next lesson")

    @staticmethod
    def _goes_on(found: Lesson) -> bool:
        """Whether the next activity belongs to the same week."""
        return found.following is not None and found.following in found.module.activities

    # -- going through it

    def go_on(self) -> None:
        """The part is read; the next one, or what follows the lesson."""
        found = self.found
        if found is None:
            return
        self._keep(self.part)
        if self.part + 1 < len(found.parts):
            self.go_to(self.part + 1)
            return
        following = found.following
        if following is None or not self._goes_on(found):
            self.frame.toast(lambda: _("The lesson is finished."))
            self.frame.open("course", cohort_id=found.cohort_id)
            return
        self.frame.open(route_of(following.type), cohort_id=found.cohort_id, activity_id=following.id)

    def go_to(self, part: int) -> None:
        """Show another part from its top."""
        found = self.found
        if found is None or not 0 <= part < len(found.parts):
            return
        self._keep_time()
        self._settle.stop()
        self.part = part
        self._since = monotonic()
        self.body.scroller.verticalScrollBar().setValue(0)
        self.redraw()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self, _("Part {part} of {parts}").format(part=part + 1, parts=len(found.parts)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """At the end of a part, Space and Page down go on to the next; Page up at its top goes back."""
        bar, found = self.body.scroller.verticalScrollBar(), self.found
        if found is not None and not event.isAutoRepeat():
            is_last = self.part + 1 >= len(found.parts)
            if event.key() in _NEXT_KEYS and bar.value() >= bar.maximum() and not is_last:
                self.go_on()
                return
            if event.key() == Qt.Key.Key_PageUp and bar.value() == bar.minimum() and self.part:
                self.go_to(self.part - 1)
                return
        super().keyPressEvent(event)

    # -- keeping what was read

    def _watch_end(self) -> None:
        bar = self.body.scroller.verticalScrollBar()
        in_view = self.found is not None and self.isVisible() and bar.value() >= bar.maximum() - 8
        if not in_view:
            self._settle.stop()
        elif not self._settle.isActive() and self.part not in self._read:
            self._settle.start()

    def _end_seen(self) -> None:
        self._keep(self.part)
        found = self.found
        bar = self.footer.findChild(PartsBar)
        if found is not None and bar is not None:
            bar.show_read(frozenset(self._read))

    def _seconds(self) -> int:
        """Seconds since the last time they were kept; the next ones count from here."""
        now = monotonic()
        seconds, self._since = round(now - self._since), now
        return min(LONGEST_SECONDS, seconds)

    def _keep(self, part: int) -> None:
        """Keep that a part was read, with the time it took."""
        found = self.found
        if found is None or part in self._read:
            return
        self._read.add(part)
        seconds = self._seconds()
        self.write(lambda: self.workplace.courses.read(found, part, seconds), self.workplace.changed)

    def _keep_time(self) -> None:
        """Time spent on a part after it counted as read is kept too."""
        found, part = self.found, self.part
        if found is None or part not in self._read or monotonic() - self._since < SETTLED_MS / 1000:
            return
        seconds = self._seconds()
        self.write(lambda: self.workplace.courses.read(found, part, seconds), self.workplace.changed)

    def showEvent(self, event: QShowEvent) -> None:
        self._since = monotonic()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Another page, or the end of the program."""
        self._settle.stop()
        self._keep_time()
        if self.beside is not None:
            self.beside.flush()
        super().hideEvent(event)


def places(workplace: Workplace) -> tuple[Place, ...]:
    """One lesson, opened from the outline or from today's page."""
    return (Place("lesson", lambda frame: LessonPage(frame, workplace), lambda: _("Lesson"), section="courses"),)
