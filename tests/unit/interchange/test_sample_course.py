"""The sample SPOC that `make run` shows: counted from the folder itself, as a trainer would check it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import webvtt

from spoc_desktop.interchange.course_folder import CourseText, Understood, read_folder
from spoc_desktop.interchange.course_folder_writing import write_folder
from sync.content.reading import parts, plain_text, word_count
from sync.domain.blocks import Block, Callout, Download, Figure, ItemList, Link, Paragraph, Quote
from sync.domain.courses import CertificateRule, Lesson, Module
from sync.domain.exercises import Exercise
from sync.domain.files import Attachment
from sync.domain.grading import is_right
from sync.domain.publishing import unready
from sync.domain.quizzes import Answer, Key, Mode, Question, QuestionType, Quiz
from sync.domain.videos import Video
from tests.unit.interchange.course_files import understood

SAMPLE = Path(__file__).resolve().parents[3] / "resources" / "sample_course"
FIVE_TYPES = {kind for kind in QuestionType if kind is not QuestionType.UNKNOWN}


@cache
def sample() -> CourseText:
    return understood(read_folder(SAMPLE))


def questions(text: CourseText) -> list[tuple[Question, Key]]:
    return [pair for quiz in text.quizzes.values() for pair in zip(quiz.questions, quiz.keys, strict=True)]


def read_lessons(text: CourseText) -> list[Lesson]:
    return [lesson for lesson in text.lessons.values() if lesson.video is None]


def drafts(text: CourseText, module: Module) -> list[Lesson | Quiz | Exercise]:
    return [draft for draft in map(text.drafts.find, module.activities) if draft is not None]


def french_captions(video: Video) -> Attachment:
    return next(captions.file for captions in video.captions if captions.language == "fr")


def spoken(captions: Path) -> list[str]:
    """What the captions let someone say, a sentence at a time."""
    said = " ".join(" ".join(cue.text.split()) for cue in webvtt.read(str(captions)).captions if cue.voice)
    return [sentence.strip(" —") for sentence in re.split(r"(?<=[.!?…])\s", said)]


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


def test_it_is_four_weeks_with_twelve_lessons_forty_questions_an_exercise_each_and_an_hour_and_a_quarter_at_most() -> (
    None
):
    text = sample()
    assert [module.week for module in text.course.modules] == [1, 2, 3, 4]
    assert len(read_lessons(text)) >= 12
    assert len(questions(text)) >= 40
    for module in text.course.modules:
        assert sum(isinstance(draft, Exercise) for draft in drafts(text, module)) == 1, module.title
        assert 60 <= sum(draft.minutes for draft in drafts(text, module)) <= 75, module.title


def test_each_module_trains_with_all_five_types_and_the_last_activity_is_graded() -> None:
    text = sample()
    for module in text.course.modules:
        formative = [quiz for quiz in drafts(text, module) if isinstance(quiz, Quiz) and quiz.mode is Mode.FORMATIVE]
        assert len(formative) == 1
        assert {question.type for question in formative[0].questions} == FIVE_TYPES
    last = drafts(text, text.course.modules[-1])[-1]
    assert isinstance(last, Quiz)
    assert last.mode is Mode.GRADED
    assert {question.type for question in last.questions} == FIVE_TYPES


def test_each_exercise_says_what_each_level_of_its_three_or_four_criteria_looks_like() -> None:
    for exercise in sample().exercises.values():
        assert word_count(exercise.brief) >= 120, exercise.title
        assert 3 <= len(exercise.criteria) <= 4, exercise.title
        for criterion in exercise.criteria:
            points = [level.points for level in criterion.levels]
            assert 3 <= len(points) <= 4, criterion.title
            assert points == sorted(set(points)), criterion.title
            assert points[0] == 0, criterion.title
            assert all(len(level.description.split()) >= 4 for level in criterion.levels), criterion.title


def test_each_objective_of_the_course_and_of_a_module_is_one_that_an_exercise_asks_for() -> None:
    text = sample()
    asked = {objective for exercise in text.exercises.values() for objective in exercise.objectives}
    promised = {*text.course.objectives, *(each for module in text.course.modules for each in module.objectives)}
    assert asked == promised


def test_the_certificate_asks_for_time_for_graded_quizzes_and_for_exercises() -> None:
    assert sample().course.certificate == CertificateRule(minutes_percent=80, quizzes=True, exercises=True)


def test_the_video_is_short_captioned_in_both_languages_has_chapters_and_a_transcript() -> None:
    (lesson,) = [lesson for lesson in sample().lessons.values() if lesson.video is not None]
    video = lesson.video
    assert video is not None
    assert 90_000 <= video.milliseconds <= 150_000
    assert video.file.size <= 4 * 1024 * 1024
    assert {captions.language for captions in video.captions} == {"fr", "en"}
    assert video.chapters[0].at == 0
    assert 3 <= len(video.chapters) <= 5
    assert all(chapter.at < video.milliseconds for chapter in video.chapters)
    assert video.credits
    read = " ".join(plain_text(lesson.blocks).split())
    for said in spoken(sample().files[french_captions(video).sha256]):
        assert said in read, said


def test_each_picture_has_its_alternative_and_its_caption_and_a_sheet_can_be_printed() -> None:
    blocks = [block for lesson in sample().lessons.values() for block in lesson.blocks]
    figures = [block for block in blocks if isinstance(block, Figure)]
    assert len(figures) >= 2
    for figure in figures:
        assert len(figure.alternative.split()) >= 20, figure.file.name
        assert figure.caption, figure.file.name
    assert [block.file.type for block in blocks if isinstance(block, Download)] == ["application/pdf"]


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
    shown += [plain_text(exercise.brief) for exercise in text.exercises.values()]
    for exercise in text.exercises.values():
        for each in exercise.criteria:
            shown += [each.title, each.description, *(f"{level.title}. {level.description}" for level in each.levels)]
    for page in shown:
        for wrong in (" ?", " ;", " :", "« ", " »"):
            assert wrong not in page, page[max(0, page.find(wrong) - 30) : page.find(wrong) + 10]
        assert "l'" not in page
        assert "d'" not in page


def test_it_comes_back_from_an_export_unchanged(tmp_path: Path) -> None:
    write_folder(sample(), tmp_path)
    assert understood(read_folder(tmp_path)) == sample()
