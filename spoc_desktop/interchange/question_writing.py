"""Questions and their keys as text that `question_text` reads back."""

from __future__ import annotations

from collections.abc import Sequence

from spoc_desktop.interchange.question_text import TRUTHS, TYPES, number_text, type_of_answers
from sync.content.markdown_writing import write_markdown
from sync.content.span_writing import escaped_start, write_spans
from sync.domain.blocks import Block, Heading, Paragraph, Quote
from sync.domain.ids import derived
from sync.domain.quizzes import Key, Question, QuestionType

_TYPE_WORDS = {kind: word for word, kind in TYPES.items()}
_TRUTH_WORDS = {value: word for word, value in TRUTHS.items() if word in ("true", "false")}


def write_questions(questions: Sequence[Question], keys: Sequence[Key], activity: bytes) -> list[str]:
    """The text of each question, in order. The name behind an id is not kept: the id itself stands for it."""
    key_of = {key.question: key for key in keys}
    return [
        _question(question, key_of.get(question.id) or Key(question=question.id), _slug(question.id, activity, place))
        for place, question in enumerate(questions, 1)
    ]


def _slug(identity: bytes, activity: bytes, place: int) -> str:
    by_place = f"q{place}"
    return by_place if derived(activity, by_place) == identity else f"id-{identity.hex()}"


def _question(question: Question, key: Key, slug: str) -> str:
    attributes = [f"#{slug}"]
    if _must_name_type(question, key):
        attributes.append(f"type={_TYPE_WORDS[question.type]}")
    if question.points != 1:
        attributes.append(f"points={question.points}")
    heading, rest = _heading(question.stem)
    parts = [f"{heading}\n{{{' '.join(attributes)}}}", rest, _answers(question, key)]
    if key.explanation:
        parts.append(write_markdown((Quote(blocks=key.explanation),)))
    return "\n\n".join(filter(None, parts))


def _must_name_type(question: Question, key: Key) -> bool:
    if question.type is QuestionType.MULTIPLE:
        return len(key.right) <= 1
    return question.type is QuestionType.SHORT_TEXT and type_of_answers(key.accepted) is not QuestionType.SHORT_TEXT


def _heading(stem: tuple[Block, ...]) -> tuple[str, str]:
    """The first line of a question, and what follows below its attributes."""
    match stem:
        case (Paragraph(spans=spans), *rest):
            return write_markdown((Heading(level=2, spans=spans),)), write_markdown(rest)
        case _:
            return "##", write_markdown(stem)


def _answers(question: Question, key: Key) -> str:
    match question.type:
        case QuestionType.TRUE_FALSE:
            return "\n".join(f"= {_TRUTH_WORDS[number]}" for number in key.right)
        case QuestionType.SHORT_TEXT:
            return "\n".join(f"= {text}" for text in key.accepted)
        case QuestionType.NUMERIC:
            return f"= {number_text(key.value, key.tolerance, question.unit)}"
    remarks = {feedback.option: feedback.blocks for feedback in key.feedback}
    lines: list[str] = []
    for option in question.options:
        box = "[x]" if option.number in key.right else "[ ]"
        lines.append(f"- {box} {escaped_start(write_spans(option.text, line_break='<br>'))}")
        if option.number in remarks:
            quote = write_markdown((Quote(blocks=remarks[option.number]),))
            lines.extend(f"  {line}" for line in quote.split("\n"))
    return "\n".join(lines)
