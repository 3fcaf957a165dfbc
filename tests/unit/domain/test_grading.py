"""How answers become points."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.domain.blocks import Paragraph, Text
from sync.domain.grading import folded, grade, is_right, points_of, read_number
from sync.domain.quizzes import Answer, Attempt, Key, Mode, Option, Question, QuestionType, QuizEdition

STEM = (Paragraph(spans=(Text(text="?"),)),)
ID = b"q" * 16


def question(type_: QuestionType, options: int = 0, unit: str = "", points: int = 1) -> Question:
    texts = tuple(Option(number=number, text=(Text(text=str(number)),)) for number in range(options))
    return Question(id=ID, type=type_, stem=STEM, options=texts, unit=unit, points=points)


def chose(*numbers: int) -> Answer:
    return Answer(question=ID, chosen=numbers)


def typed(text: str) -> Answer:
    return Answer(question=ID, text=text)


def test_a_single_choice_is_right_only_with_its_one_option() -> None:
    single, key = question(QuestionType.SINGLE, 3), Key(question=ID, right=(1,))
    assert is_right(single, key, chose(1))
    assert not is_right(single, key, chose(0))
    assert not is_right(single, key, chose(0, 1))


@pytest.mark.parametrize("type_", list(QuestionType))
def test_no_answer_is_never_right_and_earns_nothing(type_: QuestionType) -> None:
    asked, key = question(type_, 2), Key(question=ID)
    assert not is_right(asked, key, Answer(question=ID))
    assert points_of(asked, key, Answer(question=ID)) == 0


@pytest.mark.parametrize("text", ["Hameçonnage", " hameconnage. ", "HAMEÇONNAGE !", "« hameçonnage »"])
def test_a_short_text_is_compared_without_case_accents_and_outer_punctuation(text: str) -> None:
    assert is_right(question(QuestionType.SHORT_TEXT), Key(question=ID, accepted=("hameçonnage",)), typed(text))


def test_ligatures_and_their_letters_are_one() -> None:
    assert folded("Œuvre d’art") == folded("oeuvre d'art")


@pytest.mark.parametrize("text", ["12,5", "12.5", " 12,5 km", "12,5km", "+12.5 KM", "1.25e1"])
def test_a_number_is_read_with_comma_or_point_and_with_its_unit_or_without(text: str) -> None:
    assert read_number(text, "km") == 12.5


def test_a_number_in_groups_of_three_is_one_number() -> None:
    assert read_number("1\u202f500\u00a0000", "") == 1_500_000


@pytest.mark.parametrize("text", ["", "douze", "12,5 m", "12,5,1", "inf", "nan", "1e999", "0x10", "12 13"])
def test_what_is_no_number_in_the_unit_is_wrong_and_never_an_error(text: str) -> None:
    asked, key = question(QuestionType.NUMERIC, unit="km"), Key(question=ID, value=12.5, tolerance=0.5)
    assert not is_right(asked, key, typed(text))


@pytest.mark.parametrize(("text", "right"), [("12", True), ("13", True), ("11,99", False), ("13,01", False)])
def test_the_tolerance_includes_its_ends(text: str, right: bool) -> None:
    asked, key = question(QuestionType.NUMERIC), Key(question=ID, value=12.5, tolerance=0.5)
    assert is_right(asked, key, typed(text)) is right


def test_a_tolerance_of_a_tenth_is_not_lost_to_binary_fractions() -> None:
    asked, key = question(QuestionType.NUMERIC), Key(question=ID, value=0.2, tolerance=0.1)
    assert is_right(asked, key, typed("0,3"))


def test_half_of_the_right_options_earn_half_of_the_points() -> None:
    asked, key = question(QuestionType.MULTIPLE, 4, points=2), Key(question=ID, right=(0, 1))
    assert points_of(asked, key, chose(0)) == 1


def test_ticking_everything_earns_nothing() -> None:
    asked, key = question(QuestionType.MULTIPLE, 4), Key(question=ID, right=(0, 1))
    assert points_of(asked, key, chose(0, 1, 2, 3)) == 0


@given(st.sets(st.integers(0, 5), min_size=1), st.sets(st.integers(0, 7)))
def test_points_stay_between_nothing_and_the_whole_and_the_whole_means_right(right: set[int], chosen: set[int]) -> None:
    asked, key = question(QuestionType.MULTIPLE, 6, points=3), Key(question=ID, right=tuple(right))
    earned = points_of(asked, key, chose(*chosen))
    assert 0 <= earned <= 3
    assert (earned == 3) == is_right(asked, key, chose(*chosen))


def attempt(*answers: Answer) -> Attempt:
    return Attempt(activity=b"a" * 16, edition=b"e" * 16, number=1, started=1, submitted=2, answers=answers)


def edition(*questions: Question, pass_percent: int = 50) -> QuizEdition:
    return QuizEdition(
        activity=b"a" * 16,
        title="t",
        minutes=1,
        mode=Mode.GRADED,
        questions=questions,
        pass_percent=pass_percent,
    )


def test_an_attempt_passes_at_exactly_the_threshold() -> None:
    one, two = question(QuestionType.SINGLE, 2), Question(id=b"r" * 16, type=QuestionType.TRUE_FALSE, stem=STEM)
    keys = (Key(question=ID, right=(0,)), Key(question=two.id, right=(1,)))
    found = grade(edition(one, two), keys, attempt(chose(0)), attempt_id=b"t" * 16, graded_at=9)
    assert (found.points, found.best, found.passed) == (1, 2, True)
    assert not grade(
        edition(one, two, pass_percent=51), keys, attempt(chose(0)), attempt_id=b"t" * 16, graded_at=9
    ).passed


def test_an_answer_to_a_question_of_another_edition_counts_for_nothing() -> None:
    stray = Answer(question=b"z" * 16, chosen=(0,))
    keys = (Key(question=ID, right=(0,)), Key(question=stray.question, right=(0,)))
    found = grade(edition(question(QuestionType.SINGLE, 2)), keys, attempt(stray), attempt_id=b"t" * 16, graded_at=9)
    assert (found.points, found.best) == (0, 1)


def test_a_question_without_its_key_earns_nothing_and_the_others_are_graded() -> None:
    other = Question(id=b"r" * 16, type=QuestionType.TRUE_FALSE, stem=STEM)
    answers = attempt(chose(0), Answer(question=other.id, chosen=(1,)))
    found = grade(
        edition(question(QuestionType.SINGLE, 2), other),
        (Key(question=other.id, right=(1,)),),
        answers,
        attempt_id=b"t" * 16,
        graded_at=9,
    )
    assert [each.right for each in found.questions] == [False, True]


def test_every_sign_is_folded_once_and_for_all() -> None:
    signs = map(chr, range(sys.maxunicode + 1))
    assert [sign for sign in signs if folded(folded(sign)) != folded(sign)] == []


@pytest.mark.parametrize(("typed", "wanted"), [("℠", "sm"), ("Ǣ", "ae"), ("№ 5", "no 5"), ("Œuvre", "oeuvre")])
def test_a_sign_that_holds_letters_is_those_letters(typed: str, wanted: str) -> None:
    assert folded(typed) == wanted


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading_of_an_answer(text: str) -> None:
    read_number(text, "km")
    assert folded(folded(text)) == folded(text)
