"""A good folder becomes a course; its ids come from its names."""

from __future__ import annotations

from pathlib import Path

from sync.domain.blocks import Paragraph, Text
from sync.domain.courses import Lesson
from sync.domain.ids import derived
from sync.domain.quizzes import Mode, Release
from tests.unit.interchange.course_files import (
    COURSE,
    COURSE_ID,
    LESSON,
    LESSON_FILE,
    MODULE,
    MODULE_FILE,
    QUIZ,
    QUIZ_FILE,
    read_with,
    understood,
    warnings,
)


def test_a_folder_becomes_a_course_with_its_modules_lessons_and_quizzes(tmp_path: Path) -> None:
    text = understood(read_with(tmp_path, {}))
    course_id = bytes.fromhex(COURSE_ID.replace("-", ""))
    assert text.course_id == course_id
    assert (text.course.title, text.course.language, text.course.colour) == ("Petit cours", "fr", "ochre")
    assert text.course.presentation == (Paragraph(spans=(Text(text="Présentation."),)),)
    (module,) = text.course.modules
    lesson, quiz = module.activities
    assert (module.title, module.week) == ("Semaine une", 1)
    assert text.lessons == {
        lesson: Lesson(title="Première leçon", minutes=5, blocks=(Paragraph(spans=(Text(text="Un texte."),)),))
    }
    assert text.quizzes[quiz].mode is Mode.FORMATIVE
    assert lesson == derived(course_id, "semaine-une/lecon")
    assert text.quizzes[quiz].questions[0].id == derived(quiz, "une-question")


def test_reading_again_gives_the_same_ids_and_another_course_gives_others(tmp_path: Path) -> None:
    first = understood(read_with(tmp_path / "a", {}))
    again = understood(read_with(tmp_path / "b", {}))
    other = understood(read_with(tmp_path / "c", {"course.md": COURSE.replace("11111111", "99999999")}))
    assert first == again
    assert not set(first.lessons) & set(other.lessons)


def test_numbers_give_the_order_and_change_no_id(tmp_path: Path) -> None:
    before = understood(read_with(tmp_path / "a", {}))
    files: dict[str, str | bytes | None] = {LESSON_FILE: None, "01-semaine-une/30-lecon.md": LESSON}
    after = understood(read_with(tmp_path / "b", files))
    assert after.course.modules[0].activities == before.course.modules[0].activities[::-1]
    assert after.lessons == before.lessons


def test_an_id_key_keeps_an_id_that_no_name_gives(tmp_path: Path) -> None:
    identity = "aaaaaaaa-0000-4000-8000-000000000001"
    text = understood(read_with(tmp_path, {LESSON_FILE: LESSON.replace("title", f"id: {identity}\ntitle")}))
    assert list(text.lessons) == [bytes.fromhex(identity.replace("-", ""))]


def test_every_key_is_read(tmp_path: Path) -> None:
    keys = "colour: teal\nsummary: Un résumé\nprerequisites: Aucun\nobjectives:\n  - Un\n  - Deux\ntechnical_contact"
    quiz = "mode: graded\nattempts: 2\npass_percent: 80\nrelease: by_trainer\nshuffle: no"
    text = understood(
        read_with(
            tmp_path,
            {
                "course.md": COURSE.replace("technical_contact", keys),
                MODULE_FILE: MODULE.replace("week: 1", "week: 3\nobjectives: [Un, Deux]"),
                LESSON_FILE: LESSON.replace("minutes: 5", "minutes: 12\nobjectives:\n- Lire"),
                QUIZ_FILE: QUIZ.replace("mode: formative", quiz).replace("\n## Une", "\nAvant.\n\n## Une"),
            },
        )
    )
    (made,) = text.quizzes.values()
    (lesson,) = text.lessons.values()
    assert (text.course.colour, text.course.summary, text.course.objectives) == ("teal", "Un résumé", ("Un", "Deux"))
    assert (text.course.modules[0].week, text.course.modules[0].objectives) == (3, ("Un", "Deux"))
    assert (lesson.minutes, lesson.objectives) == (12, ("Lire",))
    assert (made.mode, made.attempts, made.pass_percent) == (Mode.GRADED, 2, 80)
    assert (made.release, made.shuffle) == (Release.BY_TRAINER, False)
    assert made.introduction == (Paragraph(spans=(Text(text="Avant."),)),)


def test_values_stay_the_text_that_was_typed(tmp_path: Path) -> None:
    lesson = LESSON.replace("title: Première leçon", "title: 2026").replace("minutes: 5", 'minutes: "5"')
    (read,) = understood(read_with(tmp_path, {LESSON_FILE: lesson})).lessons.values()
    assert (read.title, read.minutes) == ("2026", 5)


def test_windows_newlines_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    plain = understood(read_with(tmp_path / "a", {}))
    windows = {
        name: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
        for name, text in {"course.md": COURSE, LESSON_FILE: LESSON, QUIZ_FILE: QUIZ}.items()
    }
    assert understood(read_with(tmp_path / "b", dict(windows))) == plain


def test_a_readme_and_hidden_files_are_the_authors_own(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {
        "README.md": "# Notes",
        "LICENSE": "CC",
        ".git/config": "x",
        ".DS_Store": "x",
    }
    assert warnings(tmp_path, files) == []


def test_what_this_version_does_not_take_is_named_and_the_rest_is_kept(tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {
        "notes.txt": "x",
        "01-semaine-une/schema.png": b"\x89PNG",
        "01-semaine-une/images/a.png": b"\x89PNG",
    }
    assert warnings(tmp_path, files) == [
        ("01-semaine-une/images", 0, "file-left-out"),
        ("01-semaine-une/schema.png", 0, "file-left-out"),
        ("notes.txt", 0, "file-left-out"),
    ]
    assert len(understood(read_with(tmp_path, {})).course.modules[0].activities) == 2
