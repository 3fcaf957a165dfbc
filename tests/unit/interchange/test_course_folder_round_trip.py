"""A course written as a folder is read back as the same course."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spoc_desktop.interchange.course_folder import COLOURS, CourseText, read_folder
from spoc_desktop.interchange.course_folder_writing import ActivityMissing, FolderNotEmpty, folder_texts, write_folder
from sync.content.markdown import read_markdown
from sync.domain.blocks import Block, CodeBlock, LineBreak, Paragraph, Quote, Strong, Text
from sync.domain.courses import Course, Lesson, Module
from sync.domain.quizzes import FALSE, TRUE, Key, Mode, Option, OptionFeedback, Question, QuestionType, Quiz, Release
from tests.unit.interchange.course_files import QUIZ_FILE, QUIZ_HEADER, read_with, understood

IDS = st.binary(min_size=16, max_size=16)
LINES = st.text(st.sampled_from("abé œ’«»\u00a0?:#-{}[]\"'\\=*>1"), max_size=16).map(
    lambda text: " ".join(text.split())
)
TITLES = LINES.map(lambda text: f"T{text}")
TEXTS = st.lists(TITLES, max_size=3).map(tuple)
WORDS = st.text(st.sampled_from("abé{=>#-[x] "), min_size=1, max_size=8).map(lambda text: text.strip() or "mot")
PARAGRAPHS = WORDS.map(lambda text: Paragraph(spans=(Text(text=" ".join(text.split())),)))
BLOCKS: st.SearchStrategy[tuple[Block, ...]] = st.lists(
    PARAGRAPHS
    | PARAGRAPHS.map(lambda block: Quote(blocks=(block,)))
    | st.just(CodeBlock(text="## code\n- [x] a\n= b\n> c"))
    | st.just(Paragraph(spans=(Strong(spans=(Text(text="fort"),)), LineBreak(), Text(text="= suite")))),
    min_size=1,
    max_size=3,
).map(tuple)
NUMBERS = st.integers(-9_999, 9_999).map(float) | st.sampled_from([0.5, -12.25, 1e-05, 123456.75])


@st.composite
def choices(draw: st.DrawFn) -> tuple[Question, Key]:
    identity, count = draw(IDS), draw(st.integers(2, 5))
    options = tuple(
        Option(
            number=number, text=(Text(text=f"{draw(st.sampled_from(['- a', '= b', '{c}', '1. d', 'é']))} {number}"),)
        )
        for number in range(1, count + 1)
    )
    right = tuple(sorted(draw(st.sets(st.integers(1, count), min_size=1))))
    kind = QuestionType.MULTIPLE if len(right) > 1 or draw(st.booleans()) else QuestionType.SINGLE
    remarks = draw(st.sets(st.integers(1, count)))
    feedback = tuple(OptionFeedback(option=number, blocks=draw(BLOCKS)) for number in sorted(remarks))
    return (
        Question(id=identity, type=kind, stem=draw(BLOCKS), options=options, points=draw(st.integers(1, 100))),
        Key(question=identity, right=right, feedback=feedback, explanation=draw(BLOCKS | st.just(()))),
    )


@st.composite
def others(draw: st.DrawFn) -> tuple[Question, Key]:
    identity, stem, explanation = draw(IDS), draw(BLOCKS), draw(BLOCKS)
    kind = draw(st.sampled_from([QuestionType.TRUE_FALSE, QuestionType.SHORT_TEXT, QuestionType.NUMERIC]))
    key = Key(question=identity, explanation=explanation)
    unit = ""
    match kind:
        case QuestionType.TRUE_FALSE:
            key = Key(question=identity, right=(draw(st.sampled_from([TRUE, FALSE])),), explanation=explanation)
        case QuestionType.SHORT_TEXT:
            accepted = draw(
                st.lists(st.sampled_from(["mot", "12 km", "true", "{x}", "- a", "= b"]), min_size=1, max_size=3)
            )
            key = Key(question=identity, accepted=tuple(accepted), explanation=explanation)
        case QuestionType.NUMERIC:
            unit = draw(st.sampled_from(["", "km", "%", "m²", "km/h"]))
            tolerance = draw(st.sampled_from([0.0, 0.5, 3.0]))
            key = Key(question=identity, value=draw(NUMBERS), tolerance=tolerance, explanation=explanation)
    return Question(id=identity, type=kind, stem=stem, unit=unit), key


@st.composite
def quizzes(draw: st.DrawFn) -> Quiz:
    pairs = draw(st.lists(choices() | others(), min_size=1, max_size=3, unique_by=lambda pair: pair[0].id))
    mode = draw(st.sampled_from([Mode.FORMATIVE, Mode.GRADED]))
    release = draw(st.sampled_from([Release.AT_ONCE, Release.AT_CLOSE, Release.BY_TRAINER]))
    return Quiz(
        title=draw(TITLES),
        minutes=draw(st.integers(1, 600)),
        mode=mode,
        questions=tuple(question for question, _ in pairs),
        keys=tuple(key for _, key in pairs),
        attempts=draw(st.integers(0, 20)),
        pass_percent=draw(st.integers(0, 100)),
        release=release if mode is Mode.GRADED else Release.AT_ONCE,
        shuffle=draw(st.booleans()),
        introduction=draw(BLOCKS | st.just(())),
    )


LESSONS = st.builds(
    lambda title, minutes, blocks, objectives: Lesson(
        title=title, minutes=minutes, blocks=blocks, objectives=objectives
    ),
    TITLES,
    st.integers(1, 600),
    BLOCKS,
    TEXTS,
)


@st.composite
def courses(draw: st.DrawFn) -> CourseText:
    ids = draw(st.lists(IDS, min_size=7, max_size=7, unique=True))
    drafts = draw(st.lists(LESSONS | quizzes(), min_size=2, max_size=4))
    named = dict(zip(ids, drafts, strict=False))
    activities = list(named)
    modules = tuple(
        Module(id=identity, title=draw(TITLES), week=draw(st.integers(1, 60)), activities=part, objectives=draw(TEXTS))
        for identity, part in ((ids[4], tuple(activities[:1])), (ids[5], tuple(activities[1:])))
    )
    course = Course(
        title=draw(TITLES),
        language=draw(st.sampled_from(["fr", "en"])),
        summary=draw(LINES),
        modules=modules,
        colour=draw(st.sampled_from(sorted(COLOURS))),
        objectives=draw(TEXTS),
        prerequisites=draw(LINES),
        technical_contact=draw(LINES),
        pedagogical_contact=draw(LINES),
        presentation=draw(BLOCKS | st.just(())),
    )
    return CourseText(
        course_id=ids[6],
        course=course,
        lessons={identity: draft for identity, draft in named.items() if isinstance(draft, Lesson)},
        quizzes={identity: draft for identity, draft in named.items() if isinstance(draft, Quiz)},
    )


@given(courses())
def test_any_course_written_as_a_folder_is_read_back_the_same(text: CourseText) -> None:
    with TemporaryDirectory() as made:
        write_folder(text, Path(made))
        assert understood(read_folder(Path(made))) == text


def test_a_folder_read_written_and_read_again_says_the_same(tmp_path: Path) -> None:
    text = understood(read_with(tmp_path / "a", {}))
    write_folder(text, tmp_path / "b")
    assert understood(read_folder(tmp_path / "b")) == text


@pytest.mark.parametrize(
    "answers",
    ["{#q type=multiple}\n\n- [x] un\n- [ ] deux", "{#q type=text}\n\n= 33700", "{#q type=text}\n\n= vrai\n= exact"],
)
def test_a_type_that_the_answers_do_not_show_is_written_out(tmp_path: Path, answers: str) -> None:
    text = understood(read_with(tmp_path / "a", {QUIZ_FILE: f"{QUIZ_HEADER}\n## Question ?\n{answers}\n"}))
    write_folder(text, tmp_path / "b")
    assert understood(read_folder(tmp_path / "b")) == text


def test_names_made_from_titles_are_plain_and_no_two_alike(tmp_path: Path) -> None:
    lesson = Lesson(title="L’œuvre d’été : où ?", minutes=5, blocks=read_markdown("a").blocks)
    module = Module(id=bytes(15) + b"m", title="日本語", week=1, activities=(bytes(15) + b"1", bytes(15) + b"2"))
    course = Course(title="T", language="fr", summary="", modules=(module,))
    text = CourseText(bytes(15) + b"c", course, dict.fromkeys(module.activities, lesson), {})
    assert list(folder_texts(text)) == [
        "course.md",
        "01-sans-titre/module.md",
        "01-sans-titre/10-l-oeuvre-d-ete-ou.md",
        "01-sans-titre/20-l-oeuvre-d-ete-ou-2.md",
    ]


def test_nothing_is_written_over_what_lies_there(tmp_path: Path) -> None:
    text = understood(read_with(tmp_path, {}))
    with pytest.raises(FolderNotEmpty):
        write_folder(text, tmp_path)


def test_a_course_without_the_text_of_an_activity_is_not_written(tmp_path: Path) -> None:
    text = understood(read_with(tmp_path / "a", {}))
    with pytest.raises(ActivityMissing):
        write_folder(CourseText(text.course_id, text.course, {}, text.quizzes), tmp_path / "b")
    assert not (tmp_path / "b").exists()
