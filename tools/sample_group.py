"""What the learners of the sample sent, as the trainer's laptop was told it: each worked through real services."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

from sync.domain import spaces
from sync.domain.courses import READING
from sync.domain.exercises import HAND_IN
from sync.domain.ids import PersonId
from sync.domain.kind import Kind, encode
from sync.domain.quizzes import ATTEMPT, ATTEMPT_START, Mode
from tools.sample_laptop import COHORT_ID, LEARNERS, SampleLaptop
from tools.sample_learners import work
from tools.sample_session import Person

_SHARES = (0.75, 1.0, 0.2, 0.9, 0.6, 0.0, 1.0, 0.45)
_RIGHT = (0.8, 0.9, 0.5, 0.7, 0.6, 0.0, 0.95, 0.75)
"""How much each learner did and got right, in the order of LEARNERS."""

Sent = tuple[Kind, bytes, bytes]


@dataclass(frozen=True, slots=True)
class SampleGroup:
    """A graded quiz, and the attempt of one learner at it."""

    quiz: bytes
    learner: PersonId
    attempt: bytes


def sample_group(trainer: SampleLaptop) -> SampleGroup:
    """Let every learner work on a laptop of their own, and tell the trainer's laptop what they sent.

    All is graded; of the graded quiz only the first grade is released.
    """
    exam = next(id_ for id_, quiz in trainer.text.quizzes.items() if quiz.mode is Mode.GRADED)
    shown: SampleGroup | None = None
    for (learner, name), done, right in zip(LEARNERS.items(), _SHARES, _RIGHT, strict=True):
        sent, attempts = _sent(learner, Person(name, name, done, right))
        trainer.told(spaces.personal(COHORT_ID, learner), sent, author=learner)
        for id_ in attempts:
            seen = trainer.store.one(ATTEMPT, id_)
            if seen is not None:
                is_held = seen.body.activity == exam and shown is not None
                trainer.told_grade(id_, seen.body, learner, released=not is_held)
                if seen.body.activity == exam and shown is None:
                    shown = SampleGroup(exam, learner, id_)
    if shown is None:
        raise LookupError("nobody of the sample took the graded quiz")
    return shown


def _sent(learner: PersonId, person: Person) -> tuple[list[Sent], list[bytes]]:
    """What a learner's laptop would send, and which of it are attempts."""
    laptop = SampleLaptop(learner)
    laptop.told_all()
    keys = {key.question: key for quiz in laptop.text.quizzes.values() for key in quiz.keys}
    with closing(laptop.workplace) as workplace:
        work(workplace, COHORT_ID, person, keys)
        space = spaces.personal(COHORT_ID, learner)
        found = [
            (kind, seen.id, encode(seen.body))
            for kind in (READING, ATTEMPT_START, ATTEMPT, HAND_IN)
            for seen in laptop.store.view(kind, space)
        ]
    return found, [id_ for kind, id_, _body in found if kind is ATTEMPT]
