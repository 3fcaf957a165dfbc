"""A small good course folder that a test spoils in one place."""

from __future__ import annotations

from pathlib import Path

from spoc_desktop.interchange.course_folder import CourseText, Refused, Understood, read_folder
from spoc_desktop.interchange.problems import Problem

COURSE_ID = "11111111-2222-4333-8444-555555555555"

COURSE = f"""---
id: {COURSE_ID}
title: Petit cours
language: fr
technical_contact: aide@exemple.fr
pedagogical_contact: Claire Delmas
---

Présentation.
"""
MODULE = """---
title: Semaine une
week: 1
---
"""
LESSON = """---
kind: lesson
title: Première leçon
minutes: 5
---

Un texte.
"""
QUIZ_HEADER = """---
kind: quiz
title: Premier quiz
minutes: 5
mode: formative
---
"""
QUESTION = """
## Une question ?
{#une-question}

- [x] oui
- [ ] non

> Parce que oui.
"""
QUIZ = QUIZ_HEADER + QUESTION
FIRST_QUESTION_LINE = QUIZ_HEADER.count("\n") + 2

GOOD = {
    "course.md": COURSE,
    "01-semaine-une/module.md": MODULE,
    "01-semaine-une/10-lecon.md": LESSON,
    "01-semaine-une/20-quiz.md": QUIZ,
}
QUIZ_FILE = "01-semaine-une/20-quiz.md"
LESSON_FILE = "01-semaine-une/10-lecon.md"
MODULE_FILE = "01-semaine-une/module.md"


def write_files(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def read_with(folder: Path, files: dict[str, str | bytes | None]) -> Understood | Refused:
    """Read the good folder with some files changed, added or (None) left out."""
    all_files: dict[str, str | bytes | None] = {**GOOD, **files}
    return read_folder(write_files(folder, {name: text for name, text in all_files.items() if text is not None}))


def problems(folder: Path, files: dict[str, str | bytes | None]) -> list[tuple[str, int, str]]:
    """File, line and kind of each problem that stops."""
    return [shown(problem) for problem in refused(read_with(folder, files)).problems]


def warnings(folder: Path, files: dict[str, str | bytes | None]) -> list[tuple[str, int, str]]:
    return [shown(problem) for problem in read_with(folder, files).warnings]


def shown(problem: Problem) -> tuple[str, int, str]:
    return problem.file, problem.line, problem.kind.value


def understood(result: Understood | Refused) -> CourseText:
    assert isinstance(result, Understood), result
    return result.text


def refused(result: Understood | Refused) -> Refused:
    assert isinstance(result, Refused), "the folder was taken"
    return result
