"""A lesson being written, and beside it what the learner sees."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from spoc_desktop.i18n import _
from spoc_desktop.services.authoring_drafts import Opened
from spoc_desktop.services.authoring_text import NamedFiles, files_of
from spoc_desktop.ui.layouts import empty
from spoc_desktop.ui.links import ask_to_open
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages.contents_course import MOST_MINUTES
from spoc_desktop.ui.pages.contents_editing import SECTION, DraftPage
from spoc_desktop.ui.pages.contents_margin import Publishing
from spoc_desktop.ui.pages.contents_text import DraftText, read_fields
from spoc_desktop.ui.pages.lesson_files import LessonFiles
from spoc_desktop.ui.widgets.callout import Callout
from spoc_desktop.ui.widgets.field import Field, TextArea, WideEdit, text_of
from spoc_desktop.ui.widgets.flow import column
from spoc_desktop.ui.widgets.number_edit import NumberEdit
from spoc_desktop.ui.widgets.text import Text
from sync.client.ports import Changes
from sync.content.reading import word_count

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace
    from spoc_desktop.ui.page import Frame

WORDS_A_MINUTE = 200
_LINES = 18


class ActivityPage(DraftPage[Opened]):
    """What the editors of lessons, quizzes and exercises share: their head and where they save."""

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        super().__init__(frame, workplace)
        self.publishing = Publishing(self)
        self.named = NamedFiles()

    @property
    def activity_id(self) -> bytes:
        """The activity that is open."""
        return bytes(self.params["activity_id"])

    def read(self, params: Mapping[str, Any]) -> Opened:
        return self.workplace.drafts.activity(bytes(params["course_id"]), bytes(params["activity_id"]))

    def store(self, params: Mapping[str, Any], fields: Mapping[str, Any]) -> Changes:
        course_id, activity_id = bytes(params["course_id"]), bytes(params["activity_id"])
        return self.workplace.drafts.change_activity(course_id, activity_id, **read_fields(fields))

    def take_files(self, found: Opened) -> None:
        """Learn what the course's files are called."""
        drafts = found.drafts
        bodies = (*drafts.lessons.values(), *drafts.quizzes.values(), *drafts.exercises.values())
        self.named = files_of((found.body, *bodies))

    def add_crumbs(self, found: Opened, *last: Crumb) -> None:
        """The way here."""
        here: dict[str, object] = {"course_id": self.course_id}
        self.set_crumbs(
            Crumb(_("Contents"), SECTION),
            Crumb(found.drafts.course.title, "contents_course", here),
            *last,
        )

    def add_head(self, found: Opened, what: str) -> None:
        """Where the activity stands, its title and minutes."""
        where = _("{module} · {what}").format(module=found.module.title, what=what)
        self.main.add(Text(where, "small", "muted", wrap=True))
        title = WideEdit(large=True)
        title.setObjectName("title")
        title.begin(found.body.title)
        title.textEdited.connect(lambda text: self.keep(title=text))
        minutes = NumberEdit(found.body.minutes, 1, MOST_MINUTES)
        minutes.setObjectName("minutes")
        minutes.changed.connect(lambda count: self.keep(minutes=count))
        self.main.add(Field(_("Title"), title), 8)
        self.add_number(_("Minutes"), minutes)


class LessonEditorPage(ActivityPage):
    """The text as Markdown at the left, the lesson at the right."""

    margin_width: ClassVar[int] = 420

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        super().__init__(frame, workplace)
        self.text: DraftText | None = None
        self._pictures = LessonFiles(self)
        self._preview: QWidget | None = None

    def opened(self, **params: object) -> None:
        if params != self.params:
            self.text = None
        super().opened(**params)

    def arrived(self, found: Opened) -> None:
        if self.text is None:
            self.take_files(found)
            self.text = DraftText(self, "blocks", found.body.blocks, self.named, shown=self.show_preview)
        elif not self.is_typing:
            self.text.take(found.body.blocks)

    def show_found(self, found: Opened) -> None:
        if self.text is None:
            return
        video = found.body.video is not None
        self.add_crumbs(found, Crumb(_("Video") if video else _("Lesson")))
        self.add_head(found, _("Video") if video else _("Lesson"))
        objectives = TextArea(2, most=8)
        objectives.setObjectName("objectives")
        objectives.setPlainText("\n".join(found.body.objectives))
        objectives.textChanged.connect(lambda: self.keep(objectives=lines_of(text_of(objectives))))
        self.main.add(Field(_("Objectives, one a line"), objectives), 12)
        area = self.text.make_area(_("Text"), _LINES, _("Each heading begins a part of the lesson."))
        if self.text.files is not None:
            self.main.add(self.text.files.holder, 8)
        self.main.add(area, 12)
        self.main.add(self.make_saved_line(), 8)
        self.show_margin(found)

    def show_margin(self, found: Opened) -> None:
        self.margin.add(Text(_("As the learner sees it"), "section"))
        self._preview = column()
        self._preview.setObjectName("preview")
        self.margin.add(self._preview, 12)
        if found.body.video is not None:
            said = _("Its captions and chapters come with the course folder. Here you write the text below it.")
            self.margin.add(Callout("info", _("The video stays as it was imported."), said), 16)
        self.show_preview()
        self.publishing.add_checks(found.shelved, 32)

    def show_preview(self) -> None:
        """Show the lesson as the text says it now."""
        layout = self._preview.layout() if self._preview is not None and isValid(self._preview) else None
        if layout is None or self.text is None:
            return
        empty(layout)
        if self.text.blocks:
            view = self._pictures.view(self.text.blocks)
            view.link_wanted.connect(lambda href: ask_to_open(href, self))
            layout.addWidget(view)
            words = word_count(self.text.blocks)
            said = _("{words} words, about {minutes} min to read").format(
                words=words, minutes=max(1, round(words / WORDS_A_MINUTE))
            )
            layout.addWidget(Text(said, "small", "muted", wrap=True))
        else:
            layout.addWidget(Text(_("What you write appears here."), "small", "muted", wrap=True))


def lines_of(text: str) -> tuple[str, ...]:
    """The lines that say something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def places(workplace: Workplace) -> tuple[Place, ...]:
    """Opened from the outline."""
    make = lambda frame: LessonEditorPage(frame, workplace)  # noqa: E731  # as every page is made
    return (Place("contents_lesson", make, lambda: _("Lesson"), section=SECTION),)
