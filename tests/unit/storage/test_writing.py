"""What a person writes is saved whole, seen at once, and refused by name before anything is saved."""

from __future__ import annotations

import threading

import msgspec
import pytest

from spoc_desktop.storage import errors
from spoc_desktop.storage.changes import Counts, Edited, New, Removed
from spoc_desktop.storage.store import LocalStore
from sync.client.steps import Begin, Confirm, Refuse, Revoke
from sync.client.view import State
from sync.domain.courses import READING
from sync.domain.forum import POST
from sync.domain.quizzes import ATTEMPT
from sync.protocol.errors import Refusal
from sync.protocol.limits import MAX_BODY
from sync.protocol.messages import Edit
from tests.unit.storage.support import (
    COHORT,
    ME,
    NOW,
    OTHER,
    PERSONAL,
    STAFF,
    a_post,
    a_reading,
    a_row,
    an_attempt,
    an_id,
    tell,
)


def test_what_was_written_is_seen_at_once_and_is_said_to_wait(store: LocalStore) -> None:
    changes = store.write([New(ATTEMPT, PERSONAL, an_id(1), an_attempt())])
    seen = store.one(ATTEMPT, an_id(1))
    assert seen is not None
    assert (seen.body, seen.author, seen.seq, seen.waiting, seen.at, seen.written) == (
        an_attempt(),
        ME,
        0,
        True,
        NOW,
        NOW,
    )
    assert (changes.kinds, changes.spaces, changes.outbox) == (frozenset({ATTEMPT.number}), frozenset({PERSONAL}), True)
    assert store.counts() == Counts(waiting=1, refused=0, quarantined=0)


def test_an_edit_names_the_place_that_the_person_had_before_their_eyes(store: LocalStore) -> None:
    tell(store, COHORT, a_row(7, POST, an_id(1), a_post("avant")), epoch=3)
    store.write([Edited(POST, an_id(1), {"text": "après"})])
    seen, (listed,) = store.one(POST, an_id(1)), store.outbox_list()
    assert seen is not None
    assert (seen.body.text, seen.author, seen.seq) == ("après", OTHER, 7)
    assert isinstance(listed.mutation, Edit)
    assert (listed.mutation.epoch, listed.mutation.base) == (3, 7)
    assert listed.texts() == ("après",)


def test_an_edit_may_follow_its_record_in_the_same_call(store: LocalStore) -> None:
    store.write([New(POST, COHORT, an_id(1), a_post("un")), Edited(POST, an_id(1), {"text": "deux"})])
    seen = store.one(POST, an_id(1))
    assert seen is not None
    assert seen.body.text == "deux"


def test_a_removed_record_is_seen_no_more(store: LocalStore) -> None:
    store.write([New(POST, COHORT, an_id(1), a_post())])
    store.write([Removed(POST, an_id(1))])
    assert store.view(POST) == []
    with pytest.raises(errors.NoSuchRecord):
        store.write([Edited(POST, an_id(1), {"text": "trop tard"})])


def test_a_call_that_fails_saves_nothing_of_it(store: LocalStore) -> None:
    with pytest.raises(errors.NoSuchRecord):
        store.write([New(POST, COHORT, an_id(1), a_post()), Edited(POST, an_id(2), {"text": "?"})])
    assert store.view(POST) == []
    assert store.counts() == Counts(0, 0, 0)
    store.write([New(POST, COHORT, an_id(3), a_post())])
    assert [listed.n for listed in store.outbox_list()] == [1]


def test_a_body_of_64_kib_is_saved_and_one_byte_more_is_refused_before_saving(store: LocalStore) -> None:
    overhead = len(msgspec.msgpack.encode(a_post("x" * 60_000))) - 60_000
    store.write([New(POST, COHORT, an_id(1), a_post("x" * (MAX_BODY - overhead)))])
    with pytest.raises(errors.TooLargeToSave) as told:
        store.write([New(POST, COHORT, an_id(2), a_post("x" * (MAX_BODY - overhead + 1)))])
    assert (told.value.size, told.value.most) == (MAX_BODY + 1, MAX_BODY)
    with pytest.raises(errors.TooLargeToSave):
        store.write([Edited(POST, an_id(1), {"title": "un de trop"})])
    assert len(store.view(POST)) == 1


def test_a_record_is_never_written_over_another(store: LocalStore) -> None:
    tell(store, COHORT, a_row(1, POST, an_id(1), a_post("le sien")))
    for id_ in (an_id(1), an_id(2)):
        with pytest.raises(errors.AlreadyThere):
            store.write([New(POST, COHORT, an_id(2), a_post()), New(POST, COHORT, id_, a_post("le mien"))])
    assert [seen.body.text for seen in store.view(POST)] == ["le sien"]


def test_an_edit_that_makes_no_record_of_its_kind_is_a_fault_and_saves_nothing(store: LocalStore) -> None:
    store.write([New(POST, COHORT, an_id(1), a_post())])
    with pytest.raises(msgspec.ValidationError):
        store.write([Edited(POST, an_id(1), {"text": 5})])
    assert store.counts().waiting == 1


