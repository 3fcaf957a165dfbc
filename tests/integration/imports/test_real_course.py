"""A real course in another form comes in by the public readers; its numbers are counted in its own files."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from spoc_desktop.interchange.course_folder import Understood, read_folder
from spoc_desktop.interchange.course_folder_writing import write_folder
from spoc_desktop.interchange.problem_sentences import sentence
from spoc_desktop.interchange.problems import Problem, ProblemKind
from sync.content.markdown import read_markdown
from sync.content.markdown_writing import write_markdown
from sync.content.reading import plain_text
from sync.content.troubles import TroubleKind
from tests.integration.imports.mdx_course import Taken, read_page, take, without_header
from tests.unit.interchange.course_files import understood

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
COURSE = DATA / "fr-course-tw3"
SHEETS = DATA / "fr-fiches-nothing2hide"
FENCED = re.compile(r"^[ ]*(```|~~~).*?^[ ]*\1[ ]*$", re.DOTALL | re.MULTILINE)
INLINE_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
WORD = re.compile(r"[^\W\d_]{4,}")

needs_course = pytest.mark.skipif(not COURSE.is_dir(), reason="the real French course is not beside the project")
needs_sheets = pytest.mark.skipif(not SHEETS.is_dir(), reason="the real French sheets are not beside the project")


@pytest.fixture(scope="module")
def taken() -> Taken:
    return take(COURSE)


def outside_code(path: Path) -> str:
    """A page without its header and its code, line for line."""
    text = FENCED.sub(lambda found: "\n" * found[0].count("\n"), without_header(path.read_text(encoding="utf-8")))
    return INLINE_CODE.sub("", text)


@needs_course
def test_every_page_is_a_lesson_an_exercise_a_quiz_or_named_as_left_out(taken: Taken) -> None:
    pages = list(COURSE.rglob("*.mdx"))
    quizzes = list(COURSE.rglob("quizzData.tsx"))
    exercises = [path for path in pages if path.parent.name == "exercices" and path.name == "page.mdx"]
    text = taken.text
    assert len(text.course.modules) == len([path for path in COURSE.iterdir() if path.is_dir()])
    assert len(text.quizzes) == len(quizzes)
    assert len(text.exercises) == len(exercises)
    assert len(text.lessons) + len(text.quizzes) + len(text.exercises) + len(taken.pages) == len(pages)
    named = [activity for module in text.course.modules for activity in module.activities]
    assert set(named) == {*text.lessons, *text.quizzes, *text.exercises}
    bare = [name for name in taken.pages if name.endswith("page.mdx")]
    assert all(not read_page(COURSE / name)[1].blocks for name in bare)


@needs_course
def test_every_question_comes_with_its_answers_its_remarks_and_its_explanation(taken: Taken) -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in COURSE.rglob("quizzData.tsx"))
    questions = [question for quiz in taken.text.quizzes.values() for question in quiz.questions]
    keys = [key for quiz in taken.text.quizzes.values() for key in quiz.keys]
    counted = Counter(re.findall(r"^\s*(\w+):", source, re.MULTILINE))
    assert len(questions) == counted["question"] == counted["answers"] == counted["correctAnswer"]
    assert sum(bool(key.explanation) for key in keys) == counted["explanation"]
    assert sum(len(key.feedback) for key in keys) == len(re.findall(r"^\s*[0-9]+: \"", source, re.MULTILINE))
    assert sum(question.points for question in questions) == sum(map(int, re.findall(r"\bpoint: (\d+)", source)))
    left = Counter(key for keys_ in taken.keys.values() for key in keys_)
    assert left == {key: counted[key] for key in left}
    assert set(left) == {"questionType", "messageForCorrectAnswer", "messageForIncorrectAnswer", "difficulty"}


@needs_course
def test_every_component_that_is_no_text_is_named_and_its_words_stay(taken: Taken) -> None:
    for name, troubles in taken.troubles.items():
        if not name.endswith(".mdx"):
            continue
        source = outside_code(COURSE / name)
        lines = source.split("\n")
        named = {trouble.line for trouble in troubles if trouble.kind is TroubleKind.HTML_DROPPED}
        removed = "\n".join(taken.components[name])
        for number, line in enumerate(lines, 1):
            # A piece of HTML is named on the line where it begins: the first one below an empty line at the latest.
            start = max((at for at in range(1, number) if not lines[at - 1].strip()), default=0)
            for tag in re.findall(r"<([A-Z]\w*)", line):
                assert named & set(range(start, number + 1)) or f"<{tag}" in removed, (name, number, tag)
        shown = plain_text(read_page(COURSE / name)[1].blocks)
        for words in re.findall(r"<Term word=\"[^\"]*\">([^<`*]+)</Term>", source):
            assert " ".join(words.split()) in " ".join(shown.split()) or f"# {words}" in source, (name, words)


@needs_course
def test_every_picture_and_every_link_inside_the_old_site_is_named(taken: Taken) -> None:
    for name, troubles in taken.troubles.items():
        if not name.endswith(".mdx"):
            continue
        source = outside_code(COURSE / name)
        kinds = Counter(trouble.kind for trouble in troubles)
        pictures = len(re.findall(r"!\[[^\]]*\]\(", source))
        assert kinds[TroubleKind.IMAGE_OUTSIDE] + kinds[TroubleKind.IMAGE_HERE] >= pictures, name
        inside = set(re.findall(r"(?<!!)\[[^\]]*\]\((?!https?:|mailto:)([^)]*)\)", source))
        assert kinds[TroubleKind.LINK_ADDRESS] >= len(inside), name


@needs_course
def test_it_is_a_course_of_ours_from_then_on(taken: Taken, tmp_path: Path) -> None:
    write_folder(taken.text, tmp_path)
    result = read_folder(tmp_path)
    assert understood(result) == taken.text
    assert isinstance(result, Understood)
    assert Counter(warning.kind for warning in result.warnings) == {ProblemKind.NO_RUBRIC: len(taken.text.exercises)}
    summary = result.summary
    assert (summary.lessons, summary.quizzes, summary.exercises) == (
        *(len(taken.text.lessons), len(taken.text.quizzes), len(taken.text.exercises)),
    )


@needs_course
def test_everything_that_was_not_taken_has_a_sentence(taken: Taken) -> None:
    for name, troubles in taken.troubles.items():
        assert all(sentence(Problem(name, each.line, each.kind, each.detail)) for each in troubles)


@needs_sheets
@pytest.mark.parametrize("path", sorted(SHEETS.rglob("*.md")), ids=lambda path: path.stem)
def test_every_word_of_a_real_sheet_is_kept_or_its_line_is_named(path: Path) -> None:
    source = without_header(path.read_text(encoding="utf-8"))
    reading = read_markdown(source)
    assert read_markdown(write_markdown(reading.blocks)).blocks == reading.blocks
    named = {trouble.line for trouble in reading.troubles}
    shown = set(WORD.findall(plain_text(reading.blocks)))
    # The words that stand for a picture of outside go with it, named on the line where it begins.
    source = PICTURE.sub(lambda found: "\n" * found[0].count("\n"), source)
    for number, line in enumerate(source.split("\n"), 1):
        plain = re.sub(r"\]\([^)]*\)|<[^>]*>|https?://\S+|\{[^}]*\}", " ", line)
        lost = [word for word in WORD.findall(plain) if word not in shown]
        assert not lost or number in named, (number, line, lost)
