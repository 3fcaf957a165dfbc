"""A course of MDX pages and TypeScript quizzes into our drafts, by the public readers, with all that was not taken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from spoc_desktop.interchange.course_folder import CourseText
from sync.content.html import read_html
from sync.content.markdown import read_markdown
from sync.content.reading import plain_text, word_count
from sync.content.troubles import Reading, Trouble
from sync.domain.blocks import Block, Paragraph, Span, Text
from sync.domain.courses import Course, Lesson, Module
from sync.domain.exercises import Exercise
from sync.domain.ids import derived
from sync.domain.quizzes import Key, Mode, Option, OptionFeedback, Question, QuestionType, Quiz
from tests.integration.imports.script_literals import literal_after

COURSE_ID = b"a foreign course"
QUIZ_MARK = "QuizData = {"
NOT_TAKEN = ("questionType", "messageForCorrectAnswer", "messageForIncorrectAnswer", "difficulty")
_FENCE = re.compile(r"\s*(?:```|~~~)")
# Braces make a component a program's, which no HTML parser knows for a tag: it would be shown as it stands.
_COMPONENT = re.compile(r"\s*<[A-Z]\w*[^>]*\{.*")
_HEADING = re.compile(r"(#{1,6}) +(.*)")


@dataclass
class Taken:
    """The drafts, and by file what they could not hold: troubles of texts, keys of questions, whole pages."""

    text: CourseText
    troubles: dict[str, tuple[Trouble, ...]] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)
    components: dict[str, list[str]] = field(default_factory=dict)


def take(root: Path) -> Taken:
    """Each folder at the top is a module, each page of it a lesson, an exercise or a quiz."""
    taken = Taken(CourseText(COURSE_ID, Course(title="", language="fr", summary="", modules=()), {}, {}))
    modules = []
    for week, folder in enumerate(sorted(path for path in root.iterdir() if path.is_dir()), 1):
        activities = tuple(_activities(root, folder, taken))
        modules.append(Module(id=_id(folder.name), title=folder.name, week=week, activities=activities))
    taken.pages += [path.name for path in sorted(root.glob("*.mdx"))]
    course = Course(title="Cours repris", language="fr", summary="", modules=tuple(modules))
    taken.text = CourseText(COURSE_ID, course, taken.text.lessons, taken.text.quizzes, taken.text.exercises)
    return taken


def _id(path: str) -> bytes:
    return derived(COURSE_ID, path)


def _activities(root: Path, folder: Path, taken: Taken) -> Iterator[bytes]:
    for path in sorted(folder.rglob("*.mdx")):
        name = str(path.relative_to(root))
        identity = _id(name)
        quiz = path.parent / "quizzData.tsx"
        if quiz.exists():
            taken.text.quizzes[identity] = _quiz(quiz, str(quiz.relative_to(root)), identity, taken)
        elif path.name != "page.mdx" or not _page(path, name, identity, taken):
            taken.pages.append(name)
            continue
        yield identity


def _page(path: Path, name: str, identity: bytes, taken: Taken) -> bool:
    """A lesson or an exercise; False where a page shows nothing but components."""
    title, reading = read_page(path)
    taken.troubles[name] = reading.troubles
    taken.components[name] = components(path)
    if not reading.blocks:
        return False
    minutes = max(1, word_count(reading.blocks) // 150)
    if "exercices" in path.parts:
        taken.text.exercises[identity] = Exercise(title=title, minutes=minutes, brief=reading.blocks, criteria=())
    else:
        taken.text.lessons[identity] = Lesson(title=title, minutes=minutes, blocks=reading.blocks)
    return True


def read_page(path: Path) -> tuple[str, Reading]:
    """The title of a page and its blocks; its lines keep their numbers."""
    title, lines, fenced = "", [], False
    for line in without_header(path.read_text(encoding="utf-8")).split("\n"):
        fenced ^= bool(_FENCE.match(line))
        heading = None if fenced else _HEADING.fullmatch(line)
        if not fenced and (re.match(r"(?:import|export) ", line) or _COMPONENT.fullmatch(line)):
            lines.append("")
        elif heading and len(heading[1]) == 1 and not title:
            title = heading[2]
            lines.append("")
        elif heading:
            lines.append(f"{'#' * min(4, max(2, len(heading[1])))} {heading[2]}")
        else:
            lines.append(line)
    spans = read_markdown(title, headings=()).blocks
    shown = plain_text(spans) if spans else path.parent.name
    return shown[:200], read_markdown("\n".join(lines))


def components(path: Path) -> list[str]:
    """The lines of a page that are a program's and not a text's."""
    lines, fenced = [], False
    for line in path.read_text(encoding="utf-8").split("\n"):
        fenced ^= bool(_FENCE.match(line))
        if not fenced and _COMPONENT.fullmatch(line):
            lines.append(line)
    return lines


def without_header(text: str) -> str:
    """The page without its keys, which become empty lines."""
    found = re.match(r"---\n.*?\n---\n", text, re.DOTALL)
    return "\n" * found[0].count("\n") + text[found.end() :] if found else text


def _quiz(path: Path, name: str, identity: bytes, taken: Taken) -> Quiz:
    data = literal_after(path.read_text(encoding="utf-8"), QUIZ_MARK)
    introduction = read_html(data["quizSynopsis"])
    taken.troubles[name] = introduction.troubles
    taken.keys[name] = [key for each in data["questions"] for key in NOT_TAKEN if key in each]
    pairs = [_question(each, derived(identity, str(place))) for place, each in enumerate(data["questions"])]
    return Quiz(
        title=" ".join(data["quizTitle"].split()),
        minutes=len(pairs),
        mode=Mode.FORMATIVE,
        questions=tuple(question for question, _ in pairs),
        keys=tuple(key for _, key in pairs),
        introduction=introduction.blocks,
    )


def _question(data: dict[str, Any], identity: bytes) -> tuple[Question, Key]:
    helps = data.get("helpMessages", {})
    feedback = tuple(
        OptionFeedback(option=place + 1, blocks=_words(helps[str(place)]))
        for place in range(len(data["answers"]))
        if str(place) in helps
    )
    question = Question(
        id=identity,
        type=QuestionType.SINGLE if len(data["correctAnswer"]) == 1 else QuestionType.MULTIPLE,
        stem=_words(data["question"]),
        options=tuple(Option(number=place, text=_line(text)) for place, text in enumerate(data["answers"], 1)),
        points=data["point"],
    )
    right = tuple(sorted(data["correctAnswer"]))
    return question, Key(question=identity, right=right, feedback=feedback, explanation=_words(data["explanation"]))


def _line(text: str) -> tuple[Span, ...]:
    return (Text(text=" ".join(text.split())),)


def _words(text: str) -> tuple[Block, ...]:
    return (Paragraph(spans=_line(text)),)
