"""The order in which one person sees an attempt."""

from sync.domain.blocks import Paragraph, Text
from sync.domain.drawing import options_of, questions_of
from sync.domain.quizzes import Mode, Option, Question, QuestionType, QuizEdition

STEM = (Paragraph(spans=(Text(text="?"),)),)
QUESTIONS = tuple(
    Question(
        id=bytes([number]) * 16,
        type=QuestionType.SINGLE,
        stem=STEM,
        options=tuple(Option(number=option, text=(Text(text=str(option)),)) for option in range(6)),
    )
    for number in range(12)
)


def quiz(*, shuffle: bool = True) -> QuizEdition:
    return QuizEdition(activity=b"a" * 16, title="t", minutes=1, mode=Mode.GRADED, questions=QUESTIONS, shuffle=shuffle)


def test_the_same_seed_and_number_give_the_same_order_on_every_laptop() -> None:
    assert questions_of(quiz(), b"s" * 32, 1) == questions_of(quiz(), b"s" * 32, 1)
    first = QUESTIONS[0]
    assert options_of(first, quiz(), b"s" * 32, 1) == options_of(first, quiz(), b"s" * 32, 1)


def test_another_person_and_another_attempt_see_another_order() -> None:
    assert questions_of(quiz(), b"s" * 32, 1) != questions_of(quiz(), b"t" * 32, 1)
    assert questions_of(quiz(), b"s" * 32, 1) != questions_of(quiz(), b"s" * 32, 2)


def test_a_shuffle_leaves_nothing_out() -> None:
    assert set(questions_of(quiz(), b"s" * 32, 1)) == set(QUESTIONS)
    assert set(options_of(QUESTIONS[3], quiz(), b"s" * 32, 1)) == set(QUESTIONS[3].options)


def test_a_quiz_that_is_not_shuffled_keeps_its_author_s_order() -> None:
    assert questions_of(quiz(shuffle=False), b"s" * 32, 1) == QUESTIONS
    assert options_of(QUESTIONS[0], quiz(shuffle=False), b"s" * 32, 1) == QUESTIONS[0].options
