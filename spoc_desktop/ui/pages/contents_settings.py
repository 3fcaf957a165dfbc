"""The settings of a course: title, summary, contacts, objectives, presentation, and what earns the certificate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from spoc_desktop.i18n import _
from spoc_desktop.services.authoring_drafts import Shelved
from spoc_desktop.services.authoring_text import NamedFiles, files_of
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages.contents_editing import SECTION, DraftPage
from spoc_desktop.ui.pages.contents_lesson import lines_of
from spoc_desktop.ui.pages.contents_margin import Publishing
from spoc_desktop.ui.pages.contents_new import language_choice
from spoc_desktop.ui.pages.contents_text import DraftText, read_fields
from spoc_desktop.ui.pages.loaded import not_here_yet
from spoc_desktop.ui.widgets.field import Choice, Field, TextArea, WideEdit, text_of
from spoc_desktop.ui.widgets.flow import Hairline, flow
from spoc_desktop.ui.widgets.number_edit import NumberEdit
from spoc_desktop.ui.widgets.segmented import Segmented
from spoc_desktop.ui.widgets.text import Text
from sync.client.ports import Changes
from sync.domain.courses import CertificateRule, Course

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace
    from spoc_desktop.ui.page import Frame


class CourseSettingsPage(DraftPage[Shelved]):
    """Every field is kept as it is typed."""

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        super().__init__(frame, workplace)
        self.publishing = Publishing(self)
        self.presentation: DraftText | None = None
        self._rule = CertificateRule()

    def opened(self, **params: object) -> None:
        if params != self.params:
            self.presentation = None
        super().opened(**params)

    def read(self, params: Mapping[str, Any]) -> Shelved:
        return self.workplace.drafts.course(bytes(params["course_id"]))

    def arrived(self, found: Shelved) -> None:
        if found.drafts is None:
            return
        blocks = found.drafts.course.presentation
        if self.presentation is None:
            named: NamedFiles = files_of((found.drafts.course, *found.drafts.lessons.values()))
            self.presentation = DraftText(self, "presentation", blocks, named, shown=lambda: None)
        elif not self.is_typing:
            self.presentation.take(blocks)

    def store(self, params: Mapping[str, Any], fields: Mapping[str, Any]) -> Changes:
        return self.workplace.drafts.change_course(bytes(params["course_id"]), **read_fields(fields))

    # -- drawing

    def show_found(self, found: Shelved) -> None:
        here: dict[str, object] = {"course_id": self.course_id}
        self.set_crumbs(
            Crumb(_("Contents"), SECTION), Crumb(found.title, "contents_course", here), Crumb(_("Settings"))
        )
        if found.drafts is None:
            self.main.add(not_here_yet(self.workplace, _("The draft arrives with the next synchronisation.")))
            return
        course = found.drafts.course
        self.main.add(Text(_("Settings of the course"), "title", wrap=True))
        self.main.add(self._line("title", _("Title"), course.title), 16)
        self.main.add(self._area("summary", _("Summary"), course.summary, 3), 16)
        self.main.add(
            flow(Field(_("Language"), self._language(course)), Field(_("Colour"), self._colour(course)), gap=16), 16
        )
        self.main.add(
            self._line(
                "technical_contact",
                _("Technical contact"),
                course.technical_contact,
                _("Who helps when the program does not work."),
            ),
            16,
        )
        self.main.add(
            self._line(
                "pedagogical_contact",
                _("Pedagogical contact"),
                course.pedagogical_contact,
                _("Who answers questions about the course."),
            ),
            16,
        )
        objectives = TextArea(4, most=10)
        objectives.setObjectName("objectives")
        objectives.setPlainText("\n".join(course.objectives))
        objectives.textChanged.connect(lambda: self.keep(objectives=lines_of(text_of(objectives))))
        self.main.add(Field(_("Objectives, one a line"), objectives), 16)
        self.main.add(self._area("prerequisites", _("What one knows before"), course.prerequisites, 2), 16)
        if self.presentation is not None:
            area = self.presentation.make_area(_("Presentation of the course"), 6)
            if self.presentation.files is not None:
                self.main.add(self.presentation.files.holder, 16)
            self.main.add(area, 16)
        self.main.add(Hairline(), 24)
        self._add_certificate(course.certificate)
        self.main.add(self.make_saved_line(), 16)
        self.show_margin(found)

    def show_margin(self, found: Shelved) -> None:
        self.publishing.add_checks(found, 0)

    def _line(self, name: str, label: str, text: str, hint: str = "") -> Field:
        edit = WideEdit()
        edit.setObjectName(name)
        edit.begin(text)
        edit.textEdited.connect(lambda words: self.keep(**{name: words}))
        return Field(label, edit, hint)

    def _area(self, name: str, label: str, text: str, lines: int) -> Field:
        area = TextArea(lines, most=8)
        area.setObjectName(name)
        area.setPlainText(text)
        area.textChanged.connect(lambda: self.keep(**{name: text_of(area)}))
        return Field(label, area)

    def _language(self, course: Course) -> Choice:
        made = language_choice(course.language)
        made.setObjectName("language")
        made.activated.connect(lambda _index: self.keep(language=str(made.currentData())))
        return made

    def _colour(self, course: Course) -> Choice:
        made = Choice()
        made.setObjectName("colour")
        for name, word in (
            ("ochre", _("Ochre")),
            ("teal", _("Teal")),
            ("raspberry", _("Raspberry")),
            ("ink", _("Ink")),
            ("green", _("Green")),
            ("slate", _("Slate")),
        ):
            made.addItem(word, name)
        made.setCurrentIndex(max(0, made.findData(course.colour)))
        made.activated.connect(lambda _index: self.keep(colour=str(made.currentData())))
        return made

    # -- the certificate

    def _add_certificate(self, rule: CertificateRule | None) -> None:
        self.main.add(Text(_("Certificate"), "section"), 16)
        given = Segmented([("yes", _("Given")), ("no", _("None"))], _("Certificate"))
        given.setObjectName("certificate")
        given.choose("no" if rule is None else "yes")
        given.picked.connect(lambda key: self._set_rule(CertificateRule() if key == "yes" else None))
        self.main.add(given, 8, left=True)
        if rule is None:
            self.main.add(Text(_("This course gives no certificate."), "small", "muted", wrap=True), 8)
            return
        self._rule = rule
        percent = NumberEdit(rule.minutes_percent, 0, 100)
        percent.setObjectName("minutes_percent")
        percent.changed.connect(lambda count: self._change_rule(minutes_percent=count))
        self.add_number(_("Share of the planned time, in %"), percent)
        for name, label, is_on in (
            ("quizzes", _("Graded quizzes passed"), rule.quizzes),
            ("exercises", _("Exercises accepted"), rule.exercises),
        ):
            self.main.add(Text(label, "label"), 12)
            made = Segmented([("yes", _("Asked for")), ("no", _("Not asked for"))], label)
            made.setObjectName(name)
            made.choose("yes" if is_on else "no")
            made.picked.connect(lambda key, name=name: self._change_rule(**{name: key == "yes"}))
            self.main.add(made, 6, left=True)

    def _set_rule(self, rule: CertificateRule | None) -> None:
        course_id = self.course_id
        self.change(lambda: self.workplace.drafts.change_course(course_id, certificate=rule))

    def _change_rule(self, **fields: Any) -> None:
        self._rule = msgspec.structs.replace(self._rule, **fields)
        self.keep(certificate=self._rule)


def places(workplace: Workplace) -> tuple[Place, ...]:
    """Opened from the outline."""
    make = lambda frame: CourseSettingsPage(frame, workplace)  # noqa: E731  # as every page is made
    return (Place("contents_settings", make, lambda: _("Settings of the course"), section=SECTION),)
