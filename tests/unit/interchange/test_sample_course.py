"""The sample SPOC that `make run` shows: counted from the folder itself, as a trainer would check it."""

from __future__ import annotations

from pathlib import Path

from spoc_desktop.interchange.course_folder import CourseText, Understood, read_folder
from spoc_desktop.interchange.course_folder_writing import write_folder
from sync.content.reading import parts, plain_text, word_count
from sync.domain.blocks import Block, Callout, ItemList, Link, Paragraph, Quote
from sync.domain.courses import Lesson
from sync.domain.grading import is_right
from sync.domain.publishing import unready
from sync.domain.quizzes import Answer, Key, Mode, Question, QuestionType
from tests.unit.interchange.course_files import understood

SAMPLE = Path(__file__).resolve().parents[3] / "resources" / "sample_course"
FIVE_TYPES = {kind for kind in QuestionType if kind is not QuestionType.UNKNOWN}


def sample() -> CourseText:
    return understood(read_folder(SAMPLE))


def questions(text: CourseText) -> list[tuple[Question, Key]]:
    return [pair for quiz in text.quizzes.values() for pair in zip(quiz.questions, quiz.keys, strict=True)]


def read_lessons(text: CourseText) -> list[Lesson]:
    return [lesson for lesson in text.lessons.values() if lesson.video is None]


def links(blocks: tuple[Block, ...]) -> list[str]:
    found: list[str] = []
    for block in blocks:
        match block:
            case Paragraph(spans=spans):
                found += [span.href for span in spans if isinstance(span, Link)]
            case ItemList(items=items):
                found += [href for item in items for href in links(item)]
            case Callout(blocks=inner) | Quote(blocks=inner):
                found += links(inner)
    return found


def test_the_sample_reads_without_a_problem_or_a_warning_and_is_ready_to_publish() -> None:
    result = read_folder(SAMPLE)
    assert isinstance(result, Understood), result
    assert result.warnings == ()
    assert unready(result.text.drafts) == ()


def test_it_has_four_lessons_three_quizzes_and_twenty_two_questions_at_least() -> None:
    text = sample()
    assert len(text.course.modules) >= 2
    assert len(text.lessons) >= 4
    assert len(text.quizzes) >= 3
    assert len(questions(text)) >= 22
    assert [module.week for module in text.course.modules] == list(range(1, len(text.course.modules) + 1))


def test_each_module_trains_with_all_five_types_and_one_quiz_is_graded() -> None:
    text = sample()
    for module in text.course.modules:
        quizzes = [text.quizzes[activity] for activity in module.activities if activity in text.quizzes]
        formative = [quiz for quiz in quizzes if quiz.mode is Mode.FORMATIVE]
        assert len(formative) == 1
        assert {question.type for question in formative[0].questions} == FIVE_TYPES
    assert [quiz.mode for quiz in text.quizzes.values()].count(Mode.GRADED) == 1


def test_each_lesson_is_worth_its_minutes_and_gives_its_sources() -> None:
    for lesson in read_lessons(sample()):
        words = word_count(lesson.blocks)
        assert 600 <= words <= 1_000, lesson.title
        # 150 words a minute, slowly read, and some minutes for what it asks to do.
        assert words / 150 <= lesson.minutes <= words / 150 + 8, lesson.title
        assert len(parts(lesson.blocks)) >= 4, lesson.title
        assert lesson.objectives, lesson.title
        assert len([href for href in links(lesson.blocks) if href.startswith("https://")]) >= 2, lesson.title


def test_each_question_explains_itself_and_none_is_asked_twice() -> None:
    text = sample()
    for question, key in questions(text):
        assert word_count(key.explanation) >= 10, plain_text(question.stem)
        if question.type in (QuestionType.SINGLE, QuestionType.MULTIPLE):
            assert {each.option for each in key.feedback} == {option.number for option in question.options}
    stems = [plain_text(question.stem) for question, _ in questions(text)]
    assert len(set(stems)) == len(stems)


def test_the_expected_answer_of_each_question_is_graded_right() -> None:
    for question, key in questions(sample()):
        text = key.accepted[0] if key.accepted else f"{key.value} {question.unit}"
        assert is_right(question, key, Answer(question=question.id, chosen=key.right, text=text)), question.stem


def test_french_typography_is_kept_in_all_that_a_learner_reads() -> None:
    text = sample()
    shown = [plain_text(lesson.blocks) for lesson in text.lessons.values()]
    shown += [plain_text(question.stem) + plain_text(key.explanation) for question, key in questions(text)]
    for page in shown:
        for wrong in (" ?", " ;", " :", "« ", " »"):
            assert wrong not in page, page[max(0, page.find(wrong) - 30) : page.find(wrong) + 10]
        assert "l'" not in page
        assert "d'" not in page


def test_it_comes_back_from_an_export_unchanged(tmp_path: Path) -> None:
    write_folder(sample(), tmp_path)
    assert understood(read_folder(tmp_path)) == sample()
