"""Each type of question as an author types it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync.content.reading import plain_text, text_of_spans
from sync.domain.grading import is_right
from sync.domain.ids import derived
from sync.domain.quizzes import Answer, Key, Question, QuestionType, Quiz
from tests.unit.interchange.course_files import QUIZ_FILE, QUIZ_HEADER, read_with, understood, warnings


def quiz_of(folder: Path, body: str) -> Quiz:
    (quiz,) = understood(read_with(folder, {QUIZ_FILE: QUIZ_HEADER + body})).quizzes.values()
    return quiz


def question_of(folder: Path, body: str) -> tuple[Question, Key]:
    quiz = quiz_of(folder, f"\n{body}\n\n> Parce que.\n")
    return quiz.questions[0], quiz.keys[0]


def says(question: Question, key: Key, text: str) -> bool:
    return is_right(question, key, Answer(question=question.id, text=text))


def test_one_tick_is_a_single_choice_with_a_remark_for_each_answer(tmp_path: Path) -> None:
    body = "## Quel geste ?\n{#geste}\n\n- [ ] cliquer\n  > Non,\n  > jamais.\n- [x] **vérifier**\n  > Oui."
    question, key = question_of(tmp_path, body)
    assert question.type is QuestionType.SINGLE
    assert plain_text(question.stem) == "Quel geste ?"
    assert [(option.number, text_of_spans(option.text)) for option in question.options] == [
        (1, "cliquer"),
        (2, "vérifier"),
    ]
    assert key.right == (2,)
    assert [(each.option, plain_text(each.blocks)) for each in key.feedback] == [(1, "Non, jamais."), (2, "Oui.")]
    assert plain_text(key.explanation) == "Parce que."
    assert key.question == question.id


def test_several_ticks_are_a_multiple_choice(tmp_path: Path) -> None:
    question, key = question_of(tmp_path, "## Lesquels ?\n{#q}\n\n- [x] un\n- [X] deux\n- [ ] trois")
    assert (question.type, key.right) == (QuestionType.MULTIPLE, (1, 2))


def test_one_right_answer_may_be_asked_as_a_multiple_choice(tmp_path: Path) -> None:
    question, _ = question_of(tmp_path, "## Lesquels ?\n{#q type=multiple points=3}\n\n- [x] un\n- [ ] deux")
    assert (question.type, question.points) == (QuestionType.MULTIPLE, 3)


@pytest.mark.parametrize(("word", "right"), [("true", 1), ("False", 0), ("vrai", 1), ("FAUX", 0)])
def test_true_and_false_are_known_in_both_languages(tmp_path: Path, word: str, right: int) -> None:
    question, key = question_of(tmp_path, f"## Est-ce vrai ?\n{{#q}}\n\n= {word}")
    assert (question.type, key.right, question.options) == (QuestionType.TRUE_FALSE, (right,), ())


def test_lines_with_an_equals_sign_are_accepted_texts(tmp_path: Path) -> None:
    question, key = question_of(tmp_path, "## Comment ?\n{#q}\n\n= hameçonnage\n= le phishing")
    assert (question.type, key.accepted) == (QuestionType.SHORT_TEXT, ("hameçonnage", "le phishing"))
    assert says(question, key, "HAMECONNAGE")
    assert not says(question, key, "pêche")


@pytest.mark.parametrize(
    ("line", "value", "tolerance", "unit"),
    [
        ("12 ± 0.5 km", 12, 0.5, "km"),
        ("12,5±0,25 m²", 12.5, 0.25, "m²"),
        ("14 caractères", 14, 0, "caractères"),
        ("-3 +- 1", -3, 1, ""),
        ("−3 +/- 1 °C", -3, 1, "°C"),
        ("80 %", 80, 0, "%"),
        ("50%", 50, 0, "%"),
        ("1 500 ± 1 000 €", 1500, 1000, "€"),
        ("1\u202f500 km/h", 1500, 0, "km/h"),
        ("2026", 2026, 0, ""),
    ],
)
def test_a_number_has_a_tolerance_and_a_unit(
    tmp_path: Path, line: str, value: float, tolerance: float, unit: str
) -> None:
    question, key = question_of(tmp_path, f"## Combien ?\n{{#q}}\n\n= {line}")
    assert question.type is QuestionType.NUMERIC
    assert (key.value, key.tolerance, question.unit) == (value, tolerance, unit)
    assert says(question, key, f"{value + tolerance} {unit}")
    assert not says(question, key, f"{value + tolerance + 1} {unit}")


@pytest.mark.parametrize("line", ["33700", "true", "17"])
def test_a_text_that_looks_like_another_type_says_so(tmp_path: Path, line: str) -> None:
    question, key = question_of(tmp_path, f"## Quel numéro ?\n{{#q type=text}}\n\n= {line}")
    assert (question.type, key.accepted) == (QuestionType.SHORT_TEXT, (line,))


@pytest.mark.parametrize("line", ["17Cyber", "12/05", "un ± deux", "1,2,3"])
def test_what_is_no_number_is_a_text(tmp_path: Path, line: str) -> None:
    question, _ = question_of(tmp_path, f"## Quoi ?\n{{#q}}\n\n= {line}")
    assert question.type is QuestionType.SHORT_TEXT


def test_a_stem_may_hold_a_message_a_list_and_code_that_looks_like_answers(tmp_path: Path) -> None:
    body = (
        "## Que dit ce message ?\n{#q}\n\n> Bonjour\n\n- un indice\n- un autre\n\n"
        "```\n## pas une question\n- [x] pas une réponse\n= pas un texte\n```\n\n- [x] oui\n- [ ] non"
    )
    question, key = question_of(tmp_path, body)
    assert len(question.stem) == 4
    assert "- [x] pas une réponse" in plain_text(question.stem)
    assert (len(question.options), key.right) == (2, (1,))


def test_a_stem_may_begin_below_an_empty_heading(tmp_path: Path) -> None:
    question, _ = question_of(tmp_path, "##\n{#q}\n\n```\ncode\n```\n\n= oui")
    assert plain_text(question.stem) == "code"


def test_names_keep_ids_when_questions_move(tmp_path: Path) -> None:
    one, two = "## Un ?\n{#un}\n\n= a\n\n> x\n", "## Deux ?\n{#deux}\n\n= b\n\n> y\n"
    before = {question.id for question in quiz_of(tmp_path / "a", f"\n{one}\n{two}").questions}
    after = {question.id for question in quiz_of(tmp_path / "b", f"\n{two}\n{one}").questions}
    assert before == after


def test_a_question_without_a_name_is_known_by_its_place_and_says_so(tmp_path: Path) -> None:
    body = "\n## Sans nom ?\n\n= oui\n\n> Voilà.\n"
    quiz = quiz_of(tmp_path, body)
    (activity,) = understood(read_with(tmp_path, {})).quizzes
    assert quiz.questions[0].id == derived(activity, "q1")
    assert warnings(tmp_path, {QUIZ_FILE: QUIZ_HEADER + body}) == [(QUIZ_FILE, 8, "question-slug-missing")]


def test_a_question_that_explains_nothing_is_named(tmp_path: Path) -> None:
    body = "\n## Un ?\n{#q}\n\n- [x] oui\n  > Oui.\n- [ ] non\n"
    assert warnings(tmp_path / "a", {QUIZ_FILE: QUIZ_HEADER + body}) == [(QUIZ_FILE, 8, "no-explanation")]
    assert warnings(tmp_path / "b", {QUIZ_FILE: QUIZ_HEADER + body + "  > Non.\n"}) == []
