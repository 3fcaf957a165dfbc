"""Whom to think of and why, in words; and one learner's file."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from spoc_desktop.i18n import use
from spoc_desktop.services.cohorts import Cohorts
from spoc_desktop.services.errors import NotHereYet
from spoc_desktop.services.followup import Followed, FollowUp, sentences
from spoc_desktop.services.learner_file import LearnerFiles, What
from spoc_desktop.services.next_actions import mornings
from sync.domain import spaces
from sync.domain.cohorts import DAY_MS, MEMBER, WEEK_MS, Member, Part
from sync.domain.exercises import Verdict
from sync.domain.followup import Failing, Late, NotTakenUp, Silent, Unanswered
from sync.domain.forum import POST, Post
from sync.domain.ids import PersonId
from sync.domain.messages import MESSAGE, Message
from sync.domain.quizzes import GRADE
from tests.unit.services.classroom import (
    COHORT_ID,
    EXAM,
    HELENE,
    KARIM,
    LESSON_1,
    MONDAY,
    NADIA,
    PRACTICE,
    Laptop,
    name,
)
from tests.unit.services.exercise_room import SHEET, arrives, comes_back, exercise_laptop
from tests.unit.services.test_cohorts import graded, hand_in, read


@pytest.fixture
def laptop() -> Iterator[Laptop]:
    use("en")
    laptop = exercise_laptop()
    yield laptop
    laptop.store.close()
    use("fr")


@pytest.fixture
def followup(laptop: Laptop) -> FollowUp:
    return FollowUp(laptop.desk, Cohorts(laptop.desk))


@pytest.fixture
def files(laptop: Laptop, followup: FollowUp) -> LearnerFiles:
    return LearnerFiles(laptop.desk, Cohorts(laptop.desk), followup)


def of(followup: FollowUp, learner: PersonId) -> Followed:
    taught = followup.morning(COHORT_ID, 0).taught
    return next(one for one in followup.everybody(taught) if one.person == learner)


def test_the_morning_shows_what_came_and_whom_to_think_of(laptop: Laptop, followup: FollowUp) -> None:
    laptop.clock.time = MONDAY + WEEK_MS + 1000
    read(laptop, NADIA, 3)
    hand_in(laptop, NADIA, PRACTICE, 1, one=2)
    arrives(laptop, NADIA, 1, "a")
    morning = followup.morning(COHORT_ID, laptop.clock.now() - 500)
    assert [(one.name, one.title, one.graded) for one in morning.received] == [("Nadia Benali", "S'exercer", False)]
    assert (morning.on_time, morning.late) == (1, 1)
    (karim,) = morning.people
    assert karim.name == "Karim Ouali"
    assert karim.reasons == (Silent(7, 3, never=True), Late((LESSON_1, PRACTICE, SHEET), 0))
    assert karim.last_sent is None
    assert sentences(karim)[0] == "Has not sent anything yet."


def test_who_left_the_cohort_counts_nowhere(laptop: Laptop, followup: FollowUp) -> None:
    gone = Member(person=name("léa"), name="Aline Léa", part=Part.LEARNER, left=True)
    laptop.told(spaces.cohort(COHORT_ID), (MEMBER, name("member léa"), gone))
    laptop.clock.time += 2 * WEEK_MS
    morning = followup.morning(COHORT_ID, 0)
    assert {one.name for one in morning.people} == {"Karim Ouali", "Nadia Benali"}


def test_three_failures_then_a_silence_are_one_sentence_with_the_group_beside_it(
    laptop: Laptop, followup: FollowUp
) -> None:
    for number in (1, 2, 3):
        attempt = hand_in(laptop, NADIA, EXAM, number, three=2)
        laptop.told(spaces.staff(COHORT_ID, NADIA), (GRADE, name(f"g{number}"), graded(laptop, attempt, number)))
    laptop.clock.time += 8 * DAY_MS
    read(laptop, KARIM, 3)
    nadia = of(followup, NADIA)
    assert {Failing(EXAM, 3)} <= set(nadia.reasons)
    assert sentences(nadia)[0] == "3 failures in a row at “Évaluation”, then a silence of 8 days."
    assert sentences(nadia)[-1] == "The group is at 15\u00a0min on average."


def test_a_pass_ends_the_row_of_failures(laptop: Laptop, followup: FollowUp) -> None:
    for number in (1, 2, 3):
        attempt = hand_in(laptop, NADIA, EXAM, number, three=2)
        laptop.told(spaces.staff(COHORT_ID, NADIA), (GRADE, name(f"g{number}"), graded(laptop, attempt, number)))
    passed = hand_in(laptop, NADIA, EXAM, 4, three=1, four=4)
    laptop.told(spaces.staff(COHORT_ID, NADIA), (GRADE, name("g4"), graded(laptop, passed)))
    assert not [one for one in of(followup, NADIA).reasons if isinstance(one, Failing)]


def test_a_returned_exercise_that_lies_four_days_is_a_reason_until_a_new_version_comes(
    laptop: Laptop, followup: FollowUp
) -> None:
    comes_back(laptop, NADIA, arrives(laptop, NADIA, 1, "a"), Verdict.RETURNED)
    laptop.clock.time += 4 * DAY_MS
    assert NotTakenUp(SHEET, 4) in of(followup, NADIA).reasons
    arrives(laptop, NADIA, 2, "b")
    assert of(followup, NADIA).reasons == ()


def test_a_call_for_help_is_a_reason_until_somebody_answers(laptop: Laptop, followup: FollowUp) -> None:
    cohort = spaces.cohort(COHORT_ID)
    laptop.told(cohort, (POST, name("call"), Post(text="Je bloque", title="Aide", wants_help=True)), author=NADIA)
    laptop.clock.time += 26 * DAY_MS // 24
    assert of(followup, NADIA).reasons[0] == Unanswered(name("call"), 26)
    assert sentences(of(followup, NADIA))[0] == "A call for help without an answer for 26 hours."
    laptop.told(cohort, (POST, name("self"), Post(text="Alors ?", thread=name("call"))), author=NADIA)
    assert of(followup, NADIA).reasons[0] == Unanswered(name("call"), 26)
    laptop.told(cohort, (POST, name("answer"), Post(text="Voici", thread=name("call"))), author=HELENE)
    assert of(followup, NADIA).reasons == ()


def test_questions_are_calls_for_help_and_private_messages_that_nobody_answered(
    laptop: Laptop, followup: FollowUp
) -> None:
    space = spaces.personal(COHORT_ID, NADIA)
    laptop.told(space, (MESSAGE, name("m1"), Message(text="Puis-je ?", at=1)), author=NADIA)
    taught = Cohorts(laptop.desk).find(COHORT_ID)
    assert [(one.name, one.text, one.post) for one in followup.questions(taught)] == [
        ("Nadia Benali", "Puis-je ?", b"")
    ]
    laptop.told(space, (MESSAGE, name("m2"), Message(text="Oui", at=2)), author=HELENE)
    assert followup.questions(taught) == ()


def test_the_file_tells_what_happened_newest_first(laptop: Laptop, files: LearnerFiles) -> None:
    first = arrives(laptop, NADIA, 1, "a")
    laptop.clock.time += 1000
    comes_back(laptop, NADIA, first, Verdict.RETURNED)
    laptop.clock.time += 1000
    attempt = hand_in(laptop, NADIA, EXAM, 1, three=1)
    laptop.told(spaces.staff(COHORT_ID, NADIA), (GRADE, name("g"), graded(laptop, attempt)))
    laptop.clock.time += 1000
    laptop.told(spaces.personal(COHORT_ID, NADIA), (MESSAGE, name("m"), Message(text="Bonjour", at=1)), author=HELENE)
    file = files.file(COHORT_ID, NADIA)
    assert [one.what for one in file.events] == [
        What.MESSAGE,
        What.ATTEMPT,
        What.RETURNED,
        What.HAND_IN,
        What.STARTED,
    ]
    assert (file.events[0].mine, file.events[2].name) == (True, "Hélène Vasseur")
    figures = file.figures
    assert (figures.quiz, figures.handed_in, figures.exercises, figures.silence) == (0.5, 1, 1, 0)
    assert [week.module.week for week in file.weeks] == [1, 2]


def test_notes_and_the_next_action_are_kept_in_the_staff_space(laptop: Laptop, files: LearnerFiles) -> None:
    files.note(COHORT_ID, NADIA, " De nuit jusqu’au 27 ")
    files.plan(COHORT_ID, NADIA, "L’appeler", MONDAY + WEEK_MS)
    file = files.file(COHORT_ID, NADIA)
    assert [(one.text, one.mine) for one in file.notes] == [("De nuit jusqu’au 27", True)]
    assert file.action is not None
    assert (file.action.text, file.action.remind_at) == ("L’appeler", MONDAY + WEEK_MS)
    assert {one.space for one in laptop.store.outbox_list()} == {spaces.staff(COHORT_ID, NADIA)}
    files.done(file.action)
    assert files.file(COHORT_ID, NADIA).action is None
    files.not_done(file.action)
    assert files.file(COHORT_ID, NADIA).action is not None
    files.forget(file.notes[0])
    assert files.file(COHORT_ID, NADIA).notes == ()


def test_who_is_put_aside_leaves_the_list_until_the_reminder_and_then_stands_first(
    laptop: Laptop, followup: FollowUp, files: LearnerFiles
) -> None:
    laptop.clock.time = MONDAY + WEEK_MS + 1000
    read(laptop, NADIA, 3)
    _changes, action = files.later(of(followup, KARIM), "Think of them again")
    morning = followup.morning(COHORT_ID, 0)
    assert [one.person for one in morning.people] == [NADIA]
    assert [one.person for one in morning.later] == [KARIM]
    assert morning.late == 2
    laptop.clock.time = action.remind_at
    morning = followup.morning(COHORT_ID, 0)
    assert ([one.person for one in morning.people], morning.later) == ([KARIM, NADIA], ())
    files.later(of(followup, KARIM), "Once more")
    later = followup.morning(COHORT_ID, 0).later[0].action
    assert later is not None
    assert (later.id, later.text) == (action.id, "Think of them again")
    assert later.remind_at == mornings(action.remind_at, 1)[0]


def test_a_reminder_brings_back_even_somebody_without_any_other_reason(
    laptop: Laptop, followup: FollowUp, files: LearnerFiles
) -> None:
    files.plan(COHORT_ID, NADIA, "L’appeler", laptop.clock.now() + 1)
    laptop.clock.time += 2
    assert [one.person for one in followup.morning(COHORT_ID, 0).people if not one.reasons] == [NADIA]


def test_reminders_are_offered_for_nine_in_the_morning_of_working_days() -> None:
    friday = local(2026, 11, 27, 17)
    assert mornings(friday, 2) == [local(2026, 11, 30, 9), local(2026, 12, 1, 9)]


def local(*when: int) -> int:
    year, month, day, hour = when
    return round(datetime(year, month, day, hour).astimezone().timestamp() * 1000)


def test_somebody_of_no_cohort_has_no_file(files: LearnerFiles) -> None:
    with pytest.raises(NotHereYet):
        files.file(COHORT_ID, bytes(16))
