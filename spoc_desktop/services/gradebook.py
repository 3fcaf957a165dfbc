"""The gradebook of the simple kind: what counts, a line a learner; one's own results; the group's as a CSV file."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from spoc_desktop.i18n import _, number, percent
from spoc_desktop.services.cohorts import Cohorts, Taught
from spoc_desktop.services.courses import Courses, Enrolled, work_of
from spoc_desktop.services.desk import Desk, Seen
from spoc_desktop.services.errors import NotHereYet
from spoc_desktop.services.handed import handed_of
from spoc_desktop.services.results import newest_grade
from spoc_desktop.services.versions import Version, versions_of
from sync.domain import spaces
from sync.domain.courses import ActivityType, Edition, PublishedActivity, PublishedModule
from sync.domain.exercises import EXERCISE_EDITION, Handed, best_of
from sync.domain.ids import CohortId, PersonId
from sync.domain.progress import minutes_done
from sync.domain.quizzes import ATTEMPT, GRADE, QUIZ_EDITION, Release


class EntryState(Enum):
    """How far one activity has come. WAITING: on this laptop only. RECEIVED: at the server, no result yet."""

    NOTHING = auto()
    BEGUN = auto()
    WAITING = auto()
    RECEIVED = auto()
    PASSED = auto()
    NOT_PASSED = auto()
    RETURNED = auto()
    ACCEPTED = auto()


@dataclass(frozen=True, slots=True)
class Entry:
    """What one learner reached in one activity that counts. `points` None: not known yet; `best`: what could be earned.

    `tries`: attempts or versions handed in. `at`: when the result was given, or the last try, None before.
    `release`: when the grade of a quiz comes.
    """

    activity: PublishedActivity
    module: PublishedModule
    state: EntryState
    points: float | None
    best: float
    tries: int
    at: int | None
    release: Release = Release.UNKNOWN


@dataclass(frozen=True, slots=True)
class MyResults:
    """A course of the person: each activity that counts, and planned minutes done of all."""

    enrolled: Enrolled
    entries: tuple[Entry, ...]
    minutes_done: int
    minutes: int


@dataclass(frozen=True, slots=True)
class BookLine:
    """A learner of the group. `entries` in the order of the book's activities; `share` of the planned time done."""

    person: PersonId
    name: str
    entries: tuple[Entry, ...]
    share: float
    left: bool


@dataclass(frozen=True, slots=True)
class Book:
    """The gradebook of one cohort, learners by name."""

    taught: Taught
    activities: tuple[PublishedActivity, ...]
    lines: tuple[BookLine, ...]


