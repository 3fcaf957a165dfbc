"""The order in which files come by themselves, and what the limit leaves out or takes back."""

from __future__ import annotations

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from sync.client.ahead import Known, Place, Plan, Step, plan, surplus
from sync.client.ports import FileRef


def file(name: str, size: int) -> FileRef:
    return FileRef(sha256(name.encode()).digest(), name, size)


def planned(limit: int | None, *files: tuple[str, int, Step, bool]) -> Plan:
    """A plan over files given as name, size, step and whether they are here."""
    known = [Known(file(name, size), here) for name, size, _, here in files]
    return plan(known, {file(name, size).sha256: Place(step) for name, size, step, _ in files}, limit)


def names(files: tuple[FileRef, ...]) -> list[str]:
    return [one.name for one in files]


def test_the_queue_comes_before_the_week_the_week_before_the_next_and_small_before_large_inside_each() -> None:
    made = planned(
        None,
        ("past", 1, Step.PAST, False),
        ("rest", 1, Step.REST, False),
        ("next", 1, Step.NEXT_WEEK, False),
        ("film", 900, Step.THIS_WEEK, False),
        ("picture", 9, Step.THIS_WEEK, False),
        ("opened", 50, Step.OPENED, False),
        ("hand-in", 70, Step.QUEUE, False),
        ("asked", 500, Step.ASKED, False),
    )
    assert names(made.fetch) == ["asked", "hand-in", "opened", "picture", "film", "next", "rest", "past"]


def test_in_the_queue_what_was_due_first_comes_first_however_large() -> None:
    late, early = file("due tuesday", 1), file("due monday", 900)
    places = {late.sha256: Place(Step.QUEUE, 2), early.sha256: Place(Step.QUEUE, 1)}
    assert plan([Known(late, False), Known(early, False)], places, None).fetch == (early, late)


def test_beyond_the_limit_nothing_comes_by_itself_and_what_is_smaller_still_does() -> None:
    made = planned(100, ("film", 120, Step.THIS_WEEK, False), ("sheet", 60, Step.NEXT_WEEK, False))
    assert names(made.fetch) == ["sheet"]
    assert names(made.beyond) == ["film"]
    assert made.used == 60


def test_with_a_limit_of_nothing_only_what_is_asked_for_comes() -> None:
    made = planned(0, ("asked", 120, Step.ASKED, False), ("week", 1, Step.THIS_WEEK, False))
    assert names(made.fetch) == ["asked"]
    assert names(made.beyond) == ["week"]


def test_a_week_that_is_over_gives_its_room_to_this_one_and_only_as_much_as_is_needed() -> None:
    files = [
        Known(file("this week", 50), False),
        Known(file("weeks ago", 40), True),
        Known(file("last week", 40), True),
    ]
    places = {
        files[0].file.sha256: Place(Step.THIS_WEEK),
        files[1].file.sha256: Place(Step.PAST, 3),
        files[2].file.sha256: Place(Step.PAST, 1),
    }
    made = plan(files, places, 100)
    assert names(made.fetch) == ["this week"]
    assert names(made.let_go) == ["weeks ago"]


def test_a_lower_limit_lets_go_of_past_weeks_never_of_this_one_or_of_what_was_asked_for() -> None:
    made = planned(
        10,
        ("this week", 50, Step.THIS_WEEK, True),
        ("asked", 50, Step.ASKED, True),
        ("queue", 50, Step.QUEUE, True),
        ("past", 50, Step.PAST, True),
    )
    assert names(made.let_go) == ["past"]
    assert not made.fetch


def test_what_a_change_of_the_person_names_is_never_let_go_of() -> None:
    own = file("own hand-in", 50)
    assert not plan([Known(own, True, kept=True)], {own.sha256: Place(Step.PAST)}, 0).let_go


def test_nothing_is_let_go_of_for_a_file_that_has_not_come() -> None:
    new, old, older = file("new", 50), file("old", 40), file("older", 40)
    places = {
        new.sha256: Place(Step.THIS_WEEK),
        old.sha256: Place(Step.PAST, 1),
        older.sha256: Place(Step.PAST, 2),
    }
    for came, gone in ((False, []), (True, [older])):
        known = [Known(new, came), Known(old, True), Known(older, True)]
        assert surplus(known, plan(known, places, 100), 100) == gone


ANY = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from(Step), st.integers(0, 3), st.booleans(), st.booleans()), max_size=12
)


@given(ANY, st.one_of(st.none(), st.integers(0, 200)))
def test_whatever_lies_here_the_limit_holds_and_doing_the_plan_settles_it(
    found: list[tuple[int, Step, int, bool, bool]], limit: int | None
) -> None:
    """After a plan is done the next one asks for nothing: files do not go round in circles."""
    files = [Known(file(str(n), size), here, kept) for n, (size, _, _, here, kept) in enumerate(found)]
    places = {one.file.sha256: Place(step, rank) for one, (_, step, rank, _, _) in zip(files, found, strict=True)}
    made = plan(files, places, limit)
    stays = sum(one.file.size for one in files if one.here and (one.kept or places[one.file.sha256].step < Step.PAST))
    asked = sum(one.size for one in made.fetch if places[one.sha256].step is Step.ASKED)
    assert limit is None or made.used <= max(limit, stays + asked)
    assert all(places[one.sha256].step is Step.PAST for one in made.let_go)
    done = [one._replace(here=(one.here or one.file in made.fetch) and one.file not in made.let_go) for one in files]
    again = plan(done, places, limit)
    assert (again.fetch, again.let_go, again.used) == ((), (), made.used)
