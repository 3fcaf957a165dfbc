"""The rules of the follow-up: who is late, silent or stuck."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from sync.domain.cohorts import DAY_MS
from sync.domain.followup import (
    Facts,
    Failing,
    Late,
    NotTakenUp,
    Silent,
    Unanswered,
    pause,
    reasons,
    usual_pause,
    weight,
)

NOW = 100 * DAY_MS
HOUR = DAY_MS // 24
A, B = b"a" * 16, b"b" * 16
instants = st.integers(min_value=0, max_value=NOW)
by_name = st.dictionaries(st.binary(min_size=1, max_size=2), instants, max_size=4)
facts = st.builds(
    Facts,
    since=instants,
    last_work=st.none() | instants,
    late=by_name,
    failures=st.dictionaries(st.binary(min_size=1, max_size=2), st.integers(0, 6), max_size=3),
    returned=by_name,
    calls=by_name,
)


def well(**known: Mapping[bytes, int]) -> Facts:
    """Somebody who worked today."""
    return Facts(0, NOW, **known)


def test_who_worked_today_and_owes_nothing_gives_no_reason() -> None:
    assert reasons(well(), 0, NOW) == ()


def test_late_names_all_that_is_past_due_and_counts_from_the_first() -> None:
    found = reasons(well(late={A: NOW - DAY_MS, B: NOW - 4 * DAY_MS}), 0, NOW)
    assert found == (Late((B, A), 4),)


def test_silence_counts_only_when_the_group_is_not_silent_too() -> None:
    quiet = Facts(since=0, last_work=NOW - 8 * DAY_MS)
    assert reasons(quiet, 1, NOW) == (Silent(8, 1, never=False),)
    assert reasons(quiet, 4, NOW) == (Silent(8, 4, never=False),)
    assert reasons(quiet, 5, NOW) == ()


def test_six_days_are_no_silence_and_the_first_week_is_nobodys() -> None:
    assert reasons(Facts(since=0, last_work=NOW - 7 * DAY_MS + 1), 0, NOW) == ()
    assert reasons(Facts(since=NOW - 6 * DAY_MS), 0, NOW) == ()


def test_who_never_sent_anything_is_silent_since_the_beginning() -> None:
    assert reasons(Facts(since=NOW - 9 * DAY_MS), 0, NOW) == (Silent(9, 0, never=True),)


def test_three_failures_in_a_row_are_being_stuck_two_are_not() -> None:
    assert reasons(well(failures={A: 2, B: 3}), 0, NOW) == (Failing(B, 3),)


def test_a_returned_exercise_may_lie_four_days() -> None:
    assert reasons(well(returned={A: NOW - 4 * DAY_MS, B: NOW - 4 * DAY_MS + 1}), 0, NOW) == (NotTakenUp(A, 4),)


def test_a_call_for_help_may_stand_a_day() -> None:
    assert reasons(well(calls={A: NOW - 26 * HOUR, B: NOW - 23 * HOUR}), 0, NOW) == (Unanswered(A, 26),)


def test_the_usual_pause_is_that_of_the_middle_of_the_group() -> None:
    group = [Facts(since=0, last_work=NOW - days * DAY_MS) for days in (0, 2, 30)]
    assert usual_pause(group, NOW) == 2
    assert usual_pause([], NOW) == 0


def test_who_asks_comes_before_who_is_stuck_then_silent_then_late() -> None:
    people = {
        "late": well(late={A: 0}),
        "silent": Facts(since=0, last_work=0),
        "stuck": well(failures={A: 3}),
        "asks": well(calls={A: NOW - 25 * HOUR}),
        "well": well(),
    }
    ranked = sorted(people, key=lambda name: weight(reasons(people[name], 0, NOW)), reverse=True)
    assert ranked == ["asks", "stuck", "silent", "late", "well"]


@given(facts, st.integers(0, 50))
def test_each_reason_reaches_its_own_limit(known: Facts, usual: int) -> None:
    for reason in reasons(known, usual, NOW):
        match reason:
            case Late(activities=activities, days=days):
                assert activities
                assert days >= 0
            case Silent(days=days, never=never):
                assert days >= max(7, 2 * usual)
                assert never == (known.last_work is None)
            case Failing(activity=activity, times=times):
                assert times >= 3
                assert known.failures[activity] == times
            case NotTakenUp(days=days):
                assert days >= 4
            case Unanswered(hours=hours):
                assert hours >= 24


@given(facts, st.integers(0, 50), st.integers(0, 40))
def test_waiting_longer_takes_no_reason_away(known: Facts, usual: int, days: int) -> None:
    before = {type(one) for one in reasons(known, usual, NOW)}
    after = {type(one) for one in reasons(known, usual, NOW + days * DAY_MS)}
    assert before <= after


@given(facts, st.integers(0, 50))
def test_the_most_urgent_reason_comes_first(known: Facts, usual: int) -> None:
    found = reasons(known, usual, NOW)
    assert [weight([one]) for one in found] == sorted((weight([one]) for one in found), reverse=True)


@given(facts)
def test_work_sent_now_ends_a_silence(known: Facts) -> None:
    assert pause(known._replace(last_work=NOW), NOW) == 0
