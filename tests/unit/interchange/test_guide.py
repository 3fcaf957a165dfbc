"""The guides say what the reader does: their examples read, their keys are the keys."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from spoc_desktop.interchange.course_folder import COLOURS, LANGUAGES, MODES, RELEASES
from spoc_desktop.interchange.question_text import TYPES
from sync.content.markdown import TONES, read_markdown
from sync.domain.blocks import Callout
from tests.unit.interchange.course_files import QUIZ_FILE, QUIZ_HEADER, read_with, understood

GUIDES = Path(__file__).resolve().parents[3] / "docs" / "guides"


def guide(language: str) -> str:
    return (GUIDES / f"course_folder.{language}.md").read_text(encoding="utf-8")


def examples(language: str) -> list[str]:
    return re.findall(r"```markdown\n(.*?)```", guide(language), re.DOTALL)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_examples_of_the_guide_are_read_as_it_says(tmp_path: Path, language: str) -> None:
    callout, question = examples(language)
    (block,) = read_markdown(callout).blocks
    assert isinstance(block, Callout)
    assert block.title
    (quiz,) = understood(read_with(tmp_path, {QUIZ_FILE: f"{QUIZ_HEADER}\n{question}"})).quizzes.values()
    assert quiz.questions[0].points == 2
    assert quiz.keys[0].right == (2,)
    assert len(quiz.keys[0].feedback) == 2


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_guide_names_every_word_that_a_file_may_hold(language: str) -> None:
    text = guide(language)
    words = [*COLOURS, *LANGUAGES, *MODES, *RELEASES, *TYPES]
    assert [word for word in words if f"`{word}`" not in text] == []
    assert [mark for mark in TONES if f"`[!{mark}]`" not in text] == []
