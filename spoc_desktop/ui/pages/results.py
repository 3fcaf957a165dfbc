"""Mes résultats: what counts and what it brought, the time done, the certificate or what is missing for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QFileDialog, QWidget

from spoc_desktop.i18n import _, capital, day_and_time, day_with_year, duration, moment, ngettext, number
from spoc_desktop.services.gradebook import Entry, EntryState, MyResults
from spoc_desktop.ui.accessible import announce
from spoc_desktop.ui.attachments import ask_to_open_file
from spoc_desktop.ui.page import Crumb, Place
from spoc_desktop.ui.pages.loaded import LoadedPage, not_here_yet
from spoc_desktop.ui.pages.standing import icon_of, kind_word, route_of
from spoc_desktop.ui.pages.today import SHOWN_KINDS
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.flow import Hairline, column, flow, row
from spoc_desktop.ui.widgets.glyph import Glyph
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.reglette import Reglette, Segment
from spoc_desktop.ui.widgets.row import Row
from spoc_desktop.ui.widgets.tag import Tag, TagKind
from spoc_desktop.ui.widgets.text import Span, Text
from sync.domain.certificates import CERTIFICATE, Reason
from sync.domain.quizzes import Release

if TYPE_CHECKING:
    from spoc_desktop.services.certificates import Held, Lack, Progress
    from spoc_desktop.services.workplace import Workplace

_TAGS: dict[EntryState, tuple[TagKind, str]] = {
    EntryState.NOTHING: ("plain", "circle"),
    EntryState.BEGUN: ("accent", "circle-dot"),
    EntryState.WAITING: ("plain", "cloud-upload"),
    EntryState.RECEIVED: ("plain", "cloud-check"),
    EntryState.PASSED: ("success", "circle-check"),
    EntryState.NOT_PASSED: ("warning", "circle-dot"),
    EntryState.RETURNED: ("human", "corner-down-left"),
    EntryState.ACCEPTED: ("success", "circle-check"),
}


@dataclass(frozen=True, slots=True)
class ResultsFound:
    """What was read: each course with its way to the certificate."""

    courses: tuple[tuple[MyResults, Progress], ...]
    now: int


class ResultsPage(LoadedPage[ResultsFound]):
    """A line for each activity that counts; it opens the activity. The certificate stands in the margin."""

    concerns: ClassVar[frozenset[int]] = SHOWN_KINDS | {CERTIFICATE.number}

    def read(self, params: Mapping[str, Any]) -> ResultsFound:
        place = self.workplace
        mine = place.gradebook.mine()
        return ResultsFound(
            tuple((one, place.certificates.progress(one.enrolled.cohort_id)) for one in mine), place.desk.true_now()
        )

    def show_found(self, found: ResultsFound) -> None:
        self.set_crumbs(Crumb(_("My results")))
        self.main.add(Text(_("My results"), "title", wrap=True))
        if not found.courses:
            words = _("Your results arrive with your first course, at the next synchronisation.")
            self.main.add(not_here_yet(self.workplace, words, "medal"), 24)
            return
        for place, (results, progress) in enumerate(found.courses):
            self._add_course(results, found.now, 16 if place == 0 else 40)
            if progress.offered:
                self._add_certificate(progress, 0 if place == 0 else 24, several=len(found.courses) > 1)

    # -- the work

    def _add_course(self, results: MyResults, now: int, gap: int) -> None:
        self.main.add(Text(results.enrolled.title, "card", wrap=True), gap)
        done = _("{done} of {planned}").format(done=duration(results.minutes_done), planned=duration(results.minutes))
        self.main.add(
            flow(Text(_("Planned time done"), "small", "muted"), Text(done, "small", "muted"), spread=True), 8
        )
        share = results.minutes_done / results.minutes if results.minutes else 0.0
        strip = Reglette([Segment(results.minutes, "part", share)], _("Planned time done"), value=done, height=12)
        self.main.add(strip, 4)
        if not results.entries:
            words = _("Nothing in this course is graded; what you do counts by the time that is planned for it.")
            self.main.add(Text(words, "body", "muted", wrap=True), 16)
        for place, entry in enumerate(results.entries):
            self.main.add(
                self._row(results, entry, now, last=place + 1 == len(results.entries)), 16 if place == 0 else 0
            )

    def _row(self, results: MyResults, entry: Entry, now: int, *, last: bool) -> Row:
        kind, icon = _TAGS[entry.state]
        end: list[QWidget] = []
        if entry.points is not None:
            end.append(Text([Span(points_words(entry), 600)], "body"))
        end.append(Tag(state_words(entry), kind, icon))
        made = Row(
            entry.activity.title,
            detail_words(entry, now),
            icon=icon_of(entry.activity.type),
            end=end,
            line=not last,
        )
        made.setObjectName(f"entry_{entry.activity.id.hex()}")
        made.clicked.connect(self._opener(results.enrolled.cohort_id, entry))
        return made

    def _opener(self, cohort_id: bytes, entry: Entry) -> Callable[[], None]:
        route = route_of(entry.activity.type)
        return lambda: self.frame.open(route, cohort_id=cohort_id, activity_id=entry.activity.id)

    # -- the certificate

    def _add_certificate(self, progress: Progress, gap: int, *, several: bool) -> None:
        if gap:
            self.margin.add(Hairline(), gap)
        heading = _("Certificate · {course}").format(course=progress.course) if several else _("Certificate")
        self.margin.add(Text(heading, "section", wrap=True), 16 if gap else 0)
        if progress.held is not None:
            self._add_held(progress.held)
        elif progress.lacks:
            self.margin.add(Text(_("What is still missing"), "label", wrap=True), 8)
            for lack in progress.lacks:
                self.margin.add(self._lack(progress.cohort_id, lack), 8)
        else:
            words = _("All is done. The certificate comes with the next synchronisation.")
            self.margin.add(
                row(Glyph("circle-check", "success"), Text(words, "note", wrap=True), stretch=1, top=True), 8
            )

    def _add_held(self, held: Held) -> None:
        statement = held.statement
        awarded = day_with_year(moment(statement.awarded_at).date())
        said = column(
            Text(statement.course, "card", wrap=True),
            Text(_("Awarded {day}").format(day=awarded), "body", wrap=True),
            Text([Span(_("No. {number}").format(number=statement.number), mono=True)], "small", "muted", wrap=True),
            gap=4,
        )
        self.margin.add(row(Glyph("medal", "success", 24), said, gap=12, stretch=1, top=True), 8)
        if not held.here:
            words = _("The document arrives with the next synchronisation.")
            self.margin.add(Text(words, "small", "muted", wrap=True), 12)
            return
        save = Button(_("Save the PDF"), "primary", "folder-down")
        save.setObjectName(f"save_{held.id.hex()}")
        save.clicked.connect(lambda: self._save(held))
        show = Button(_("Open"), icon="external-link")
        show.setObjectName(f"show_{held.id.hex()}")
        show.setAccessibleName(_("Open the certificate"))
        show.clicked.connect(
            lambda: ask_to_open_file(held.document, self.workplace.desk, self.frame.workers, self.fail, self)
        )
        self.margin.add(flow(save, show), 16)

    def _lack(self, cohort_id: bytes, lack: Lack) -> QWidget:
        if lack.reason is Reason.MINUTES or not lack.activity_id:
            return row(Glyph("circle", "muted", 16), Text(lack.said, "body", wrap=True), stretch=1, top=True)
        link = LinkButton(lack.said, "circle", colour="text", role="body")
        link.setObjectName(f"lack_{lack.activity_id.hex()}")
        route = "exercise" if lack.reason is Reason.EXERCISE else "quiz"
        link.clicked.connect(lambda: self.frame.open(route, cohort_id=cohort_id, activity_id=lack.activity_id))
        return link

    def _save(self, held: Held) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("Save the PDF"))
        if folder:
            self.save_to(held, Path(folder))

    def save_to(self, held: Held, folder: Path) -> None:
        """Write the certificate into a folder, beside what is there."""
        self.write(lambda: self.workplace.certificates.save(held, folder), self._saved)

    def _saved(self, place: Path) -> None:
        words = _("Saved as {file}.").format(file=place.name)
        announce(self, words)
        self.frame.toast(lambda: _("Saved as {file}.").format(file=place.name))


def points_words(entry: Entry) -> str:
    """As "8 of 10"."""
    points = entry.points or 0.0
    return _("{points} of {best}").format(
        points=number(points, int(points % 1 > 0)), best=number(entry.best, int(entry.best % 1 > 0))
    )


def state_words(entry: Entry) -> str:
    """The state in a word or two."""
    words = {
        EntryState.NOTHING: _("To do"),
        EntryState.BEGUN: _("In progress"),
        EntryState.WAITING: _("Will be sent at the next sync"),
        EntryState.RECEIVED: _("Handed in"),
        EntryState.PASSED: _("Passed"),
        EntryState.NOT_PASSED: _("Not passed yet"),
        EntryState.RETURNED: _("To revise"),
        EntryState.ACCEPTED: _("Accepted"),
    }
    return words[entry.state]


def detail_words(entry: Entry, now: int) -> str:
    """Kind, tries, when; and when a grade comes that is not there."""
    parts = [kind_word(entry.activity.type)]
    if entry.tries:
        parts.append(_tries(entry))
    if entry.state is EntryState.RECEIVED and entry.points is None:
        parts.append(_when(entry))
    elif entry.at is not None:
        parts.append(capital(day_and_time(moment(entry.at), moment(now).date())))
    return " · ".join(parts)


def _tries(entry: Entry) -> str:
    if route_of(entry.activity.type) == "exercise":
        return ngettext("{count} version", "{count} versions", entry.tries).format(count=entry.tries)
    return ngettext("{count} attempt", "{count} attempts", entry.tries).format(count=entry.tries)


def _when(entry: Entry) -> str:
    if route_of(entry.activity.type) == "exercise":
        return _("your trainer reads it")
    if entry.release is Release.BY_TRAINER:
        return _("the grade comes when your trainer releases it")
    if entry.release is Release.AT_CLOSE:
        return _("the grade comes when the quiz is over for everybody")
    return _("the grade comes with the next synchronisation")


def places(workplace: Workplace) -> tuple[Place, ...]:
    """The learner's results."""
    if not workplace.roles().learner:
        return ()
    return (Place("results", lambda frame: ResultsPage(frame, workplace), lambda: _("My results"), "medal", order=60),)
