"""A learner's file: figures in a row, the weeks, what happened day by day; beside it what their trainers note."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QFileDialog, QWidget

from spoc_desktop.i18n import _, clock, day, duration, moment, near_day, ngettext, percent, short_date
from spoc_desktop.services.files import safe_name
from spoc_desktop.services.followup import sentences
from spoc_desktop.services.learner_file import Event, Figures, LearnerFile, Noted, What
from spoc_desktop.services.next_actions import Planned, mornings
from spoc_desktop.ui.page import Crumb, Frame, Place
from spoc_desktop.ui.pages.behind import as_of
from spoc_desktop.ui.pages.learner_file_events import FILTERS, filtered, moment_of
from spoc_desktop.ui.pages.loaded import LoadedPage
from spoc_desktop.ui.pages.standing import segment
from spoc_desktop.ui.pages.today import SHOWN_KINDS
from spoc_desktop.ui.pages.trainer_kinds import FILE_KINDS
from spoc_desktop.ui.widgets.avatar import Avatar
from spoc_desktop.ui.widgets.box import Box
from spoc_desktop.ui.widgets.button import Button
from spoc_desktop.ui.widgets.empty_state import EmptyState
from spoc_desktop.ui.widgets.field import Choice, Field, LineEdit, TextArea, text_of
from spoc_desktop.ui.widgets.flow import Hairline, column, flow, row
from spoc_desktop.ui.widgets.link import LinkButton
from spoc_desktop.ui.widgets.reglette import Reglette
from spoc_desktop.ui.widgets.segmented import Segmented
from spoc_desktop.ui.widgets.text import Text
from spoc_desktop.ui.widgets.timeline import TimelineRow

if TYPE_CHECKING:
    from spoc_desktop.services.workplace import Workplace

EVENTS_SHOWN = 60
REMINDERS = 10
"""Working mornings that are offered for a reminder."""


class LearnerFilePage(LoadedPage[LearnerFile]):
    """What a trainer knows of one learner, as of that learner's last sync."""

    concerns: ClassVar[frozenset[int]] = SHOWN_KINDS | FILE_KINDS

    def __init__(self, frame: Frame, workplace: Workplace) -> None:
        super().__init__(frame, workplace)
        self._filter = FILTERS[0]
        self._typed = {"action": "", "note": ""}
        self._remind_at = 0

    def opened(self, **params: object) -> None:
        if params != self.params:
            self._typed, self._remind_at = dict.fromkeys(self._typed, ""), 0
        super().opened(**params)

    def read(self, params: Mapping[str, Any]) -> LearnerFile:
        return self.workplace.learner_files.file(params["cohort_id"], params["learner"])

    def show_found(self, found: LearnerFile) -> None:
        cohort = {"cohort_id": found.taught.cohort_id}
        self.set_crumbs(
            Crumb(_("Group"), "group"), Crumb(found.taught.cohort.title, "group", cohort), Crumb(found.name)
        )
        words = column(
            Text(found.name, "title", wrap=True), Text(as_of(found.last_sent), "body", "muted", wrap=True), gap=2
        )
        self.main.add(row(Avatar(found.name, size=56), words, gap=16, stretch=1))
        self.main.add(flow(*_figures(found.figures), gap=40), 24)
        weeks = [segment(week.minutes, week.standing, week.module.title) for week in found.weeks]
        self.main.add(Reglette(weeks, _("The weeks of the course")), 16)
        self._add_events(found)
        self._add_action(found)
        self._add_notes(found)
        self._add_reason(found)
        self._add_evidence()

    # -- what happened

    def _add_events(self, found: LearnerFile) -> None:
        words = {"all": _("All"), "work": _("Work"), "messages": _("Messages")}
        views = Segmented([(key, words[key]) for key in FILTERS], _("What to show"))
        views.choose(self._filter)
        views.picked.connect(self._show_only)
        self.main.add(flow(Text(_("Day by day"), "section"), views, spread=True), 24)
        shown = filtered(found.events, self._filter)[:EVENTS_SHOWN]
        if not shown:
            self.main.add(EmptyState("history", _("Nothing has come from this person yet.")), 8)
        for place, one in enumerate(shown):
            line = TimelineRow(moment_of(one, found.now), is_last=place == len(shown) - 1)
            line.setObjectName(f"event_{one.what.name.lower()}_{one.record.hex()}_{place}")
            line.clicked.connect(lambda _checked=False, one=one: self._open_event(found, one))
            self.main.add(line, 12 if place == 0 else 0)

    def _show_only(self, key: str) -> None:
        self._filter = key
        self.redraw()

    def _open_event(self, found: LearnerFile, one: Event) -> None:
        here: dict[str, object] = {"cohort_id": found.taught.cohort_id, "learner": found.person}
        match one.what:
            case What.ATTEMPT:
                self.frame.open("attempt", **here, attempt_id=one.record)
            case What.HAND_IN | What.RETURNED | What.ACCEPTED:
                self.frame.open("reviewing", hand_in=one.record)
            case What.MESSAGE:
                self.frame.open("exchanges", **here)

    # -- the margin

    def _add_action(self, found: LearnerFile) -> None:
        self.margin.add(Text(_("Next action"), "section", "human", wrap=True))
        write = Button(_("Write to them"), "primary", "message-square")
        write.setObjectName("write")
        write.clicked.connect(
            lambda: self.frame.open("exchanges", cohort_id=found.taught.cohort_id, learner=found.person)
        )
        if found.action is None:
            self.margin.add(self._plan_form(found.now), 12)
            self.margin.add(write, 12, left=True)
            return
        self.margin.add(_planned(found.action, found.now), 12)
        done = Button(_("Done"), icon="check")
        done.setObjectName("done")
        done.clicked.connect(lambda _checked=False, action=found.action: self._done(action))
        self.margin.add(flow(write, done), 12)

    def _plan_form(self, now: int) -> QWidget:
        edit = LineEdit()
        edit.setObjectName("action")
        edit.setText(self._typed["action"])
        edit.textChanged.connect(lambda text: self._typed.update(action=text))
        edit.returnPressed.connect(self._plan)
        keep = Button(_("Note it"), icon="plus", size="small")
        keep.setObjectName("plan")
        keep.clicked.connect(self._plan)
        remind = Field(_("Reminder"), self._reminder(now))
        return column(Field(_("What will you do for them?"), edit), remind, flow(keep), gap=8)

    def _reminder(self, now: int) -> Choice:
        choice = Choice()
        choice.setObjectName("remind")
        choice.addItem(_("No reminder"), 0)
        for at in mornings(now, REMINDERS):
            when = moment(at)
            choice.addItem(_("{day}, {time}").format(day=short_date(when.date()), time=clock(when)), at)
        choice.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        choice.setCurrentIndex(max(0, choice.findData(self._remind_at)))
        choice.activated.connect(lambda place: self._remind(choice.itemData(place)))
        return choice

    def _remind(self, at: int) -> None:
        self._remind_at = at

    def _add_notes(self, found: LearnerFile) -> None:
        self.margin.add(Hairline(), 24)
        self.margin.add(Text(_("Notes"), "section"), 20)
        self.margin.add(
            Text(_("Read by the trainers of this group, never by the learner."), "small", "muted", wrap=True), 2
        )
        for note in found.notes:
            self.margin.add(self._note(note, found.now), 12)
        area = TextArea(3)
        area.setObjectName("note")
        area.setPlainText(self._typed["note"])
        area.textChanged.connect(lambda: self._typed.update(note=text_of(area)))
        self.margin.add(Field(_("New note"), area), 16)
        keep = Button(_("Keep the note"), icon="sticky-note", size="small")
        keep.setObjectName("keep_note")
        keep.clicked.connect(self._keep_note)
        self.margin.add(keep, 8, left=True)

    def _note(self, note: Noted, now: int) -> QWidget:
        at = near_day(moment(note.at).date(), moment(now).date())
        who = "" if note.mine else note.name
        parts: list[QWidget] = [
            Text(note.text, "note", wrap=True),
            Text(" · ".join(part for part in (who, at) if part), "small", "muted", wrap=True),
        ]
        if note.mine:
            away = LinkButton(_("Delete"), "trash-2", role="small")
            away.setObjectName(f"forget_{note.id.hex()}")
            away.setAccessibleName(_("Delete the note “{text}”").format(text=note.text[:40]))
            away.clicked.connect(lambda: self._forget(note))
            parts.append(away)
        return column(*parts, gap=2)

    def _add_reason(self, found: LearnerFile) -> None:
        if found.followed is None or not found.followed.reasons:
            return
        self.margin.add(Hairline(), 24)
        self.margin.add(Text(_("Why they are in the list"), "section", wrap=True), 20)
        for said in sentences(found.followed):
            self.margin.add(Text(said, wrap=True), 8)

    def _add_evidence(self) -> None:
        self.margin.add(Hairline(), 24)
        self.margin.add(Text(_("Evidence"), "section"), 20)
        words = _("What they handed in and received, signed by the server. Anybody can check it without a network.")
        self.margin.add(Text(words, "small", "muted", wrap=True), 2)
        export = LinkButton(_("Export the evidence file"), "folder-down", role="small")
        export.setObjectName("export_evidence")
        export.clicked.connect(self._ask_where)
        self.margin.add(export, 12, left=True)

    def _ask_where(self) -> None:
        if self.found is None:
            return
        name = safe_name(_("Evidence, {name}").format(name=self.found.name)) + ".json"
        place, _chosen = QFileDialog.getSaveFileName(self, _("Export the evidence file"), name, "JSON (*.json)")
        if place:
            self.export_to(Path(place))

    def export_to(self, place: Path) -> None:
        """Write the evidence file where the person said."""
        params, files = dict(self.params), self.workplace.evidence
        cohort_id, learner = params["cohort_id"], params["learner"]
        self.write(lambda: files.export(cohort_id, learner, place), self._exported, self._not_exported)

    def _exported(self, _nothing: object) -> None:
        self.frame.toast(lambda: _("The evidence file is saved. “spoc verify” checks it, without a network."))

    def _not_exported(self, error: Exception) -> None:
        if isinstance(error, OSError):
            self.frame.toast(lambda: _("The file could not be saved there. Choose another folder."))
        else:
            self.fail(error)

    # -- writing

    def save(self) -> None:
        self._keep_note()

    def _plan(self) -> None:
        text, params, at = self._typed["action"].strip(), self.params, self._remind_at
        if text:
            self._typed["action"], self._remind_at = "", 0
            files = self.workplace.learner_files
            self.write(lambda: files.plan(params["cohort_id"], params["learner"], text, at), self.workplace.changed)

    def _keep_note(self) -> None:
        text, params = self._typed["note"].strip(), self.params
        if text:
            self._typed["note"] = ""
            files = self.workplace.learner_files
            self.write(lambda: files.note(params["cohort_id"], params["learner"], text), self.workplace.changed)

    def _done(self, action: Planned) -> None:
        files = self.workplace.learner_files

        def undo() -> None:
            self.write(lambda: files.not_done(action), self.workplace.changed)

        self.write(lambda: files.done(action), self.workplace.changed)
        self.frame.toast(lambda: _("Done: {text}").format(text=action.text), undo)

    def _forget(self, note: Noted) -> None:
        files, params = self.workplace.learner_files, self.params

        def undo() -> None:
            self.write(lambda: files.note(params["cohort_id"], params["learner"], note.text), self.workplace.changed)

        self.write(lambda: files.forget(note), self.workplace.changed)
        self.frame.toast(lambda: _("The note was deleted."), undo)


