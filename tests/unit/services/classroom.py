"""A laptop with a real store that a server has already told a small course: what the tests of the services stand on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path

import msgspec

from spoc_desktop.services.desk import Desk
from spoc_desktop.services.profiles import Profile
from spoc_desktop.services.workplace import Workplace
from spoc_desktop.storage.store import LocalStore
from sync.client.steps import Apply, Begin, Claim, Reach
from sync.domain import spaces
from sync.domain.blocks import Block, Heading, Paragraph, Text
from sync.domain.cohorts import COHORT, ENROLMENT, MEMBER, WEEK_MS, Cohort, Enrolment, Member, Part
from sync.domain.courses import Course, Lesson, Module
from sync.domain.ids import NOBODY, CohortId, CourseId, PersonId
from sync.domain.kind import Kind, encode
from sync.domain.publishing import Drafts, publish
from sync.domain.quizzes import Key, Mode, Option, OptionFeedback, Question, QuestionType, Quiz, Release
from sync.protocol.digest import joined, row_hash
from sync.protocol.messages import Checksum, Cursor, Row

SERVER = bytes(15) + b"\x01"
SECRET = bytes(32)
MONDAY = 1_793_574_000_000
"""2 November 2026, midnight in Paris."""
SEED = bytes(range(32))


def name(word: str) -> bytes:
    """16 bytes that a word always gives."""
    return blake2b(word.encode(), digest_size=16).digest()


COURSE_ID = CourseId(name("course"))
COHORT_ID = CohortId(name("cohort"))
NADIA, KARIM, HELENE = (PersonId(name(one)) for one in ("nadia", "karim", "hélène"))
LESSON_1, LESSON_2, PRACTICE, EXAM = (name(one) for one in ("lesson 1", "lesson 2", "practice", "exam"))


@dataclass
class FixedClock:
    """A clock that moves when told."""

    time: int = MONDAY + 2 * 86_400_000
    steady: int = 0

    def now(self) -> int:
        return self.time

    def monotonic(self) -> int:
        return self.steady


class FixedChance:
    """Chance that repeats itself from run to run."""

    def __init__(self) -> None:
        self.count = 0

    def bytes(self, count: int) -> bytes:
        self.count += 1
        return blake2b(self.count.to_bytes(8, "big"), digest_size=count).digest()


def words(text: str) -> tuple[Paragraph, ...]:
    return (Paragraph(spans=(Text(text=text),)),)


def single(word: str, right: int, options: int = 4) -> tuple[Question, Key]:
    question = Question(
        id=name(word),
        type=QuestionType.SINGLE,
        stem=words(word),
        options=tuple(Option(number=n, text=(Text(text=f"{word} {n}"),)) for n in range(1, options + 1)),
    )
    said = OptionFeedback(option=right % options + 1, blocks=words("not this one"))
    return question, Key(question=question.id, right=(right,), feedback=(said,), explanation=words("because"))


def numeric(word: str, value: float, unit: str) -> tuple[Question, Key]:
    question = Question(id=name(word), type=QuestionType.NUMERIC, stem=words(word), unit=unit, points=2)
    return question, Key(question=question.id, value=value, tolerance=0.1, explanation=words("measure"))


def quiz(title: str, mode: Mode, *items: tuple[Question, Key], attempts: int = 0) -> Quiz:
    return Quiz(
        title=title,
        minutes=10,
        mode=mode,
        questions=tuple(question for question, _ in items),
        keys=tuple(key for _, key in items),
        attempts=attempts,
        release=Release.AT_ONCE,
    )


def lesson(title: str, parts: int) -> Lesson:
    blocks: list[Block] = []
    for n in range(parts):
        blocks += [Heading(level=2, spans=(Text(text=f"{n}"),)), *words(f"part {n}")]
    return Lesson(title=title, minutes=20, blocks=tuple(blocks))


def drafts() -> tuple[Course, dict[bytes, Lesson], dict[bytes, Quiz]]:
    """Two weeks: a lesson and a formative quiz, then a lesson and a graded one with two attempts."""
    course = Course(
        title="Sécurité",
        language="fr",
        summary="",
        modules=(
            Module(id=name("module 1"), title="Comprendre", week=1, activities=(LESSON_1, PRACTICE)),
            Module(id=name("module 2"), title="Agir", week=2, activities=(LESSON_2, EXAM)),
        ),
        technical_contact="a",
        pedagogical_contact="b",
    )
    quizzes = {
        PRACTICE: quiz("S'exercer", Mode.FORMATIVE, single("one", 2), numeric("two", 1.5, "m")),
        EXAM: quiz("Évaluation", Mode.GRADED, single("three", 1), single("four", 4), attempts=2),
    }
    return course, {LESSON_1: lesson("Lire", 3), LESSON_2: lesson("Encore", 2)}, quizzes


@dataclass
class Laptop:
    """One person's store, and a server that tells it rows."""

    person: PersonId
    clock: FixedClock = field(default_factory=FixedClock)

    def __post_init__(self) -> None:
        self.store = LocalStore.in_memory(server=SERVER, person=self.person, now=self.clock.now)
        self.desk = Desk(self.store, self.person, self.clock, FixedChance())
        self._seqs: dict[bytes, int] = {}
        self._sums: dict[bytes, Checksum] = {}

    def told(self, space: bytes, *rows: tuple[Kind, bytes, msgspec.Struct], author: PersonId = NOBODY) -> None:
        """Let the server tell new rows of a space, up to its end."""
        self.told_raw(space, [(kind, id_, encode(body)) for kind, id_, body in rows], author)

    def told_raw(self, space: bytes, rows: Sequence[tuple[Kind, bytes, bytes]], author: PersonId = NOBODY) -> None:
        """The same for bodies in their wire form."""
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
        self.store.perform([*begin, Apply(space, made, cursor), Claim(space, cursor), Reach(space, self._sums[space])])

    def told_course(self, number: int = 1, changed: dict[bytes, Quiz] | None = None, *, keys: bool = False) -> None:
        """Let the server tell an edition of the course, and its keys to a trainer."""
        course, lessons, quizzes = drafts()
        done = publish(COURSE_ID, Drafts(course, lessons, quizzes | (changed or {})), number=number, secret=SECRET)
        known = {
            (seen.kind, seen.id)
            for kind in {row.kind.number: row.kind for row in done.course}.values()
            for seen in self.store.view(kind)
        }
        fresh = [(row.kind, row.id, row.body) for row in done.course if (row.kind.number, row.id) not in known]
        self.told_raw(spaces.course(COURSE_ID), fresh)
        if keys:
            self.told_raw(spaces.authoring(COURSE_ID), [(row.kind, row.id, row.body) for row in done.authoring])

    def told_cohort(self) -> None:
        """Let the server tell the cohort and its people."""
        people = ((NADIA, "Nadia Benali", Part.LEARNER), (KARIM, "Karim Ouali", Part.LEARNER))
        everybody = (*people, (HELENE, "Hélène Vasseur", Part.TRAINER))
        cohort = Cohort(title="Automne", course=COURSE_ID, starts=MONDAY, ends=MONDAY + 2 * WEEK_MS)
        self.told(
            spaces.cohort(COHORT_ID),
            (COHORT, COHORT_ID, cohort),
            *((MEMBER, name(f"member {who}"), Member(person=id_, name=who, part=part)) for id_, who, part in everybody),
        )

    def told_enrolment(self, learner: PersonId) -> None:
        """Let the server tell a learner's place."""
        body = Enrolment(learner=learner, cohort=COHORT_ID, course=COURSE_ID, since=MONDAY, seed=SEED)
        self.told(spaces.personal(COHORT_ID, learner), (ENROLMENT, name(f"enrolment {learner.hex()}"), body))


def learner_laptop(person: PersonId = NADIA) -> Laptop:
    """A learner's laptop on the Wednesday of the first week."""
    laptop = Laptop(person)
    laptop.told_course()
    laptop.told_cohort()
    laptop.told_enrolment(person)
    return laptop


def trainer_laptop() -> Laptop:
    """The trainer's laptop at the same moment."""
    laptop = Laptop(HELENE)
    laptop.told_course(keys=True)
    laptop.told_cohort()
    for learner in (NADIA, KARIM):
        laptop.told_enrolment(learner)
        laptop.told(spaces.staff(COHORT_ID, learner))
    return laptop


def workplace(laptop: Laptop, folder: Path, name_: str = "Nadia Benali") -> Workplace:
    """All services of the person over the laptop's store; its sync is never started, no server is there."""
    profile = Profile(
        server=SERVER,
        person=laptop.person,
        device=name("device"),
        name=name_,
        login="someone@example.org",
        organisation="Ateliers",
        address="http://127.0.0.1:9",
    )
    return Workplace(profile, laptop.store, folder / "last_sync.json", clock=laptop.clock)
