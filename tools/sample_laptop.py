"""A laptop with the sample course on it, for pictures and tests of pages: a real store that was told its rows.

No server is needed: the rows are those that a server would tell after publishing `resources/sample_course`. The clock
stands still on a Tuesday of the second week, so that two pictures of one page are the same.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from hashlib import blake2b
from pathlib import Path

import msgspec

from spoc_desktop.interchange.course_folder import CourseText, Understood, read_folder
from spoc_desktop.services.profiles import Profile
from spoc_desktop.services.workplace import Workplace
from spoc_desktop.storage.store import LocalStore
from sync.client.steps import Apply, Begin, Claim, Reach
from sync.domain import spaces
from sync.domain.cohorts import COHORT, ENROLMENT, MEMBER, WEEK_MS, Cohort, Enrolment, Member, Part
from sync.domain.grading import grade
from sync.domain.ids import NOBODY, CohortId, CourseId, PersonId, derived
from sync.domain.kind import Kind, encode
from sync.domain.publishing import Published, publish
from sync.domain.quizzes import GRADE, Attempt
from sync.protocol.digest import joined, row_hash
from sync.protocol.messages import Checksum, Cursor, Row

COURSE_FOLDER = Path(__file__).resolve().parents[1] / "resources" / "sample_course"
ADDRESS = "https://formation.exemple.fr"
_SECRET = bytes(32)


def _id(word: str) -> bytes:
    return blake2b(word.encode(), digest_size=16).digest()


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> int:
    """An instant in local time, in milliseconds."""
    return round(datetime(year, month, day, hour, minute).astimezone().timestamp() * 1000)


SERVER, COHORT_ID = _id("server"), CohortId(_id("cohort"))
NADIA, CLAIRE = PersonId(_id("Nadia")), PersonId(_id("Claire"))
LEARNERS = {
    NADIA: "Nadia Benali",
    PersonId(_id("Karim")): "Karim Ouali",
    PersonId(_id("Inès")): "Inès Moreau",
    PersonId(_id("Thomas")): "Thomas Girard",
    PersonId(_id("Sophie")): "Sophie Lemoine",
    PersonId(_id("Amélie")): "Amélie Caron",
    PersonId(_id("Mathilde")): "Mathilde Roux",
    PersonId(_id("Léa")): "Léa Fontaine",
}
TRAINERS = {CLAIRE: "Claire Delmas"}
STARTS = local(2026, 11, 16)
"""Monday of the first week."""


@dataclass
class StillClock:
    """Time as it is told; it starts on the Tuesday of the second week, at 8:52."""

    time: int = field(default_factory=lambda: local(2026, 11, 24, 8, 52))

    def now(self) -> int:
        """Device time in milliseconds."""
        return self.time

    def monotonic(self) -> int:
        """A clock that never jumps."""
        return self.time


class SampleLaptop:
    """One person's laptop. Without a folder the store lives in memory, else in a file that can be opened again."""

    def __init__(self, person: PersonId = NADIA, folder: Path | None = None, *, course: Path = COURSE_FOLDER) -> None:
        self.person, self.folder = person, folder
        self.clock = StillClock()
        self.text: CourseText = _course(course)
        self.course_id = CourseId(self.text.course_id)
        self._key = secrets.token_bytes(32)
        self._seqs: dict[bytes, int] = {}
        self._sums: dict[bytes, Checksum] = {}
        self.store = self._make()
        self.workplace = self._work()

    def _make(self) -> LocalStore:
        if self.folder is None:
            return LocalStore.in_memory(server=SERVER, person=self.person, now=self.clock.now)
        place = self.folder / "store.db"
        return LocalStore.create(place, self._key, server=SERVER, person=self.person, now=self.clock.now)

    def _work(self) -> Workplace:
        name = {**LEARNERS, **TRAINERS}[self.person]
        profile = Profile(
            server=SERVER,
            person=self.person,
            device=_id("device"),
            name=name,
            login=name.split(" ")[0].lower(),
            organisation="Ateliers du Rhône",
            address=ADDRESS,
        )
        last_sync = (self.folder or Path("/nonexistent")) / "last_sync.json"
        return Workplace(profile, self.store, last_sync, clock=self.clock)

    def restart(self) -> Workplace:
        """The program ends and is started again on the same file."""
        if self.folder is None:
            raise ValueError("only a store in a file can be opened again")
        self.workplace.close()
        self.store = LocalStore.open(self.folder / "store.db", self._key, now=self.clock.now)
        self.workplace = self._work()
        return self.workplace

    # -- what the server tells

    def told_all(self) -> None:
        """Course, cohort and places, as after a first sync."""
        trainer = self.person in TRAINERS
        self.told_course(keys=trainer)
        self.told_cohort()
        for learner in LEARNERS if trainer else (self.person,):
            self.told_place(learner)

    def published(self, number: int = 1) -> Published:
        """The course as the server publishes it."""
        text = self.text
        return publish(text.course_id, text.drafts, number=number, secret=_SECRET)

    def told_course(self, *, keys: bool = False) -> None:
        """The first edition with its files, and the keys of graded quizzes for who teaches or writes."""
        for digest, path in self.text.files.items():
            self.store.files.put(digest, path.read_bytes())
        done = self.published()
        self.told(spaces.course(self.course_id), [(row.kind, row.id, row.body) for row in done.course])
        if keys:
            self.told(spaces.authoring(self.course_id), [(row.kind, row.id, row.body) for row in done.authoring])

    def told_cohort(self) -> None:
        """The cohort and its people."""
        weeks = max(module.week for module in self.text.course.modules)
        cohort = Cohort(title="Automne 2026", course=self.course_id, starts=STARTS, ends=STARTS + weeks * WEEK_MS)
        members = [(who, name, Part.LEARNER) for who, name in LEARNERS.items()]
        members += [(who, name, Part.TRAINER) for who, name in TRAINERS.items()]
        rows = [(COHORT, bytes(COHORT_ID), encode(cohort))]
        rows += [
            (MEMBER, derived("member", who), encode(Member(person=who, name=name, part=part)))
            for who, name, part in members
        ]
        self.told(spaces.cohort(COHORT_ID), rows)

    def told_place(self, learner: PersonId) -> None:
        """A learner's place in the cohort."""
        body = Enrolment(
            learner=learner, cohort=COHORT_ID, course=self.course_id, since=STARTS, seed=blake2b(learner).digest()[:32]
        )
        self.told(spaces.personal(COHORT_ID, learner), [(ENROLMENT, derived("enrolment", learner), encode(body))])
        if self.person in TRAINERS:
            self.told(spaces.staff(COHORT_ID, learner), [])

    def told_grade(
        self, attempt_id: bytes, attempt: Attempt, learner: PersonId = NADIA, *, released: bool = True
    ) -> None:
        """The server has graded an attempt; the learner sees the grade when it is released, trainers at once."""
        done = self.published()
        decoded = {row.id: row.kind.decode(row.body) for row in (*done.course, *done.authoring)}
        edition = decoded[attempt.edition]
        keys = edition.keys or next(
            body.keys for body in decoded.values() if getattr(body, "edition", None) == attempt.edition
        )
        given = grade(edition, keys, attempt, attempt_id=attempt_id, graded_at=self.clock.now())
        space = (spaces.personal if released else spaces.staff)(COHORT_ID, learner)
        self.told(space, [(GRADE, derived("grade", attempt_id), encode(given))])

    def told(self, space: bytes, rows: Sequence[tuple[Kind, bytes, bytes]], author: PersonId = NOBODY) -> None:
        """New rows of a space, up to its end; bodies in their wire form."""
        first = space not in self._seqs
        seq = self._seqs.get(space, 0)
        made = tuple(
            Row(seq + n, kind.number, id_, author, self.clock.now(), msgspec.Raw(body))
            for n, (kind, id_, body) in enumerate(rows, 1)
        )
        self._seqs[space] = seq + len(made)
        cursor = Cursor(1, self._seqs[space], bytes(8), bytes(8))
        added = [row_hash(row.id, row.seq, row.author, row.at, bytes(row.body)) for row in made]
        self._sums[space] = joined(self._sums.get(space, Checksum(0, 0)), added)
        begin = [Begin(space, 1)] if first else []
        changes = self.store.perform(
            [*begin, Apply(space, made, cursor), Claim(space, cursor), Reach(space, self._sums[space])]
        )
        self.workplace.syncing.tell(changes)


@cache
def _course(folder: Path) -> CourseText:
    """Read once: pictures and tests make many laptops."""
    found = read_folder(folder)
    if isinstance(found, Understood):
        return found.text
    raise ValueError("\n".join(str(problem) for problem in found.problems))
