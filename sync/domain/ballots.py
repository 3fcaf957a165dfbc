"""Ballots: what people say without their name, at the end of a session or as a complaint (protocol rule 6).

A trainer calls; the server answers the call with a key in the first result. Each person is given one blind signature
under that key, and sends their ballot with it later, without saying who they are. Results hold sums of five or more.
"""

from enum import IntEnum

import msgspec

from sync.domain.ids import derived
from sync.domain.kind import Erase, Kind, Merge
from sync.domain.permissions import SERVER, TRAINER
from sync.domain.spaces import SpaceType

LEAST = 5
"""Fewer ballots than that are never shown, nor a difference of fewer between two results."""
MAX_QUESTIONS = 40
MAX_CHOICES = 11
MAX_REMARKS = 2
"""Questions of a call that are answered in words: the remarks of one result fit into one record."""
MAX_REMARK = 800
"""Characters of one answer in words."""
TOKEN_BYTES = 32


class Purpose(IntEnum):
    """What a call is for; the texts around it differ."""

    UNKNOWN = 0
    SATISFACTION = 1
    COMPLAINT = 2

    @classmethod
    def _missing_(cls, value: object) -> "Purpose":
        return cls.UNKNOWN


class BallotQuestion(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A question. `choices`: how many steps its scale has, from `low` to `high`; 0: it is answered in words."""

    number: int
    text: str
    choices: int = 5
    low: str = ""
    high: str = ""


class BallotCall(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A call for ballots; it never changes. `opens`, `closes`: instants in milliseconds, by the server's clock."""

    title: str
    questions: tuple[BallotQuestion, ...]
    opens: int
    closes: int
    purpose: Purpose = Purpose.SATISFACTION


class ChoiceSum(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """How often each step of a question's scale was chosen, the lowest first."""

    question: int
    counts: tuple[int, ...]


class RemarksOf(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What was answered in words to a question, in no order."""

    question: int
    texts: tuple[str, ...]


class BallotResult(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """Of a call: the public key of its ballots (DER), and what was said so far, 0 or at least `LEAST` ballots.

    Remarks come in records of their own (`remarks_id`): there, `ballots` is of how many those remarks are.
    """

    call: bytes
    key: bytes = b""
    ballots: int = 0
    sums: tuple[ChoiceSum, ...] = ()
    remarks: tuple[RemarksOf, ...] = ()
    final: bool = False


class BallotAnswer(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """An answer in a ballot: a step of the scale, from 1; or words, with choice 0."""

    question: int
    choice: int = 0
    text: str = ""


def result_id(call: bytes) -> bytes:
    """The id of the result of a call."""
    return derived("ballot_result", call)


def remarks_id(call: bytes, number: int) -> bytes:
    """The id of the remarks that came with a result; 1 is the first."""
    return derived("ballot_remarks", call, number.to_bytes(4, "big"))


def is_sound(call: BallotCall) -> bool:
    """Whether a call can be answered: its questions are told apart, its scales and its remarks are within bounds."""
    numbers = {question.number for question in call.questions}
    in_words = sum(question.choices == 0 for question in call.questions)
    return (
        0 < len(call.questions) == len(numbers) <= MAX_QUESTIONS
        and all(0 < number < 1 << 31 for number in numbers)
        and all(question.choices == 0 or 2 <= question.choices <= MAX_CHOICES for question in call.questions)
        and in_words <= MAX_REMARKS
        and 0 <= call.opens < call.closes < 1 << 63
    )


def answers_fit(call: BallotCall, answers: tuple[BallotAnswer, ...]) -> bool:
    """Whether these are answers to the questions of a call, at most one to each. A question may be left out."""
    of = {question.number: question for question in call.questions}
    if not answers or len({answer.question for answer in answers}) != len(answers):
        return False
    return all(answer.question in of and _fits(of[answer.question], answer) for answer in answers)


def _fits(question: BallotQuestion, answer: BallotAnswer) -> bool:
    if question.choices:
        return 1 <= answer.choice <= question.choices and not answer.text
    return answer.choice == 0 and 0 < len(answer.text) <= MAX_REMARK and "\0" not in answer.text


CALL = Kind(
    62,
    "ballot_call",
    BallotCall,
    space=(SpaceType.COHORT,),
    merge=Merge.APPEND,
    write=TRAINER,
    erase=Erase.KEEP,
    evidence=True,
    search=("title",),
)
RESULT = Kind(
    63,
    "ballot_result",
    BallotResult,
    space=(SpaceType.COHORT,),
    merge=Merge.EDITED,
    write=SERVER,
    erase=Erase.KEEP,
    evidence=True,
)
KINDS = (CALL, RESULT)
