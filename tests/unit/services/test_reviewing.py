"""À corriger: what waits, a review saved as it is written, and its verdict."""

from collections.abc import Iterator

import pytest

from spoc_desktop.services.bank import CommentBank
from spoc_desktop.services.cohorts import Cohorts
from spoc_desktop.services.comparing import lost_passages, new_passages
from spoc_desktop.services.errors import NotHereYet
from spoc_desktop.services.reviewing import Reviewing, numbered
from sync.domain import spaces
from sync.domain.anchors import Anchor
from sync.domain.cohorts import DAY_MS, WEEK_MS
from sync.domain.exercises import REVIEW, Mark, Remark, Review, Verdict, review_id
from sync.domain.ids import PersonId
from tests.unit.services.classroom import COHORT_ID, HELENE, KARIM, MONDAY, NADIA, Laptop, name
from tests.unit.services.exercise_room import SHEET, arrives, comes_back, exercise_laptop


@pytest.fixture
def laptop() -> Iterator[Laptop]:
    laptop = exercise_laptop()
    yield laptop
    laptop.store.close()


@pytest.fixture
def reviewing(laptop: Laptop) -> Reviewing:
    return Reviewing(laptop.desk, Cohorts(laptop.desk))


def stored(laptop: Laptop, hand_in: bytes, learner: PersonId = NADIA) -> Review:
    seen = laptop.store.one(REVIEW, review_id(hand_in, HELENE), spaces.staff(COHORT_ID, learner))
    assert seen is not None
    body: Review = seen.body
    return body


def test_the_latest_version_of_each_waits_the_longest_due_first_and_says_whether_it_came_in_time(
    laptop: Laptop, reviewing: Reviewing
) -> None:
    arrives(laptop, NADIA, 1, "a")
    laptop.clock.time += 1000
    second = arrives(laptop, NADIA, 2, "b")
    laptop.clock.time = MONDAY + WEEK_MS + DAY_MS
    late = arrives(laptop, KARIM, 1, "c")
    queue = reviewing.queue()
    assert [(one.hand_in, one.name, one.version, one.on_time) for one in queue] == [
        (second, "Nadia Benali", 2, True),
        (late, "Karim Ouali", 1, False),
    ]
    assert queue[0].title == "Fiche de manœuvre"


def test_what_was_returned_or_accepted_waits_no_longer_and_a_new_version_waits_again(
    laptop: Laptop, reviewing: Reviewing
) -> None:
    first = arrives(laptop, NADIA, 1, "a")
    comes_back(laptop, NADIA, first, Verdict.RETURNED)
    assert reviewing.queue() == ()
    second = arrives(laptop, NADIA, 2, "b")
    assert [one.hand_in for one in reviewing.queue()] == [second]
    comes_back(laptop, NADIA, second, Verdict.ACCEPTED)
    arrives(laptop, NADIA, 3, "c")
    assert reviewing.queue() == ()


def test_every_keystroke_is_kept_and_only_what_changed_is_written(laptop: Laptop, reviewing: Reviewing) -> None:
    hand_in = arrives(laptop, NADIA, 1, "Ouvrir Q7.")
    copy = reviewing.copy(hand_in)
    for text in ("B", "Bi", "Bien"):
        reviewing.save(copy.about, Review(hand_in=hand_in, activity=SHEET, version=1, opinion=text))
    again = reviewing.copy(hand_in)
    assert (again.review.opinion, again.saved) == ("Bien", laptop.clock.now())
    assert reviewing.queue()[0].begun
    assert not reviewing.save(copy.about, again.review).outbox


def test_marks_earn_their_points(laptop: Laptop, reviewing: Reviewing) -> None:
    hand_in = arrives(laptop, NADIA, 1, "a")
    copy = reviewing.copy(hand_in)
    marks = (Mark(criterion=1, level=2), Mark(criterion=2, level=1))
    reviewing.save(copy.about, Review(hand_in=hand_in, activity=SHEET, version=1, marks=marks))
    assert reviewing.copy(hand_in).points == (3, 4)


def test_remarks_are_numbered_by_the_place_of_their_words() -> None:
    late = Remark(number=1, text="late", anchor=Anchor(start=9, end=10, quote="x"))
    early = Remark(number=7, text="early", anchor=Anchor(start=2, end=3, quote="y"))
    whole = Remark(number=2, text="whole")
    assert [(one.number, one.text) for one in numbered([whole, late, early])] == [
        (1, "early"),
        (2, "late"),
        (3, "whole"),
    ]


