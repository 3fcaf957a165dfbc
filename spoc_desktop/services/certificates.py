"""Certificates on the laptop: the learner's own and what is still missing, who of a cohort has earned it, the PDF."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from spoc_desktop.i18n import _, percent
from spoc_desktop.services.cohorts import Cohorts
from spoc_desktop.services.courses import Courses, work_of
from spoc_desktop.services.desk import Desk
from spoc_desktop.services.errors import NotHereYet
from sync.domain import spaces
from sync.domain.certificates import CERTIFICATE, Certificate, Missing, Reason, Statement, missing
from sync.domain.courses import Edition
from sync.domain.exercises import RETURNED, Handed, Returned
from sync.domain.files import Attachment
from sync.domain.ids import CohortId, PersonId
from sync.domain.progress import Work
from sync.domain.quizzes import GRADE, Grade


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate that was awarded. `here` False: its PDF "arrives with the next synchronisation"."""

    id: bytes
    cohort_id: CohortId
    learner: PersonId
    statement: Statement
    document: Attachment
    here: bool


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is still missing, in words; `activity_id` is empty for MINUTES."""

    reason: Reason
    activity_id: bytes
    said: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a learner is from the certificate of a course. `offered` False: the course gives none.

    Nothing held and no lacks: all is done here, and the certificate comes with the next synchronisation.
    """

    cohort_id: CohortId
    course: str
    offered: bool
    held: Held | None
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, slots=True)
class Earner:
    """One learner, as their trainer sees them."""

    person: PersonId
    name: str
    held: Held | None
    lacks: tuple[Lack, ...]


class Certificates:
    """Certificates of one person or of their learners. Every method reads the store: call it in the database worker."""

    def __init__(self, desk: Desk, courses: Courses, cohorts: Cohorts) -> None:
        self._desk = desk
        self._courses = courses
        self._cohorts = cohorts

    def held(self) -> tuple[Held, ...]:
        """The person's own, the newest first."""
        found = (self._in(one.cohort_id, self._desk.person) for one in self._courses.enrolled())
        return tuple(sorted(filter(None, found), key=lambda one: -one.statement.awarded_at))

    def progress(self, cohort_id: bytes) -> Progress:
        """The person's own way to the certificate. NotHereYet before the course has come."""
        enrolled = self._courses.find(cohort_id)
        if enrolled.edition is None:
            raise NotHereYet
        held = self._in(enrolled.cohort_id, self._desk.person)
        return Progress(
            cohort_id=enrolled.cohort_id,
            course=enrolled.edition.title,
            offered=held is not None or enrolled.edition.certificate is not None,
            held=held,
            lacks=() if held else self._lacks(enrolled.cohort_id, self._desk.person, enrolled.edition),
        )

    def earners(self, cohort_id: bytes) -> tuple[Earner, ...]:
        """The learners of a cohort by name, those who left it aside. NotHereYet before the course has come."""
        taught = self._cohorts.find(cohort_id)
        if taught.edition is None:
            raise NotHereYet
        found = []
        for member in sorted(self._cohorts.learners(taught.cohort_id), key=lambda one: one.name.casefold()):
            who = PersonId(member.person)
            held = self._in(taught.cohort_id, who)
            if held is not None or not member.left:
                lacks = () if held else self._lacks(taught.cohort_id, who, taught.edition)
                found.append(Earner(who, member.name, held, lacks))
        return tuple(found)

    def pdf(self, held: Held) -> bytes:
        """The PDF. NotHereYet while it has not come."""
        content = self._desk.store.files.read(held.document.sha256)
        if content is None:
            raise NotHereYet
        return content

    def save(self, held: Held, target: Path) -> Path:
        """Write the PDF into a folder or under a name, never over another file; where it went. NotHereYet, OSError."""
        content = self.pdf(held)
        wanted = target / held.document.name if target.is_dir() else target
        for n in range(1, _MOST_COPIES):
            path = wanted if n == 1 else wanted.with_stem(f"{wanted.stem} ({n})")
            try:
                with path.open("xb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
            except FileExistsError:
                continue
            return path
        raise FileExistsError(wanted)

    def _in(self, cohort_id: CohortId, learner: PersonId) -> Held | None:
        for seen in self._desk.store.view(CERTIFICATE, spaces.personal(cohort_id, learner)):
            body: Certificate = seen.body
            here = self._desk.store.files.has(body.document.sha256)
            return Held(seen.id, cohort_id, learner, body.statement, body.document, here)
        return None

    def _lacks(self, cohort_id: CohortId, learner: PersonId, edition: Edition) -> tuple[Lack, ...]:
        if edition.certificate is None:
            return ()
        space = spaces.personal(cohort_id, learner)
        work = work_of(self._desk, space)
        grades: list[Grade] = [seen.body for seen in self._desk.store.view(GRADE, space)]
        returned: list[Returned] = [seen.body for seen in self._desk.store.view(RETURNED, space)]
        found = missing(edition.certificate, edition, work, grades, returned)
        titles = {activity.id: activity.title for activity in edition.activities}
        graded = {grade.activity for grade in grades}
        return tuple(Lack(one.reason, one.activity, _said(one, titles, work, graded)) for one in found)


_MOST_COPIES = 1000


def _said(lack: Missing, titles: Mapping[bytes, str], work: Work, graded: Iterable[bytes]) -> str:
    if lack.reason is Reason.MINUTES:
        words = _("Planned time: {done} done, {wanted} required.")
        return words.format(done=percent(lack.percent / 100), wanted=percent(lack.wanted / 100))
    if lack.reason is Reason.EXERCISE:
        words = _EXERCISES[work.exercises.get(lack.activity, Handed.NOT_YET)]()
    elif lack.activity not in work.attempted:
        words = _("“{title}”: quiz to take.")
    elif lack.activity in graded:
        words = _("“{title}”: the quiz is not passed yet.")
    else:
        words = _("“{title}”: handed in, its grade is not known yet.")
    return words.format(title=titles.get(lack.activity, ""))


_EXERCISES: Mapping[Handed, Callable[[], str]] = {
    Handed.NOT_YET: lambda: _("“{title}”: exercise to hand in."),
    Handed.DRAFT: lambda: _("“{title}”: begun, still to hand in."),
    Handed.SENT: lambda: _("“{title}”: handed in, the trainer’s review is awaited."),
    Handed.RETURNED: lambda: _("“{title}”: returned, a new version is required."),
    Handed.ACCEPTED: lambda: _("“{title}”: accepted, the server’s word is awaited."),
}