class Gradebook:
    """Results, one's own or a group's. Every method reads the store at once: call it in the database worker."""

    def __init__(self, desk: Desk, courses: Courses, cohorts: Cohorts) -> None:
        self._desk = desk
        self._courses = courses
        self._cohorts = cohorts

    def mine(self) -> tuple[MyResults, ...]:
        """The person's results, the running courses first; a course that has not come is left out."""
        found = []
        for enrolled in self._courses.enrolled():
            if enrolled.edition is not None and enrolled.cohort is not None:
                space = self._desk.personal(enrolled.cohort_id)
                done = minutes_done(enrolled.edition, work_of(self._desk, space))
                planned = sum(activity.minutes for activity in enrolled.edition.activities)
                found.append(MyResults(enrolled, self._entries(space, enrolled.edition), round(done), planned))
        return tuple(found)

    def book(self, cohort_id: bytes) -> Book:
        """A group's results as their trainer has them. NotHereYet before the course has come."""
        taught = self._cohorts.find(cohort_id)
        if taught.edition is None:
            raise NotHereYet
        edition, lines = taught.edition, []
        planned = sum(activity.minutes for activity in edition.activities) or 1
        for member in self._cohorts.learners(taught.cohort_id):
            space = spaces.personal(taught.cohort_id, PersonId(member.person))
            share = minutes_done(edition, work_of(self._desk, space)) / planned
            entries = self._entries(space, edition)
            lines.append(BookLine(PersonId(member.person), member.name, entries, share, member.left))
        lines.sort(key=lambda line: (line.left, line.name.casefold()))
        return Book(taught, tuple(one for one in edition.activities if one.graded), tuple(lines))

    def export(self, cohort_id: bytes, target: Path) -> None:
        """Write the group's results as CSV for a spreadsheet. OSError."""
        target.write_text(as_csv(self.book(cohort_id)), encoding="utf-8-sig", newline="")

    def _entries(self, space: bytes, edition: Edition) -> tuple[Entry, ...]:
        standing = handed_of(self._desk, space)
        return tuple(
            self._exercise(space, module, activity, standing)
            if activity.type is ActivityType.EXERCISE
            else self._quiz(space, module, activity)
            for module in edition.modules
            for activity in module.activities
            if activity.graded
        )

    def _quiz(self, space: bytes, module: PublishedModule, activity: PublishedActivity) -> Entry:
        attempts = [seen for seen in self._desk.store.view(ATTEMPT, space) if seen.body.activity == activity.id]
        grades = self._grades(space)
        given = [grade for one in attempts if (grade := newest_grade(grades, one.id)) is not None and grade.counts]
        best = max(given, key=lambda one: (one.passed, one.points / one.best if one.best else 0.0), default=None)
        edition = self._desk.store.one(QUIZ_EDITION, activity.edition)
        most = float(sum(question.points for question in edition.body.questions)) if edition else 0.0
        if best is not None:
            state = EntryState.PASSED if best.passed else EntryState.NOT_PASSED
        elif attempts:
            state = EntryState.WAITING if all(one.waiting for one in attempts) else EntryState.RECEIVED
        else:
            state = EntryState.NOTHING
        return Entry(
            activity=activity,
            module=module,
            state=state,
            points=best.points if best else None,
            best=best.best if best else most,
            tries=len(attempts),
            at=best.graded_at if best else max((one.body.submitted for one in attempts), default=None),
            release=edition.body.release if edition else Release.UNKNOWN,
        )

    def _grades(self, space: bytes) -> list[Seen]:
        """Those that the learner may know, and on a trainer's laptop those before their release."""
        cohort, learner = spaces.ids_of(space)
        staff = spaces.staff(CohortId(cohort), PersonId(learner))
        return [*self._desk.store.view(GRADE, space), *self._desk.store.view(GRADE, staff)]

    def _exercise(
        self, space: bytes, module: PublishedModule, activity: PublishedActivity, standing: Mapping[bytes, Handed]
    ) -> Entry:
        versions = versions_of(self._desk, space, activity.id)
        reviewed = [one for one in versions if one.review is not None]
        review = reviewed[-1].review if reviewed else None
        edition = self._desk.store.one(EXERCISE_EDITION, activity.edition)
        most = float(best_of(edition.body.criteria)) if edition else 0.0
        return Entry(
            activity=activity,
            module=module,
            state=_state(standing.get(activity.id, Handed.NOT_YET), versions),
            points=float(review.points) if review else None,
            best=float(review.best) if review else most,
            tries=len(versions),
            at=review.at if review else max((one.at for one in versions), default=None),
        )


def _state(standing: Handed, versions: tuple[Version, ...]) -> EntryState:
    match standing:
        case Handed.ACCEPTED:
            return EntryState.ACCEPTED
        case Handed.RETURNED:
            return EntryState.RETURNED
        case Handed.SENT:
            return EntryState.RECEIVED if versions[-1].received is not None else EntryState.WAITING
        case Handed.DRAFT:
            return EntryState.BEGUN
    return EntryState.NOTHING


def as_csv(book: Book) -> str:
    """The book for a spreadsheet: points as numbers of the language, every text so that none is taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    head = [_("Name"), _("Planned time done")]
    for activity in book.activities:
        head += [activity.title, _("{title}, best possible").format(title=activity.title)]
    writer.writerow([harmless(cell) for cell in head])
    for line in book.lines:
        cells = [harmless(line.name), percent(line.share)]
        for entry in line.entries:
            cells += ["" if entry.points is None else _figure(entry.points), _figure(entry.best)]
        writer.writerow(cells)
    return out.getvalue()


def harmless(cell: str) -> str:
    """A text that a spreadsheet does not run: an apostrophe before what could begin a formula (attack A20)."""
    return f"'{cell}" if cell.lstrip(" \u00a0")[:1] in _FORMULA and cell.strip() else cell


_FORMULA = tuple("=+-@\t\r\n|%＝＋－＠")


def _figure(value: float) -> str:
    return number(value, 0 if value == int(value) else 1)
