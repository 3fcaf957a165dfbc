"""Publishing: drafts become editions, keys of graded quizzes stay behind."""

import msgspec
import pytest

from sync.domain.blocks import Paragraph, Text
from sync.domain.courses import EDITION, Course, Edition, Lesson, Module
from sync.domain.publishing import Drafts, Lack, Published, publish, unready
from sync.domain.quizzes import QUIZ_EDITION, QUIZ_KEYS, Key, Mode, Question, QuestionType, Quiz

CANARY = "canary-of-the-key"
LESSON, FORMATIVE, GRADED = b"l" * 16, b"f" * 16, b"g" * 16
SECRET = b"server secret"
STEM = (Paragraph(spans=(Text(text="?"),)),)


def quiz(mode: Mode) -> Quiz:
    question = Question(id=b"q" * 16, type=QuestionType.SHORT_TEXT, stem=STEM)
    return Quiz(
        title=mode.name,
        minutes=5,
        mode=mode,
        questions=(question,),
        keys=(Key(question=question.id, accepted=(CANARY,)),),
    )


COURSE = Course(
    title="c",
    language="fr",
    summary="s",
    modules=(Module(id=b"m" * 16, title="m", week=1, activities=(LESSON, FORMATIVE, GRADED)),),
    technical_contact="it",
    pedagogical_contact="trainer",
)
LESSONS = {LESSON: Lesson(title="l", minutes=10, blocks=STEM)}
QUIZZES = {FORMATIVE: quiz(Mode.FORMATIVE), GRADED: quiz(Mode.GRADED)}


def published(number: int = 1, quizzes: dict[bytes, Quiz] = QUIZZES, secret: bytes = SECRET) -> Published:
    return publish(b"c" * 16, Drafts(COURSE, LESSONS, quizzes), number=number, secret=secret)


def edition_of(rows: Published) -> Edition:
    found: Edition = EDITION.decode(next(row.body for row in rows.course if row.kind is EDITION))
    return found


def test_a_whole_course_lacks_nothing() -> None:
    assert unready(Drafts(COURSE, LESSONS, QUIZZES)) == ()


def test_the_key_of_a_graded_quiz_stays_in_the_authoring_space() -> None:
    rows = published()
    graded = edition_of(rows).modules[0].activities[2].edition
    face = next(row for row in rows.course if row.id == graded)
    assert CANARY.encode() not in face.body
    assert [row.kind for row in rows.authoring] == [QUIZ_KEYS]
    assert CANARY.encode() in rows.authoring[0].body


def test_a_formative_quiz_carries_its_key_so_that_feedback_works_offline() -> None:
    rows = published()
    formative = edition_of(rows).modules[0].activities[1].edition
    assert CANARY.encode() in next(row for row in rows.course if row.id == formative).body


def test_publishing_again_writes_only_the_outline_anew() -> None:
    first, second = published(1), published(2)
    assert {row.id for row in second.course} - {row.id for row in first.course} == {
        row.id for row in second.course if row.kind is EDITION
    }


def test_a_corrected_key_is_another_edition() -> None:
    mended = msgspec.structs.replace(QUIZZES[GRADED], keys=(Key(question=b"q" * 16, accepted=("x",)),))
    again = published(2, {**QUIZZES, GRADED: mended})
    ids = [{row.id for row in rows.course if row.kind is QUIZ_EDITION} for rows in (published(), again)]
    assert len(ids[0] & ids[1]) == 1


def test_the_id_of_a_graded_edition_cannot_be_computed_without_the_server_s_secret() -> None:
    one, two = edition_of(published()), edition_of(published(secret=b"another"))
    assert one.modules[0].activities[2].edition != two.modules[0].activities[2].edition


@pytest.mark.parametrize(
    ("course", "quizzes", "lack"),
    [
        (msgspec.structs.replace(COURSE, modules=()), QUIZZES, Lack.NO_MODULES),
        (msgspec.structs.replace(COURSE, technical_contact=" "), QUIZZES, Lack.NO_TECHNICAL_CONTACT),
        (msgspec.structs.replace(COURSE, pedagogical_contact=""), QUIZZES, Lack.NO_PEDAGOGICAL_CONTACT),
        (COURSE, {FORMATIVE: QUIZZES[FORMATIVE]}, Lack.ACTIVITY_MISSING),
        (COURSE, {}, Lack.NO_EVALUATION),
        (COURSE, {**QUIZZES, GRADED: msgspec.structs.replace(QUIZZES[GRADED], keys=())}, Lack.KEY_MISSING),
        (COURSE, {**QUIZZES, GRADED: msgspec.structs.replace(QUIZZES[GRADED], questions=())}, Lack.NO_QUESTIONS),
        (COURSE, {**QUIZZES, GRADED: msgspec.structs.replace(QUIZZES[GRADED], minutes=0)}, Lack.NO_MINUTES),
        (COURSE, {**QUIZZES, GRADED: msgspec.structs.replace(QUIZZES[GRADED], mode=Mode.UNKNOWN)}, Lack.UNKNOWN_MODE),
    ],
)
def test_the_check_list_names_what_is_missing(course: Course, quizzes: dict[bytes, Quiz], lack: Lack) -> None:
    assert lack in [line.lack for line in unready(Drafts(course, LESSONS, quizzes))]
