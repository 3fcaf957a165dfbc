"""Rule 8: records are counted as they are, now and then: what a disk or a fault changed is noticed and put right."""

from __future__ import annotations

from spoc_desktop.storage.incidents import What
from spoc_desktop.storage.store import LocalStore
from spoc_desktop.storage.transaction import Transaction
from sync.domain.forum import POST
from tests.unit.storage.support import COHORT, a_post, a_row, an_id, checksum, tell

DAY = "2026-11-24"


def lose(store: LocalStore, number: int) -> None:
    """A record is gone, by whatever fault, and nothing was noted of it."""
    with store._database.writing() as connection:
        assert Transaction(connection).run("DELETE FROM record WHERE id = ?", (an_id(number),)) == 1


def test_a_record_that_is_gone_is_noticed_with_the_copy_of_the_day(store: LocalStore) -> None:
    rows = [a_row(seq, POST, an_id(seq), a_post()) for seq in range(1, 9)]
    tell(store, COHORT, *rows)
    lose(store, 4)
    (before,) = store.state().spaces
    assert before.checksum == checksum(*rows), "nobody has looked yet"
    assert store.back_up(DAY)
    (state,) = store.state().spaces
    assert state.doubt
    assert state.checksum == checksum(*rows[:3], *rows[4:])
    assert [incident.what for incident in store.incidents()] == [What.CHECKSUM]


def test_records_that_are_as_they_were_told_are_in_no_doubt(store: LocalStore) -> None:
    tell(store, COHORT, *(a_row(seq, POST, an_id(seq), a_post()) for seq in range(1, 9)))
    store.recount()
    (state,) = store.state().spaces
    assert not state.doubt
    assert store.incidents() == []
