"""The certificate: earned by the course's rule, numbered and signed by the server, verified without a network."""

from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

import msgspec

from sync.domain.courses import ActivityType, CertificateRule, Edition
from sync.domain.exercises import Returned, Verdict
from sync.domain.files import Attachment
from sync.domain.ids import derived
from sync.domain.kind import Erase, Kind, Merge
from sync.domain.permissions import SERVER
from sync.domain.progress import Work, minutes_done
from sync.domain.quizzes import Grade
from sync.domain.spaces import SpaceType

NO_SCORE = -1
"""The score of a course without graded quizzes."""


class Reason(IntEnum):
    """Why a certificate is not earned yet."""

    MINUTES = 1
    QUIZ = 2
    EXERCISE = 3


class Missing(NamedTuple):
    """One thing that stands between a learner and the certificate.

    `activity`: the quiz to pass or the exercise to have accepted. For MINUTES it is empty, and `percent` of the planned
    time is done where `wanted` percent are asked for.
    """

    reason: Reason
    activity: bytes = b""
    percent: int = 0
    wanted: int = 0


class Statement(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """What a certificate says, and all that its signature covers. Times in milliseconds, shown in `timezone`.

    `number` is what a person reads aloud; `issuer` names the organisation, `key` the key that signed: the first
    8 bytes of the SHA-256 of the public key. `weeks`: planned minutes, one a week. `score_percent`: the mean of the
    best counting attempts at the graded quizzes, NO_SCORE where there are none. `signatories`: (name, role).
    """

    number: str
    issuer: str
    name: str
    course: str
    language: str
    starts: int
    ends: int
    awarded_at: int
    timezone: str
    minutes_planned: int
    minutes_done: int
    score_percent: int
    exercises_accepted: int
    weeks: tuple[int, ...]
    skills: tuple[str, ...]
    signatories: tuple[tuple[str, str], ...]
    key: bytes
    learner: bytes
    cohort: bytes


class Certificate(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """A certificate as awarded. `signature`: Ed25519 over the wire form of the statement. `document`: the PDF."""

    statement: Statement
    signature: bytes
    document: Attachment


def certificate_id(cohort: bytes, learner: bytes) -> bytes:
    """The id of a learner's certificate: in one cohort there is one."""
    return derived("certificate", cohort, learner)


def missing(
    rule: CertificateRule, edition: Edition, work: Work, grades: Iterable[Grade], returned: Iterable[Returned]
) -> tuple[Missing, ...]:
    """What a learner's certificate still waits for, in reading order; () when it is earned.

    `grades` and `returned` are what the learner may see: a certificate never tells a grade that is not released.
    """
    found = []
    percent, wanted = percent_done(edition, work), max(_LEAST_PERCENT, rule.minutes_percent)
    if percent < wanted:
        found.append(Missing(Reason.MINUTES, percent=percent, wanted=wanted))
    passed = {grade.activity for grade in _that_stand(grades) if grade.passed}
    accepted = {each.activity for each in returned if each.verdict is Verdict.ACCEPTED}
    for activity in edition.activities:
        if rule.quizzes and activity.type is ActivityType.QUIZ and activity.graded and activity.id not in passed:
            found.append(Missing(Reason.QUIZ, activity.id))
        if rule.exercises and activity.type is ActivityType.EXERCISE and activity.id not in accepted:
            found.append(Missing(Reason.EXERCISE, activity.id))
    return tuple(found)


def percent_done(edition: Edition, work: Work) -> int:
    """The share of the planned time that is done, in whole percent, rounded down: 79.9 is not 80."""
    planned = sum(activity.minutes for activity in edition.activities)
    return int(100 * minutes_done(edition, work) / planned + _ROUNDING) if planned else 100


def score_percent(edition: Edition, grades: Iterable[Grade]) -> int:
    """The mean over the graded quizzes of the best counting attempt at each; NO_SCORE without graded quizzes."""
    quizzes = (one for one in edition.activities if one.type is ActivityType.QUIZ and one.graded)
    wanted = {activity.id: 0.0 for activity in quizzes}
    for grade in _that_stand(grades):
        if grade.activity in wanted:
            wanted[grade.activity] = max(wanted[grade.activity], grade.points / grade.best if grade.best else 1.0)
    return round(100 * sum(wanted.values()) / len(wanted)) if wanted else NO_SCORE


def _that_stand(grades: Iterable[Grade]) -> list[Grade]:
    """The grades of attempts that count, each attempt's newest: a regrade takes the place of the one before."""
    newest: dict[bytes, Grade] = {}
    for grade in sorted(grades, key=lambda one: one.graded_at):
        newest[grade.attempt] = grade
    return [grade for grade in newest.values() if grade.counts]


_LEAST_PERCENT = 1
"""A rule that asks for nothing gives nothing: a certificate is never had for being enrolled."""
_ROUNDING = 1e-6
"""Shares are sums of floats: what is 80 on paper must not be 79.999 here."""

CERTIFICATE = Kind(
    60,
    "certificate",
    Certificate,
    space=(SpaceType.PERSONAL,),
    merge=Merge.APPEND,
    write=SERVER,
    erase=Erase.KEEP,
    evidence=True,
    files=True,
)
KINDS = (CERTIFICATE,)
