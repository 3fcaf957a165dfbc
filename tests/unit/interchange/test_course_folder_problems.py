"""A broken folder: every problem with its file and line, all at once, and nothing to save."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from spoc_desktop.i18n import use
from spoc_desktop.interchange.problem_sentences import place, sentence
from spoc_desktop.interchange.problems import Problem, ProblemKind
from sync.content.troubles import TroubleKind
from tests.unit.interchange.course_files import (
    COURSE,
    COURSE_ID,
    FIRST_QUESTION_LINE,
    LESSON,
    LESSON_FILE,
    MODULE,
    MODULE_FILE,
    QUIZ,
    QUIZ_FILE,
    QUIZ_HEADER,
    problems,
    read_with,
    refused,
    warnings,
)

COURSE_FILE = "course.md"
L = FIRST_QUESTION_LINE
COURSES = [
    (COURSE.replace(f"id: {COURSE_ID}\n", ""), 1, "key-missing"),
    (COURSE.replace(COURSE_ID, "mon-cours"), 2, "value-id"),
    (COURSE.replace("title: Petit cours", "title:"), 3, "key-missing"),
    (COURSE.replace("title: Petit cours", "title: " + "a" * 201), 3, "value-long"),
    (COURSE.replace("title: Petit cours", "title:\n  - Petit"), 3, "value-not-text"),
    (COURSE.replace("title: Petit cours", "title: Condamner : le cadenas"), 3, "yaml"),
    (COURSE.replace("language: fr", "language: de"), 4, "value-choice"),
    (COURSE.replace("language: fr", "language: fr\nlanguage: en"), 5, "key-twice"),
    (COURSE.replace("language: fr", "language: fr\ncolour: rose"), 5, "value-choice"),
    (COURSE.replace("language: fr", "language: fr\nauthor: moi"), 5, "key-unknown"),
    (COURSE.replace("language: fr", "language: fr\nobjectives: lire"), 5, "value-not-list"),
    (COURSE.replace("Présentation.", "# Titre"), 9, "heading-level"),
    (COURSE.removeprefix("---\n"), 1, "no-front-matter"),
    ("---\ntitle: sans fin\n", 1, "front-matter-open"),
    ("---\n- liste\n---\n", 2, "yaml-shape"),
    ("---\ntitle: &a x\nsummary: *a\n---\n", 2, "yaml-alias"),
    ("---\ntitle: !!python/object:os.system x\n---\n", 2, "yaml-tag"),
    ("---\nobjectives: [[[a]]]\n---\n", 2, "yaml-shape"),
    ("---\nsummary: " + "a" * 17_000 + "\n---\n", 1, "front-matter-long"),
]
MODULES = [
    (MODULE.replace("week: 1", "week: 0"), 3, "value-number"),
    (MODULE.replace("week: 1", "week: bientôt"), 3, "value-number"),
    (MODULE.replace("week: 1\n", ""), 1, "key-missing"),
    (MODULE + "\nUn texte.\n", 5, "text-in-module"),
    (MODULE.replace("week: 1", f"week: 1\nid: {COURSE_ID}"), 4, "id-taken"),
]
LESSONS = [
    (LESSON.replace("kind: lesson", "kind: scorm"), 2, "value-choice"),
    (LESSON.replace("kind: lesson\n", ""), 1, "key-missing"),
    (LESSON.replace("minutes: 5", "minutes: 0"), 4, "value-number"),
    (LESSON.replace("minutes: 5", "minutes: cinq"), 4, "value-number"),
    (LESSON.replace("minutes: 5", "minutes: 5\nobjectives:\n  - " + "a" * 201), 5, "value-long"),
    (LESSON.replace("Un texte.\n", ""), 6, "empty-lesson"),
    (LESSON.replace("Un texte.", "a\n\n[b](javascript:x)"), 9, "link-address"),
    (LESSON.replace("Un texte.", "un deux trois\n\n" * 5_000), 6, "record-too-big"),
    (LESSON.replace("Un texte.", "a\u202eb"), 7, "hidden-character"),
]
QUIZZES = [
    (QUIZ.replace("mode: formative\n", ""), 1, "key-missing"),
    (QUIZ.replace("mode: formative", "mode: test"), 5, "value-choice"),
    (QUIZ.replace("mode: formative", "mode: formative\nrelease: by_trainer"), 6, "release-formative"),
    (QUIZ.replace("mode: formative", "mode: formative\npass_percent: 101"), 6, "value-number"),
    (QUIZ.replace("mode: formative", "mode: formative\nshuffle: peut-être"), 6, "value-choice"),
    (QUIZ_HEADER, 7, "no-question"),
    (QUIZ + QUIZ.removeprefix(QUIZ_HEADER), L + 9, "question-slug-taken"),
]
QUESTIONS = [
    ("## Q ?\n{#q}\n", L, "no-answer"),
    ("##\n{#q}\n\n= a", L, "no-stem"),
    ("## Q ?\n{q}\n\n= a", L + 1, "attributes"),
    ("## Q ?\n{#Majuscule}\n\n= a", L + 1, "attributes"),
    ("## Q ?\n{#q points=}\n\n= a", L + 1, "attributes"),
    ("## Q ?\n{}\n\n= a", L + 1, "attributes"),
    ("## Q ?\n{#q couleur=bleu}\n\n= a", L + 1, "attribute-unknown"),
    ("## Q ?\n{#q points=0}\n\n= a", L + 1, "value-number"),
    ("## Q ?\n{#q type=essai}\n\n= a", L + 1, "value-choice"),
    ("## Q ?\n{#q type=single}\n\n= a", L + 1, "type-mismatch"),
    ("## Q ?\n{#q type=number}\n\n- [x] a\n- [ ] b", L + 1, "type-mismatch"),
    ("## Q ?\n{#q}\n\n- [x] a\n- [ ] b\n\n= c", L + 6, "mixed-answers"),
    ("## Q ?\n{#q}\n\n- [x] a\n- [ ] b\n\nfin", L + 6, "after-answers"),
    ("## Q ?\n{#q}\n\n= a\n\n> explication\n\nfin", L + 7, "after-answers"),
    ("## Q ?\n{#q}\n\n= a\n\n> un\n\n> deux\n", L + 5, "explanation-shape"),
    ("## Q ?\n{#q}\n\n- [v] a\n- [x] b", L + 3, "tick"),
    ("## Q ?\n{#q}\n\n- [x] \n- [ ] b", L + 3, "option-shape"),
    ("## Q ?\n{#q}\n\n- [x] a\n\n  suite\n- [ ] b", L + 3, "option-shape"),
    ("## Q ?\n{#q}\n\n- [x] a\n- [ ] A", L + 4, "option-twice"),
    ("## Q ?\n{#q}\n\n- [x] a", L + 3, "option-count"),
    ("## Q ?\n{#q}\n\n- [x] 0\n" + "\n".join(f"- [ ] {n}" for n in range(1, 13)), L + 3, "option-count"),
    ("## Q ?\n{#q}\n\n- [ ] a\n- [ ] b", L + 3, "no-right-option"),
    ("## Q ?\n{#q type=single}\n\n- [x] a\n- [x] b", L + 4, "several-right-options"),
    ("## Q ?\n{#q}\n\n=\n= b", L + 3, "answer-empty"),
    ("## Q ?\n{#q}\n\n= " + "a" * 201, L + 3, "value-long"),
    ("## Q ?\n{#q}\n\n" + "= a\n" * 21, L + 23, "value-not-list"),
    ("## Q ?\n{#q}\n\n= 12 km\n= 13 km", L + 4, "one-answer-only"),
    ("## Q ?\n{#q}\n\n= true\n= false", L + 4, "one-answer-only"),
    ("## Q ?\n{#q type=number}\n\n= douze", L + 3, "not-a-number"),
    ("## Q ?\n{#q}\n\n= 12345678901234567890", L + 3, "not-a-number"),
    ("## Q ?\n{#q type=truefalse}\n\n= peut-être", L + 3, "not-true-false"),
    ("## Q ?\n{#q}\n\n### Titre\n\n= a", L + 3, "heading-here"),
    ("## Q ?\n{#q}\n\nTitre\n---\n\n= a", L + 3, "heading-here"),
    ("## Q ?\n{#q}\n\n- [x] a\n  > [b](file:///x)\n- [ ] b", L + 4, "link-address"),
    ("## Q ?\n{#q}\n\n= a\n\n> [b](file:///x)", L + 5, "link-address"),
    ("## Q [b](smb://x) ?\n{#q}\n\n= a", L, "link-address"),
    ("## Q ?\n{#q}\n\ntexte\n[b](smb://x)\n\n= a", L + 4, "link-address"),
]
ALL = [
    *((COURSE_FILE, *case) for case in COURSES),
    *((MODULE_FILE, *case) for case in MODULES),
    *((LESSON_FILE, *case) for case in LESSONS),
    *((QUIZ_FILE, *case) for case in QUIZZES),
    *((QUIZ_FILE, f"{QUIZ_HEADER}\n{text}\n", line, kind) for text, line, kind in QUESTIONS),
]


@pytest.mark.parametrize(("file", "text", "line", "kind"), ALL, ids=lambda value: str(value)[:40])
def test_each_problem_is_named_with_its_file_and_line(
    tmp_path: Path, file: str, text: str, line: int, kind: str
) -> None:
    assert problems(tmp_path, {file: text}) == [(file, line, kind)]


MISPLACED: list[tuple[dict[str, str | bytes | None], tuple[str, int, str]]] = [
    ({COURSE_FILE: None}, (COURSE_FILE, 0, "no-course-file")),
    ({MODULE_FILE: None}, (MODULE_FILE, 0, "no-module-file")),
    ({LESSON_FILE: None, QUIZ_FILE: None}, (MODULE_FILE, 0, "no-activity")),
    ({"Semaine deux/module.md": MODULE}, ("Semaine deux", 0, "name")),
    ({"01-semaine-une/leçon.md": LESSON}, ("01-semaine-une/leçon.md", 0, "name")),
    ({"01-semaine-une/30-" + "a" * 60 + ".md": LESSON}, ("01-semaine-une/30-" + "a" * 60 + ".md", 0, "name")),
    ({"01-semaine-une/10-autre.md": LESSON}, ("01-semaine-une/10-lecon.md", 0, "number-taken")),
    ({"01-semaine-une/30-lecon.md": LESSON}, ("01-semaine-une/30-lecon.md", 0, "slug-taken")),
    ({"01-semaine-une/30-suite/10-a.md": LESSON}, ("01-semaine-une/30-suite", 0, "folder-too-deep")),
]


@pytest.mark.parametrize(("files", "expected"), MISPLACED)
def test_each_misplaced_file_is_named(
    tmp_path: Path, files: dict[str, str | bytes | None], expected: tuple[str, int, str]
) -> None:
    assert expected in problems(tmp_path, files)


def test_what_is_no_folder_or_holds_nothing_is_said(tmp_path: Path) -> None:
    from spoc_desktop.interchange.course_folder import read_folder

    (missing,) = refused(read_folder(tmp_path / "rien")).problems
    (empty, no_module) = refused(read_folder(tmp_path)).problems
    assert [missing.kind, empty.kind] == [ProblemKind.NOT_A_FOLDER, ProblemKind.NO_MODULE]
    assert no_module.kind is ProblemKind.NO_COURSE_FILE


def test_all_problems_of_all_files_are_told_at_once_in_order(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        {
            COURSE_FILE: COURSE.replace("language: fr", "language: de\nauthor: moi"),
            MODULE_FILE: MODULE.replace("week: 1", "week: 99"),
            LESSON_FILE: LESSON.replace("minutes: 5", "minutes: x").replace("Un texte.", "# Un\n\n[a](b.md)"),
            QUIZ_FILE: QUIZ.replace("- [ ] non", "- [x] oui"),
        },
    )
    assert found == [
        (LESSON_FILE, 4, "value-number"),
        (LESSON_FILE, 7, "heading-level"),
        (LESSON_FILE, 9, "link-address"),
        (QUIZ_FILE, L + 4, "option-twice"),
        (MODULE_FILE, 3, "value-number"),
        (COURSE_FILE, 4, "value-choice"),
        (COURSE_FILE, 5, "key-unknown"),
    ]


def test_a_broken_header_hides_no_problem_of_the_text_below_it(tmp_path: Path) -> None:
    lesson = LESSON.replace("title: Première leçon", "title: a : b").replace("Un texte.", "# Titre")
    assert problems(tmp_path, {LESSON_FILE: lesson})[0] == (LESSON_FILE, 3, "yaml")
    course = COURSE.replace("title: Petit cours", "title: a : b").replace("Présentation.", "# Titre")
    assert problems(tmp_path, {COURSE_FILE: course}) == [(COURSE_FILE, 3, "yaml"), (COURSE_FILE, 9, "heading-level")]


def test_what_only_warns_does_not_stop(tmp_path: Path) -> None:
    lesson = LESSON.replace("Un texte.", "Un <b>texte</b>.\n\n![a](b.png)\n\n---\n\nfin")
    assert [kind for _, _, kind in warnings(tmp_path, {LESSON_FILE: lesson})] == [
        "html-dropped",
        "html-dropped",
        "image-here",
        "rule-dropped",
    ]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", [*ProblemKind, *TroubleKind])
def test_every_problem_has_a_sentence_with_what_to_do(language: str, kind: ProblemKind | TroubleKind) -> None:
    use(language)
    told = sentence(Problem("a.md", 3, kind, "{detail}", "12"))
    use("en")
    assert told.endswith(".")
    assert len(told) > 30
    assert "{expected}" not in told


def test_what_an_author_wrote_is_never_taken_for_a_placeholder(tmp_path: Path) -> None:
    result = refused(read_with(tmp_path, {COURSE_FILE: COURSE.replace("language", '"{0.__class__}": a\nlanguage')}))
    (unknown,) = result.problems
    assert "{0.__class__}" in sentence(unknown)
    assert re.fullmatch(r"course\.md:\d+", place(unknown))
