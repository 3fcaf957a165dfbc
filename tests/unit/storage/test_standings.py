"""What is known of all spaces is kept between two requests: here it is compared with what the file says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from spoc_desktop.storage import spaces
from spoc_desktop.storage.changes import New
from spoc_desktop.storage.engine import Database
from spoc_desktop.storage.store import LocalStore
from spoc_desktop.storage.transaction import Transaction
from sync.client.known import Known, is_even
from sync.client.steps import (
    Agree,
    Apply,
    Backed,
    Begin,
    Claim,
    Compare,
    MarkSafe,
    NewWriter,
    Reach,
    Revoke,
    Stage,
    Step,
)
from sync.domain.forum import POST
from sync.domain.ids import SpaceId
from sync.protocol.digest import EMPTY, view_digest
from sync.protocol.messages import Checksum
from tests.unit.storage.support import COHORT, KEY, a_post, a_row, an_id, place

SPACES = tuple(bytes([*COHORT[:-1], number]) for number in range(5))
STEPS = 60


@pytest.fixture
def other(store: LocalStore, path: Path) -> Iterator[Database]:
    """The same file as somebody else has it open, who keeps nothing."""
    with closing(Database(path, KEY)) as opened:
        yield opened


def _arbitrary(chance: Random, number: int) -> list[Step]:
    space, where = chance.choice(SPACES), place(chance.randint(1, 3), chance.randint(1, 9))
    row = a_row(number, POST, an_id(number), a_post("x"))
    return [
        chance.choice(
            (
                Begin(space, where.epoch),
                Claim(space, where),
                Apply(space, (row,), where),
                Stage(space, (row,), where),
                Reach(space, chance.choice((EMPTY, Checksum(1, 1)))),
                Revoke(space),
                Compare(space),
                Agree(space),
                NewWriter(number, number - 1),
                Backed(number),
                MarkSafe(space, where.epoch, where.seq),
            )
        )
        for _ in range(chance.randint(1, 3))
    ]


def _check(store: LocalStore, other: Database) -> None:
    laptop = store.state()
    with other.reading() as connection:
        transaction = Transaction(connection)
        fresh = tuple(map(spaces.state_of, spaces.known(transaction)))
        meta: dict[str, int] = dict(transaction.rows("SELECT name, value FROM meta WHERE name IN ('writer', 'backup')"))
    assert laptop.spaces == fresh
    assert (laptop.writer, laptop.backup) == (meta["writer"], meta["backup"])
    known = Known.of(laptop.spaces)
    assert known.digest == view_digest((state.space, state.standing) for state in fresh if not state.lost)
    assert known.uneven == tuple(state for state in fresh if not is_even(state))
    assert known.by_name == {state.space: state for state in fresh}


@pytest.mark.parametrize("seed", range(3))
def test_through_arbitrary_steps_what_is_kept_is_what_the_file_says(
    store: LocalStore, other: Database, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311  # the same walk each time
    for number in range(1, STEPS):
        store.perform(_arbitrary(chance, number))
        if chance.random() < 0.3:
            store.write([New(POST, SpaceId(COHORT), an_id(1_000 + number), a_post("mine"))])
        for _ in range(chance.randint(0, 2)):
            _check(store, other)
    _check(store, other)


def test_what_somebody_else_writes_into_the_file_is_noticed(store: LocalStore, other: Database) -> None:
    store.perform([Begin(COHORT, 1), Apply(COHORT, (), place(1, 3)), Reach(COHORT, EMPTY)])
    _check(store, other)
    with other.writing() as connection:
        Transaction(connection).run("UPDATE space SET claim_seq = 7, claim_epoch = 1")
    _check(store, other)
    with other.writing() as connection:
        Transaction(connection).run("DELETE FROM space")
    _check(store, other)


def test_while_nothing_is_written_nothing_is_worked_out_again_and_after_a_write_elsewhere_only_what_changed(
    store: LocalStore,
) -> None:
    for space in SPACES:
        store.perform([Begin(space, 1), Apply(space, (), place(1, 3)), Reach(space, EMPTY)])
    before = store.state()
    assert store.state() is before
    store.write([New(POST, SpaceId(SPACES[0]), an_id(1), a_post("mine"))])
    assert store.state().spaces is before.spaces
    store.perform([Claim(SPACES[2], place(1, 4))])
    after = store.state().spaces
    assert [new is old for new, old in zip(after, before.spaces, strict=True)] == [True, True, False, True, True]


def test_a_change_that_was_not_committed_is_not_seen(store: LocalStore, other: Database) -> None:
    store.perform([Begin(COHORT, 1), Apply(COHORT, (), place(1, 3)), Reach(COHORT, EMPTY)])

    def cut_short() -> None:
        with other.writing() as connection:
            Transaction(connection).run("UPDATE space SET seq = 9")
            _check(store, other)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        cut_short()
    _check(store, other)
    assert store.state().spaces[0].cursor.seq == 3
