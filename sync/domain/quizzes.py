"""Quizzes: a question is a face that anyone may see and a key that says what is right.

A formative quiz is published whole and corrected on the laptop at once. A graded quiz is published as faces; its keys
stay in the authoring space and only the server reads them (protocol rule 5). No quiz is both.
"""

from enum import IntEnum

import msgspec

from sync.domain.blocks import Block, Span
from sync.domain.kind import Erase, Kind, Merge
from sync.domain.permissions import AUTHOR, OWNER, SERVER
from sync.domain.spaces import SpaceType
from sync.domain.timing import NO_WITNESS, Witness


class QuestionType(IntEnum):
    """How a question is answered. A newer program may send others: they are shown as "needs an update"."""

    UNKNOWN = 0
    SINGLE = 1
    MULTIPLE = 2
    TRUE_FALSE = 3
    SHORT_TEXT = 4
    NUMERIC = 5

    @classmethod
    def _missing_(cls, value: object) -> "QuestionType":
        return cls.UNKNOWN


class Mode(IntEnum):
    """Formative: feedback at once, for learning. Graded: counts, corrected by the server alone."""

    UNKNOWN = 0
    FORMATIVE = 1
    GRADED = 2

    @classmethod
    def _missing_(cls, value: object) -> "Mode":
        return cls.UNKNOWN


class Release(IntEnum):
    """When a grade reaches the learner."""

    UNKNOWN = 0
    AT_ONCE = 1
    AT_CLOSE = 2
    BY_TRAINER = 3

    @classmethod
    def _missing_(cls, value: object) -> "Release":
        return cls.UNKNOWN


TRUE, FALSE = 1, 0
"""The option numbers of a true/false question, which has no options of its own."""


class Option(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """One possible answer. `number` names it inside its question and never changes with the order shown."""

    number: int
    text: tuple[Span, ...]


class Question(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """The face of a question. `unit` is shown beside a numeric field; `points` are what a right answer earns."""

    id: bytes
    type: QuestionType
    stem: tuple[Block, ...]
    options: tuple[Option, ...] = ()
    unit: str = ""
    points: int = 1


class OptionFeedback(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What a person who chose an option should read."""

    option: int
    blocks: tuple[Block, ...]


class Key(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What is right in a question, and the words that explain it.

    `right`: option numbers. `accepted`: short texts, compared folded. `value` and `tolerance`: numeric, inclusive, in
    the question's unit.
    """

    question: bytes
    right: tuple[int, ...] = ()
    accepted: tuple[str, ...] = ()
    value: float = 0.0
    tolerance: float = 0.0
    feedback: tuple[OptionFeedback, ...] = ()
    explanation: tuple[Block, ...] = ()


class Quiz(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """The draft of a quiz; its record id is the activity's id. `attempts` 0: as many as wanted."""

    title: str
    minutes: int
    mode: Mode
    questions: tuple[Question, ...]
    keys: tuple[Key, ...]
    attempts: int = 0
    pass_percent: int = 70
    release: Release = Release.AT_ONCE
    shuffle: bool = True
    introduction: tuple[Block, ...] = ()


class QuizEdition(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A quiz as published. `keys` is empty where the quiz is graded."""

    activity: bytes
    title: str
    minutes: int
    mode: Mode
    questions: tuple[Question, ...]
    keys: tuple[Key, ...] = ()
    attempts: int = 0
    pass_percent: int = 70
    release: Release = Release.AT_ONCE
    shuffle: bool = True
    introduction: tuple[Block, ...] = ()


class QuizKeys(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """The keys of one edition of a graded quiz: they never leave the authoring space before release."""

    activity: bytes
    edition: bytes
    keys: tuple[Key, ...]


class Answer(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What a person answered to one question: option numbers, or a text (a number is kept as it was typed)."""

    question: bytes
    chosen: tuple[int, ...] = ()
    text: str = ""


class AttemptStart(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """The beginning of an attempt. Two offline attempts may claim one number: both are kept (protocol rule 5)."""

    activity: bytes
    edition: bytes
    number: int
    at: int


class Answers(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """The answers of an attempt under way, saved as each is given. `attempt` is the id of its start."""

    attempt: bytes
    activity: bytes
    answers: tuple[Answer, ...] = ()
    shown: int = 0
    """How many questions were already looked at, so that the window opens where the person stopped."""


class Attempt(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A finished attempt: answers, never a score. Its record id is derived from the start's id.

    `submitted`: device time. `witness`: what the laptop knows of its own clock (rule 11), in a graded quiz.
    """

    activity: bytes
    edition: bytes
    number: int
    started: int
    submitted: int
    answers: tuple[Answer, ...]
    witness: Witness = NO_WITNESS


class QuestionGrade(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What one question earned, in points."""

    question: bytes
    points: float
    right: bool


class Grade(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What the server found in an attempt, with the edition that the attempt was taken on. A regrade adds another.

    `counts`: the attempt was allowed by the number of attempts of its edition. `best` is the possible total in points.
    """

    attempt: bytes
    activity: bytes
    edition: bytes
    number: int
    points: float
    best: float
    passed: bool
    questions: tuple[QuestionGrade, ...]
    graded_at: int
    counts: bool = True


QUIZ = Kind(
    30,
    "quiz",
    Quiz,
    space=(SpaceType.AUTHORING,),
    merge=Merge.EDITED,
    write=AUTHOR,
    others=AUTHOR,
    erase=Erase.KEEP,
    files=True,
)
QUIZ_EDITION = Kind(
    31,
    "quiz_edition",
    QuizEdition,
    space=(SpaceType.COURSE,),
    merge=Merge.APPEND,
    write=SERVER,
    erase=Erase.KEEP,
    files=True,
)
QUIZ_KEYS = Kind(
    32,
    "quiz_keys",
    QuizKeys,
    space=(SpaceType.AUTHORING,),
    merge=Merge.APPEND,
    write=SERVER,
    erase=Erase.KEEP,
    files=True,
)
ATTEMPT_START = Kind(
    33,
    "attempt_start",
    AttemptStart,
    space=(SpaceType.PERSONAL,),
    merge=Merge.APPEND,
    write=OWNER,
    erase=Erase.PSEUDONYM,
    evidence=True,
)
ATTEMPT = Kind(
    34,
    "attempt",
    Attempt,
    space=(SpaceType.PERSONAL,),
    merge=Merge.APPEND,
    write=OWNER,
    erase=Erase.PSEUDONYM,
    evidence=True,
)
ANSWERS = Kind(35, "answers", Answers, space=(SpaceType.OWN,), merge=Merge.EDITED, write=OWNER, erase=Erase.WIPE)
GRADE = Kind(
    36,
    "grade",
    Grade,
    space=(SpaceType.STAFF, SpaceType.PERSONAL),
    merge=Merge.APPEND,
    write=SERVER,
    erase=Erase.PSEUDONYM,
    evidence=True,
)
KINDS = (QUIZ, QUIZ_EDITION, QUIZ_KEYS, ATTEMPT_START, ATTEMPT, ANSWERS, GRADE)