def test_a_verdict_ends_the_waiting_and_can_be_undone(laptop: Laptop, reviewing: Reviewing) -> None:
    hand_in = arrives(laptop, NADIA, 1, "a")
    copy = reviewing.copy(hand_in)
    review = Review(hand_in=hand_in, activity=SHEET, version=1, opinion="À reprendre")
    reviewing.save(copy.about, review)
    decided = reviewing.decide(copy.about, review, Verdict.RETURNED)
    assert reviewing.queue() == ()
    assert (stored(laptop, hand_in).verdict, stored(laptop, hand_in).decided_at) == (
        Verdict.RETURNED,
        laptop.clock.now(),
    )
    reviewing.undo(decided)
    assert [one.hand_in for one in reviewing.queue()] == [hand_in]
    assert (stored(laptop, hand_in).verdict, stored(laptop, hand_in).opinion) == (Verdict.NONE, "À reprendre")


def test_two_trainers_review_apart_and_see_of_each_other(laptop: Laptop, reviewing: Reviewing) -> None:
    hand_in = arrives(laptop, NADIA, 1, "a")
    other = PersonId(name("other trainer"))
    theirs = Review(hand_in=hand_in, activity=SHEET, version=1, opinion="Je regarde")
    laptop.told(spaces.staff(COHORT_ID, NADIA), (REVIEW, review_id(hand_in, other), theirs), author=other)
    copy = reviewing.copy(hand_in)
    assert (len(copy.about.others), copy.review.opinion) == (1, "")
    reviewing.save(copy.about, Review(hand_in=hand_in, activity=SHEET, version=1, opinion="Moi aussi"))
    assert {seen.body.opinion for seen in laptop.store.view(REVIEW)} == {"Je regarde", "Moi aussi"}


def test_a_version_that_comes_during_the_review_is_told_and_replaces_nothing(
    laptop: Laptop, reviewing: Reviewing
) -> None:
    first = arrives(laptop, NADIA, 1, "a")
    copy = reviewing.copy(first)
    reviewing.save(copy.about, Review(hand_in=first, activity=SHEET, version=1, opinion="Bien"))
    assert copy.newer is None
    second = arrives(laptop, NADIA, 2, "b")
    again = reviewing.copy(first)
    assert again.newer is not None
    assert (again.newer.id, again.review.opinion, again.version.body.text) == (second, "Bien", "a")


def test_an_earlier_version_stands_beside_with_what_was_said_of_it(laptop: Laptop, reviewing: Reviewing) -> None:
    first = arrives(laptop, NADIA, 1, "a")
    comes_back(laptop, NADIA, first, Verdict.RETURNED)
    second = arrives(laptop, NADIA, 2, "b")
    ((before, review),) = reviewing.copy(second).earlier
    assert (before.id, review.opinion, review.verdict) == (first, "À revoir", Verdict.RETURNED)


def test_a_hand_in_that_is_not_on_this_laptop_is_said_to_come(reviewing: Reviewing) -> None:
    with pytest.raises(NotHereYet):
        reviewing.copy(bytes(16))


def test_the_next_due_date_is_the_end_of_the_exercise_week(laptop: Laptop, reviewing: Reviewing) -> None:
    assert reviewing.next_due() == MONDAY + WEEK_MS
    laptop.clock.time = MONDAY + WEEK_MS
    assert reviewing.next_due() is None


def test_a_remark_kept_in_the_bank_can_be_taken_again_and_the_most_used_stands_first(laptop: Laptop) -> None:
    bank = CommentBank(laptop.desk)
    for text in ("Précisez le repère.", "Bien vu.", "Bien vu. "):
        bank.keep(text)
    assert [one.text for one in bank.kept()] == ["Bien vu.", "Précisez le repère."]
    bank.taken(bank.kept()[1])
    assert [one.text for one in bank.kept()] == ["Précisez le repère.", "Bien vu."]
    bank.forget(bank.kept()[0])
    assert [one.text for one in bank.kept()] == ["Bien vu."]


def test_words_that_are_new_are_found_as_passages_and_words_that_went_away_too() -> None:
    before = "Ouvrir Q7, contrôler."
    now = "Ouvrir Q7, puis débrocher l’appareil, contrôler."
    assert [now[start:end] for start, end in new_passages(before, now)] == ["puis débrocher l’appareil,"]
    assert lost_passages(before, now) == ()
    assert [before[start:end] for start, end in lost_passages(before, "Ouvrir contrôler.")] == ["Q7,"]
    assert new_passages(before, before) == ()