def _figures(figures: Figures) -> list[QWidget]:
    quiz = _("no quiz yet") if figures.quiz is None else _("at the last quiz")
    exercises = ngettext("exercise handed in", "exercises handed in", figures.exercises)
    silence = "–" if figures.silence is None else ngettext("{count} day", "{count} days", figures.silence)
    found = (
        (duration(figures.minutes), _("of {duration} so far").format(duration=duration(figures.planned))),
        ("–" if figures.quiz is None else percent(figures.quiz), quiz),
        (_("{count} of {all}").format(count=figures.handed_in, all=figures.exercises), exercises),
        (silence.format(count=figures.silence), _("without activity")),
    )
    return [column(Text(number, "figure"), Text(words, "small", "muted"), gap=0) for number, words in found]


def _planned(action: Planned, now: int) -> QWidget:
    parts = [Text(action.text, "body", wrap=True)]
    parts[0].set_weight(500)
    if action.remind_at:
        at = _("Reminder {day}").format(day=_at(action.remind_at))
    else:
        at = _("Noted {day}").format(day=near_day(moment(action.at).date(), moment(now).date()))
    return Box(*parts, Text(at, "small", "muted", wrap=True), gap=4, pad=(12, 10))


def _at(remind_at: int) -> str:
    """As "mercredi 25 novembre, 9 h 00"."""
    when = moment(remind_at)
    return _("{day}, {time}").format(day=day(when.date()), time=clock(when))


def places(workplace: Workplace) -> tuple[Place, ...]:
    """Opened from the group, the dashboard and the search."""
    if not workplace.roles().trainer:
        return ()
    return (
        Place(
            "learner_file",
            lambda frame: LearnerFilePage(frame, workplace),
            lambda: _("Learner’s file"),
            section="group",
        ),
    )
