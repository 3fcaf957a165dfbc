"""Questions as an author types them, into the face and the key of each (format: docs/guides/course_folder)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from spoc_desktop.interchange.problems import FileReport, ProblemKind
from spoc_desktop.interchange.question_lines import Box, Line, QuestionLines, cut_question, split_questions
from sync.content.markdown import read_markdown
from sync.content.media import NO_FILES, Files
from sync.content.reading import text_of_spans
from sync.domain.blocks import Block, Callout, Heading, Paragraph, Quote, Span
from sync.domain.grading import folded
from sync.domain.ids import derived
from sync.domain.quizzes import FALSE, TRUE, Key, Option, OptionFeedback, Question, QuestionType

MAX_QUESTIONS = 100
MAX_OPTIONS = 12
MAX_ANSWERS = 20
MAX_ANSWER = 200
MAX_POINTS = 100

TYPES = {
    "single": QuestionType.SINGLE,
    "multiple": QuestionType.MULTIPLE,
    "truefalse": QuestionType.TRUE_FALSE,
    "text": QuestionType.SHORT_TEXT,
    "number": QuestionType.NUMERIC,
}
TRUTHS = {"true": TRUE, "vrai": TRUE, "false": FALSE, "faux": FALSE}
_CHOICES = {QuestionType.SINGLE, QuestionType.MULTIPLE}
_ATTRIBUTES = ("#slug", "type", "points")

# An id that no name gives: a question made in the window keeps it through export and import.
_RAW_ID = re.compile(r"id-([0-9a-f]{32})")
_AMOUNT = r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_NUMBER = re.compile(
    rf"(?P<value>[+\-\u2212]?(?:{_AMOUNT}))"
    rf"(?:[ \u00a0\u202f]*(?:±|\+/?-)[ \u00a0\u202f]*(?P<tolerance>{_AMOUNT}))?"
    r"(?:(?:[ \u00a0\u202f]+|(?=[%°€]))(?P<unit>[^\d\s±=][^±=]{0,29}))?"
)
_LONGEST_NUMBER = 16


@dataclass(frozen=True, slots=True)
class QuizText:
    """What the text of a quiz says: blocks before the first question, faces and keys in the same order."""

    introduction: tuple[Block, ...]
    questions: tuple[Question, ...]
    keys: tuple[Key, ...]


def read_questions(body: str, first_line: int, activity: bytes, here: FileReport, files: Files = NO_FILES) -> QuizText:
    """Read all questions of a quiz whose text begins at `first_line`; every problem goes to the report."""
    written, groups = split_questions(body, first_line)
    introduction = read_markdown(written, first_line=first_line, headings=(), files=files)
    here.add_troubles(introduction.troubles)
    if not groups:
        here.add(first_line, ProblemKind.NO_QUESTION)
    if len(groups) > MAX_QUESTIONS:
        here.add(groups[MAX_QUESTIONS][0][0], ProblemKind.TOO_MANY_QUESTIONS, expected=str(MAX_QUESTIONS))
        groups = groups[:MAX_QUESTIONS]
    read = [_QuestionReader(cut_question(lines, here), here, files) for lines in groups]
    slugs: set[str] = set()
    pairs = [each.question(place, activity, slugs) for place, each in enumerate(read, 1)]
    return QuizText(introduction.blocks, tuple(face for face, _ in pairs), tuple(key for _, key in pairs))


@dataclass(slots=True)
class _QuestionReader:
    lines: QuestionLines
    here: FileReport
    files: Files

    def question(self, place: int, activity: bytes, slugs: set[str]) -> tuple[Question, Key]:
        identity = self.identity(place, activity, slugs)
        points = self.points()
        stem = self.stem()
        kind = self.kind()
        options, feedback = self.options() if kind in _CHOICES else ((), ())
        value, tolerance, unit = self.number() if kind is QuestionType.NUMERIC else (0.0, 0.0, "")
        key = Key(
            question=identity,
            right=self.right(kind),
            accepted=self.accepted() if kind is QuestionType.SHORT_TEXT else (),
            value=value,
            tolerance=tolerance,
            feedback=feedback,
            explanation=self.explanation(),
        )
        if not key.explanation and len(feedback) < max(1, len(options)):
            self.here.add(self.lines.number, ProblemKind.NO_EXPLANATION)
        face = Question(id=identity, type=kind, stem=stem, options=options, unit=unit, points=points)
        return face, key

    def identity(self, place: int, activity: bytes, slugs: set[str]) -> bytes:
        for name in self.lines.attributes:
            if name not in ("slug", "type", "points"):
                self.here.add(self.lines.attributes_line, ProblemKind.ATTRIBUTE_UNKNOWN, name, ", ".join(_ATTRIBUTES))
        slug = self.lines.attributes.get("slug")
        if slug is None:
            slug = f"q{place}"
            self.here.add(self.lines.number, ProblemKind.QUESTION_SLUG_MISSING, expected=f"{{#{slug}}}")
        if slug in slugs:
            self.here.add(self.lines.attributes_line or self.lines.number, ProblemKind.QUESTION_SLUG_TAKEN, slug)
        slugs.add(slug)
        raw = _RAW_ID.fullmatch(slug)
        return bytes.fromhex(raw[1]) if raw else derived(activity, slug)

    def points(self) -> int:
        written = self.lines.attributes.get("points", "1")
        if re.fullmatch(r"[1-9]\d{0,2}", written) and int(written) <= MAX_POINTS:
            return int(written)
        self.here.add(self.lines.attributes_line, ProblemKind.VALUE_NUMBER, "points", f"1–{MAX_POINTS}")
        return 1

    def stem(self) -> tuple[Block, ...]:
        first = self.lines.stem[0][0] if self.lines.stem else self.lines.number
        heading = read_markdown(self.lines.heading, first_line=self.lines.number, headings=(2,))
        below = read_markdown(
            "\n".join(line for _, line in self.lines.stem), first_line=first, headings=(), files=self.files
        )
        self.here.add_troubles((*heading.troubles, *below.troubles))
        asked = (Paragraph(spans=block.spans) for block in heading.blocks if isinstance(block, Heading))
        stem = (*asked, *below.blocks)
        if not stem:
            self.here.add(self.lines.number, ProblemKind.NO_STEM)
        return stem

    def kind(self) -> QuestionType:
        """The type that the author named, else the one that the answers show."""
        lines = self.lines
        shown = self.kind_shown()
        named = lines.attributes.get("type")
        if lines.boxes and lines.answers:
            self.here.add(max(lines.boxes[-1].number, lines.answers[-1][0]), ProblemKind.MIXED_ANSWERS)
        elif not lines.boxes and not lines.answers:
            self.here.add(lines.number, ProblemKind.NO_ANSWER)
        if named is None:
            return shown
        if named not in TYPES:
            self.here.add(lines.attributes_line, ProblemKind.VALUE_CHOICE, "type", ", ".join(TYPES))
            return shown
        if (TYPES[named] in _CHOICES) != (shown in _CHOICES):
            self.here.add(lines.attributes_line, ProblemKind.TYPE_MISMATCH, named)
            return shown
        return TYPES[named]

    def kind_shown(self) -> QuestionType:
        if self.lines.boxes or not self.lines.answers:
            ticked = sum(box.ticked for box in self.lines.boxes)
            return QuestionType.MULTIPLE if ticked > 1 else QuestionType.SINGLE
        return type_of_answers([text.strip() for _, text in self.lines.answers])

    def options(self) -> tuple[tuple[Option, ...], tuple[OptionFeedback, ...]]:
        boxes = self.lines.boxes
        if not 2 <= len(boxes) <= MAX_OPTIONS and boxes:
            self.here.add(boxes[0].number, ProblemKind.OPTION_COUNT, str(len(boxes)), f"2–{MAX_OPTIONS}")
        options, feedback, seen = [], [], set()
        for number, box in enumerate(boxes, 1):
            text, remarks = self.option(box)
            shown = text_of_spans(text).casefold()
            if shown in seen:
                self.here.add(box.number, ProblemKind.OPTION_TWICE, shown)
            seen.add(shown)
            options.append(Option(number=number, text=text))
            if remarks:
                feedback.append(OptionFeedback(option=number, blocks=remarks))
        return tuple(options), tuple(feedback)

    def option(self, box: Box) -> tuple[tuple[Span, ...], tuple[Block, ...]]:
        reading = read_markdown("\n".join(box.lines), first_line=box.number, headings=(), files=self.files)
        self.here.add_troubles(reading.troubles)
        match reading.blocks:
            case (Paragraph(spans=spans),):
                return spans, ()
            case (Paragraph(spans=spans), Quote(blocks=blocks)):
                return spans, blocks
            case (Paragraph(spans=spans), Callout() as callout):
                return spans, (callout,)
            case _:
                self.here.add(box.number, ProblemKind.OPTION_SHAPE)
                return (), ()

    def right(self, kind: QuestionType) -> tuple[int, ...]:
        if kind is QuestionType.TRUE_FALSE:
            return self.truth()
        ticked = [number for number, box in enumerate(self.lines.boxes, 1) if box.ticked]
        if kind not in _CHOICES or not self.lines.boxes:
            return ()
        if not ticked:
            self.here.add(self.lines.boxes[0].number, ProblemKind.NO_RIGHT_OPTION)
        if kind is QuestionType.SINGLE and len(ticked) > 1:
            self.here.add(self.lines.boxes[ticked[1] - 1].number, ProblemKind.SEVERAL_RIGHT_OPTIONS)
        return tuple(ticked)

    def truth(self) -> tuple[int, ...]:
        line, word = self.only_answer()
        if word.casefold() not in TRUTHS:
            self.here.add(line, ProblemKind.NOT_TRUE_FALSE, word)
            return ()
        return (TRUTHS[word.casefold()],)

    def number(self) -> tuple[float, float, str]:
        line, word = self.only_answer()
        found = _NUMBER.fullmatch(word)
        if found is None or max(len(found["value"]), len(found["tolerance"] or "")) > _LONGEST_NUMBER:
            self.here.add(line, ProblemKind.NOT_A_NUMBER, word)
            return 0.0, 0.0, ""
        return _float(found["value"]), _float(found["tolerance"] or "0"), (found["unit"] or "").strip()

    def only_answer(self) -> Line:
        for line, word in self.lines.answers[1:]:
            self.here.add(line, ProblemKind.ONE_ANSWER_ONLY, word)
        line, word = self.lines.answers[0]
        return line, word.strip()

    def accepted(self) -> tuple[str, ...]:
        for line, word in self.lines.answers:
            if not folded(word):
                self.here.add(line, ProblemKind.ANSWER_EMPTY)
            elif len(word) > MAX_ANSWER:
                self.here.add(line, ProblemKind.VALUE_LONG, word, str(MAX_ANSWER))
        if len(self.lines.answers) > MAX_ANSWERS:
            self.here.add(self.lines.answers[MAX_ANSWERS][0], ProblemKind.VALUE_NOT_LIST, "=", str(MAX_ANSWERS))
        return tuple(word.strip() for _, word in self.lines.answers)

    def explanation(self) -> tuple[Block, ...]:
        if not self.lines.explanation:
            return ()
        first = self.lines.explanation[0][0]
        text = "\n".join(line for _, line in self.lines.explanation)
        reading = read_markdown(text, first_line=first, headings=(), files=self.files)
        self.here.add_troubles(reading.troubles)
        match reading.blocks:
            case (Quote(blocks=blocks),):
                return blocks
            case (Callout() as callout,):
                return (callout,)
            case _:
                self.here.add(first, ProblemKind.EXPLANATION_SHAPE)
                return ()


def type_of_answers(words: Sequence[str]) -> QuestionType:
    """The type that `= ` lines show where the author names none."""
    if words and words[0].casefold() in TRUTHS:
        return QuestionType.TRUE_FALSE
    return QuestionType.NUMERIC if all(map(_NUMBER.fullmatch, words)) else QuestionType.SHORT_TEXT


def _float(written: str) -> float:
    return float(re.sub(r"[ \u00a0\u202f]", "", written).replace(",", ".").replace("\u2212", "-"))


def number_text(value: float, tolerance: float, unit: str) -> str:
    """A number with its tolerance and unit as `read_questions` reads it back, without an exponent."""
    parts: Sequence[str] = (_decimal(value), f"± {_decimal(tolerance)}" if tolerance else "", unit)
    return " ".join(filter(None, parts))


def _decimal(value: float) -> str:
    text = format(Decimal(repr(value)), "f")
    return text.removesuffix(".0")
