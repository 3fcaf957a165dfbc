"""« Contenus » by keyboard and mouse on a real store: from an empty course to a question that learners can answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from spoc_desktop.services.authoring_drafts import Shelved
from spoc_desktop.ui.main_window import MainWindow
from spoc_desktop.ui.pages.contents import ContentsPage
from spoc_desktop.ui.pages.contents_import import ImportPage
from spoc_desktop.ui.pages.contents_lesson import LessonEditorPage
from spoc_desktop.ui.pages.contents_question import QuestionEditorPage
from spoc_desktop.ui.widgets.segmented import Segmented
from sync.domain.blocks import Figure, Heading, Strong
from sync.domain.courses import Lesson
from sync.domain.publishing import Drafts
from sync.domain.quizzes import Mode, QuestionType, Quiz
from tests.ui.pages.authored import author_laptop, register
from tests.ui.pages.looking import click, has, named, press, says, settle, write
from tools.sample_author import BLANK
from tools.sample_laptop import COURSE_FOLDER, SampleLaptop


@pytest.fixture
def laptop() -> Iterator[SampleLaptop]:
    made = author_laptop()
    yield made
    made.workplace.close()


@pytest.fixture
def author(window: MainWindow, laptop: SampleLaptop) -> Iterator[MainWindow]:
    """The window of an author, no page open yet."""
    register(window, laptop)
    yield window
    settle(window)


def drafts(laptop: SampleLaptop, course_id: bytes | None = None) -> Drafts:
    found = shelved(laptop, course_id).drafts
    assert found is not None
    return found


def shelved(laptop: SampleLaptop, course_id: bytes | None = None) -> Shelved:
    return laptop.workplace.drafts.course(course_id or laptop.course_id)


def lesson_of(laptop: SampleLaptop) -> tuple[bytes, Lesson]:
    return next((id_, body) for id_, body in drafts(laptop).lessons.items() if body.video is None)


def quiz_of(laptop: SampleLaptop) -> tuple[bytes, Quiz]:
    first = drafts(laptop)
    named_ = (id_ for module in first.course.modules for id_ in module.activities)
    id_ = next(one for one in named_ if one in first.quizzes)
    return id_, first.quizzes[id_]


def type_into(window: MainWindow, name: str, text: str) -> None:
    """Type at the end of a text."""
    area = named(window, name)
    assert isinstance(area, QPlainTextEdit)
    area.setFocus()
    QTest.keyClick(area, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    for line in text.split("\n"):
        if line is not text.split("\n", maxsplit=1)[0]:
            QTest.keyClick(area, Qt.Key.Key_Return)
        QTest.keyClicks(area, line)
    settle(window)


def open_lesson(window: MainWindow, laptop: SampleLaptop) -> bytes:
    activity, _body = lesson_of(laptop)
    window.open("contents_lesson", course_id=laptop.course_id, activity_id=activity)
    settle(window)
    return activity


def open_question(window: MainWindow, laptop: SampleLaptop, kind: QuestionType = QuestionType.SINGLE) -> bytes:
    activity, quiz = quiz_of(laptop)
    place = next(n for n, one in enumerate(quiz.questions) if one.type is kind)
    window.open("contents_question", course_id=laptop.course_id, activity_id=activity, question=place)
    settle(window)
    return quiz.questions[place].id


# -- the courses


def test_the_list_says_which_edition_is_learnt_and_what_was_changed_since(
    author: MainWindow, laptop: SampleLaptop
) -> None:
    author.open("contents")
    settle(author)
    assert says(author, "Édition 1")
    assert says(author, "Rien n’a changé depuis")
    activity, _body = lesson_of(laptop)
    laptop.workplace.drafts.change_activity(laptop.course_id, activity, minutes=33)
    author.open("contents")
    settle(author)
    assert says(author, "1 modification non publiée")


def test_an_empty_course_is_begun_with_a_title_and_its_contacts(author: MainWindow, laptop: SampleLaptop) -> None:
    author.open("contents")
    settle(author)
    click(author, f"begin_{BLANK.hex()}")
    click(author, "begin")
    assert author.route == "contents_new"
    write(author, "title", "Consignation")
    write(author, "technical", "Samir")
    write(author, "pedagogical", "Claire")
    click(author, "begin")
    assert author.route == "contents_course"
    course = drafts(laptop, BLANK).course
    assert (course.title, course.technical_contact, course.pedagogical_contact) == ("Consignation", "Samir", "Claire")


def test_who_has_no_place_for_a_new_course_learns_what_the_it_department_types(
    author: MainWindow, laptop: SampleLaptop
) -> None:
    laptop.workplace.drafts.begin(BLANK, "Consignation", "fr", "", "")
    author.open("contents")
    settle(author)
    click(author, "new_course")
    page = author.page
    assert isinstance(page, ContentsPage)
    assert page.request.startswith("spoc-server author ")
    assert page.request.endswith(" claire")
    assert says(author, page.request)


def test_a_course_is_written_into_a_folder_that_reads_as_the_same_course(
    author: MainWindow, laptop: SampleLaptop, tmp_path: Path
) -> None:
    author.open("contents")
    settle(author)
    page = author.page
    assert isinstance(page, ContentsPage)
    page.export_to(shelved(laptop), tmp_path)
    settle(author)
    (folder,) = tmp_path.iterdir()
    author.open("contents_import")
    settle(author)
    assert isinstance(author.page, ImportPage)
    author.page.read_from(folder)
    settle(author)
    assert says(author, "le brouillon dit déjà la même chose")


# -- bringing a course in


def test_a_folder_is_told_and_compared_before_anything_is_saved(
    author: MainWindow, laptop: SampleLaptop, tmp_path: Path
) -> None:
    activity, body = lesson_of(laptop)
    laptop.workplace.drafts.change_activity(laptop.course_id, activity, title="Autre titre")
    author.open("contents_import")
    settle(author)
    page = author.page
    assert isinstance(page, ImportPage)
    page.read_from(COURSE_FOLDER)
    settle(author)
    assert says(author, "4 modules")
    assert says(author, f"Modifié · {body.title}")
    assert drafts(laptop).lessons[activity].title == "Autre titre"
    click(author, "bring")
    assert author.route == "contents_course"
    assert drafts(laptop).lessons[activity].title == body.title


def test_a_course_goes_into_the_empty_one_as_a_copy_under_ids_of_its_own(
    author: MainWindow, laptop: SampleLaptop
) -> None:
    author.open("contents_import")
    settle(author)
    page = author.page
    assert isinstance(page, ImportPage)
    page.read_from(COURSE_FOLDER)
    settle(author)
    page.compare(BLANK)
    settle(author)
    assert says(author, "Il entre comme une copie")
    click(author, "bring")
    copy = drafts(laptop, BLANK)
    assert copy.course.title == drafts(laptop).course.title
    assert not copy.lessons.keys() & drafts(laptop).lessons.keys()


def test_a_broken_folder_names_file_and_line_and_offers_no_import(
    author: MainWindow, laptop: SampleLaptop, tmp_path: Path
) -> None:
    (tmp_path / "course.md").write_text("---\ntitle: Sans identité\n---\n", "utf-8")
    author.open("contents_import")
    settle(author)
    page = author.page
    assert isinstance(page, ImportPage)
    page.read_from(tmp_path)
    settle(author)
    assert says(author, "course.md:1")
    assert says(author, "Rien n’a été enregistré")
    assert not has(author, "bring")
    assert laptop.store.counts().waiting == 0


def test_an_import_that_is_stopped_saves_no_draft(author: MainWindow, laptop: SampleLaptop) -> None:
    activity, _body = lesson_of(laptop)
    laptop.workplace.drafts.change_activity(laptop.course_id, activity, title="Autre titre")
    author.open("contents_import")
    settle(author)
    page = author.page
    assert isinstance(page, ImportPage)
    page.read_from(COURSE_FOLDER)
    settle(author)
    page.submit()
    page.stop()
    settle(author)
    assert says(author, "Modifié")
    assert drafts(laptop).lessons[activity].title == "Autre titre"


# -- the outline


def test_a_module_and_its_first_lesson_are_added_by_keyboard(author: MainWindow, laptop: SampleLaptop) -> None:
    laptop.workplace.drafts.begin(BLANK, "Consignation", "fr", "", "")
    author.open("contents_course", course_id=BLANK)
    settle(author)
    named(author, "add_module").setFocus()
    press(author, Qt.Key.Key_Return)
    (module,) = drafts(laptop, BLANK).course.modules
    named(author, f"add_lesson_{module.id.hex()}").setFocus()
    press(author, Qt.Key.Key_Return)
    assert author.route == "contents_lesson"
    (module,) = drafts(laptop, BLANK).course.modules
    assert drafts(laptop, BLANK).lessons[module.activities[0]].title == "Nouvelle leçon"


def test_an_activity_moves_down_by_keyboard_and_the_focus_stays_on_the_arrow(
    author: MainWindow, laptop: SampleLaptop
) -> None:
    author.open("contents_course", course_id=laptop.course_id)
    settle(author)
    before = drafts(laptop).course.modules[0].activities
    name = f"down_{before[0].hex()}"
    named(author, name).setFocus()
    press(author, Qt.Key.Key_Return)
    after = drafts(laptop).course.modules[0].activities
    assert after == (before[1], before[0], *before[2:])
    assert named(author, name).hasFocus()


def test_an_arrow_at_its_end_hands_the_keyboard_to_the_other_one(author: MainWindow, laptop: SampleLaptop) -> None:
    author.open("contents_course", course_id=laptop.course_id)
    settle(author)
    second = drafts(laptop).course.modules[0].activities[1].hex()
    named(author, f"up_{second}").setFocus()
    press(author, Qt.Key.Key_Return)
    assert not named(author, f"up_{second}").isEnabled()
    assert named(author, f"down_{second}").hasFocus()


def test_what_was_taken_out_of_the_outline_comes_back_with_undo(author: MainWindow, laptop: SampleLaptop) -> None:
    author.open("contents_course", course_id=laptop.course_id)
    settle(author)
    before = drafts(laptop).course.modules
    click(author, f"take_{before[0].activities[1].hex()}")
    assert before[0].activities[1] not in drafts(laptop).course.modules[0].activities
    click(author, f"take_{before[1].id.hex()}")
    assert len(drafts(laptop).course.modules) == len(before) - 1
    author.open("contents_course", course_id=laptop.course_id)
    settle(author)
    QTest.keyClick(author, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(author)
    assert [module.id for module in drafts(laptop).course.modules] == [module.id for module in before]


def test_titles_and_minutes_are_kept_as_they_are_typed(author: MainWindow, laptop: SampleLaptop) -> None:
    author.open("contents_course", course_id=laptop.course_id)
    settle(author)
    module = drafts(laptop).course.modules[0]
    write(author, f"module_{module.id.hex()}", "Voir venir")
    write(author, f"minutes_{module.activities[0].hex()}", "17")
    assert drafts(laptop).course.modules[0].title == "Voir venir"
    body = drafts(laptop).find(module.activities[0])
    assert body is not None
    assert body.minutes == 17
    assert says(author, "Enregistré sur cet ordinateur, 8 h 52")


# -- a lesson


def test_a_lesson_is_kept_at_each_key_and_shown_as_the_learner_sees_it(
    author: MainWindow, laptop: SampleLaptop, qtbot: QtBot
) -> None:
    activity = open_lesson(author, laptop)
    type_into(author, "text", "\n\n## Une partie\n\nDes mots **importants**.")
    blocks = drafts(laptop).lessons[activity].blocks
    assert isinstance(blocks[-2], Heading)
    assert any(isinstance(span, Strong) for span in blocks[-1].spans)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: says(named(author, "preview"), "Des mots importants."), timeout=10_000)
    assert not says(named(author, "preview"), "**importants**")


def test_every_lesson_of_the_course_goes_through_the_editor_and_loses_nothing(
    author: MainWindow, laptop: SampleLaptop
) -> None:
    for activity, lesson in drafts(laptop).lessons.items():
        author.open("contents_lesson", course_id=laptop.course_id, activity_id=activity)
        settle(author)
        page = author.page
        assert isinstance(page, LessonEditorPage)
        assert page.text is not None
        assert page.named.read(page.text.typed).blocks == lesson.blocks


def test_what_cannot_be_kept_is_said_with_its_line_and_typing_goes_on(
    author: MainWindow, laptop: SampleLaptop, qtbot: QtBot
) -> None:
    activity = open_lesson(author, laptop)
    type_into(author, "text", "\n\n![badge](media/absent.png)\n\nLa suite.")
    qtbot.waitUntil(lambda: says(author, "absent.png"), timeout=10_000)
    assert "La suite." in str(drafts(laptop).lessons[activity].blocks[-1])


def test_a_picture_goes_in_only_with_words_that_say_what_it_shows(author: MainWindow, laptop: SampleLaptop) -> None:
    activity = open_lesson(author, laptop)
    page = author.page
    assert isinstance(page, LessonEditorPage)
    assert page.text is not None
    assert page.text.files is not None
    page.text.files.take_picture(next(COURSE_FOLDER.glob("media/*.png")))
    settle(author)
    click(author, "put_picture")
    assert has(author, "alternative")
    write(author, "alternative", "Un faux message")
    click(author, "put_picture")
    figures = [one for one in drafts(laptop).lessons[activity].blocks if isinstance(one, Figure)]
    assert figures[-1].alternative == "Un faux message" or figures[0].alternative == "Un faux message"
    assert laptop.store.files.has(figures[0].file.sha256)


def test_a_program_that_calls_itself_a_picture_is_refused_and_said(
    author: MainWindow, laptop: SampleLaptop, tmp_path: Path
) -> None:
    open_lesson(author, laptop)
    page = author.page
    assert isinstance(page, LessonEditorPage)
    assert page.text is not None
    assert page.text.files is not None
    false = tmp_path / "photo.png"
    false.write_bytes(b"MZ" + bytes(200))
    page.text.files.take_picture(false)
    settle(author)
    assert says(author, "photo.png")
    assert not has(author, "alternative")


def test_what_was_typed_right_before_leaving_is_kept_in_the_lesson_that_it_was_typed_in(
    author: MainWindow, laptop: SampleLaptop
) -> None:
    first = open_lesson(author, laptop)
    other = next(id_ for id_, one in drafts(laptop).lessons.items() if id_ != first and one.video is None)
    before = drafts(laptop).lessons[other]
    area = named(author, "text")
    assert isinstance(area, QPlainTextEdit)
    area.setFocus()
    QTest.keyClicks(area, "Debut ")
    author.open("contents_lesson", course_id=laptop.course_id, activity_id=other)
    QTest.qWait(250)
    settle(author)
    assert str(drafts(laptop).lessons[first].blocks[0]).count("Debut") == 1
    assert drafts(laptop).lessons[other] == before


def test_what_another_author_changes_meanwhile_leaves_the_text_under_the_fingers(
    author: MainWindow, laptop: SampleLaptop
) -> None:
    activity = open_lesson(author, laptop)
    type_into(author, "text", "Ici.")
    typed = drafts(laptop).lessons[activity].blocks
    area = named(author, "text")
    laptop.workplace.changed(laptop.workplace.drafts.change_activity(laptop.course_id, activity, minutes=44))
    settle(author)
    assert named(author, "text") is area
    assert area.hasFocus()
    type_into(author, "text", "La.")
    assert drafts(laptop).lessons[activity].minutes == 44
    assert drafts(laptop).lessons[activity].blocks != typed


def test_undo_takes_back_what_was_typed(author: MainWindow, laptop: SampleLaptop) -> None:
    activity = open_lesson(author, laptop)
    before = drafts(laptop).lessons[activity].blocks
    type_into(author, "text", " Trop.")
    assert drafts(laptop).lessons[activity].blocks != before
    click(author, "undo")
    assert drafts(laptop).lessons[activity].blocks == before


# -- questions


def test_a_question_is_written_with_its_answers_their_remarks_and_what_is_right(
    author: MainWindow, laptop: SampleLaptop, qtbot: QtBot
) -> None:
    activity, quiz = quiz_of(laptop)
    author.open("contents_quiz", course_id=laptop.course_id, activity_id=activity)
    settle(author)
    click(author, "add_question")
    assert author.route == "contents_question"
    type_into(author, "text", "Que faut-il encore ?")
    write(author, "choice_1", "Rien")
    write(author, "choice_2", "Isoler *tout*")
    assert says(author, "Corrigé manquant : que diriez-vous à cette personne ?")
    type_into(author, "remark_2", "Oui.")
    click(author, "right_2")
    click(author, "away_3")
    made = quiz_of(laptop)[1]
    question, key = made.questions[-1], made.keys[-1]
    assert len(made.questions) == len(quiz.questions) + 1
    assert key.question == question.id
    assert [option.number for option in question.options] == [1, 2]
    assert (key.right, key.feedback[0].option) == ((2,), 2)
    assert "Que faut-il encore" in str(question.stem)
    qtbot.waitUntil(lambda: has(author, "preview_option_2"), timeout=10_000)
    click(author, "preview_option_2")
    click(author, "preview_check")
    assert says(author, "Oui.")


def test_every_question_opened_in_the_editor_stays_as_it_is(author: MainWindow, laptop: SampleLaptop) -> None:
    activity, quiz = quiz_of(laptop)
    for place, question in enumerate(quiz.questions):
        author.open("contents_question", course_id=laptop.course_id, activity_id=activity, question=place)
        settle(author)
        page = author.page
        assert isinstance(page, QuestionEditorPage)
        assert page.sheet is not None
        assert page.sheet.question == question
        page.keep()
        settle(author)
    assert quiz_of(laptop)[1] == quiz


def test_the_type_of_a_question_changes_what_can_be_answered_and_undo_brings_it_back(
    author: MainWindow, laptop: SampleLaptop
) -> None:
    question_id = open_question(author, laptop)
    page = author.page
    assert isinstance(page, QuestionEditorPage)
    before = quiz_of(laptop)[1]
    page.set_type(QuestionType.TRUE_FALSE)
    settle(author)
    changed = next(one for one in quiz_of(laptop)[1].questions if one.id == question_id)
    assert (changed.type, changed.options) == (QuestionType.TRUE_FALSE, ())
    assert has(author, "truth")
    click(author, "undo_question")
    assert quiz_of(laptop)[1] == before


def test_a_number_takes_its_tolerance_and_unit_and_says_what_is_none(author: MainWindow, laptop: SampleLaptop) -> None:
    question_id = open_question(author, laptop, QuestionType.NUMERIC)
    write(author, "value", "12,5")
    write(author, "tolerance", "un peu")
    key = next(one for one in quiz_of(laptop)[1].keys if one.question == question_id)
    assert key.value == 12.5
    assert says(author, "Écrivez un nombre")


def test_a_graded_quiz_asks_when_its_result_is_released(author: MainWindow, laptop: SampleLaptop) -> None:
    activity, _quiz = quiz_of(laptop)
    author.open("contents_quiz", course_id=laptop.course_id, activity_id=activity)
    settle(author)
    assert not has(author, "release")
    mode = named(author, "mode")
    assert isinstance(mode, Segmented)
    mode.picked.emit("GRADED")
    settle(author)
    assert has(author, "release")
    write(author, "attempts", "2")
    assert (quiz_of(laptop)[1].mode, quiz_of(laptop)[1].attempts) == (Mode.GRADED, 2)


def test_a_question_taken_out_of_a_quiz_comes_back_with_undo(author: MainWindow, laptop: SampleLaptop) -> None:
    activity, quiz = quiz_of(laptop)
    author.open("contents_quiz", course_id=laptop.course_id, activity_id=activity)
    settle(author)
    click(author, f"take_{quiz.questions[1].id.hex()}")
    assert len(quiz_of(laptop)[1].questions) == len(quiz.questions) - 1
    QTest.keyClick(author, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    settle(author)
    assert quiz_of(laptop)[1] == quiz


# -- exercises


def test_an_exercise_is_written_with_its_rubric(author: MainWindow, laptop: SampleLaptop) -> None:
    module = drafts(laptop).course.modules[0]
    author.open("contents_course", course_id=laptop.course_id)
    settle(author)
    click(author, f"add_exercise_{module.id.hex()}")
    type_into(author, "text", "Une page, **dix** minutes.")
    write(author, "due_day", "4")
    click(author, "add_criterion")
    write(author, "criterion_1", "La lecture")
    write(author, "level_2_1", "Acquis")
    write(author, "points_2_1", "5")
    click(author, "drop_1_1")
    exercise = drafts(laptop).exercises[drafts(laptop).course.modules[0].activities[-1]]
    (criterion,) = exercise.criteria
    assert (exercise.due_day, len(exercise.brief), criterion.title) == (4, 1, "La lecture")
    assert [(level.title, level.points) for level in criterion.levels] == [("À reprendre", 0), ("Acquis", 5)]
    assert says(author, "Grille, 5 points")


# -- the settings of the course


def test_the_settings_are_kept_as_they_are_typed_and_the_certificate_can_be_left_out(
    author: MainWindow, laptop: SampleLaptop
) -> None:
    author.open("contents_settings", course_id=laptop.course_id)
    settle(author)
    write(author, "title", "Autre titre")
    write(author, "minutes_percent", "65")
    course = drafts(laptop).course
    assert course.title == "Autre titre"
    assert course.certificate is not None
    assert course.certificate.minutes_percent == 65
    given = named(author, "certificate")
    assert isinstance(given, Segmented)
    given.picked.emit("no")
    settle(author)
    assert drafts(laptop).course.certificate is None
    assert says(author, "Ce cours ne délivre pas de certificat.")


# -- publishing


def test_the_check_list_leads_to_what_is_left_to_do(author: MainWindow, laptop: SampleLaptop) -> None:
    laptop.workplace.drafts.change_course(laptop.course_id, technical_contact="")
    author.open("contents_course", course_id=laptop.course_id)
    settle(author)
    assert says(author, "Il reste 1 point à faire.")
    place = next(n for n, line in enumerate(shelved(laptop).checks) if not line.is_done)
    click(author, "publish")
    assert named(author, f"check_{place}").hasFocus()
    press(author, Qt.Key.Key_Return)
    assert author.route == "contents_settings"
    write(author, "technical_contact", "Samir")
    assert all(line.is_done for line in shelved(laptop).checks)


def test_publishing_without_a_network_says_that_the_draft_stays(author: MainWindow, laptop: SampleLaptop) -> None:
    author.open("contents_course", course_id=laptop.course_id)
    settle(author)
    click(author, "publish")
    assert says(author, "Votre brouillon reste sur cet ordinateur.")
    assert named(author, "publish").isEnabled()
