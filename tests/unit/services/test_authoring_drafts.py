"""A course changed in the window: its outline, its questions, what changed since the edition, what is left to do."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from spoc_desktop.services.authoring import Authoring
from spoc_desktop.services.authoring_check import Check
from spoc_desktop.services.authoring_drafts import CourseDrafts
from spoc_desktop.services.authoring_errors import FileRefused
from spoc_desktop.services.authoring_outline import (
    insert_activity,
    insert_module,
    move_activity,
    move_module,
    place_of,
    take_activity,
    take_module,
)
from spoc_desktop.services.authoring_questions import (
    move_question,
    new_question,
    sheet_of,
    with_sheet,
    without_question,
)
from spoc_desktop.services.authoring_text import spans_of
from sync.domain import spaces
from sync.domain.courses import COURSE, LESSON, Module
from sync.domain.publishing import Drafts, Lack, unready
from sync.domain.quizzes import QUIZ, QuestionType
from tests.unit.services.classroom import COURSE_ID, EXAM, HELENE, PRACTICE, Laptop, drafts, words
from tests.unit.services.test_authoring import Asked


@pytest.fixture
def laptop() -> Iterator[Laptop]:
    laptop = Laptop(HELENE)
    laptop.told_course(keys=True)
    course, lessons, quizzes = drafts()
    laptop.told(
        spaces.authoring(COURSE_ID),
        *((LESSON, id_, one) for id_, one in lessons.items()),
        *((QUIZ, id_, one) for id_, one in quizzes.items()),
        (COURSE, COURSE_ID, course),
        author=HELENE,
    )
    yield laptop
    laptop.store.close()


@pytest.fixture
def written(laptop: Laptop) -> CourseDrafts:
    return CourseDrafts(laptop.desk, Authoring(laptop.desk, laptop.store, Asked()))


def test_a_course_that_was_published_as_it_stands_has_no_change(written: CourseDrafts) -> None:
    assert written.course(COURSE_ID).differences.count == 0


def test_a_changed_key_of_a_graded_quiz_is_a_change(written: CourseDrafts) -> None:
    quiz = drafts()[2][EXAM]
    turned = msgspec.structs.replace(quiz.keys[0], right=(2,))
    written.change_activity(COURSE_ID, EXAM, keys=(turned, *quiz.keys[1:]))
    assert written.course(COURSE_ID).differences.changed == (quiz.title,)


def test_what_is_new_or_taken_out_since_the_edition_is_named(written: CourseDrafts) -> None:
    module = drafts()[0].modules[0]
    written.add_activity(COURSE_ID, module.id, "lesson", "Neuve")
    written.change_modules(COURSE_ID, lambda modules: take_activity(modules, PRACTICE))
    found = written.course(COURSE_ID).differences
    assert (found.new, found.gone, found.course) == (("Neuve",), ("S'exercer",), True)


def test_a_question_without_a_right_answer_keeps_a_course_from_being_published() -> None:
    course, lessons, quizzes = drafts()
    bare = msgspec.structs.replace(quizzes[PRACTICE].keys[0], right=())
    quiz = msgspec.structs.replace(quizzes[PRACTICE], keys=(bare, *quizzes[PRACTICE].keys[1:]))
    (found,) = unready(Drafts(course, lessons, quizzes | {PRACTICE: quiz}))
    assert (found.lack, found.activity) == (Lack.KEY_MISSING, PRACTICE)


def test_the_check_list_names_the_question_to_go_to(written: CourseDrafts) -> None:
    quiz = drafts()[2][PRACTICE]
    written.change_activity(COURSE_ID, PRACTICE, keys=quiz.keys[:1])
    line = next(one for one in written.course(COURSE_ID).checks if one.check is Check.QUESTIONS)
    assert (line.activity, line.question, line.lacking, line.is_advice) == (PRACTICE, 1, ("S'exercer",), False)


def test_a_half_written_question_is_left_to_do_and_a_missing_remark_is_only_advice(written: CourseDrafts) -> None:
    fresh = new_question(b"q" * 16).mark_right(1, is_right=True)
    written.change_quiz(COURSE_ID, PRACTICE, lambda quiz: with_sheet(quiz, fresh))
    lines = {one.check: one for one in written.course(COURSE_ID).checks}
    assert lines[Check.QUESTIONS].question == 2
    assert not lines[Check.REMARKS].is_done
    assert lines[Check.REMARKS].is_advice


def test_a_file_of_another_kind_than_its_name_is_refused(written: CourseDrafts, tmp_path: Path) -> None:
    false = tmp_path / "photo.png"
    false.write_bytes(b"MZ" + bytes(100))
    with pytest.raises(FileRefused) as refused:
        written.keep_file(false, frozenset({"image/png"}))
    assert refused.value.problems


# The outline.


def modules() -> list[Module]:
    named = ((b"m1", (b"a", b"b")), (b"m2", (b"c",)), (b"m3", ()))
    return [Module(id=id_, title=id_.decode(), week=week, activities=held) for week, (id_, held) in enumerate(named, 1)]


def shape(found: list[Module]) -> list[tuple[bytes, int, tuple[bytes, ...]]]:
    return [(one.id, one.week, one.activities) for one in found]


def test_modules_that_change_places_change_weeks() -> None:
    moved = move_module(modules(), b"m2", -1)
    assert shape(moved) == [(b"m2", 1, (b"c",)), (b"m1", 2, (b"a", b"b")), (b"m3", 3, ())]
    assert shape(move_module(modules(), b"m3", 1)) == shape(modules())


@pytest.mark.parametrize(
    ("activity", "step", "held"),
    [
        (b"b", -1, [(b"b", b"a"), (b"c",), ()]),
        (b"b", 1, [(b"a",), (b"b", b"c"), ()]),
        (b"c", -1, [(b"a", b"b", b"c"), (), ()]),
        (b"c", 1, [(b"a", b"b"), (), (b"c",)]),
        (b"a", -1, [(b"a", b"b"), (b"c",), ()]),
        (b"nobody", 1, [(b"a", b"b"), (b"c",), ()]),
    ],
)
def test_an_activity_moves_within_its_module_and_over_its_edge(
    activity: bytes, step: int, held: list[tuple[bytes, ...]]
) -> None:
    assert [one.activities for one in move_activity(modules(), activity, step)] == held


def test_what_was_taken_out_comes_back_where_it_was_and_only_once() -> None:
    at = place_of(modules(), b"b")
    back = insert_activity(take_activity(modules(), b"b"), b"b", *at)
    assert shape(back) == shape(modules())
    assert shape(insert_activity(back, b"b", 0, 0)) == shape(modules())
    module = modules()[1]
    again = insert_module(take_module(modules(), module.id), module, 1)
    assert shape(again) == shape(modules())
    assert shape(insert_module(again, module, 0)) == shape(modules())


# Questions.


def test_a_single_choice_has_one_right_answer_and_a_multiple_one_several() -> None:
    sheet = new_question(b"q" * 16).mark_right(1, is_right=True).mark_right(2, is_right=True)
    assert sheet.key.right == (2,)
    several = sheet.with_type(QuestionType.MULTIPLE).mark_right(3, is_right=True)
    assert several.key.right == (2, 3)
    assert several.with_type(QuestionType.SINGLE).key.right == (2,)


def test_an_answer_that_goes_takes_its_remark_and_its_mark_along_and_its_number_is_not_given_again() -> None:
    sheet = (
        new_question(b"q" * 16)
        .say_option(3, spans_of("Oui"))
        .say_remark(3, words("Bien."))
        .mark_right(3, is_right=True)
    )
    less = sheet.without_option(2)
    assert (less.key.right, less.remark(3)) == ((3,), words("Bien."))
    assert [option.number for option in less.add_option().question.options] == [1, 3, 4]
    gone = less.without_option(3)
    assert (gone.key.right, gone.key.feedback) == ((), ())


def test_a_question_that_was_taken_out_of_a_quiz_comes_back_with_its_key_at_its_place() -> None:
    quiz = drafts()[2][EXAM]
    first = quiz.questions[0].id
    sheet = sheet_of(quiz, first)
    assert sheet is not None
    less = msgspec.structs.replace(quiz, **without_question(quiz, first))
    assert (len(less.questions), len(less.keys)) == (1, 1)
    assert msgspec.structs.replace(less, **with_sheet(less, sheet, 0)) == quiz
    moved = msgspec.structs.replace(quiz, **move_question(quiz, first, 1))
    assert moved.questions == quiz.questions[::-1]
    assert msgspec.structs.replace(moved, **move_question(moved, first, 1)) == moved
