"""A course that gives a certificate: a lesson of two parts, a graded quiz, an exercise; and how a learner earns it."""

from __future__ import annotations

import msgspec

from sync.domain.blocks import Heading, Text
from sync.domain.certificates import CERTIFICATE, Certificate
from sync.domain.courses import COURSE as COURSE_KIND
from sync.domain.courses import EDITION, LESSON, READING, CertificateRule, Course, Lesson, Reading
from sync.domain.exercises import (
    EXERCISE,
    HAND_IN,
    REVIEW,
    Criterion,
    Exercise,
    HandIn,
    Level,
    Review,
    Verdict,
    review_id,
)
from sync.domain.ids import derived
from sync.domain.kind import Kind
from sync.domain.quizzes import ATTEMPT, Answer, Attempt
from sync.domain.spaces import SpaceType
from sync.protocol.messages import BatchAnswer
from tests.integration.server.course import AT_ONCE, CANARY, LESSON_ID, Author, drafts, words
from tests.integration.server.world import COURSE, Laptop, World, verdicts

EXERCISE_ID = derived("activity", "exercise")
MINUTE = 60_000


def publish(world: World, rule: CertificateRule | None = CertificateRule()) -> Author:  # noqa: B008  # frozen
    """Write and publish the course."""
    author = Author(world)
    made = [author.laptop.create(kind, body, id_) for id_, (kind, body) in records(rule).items()]
    assert {each[1] for each in verdicts(author.laptop.push(author.space, *made))} == {"ACCEPTED"}
    author.publish()
    return author


def records(rule: CertificateRule | None) -> dict[bytes, tuple[Kind, msgspec.Struct]]:
    """The drafts of the course by their ids."""
    found = {id_: (kind, body) for kind, id_, body in drafts()}
    course = found[COURSE][1]
    assert isinstance(course, Course)
    module = msgspec.structs.replace(course.modules[0], activities=(LESSON_ID, AT_ONCE, EXERCISE_ID))
    objectives = ("Savoir consigner.", "Savoir rendre compte.")
    course = msgspec.structs.replace(course, modules=(module,), objectives=objectives, certificate=rule)
    heading = Heading(level=2, spans=(Text(text="Suite"),))
    lesson = Lesson(title="Une leçon", minutes=10, blocks=(*words("Début."), heading, *words("Fin.")))
    criterion = Criterion(number=1, title="Clarté", levels=(Level(title="non", points=0), Level(title="oui", points=1)))
    exercise = Exercise(title="Un exercice", minutes=25, brief=words("Faites."), criteria=(criterion,))
    return found | {COURSE: (COURSE_KIND, course), LESSON_ID: (LESSON, lesson), EXERCISE_ID: (EXERCISE, exercise)}


class Learner:
    """Somebody who works in the course, step by step."""

    def __init__(self, world: World, login: str = "ines") -> None:
        self.world = world
        self.laptop: Laptop = world.laptop(login)
        self.space = world.space(SpaceType.PERSONAL, login)
        self.staff = world.space(SpaceType.STAFF, login)
        self.laptop.pull()
        rows = self.laptop.rows[world.space(SpaceType.COURSE)].values()
        editions = [EDITION.decode(bytes(row.body)) for row in rows if row.kind == EDITION.number]
        self.editions = {one.id: one.edition for one in max(editions, key=lambda each: each.number).activities}

    def read(self, *parts: int, of: int = 2) -> BatchAnswer:
        """Read parts of the lesson, five minutes each."""
        made = [
            Reading(activity=LESSON_ID, edition=self.editions[LESSON_ID], part=part, parts=of, seconds=300, at=1)
            for part in parts
        ]
        return self.laptop.push(self.space, *(self.laptop.create(READING, body) for body in made))

    def take_quiz(self, number: int = 1, *, right: bool = True) -> BatchAnswer:
        """Hand in an attempt of four minutes."""
        answers = (
            Answer(question=derived(AT_ONCE, "one"), chosen=(1 if right else 2,)),
            Answer(question=derived(AT_ONCE, "two"), text=CANARY if right else "autre chose"),
        )
        now = self.world.now
        body = Attempt(
            activity=AT_ONCE,
            edition=self.editions[AT_ONCE],
            number=number,
            started=now - 4 * MINUTE,
            submitted=now,
            answers=answers,
        )
        return self.laptop.push(self.space, self.laptop.create(ATTEMPT, body))

    def hand_in(self, version: int = 1) -> bytes:
        """Hand in a version of the exercise; its id."""
        body = HandIn(
            activity=EXERCISE_ID, edition=self.editions[EXERCISE_ID], version=version, text="Voilà.", at=self.world.now
        )
        made = self.laptop.create(HAND_IN, body)
        assert verdicts(self.laptop.push(self.space, made))[0][1] == "ACCEPTED"
        return made.id

    def reviewed(self, hand_in: bytes, verdict: Verdict) -> None:
        """Sophie decides."""
        sophie = self.world.laptop("sophie")
        body = Review(
            hand_in=hand_in,
            activity=EXERCISE_ID,
            version=1,
            verdict=verdict,
            decided_at=self.world.now,
            opinion="Bien.",
        )
        made = sophie.create(REVIEW, body, review_id(hand_in, sophie.caller.person))
        assert verdicts(sophie.push(self.staff, made))[0][1] == "ACCEPTED"

    def finish(self) -> None:
        """All that the certificate asks for."""
        self.read(0, 1)
        self.take_quiz()
        self.reviewed(self.hand_in(), Verdict.ACCEPTED)

    def certificates(self) -> list[Certificate]:
        """Those that the learner's laptop was told."""
        self.laptop.pull()
        rows = self.laptop.rows[self.space].values()
        return [CERTIFICATE.decode(bytes(row.body)) for row in rows if row.kind == CERTIFICATE.number]
