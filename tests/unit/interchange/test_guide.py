"""The guides say what the reader does: their examples read, their keys are the keys."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from spoc_desktop.interchange.activity_pages import MODES, RELEASES
from spoc_desktop.interchange.course_folder import COLOURS, LANGUAGES
from spoc_desktop.interchange.media import TYPES as MEDIA
from spoc_desktop.interchange.problems import ProblemKind
from spoc_desktop.interchange.question_text import TYPES
from sync.content.markdown import TONES
from sync.domain.blocks import Callout, Download, Figure, Paragraph
from tests.unit.interchange.course_files import LESSON, LESSON_FILE, QUIZ_FILE, QUIZ_HEADER, read_with, understood
from tests.unit.interchange.media_files import files_of_the_guide

GUIDES = Path(__file__).resolve().parents[3] / "docs" / "guides"


def guide(language: str) -> str:
    return (GUIDES / f"course_folder.{language}.md").read_text(encoding="utf-8")


def examples(language: str) -> list[str]:
    return re.findall(r"```markdown\n(.*?)```", guide(language), re.DOTALL)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_examples_of_the_guide_are_read_as_it_says(tmp_path: Path, language: str) -> None:
    callout, shown, exercise, video, question = examples(language)
    result = read_with(
        tmp_path,
        {
            LESSON_FILE: f"{LESSON}\n{callout}\n{shown}",
            QUIZ_FILE: f"{QUIZ_HEADER}\n{question}",
            "01-semaine-une/30-exercice.md": exercise,
            "01-semaine-une/40-video.md": video,
            **files_of_the_guide(),
        },
    )
    text = understood(result)
    assert {warning.kind for warning in result.warnings} <= {ProblemKind.MEDIA_UNUSED}
    lesson, watched = text.lessons.values()
    assert [type(block) for block in lesson.blocks] == [Paragraph, Callout, Figure, Download]
    assert watched.video is not None
    assert (watched.video.milliseconds, len(watched.video.captions), len(watched.video.chapters)) == (125_000, 1, 2)
    (handed,) = text.exercises.values()
    assert [[level.points for level in criterion.levels] for criterion in handed.criteria] == [[0, 2, 4], [0, 2]]
    assert (handed.due_day, handed.files, len(handed.objectives)) == (5, True, 1)
    (quiz,) = text.quizzes.values()
    assert quiz.questions[0].points == 2
    assert quiz.keys[0].right == (2,)
    assert len(quiz.keys[0].feedback) == 2


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_guide_names_every_word_that_a_file_may_hold(language: str) -> None:
    text = guide(language)
    words = [*COLOURS, *LANGUAGES, *MODES, *RELEASES, *TYPES, *(f".{ending}" for ending in MEDIA)]
    assert [word for word in words if f"`{word}`" not in text] == []
    assert [mark for mark in TONES if f"`[!{mark}]`" not in text] == []
