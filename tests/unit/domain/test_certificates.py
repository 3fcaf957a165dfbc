"""The rule that earns a certificate: one for the server that awards and the page that says what is missing."""

import msgspec
import pytest

from sync.domain.certificates import NO_SCORE, Missing, Reason, certificate_id, missing, percent_done, score_percent
from sync.domain.courses import ActivityType, CertificateRule, Edition, PublishedActivity, PublishedModule, Reading
from sync.domain.exercises import Handed, Returned, Verdict
from sync.domain.progress import Work, work
from sync.domain.quizzes import Attempt, Grade

LESSON, EXAM, PLAY, EXERCISE = (bytes([n]) * 16 for n in range(1, 5))


def activity(id_: bytes, type_: ActivityType, minutes: int, *, graded: bool = False) -> PublishedActivity:
    return PublishedActivity(id=id_, type=type_, edition=id_, title="t", minutes=minutes, graded=graded)


MODULE = PublishedModule(
    id=b"m" * 16,
    title="m",
    week=1,
    activities=(
        activity(LESSON, ActivityType.LESSON, 50),
        activity(EXAM, ActivityType.QUIZ, 10, graded=True),
        activity(PLAY, ActivityType.QUIZ, 10),
        activity(EXERCISE, ActivityType.EXERCISE, 30, graded=True),
    ),
)
EDITION = Edition(number=1, title="c", language="fr", summary="", modules=(MODULE,))
RULE = CertificateRule()


def done(parts: int = 5, *quizzes: bytes, exercise: Handed = Handed.ACCEPTED) -> Work:
    readings = [Reading(activity=LESSON, edition=LESSON, part=n, parts=5, seconds=1, at=1) for n in range(parts)]
    attempts = [
        Attempt(activity=id_, edition=id_, number=1, started=1, submitted=2, answers=())
        for id_ in quizzes or (EXAM, PLAY)
    ]
    return work(readings, attempts, exercises={EXERCISE: exercise})


def grade(points: float, *, counts: bool = True, attempt: bytes = b"a" * 16, at: int = 1, quiz: bytes = EXAM) -> Grade:
    return Grade(
        attempt=attempt,
        activity=quiz,
        edition=quiz,
        number=1,
        points=points,
        best=10,
        passed=points >= 7,
        questions=(),
        graded_at=at,
        counts=counts,
    )


def returned(verdict: Verdict, activity_id: bytes = EXERCISE) -> Returned:
    return Returned(
        review=b"r" * 16,
        hand_in=b"h" * 16,
        activity=activity_id,
        version=1,
        trainer=b"t" * 16,
        marks=(),
        remarks=(),
        opinion="",
        verdict=verdict,
        decided_at=1,
    )


ACCEPTED = returned(Verdict.ACCEPTED)


def test_all_done_passed_and_accepted_earns_it() -> None:
    assert missing(RULE, EDITION, done(), [grade(8)], [ACCEPTED]) == ()


def test_a_quiz_for_practice_need_not_be_passed() -> None:
    assert missing(RULE, EDITION, done(5, EXAM), [grade(8), grade(0, quiz=PLAY, attempt=b"p" * 16)], [ACCEPTED]) == ()


@pytest.mark.parametrize(("parts", "earned"), [(2, False), (3, True), (5, True)])
def test_the_share_of_planned_minutes_is_held_to_the_percent(parts: int, earned: bool) -> None:
    """Three of five parts: 30 + 10 + 10 + 30 of 100 minutes are 80 %."""
    found = missing(RULE, EDITION, done(parts), [grade(8)], [ACCEPTED])
    assert found == (() if earned else (Missing(Reason.MINUTES, percent=70, wanted=80),))


def test_a_share_is_rounded_down() -> None:
    rule = msgspec.structs.replace(RULE, minutes_percent=81)
    assert percent_done(EDITION, done(3)) == 80
    assert missing(rule, EDITION, done(3), [grade(8)], [ACCEPTED])[0].percent == 80


@pytest.mark.parametrize("grades", [[], [grade(6)], [grade(9, counts=False)], [grade(9, quiz=PLAY)]])
def test_a_graded_quiz_that_is_not_passed_is_named(grades: list[Grade]) -> None:
    assert missing(RULE, EDITION, done(), grades, [ACCEPTED]) == (Missing(Reason.QUIZ, EXAM),)


def test_a_regrade_takes_the_place_of_the_grade_before_it() -> None:
    assert missing(RULE, EDITION, done(), [grade(5, at=2), grade(9, at=1)], [ACCEPTED]) != ()
    assert missing(RULE, EDITION, done(), [grade(5, at=1), grade(9, at=2)], [ACCEPTED]) == ()


@pytest.mark.parametrize("reviews", [[], [returned(Verdict.RETURNED)], [returned(Verdict.ACCEPTED, b"o" * 16)]])
def test_an_exercise_that_is_not_accepted_is_named(reviews: list[Returned]) -> None:
    """Whatever the outline says of it: only the server's copy of a verdict counts."""
    assert missing(RULE, EDITION, done(), [grade(8)], reviews) == (Missing(Reason.EXERCISE, EXERCISE),)


def test_an_exercise_returned_and_then_accepted_is_accepted() -> None:
    assert missing(RULE, EDITION, done(), [grade(8)], [ACCEPTED, returned(Verdict.RETURNED)]) == ()


def test_what_a_rule_does_not_ask_for_is_not_missing() -> None:
    rule = CertificateRule(minutes_percent=80, quizzes=False, exercises=False)
    assert missing(rule, EDITION, done(), [], []) == ()


def test_a_rule_that_asks_for_nothing_gives_nothing_to_who_did_nothing() -> None:
    rule = CertificateRule(minutes_percent=0, quizzes=False, exercises=False)
    assert missing(rule, EDITION, work([], []), [], []) == (Missing(Reason.MINUTES, percent=0, wanted=1),)


def test_the_score_is_the_mean_of_the_best_counting_attempts_at_graded_quizzes() -> None:
    second = grade(10, attempt=b"b" * 16)
    assert score_percent(EDITION, [grade(6)]) == 60
    assert score_percent(EDITION, [grade(6), second, grade(0, quiz=PLAY, attempt=b"p" * 16)]) == 100
    assert score_percent(EDITION, [grade(6), msgspec.structs.replace(second, counts=False)]) == 60
    lessons = msgspec.structs.replace(MODULE, activities=MODULE.activities[:1])
    assert score_percent(msgspec.structs.replace(EDITION, modules=(lessons,)), []) == NO_SCORE


def test_a_learner_has_one_certificate_a_cohort() -> None:
    ids = {certificate_id(cohort, who) for cohort in (b"c" * 16, b"d" * 16) for who in (b"x" * 16, b"y" * 16)}
    assert len(ids) == 4
    assert certificate_id(b"c" * 16, b"x" * 16) in ids
