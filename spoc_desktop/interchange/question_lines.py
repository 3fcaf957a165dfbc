"""The text of a quiz cut into questions, and each into heading, attributes, stem, answers and explanation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from spoc_desktop.interchange.problems import FileReport, ProblemKind

# Only a fence at the margin can hide a line that begins at the margin.
_FENCE_OPENS = re.compile(r"(`{3,}|~{3,})")
_FENCE_CLOSES = re.compile(r" {0,3}(`{3,}|~{3,}) *")
_HEADING = re.compile(r"##(?: |$)")
_ATTRIBUTES = re.compile(r"\{(.*)\}\s*")
_SLUG = re.compile(r"#([a-z0-9]+(?:-[a-z0-9]+)*)")
_BOX = re.compile(r"[-*+] \[(.?)\](?: |$)(.*)")
_ANSWER = re.compile(r"=(?: +|$)(.*)")

Line = tuple[int, str]
"""A line with its number in the file."""


@dataclass(slots=True)
class Box:
    """One `- [x]` with the lines under it; `ticked` says that it is right."""

    number: int
    ticked: bool
    lines: list[str]


@dataclass(slots=True)
class QuestionLines:
    """One question as it stands in the file."""

    number: int
    heading: str
    attributes: dict[str, str] = field(default_factory=dict)
    attributes_line: int = 0
    stem: list[Line] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    answers: list[Line] = field(default_factory=list)
    explanation: list[Line] = field(default_factory=list)


def split_questions(body: str, first_line: int) -> tuple[str, list[list[Line]]]:
    """The introduction before the first question, and each question's lines from its `## ` on."""
    introduction: list[str] = []
    questions: list[list[Line]] = []
    for number, line, in_code in _with_fences(body.split("\n"), first_line):
        if _HEADING.match(line) and not in_code:
            questions.append([])
        if questions:
            questions[-1].append((number, line))
        else:
            introduction.append(line)
    return "\n".join(introduction), questions


def cut_question(lines: Sequence[Line], here: FileReport) -> QuestionLines:
    """Sort the lines of a question; a line that stands where none may stand is reported."""
    number, heading = lines[0]
    found = QuestionLines(number, heading)
    rest = list(lines[1:])
    while rest and not rest[0][1].strip():
        rest.pop(0)
    if rest and rest[0][1].startswith("{"):
        _read_attributes(rest.pop(0), found, here)
    cutter = _Cutter(found, here)
    for (at, line), in_code in zip(rest, _codes(rest), strict=True):
        cutter.take(at, line, in_code=in_code)
    return found


def _with_fences(lines: Sequence[str], first_line: int) -> list[tuple[int, str, bool]]:
    numbered = list(enumerate(lines, first_line))
    return [(number, line, code) for (number, line), code in zip(numbered, _codes(numbered), strict=True)]


def _codes(lines: Sequence[Line]) -> list[bool]:
    """For each line whether it is inside a fenced code, where `##` and `- [x]` are only characters."""
    inside, fence = [], ""
    for _, line in lines:
        inside.append(bool(fence))
        opens, closes = _FENCE_OPENS.match(line), _FENCE_CLOSES.fullmatch(line)
        if not fence:
            fence = opens[1] if opens else ""
        elif closes and closes[1].startswith(fence):
            fence = ""
    return inside


def _read_attributes(line: Line, found: QuestionLines, here: FileReport) -> None:
    number, text = line
    found.attributes_line = number
    inside = _ATTRIBUTES.fullmatch(text)
    for word in inside[1].split() if inside else []:
        slug = _SLUG.fullmatch(word)
        key, equals, value = ("slug", "=", slug[1]) if slug else word.partition("=")
        if not equals or not value or key in found.attributes or (key == "slug" and not slug):
            here.add(number, ProblemKind.ATTRIBUTES, word)
        else:
            found.attributes[key] = value
    if inside is None or not inside[1].strip():
        here.add(number, ProblemKind.ATTRIBUTES, text)


@dataclass(slots=True)
class _Cutter:
    """Takes the lines below a question's attributes one by one."""

    found: QuestionLines
    here: FileReport

    def take(self, number: int, line: str, *, in_code: bool) -> None:
        box = None if in_code else _BOX.fullmatch(line)
        answer = None if in_code else _ANSWER.fullmatch(line)
        found = self.found
        if found.explanation:
            self._take_explanation(number, line)
        elif box is not None:
            self._take_box(number, box)
        elif answer is not None:
            found.answers.append((number, answer[1]))
        elif not found.boxes and not found.answers:
            found.stem.append((number, line))
        elif line.startswith(">"):
            found.explanation.append((number, line))
        elif found.boxes and line.startswith("  "):
            found.boxes[-1].lines.append(line[2:])
        elif not line.strip():
            self._keep_line_numbers()
        else:
            self.here.add(number, ProblemKind.AFTER_ANSWERS, line)

    def _take_explanation(self, number: int, line: str) -> None:
        if line.startswith(">") or not line.strip():
            self.found.explanation.append((number, line))
        else:
            self.here.add(number, ProblemKind.AFTER_ANSWERS, line)

    def _take_box(self, number: int, box: re.Match[str]) -> None:
        if box[1] not in (" ", "x", "X"):
            self.here.add(number, ProblemKind.TICK, box[0])
        self.found.boxes.append(Box(number, box[1] in ("x", "X"), [box[2]]))

    def _keep_line_numbers(self) -> None:
        if self.found.boxes:
            self.found.boxes[-1].lines.append("")