def test_the_same_id_in_two_spaces_is_two_records(store: LocalStore) -> None:
    tell(store, PERSONAL, a_row(1, ATTEMPT, an_id(1), an_attempt(1)))
    tell(store, STAFF, a_row(1, ATTEMPT, an_id(1), an_attempt(2)))
    assert [seen.body.number for seen in store.view(ATTEMPT, ids=[an_id(1)])] == [1, 2]
    chosen = store.one(ATTEMPT, an_id(1), STAFF)
    assert chosen is not None
    assert chosen.body.number == 2


def test_a_kind_of_a_newer_program_is_kept_as_it_came_and_counted(store: LocalStore) -> None:
    row = a_row(1, POST, an_id(1), a_post())
    stranger = msgspec.structs.replace(row, kind=4_000, body=msgspec.Raw(msgspec.msgpack.encode(["?", 1])))
    tell(store, COHORT, stranger)
    (state,) = store.state().spaces
    assert (state.checksum.count, state.compare) == (1, False)


@pytest.mark.allows_warnings
def test_a_record_that_cannot_be_read_hides_no_other_and_its_text_stays_out_of_the_log(
    store: LocalStore, caplog: pytest.LogCaptureFixture
) -> None:
    broken = msgspec.structs.replace(
        a_row(1, POST, an_id(1), a_post()), body=msgspec.Raw(msgspec.msgpack.encode([7, "canari"]))
    )
    tell(store, COHORT, broken, a_row(2, POST, an_id(2), a_post("lisible")))
    assert [seen.body.text for seen in store.view(POST)] == ["lisible"]
    assert "cannot be read" in caplog.text
    assert "canari" not in caplog.text


def test_a_space_that_is_not_told_to_its_end_shows_own_work_only(store: LocalStore) -> None:
    store.perform([Begin(COHORT, 1)])
    store.write([New(POST, COHORT, an_id(2), a_post("le mien"))])
    assert [seen.body.text for seen in store.view(POST)] == ["le mien"]


def test_a_space_that_only_own_unsent_work_names_is_not_told_to_the_engine(store: LocalStore) -> None:
    store.write([New(POST, COHORT, an_id(1), a_post())])
    assert store.state().spaces == ()
    assert len(store.waiting(10, 10_000)) == 1


def test_refused_work_stays_in_the_list_with_its_reason_until_the_person_withdraws_it(store: LocalStore) -> None:
    store.write([New(POST, COHORT, an_id(1), a_post("à garder"))])
    (waiting,) = store.waiting(10, 10_000)
    with pytest.raises(errors.NoSuchRecord):
        store.withdraw(waiting.writer, waiting.n)
    store.perform([Refuse(COHORT, waiting.writer, waiting.n, 1, Refusal.CLOSED)])
    (listed,) = store.outbox_list()
    assert (listed.state, listed.refusal, listed.texts()) == (State.REFUSED, Refusal.CLOSED, ("à garder", ""))
    assert listed.body() == a_post("à garder")
    assert store.view(POST) == []
    assert store.withdraw(waiting.writer, waiting.n).outbox
    assert (store.outbox_list(), store.counts()) == ([], Counts(0, 0, 0))


def test_a_lost_space_leaves_nothing_of_others_and_all_of_ones_own(store: LocalStore) -> None:
    tell(store, COHORT, a_row(1, POST, an_id(1), a_post("le sien")))
    store.write([New(POST, COHORT, an_id(2), a_post("le mien")), New(POST, COHORT, an_id(3), a_post("aussi"))])
    (first, _) = store.waiting(10, 10_000)
    store.perform([Confirm(COHORT, first.writer, first.n, 1, 1, 2)])
    store.perform([Revoke(COHORT)])
    assert store.view(POST) == []
    assert [listed.texts()[0] for listed in store.outbox_list()] == ["le mien", "aussi"]
    assert store.counts() == Counts(waiting=0, refused=0, quarantined=2)


def test_progress_counts_what_waits_and_forgets_what_was_refused(store: LocalStore) -> None:
    tell(store, PERSONAL, a_row(1, READING, an_id(1), a_reading(0), author=ME))
    store.write([New(READING, PERSONAL, an_id(2), a_reading(1)), New(ATTEMPT, PERSONAL, an_id(3), an_attempt())])
    assert {(one.kind, one.part, one.seq) for one in store.done(PERSONAL)} == {
        (READING.number, 0, 1),
        (READING.number, 1, 0),
        (ATTEMPT.number, 0, 0),
    }
    reading, _ = store.waiting(10, 10_000)
    store.perform([Refuse(PERSONAL, reading.writer, reading.n, 1, Refusal.CLOSED)])
    assert {one.id for one in store.done()} == {an_id(1), an_id(3)}
    store.perform([Revoke(PERSONAL)])
    assert store.done() == []


def test_threads_write_and_read_without_waiting_on_each_others_mistakes(store: LocalStore) -> None:
    problems: list[BaseException] = []

    def work(worker: int) -> None:
        try:
            for number in range(20):
                store.write([New(POST, COHORT, an_id(worker * 100 + number + 1), a_post())])
                assert len(store.view(POST)) > number
        except BaseException as problem:  # noqa: BLE001 - handed to the test's own thread
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len({listed.n for listed in store.outbox_list()}) == 120
