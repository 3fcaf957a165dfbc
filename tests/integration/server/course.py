"""A small course to publish: a lesson, a formative quiz, and graded quizzes with each way of release."""

from __future__ import annotations

import msgspec

from sync.domain.blocks import Paragraph, Text
from sync.domain.courses import COURSE as COURSE_KIND
from sync.domain.courses import EDITION, LESSON, ActivityType, Course, Edition, Lesson, Module
from sync.domain.ids import derived
from sync.domain.kind import Kind, encode
from sync.domain.quizzes import (
    ATTEMPT,
    GRADE,
    QUIZ,
    Answer,
    Attempt,
    Grade,
    Key,
    Mode,
    Option,
    Question,
    QuestionType,
    Quiz,
    Release,
)
from sync.domain.spaces import SpaceType
from sync.protocol.messages import Create, Edit
from sync.server.sync.publish import Outcome, publish_course
from tests.integration.server.world import COURSE, NOW, Laptop, World, raw, verdicts

LESSON_ID, FORMATIVE, AT_ONCE, BY_TRAINER = (
    derived("activity", name) for name in ("lesson", "play", "once", "trainer")
)
CANARY = "canari-" + "la-bonne-reponse"
"""What only the key of a graded quiz says."""


def words(text: str) -> tuple[Paragraph, ...]:
    return (Paragraph(spans=(Text(text=text),)),)


def quiz(activity: bytes, mode: Mode, release: Release = Release.AT_ONCE, attempts: int = 0, right: int = 1) -> Quiz:
    """Two questions, one point each; option `right` and the word of the canary are right."""
    one, two = derived(activity, "one"), derived(activity, "two")
    options = tuple(Option(number=number, text=(Text(text=f"choix {number}"),)) for number in (1, 2, 3))
    questions = (
        Question(id=one, type=QuestionType.SINGLE, stem=words("Lequel ?"), options=options),
        Question(id=two, type=QuestionType.SHORT_TEXT, stem=words("Quel mot ?")),
    )
    keys = (Key(question=one, right=(right,)), Key(question=two, accepted=(CANARY,), explanation=words(CANARY)))
    return Quiz(
        title="Un quiz", minutes=5, mode=mode, questions=questions, keys=keys, attempts=attempts, release=release
    )


def attempt_body(activity: bytes, edition: bytes, number: int = 1, right: int = 1, at: int = NOW) -> Attempt:
    """One right answer out of two, where option `right` is right."""
    answers = (Answer(question=derived(activity, "one"), chosen=(right,)),)
    return Attempt(activity=activity, edition=edition, number=number, started=at, submitted=at, answers=answers)


def attempt(world: World, activity: bytes, edition: bytes, number: int = 1, right: int = 1) -> Attempt:
    """An attempt of now."""
    return attempt_body(activity, edition, number, right, world.now)


class Author:
    """Paul's laptop, with the drafts of the course."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.laptop = world.laptop("paul")
        self.space = world.space(SpaceType.AUTHORING)

    def write(self, quizzes: dict[bytes, Quiz] | None = None) -> None:
        """Push the drafts."""
        mutations = [
            self.laptop.create(kind, body, id_)
            for kind, id_, body in drafts(standard_quizzes() if quizzes is None else quizzes)
        ]
        answer = self.laptop.push(self.space, *mutations)
        assert {each[1] for each in verdicts(answer)} == {"ACCEPTED"}

    def change_quiz(self, activity: bytes, draft: Quiz) -> None:
        """Replace every field of a quiz."""
        body = [raw(encode_field) for encode_field in _fields(draft)]
        edit = Edit(self.laptop.next_n(), activity, 1, self.laptop.world.now, dict(enumerate(body)))
        assert verdicts(self.laptop.push(self.space, edit))[0][1] == "ACCEPTED"

    def publish(self) -> Outcome:
        """Ask the server to publish."""
        return publish_course(self.world.core, self.laptop.caller.person_no, COURSE)


def drafts(quizzes: dict[bytes, Quiz] | None = None) -> list[tuple[Kind, bytes, msgspec.Struct]]:
    """The records of the course: its plan, a lesson, and its quizzes."""
    wanted = {AT_ONCE: standard_quizzes()[AT_ONCE]} if quizzes is None else quizzes
    module = Module(id=derived("module"), title="Semaine 1", week=1, activities=(LESSON_ID, *wanted))
    course = Course(
        title="Un cours",
        language="fr",
        summary="",
        modules=(module,),
        technical_contact="t@example.org",
        pedagogical_contact="p@example.org",
    )
    lesson = Lesson(title="Une leçon", minutes=10, blocks=words("Le texte."))
    plan: list[tuple[Kind, bytes, msgspec.Struct]] = [(COURSE_KIND, COURSE, course), (LESSON, LESSON_ID, lesson)]
    return plan + [(QUIZ, activity, draft) for activity, draft in wanted.items()]


def standard_quizzes() -> dict[bytes, Quiz]:
    return {
        FORMATIVE: quiz(FORMATIVE, Mode.FORMATIVE),
        AT_ONCE: quiz(AT_ONCE, Mode.GRADED, Release.AT_ONCE, attempts=2),
        BY_TRAINER: quiz(BY_TRAINER, Mode.GRADED, Release.BY_TRAINER, attempts=1),
    }


def editions(laptop: Laptop, world: World) -> dict[bytes, bytes]:
    """The edition of each quiz in the newest edition of the course, as a laptop was told."""
    rows = laptop.rows[world.space(SpaceType.COURSE)].values()
    found: list[Edition] = [EDITION.decode(bytes(row.body)) for row in rows if row.kind == EDITION.number]
    newest = max(found, key=lambda edition: edition.number)
    return {each.id: each.edition for each in newest.activities if each.type is ActivityType.QUIZ}


def hand_in(laptop: Laptop, world: World, attempts: list[Attempt]) -> list[Create]:
    """Push attempts into a learner's personal space; the mutations."""
    made = [laptop.create(ATTEMPT, each) for each in attempts]
    answer = laptop.push(laptop.world.space(SpaceType.PERSONAL, _login(laptop)), *made)
    assert {each[1] for each in verdicts(answer)} <= {"ACCEPTED", "DUP"}
    return made


def grades(laptop: Laptop, space: bytes) -> list[Grade]:
    """The grades that a laptop was told in a space, in their order."""
    rows = sorted(laptop.rows[space].values(), key=lambda row: row.seq)
    return [GRADE.decode(bytes(row.body)) for row in rows if row.kind == GRADE.number]


def _login(laptop: Laptop) -> str:
    return next(login for login in ("ines", "karim", "sophie") if laptop.world.id_of(login) == laptop.caller.person)


def _fields(draft: Quiz) -> list[bytes]:
    return [bytes(each) for each in msgspec.msgpack.decode(encode(draft), type=list[msgspec.Raw])]
