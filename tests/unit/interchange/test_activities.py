"""Exercises, videos and the certificate's rule: what a folder says of them, and each problem with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync.domain.courses import CertificateRule
from sync.domain.videos import Chapter
from tests.unit.interchange.course_files import COURSE, LESSON_FILE, problems, read_with, understood, warnings
from tests.unit.interchange.media_files import VTT, mp4

FILE = "01-semaine-une/30-fait.md"
EXERCISE = """---
kind: exercise
title: Une fiche
minutes: 20
---

Faites-la.

# Grille

## Juste
Les gestes.

- Non (0) : rien.
- Oui (3 ) : tout,
  dans l’ordre.
"""
GOOD_EXERCISE = EXERCISE.replace("(3 )", "(3)")
VIDEO = """---
kind: video
title: Un appel
minutes: 3
file: media/a.mp4
captions:
  - fr media/a.vtt
chapters:
  - 0:00 Début
  - 1:00 Fin
---
"""
MEDIA: dict[str, str | bytes | None] = {"media/a.mp4": mp4(), "media/a.vtt": VTT}


def test_a_description_goes_on_below_its_level(tmp_path: Path) -> None:
    (exercise,) = understood(read_with(tmp_path, {FILE: GOOD_EXERCISE})).exercises.values()
    (criterion,) = exercise.criteria
    assert criterion.description == "Les gestes."
    assert [level.description for level in criterion.levels] == ["rien.", "tout, dans l’ordre."]
    assert (exercise.files, exercise.due_day) == (True, 0)


EXERCISES = [
    (EXERCISE, 15, "rubric-line"),
    (GOOD_EXERCISE.replace("Oui (3)", "Oui (0)"), 11, "level-order"),
    (GOOD_EXERCISE.replace("Oui (3)", "Oui (101)"), 15, "level-points"),
    (GOOD_EXERCISE.replace("- Oui (3) : tout,\n  dans l’ordre.\n", ""), 11, "level-count"),
    (GOOD_EXERCISE.replace("## Juste\n", "Juste\n"), 11, "rubric-line"),
    (GOOD_EXERCISE + "\n## Clair\n{#1}\n\n- A (0)\n- B (1)\n", 11, "criterion-number"),
    (GOOD_EXERCISE.replace("Faites-la.\n", ""), 6, "empty-brief"),
    (GOOD_EXERCISE.replace("minutes: 20", "minutes: 20\ndue_day: demain"), 5, "value-number"),
    (GOOD_EXERCISE.replace("minutes: 20", "minutes: 20\nfiles: peut-être"), 5, "value-choice"),
    (GOOD_EXERCISE.split("## Juste")[0] + "\n", 9, "criterion-count"),
]


@pytest.mark.parametrize(("text", "line", "kind"), EXERCISES, ids=[kind for _, _, kind in EXERCISES])
def test_each_problem_of_an_exercise_has_its_line(tmp_path: Path, text: str, line: int, kind: str) -> None:
    assert (FILE, line, kind) in problems(tmp_path, {FILE: text})


def test_an_exercise_without_a_rubric_is_taken_and_told(tmp_path: Path) -> None:
    assert warnings(tmp_path, {FILE: GOOD_EXERCISE.split("# Grille")[0]}) == [(FILE, 6, "no-rubric")]


def test_a_heading_in_a_code_block_is_no_rubric(tmp_path: Path) -> None:
    text = GOOD_EXERCISE.split("# Grille")[0] + "```\n# Grille\n```\n"
    assert warnings(tmp_path, {FILE: text}) == [(FILE, 6, "no-rubric")]


def test_a_video_knows_its_length_and_its_chapters(tmp_path: Path) -> None:
    lesson = understood(read_with(tmp_path, {FILE: VIDEO, **MEDIA})).lessons
    (video,) = (each.video for each in lesson.values() if each.video is not None)
    assert video.milliseconds == 125_000
    assert video.chapters == (Chapter(at=0, title="Début"), Chapter(at=60_000, title="Fin"))


def test_the_author_may_say_the_length_and_must_where_the_file_does_not(tmp_path: Path) -> None:
    silent: dict[str, str | bytes | None] = {**MEDIA, "media/a.mp4": mp4(0)}
    assert problems(tmp_path / "a", {FILE: VIDEO, **silent}) == [(FILE, 5, "no-length")]
    said = VIDEO.replace("minutes: 3", "minutes: 3\nlength: 2:30")
    lesson = understood(read_with(tmp_path / "b", {FILE: said, **silent})).lessons
    assert [each.video.milliseconds for each in lesson.values() if each.video] == [150_000]


VIDEOS = [
    (VIDEO.replace("media/a.mp4", "media/b.mp4"), 5, "media-missing"),
    (VIDEO.replace("media/a.mp4", "https://exemple.fr/a.mp4"), 5, "media-missing"),
    (VIDEO.replace("file: media/a.mp4", "file: media/a.vtt"), 5, "media-type"),
    (VIDEO.replace("fr media/a.vtt", "français media/a.vtt"), 6, "value-captions"),
    (VIDEO.replace("0:00 Début", "au début"), 8, "value-chapters"),
    (VIDEO.replace("1:00 Fin", "2:30 Fin"), 8, "value-chapters"),
    (VIDEO.replace("1:00 Fin", "0:00 Fin"), 8, "value-chapters"),
    (VIDEO.replace("minutes: 3", "minutes: 3\nlength: deux minutes"), 5, "value-time"),
]


@pytest.mark.parametrize(("text", "line", "kind"), VIDEOS, ids=[kind for _, _, kind in VIDEOS])
def test_each_problem_of_a_video_has_its_line(tmp_path: Path, text: str, line: int, kind: str) -> None:
    assert (FILE, line, kind) in problems(tmp_path, {FILE: text, **MEDIA})


def test_a_video_without_captions_is_taken_and_told(tmp_path: Path) -> None:
    bare = VIDEO.replace("captions:\n  - fr media/a.vtt\n", "")
    assert (FILE, 1, "no-captions") in warnings(tmp_path, {FILE: bare, **MEDIA})


def test_a_course_gives_a_certificate_by_its_rule_or_none(tmp_path: Path) -> None:
    assert understood(read_with(tmp_path / "a", {})).course.certificate is None
    usual = COURSE.replace("language: fr", "language: fr\ncertificate: yes")
    assert understood(read_with(tmp_path / "b", {"course.md": usual})).course.certificate == CertificateRule()
    own = usual.replace("yes", "yes\ncertificate_minutes: 60\ncertificate_quizzes: no")
    rule = understood(read_with(tmp_path / "c", {"course.md": own})).course.certificate
    assert rule == CertificateRule(minutes_percent=60, quizzes=False)
    lost = COURSE.replace("language: fr", "language: fr\ncertificate_minutes: 60")
    assert problems(tmp_path / "d", {"course.md": lost}) == [("course.md", 5, "key-unknown")]


def test_a_file_in_the_middle_of_a_line_is_told(tmp_path: Path) -> None:
    lesson = "---\nkind: lesson\ntitle: L\nminutes: 5\n---\n\nVoyez [la vidéo](media/a.mp4) ici.\n"
    assert (LESSON_FILE, 7, "file-here") in problems(tmp_path, {LESSON_FILE: lesson, **MEDIA})
